// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
)

// naiveGrant is leave that somebody gets on a day.
type naiveGrant struct {
	day    calendar.Date
	pot    int
	class  Class
	amount exact.Rat
	cap    exact.Rat
	until  calendar.Date // of a window; zero: as the leave year's own
	then   calendar.Date // what is left then may be taken so long all the same
	kind   LineKind
}

// earned returns all grants of a pot, a leave year after the other.
func (n *naive) earned(pot int) []naiveGrant {
	var out []naiveGrant
	for i := range n.years {
		y := &n.years[i]
		t := naivePot(y.terms, pot)
		if t.Event.Kind != "" {
			continue
		}
		var before exact.Rat
		for _, p := range n.periodsOf(i, t) {
			worth, first := n.worth(i, pot, p)
			if first == 0 {
				continue
			}
			g := naiveGrant{day: p.granted(t, first), pot: pot, class: t.Class, cap: t.Cap}
			after := before.Add(worth)
			g.amount = naiveRound(t.Rounding, after).Sub(naiveRound(t.Rounding, before))
			before = after
			out = append(out, g)
		}
	}
	return out
}

// naiveRound rounds to multiples of the step, by looking on both sides.
func naiveRound(r Rounding, a exact.Rat) exact.Rat {
	step := r.Step
	if step.IsZero() {
		step = exact.Int(1)
	}
	below := a.Div(step).Floor().Mul(step)
	over := a.Sub(below)
	switch {
	case r.Mode == Exact || over.IsZero():
		return a
	case r.Mode == RoundUp, r.Mode == RoundHalfUp && over.Add(over).Cmp(step) >= 0:
		return below.Add(step)
	}
	return below
}

// naivePeriod is a period of accrual: who earns in it and what counts.
type naivePeriod struct {
	calendar.Range
	counts calendar.Range // the days of it that count
	job    int            // of this employment only; -1: of all
}

// granted returns the day on which a period is granted.
func (p naivePeriod) granted(t Terms, first calendar.Date) calendar.Date {
	switch _, moment := t.Accrual.Split(); {
	case p.job >= 0 || moment == AtStart:
		return first
	case moment == AtEnd:
		return p.To
	}
	return p.To + 1
}

// periodsOf returns the periods of the i-th leave year.
func (n *naive) periodsOf(i int, t Terms) []naivePeriod {
	y := n.years[i].own
	if t.Accrual == AtYearStart && !t.PerPeriod && t.Worked.IsZero() {
		return n.jobsOf(i)
	}
	var out []naivePeriod
	for d := y.From; d <= y.To; d++ {
		if k := len(out); k > 0 && out[k-1].Contains(d) {
			continue
		}
		p := n.periodOf(i, t, d)
		whole := t.PerPeriod || t.Worked.Sign() > 0
		switch {
		case !whole:
			p, _ = p.Intersect(y)
		case p.From < y.From && i > 0 && n.years[i-1].own.To+1 == y.From && byCalendar(t):
			continue // the leave year before has it
		}
		q := naivePeriod{Range: p, counts: p, job: -1}
		q.counts.From = max(p.From, y.From)
		if _, ok := p.Intersect(y); ok {
			out = append(out, q)
		}
	}
	return out
}

// byCalendar reports whether the periods are those of the calendar.
func byCalendar(t Terms) bool {
	r, _ := t.Accrual.Split()
	return r == Weekly || r == TwiceMonth
}

// jobsOf returns the leave year once for each employment in it.
func (n *naive) jobsOf(i int) []naivePeriod {
	var out []naivePeriod
	y := n.years[i].own
	for d := y.From; d <= y.To; d++ {
		if day := n.on(d); day.covered && (len(out) == 0 || out[len(out)-1].job != day.job) {
			out = append(out, naivePeriod{y, y, day.job})
		}
	}
	return out
}

// periodOf returns the period that d lies in.
func (n *naive) periodOf(i int, t Terms, d calendar.Date) calendar.Range {
	y := n.years[i]
	rhythm, _ := t.Accrual.Split()
	p := calendar.Range{From: d, To: d}
	switch rhythm {
	case Daily:
		return p
	case Weekly:
		for p.From.Weekday() != time.Monday {
			p.From--
		}
		return calendar.Range{From: p.From, To: p.From + 6}
	case Fortnight:
		return naiveFortnight(y, d)
	case TwiceMonth:
		for p.From.Day() != 1 && p.From.Day() != 15 {
			p.From--
		}
		for p.To++; p.To.Day() != 1 && p.To.Day() != 15; {
			p.To++
		}
		return calendar.Range{From: p.From, To: p.To - 1}
	}
	count := map[Rhythm]int{Yearly: 12, HalfYearly: 6, Quarterly: 3, Monthly: 1}[rhythm]
	return monthsTogether(y, d, count)
}

// naiveFortnight: two weeks counted from the start of the leave year. A day or two
// over at its end belong to the last; more are a shorter one, in a year that was
// moved.
func naiveFortnight(y naiveYear, d calendar.Date) calendar.Range {
	start := y.own.From
	for start+14 <= d && start+14+1 < y.own.To {
		start += 14
	}
	p := calendar.Range{From: start, To: min(start+13, y.own.To)}
	if y.own.To-p.To <= 2 {
		p.To = y.own.To
	}
	return p
}

