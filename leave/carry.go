// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"verlof/calendar"
	"verlof/internal/exact"
)

// carry is a day on which what is left goes over, or lapses.
type carry struct {
	date  calendar.Date
	terms *CarryOver    // of the leave year that the day before lies in
	next  calendar.Date // the next such day
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
func carries(years []leaveYear, last calendar.Date) []carry {
	var out []carry
	for i := range years {
		y := &years[i]
		terms := &y.terms.CarryOver
		if !terms.On.IsZero() {
			if d := terms.On.onOrAfter(y.From); d <= last && years[0].stretches[0].From < d && d <= y.To {
				out = append(out, carry{d, terms, terms.On.onOrAfter(d.AddDays(1))})
			}
			continue
		}
		if i > 0 && years[i-1].To.AddDays(1) == y.From {
			out = append(out, carry{y.From, &years[i-1].terms.CarryOver, y.To.AddDays(1)})
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

// yearAt returns the leave year that d lies in, nil where there is none.
func (a *account) yearAt(d calendar.Date) *leaveYear {
	for i := range a.years {
		if a.years[i].Contains(d) {
			return &a.years[i]
		}
	}
	return nil
}

// yearOf returns the leave year that d lies in, or the calendar year.
func (a *account) yearOf(d calendar.Date) calendar.Range {
	if y := a.yearAt(d); y != nil {
		return y.Range
	}
	return MonthDay{}.YearOf(d)
}

// label returns the name of the leave year that d lies in.
func (a *account) label(d calendar.Date) int {
	if y := a.yearAt(d); y != nil {
		return y.label
	}
	return d.Year()
}

// until returns the last day before what is granted on d goes over or lapses.
func (a *account) until(d calendar.Date) calendar.Date {
	if y := a.yearAt(d); y != nil && !y.terms.CarryOver.On.IsZero() {
		return y.terms.CarryOver.On.onOrAfter(d.AddDays(1)).AddDays(-1)
	}
	return a.yearOf(d).To
}

// limit returns how far below zero one may go on d.
func (a *account) limit(d calendar.Date) exact.Rat {
	if y := a.yearAt(d); y != nil {
		return y.terms.Debt
	}
	return exact.Rat{}
}
