// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/openid"
	"verlof/internal/prooftest"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestProofOnce: a proof counts once, also where two processes see it at once, and is kept
// for as long as it would be good.
func TestProofOnce(t *testing.T) {
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		use := func(until time.Time) error {
			return r.db.Update(t.Context(), func(tx *store.Tx) error { return tx.UseProof("some digest", until) })
		}
		var took atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				switch err := use(march.Add(time.Hour)); {
				case err == nil:
					took.Add(1)
				case !errs.Is(err, errs.Conflict):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took.Load() != 1 {
			t.Errorf("it counted %d times", took.Load())
		}
		forget := func(now time.Time) {
			update(t, r.db, func(tx *store.Tx) error { return tx.ForgetGrants(now, 10) })
		}
		forget(march.Add(59 * time.Minute))
		if err := use(march.Add(time.Hour)); !errs.Is(err, errs.Conflict) {
			t.Errorf("before its time it was forgotten: %v", err)
		}
		forget(march.Add(time.Hour))
		if err := use(march.Add(time.Hour)); err != nil {
			t.Errorf("it is kept for longer than it was good: %v", err)
		}
	})
}

// TestProofOfChangeOnce: a proof of a request that may change something counts once, at whichever process it comes again.
func TestProofOfChangeOnce(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		key := prooftest.New(t, "ES256")
		r.key = key.Thumbprint()
		token := r.fresh().Access
		beside := &openid.Provider{Store: r.Store, Now: r.Now, Issuer: r.Issuer, Host: r.Host, Limits: r.Limits, Authority: r.Authority}
		for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodDelete} {
			const address = "https://one.example/api/v1/requests"
			ask := httptest.NewRequestWithContext(t.Context(), method, address, nil)
			ask.Header.Set("Authorization", "DPoP "+token)
			ask.Header.Set("DPoP", key.Prove(prooftest.Possession(method, address, token, r.time)))
			if _, err := r.Presented(ask, token); err != nil {
				t.Fatalf("%s: %v", method, err)
			}
			_, err := beside.Presented(ask, token)
			faulty(t, method+" at another process", err, "invalid_dpop_proof")
		}
	})
}

// TestClientKeys: the keys of a client come back as they were kept.
func TestClientKeys(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		var lines []string
		for _, algorithm := range []string{"ES256", "PS256"} {
			lines = append(lines, prooftest.New(t, algorithm).Line())
		}
		r := relies(t, setting, func(c *openid.Client) { c.Keys = lines })
		c, secrets, err := r.Client(t.Context(), r.keeper, r.client.ID)
		if diff := cmp.Diff(r.client.Keys, c.Keys); err != nil || len(c.Keys) != 2 || diff != "" || len(secrets) != 0 {
			t.Errorf("%v, %d secrets (-want +got)\n%s", err, len(secrets), diff)
		}
	})
}

// TestGrantsEnd: what an application was given for when the person is away ends when they sign
// out everywhere, unless they keep it, when their password is replaced and when they may not
// sign in any more; it does not come back, and the application is told once.
func TestGrantsEnd(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, func(c *openid.Client) { c.Logout = "https://app.example/bye" })
		ann, ctx := r.who.Person, t.Context()
		in := identity.New(r.db.Identity(), nil, r.Now, "verlof", "one", "One")
		org := &people.Service{Store: r.db.People(), Now: r.Now}
		keeper := people.ID("admin")
		update(t, r.db, func(tx *store.Tx) error {
			return tx.SavePerson(people.Person{ID: keeper, Email: "admin@example.com", GivenName: "A", Active: true, Roles: people.Administrator})
		})
		active := func(on bool) error {
			o, err := org.Organisation(ctx)
			if err != nil {
				return err
			}
			p := o.Person(ann)
			p.Active = on
			return org.SavePerson(ctx, keeper, p)
		}
		told := func() int {
			t.Helper()
			rows, err := r.db.Outbox().Claim(ctx, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour), 99)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, row := range rows {
				if row.Kind == openid.KindLogout {
					n++
				}
			}
			return n
		}
		session := func(id string) {
			update(t, r.db, func(tx *store.Tx) error {
				return tx.InsertSession(identity.Session{ID: id, Digest: identity.DigestOf(id), Person: ann, Created: march, Seen: march, Expires: march.AddDate(1, 0, 0)})
			})
			r.who.Session = id
		}
		for name, tt := range map[string]struct {
			do   func() error
			ends bool
		}{
			"keeps":    {func() error { return in.RevokeAll(ctx, ann, "", false) }, false},
			"out":      {func() error { return in.RevokeAll(ctx, ann, "", true) }, true},
			"here":     {func() error { return in.RevokeAll(ctx, ann, r.who.Session, true) }, false},
			"blocked":  {func() error { return errors.Join(in.Block(ctx, ann), in.Unblock(ctx, ann)) }, true},
			"inactive": {func() error { return errors.Join(active(false), active(true)) }, true},
		} {
			session("session-" + name)
			got := r.fresh()
			if err := tt.do(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			update(t, r.db, func(tx *store.Tx) error {
				return tx.SaveAccount(identity.Account{Person: ann, State: identity.Open, ChangedAt: march})
			})
			r.good(name, got.Access, !tt.ends)
			_, err := r.refresh(got.Refresh)
			if (err != nil) != tt.ends {
				t.Errorf("%s: refreshed: %v", name, err)
			}
			if n := told(); (n == 0) != (name == "here") || n > 1 {
				t.Errorf("%s: the application was told %d times", name, n)
			}
			update(t, r.db, func(tx *store.Tx) error {
				_, err := openid.GrantsEnded(tx, ann, "")
				return errors.Join(err, openid.SessionEnded(tx, r.who.Session))
			})
			told()
		}
	})
}