// monthsOf returns the twelve months of a leave year, those that lie in it: each
// begins on the day of the month on which the year begins.
func monthsOf(y naiveYear) []calendar.Range {
	all := []calendar.Range{{From: y.whole.From, To: y.whole.From}}
	for d := y.whole.From + 1; d <= y.whole.To; d++ {
		last := len(all) - 1
		if last < 11 && d.Day() == min(y.whole.From.Day(), calendar.DaysIn(d.Year(), d.Month())) {
			all = append(all, calendar.Range{From: d, To: d})
			continue
		}
		all[last].To = d
	}
	for all[0].To < y.own.From {
		all = all[1:]
	}
	return all
}

// monthOf returns the month of the leave year that d lies in.
func monthOf(y naiveYear, d calendar.Date) calendar.Range {
	return monthsTogether(y, d, 1)
}

// monthsTogether returns so many months as one period, counted from the first in
// the leave year.
func monthsTogether(y naiveYear, d calendar.Date, count int) calendar.Range {
	for i := 0; i < len(y.months); i += count {
		p := calendar.Range{From: y.months[i].From, To: y.months[min(i+count, len(y.months))-1].To}
		if p.Contains(d) {
			return p
		}
	}
	return calendar.Range{}
}

// worth adds up what every day of a period is worth, and returns the first that
// is worth something to somebody.
func (n *naive) worth(i, pot int, p naivePeriod) (sum exact.Rat, first calendar.Date) {
	y := n.years[i]
	rule := naivePot(y.terms, pot)
	share := n.shares(i, rule, p)
	for d := p.counts.From; d <= p.counts.To; d++ {
		day := n.on(d)
		if !day.covered || p.job >= 0 && day.job != p.job {
			continue
		}
		if first == 0 {
			first = d
		}
		t := naivePot(day.terms, pot)
		amount := naiveAmount(t, day.since, p.From, d)
		if rule.Worked.Sign() > 0 {
			sum = sum.Add(amount.Mul(n.worked(d)).Div(rule.Worked))
			continue
		}
		if _, away := n.away[d]; away && rule.NotOnLeave && rule.PerPeriod {
			continue
		}
		if t.FullTime.Sign() > 0 {
			amount = amount.Mul(day.week).Div(t.FullTime)
		}
		sum = sum.Add(amount.Mul(share(d)))
	}
	return sum, first
}

// worked returns the minutes of work of a day.
func (n *naive) worked(d calendar.Date) exact.Rat {
	w, _, _ := n.work(d)
	return exact.Int(int64(max(0, w.Minutes()-n.away[d])))
}

// naiveAmount returns the amount of the level that holds on d.
func naiveAmount(t Terms, since, period, d calendar.Date) exact.Rat {
	best, amount := -1, t.Amount
	for _, l := range t.Levels {
		reached := since.AddMonths(l.After)
		ok := reached <= period
		if l.Immediate {
			ok = ok || reached <= d
		}
		if ok && l.After > best {
			best, amount = l.After, l.Amount
		}
	}
	return amount
}

// shares returns which part of the amount a covered day of a period is.
func (n *naive) shares(i int, t Terms, p naivePeriod) func(calendar.Date) exact.Rat {
	y := n.years[i]
	if t.PerPeriod {
		s := n.part(t.Proration, p.Range, p.counts, false)
		if r, _ := t.Accrual.Split(); r == Fortnight && p.Days() < 14 && t.Proration != ByTouched && t.Proration != NoProration {
			s = s.Mul(exact.New(int64(p.Days()), 14)) // measured by two weeks all the same
		}
		return func(calendar.Date) exact.Rat { return s }
	}
	switch t.Proration {
	case ByDays:
		s := exact.New(1, int64(y.whole.Days()))
		return func(calendar.Date) exact.Rat { return s }
	case NoProration:
		s := exact.New(1, int64(max(1, y.covered)))
		return func(calendar.Date) exact.Rat { return s }
	}
	m := calendar.Range{From: 1, To: 1}
	var s exact.Rat
	return func(d calendar.Date) exact.Rat {
		if !m.Contains(d) {
			m = monthOf(y, d)
			mine, _ := m.Intersect(y.own)
			s = n.part(t.Proration, m, mine, true).Div(exact.Int(12))
		}
		return s
	}
}

// part returns which part of a period one covered day of it is, when only some of
// its days count.
func (n *naive) part(how Proration, r, counts calendar.Range, month bool) exact.Rat {
	worked := 0
	for d := counts.From; d <= counts.To; d++ {
		if n.on(d).covered {
			worked++
		}
	}
	switch {
	case worked == 0 || how == ByFullMonths && worked < r.Days():
		return exact.Rat{}
	case how == ByTouched, how == NoProration && !month:
		return exact.New(1, int64(worked))
	}
	return exact.New(1, int64(r.Days()))
}
