// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// naive is a second engine, for the tests: it looks at every single day, knows no
// stretches, no formulas and no search, and is slow. It is written from
// docs/scenarios.md and from what the names promise, and shares with the engine
// the facts, the calendar and exact numbers alone.
type naive struct {
	book    *Rulebook
	facts   *Facts
	typ     Type
	known   calendar.Date // until when an open end is known
	from    calendar.Date // of days[0]
	days    []naiveDay
	years   []naiveYear
	full    map[string]exact.Rat // pattern to working week
	away    map[calendar.Date]int
	off     map[*Away]map[calendar.Date]bool
	counted map[*Away]map[calendar.Date]bool
}

// naiveDay is what holds on a day.
type naiveDay struct {
	covered bool // employed, with a contract line and a policy
	job     int  // which employment
	since   calendar.Date
	terms   *Terms
	week    exact.Rat // working week of the pattern
	year    int       // place in years, -1: none
}

// naiveYear is a leave year in which the person has a policy for a day at least.
type naiveYear struct {
	whole, own calendar.Range // the twelve months; without what the year before has
	terms      *Terms         // of the first covered day
	covered    int            // days
	first      calendar.Date  // covered day
	months     []calendar.Range
}

// newNaive looks at the days up to two years after last.
func newNaive(b *Rulebook, f *Facts, t Type, last calendar.Date) *naive {
	n := &naive{book: b, facts: f, typ: t, full: map[string]exact.Rat{}, off: map[*Away]map[calendar.Date]bool{}, counted: map[*Away]map[calendar.Date]bool{}}
	if len(f.Employments) == 0 {
		return n
	}
	joined := *f
	joined.Employments = joinedEmployments(f.Employments)
	f, n.facts = &joined, &joined
	n.from = f.Employments[0].From
	for _, e := range f.Employments {
		n.from = min(n.from, e.From)
	}
	n.from = n.from.AddYears(-2) // a leave year begins before the employment in it
	for d := n.from; d <= last.AddYears(3); d++ {
		n.days = append(n.days, n.look(d))
	}
	n.findYears()
	n.findAway()
	return n
}

// joinedEmployments puts two employments together, as long as there are two of which the
// second begins on the day after the first.
func joinedEmployments(all []people.Employment) []people.Employment {
	for i, e := range all {
		for k, next := range all {
			if e.To == 0 || next.From != e.To+1 {
				continue
			}
			out := []people.Employment{{ID: next.ID, Person: e.Person, From: e.From, To: next.To}}
			for o, other := range all {
				if o != i && o != k {
					out = append(out, other)
				}
			}
			return joinedEmployments(out)
		}
	}
	return all
}

// look finds out what holds on d.
func (n *naive) look(d calendar.Date) naiveDay {
	day := naiveDay{year: -1}
	employed := false
	for i, e := range n.facts.Employments {
		if e.From <= d && (e.To.IsZero() || d <= e.To) {
			employed, day.job, day.since = true, i, e.From
		}
	}
	var lineFrom, policyFrom calendar.Date = -1, -1
	pattern, pack := "", ""
	for _, c := range n.facts.Contracts {
		if c.From <= d && c.From > lineFrom {
			lineFrom, pattern, pack = c.From, c.Pattern, c.Package
		}
	}
	for i, p := range n.book.Policies {
		if lineFrom > 0 && p.Package == pack && p.Type == n.typ.ID && p.From <= d && p.From > policyFrom {
			policyFrom, day.terms = p.From, &n.book.Policies[i].Terms
		}
	}
	day.covered = employed && day.terms != nil && n.typ.Entitled
	day.week = n.week(pattern)
	return day
}

// week returns a working week of a pattern: days, or minutes for a type in hours.
func (n *naive) week(pattern string) exact.Rat {
	if w, ok := n.full[pattern]; ok {
		return w
	}
	p := n.book.Patterns[pattern]
	weeks, sum := len(p.Weeks), exact.Rat{}
	start := p.Anchor.Monday()
	for i := range 7 * weeks {
		w := p.On(start.AddDays(i))
		amount := w.DayFrac(calendar.WholeDay)
		if n.typ.Unit == Hours {
			amount = exact.Int(int64(w.Minutes()))
		}
		sum = sum.Add(amount)
	}
	n.full[pattern] = sum.Div(exact.Int(int64(max(1, weeks))))
	return n.full[pattern]
}

// on returns what holds on d.
func (n *naive) on(d calendar.Date) naiveDay {
	if d < n.from || int(d-n.from) >= len(n.days) {
		return naiveDay{year: -1}
	}
	return n.days[d-n.from]
}