// TestGrantSuffices: what an application was given is worth what its person showed then: a policy that
// demands more of them, and one that lets nobody in but with a provider, ends it at once, also
// for when they are away.
func TestGrantSuffices(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		demands := func(p identity.Policy) {
			t.Helper()
			update(t, r.db, func(tx *store.Tx) error { return tx.SaveSignInPolicy(p) })
		}
		two, only := identity.Policy{}.Demand("everybody"), identity.Policy{Only: true}
		for name, tt := range map[string]struct {
			means    identity.Means
			provider string
			policy   identity.Policy
			stands   bool
		}{
			"password":        {identity.ByPassword, "", two, false},
			"one_factor_kept": {identity.ByPassword, "", identity.Policy{}, true},
			"before_it_was":   {"", "", two, false},
			"app":             {identity.ByApp, "", two, true},
			"trusted":         {identity.ByDevice, "", two, true},
			"not_a_passkey":   {identity.ByApp, "", identity.Policy{}.DemandPasskey("everybody"), false},
			"passkey":         {identity.ByPasskey, "", identity.Policy{}.DemandPasskey("everybody"), true},
			"own_way":         {identity.ByApp, "", only, false},
			"provider":        {identity.ByProvider, "entra", only, true},
		} {
			demands(identity.DefaultPolicy())
			r.who.Means, r.who.Provider = tt.means, tt.provider
			away, here := r.fresh(), r.fresh("scope", "openid")
			demands(tt.policy)
			r.good(name+" away", away.Access, tt.stands)
			r.good(name, here.Access, tt.stands)
			_, err := r.refresh(away.Refresh)
			if (err == nil) != tt.stands {
				t.Errorf("%s: refreshed: %v", name, err)
			}
			demands(identity.DefaultPolicy())
			r.good(name+" once it is demanded no more", here.Access, true)
		}
	})
}

// TestAuthTime: an ID token says when the person proved who they are where that is known, and nothing
// where it is not; who is asked for it anew then signs in again.
func TestAuthTime(t *testing.T) {
	r := relies(t, "sqlite:"+t.TempDir(), nil)
	claims := func() map[string]any {
		t.Helper()
		var c map[string]any
		_, body, _ := strings.Cut(r.fresh().ID, ".")
		body, _, _ = strings.Cut(body, ".")
		text, err := base64.RawURLEncoding.DecodeString(body)
		if err = errors.Join(err, json.Unmarshal(text, &c)); err != nil {
			t.Fatal(err)
		}
		return c
	}
	if at := claims()["auth_time"]; at != float64(march.Unix()) {
		t.Errorf("auth_time %v", at)
	}
	r.who.Auth = time.Time{}
	if at, told := claims()["auth_time"]; told {
		t.Errorf("auth_time %v of a proof that nobody knows of", at)
	}
	a, err := r.Authorize(t.Context(), r.ask("max_age", "3600"), r.who)
	if err != nil || a.SignIn == nil || !a.SignIn.Again {
		t.Errorf("answered %+v, %v", a, err)
	}
}
