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
	event  bool // due on one
	hand   bool // written by hand

	unspent []Unspent // what the amount depends on when its day comes
	before  int       // the name of the leave year that it looks at
}

// earned returns all grants of a pot, a leave year after the other.
func (n *naive) earned(pot int) []naiveGrant {
	var out []naiveGrant
	for i := range n.years {
		t := naivePot(n.years[i].terms, pot)
		if t.Event.Kind != "" {
			continue
		}
		var worths []naiveWorth
		if t.FullAfter > 0 {
			worths = n.waits(i, pot)
		} else {
			for _, p := range n.periodsOf(i, t) {
				if worth, first, last := n.worth(i, pot, p); first > 0 {
					w := naiveWorth{day: n.noLater(p.granted(t, first), last), worth: worth, cap: naiveCap(t, n.on(last).since, p.From, last)}
					if t.Bound {
						w.until = max(p.To, w.day)
					}
					worths = append(worths, w)
				}
			}
		}
		var before, given exact.Rat
		for _, w := range worths {
			after := before.Add(w.worth)
			g := naiveGrant{day: w.day, pot: pot, class: t.Class, cap: w.cap, until: w.until}
			g.amount = n.atMost(t, w.day, given, naiveRound(t.Rounding, after).Sub(naiveRound(t.Rounding, before)))
			before, given = after, given.Add(g.amount)
			out = append(out, g)
		}
		out = append(out, n.leftAfter(i, t, pot)...)
	}
	return out
}

// noLater returns the day of a grant, or the last day of the employment where that is over by then and no other has begun. worked is
// a day of it.
func (n *naive) noLater(granted, worked calendar.Date) calendar.Date {
	until := granted
	for _, e := range n.facts.Employments {
		switch {
		case e.From <= granted && (e.To.IsZero() || granted <= e.To):
			return granted
		case e.From <= worked && !e.To.IsZero() && worked <= e.To && e.To < granted:
			until = e.To
		}
	}
	return until
}

// naiveWorth is what is earned for a day on which it is granted.
type naiveWorth struct {
	day, until calendar.Date
	worth, cap exact.Rat
}

// atMost takes off what a leave year does not grant any more.
func (n *naive) atMost(t Terms, day calendar.Date, given, more exact.Rat) exact.Rat {
	limits := []exact.Rat{}
	if t.AtMost.Sign() > 0 {
		limits = append(limits, t.AtMost)
	}
	if t.Weeks.Sign() > 0 {
		for day > n.from && !n.on(day).covered {
			day--
		}
		limits = append(limits, t.Weeks.Mul(n.on(day).week))
	}
	for _, most := range limits {
		more = exact.Min(more, exact.Max(most.Sub(given), exact.Rat{}))
	}
	return more
}

