// SPDX-License-Identifier: Apache-2.0

package identitytest

import (
	"errors"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
)

func checkFactor(t *testing.T, s identity.Store) {
	app := identity.Factor{ID: "1", Person: "ana", Kind: identity.App, Secret: "seed", Added: noon}
	key := identity.Factor{ID: "2", Person: "ana", Kind: identity.Passkey, Name: "laptop ☂", Credential: "cred", Secret: "key",
		Counter: 1 << 31, Confirmed: true, Added: noon.Add(time.Hour), Used: noon.Add(2 * time.Hour)}
	other := identity.Factor{ID: "3", Person: "ben", Kind: identity.App, Secret: "seed", Confirmed: true, Added: noon}
	update(t, s, func(tx identity.Tx) error {
		_, err := tx.FactorByCredential("cred")
		absent(t, "passkey before", err)
		return errors.Join(tx.SaveFactor(key), tx.SaveFactor(app), tx.SaveFactor(other))
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Factors("ana")
		same(t, "factors, oldest first", []identity.Factor{app, key}, got, err)
		one, err := tx.FactorByCredential("cred")
		same(t, "passkey", key, one, err)
		_, err = tx.FactorByCredential("")
		absent(t, "passkey without a name for itself", err)
		held, err := tx.Holdings()
		same(t, "holdings", []identity.Holding{{Person: "ana", Kind: identity.Passkey, Count: 1}, {Person: "ben", Kind: identity.App, Count: 1}}, held, err)
		app.Confirmed, app.Counter, app.Used, app.Secret = true, 7, noon.Add(time.Minute), "another seed"
		return errors.Join(tx.SaveFactor(app), tx.DeleteFactor("3"), tx.DeleteFactor("3"))
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Factors("ana")
		same(t, "factors after", []identity.Factor{app, key}, got, err)
		got, err = tx.Factors("ben")
		same(t, "factors of whom they were taken from", nil, got, err)
		return nil
	})
	err := s.Update(t.Context(), func(tx identity.Tx) error {
		return tx.SaveFactor(identity.Factor{ID: "4", Person: "ben", Kind: identity.Passkey, Credential: "cred", Added: noon})
	})
	if !errs.Is(err, errs.Conflict) {
		t.Errorf("the passkey of another: got %v, want Conflict", err)
	}
}

func checkRecovery(t *testing.T, s identity.Store) {
	r := identity.Recovery{Person: "ana", Codes: []identity.Hash{"$a", "$b"}, Made: noon}
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Recovery("ana")
		same(t, "codes before", identity.Recovery{}, got, err)
		return tx.SaveRecovery(r)
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Recovery("ana")
		same(t, "codes", r, got, err)
		r.Codes, r.Made = nil, noon.Add(time.Hour)
		return tx.SaveRecovery(r)
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Recovery("ana")
		same(t, "no code left", r, got, err)
		return errors.Join(tx.DeleteRecovery("ana"), tx.DeleteRecovery("ana"))
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Recovery("ana")
		same(t, "codes after", identity.Recovery{}, got, err)
		return nil
	})
}

func checkCeremony(t *testing.T, s identity.Store) {
	c := identity.Ceremony{Digest: identity.DigestOf("c"), Purpose: identity.AskSignIn, Challenge: "x", Expires: noon}
	d := identity.Ceremony{Digest: identity.DigestOf("d"), Person: "ana", Purpose: identity.AskRegister, Challenge: "y", Expires: noon.Add(time.Hour)}
	update(t, s, func(tx identity.Tx) error { return errors.Join(tx.InsertCeremony(c), tx.InsertCeremony(d)) })
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Ceremony(c.Digest)
		same(t, "ceremony", c, got, err)
		got, err = tx.Ceremony(d.Digest)
		same(t, "ceremony of a person", d, got, err)
		return tx.Forget(noon, 10)
	})
	update(t, s, func(tx identity.Tx) error {
		_, err := tx.Ceremony(c.Digest)
		absent(t, "an expired ceremony", err)
		return errors.Join(tx.DeleteCeremony(d.Digest), tx.DeleteCeremony(d.Digest))
	})
	update(t, s, func(tx identity.Tx) error {
		_, err := tx.Ceremony(d.Digest)
		absent(t, "a deleted ceremony", err)
		return nil
	})
}

func checkPolicy(t *testing.T, s identity.Store) {
	p := identity.DefaultPolicy()
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.SignInPolicy()
		same(t, "policy before", p, got, err)
		p = p.Demand(identity.Demandable()...).DemandPasskey("manager", "auditor")
		p.Remember = 0
		return tx.SaveSignInPolicy(p)
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.SignInPolicy()
		same(t, "policy of all", p, got, err)
		p = p.Demand("administrator").DemandPasskey()
		return tx.SaveSignInPolicy(p)
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.SignInPolicy()
		same(t, "policy of one", p, got, err)
		return nil
	})
}

func checkRecord(t *testing.T, s identity.Store) {
	first := identity.Record{ID: "1", Person: "ana", What: "app-added", By: "ana", At: noon}
	second := identity.Record{ID: "2", Person: "ana", What: "passkey-removed", Note: "laptop", At: noon.Add(time.Hour)}
	policy := identity.Record{ID: "3", What: "policy", By: "ben", At: noon}
	update(t, s, func(tx identity.Tx) error {
		return errors.Join(tx.AddSignInRecord(first), tx.AddSignInRecord(second), tx.AddSignInRecord(policy))
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.SignInRecords("ana", 5)
		same(t, "records, newest first", []identity.Record{second, first}, got, err)
		got, err = tx.SignInRecords("ana", 1)
		same(t, "the newest record", []identity.Record{second}, got, err)
		got, err = tx.SignInRecords("", 5)
		same(t, "records of the policy", []identity.Record{policy}, got, err)
		return nil
	})
}
