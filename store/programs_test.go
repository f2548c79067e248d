// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/access"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// programs is the access of a customer at a time that a test moves.
func programs(db *store.DB, now *time.Time) *access.Service {
	return &access.Service{Store: db.Programs(), Now: func() time.Time { return *now }}
}

var march = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// TestAccessTokens: a token opens what it was made for until it expires, is revoked
// or its person is blocked; the database holds no secret.
func TestAccessTokens(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx, db, now := t.Context(), customer(t, setting, 2, 25), march
		s := programs(db, &now)
		ann, bob := storetest.Worker(0), storetest.Worker(1)
		wish := access.Wish{Name: " Payroll ", Scopes: []access.Scope{access.LeaveWrite, access.LeaveRead}, Expires: now.AddDate(0, 1, 0)}
		made, secret, err := s.Make(ctx, ann, wish)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Authenticate(ctx, secret)
		if err != nil || got.Person != ann || got.Name != "Payroll" || !slices.Equal(got.Scopes, []access.Scope{access.LeaveRead, access.LeaveWrite}) {
			t.Errorf("authenticate: %+v, %v", got, err)
		}
		list, err := s.Tokens(ctx, ann)
		if err != nil || len(list) != 1 || list[0].ID != made.ID || !list[0].Used.Equal(now) {
			t.Errorf("tokens after use: %+v, %v", list, err)
		}
		none := func(what, secret string) {
			t.Helper()
			if _, err := s.Authenticate(ctx, secret); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%s: %v", what, err)
			}
		}
		none("another secret", "vlf_pat_"+strings.Repeat("0", 38))
		none("the digest itself", string(made.Digest))
		if err := s.Revoke(ctx, bob, made.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else revokes: %v", err)
		}
		_, blocked, err := s.Make(ctx, bob, wish)
		if err != nil {
			t.Fatal(err)
		}
		setAccount(t, db, bob, identity.Blocked)
		none("a blocked person's token", blocked)
		if _, _, err := s.Make(ctx, bob, wish); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("a blocked person makes a token: %v", err)
		}
		now = wish.Expires
		none("a token that has expired", secret)
		now = march.Add(time.Hour)
		if err := s.Revoke(ctx, ann, made.ID); err != nil {
			t.Fatal(err)
		}
		none("a revoked token", secret)
		update(t, db, func(tx *store.Tx) error {
			on, err := tx.SignInRecords(ann, 5)
			if len(on) != 2 || on[1].What != identity.RecordTokenMade || on[0].What != identity.RecordTokenEnded || on[0].Note != "Payroll" || on[0].By != ann {
				t.Errorf("on record: %+v", on)
			}
			return err
		})
	})
}

