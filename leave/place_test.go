// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"testing"

	"verlof/calendar"
	"verlof/people"
)

// moved returns an organisation in which ana works at home until 4 June 2026 and there from then on, and bob
// always at home; and the rules: there Corpus Christi, on that day, is free, and at home the day before.
func moved() (*people.Organisation, *Rulebook) {
	ana, bob := worker("2020-01-01"), worker("2020-01-01")
	bob.Person.ID = "bob"
	ana.Contracts[0].Location, bob.Contracts[0].Location = "home", "home"
	ana.Contracts = append(ana.Contracts, people.Contract{From: calendar.MustParse("2026-06-04"), Pattern: "full", Package: "all", Location: "there"})
	b := book(usualTerms)
	b.Holidays = map[string]*calendar.Holidays{
		"home":  calendar.NewHolidays(calendar.Holiday{Date: calendar.MustParse("2026-06-03")}, calendar.Holiday{Date: calendar.MustParse("2026-06-04")}, calendar.Holiday{Date: calendar.MustParse("2026-06-10")}),
		"there": calendar.NewHolidays(calendar.Holiday{Date: calendar.MustParse("2026-06-02")}, calendar.Holiday{Date: calendar.MustParse("2026-06-05")}),
	}
	return &people.Organisation{Records: map[people.ID]*people.Record{"ana": &ana.Record, "bob": &bob.Record}, Order: []people.ID{"ana", "bob"}}, b
}

// TestMove_days: each day is one of where somebody works on it: in the calendar of their own, and among the working
// days that a step of approval may take.
func TestMove_days(t *testing.T) {
	org, b := moved()
	june := calendar.MonthOf(2026, 6)
	for who, want := range map[people.ID][]string{"ana": {"2026-06-03", "2026-06-05"}, "bob": {"2026-06-03", "2026-06-04", "2026-06-10"}} {
		got := b.HolidaysOf(org, who, june)
		if len(got) != len(want) {
			t.Fatalf("%s: %v", who, got)
		}
		for i := range want {
			if got[i].Date.String() != want[i] {
				t.Errorf("%s is off on %s, want %s", who, got[i].Date, want[i])
			}
		}
	}
	for who, want := range map[people.ID]string{"ana": "2026-06-04", "bob": "2026-06-05"} { // Monday, 1 June, and two working days
		if got := b.workdays(org, who, calendar.MustParse("2026-06-01"), 2); got.String() != want {
			t.Errorf("%s: two working days end on %s, want %s", who, got, want)
		}
	}
}

// TestMove_limits: a limit of a location counts who works there on the day, and holds nobody to it on others.
func TestMove_limits(t *testing.T) {
	org, b := moved()
	c := &scene{standing: &standing{org: org, book: b, how: &Procedure{Limits: []Limit{
		{ID: "l", Name: "Home", Kind: MostAway, Location: "home", Number: 1}}}}}
	for day, want := range map[string]string{"2026-06-02": "ana bob", "2026-06-08": "bob"} {
		w := c.crowd(calendar.Range{From: calendar.MustParse(day), To: calendar.MustParse(day)})
		w.read = true
		got := ""
		for i, id := range w.working(&c.how.Limits[0], calendar.MustParse(day)) {
			if i > 0 {
				got += " "
			}
			got += string(id)
		}
		if got != want {
			t.Errorf("on %s the limit is about %q, want %q", day, got, want)
		}
		w.leaves = []OnLeave{{Person: "bob", Range: w.in}}
		_, broken := w.breach(&c.how.Limits[0], "ana", []Charge{{Date: w.in.From}})
		if broken != (want == "ana bob") {
			t.Errorf("on %s, with bob away, ana's leave breaks the limit: %t", day, broken)
		}
	}
}
