// SPDX-License-Identifier: Apache-2.0

package explain_test

import (
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/leave/scenario"
	"verlof/people"
)

// TestWork: working time stands in formulas in hours, as people tell it, and what rests on hours that were worked, or is due each
// month, does not say that it is for a year of full-time work.
func TestWork(t *testing.T) {
	hours := leave.Type{ID: "holiday", Unit: leave.Hours, Counting: leave.WorkingTime, Entitled: true}
	days := leave.Type{ID: "holiday", Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true}
	nl := lang.For("nl")
	for _, tt := range []struct {
		name, policy string
		typ          leave.Type
		want         string
	}{
		{"part_time", "160 hours a year", hours, "160:00 × 36/40 · 160:00 uur voor 2026, voltijd · werkt 36:00 uur van 40:00 uur per week"},
		{"worked", "1 hour a 13 hours worked, accrued monthly", hours, "1:00 × 153/13 · 1:00 uur voor elke 13:00 uur werk"},
		{"each_month", "2 days a month", days, "2 × 4/5 · 2 dagen per maand, voltijd · werkt 4 van 5 dagen"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			terms, err := scenario.ParsePolicy(tt.typ, tt.policy)
			if err != nil {
				t.Fatal(err)
			}
			from := calendar.On(2026, 1, 1)
			b := &leave.Rulebook{Types: []leave.Type{tt.typ}, Policies: []leave.Policy{{Package: "all", Type: tt.typ.ID, Terms: terms}},
				Patterns: map[string]calendar.Pattern{"four": calendar.MustParsePattern("mon-thu 9:00")}}
			f := &leave.Facts{Record: people.Record{Person: people.Person{ID: "ana", Active: true}, Employments: []people.Employment{{ID: "e", From: from}},
				Contracts: []people.Contract{{ID: "c", From: from, Pattern: "four", Package: "all"}}}}
			l := b.Statement(f, tt.typ, calendar.On(2026, 12, 31)).Lines[0]
			got := strings.Join(append([]string{explain.Formula(nl, l.Formula, tt.typ.Unit)}, explain.Reasons(nl, l.Why)...), " · ")
			if !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
