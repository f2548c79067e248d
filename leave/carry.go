// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"
	"sort"

	"verlof/calendar"
	"verlof/internal/exact"
)

// carry is a day on which what is left goes over, or lapses.
type carry struct {
	date  calendar.Date
	terms *CarryOver    // of the leave year that the day before lies in
	next  calendar.Date // the next such day
	pot   int           // whose leave it is
}

// expiry returns the last day to take what goes over now; expires is false where
// it may be taken until it goes over again.
func (c *carry) expiry() (until calendar.Date, expires bool) {
	switch {
	case !c.terms.Valid.IsZero():
		return c.terms.Valid.From(c.date).AddDays(-1), true
	case !c.terms.Expires.IsZero():
		return c.terms.Expires.onOrAfter(c.date).AddDays(-1), true
	}
	return c.next.AddDays(-1), false
}

// carries returns the days on which leave goes over: the first of each leave year
// that follows another, or the day of the year that the terms set. Whoever does
// not work here that day keeps what is left, to be paid out.
func (years leaveYears) carries(pot int, last calendar.Date) []carry {
	var out []carry
	for i := range years {
		y := &years[i]
		terms := &y.terms.CarryOver
		if !terms.On.IsZero() {
			if d := terms.On.onOrAfter(y.From); d <= last && years[0].stretches[0].From < d && d <= y.To {
				out = append(out, carry{d, terms, terms.On.onOrAfter(d.AddDays(1)), pot})
			}
			continue
		}
		if i > 0 && years[i-1].To.AddDays(1) == y.From {
			out = append(out, carry{y.From, &years[i-1].terms.CarryOver, y.To.AddDays(1), pot})
		}
	}
	return out
}

// onOrAfter returns the first such day of a year that is not before d.
func (m MonthDay) onOrAfter(d calendar.Date) calendar.Date {
	x := m.In(d.Year())
	if x < d {
		x = m.In(d.Year() + 1)
	}
	return x
}

// leaveYears are the leave years of one person, in order.
type leaveYears []leaveYear

// at returns the leave year that d lies in, nil where there is none.
func (years leaveYears) at(d calendar.Date) *leaveYear {
	i := sort.Search(len(years), func(i int) bool { return years[i].To >= d })
	if i < len(years) && years[i].Contains(d) {
		return &years[i]
	}
	return nil
}

// of returns the leave year that d lies in, or the calendar year.
func (years leaveYears) of(d calendar.Date) calendar.Range {
	if y := years.at(d); y != nil {
		return y.Range
	}
	return MonthDay{}.YearOf(d)
}

// label returns the name of the leave year that d lies in.
func (years leaveYears) label(d calendar.Date) int {
	if y := years.at(d); y != nil {
		return y.label
	}
	return d.Year()
}

// until returns the last day before what is granted on d goes over or lapses.
func (years leaveYears) until(d calendar.Date) calendar.Date {
	if y := years.at(d); y != nil && !y.terms.CarryOver.On.IsZero() {
		return y.terms.CarryOver.On.onOrAfter(d.AddDays(1)).AddDays(-1)
	}
	return years.of(d).To
}

// limit returns how far below zero one may go on d.
func (years leaveYears) limit(d calendar.Date) exact.Rat {
	if y := years.at(d); y != nil {
		return y.terms.Debt
	}
	return exact.Rat{}
}

// pots returns how many pots there are at the most.
func (years leaveYears) pots() int {
	n := 0
	for i := range years {
		n = max(n, 1+len(years[i].terms.Also))
	}
	return n
}

// pot returns the leave years under the terms of the k-th pot.
func (years leaveYears) pot(k int) leaveYears {
	if k == 0 {
		return years
	}
	out := slices.Clone(years)
	for i := range out {
		y := &out[i]
		y.terms = y.terms.pot(k)
		y.stretches, y.beyond = potStretches(y.stretches, k), potStretches(y.beyond, k)
	}
	return out
}

func potStretches(in []stretch, k int) []stretch {
	out := slices.Clone(in)
	for i := range out {
		out[i].terms = out[i].terms.pot(k)
	}
	return out
}