// TestTokensEnded: all tokens of a person go, and of nobody else; those are told that had not expired.
func TestTokensEnded(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db, now := customer(t, setting, 2, 25), march
		s := programs(db, &now)
		ann, bob := storetest.Worker(0), storetest.Worker(1)
		secrets := map[string]string{}
		for name, days := range map[string]int{"short": 1, "long": 9} {
			for _, who := range []people.ID{ann, bob} {
				_, secret, err := s.Make(t.Context(), who, access.Wish{Name: name, Scopes: []access.Scope{access.LeaveRead}, Expires: march.AddDate(0, 0, days)})
				if err != nil {
					t.Fatal(err)
				}
				secrets[name+" "+string(who)] = secret
			}
		}
		update(t, db, func(tx *store.Tx) error {
			names, err := tx.TokensEnded(ann, march.AddDate(0, 0, 2))
			if !slices.Equal(names, []string{"long"}) {
				t.Errorf("told of %q", names)
			}
			return err
		})
		for name, secret := range secrets {
			if _, err := s.Authenticate(t.Context(), secret); (err == nil) != strings.HasSuffix(name, string(bob)) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func setAccount(t *testing.T, db *store.DB, person people.ID, state identity.State) {
	t.Helper()
	err := db.Identity().Update(t.Context(), func(tx identity.Tx) error {
		return tx.SaveAccount(identity.Account{Person: person, State: state, ChangedAt: march})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTooManyTokens: a person has at most so many, and expired ones make room.
func TestTooManyTokens(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db, now := customer(t, setting, 1, 25), march
		s := programs(db, &now)
		wish := access.Wish{Name: "x", Scopes: access.Scopes(), Expires: now.Add(time.Hour)}
		for range access.MaxTokens {
			if _, _, err := s.Make(t.Context(), storetest.Worker(0), wish); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := s.Make(t.Context(), storetest.Worker(0), wish); !errs.Is(err, errs.Conflict) {
			t.Errorf("one more: %v", err)
		}
		now, wish.Expires = wish.Expires, wish.Expires.Add(time.Hour)
		if _, _, err := s.Make(t.Context(), storetest.Worker(0), wish); err != nil {
			t.Errorf("after they expired: %v", err)
		}
	})
}

// TestAnswers: of many who send one key at once exactly one is let through; later
// ones get its answer, and another request under the same key is refused.
func TestAnswers(t *testing.T) {
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		ctx, db, now := t.Context(), customer(t, setting, 1, 25), march
		s := programs(db, &now)
		var wait sync.WaitGroup
		results := make([]error, 20)
		for i := range results {
			wait.Go(func() { results[i] = begin(ctx, s, "a", "POST /x") })
		}
		wait.Wait()
		let := 0
		for _, err := range results {
			if err == nil {
				let++
			} else if !errs.Is(err, errs.Conflict) {
				t.Error(err)
			}
		}
		if let != 1 {
			t.Fatalf("%d were let through", let)
		}
		want := access.Answer{Caller: "token", Key: "a", Status: 201, Header: `{"Location":"/x/1"}`, Body: []byte(`{"id":"1"}`)}
		if err := s.Finish(ctx, want); err != nil {
			t.Fatal(err)
		}
		got, again, err := s.Begin(ctx, "token", "a", "POST /x")
		if err != nil || !again || got.Status != 201 || got.Header != want.Header || string(got.Body) != string(want.Body) {
			t.Errorf("again: %+v, %v, %v", got, again, err)
		}
		if err := begin(ctx, s, "a", "POST /y"); !errs.Is(err, errs.Invalid) {
			t.Errorf("another request under the key: %v", err)
		}
		if _, again, err := s.Begin(ctx, "other", "a", "POST /y"); again || err != nil {
			t.Errorf("another caller's key: %v, %v", again, err)
		}
		now = now.Add(access.AnswerLife)
		if err := begin(ctx, s, "a", "POST /y"); err != nil {
			t.Errorf("a day later: %v", err)
		}
		if err := errors.Join(s.Abandon(ctx, "token", "a"), begin(ctx, s, "a", "POST /z")); err != nil {
			t.Errorf("after it was abandoned: %v", err)
		}
	})
}

func begin(ctx context.Context, s *access.Service, key, request string) error {
	_, again, err := s.Begin(ctx, "token", key, request)
	if again {
		return fmt.Errorf("answered already")
	}
	return err
}

// TestAnswersAreSealed: whoever reads the database does not read what was answered.
func TestAnswersAreSealed(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx, db, now := t.Context(), customer(t, setting, 1, 25), march
		s := programs(db, &now)
		if err := begin(ctx, s, "a", "POST /x"); err != nil {
			t.Fatal(err)
		}
		if err := s.Finish(ctx, access.Answer{Caller: "token", Key: "a", Status: 200, Body: []byte("flu")}); err != nil {
			t.Fatal(err)
		}
		db.SealWith(storetest.Keys(t, "two"))
		if _, _, err := s.Begin(ctx, "token", "a", "POST /x"); err == nil {
			t.Error("another customer's keys opened the answer")
		}
	})
}
