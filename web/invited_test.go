// SPDX-License-Identifier: Apache-2.0

package web

import (
	"testing"

	"verlof/people"
)

// TestInvited has somebody who is new choose a password that is too short: the page goes on welcoming them, and says nothing of
// places where they are signed in.
func TestInvited(t *testing.T) {
	w := newWorld(t, nil)
	letter, err := w.acme.Identity.Issue(t.Context(), people.ID(w.acme.id("hugo")))
	if err != nil {
		t.Fatal(err)
	}
	b := w.at(w.acme, "")
	for _, tt := range []struct{ path, holds, lacks string }{
		{"/invitation/" + letter.Token, "Welcome, Hugo", "signed out everywhere else"},
		{"/reset/" + letter.Token, "signed out everywhere else", "Welcome, Hugo"},
	} {
		holds(t, b.get(tt.path), 200, tt.holds)
		a := b.post(tt.path, "password", "short")
		holds(t, a, 422, tt.holds, "too short")
		lacks(t, a, tt.lacks)
	}
}