// isDay reports whether d is the day m of its year.
func isDay(m MonthDay, d calendar.Date) bool {
	if m.Month == 0 {
		m = MonthDay{time.January, 1}
	}
	if m.Month == time.February && m.Day == 29 && calendar.DaysIn(d.Year(), time.February) == 28 {
		m = MonthDay{time.March, 1}
	}
	return d.Month() == m.Month && d.Day() == m.Day
}

// twelveMonths returns the leave year that d lies in when years start at m.
func twelveMonths(m MonthDay, d calendar.Date) calendar.Range {
	r := calendar.Range{From: d, To: d}
	for !isDay(m, r.From) {
		r.From--
	}
	for !isDay(m, r.To+1) {
		r.To++
	}
	return r
}

// findYears opens a leave year on each covered day that lies in none.
func (n *naive) findYears() {
	for i := range n.days {
		d, day := n.from.AddDays(i), &n.days[i]
		last := len(n.years) - 1
		if last >= 0 && d <= n.years[last].own.To {
			day.year = last
		} else if day.covered {
			r := twelveMonths(day.terms.YearStart, d)
			y := naiveYear{whole: r, own: r, terms: day.terms, first: d}
			if last >= 0 {
				y.own.From = max(r.From, n.years[last].own.To+1)
			}
			y.months = monthsOf(y)
			n.years = append(n.years, y)
			for x := y.own.From; x <= d; x++ {
				n.days[x-n.from].year = last + 1
			}
		}
		if day.covered {
			n.years[day.year].covered++
		}
	}
}

// findAway notes the minutes of leave of each type on each day.
func (n *naive) findAway() {
	n.away = map[calendar.Date]int{}
	for i := range n.facts.Requests {
		r := &n.facts.Requests[i]
		for _, t := range n.book.Types {
			if t.ID == r.Type {
				for _, c := range n.charges(t, r) {
					n.away[c.Date] += c.Minutes
				}
			}
		}
	}
}

// charges returns what a request costs: as it was frozen, or as of today.
func (n *naive) charges(t Type, r *Request) []Charge {
	switch r.State {
	case Approved:
		return n.corrected(r)
	case Pending:
		return n.beyond(t, r)
	}
	return nil
}

// corrected returns what approved leave costs after all that was corrected of it, day by
// day: never less than nothing.
func (n *naive) corrected(r *Request) []Charge {
	var all []Charge
	for d := r.From; d <= r.To; d++ {
		c := Charge{Date: d}
		for _, x := range r.Charges {
			if x.Date == d {
				c.Minutes, c.Days = x.Minutes, x.Days
			}
		}
		for _, x := range r.Corrections {
			if x.Date == d {
				c.Minutes, c.Days = c.Minutes+x.Minutes, c.Days.Add(x.Days)
			}
		}
		c.Minutes, c.Days = max(c.Minutes, 0), exact.Max(c.Days, exact.Rat{})
		if c.Minutes > 0 || c.Days.Sign() > 0 {
			all = append(all, c)
		}
	}
	return all
}

// beyond returns the cost of a request that waits, and of a change only what comes on
// top of the leave that it changes, which has paid for as much in the same leave year.
func (n *naive) beyond(t Type, r *Request) []Charge {
	var all []Charge
	for i, c := range n.count(t, r.Span) {
		paid, minutes := exact.Rat{}, 0
		for _, q := range n.facts.Requests {
			if q.ID == r.Replaces && q.State == Approved {
				for _, o := range n.corrected(&q) {
					if n.start(t, o.Date) == n.start(t, c.Date) {
						paid, minutes = paid.Add(o.Days), minutes+o.Minutes
					}
				}
			}
		}
		for _, o := range n.count(t, r.Span)[:i] { // days before this one used that up first
			if n.start(t, o.Date) == n.start(t, c.Date) {
				paid, minutes = paid.Sub(o.Days), minutes-o.Minutes
			}
		}
		if paid.Sign() > 0 {
			c.Days = c.Days.Sub(paid)
		}
		c.Minutes -= max(minutes, 0)
		if c.Days.Sign() < 0 {
			c.Days = exact.Rat{}
		}
		c.Minutes = max(c.Minutes, 0)
		if c.Minutes > 0 || c.Days.Sign() > 0 {
			all = append(all, c)
		}
	}
	return all
}

// start is the first day of the leave year of a type that d lies in.
func (n *naive) start(t Type, d calendar.Date) calendar.Date {
	pack, employed := "", false
	from := calendar.Date(-1)
	for _, e := range n.facts.Employments {
		employed = employed || e.From <= d && (e.To.IsZero() || d <= e.To)
	}
	for _, c := range n.facts.Contracts {
		if c.From <= d && c.From > from && employed {
			from, pack = c.From, c.Package
		}
	}
	begins, since := MonthDay{Month: time.January, Day: 1}, calendar.Date(-1)
	for _, p := range n.book.Policies {
		if pack != "" && p.Package == pack && p.Type == t.ID && p.From <= d && p.From > since {
			if begins, since = p.Terms.YearStart, p.From; begins.IsZero() {
				begins = MonthDay{Month: time.January, Day: 1}
			}
		}
	}
	for y := d.Year(); ; y-- {
		if begins.In(y) <= d {
			return begins.In(y)
		}
	}
}

