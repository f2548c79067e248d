// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/sso"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestSSOStore keeps providers, links and questions whole, on both engines.
func TestSSOStore(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 2, 25)
		ann, bob := storetest.Worker(0), storetest.Worker(1)
		full := sso.Provider{ID: "p1", Name: "Contoso", Issuer: "https://id.example.com", ClientID: "c", Secret: "hidden", Domains: []string{"a.example", "b.example"},
			Unsaid: true, Both: true, Levels: []string{"high"}, Groups: "groups", Scopes: []string{"groups"}, Joins: true, Location: "l", On: true, Made: march, MadeBy: ann,
			Rules: []sso.Rule{{Group: "Human Resources", Role: people.Administrator}, {Group: "shop", Team: "t"}}}
		bare := sso.Provider{ID: "p2", Name: "Bare", Issuer: "https://two.example.com", Made: march, MadeBy: ann}
		update(t, db, func(tx *store.Tx) error { return errors.Join(tx.SaveSSOProvider(full), tx.SaveSSOProvider(bare)) })
		same := func(what string, want, got any, err error) {
			t.Helper()
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || err != nil {
				t.Errorf("%s: %v\n%s", what, err, d)
			}
		}
		update(t, db, func(tx *store.Tx) error {
			all, err := tx.SSOProviders()
			same("all, by name", []sso.Provider{bare, full}, all, err)
			n, err := tx.ProvidersOn()
			same("on", 1, n, err)
			full.On, full.Secret, full.Rules = false, "other", full.Rules[1:]
			return tx.SaveSSOProvider(full)
		})
		link := sso.Link{Provider: "p1", Subject: "s", Person: ann, Email: "ann@a.example", Roles: people.Administrator | people.SystemManager, Teams: []string{"t", "u"}, Made: march, Used: march}
		update(t, db, func(tx *store.Tx) error {
			p, err := tx.SSOProvider("p1")
			same("changed", full, p, err)
			return tx.SaveSSOLink(link)
		})
		for what, l := range map[string]sso.Link{"a person twice": {Provider: "p2", Subject: "s", Person: ann, Made: march, Used: march}} {
			if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveSSOLink(l) }); !errs.Is(err, errs.Conflict) {
				t.Errorf("%s: %v", what, err)
			}
		}
		ssoLinks(t, db, link, bob)
	})
}

// ssoLinks goes on with a link that is there: what may change of it, and what goes with
// its provider.
func ssoLinks(t *testing.T, db *store.DB, link sso.Link, other people.ID) {
	t.Helper()
	link.Roles, link.Teams, link.Email, link.Used = 0, nil, "", march.Add(time.Hour)
	flow := sso.Flow{Digest: "d", Browser: "b", Provider: "p1", Purpose: sso.Try, Person: link.Person, Next: "/balance?x=1", Expires: march.Add(time.Hour)}
	late := sso.Flow{Digest: "late", Browser: "b", Provider: "p1", Purpose: sso.SignIn, Next: "/", Expires: march}
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(tx.SaveSSOLink(link), tx.SaveSSOLink(sso.Link{Provider: "p1", Subject: "o", Person: other, Made: march, Used: march}),
			tx.InsertSSOFlow(flow), tx.InsertSSOFlow(late), tx.Forget(march, 10))
	})
	update(t, db, func(tx *store.Tx) error {
		got, err := tx.SSOLink("p1", "s")
		of, err2 := tx.SSOLinksOf(link.Person)
		all, err3 := tx.SSOLinks("p1")
		if err := errors.Join(err, err2, err3); err != nil || !cmp.Equal(got, link, cmpopts.EquateEmpty()) || !cmp.Equal(of, []sso.Link{link}, cmpopts.EquateEmpty()) || len(all) != 2 {
			t.Errorf("links %+v, %+v, %+v, %v", got, of, all, err)
		}
		f, err := tx.SSOFlow("d")
		if err != nil || f != flow {
			t.Errorf("question %+v, %v", f, err)
		}
		return tx.DeleteSSOLink("p1", "o")
	})
	for _, gone := range []func(tx *store.Tx) error{
		func(tx *store.Tx) error { _, err := tx.SSOFlow("late"); return err },
		func(tx *store.Tx) error { _, err := tx.SSOLink("p1", "o"); return err },
		func(tx *store.Tx) error {
			_, err := tx.SSOProvider("p1")
			return errors.Join(err, tx.DeleteSSOProvider("p1"), func() error { _, err := tx.SSOFlow("d"); return err }())
		},
	} {
		if err := db.Update(t.Context(), gone); !errs.Is(err, errs.NotFound) {
			t.Errorf("not gone: %v", err)
		}
	}
	update(t, db, func(tx *store.Tx) error { return tx.DeleteSSOProvider("p1") })
	update(t, db, func(tx *store.Tx) error {
		links, err := tx.SSOLinksOf(link.Person)
		all, err2 := tx.SSOProviders()
		if err = errors.Join(err, err2); err != nil || len(links) != 0 || slices.ContainsFunc(all, func(p sso.Provider) bool { return p.ID == "p1" }) {
			t.Errorf("with the provider gone: %+v, %+v, %v", links, all, err)
		}
		return nil
	})
}

