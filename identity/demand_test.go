// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"testing"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
)

// demandPasskey has the customer demand a passkey of those named.
func (h *house) demandPasskey(names ...string) {
	h.t.Helper()
	h.Host, h.Name = host, "Acme"
	h.must(h.store.Update(h.t.Context(), func(tx identity.Tx) error {
		return tx.SaveSignInPolicy(identity.DefaultPolicy().DemandPasskey(names...))
	}))
}

// holding is a browser at the customer's host that holds a session.
func holding(e identity.Entry) identity.Visitor { return browser(e, office) }

// stage demands how far a sign-in has come.
func (h *house) stage(e identity.Entry, want identity.Stage) {
	h.t.Helper()
	if e.Session.Stage != want {
		h.t.Fatalf("stage %s, want %s", e.Session.Stage, want)
	}
	h.signedIn(e.Token, want == identity.SignedIn)
}

// TestPasskeyDemanded: who has an app only shows it, makes a passkey, and is in; from then on
// the app, a trusted browser and the password open nothing. (ASVS 5.0, 6.3.3 at level 3.)
func TestPasskeyDemanded(t *testing.T) {
	h, p, c := protected(t)
	v := from(office)
	v.Device = c.Device
	half := h.half(v)
	v.Session = half.Token
	_, err := h.Second(t.Context(), identity.Step{Code: p.next(), Remember: true, Visitor: v}) // the browser is trusted
	h.must(err)

	h.demandPasskey("everybody")
	h.signedIn(c.Token, false)
	v.Session = ""
	half = h.half(v)
	w, err := h.Waiting(t.Context(), holding(half))
	if err != nil || !w.App || !w.Key || w.Remember != 0 {
		t.Errorf("waits: %+v, %v", w, err)
	}
	e, err := h.second(half, p.next(), from(office))
	h.must(err)
	h.stage(e, identity.Enrolment)
	if e.Device != "" {
		t.Error("the browser was remembered before a passkey was made")
	}
	_, err = h.StartApp(t.Context(), e.Session)
	refused(t, err, errs.Conflict, "identity.error.app_not_enough")
	k, made := h.keyring(e)
	h.stage(made.Entry, identity.SignedIn)
	if made.Session.Means != identity.ByPasskey || made.Codes != nil {
		t.Errorf("after the passkey: by %s, %d codes", made.Session.Means, len(made.Codes))
	}

	half = h.half(from(abroad))
	w, err = h.Waiting(t.Context(), holding(half))
	if err != nil || w.App || !w.Passkeys {
		t.Errorf("with both: %+v, %v", w, err)
	}
	_, err = h.second(half, p.next(), from(abroad))
	refused(t, err, errs.Invalid, "identity.error.code")
	in, err := h.withKey(k, visit(abroad))
	h.must(err)
	h.stage(in, identity.SignedIn)
}

// TestFirstPasskey: who has nothing but a password makes a passkey before anything else, and no
// app instead of it.
func TestFirstPasskey(t *testing.T) {
	h := newHouse(t)
	h.demandPasskey("everybody")
	e := h.ana(visit(office))
	h.stage(e, identity.Enrolment)
	_, err := h.StartApp(t.Context(), e.Session)
	refused(t, err, errs.Conflict, "identity.error.app_not_enough")
	other := h.ana(visit(abroad)) // somebody else who knows the password
	h.stage(other, identity.Enrolment)
	_, made := h.keyring(e)
	h.stage(made.Entry, identity.SignedIn)
	if len(made.Codes) != 10 {
		t.Errorf("%d recovery codes", len(made.Codes))
	}
	if _, err := h.AskToRegister(t.Context(), other.Session, holding(other)); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("another passkey was added with the password alone: %v", err)
	}
}

// TestPasskeyLost: a recovery code leads to another passkey, and opens nothing by itself.
func TestPasskeyLost(t *testing.T) {
	h := newHouse(t)
	_, made := h.keyring(h.ana(visit(office)))
	h.demandPasskey("everybody")
	e, err := h.second(h.half(visit(abroad)), made.Codes[0], visit(abroad))
	h.must(err)
	h.stage(e, identity.Enrolment)
	k, again := h.keyring(e)
	h.stage(again.Entry, identity.SignedIn)
	in, err := h.withKey(k, visit(abroad))
	h.must(err)
	h.stage(in, identity.SignedIn)
}

