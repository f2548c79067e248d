// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/access"
	"verlof/identity/provision"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestDirectory: what the directory says is kept as it was said, on both engines.
func TestDirectory(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx, db := t.Context(), customer(t, setting, 3, 25)
		ann, bob, kim := storetest.Worker(0), storetest.Worker(1), storetest.Worker(2)
		update := func(f func(provision.Tx) error) error { t.Helper(); return db.Provision().Update(ctx, f) }
		view := func(f func(provision.Tx) error) {
			t.Helper()
			if err := db.Provision().View(ctx, f); err != nil {
				t.Fatal(err)
			}
		}
		u := provision.User{Person: ann, External: "x1", Name: "Ann@Example.com", Active: true, Since: march, Made: march, Changed: march, Known: true,
			Details: provision.Details{Given: "Ann", Emails: []provision.Email{{Value: "a@example.com", Primary: true}}, Manager: bob}}
		g := provision.Group{ID: "g1", External: "e", Name: "Sales", Members: []people.ID{ann, bob}, Use: provision.Use{Purpose: provision.Leaders, Team: "gone"}, Made: march, Changed: march}
		m := provision.Move{ID: "m1", Person: ann, From: provision.MoveEnd{Team: "a", Name: "A"}, To: provision.MoveEnd{Name: "B"}, Made: march, State: provision.MoveWaits}
		rules := provision.Rules{Name: "Contoso", Groups: true, Location: "x"}
		if err := update(func(tx provision.Tx) error {
			return errors.Join(tx.SaveDirectoryUser(u), tx.SaveDirectoryGroup(g), tx.SaveMove(m), tx.SaveDirectoryRules(rules))
		}); err != nil {
			t.Fatal(err)
		}
		taken := u
		taken.Person, taken.Name = bob, "ann@example.COM"
		if err := update(func(tx provision.Tx) error { return tx.SaveDirectoryUser(taken) }); !errs.Is(err, errs.Conflict) {
			t.Errorf("a name that is taken: %v", err)
		}
		again := g
		again.ID, again.Name = "g2", "SALES"
		if err := update(func(tx provision.Tx) error { return tx.SaveDirectoryGroup(again) }); !errs.Is(err, errs.Conflict) {
			t.Errorf("a group's name that is taken: %v", err)
		}
		g.Members, m.State, m.Done, m.By = []people.ID{bob, kim}, provision.MoveMade, march.Add(time.Hour), bob
		u.Active, u.Removed, u.Detached = false, true, true
		if err := update(func(tx provision.Tx) error {
			return errors.Join(tx.SaveDirectoryUser(u), tx.SaveDirectoryUser(taken), tx.SaveDirectoryGroup(g), tx.SaveMove(m))
		}); err != nil {
			t.Fatal("the name of one who was removed is free:", err)
		}
		view(func(tx provision.Tx) error {
			gotU, err1 := tx.DirectoryUser(ann)
			gotG, err2 := tx.DirectoryGroups()
			gotM, err3 := tx.Moves("", 0)
			waits, err4 := tx.Moves(provision.MoveWaits, 5)
			gotR, err5 := tx.DirectoryRules()
			_, none := tx.DirectoryUser(kim)
			if !errs.Is(none, errs.NotFound) {
				t.Errorf("kim: %v", none)
			}
			for _, x := range [][2]any{{u, gotU}, {[]provision.Group{g}, gotG}, {[]provision.Move{m}, gotM}, {0, len(waits)}, {rules, gotR}} {
				if diff := cmp.Diff(x[0], x[1]); diff != "" {
					t.Error(diff)
				}
			}
			return errors.Join(err1, err2, err3, err4, err5)
		})
		if err := update(func(tx provision.Tx) error { return tx.DeleteDirectoryGroup("g1") }); err != nil {
			t.Fatal(err)
		}
	})
}

// TestDirectoryLog: the latest lines stay, with what they say.
func TestDirectoryLog(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx, db := t.Context(), customer(t, setting, 1, 25)
		for _, id := range []string{"1", "2", "3", "4"} {
			e := provision.Entry{ID: id, At: march, Token: "Entra", Method: "POST", Kind: "User", Subject: "s", Status: 409, Code: "uniqueness", Reason: "key", Args: []string{"count", "3"}, Detail: "d"}
			if err := db.Provision().Update(ctx, func(tx provision.Tx) error { return tx.AddDirectoryEntry(e, 2) }); err != nil {
				t.Fatal(err)
			}
		}
		err := db.Provision().View(ctx, func(tx provision.Tx) error {
			got, err := tx.DirectoryEntries(10)
			if len(got) != 2 || got[0].ID != "4" || got[1].ID != "3" || got[0].Args[1] != "3" || got[0].Status != 409 || !got[0].At.Equal(march) {
				t.Errorf("%+v", got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestServiceTokens: a token of a service opens until it expires or is revoked; two follow
// each other without a pause; only who keeps the sign-in makes one.
func TestServiceTokens(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx, db, now := t.Context(), customer(t, setting, 1, 25), march
		s := programs(db, &now)
		boss, ann := storetest.Admin, storetest.Worker(0)
		wish := access.Wish{Name: "Entra", Scopes: []access.Scope{access.SCIM}, Expires: now.AddDate(0, 6, 0)}
		if _, _, err := s.MakeServiceToken(ctx, ann, wish); !errs.Is(err, errs.Forbidden) {
			t.Errorf("ann makes one: %v", err)
		}
		wrong := wish
		wrong.Scopes = []access.Scope{access.LeaveRead}
		if _, _, err := s.MakeServiceToken(ctx, boss, wrong); !errs.Is(err, errs.Invalid) {
			t.Errorf("for another scope: %v", err)
		}
		made, secret, err := s.MakeServiceToken(ctx, boss, wish)
		if err != nil {
			t.Fatal(err)
		}
		second, other, err := s.MakeServiceToken(ctx, boss, wish)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []string{secret, other} {
			if _, err := s.AuthenticateService(ctx, x); err != nil {
				t.Error(err)
			}
		}
		if _, err := s.Authenticate(ctx, secret); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("as a person's token: %v", err)
		}
		if list, err := s.ServiceTokens(ctx, boss); err != nil || len(list) != 2 || !list[1].Used.Equal(now) {
			t.Errorf("%+v, %v", list, err)
		}
		if err := s.RevokeServiceToken(ctx, ann, made.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("ann revokes: %v", err)
		}
		now = march.Add(time.Minute)
		if err := s.RevokeServiceToken(ctx, boss, made.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AuthenticateService(ctx, secret); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("revoked: %v", err)
		}
		update(t, db, func(tx *store.Tx) error {
			on, err := tx.SignInRecords("", 5)
			if len(on) != 3 || on[0].What != identity.RecordServiceTokenEnded || on[1].What != identity.RecordServiceTokenMade || on[1].Note != "Entra" || on[1].By != boss {
				t.Errorf("on record: %+v", on)
			}
			return err
		})
		now = second.Expires
		if _, err := s.AuthenticateService(ctx, other); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("expired: %v", err)
		}
		for range access.MaxServiceTokens {
			wish.Expires = now.AddDate(0, 1, 0)
			if _, _, err := s.MakeServiceToken(ctx, boss, wish); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := s.MakeServiceToken(ctx, boss, wish); !errs.Is(err, errs.Conflict) {
			t.Errorf("one too many: %v", err)
		}
	})
}
