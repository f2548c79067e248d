// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/people"
)

// chartOf returns a chart of December 2024 as an administrator sees it.
func chartOf(t *testing.T, records []*people.Record, teams []people.Team, requests ...Request) Chart {
	t.Helper()
	org := &people.Organisation{Records: map[people.ID]*people.Record{}, Teams: teams, Locations: map[string]people.Location{"": {}}}
	for _, r := range records {
		org.Records[r.Person.ID] = r
		org.Order = append(org.Order, r.Person.ID)
	}
	boss := people.NewViewer(people.Person{ID: "boss", Roles: people.Administrator}, teams)
	c := &scene{standing: &standing{book: book(usualTerms), org: org}, viewer: boss}
	var away []absent
	for _, r := range requests {
		away = append(away, absent{Request: r})
	}
	d := newDrawing(c, calendar.MonthOf(2024, 12), away)
	if err := d.teams(""); err != nil {
		t.Fatal(err)
	}
	return d.chart
}

// TestChart_ground: what is free follows contract lines and employments within
// the month, and the holidays of the place.
func TestChart_ground(t *testing.T) {
	full := worker("2024-01-01")
	changes := worker("2024-01-01")
	changes.Contracts = append(changes.Contracts, people.Contract{From: calendar.MustParse("2024-12-16"), Pattern: "part"})
	returns := worker("2024-01-01")
	returns.Employments = []people.Employment{{From: calendar.MustParse("2024-01-01"), To: calendar.MustParse("2024-12-04")},
		{From: calendar.MustParse("2024-12-18")}}
	elsewhere := worker("2024-01-01")
	elsewhere.Contracts[0].Location = "abroad"
	moves := worker("2024-01-01")
	moves.Contracts[0].Location = "abroad"
	moves.Contracts = append(moves.Contracts, people.Contract{From: calendar.MustParse("2024-12-25"), Pattern: "full", Package: "all"})
	joins := worker("2024-12-12")
	unknown := worker("2024-01-01")
	unknown.Contracts[0].Pattern = "gone"
	tests := []struct {
		name string
		f    *Facts
		want string // from Sunday 1 December: w works, - free, h holiday
	}{
		{"full_time", full, "-wwwww--wwwww--wwwww--wwhww--ww"},
		{"other_pattern", changes, "-wwwww--wwwww--www----wwh----ww"},
		{"two_employments", returns, "-www-------------www--wwhww--ww"},
		{"without_the_holiday", elsewhere, "-wwwww--wwwww--wwwww--wwwww--ww"},
		{"moves_to_the_holiday", moves, "-wwwww--wwwww--wwwww--wwhww--ww"},
		{"joins", joins, "-----------ww--wwwww--wwhww--ww"},
		{"no_pattern", unknown, "------------------------h------"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := chartOf(t, []*people.Record{&tt.f.Record}, nil)
			if len(c.Teams) != 1 || len(c.Teams[0].Rows) != 1 {
				t.Fatalf("%d teams, want one of one row", len(c.Teams))
			}
			var got strings.Builder
			for _, day := range c.Teams[0].Rows[0].Days {
				switch {
				case day.Holiday != 0:
					got.WriteByte('h')
				case day.Free:
					got.WriteByte('-')
				default:
					got.WriteByte('w')
				}
			}
			if diff := cmp.Diff(tt.want, got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestChart_rows: who has left and is not away has no row.
func TestChart_rows(t *testing.T) {
	left := worker("2024-01-01")
	left.Employments[0].To = calendar.MustParse("2024-11-30")
	if c := chartOf(t, []*people.Record{&left.Record}, nil); len(c.Teams) != 0 {
		t.Errorf("%d teams, want none", len(c.Teams))
	}
}

// TestChart_halves: two halves of one day stand in the order of the day, in
// whichever order they were read.
func TestChart_halves(t *testing.T) {
	f := worker("2024-01-01")
	day := calendar.MustParse("2024-12-03")
	half := func(id string, p calendar.Portion) Request {
		return Request{ID: id, Person: "ana", Type: holiday.ID, State: Approved, Span: Span{From: day, To: day, First: p, Last: p}}
	}
	c := chartOf(t, []*people.Record{&f.Record}, nil, half("later", calendar.AfternoonHalf), half("sooner", calendar.MorningHalf))
	row := c.Teams[0].Rows[0]
	if row.Away[0].Request != "sooner" || row.Away[1].Request != "later" {
		t.Errorf("away %s, then %s", row.Away[0].Request, row.Away[1].Request)
	}
	if got := row.Days[2]; got.Morning != 1 || got.Afternoon != 2 {
		t.Errorf("got %+v, want the first in the morning and the second in the afternoon", got)
	}
}