// count works out the cost of a span day by day.
func (n *naive) count(t Type, s Span) []Charge {
	var all []Charge
	first, last := calendar.Date(0), calendar.Date(0)
	for d := s.From; d <= s.To; d++ {
		if c, costs := n.cost(t, s, d); costs {
			all = append(all, c)
			if last = d; first == 0 {
				first = d
			}
		}
	}
	if t.Counting != Sandwich {
		return all
	}
	var filled []Charge
	for d := first; d <= last && d > 0; d++ {
		if c, costs := n.cost(t, s, d); costs {
			filled = append(filled, c)
		} else if _, _, employed := n.work(d); employed {
			filled = append(filled, Charge{Date: d, Days: exact.Int(1)})
		}
	}
	return filled
}

// cost is what one day of a span costs.
func (n *naive) cost(t Type, s Span, d calendar.Date) (Charge, bool) {
	part := calendar.WholeDay
	switch d {
	case s.From:
		part = s.First
	case s.To:
		part = s.Last
	}
	w, free, ok := n.work(d)
	if !ok {
		return Charge{}, false
	}
	c := Charge{Date: d, Minutes: w.Of(part), Days: w.DayFrac(part)}
	if t.Counting == CalendarDays || t.Counting == SixDays {
		c.Days = exact.Int(1)
		if part == calendar.MorningHalf || part == calendar.AfternoonHalf {
			c.Days = exact.New(1, 2)
		} else if part != calendar.WholeDay && w.Minutes() > 0 {
			c.Days = exact.New(int64(w.Of(part)), int64(w.Minutes()))
		}
		if t.Counting == SixDays && (free || d.Weekday() == time.Sunday) {
			c.Days = exact.Rat{}
		}
	}
	return c, c.Minutes > 0 || c.Days.Sign() > 0
}

// work returns what is worked on d and whether it is a public holiday, all day.
func (n *naive) work(d calendar.Date) (w calendar.Workday, free, ok bool) {
	pattern, place, from := "", "", calendar.Date(-1)
	for _, c := range n.facts.Contracts {
		if c.From <= d && c.From > from {
			pattern, place, from = c.Pattern, c.Location, c.From
		}
	}
	for _, e := range n.facts.Employments {
		ok = ok || from > 0 && e.From <= d && (e.To.IsZero() || d <= e.To)
	}
	if !ok {
		return w, false, false
	}
	w = n.book.Patterns[pattern].On(d)
	if h, is := n.book.Holidays[place].On(d); is {
		return h.Off.Apply(w), h.Off == calendar.FullDay, true
	}
	return w, false, true
}

// back returns what part of leave on d sickness gives back, as known on the day at: the
// most that one of them does.
func (n *naive) back(d, at calendar.Date) exact.Rat {
	most := exact.Rat{}
	for _, s := range n.facts.Sickness {
		over := s.To != 0 && d > s.To || s.To == 0 && d > at && d > s.From
		if d < s.From || over {
			continue
		}
		works, note := 0, s.Certified && (s.NoteUntil == 0 || d <= s.NoteUntil)
		for day := s.From; day <= d; day++ {
			for _, step := range s.Recovery {
				if step.From == day {
					works = step.Percent
				}
			}
		}
		gives := map[GiveBack]bool{BackCertified: note, BackUnlessAgreed: !s.Agreed, BackAlways: true}[n.typ.GiveBack]
		if gives && (works == 0 || n.typ.PartlyBack) {
			most = exact.Max(most, exact.New(int64(100-works), 100))
		}
	}
	return most
}

// naivePot returns the terms of a pot: the first is the policy's own.
func naivePot(t *Terms, pot int) Terms {
	if pot == 0 {
		return *t
	}
	if pot > len(t.Also) {
		return Terms{YearStart: t.YearStart}
	}
	own := t.Also[pot-1]
	own.YearStart, own.FullTime, own.Debt = t.YearStart, t.FullTime, t.Debt
	if own.Accrual == "" {
		own.Accrual = t.Accrual
	}
	if own.Proration == "" {
		own.Proration = t.Proration
	}
	return own
}

// pastMonths goes on month by month to the first day after n of them that begin on d: where a
// month has no such day it is over with its last.
func pastMonths(d calendar.Date, n int) calendar.Date {
	y, m, day := d.Civil()
	for range n {
		if m++; m > time.December {
			y, m = y+1, time.January
		}
	}
	if day > calendar.DaysIn(y, m) {
		return calendar.On(y, m+1, 1)
	}
	return calendar.On(y, m, day)
}
