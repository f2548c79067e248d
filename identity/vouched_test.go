// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
)

// vouched signs ana in with a provider that vouches for two factors, which she proved at a time.
func (h *house) vouched(proved time.Time) identity.Entry {
	h.t.Helper()
	var e identity.Entry
	h.must(h.store.Update(h.t.Context(), func(tx identity.Tx) (err error) {
		e, err = h.Admit(tx, ana, identity.Vouched{Provider: "entra", Both: true, Proven: proved}, from(office))
		return err
	}))
	return e
}

// TestPasswordInVouchedSession: who came in with two factors of a provider stays in after changing a
// password that they have besides, also where two are demanded; and shows both before they may.
func TestPasswordInVouchedSession(t *testing.T) {
	for name, demand := range map[string][]string{"one": nil, "two": {"everybody"}} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.demand(demand...)
			e := h.vouched(h.now().Add(-h.Limits.Fresh))
			change := identity.Change{Person: "ana", Current: password, New: another, Visitor: browser(e, office)}
			changed, err := h.ChangePassword(t.Context(), change)
			if demand != nil {
				if !identity.Stale(err) {
					t.Errorf("without a fresh proof: %v", err)
				}
				e = h.vouched(h.now())
				change.Visitor = browser(e, office)
				changed, err = h.ChangePassword(t.Context(), change)
			}
			h.must(err)
			h.signedIn(changed.Token, true)
			s := changed.Session
			if s.Means != identity.ByVouched || s.Provider != "entra" || !s.Proven.Equal(e.Session.Proven) {
				t.Errorf("goes on by %s of %q, proven %v", s.Means, s.Provider, s.Proven)
			}
		})
	}
}

// TestStepUpInVouchedSession: where two factors are demanded that only the provider asks for, a password
// is no proof, and signs nobody out; where one will do it is one.
func TestStepUpInVouchedSession(t *testing.T) {
	h := newHouse(t)
	e := h.vouched(h.now().Add(-time.Hour))
	h.demand("everybody")
	_, err := h.StepUp(t.Context(), identity.Proof{Password: password, Visitor: browser(e, office)})
	refused(t, err, errs.Invalid, "identity.error.provider_needed")
	h.signedIn(e.Token, true)
	h.demand()
	up, err := h.StepUp(t.Context(), identity.Proof{Password: password, Visitor: browser(e, office)})
	h.must(err)
	h.must(h.NeedProof(t.Context(), up.Session))
	h.signedIn(up.Token, true)
}
