// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"slices"
	"testing"
	"time"

	"verlof/identity"
	"verlof/people"
)

// TestReaddressed: whoever gets another mail address is told at the one they had, whatever becomes of
// their account before the mail leaves: nobody else hears that somebody else may have taken it. Who
// could not sign in with that address, or had none, is told nothing.
func TestReaddressed(t *testing.T) {
	for _, tt := range []struct {
		who, was string
		want     []string
	}{
		{"ana", anaMail, []string{anaMail}},
		{"fay", "fay@example.com", []string{"fay@example.com"}}, // no longer active, and may be again
		{"cas", "cas@example.com", nil},                         // invited
		{"dia", "dia@example.com", nil},                         // blocked
		{"eva", "eva@example.com", nil},                         // no account
		{"gus", "", nil},
	} {
		h := newHouse(t)
		who, changed := people.ID(tt.who), h.now()
		h.must(h.store.Update(t.Context(), func(tx identity.Tx) error { return identity.Readdressed(tx, who, tt.was, changed) }))
		h.store.SavePerson(people.Person{ID: who, Email: "new@example.com", Language: "nl", Active: true})
		h.pass(time.Hour)
		if who != "eva" {
			h.must(h.Block(t.Context(), who))
		}
		var told []string
		for _, l := range h.letters(identity.KindReaddressed) {
			told = append(told, l.Person.Email)
			if l.Person.ID != who || l.Person.Language != "nl" || !l.At.Equal(changed) || l.Token != "" {
				t.Errorf("%s: the letter says %+v", tt.who, l)
			}
		}
		if !slices.Equal(told, tt.want) {
			t.Errorf("%s: told at %q, want %q", tt.who, told, tt.want)
		}
	}
}
