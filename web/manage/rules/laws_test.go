// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/leave/law"
)

// TestPinned: a policy that follows a law is told apart from one that was changed
// by hand, and from one whose law has changed since.
func TestPinned(t *testing.T) {
	nl, _ := law.For("NL")
	terms, ok := nl.Terms("holiday", exact.Int(5))
	if !ok {
		t.Fatal("no holiday in the Netherlands")
	}
	pin := leave.Pin{Law: "NL", Rule: "holiday", Dated: nl.Dated, Extra: exact.Int(5)}
	older := pin
	older.Dated = calendar.On(2010, 1, 1)
	other := terms
	other.Amount = exact.Int(19)
	for name, tt := range map[string]struct {
		p    leave.Policy
		want pinState
	}{
		"by_hand":         {leave.Policy{Terms: terms}, pinNone},
		"as_the_law":      {leave.Policy{Terms: terms, Law: pin}, pinSame},
		"changed":         {leave.Policy{Terms: other, Law: pin}, pinChanged},
		"law_changed":     {leave.Policy{Terms: other, Law: older}, pinNewer},
		"only_a_new_date": {leave.Policy{Terms: terms, Law: older}, pinSame},
		"law_is_gone":     {leave.Policy{Terms: terms, Law: leave.Pin{Law: "XX", Rule: "holiday"}}, pinChanged},
	} {
		if got := pinned(&tt.p); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	book := &leave.Rulebook{Policies: []leave.Policy{{Terms: terms, Law: pin}, {ID: "old", Terms: other, Law: older}}}
	if got := compareLaw(nil, book, law.Template{Code: "DE"}); got != nil {
		t.Errorf("another law: %+v", got)
	}
}
