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
	of    *Terms        // which those are of
	next  calendar.Date // the next such day
	pot   int           // whose leave it is
	due   *Due          // what it is due on from then on; nil: nothing but the leave year
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
// that follows another, or the day of the year that the terms set, where a leave
// year lies there. Whoever has left by then keeps what is left, to be paid out.
func (years leaveYears) carries(pot int) []carry {
	out := make([]carry, 0, len(years))
	for i := range years {
		y := &years[i]
		d, of, goes := y.From, y.terms, y.follows
		if on := of.CarryOver.On; !on.IsZero() {
			d = on.onOrAfter(y.From)
			goes = d <= y.To && years[0].stretches[0].From < d
		}
		if d == y.From && y.follows {
			of = years[i-1].terms
		}
		if goes {
			out = append(out, carry{date: d, terms: &of.CarryOver, of: of, pot: pot})
		}
	}
	for i := range out {
		out[i].next = years.until(out[i].date, out).AddDays(1)
	}
	return out
}

// byLevel has as much go over as the level says which the person has reached by then.
func (years leaveYears) byLevel(f *Facts, c *carry) {
	if len(c.of.Levels) == 0 {
		return
	}
	var since calendar.Date
	for i := range years {
		for _, s := range years[i].stretches {
			if s.From <= c.date {
				since = f.Employments[s.employment].From
			}
		}
	}
	if most := c.of.level(since, c.date, c.date).Carries; most.Sign() > 0 {
		terms := *c.terms
		terms.All, terms.Max = false, most
		c.terms = &terms
	}
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
	if i := years.index(d); i >= 0 {
		return &years[i]
	}
	return nil
}

// index returns the place of the leave year that d lies in, -1 where there is none.
func (years leaveYears) index(d calendar.Date) int {
	i := sort.Search(len(years), func(i int) bool { return years[i].To >= d })
	if i < len(years) && years[i].Contains(d) {
		return i
	}
	return -1
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
func (years leaveYears) until(d calendar.Date, carries []carry) calendar.Date {
	i := years.index(d)
	if i < 0 {
		return years.of(d).To
	}
	n := sort.Search(len(carries), func(n int) bool { return carries[n].date > d })
	if n < len(carries) {
		next := carries[n].date
		for i+1 < len(years) && years[i+1].follows && years[i].To < next {
			i++
		}
		if years[i].Contains(next) {
			return next.AddDays(-1)
		}
	}
	y := years.at(d)
	if on := y.terms.CarryOver.On; !on.IsZero() {
		return on.onOrAfter(d.AddDays(1)).AddDays(-1)
	}
	return y.To
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

// place returns the k-th pot, or the first where the terms of the leave year of a day have none such: where they
// changed within it the new ones have not begun.
func (years leaveYears) place(d calendar.Date, k int) int {
	if y := years.at(d); k < 0 || y != nil && k > len(y.terms.Also) {
		return 0
	}
	return k
}

// pot returns the leave years under the terms of the k-th pot.
func (years leaveYears) pot(k int) leaveYears {
	if k == 0 {
		return years
	}
	out := slices.Clone(years)
	for i := range out {
		y := &out[i]
		y.terms = y.terms.inPot(k)
		y.stretches, y.beyond = potStretches(y.stretches, k), potStretches(y.beyond, k)
	}
	return out
}

// inPot returns the terms of the k-th pot, for those who keep them by address.
func (t *Terms) inPot(k int) *Terms {
	p := t.pot(k)
	return &p
}

func potStretches(in []stretch, k int) []stretch {
	out := slices.Clone(in)
	for i := range out {
		out[i].terms = out[i].terms.inPot(k)
	}
	return out
}