// leftAfter returns the grants for what is left of the leave year before.
func (n *naive) leftAfter(i int, t Terms, pot int) []naiveGrant {
	var out []naiveGrant
	y := n.years[i].own
	if i == 0 || n.years[i-1].own.To+1 != y.From {
		return nil
	}
	seen := map[MonthDay]bool{}
	for _, u := range t.Unspent {
		d := y.From
		for !isDay(u.After, d-1) {
			d++
		}
		if seen[u.After] || d > y.To || !n.on(d).covered {
			continue
		}
		seen[u.After] = true
		g := naiveGrant{day: d, pot: pot, class: t.Class, cap: naiveCap(t, n.on(d).since, d, d), before: n.years[i-1].own.From.Year()}
		for _, o := range t.Unspent {
			if o.After == u.After {
				g.unspent = append(g.unspent, o)
			}
		}
		out = append(out, g)
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
	case r.Mode == RaiseHalf && over.Add(over).Cmp(step) < 0:
		return a
	case r.Mode == RaiseHalf:
		return below.Add(step)
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
	if t.Accrual == AtYearStart && !t.PerPeriod && t.Worked.IsZero() && !t.Bound {
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
	pay := r == Monthly && len(t.Pay.Days) > 0 || (r == Fortnight || r == FourWeekly) && t.Pay.First > 0
	return r == Weekly || r == TwiceMonth || pay
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
	rhythm, moment := t.Accrual.Split()
	begins := naiveBegins(t, rhythm, moment)
	switch {
	case rhythm == Daily:
		return calendar.Range{From: d, To: d}
	case begins != nil:
		p := calendar.Range{From: d, To: d}
		for !begins(p.From) {
			p.From--
		}
		for !begins(p.To + 1) {
			p.To++
		}
		return p
	case rhythm == Fortnight:
		return naiveWeeks(y, d, 14)
	case rhythm == FourWeekly:
		return naiveWeeks(y, d, 28)
	}
	count := map[Rhythm]int{Yearly: 12, HalfYearly: 6, Quarterly: 3, Monthly: 1}[rhythm]
	return monthsTogether(y, d, count)
}

// naiveBegins returns whether a period begins on a day, nil where that depends on
// the leave year.
func naiveBegins(t Terms, rhythm Rhythm, moment Moment) func(calendar.Date) bool {
	shift := calendar.Date(0)
	if moment == AtEnd {
		shift = 1
	}
	days := t.Pay.Days
	switch every := map[Rhythm]int{Weekly: 7, Fortnight: 14, FourWeekly: 28}[rhythm]; {
	case every > 0 && t.Pay.First > 0:
		return func(d calendar.Date) bool { return (int(d)-int(t.Pay.First))%every == 0 }
	case rhythm == Weekly && t.Pay.Weekday > 0:
		return func(d calendar.Date) bool { return int((d - shift).Weekday()) == t.Pay.Weekday%7 }
	case rhythm == Weekly:
		return func(d calendar.Date) bool { return d.Weekday() == time.Monday }
	case rhythm == TwiceMonth && len(days) == 0:
		days, shift = []int{1, 15}, 0
	}
	if len(days) == 0 || rhythm != Monthly && rhythm != TwiceMonth {
		return nil
	}
	return func(d calendar.Date) bool {
		d -= shift
		for _, day := range days {
			if d.Day() == min(day, calendar.DaysIn(d.Year(), d.Month())) {
				return true
			}
		}
		return false
	}
}

// naiveWeeks: so many days counted from the start of the leave year. A day or two
// over at its end belong to the last; more are a shorter one, in a year that was
// moved.
func naiveWeeks(y naiveYear, d, days calendar.Date) calendar.Range {
	start := y.own.From
	for start+days <= d && start+days+1 < y.own.To {
		start += days
	}
	p := calendar.Range{From: start, To: min(start+days-1, y.own.To)}
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
func (n *naive) worth(i, pot int, p naivePeriod) (sum exact.Rat, first, last calendar.Date) {
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
		last = d
		t := naivePot(day.terms, pot)
		amount := n.amountOn(i, pot, p.From, d)
		if rule.Worked.Sign() > 0 {
			sum = sum.Add(amount.Mul(n.worked(d)).Div(rule.Worked))
			continue
		}
		if _, away := n.away[d]; away && rule.NotOnLeave && rule.PerPeriod {
			continue
		}
		sum = sum.Add(n.ofTheWeek(rule, t, amount, d).Mul(share(d)))
	}
	return sum, first, last
}

// ofTheWeek returns an amount for the working week of a day. More than a full-time week
// gives no more for a leave year than that may grant.
func (n *naive) ofTheWeek(rule, t Terms, amount exact.Rat, d calendar.Date) exact.Rat {
	full, week := t.FullTime, n.on(d).week
	if full.IsZero() {
		return amount
	}
	whole := amount.Mul(week).Div(full)
	if rule.AtMost.Sign() > 0 && !rule.PerPeriod && week.Cmp(full) > 0 {
		whole = exact.Min(whole, exact.Max(amount, rule.AtMost))
	}
	return whole
}

// worked returns the minutes of work of a day.
func (n *naive) worked(d calendar.Date) exact.Rat {
	w, _, _ := n.work(d)
	return exact.Int(int64(max(0, w.Minutes()-n.away[d])))
}

// amountOn returns the amount that holds on a covered day: that for time away, or
// that of the level with what comes on top.
func (n *naive) amountOn(i, pot int, period, d calendar.Date) exact.Rat {
	day := n.on(d)
	t := naivePot(day.terms, pot)
	for k := range t.Away {
		if n.isAway(n.years[i], &t.Away[k], d) {
			return t.Away[k].Amount
		}
	}
	amount := naiveAmount(t, day.since, period, d)
	for _, b := range t.Bonuses {
		var reached calendar.Date
		switch born := n.facts.Person.Born; {
		case b.Age > 0 && born == 0:
			continue
		case b.Age > 0:
			reached = born.AddYears(b.Age)
		default:
			reached = day.since.AfterMonths(b.After)
		}
		if reached <= period || b.Start == AtOnce && reached <= d || b.Start == ThatYear && reached <= n.years[i].own.To {
			amount = amount.Add(b.Amount)
		}
	}
	return amount
}

// naiveAmount returns the amount of the level that holds on d.
func naiveAmount(t Terms, since, period, d calendar.Date) exact.Rat {
	if l := naiveLevel(t, since, period, d); l != nil {
		return l.Amount
	}
	return t.Amount
}

// naiveCap returns where the balance stops a grant at the level that holds on d.
func naiveCap(t Terms, since, period, d calendar.Date) exact.Rat {
	if l := naiveLevel(t, since, period, d); l != nil && l.Cap.Sign() > 0 {
		return l.Cap
	}
	return t.Cap
}

// naiveLevel returns the level that holds on d, nil before the first.
func naiveLevel(t Terms, since, period, d calendar.Date) (best *Level) {
	for _, l := range t.Levels {
		reached := since.AfterMonths(l.After)
		ok := reached <= period
		if l.Immediate {
			ok = ok || reached <= d
		}
		if ok && (best == nil || l.After > best.After) {
			best = &l
		}
	}
	return best
}

// shares returns which part of the amount a covered day of a period is.
func (n *naive) shares(i int, t Terms, p naivePeriod) func(calendar.Date) exact.Rat {
	y := n.years[i]
	if t.PerPeriod {
		s := n.part(t.Proration, p.Range, p.counts, false)
		r, _ := t.Accrual.Split()
		least := map[Rhythm]int{Fortnight: 14, FourWeekly: 28}[r]
		if p.Days() < least && t.Proration != ByTouched && t.Proration != NoProration {
			s = s.Mul(exact.New(int64(p.Days()), int64(least))) // measured by so many weeks all the same
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
