// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"testing"

	"verlof/identity"
	"verlof/people"
)

// TestTokensEnd: whatever takes a person's password or factors from others who had them takes the
// access tokens too that were made meanwhile, on record; who changes the own password chooses.
func TestTokensEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		do func(h *house, ana, ben identity.Entry) error
		by people.ID // who ended them, as the record has it
		no bool      // they stay
	}{
		"change_keeps": {do: func(h *house, ana, _ identity.Entry) error {
			_, err := h.ChangePassword(t.Context(), identity.Change{Person: "ana", Current: password, New: another, Visitor: browser(ana, office)})
			return err
		}, no: true},
		"change_ends": {do: func(h *house, ana, _ identity.Entry) error {
			_, err := h.ChangePassword(t.Context(), identity.Change{Person: "ana", Current: password, New: another, Tokens: true, Visitor: browser(ana, office)})
			return err
		}, by: "ana"},
		"link": {do: func(h *house, _, _ identity.Entry) error {
			l, err := h.Issue(t.Context(), "ana")
			h.must(err)
			_, err = h.Redeem(t.Context(), identity.Redemption{Token: l.Token, Password: another, Visitor: from(office)})
			return err
		}, by: "ana"},
		"operator": {do: func(h *house, _, _ identity.Entry) error {
			hash, err := h.Hasher.Hash(t.Context(), another)
			h.must(err)
			return h.SetPassword(t.Context(), hash, "ana")
		}},
		"blocked": {do: func(h *house, _, _ identity.Entry) error { return h.Block(t.Context(), "ana") }},
		"factors": {do: func(h *house, _, ben identity.Entry) error {
			return h.ResetFactors(t.Context(), ben.Session, "ana")
		}, by: "ben"},
		"sessions": {do: func(h *house, _, ben identity.Entry) error {
			return h.EndSessions(t.Context(), ben.Session, "ana", "A laptop was stolen", false)
		}, no: true},
		"programs": {do: func(h *house, _, ben identity.Entry) error {
			return h.EndSessions(t.Context(), ben.Session, "ana", "A laptop was stolen", true)
		}, by: "ben"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.store.SavePerson(people.Person{ID: "ben", Email: benMail, Active: true, Roles: people.SystemManager})
			ben, err := h.try(benMail, password, from(office))
			h.must(err)
			ana := h.ana(from(office))
			if name == "factors" {
				h.enrol(ana)
			}
			h.store.Tokens("ana", "Payroll")
			h.must(tt.do(h, ana, ben))
			var on []identity.Record
			h.must(h.store.View(t.Context(), func(tx identity.Tx) (err error) {
				on, err = tx.SignInRecords("ana", 10)
				return err
			}))
			ended := false
			for _, r := range on {
				ended = ended || r.What == identity.RecordTokenEnded && r.Note == "Payroll" && r.By == tt.by
			}
			if left := h.store.Tokens("ana"); (len(left) > 0) != tt.no || ended == tt.no {
				t.Errorf("left %q, on record %+v", left, on)
			}
		})
	}
}