// TestSAMLStore keeps what makes an answer of SAML count once, keys, and which sessions go with
// which at a provider.
func TestSAMLStore(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 1, 25)
		ann := storetest.Worker(0)
		p := sso.Provider{ID: "p1", Kind: sso.SAML, Name: "There", Issuer: "urn:there", Target: "https://there.example.com", Certificates: []string{"a", "b"}, Source: "https://there.example.com/m",
			Subject: "uid", Unasked: true, Made: march, MadeBy: ann}
		other := sso.Provider{ID: "p2", Kind: sso.OpenID, Name: "Two", Issuer: "https://two.example.com", SignOut: true, Made: march, MadeBy: ann}
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.SaveSSOProvider(p), tx.SaveSSOProvider(other),
				tx.InsertSSOFlow(sso.Flow{Digest: "d", Browser: "b", Provider: "p1", Purpose: sso.SignIn, Next: "/", Expires: march.Add(time.Hour), Request: "_q"}),
				tx.TakeSSOAnswer("p1", "once", march.Add(time.Hour)), tx.TakeSSOAnswer("p2", "once", march), tx.AnswerSSOFlow("d", "judged"),
				tx.SaveSSOKey(sso.Key{ID: "k1", Private: "hidden", Certificate: "c", State: sso.KeyUsed, Made: march}),
				tx.SaveSSOKey(sso.Key{ID: "k2", Private: "hidden", Certificate: "c", State: sso.KeyNext, Made: march}))
		})
		for what, again := range map[string]func(tx *store.Tx) error{
			"an answer twice":           func(tx *store.Tx) error { return tx.TakeSSOAnswer("p1", "once", march) },
			"a second answer to a flow": func(tx *store.Tx) error { return tx.AnswerSSOFlow("d", "other") },
		} {
			if err := db.Update(t.Context(), again); !errs.Is(err, errs.Conflict) {
				t.Errorf("%s: %v", what, err)
			}
		}
		update(t, db, func(tx *store.Tx) error {
			got, err := tx.SSOProvider("p1")
			f, err2 := tx.SSOFlow("d")
			if !cmp.Equal(p, got, cmpopts.EquateEmpty()) || f.Request != "_q" || f.Answer != "judged" {
				t.Errorf("%+v, %+v", got, f)
			}
			return errors.Join(err, err2, tx.Forget(march, 10), tx.TakeSSOAnswer("p2", "once", march), tx.SaveSSOKey(sso.Key{ID: "k1", Private: "hidden", Certificate: "c", State: sso.KeyOld, Made: march}))
		})
		there := sso.SessionThere{Session: "s", Provider: "p2", Subject: "x", Theirs: "sid", Hint: "token", Expires: march.Add(time.Hour)}
		update(t, db, func(tx *store.Tx) error {
			keys, err := tx.SSOKeys()
			if len(keys) != 2 || keys[0].ID != "k2" || keys[1].State != sso.KeyOld || keys[1].Private != "hidden" {
				t.Errorf("keys %+v", keys)
			}
			return errors.Join(err, tx.DeleteSSOKey("k1"), tx.SaveSSOSession(there), tx.SaveSSOSession(sso.SessionThere{Session: "late", Provider: "p2", Subject: "x", Expires: march}))
		})
		update(t, db, func(tx *store.Tx) error {
			got, err := tx.SSOSession("s")
			all, err2 := tx.SSOSessions("p2", "x", "")
			one, err3 := tx.SSOSessions("p2", "", "sid")
			none, err4 := tx.SSOSessions("p2", "y", "sid")
			if got != there || len(all) != 2 || len(one) != 1 || one[0].Hint != "" || len(none) != 0 {
				t.Errorf("%+v, %+v, %+v, %+v", got, all, one, none)
			}
			return errors.Join(err, err2, err3, err4, tx.SessionEnded("s"), tx.Forget(march, 10))
		})
		update(t, db, func(tx *store.Tx) error {
			left, err := tx.SSOSessions("p2", "", "")
			if len(left) != 0 {
				t.Errorf("not gone: %+v", left)
			}
			return err
		})
	})
}

// TestProviderOfSession: a session keeps which provider vouched.
func TestProviderOfSession(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 1, 25)
		want := identity.Session{ID: "1", Digest: "d", Person: storetest.Worker(0), Created: march, Seen: march, Expires: march.Add(time.Hour),
			Stage: identity.SignedIn, Means: identity.ByProvider, Provider: "p1"}
		update(t, db, func(tx *store.Tx) error { return tx.InsertSession(want) })
		update(t, db, func(tx *store.Tx) error {
			if got, err := tx.Session("d"); err != nil || got.Provider != "p1" || got.Means != identity.ByProvider {
				t.Errorf("%+v, %v", got, err)
			}
			return tx.SaveSignInPolicy(identity.Policy{Only: true})
		})
		update(t, db, func(tx *store.Tx) error {
			if p, err := tx.SignInPolicy(); err != nil || !p.Only || p.Remember != 0 {
				t.Errorf("%+v, %v", p, err)
			}
			return nil
		})
	})
}
