// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/identity"
)

// TestSessionEnded: what applications were given ends with the session, however that ends,
// and goes on while the same person signs in again or proves once more who they are.
func TestSessionEnded(t *testing.T) {
	h := newHouse(t)
	moved := len(h.store.Ended()) // when they got their passwords
	here := from("192.0.2.1")
	first := h.ana(here)
	here.Session, here.Device = first.Token, first.Device
	again := h.ana(here)
	if again.Session.ID != first.Session.ID || again.Token == first.Token {
		t.Errorf("signed in again: session %s after %s", again.Session.ID, first.Session.ID)
	}
	here.Session = again.Token
	up, err := h.StepUp(t.Context(), identity.Proof{Password: password, Visitor: here})
	h.must(err)
	if up.Session.ID != first.Session.ID || up.Token == again.Token {
		t.Errorf("proved once more: session %s after %s", up.Session.ID, first.Session.ID)
	}
	if ended := h.store.Ended(); len(ended) > moved {
		t.Errorf("ended on the way: %v", ended)
	}
	here.Session = up.Token
	bens, err := h.try(benMail, password, here)
	h.must(err)
	if bens.Session.ID == first.Session.ID {
		t.Error("the session of another person goes on")
	}
	out, all := h.ana(from("192.0.2.2")), h.ana(from("192.0.2.3"))
	h.must(h.SignOut(t.Context(), out.Token))
	h.must(h.SignOut(t.Context(), out.Token))
	h.must(h.RevokeAll(t.Context(), "ana", "", true))
	want := []string{first.Session.ID, out.Session.ID, all.Session.ID, "all of ana but "}
	if d := cmp.Diff(want, h.store.Ended()[moved:]); d != "" {
		t.Errorf("ended (-want +got):\n%s", d)
	}
}
