// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"strconv"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/people"
)

// timeline draws a person's years: periods of employment above the contract lines
// in them. The tables beside it say the same in words.
type timeline struct {
	Label string // for screen readers
	Bars  []bar
	Years []yearMark
	Today string // place
}

// bar is a stretch of time; X and Width are shares of the whole, as SVG has them.
type bar struct {
	X, Width string
	Row      int    // 0: employment, 1: contract line
	Class    string // how it looks
	Text     string
	Name     string // written on the bar; empty where it is too short
}

// yearMark is the first of January of a year.
type yearMark struct{ X, Text string }

// timelineOf draws what is known of a person, until the end of next year.
func timelineOf(l *lang.Locale, r *people.Record, today calendar.Date, name func(people.Contract) string) timeline {
	if len(r.Employments) == 0 {
		return timeline{}
	}
	span := calendar.Range{From: calendar.On(r.Employments[0].From.Year(), 1, 1), To: calendar.On(today.Year()+1, 12, 31)}
	for _, e := range r.Employments {
		span.To = max(span.To, e.From, e.To)
	}
	for _, c := range r.Contracts {
		span.To = max(span.To, c.From.AddYears(1))
	}
	s := scale(span)
	t := timeline{Label: l.T("admin.timeline"), Today: s.at(today)}
	for _, e := range r.Employments {
		t.Bars = append(t.Bars, s.bar(e.Range(), bar{Class: "work", Text: l.Range(e.From, e.To), Name: l.T("admin.timeline.employed")}))
		for i, c := range r.Contracts {
			holds := calendar.Range{From: c.From}
			if i+1 < len(r.Contracts) {
				holds.To = r.Contracts[i+1].From.AddDays(-1)
			}
			if both, ok := e.Range().Intersect(holds); ok {
				t.Bars = append(t.Bars, s.bar(both, bar{Row: 1, Class: "line" + strconv.Itoa(i%2), Text: l.Range(both.From, both.To), Name: name(c)}))
			}
		}
	}
	t.Years = s.years()
	return t
}

// scale is the range of days that a timeline shows.
type scale calendar.Range

func (s scale) days() int { return calendar.Range(s).Days() }

// share writes a number of days as a share of the scale: "12.5%".
func (s scale) share(days int) string {
	return exact.New(int64(days)*100, int64(s.days())).Decimal(2) + "%"
}

func (s scale) at(d calendar.Date) string { return s.share(int(d - s.From)) }

func (s scale) bar(r calendar.Range, b bar) bar {
	both, _ := calendar.Range(s).Intersect(r)
	b.X, b.Width = s.at(both.From), s.share(both.Days())
	if both.Days()*100 < s.days()*len([]rune(b.Name))*2 { // some two hundredths for a letter, on a phone
		b.Name = ""
	}
	return b
}

// years are at most some eight of the years of the scale, evenly apart.
func (s scale) years() []yearMark {
	first, last := s.From.Year(), s.To.Year()
	step := (last-first)/8 + 1
	var out []yearMark
	for y := first; y <= last; y += step {
		out = append(out, yearMark{X: s.at(calendar.On(y, 1, 1)), Text: strconv.Itoa(y)})
	}
	return out
}