// TestLastPasskey: the last one stays while it is demanded; another factor may go.
func TestLastPasskey(t *testing.T) {
	h, _, c := protected(t)
	_, made := h.keyring(c.Entry)
	h.demandPasskey("everybody")
	sec, err := h.Security(t.Context(), "ana")
	h.must(err)
	if sec.Demanded != identity.WithKey {
		t.Errorf("demanded: %d", sec.Demanded)
	}
	err = h.Remove(t.Context(), made.Session, sec.Passkeys[0].ID)
	refused(t, err, errs.Conflict, "identity.error.last_passkey")
	h.must(h.Remove(t.Context(), made.Session, sec.App.ID))
	h.demandPasskey()
	h.must(h.Remove(t.Context(), made.Session, sec.Passkeys[0].ID))
}

// TestPasskeyStepUpDemanded: dangerous acts ask for the passkey, whatever else there is.
func TestPasskeyStepUpDemanded(t *testing.T) {
	h, p, c := protected(t)
	k, made := h.keyring(c.Entry)
	h.demandPasskey("everybody")
	h.pass(h.Limits.Fresh)
	for _, code := range []string{p.next(), c.Codes[0]} {
		_, err := h.StepUp(t.Context(), identity.Proof{Password: password, Code: code, Visitor: holding(made.Entry)})
		refused(t, err, errs.Invalid, "identity.error.passkey_needed")
	}
	v := holding(made.Entry)
	q, err := h.AskToStepUp(t.Context(), v)
	h.must(err)
	v.Question = q.Token
	up, err := h.StepUpWithPasskey(t.Context(), k.Get(q.Options), v)
	h.must(err)
	h.must(h.NeedProof(t.Context(), up.Session))
	h.stage(up, identity.SignedIn)
}

// TestNeedProof: what the token of a program tells of its person is held against what they have
// and what is demanded of them now.
func TestNeedProof(t *testing.T) {
	h, _, _ := protected(t)
	need := func(m identity.Means) error {
		return h.NeedProof(t.Context(), identity.Session{Person: "ana", Proven: h.now(), Means: m})
	}
	for means, want := range map[identity.Means]identity.Level{identity.ByPassword: identity.OneFactor, identity.ByDevice: identity.TwoFactors,
		identity.ByApp: identity.TwoFactors, identity.ByPasskey: identity.WithKey} {
		h.demandPasskey()
		if err := need(means); identity.Stale(err) != (want < identity.TwoFactors) {
			t.Errorf("%s, with an app: %v", means, err)
		}
		h.demandPasskey("everybody")
		if err := need(means); identity.Stale(err) != (want < identity.WithKey) {
			t.Errorf("%s, with a passkey demanded: %v", means, err)
		}
	}
	if err := h.NeedProof(t.Context(), identity.Session{Person: "ana", Means: identity.ByPasskey}); !identity.Stale(err) {
		t.Errorf("of a token that tells no time: %v", err)
	}
}

// TestDemandPasskeyYourself: nobody demands a passkey of themselves whose session was not opened
// with one.
func TestDemandPasskeyYourself(t *testing.T) {
	h, _, c := protected(t)
	h.store.SavePerson(with(ana, people.Administrator))
	policy := identity.DefaultPolicy().DemandPasskey("everybody")
	refused(t, h.ChangePolicy(t.Context(), c.Session, policy), errs.Invalid, "identity.error.yourself_passkey")
	_, made := h.keyring(c.Entry)
	h.must(h.ChangePolicy(t.Context(), made.Session, policy))
	h.signedIn(made.Token, true)
	all, err := h.Standings(t.Context(), "ana")
	h.must(err)
	for _, s := range all {
		if s.Person.ID == "ana" && s.Lacks() || s.Person.ID == "ben" && !s.Lacks() {
			t.Errorf("%s lacks: %t", s.Person.ID, s.Lacks())
		}
	}
}
