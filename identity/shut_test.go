// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"slices"
	"strings"
	"testing"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
)

// TestEndSessions: who keeps sign-in ends the sessions of others, with a reason, on record and
// told by mail; passwords and second factors stay, and so does the session that asks.
func TestEndSessions(t *testing.T) {
	for name, end := range map[string]func(h *house, by identity.Session, reason string) error{
		"of_one": func(h *house, by identity.Session, why string) error {
			return h.EndSessions(t.Context(), by, "ana", why, false)
		},
		"of_everybody": func(h *house, by identity.Session, why string) error {
			return h.EndAllSessions(t.Context(), by, why, false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.store.SavePerson(people.Person{ID: "ben", Email: benMail, Active: true, Roles: people.SystemManager})
			phone, laptop := h.ana(from(office)), h.ana(from(office))
			ben, err := h.try(benMail, password, from(office))
			h.must(err)

			refused(t, end(h, phone.Session, "because"), errs.Forbidden, "people.error.system_manager")
			refused(t, end(h, ben.Session, " "), errs.Invalid, "identity.error.reason")
			refused(t, end(h, ben.Session, strings.Repeat("x", 301)), errs.Invalid, "people.error.too_long")
			h.signedIn(phone.Token, true)

			h.must(end(h, ben.Session, "A laptop was stolen"))
			h.signedIn(phone.Token, false)
			h.signedIn(laptop.Token, false)
			h.signedIn(ben.Token, true)
			h.signedIn(h.ana(from(office)).Token, true)
			if l := h.letters(identity.KindSessionsEnded); len(l) != 1 || l[0].Person.ID != "ana" {
				t.Errorf("letters: %+v", l)
			}
			var on []identity.Record
			h.must(h.store.View(t.Context(), func(tx identity.Tx) (err error) {
				on, err = tx.SignInRecords("ana", 1)
				return err
			}))
			if len(on) != 1 || on[0].What != identity.RecordSessionsEnded || on[0].Note != "A laptop was stolen" || on[0].By != "ben" {
				t.Errorf("on record: %+v", on)
			}
		})
	}
}

// TestEndSessionsOfApplications: who was signed in nowhere, and in whose name applications could act,
// is told that they no longer can, and it is on record; where there was nothing to end nothing is.
func TestEndSessionsOfApplications(t *testing.T) {
	for given, want := range map[int]int{0: 0, 1: 1} {
		h := newHouse(t)
		h.store.SavePerson(people.Person{ID: "ben", Email: benMail, Active: true, Roles: people.SystemManager})
		ben, err := h.try(benMail, password, from(office))
		h.must(err)
		h.store.Give(given)
		h.must(h.EndSessions(t.Context(), ben.Session, "ana", "A laptop was stolen", true))
		var on []identity.Record
		h.must(h.store.View(t.Context(), func(tx identity.Tx) (err error) {
			on, err = tx.SignInRecords("ana", 10)
			return err
		}))
		on = slices.DeleteFunc(on, func(r identity.Record) bool { return r.What != identity.RecordSessionsEnded })
		if l := h.letters(identity.KindSessionsEnded); len(l) != want || len(on) != want {
			t.Errorf("of %d: letters %+v, on record %+v", given, l, on)
		}
	}
}
