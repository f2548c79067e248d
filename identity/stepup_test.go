// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
)

// TestFresh: a sign-in is a proof for ten minutes; then the dangerous acts ask for another.
// (ASVS 5.0, 7.5.1.)
func TestFresh(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(office))
	h.must(h.NeedProof(t.Context(), e.Session))
	h.pass(h.Limits.Fresh - time.Second)
	h.must(h.NeedProof(t.Context(), e.Session))
	h.pass(time.Second)
	err := h.NeedProof(t.Context(), e.Session)
	refused(t, err, errs.Forbidden, "identity.error.stale")
	if !identity.Stale(err) || identity.Stale(errs.New(errs.Forbidden, "identity.error.stale")) || identity.Stale(nil) {
		t.Error("a refusal for want of a fresh proof cannot be told")
	}
	h.signedIn(e.Token, true)
}

// TestStepUp: a full proof opens them again, under another token and name, and does not
// make the session live longer. (ASVS 5.0, 7.2.4.)
func TestStepUp(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(office))
	h.pass(time.Hour)
	_, err := h.StepUp(t.Context(), identity.Proof{Password: another, Visitor: browser(e, office)})
	refused(t, err, errs.Invalid, "identity.error.current")
	if errs.As(err).Field != "password" {
		t.Errorf("at field %q", errs.As(err).Field)
	}
	up, err := h.StepUp(t.Context(), identity.Proof{Password: password, Visitor: browser(e, office)})
	h.must(err)
	h.must(h.NeedProof(t.Context(), up.Session))
	h.signedIn(e.Token, false)
	h.signedIn(up.Token, true)
	if up.Session.Digest == e.Session.Digest || up.Session.ID != e.Session.ID || !up.Session.Created.Equal(e.Session.Created) || up.Session.Person != "ana" {
		t.Errorf("from %+v to %+v", e.Session, up.Session)
	}
	_, err = h.StepUp(t.Context(), identity.Proof{Password: password, Visitor: browser(e, office)})
	refused(t, err, errs.Unauthenticated, "identity.error.signed_out")
	for range h.Limits.Absolute / (7 * time.Hour) {
		h.pass(7 * time.Hour)
		if up, err = h.StepUp(t.Context(), identity.Proof{Password: password, Visitor: browser(up, office)}); err != nil {
			break
		}
	}
	h.pass(7 * time.Hour)
	h.signedIn(up.Token, false)
}

// TestStepUpWithBoth: who has a second factor shows both.
func TestStepUpWithBoth(t *testing.T) {
	h, p, c := protected(t)
	h.pass(time.Hour)
	v := browser(c.Entry, office)
	_, err := h.StepUp(t.Context(), identity.Proof{Password: password, Visitor: v})
	refused(t, err, errs.Invalid, "identity.error.code")
	_, err = h.StepUp(t.Context(), identity.Proof{Password: another, Code: p.next(), Visitor: v})
	refused(t, err, errs.Invalid, "identity.error.current")
	up, err := h.StepUp(t.Context(), identity.Proof{Password: password, Code: p.next(), Visitor: v})
	h.must(err)
	h.must(h.NeedProof(t.Context(), up.Session))
	h.pass(time.Hour)
	up, err = h.StepUp(t.Context(), identity.Proof{Password: password, Code: c.Codes[0], Visitor: browser(up, office)})
	if err != nil || h.NeedProof(t.Context(), up.Session) != nil {
		t.Errorf("with a recovery code: %v", err)
	}
}

// TestFreshBeforeAFactor: a session that was opened with the password alone does nothing to the
// factors that were set up since, and nothing else that is dangerous, however fresh it is.
func TestFreshBeforeAFactor(t *testing.T) {
	h := newHouse(t)
	thief, e := h.ana(from(abroad)), h.ana(from(office))
	_, c := h.enrol(e)
	sec, err := h.Security(t.Context(), "ana")
	h.must(err)
	for name, act := range map[string]func(by identity.Session) error{
		"elsewhere": func(by identity.Session) error { return h.NeedProof(t.Context(), by) },

		"remove": func(by identity.Session) error { return h.Remove(t.Context(), by, sec.App.ID) },
		"codes":  func(by identity.Session) error { _, err := h.NewCodes(t.Context(), by); return err },
		"app":    func(by identity.Session) error { _, err := h.StartApp(t.Context(), by); return err },
		"password": func(identity.Session) error {
			_, err := h.ChangePassword(t.Context(), identity.Change{Person: "ana", Current: password, New: another, Visitor: browser(thief, abroad)})
			return err
		},
	} {
		if err := act(thief.Session); !identity.Stale(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.must(h.Remove(t.Context(), c.Session, sec.App.ID))
}

// TestStepUpIsNoOracle: a session that was left open is no licence to guess.
func TestStepUpIsNoOracle(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(office))
	var err error
	for range 6 {
		_, err = h.StepUp(t.Context(), identity.Proof{Password: another, Visitor: browser(e, office)})
	}
	mustWait(t, err)
	_, err = h.StepUp(t.Context(), identity.Proof{Password: password, Visitor: browser(e, office)})
	mustWait(t, err)
	h.ana(from(office)) // it locks nobody out at the door
}

// TestChangePasswordNeedsFresh of those who have a second factor.
func TestChangePasswordNeedsFresh(t *testing.T) {
	h, _, c := protected(t)
	h.pass(h.Limits.Fresh)
	change := identity.Change{Person: "ana", Current: password, New: another, Visitor: browser(c.Entry, office)}
	if _, err := h.ChangePassword(t.Context(), change); !identity.Stale(err) {
		t.Errorf("changed without a fresh proof: %v", err)
	}
	if _, err := h.try(anaMail, another, from(office)); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("the password was changed: %v", err)
	}
}
