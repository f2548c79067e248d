// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
)

// leaveYear returns the leave year that d lies in, or the calendar year.
func (n *naive) leaveYear(d calendar.Date) calendar.Range {
	if i := n.on(d).year; i >= 0 {
		return n.years[i].own
	}
	return calendar.Range{From: calendar.On(d.Year(), 1, 1), To: calendar.On(d.Year(), 12, 31)}
}

// atEnd decides what becomes of leave of which d was the last day.
func (r *naiveRun) atEnd(p naivePurse, amount exact.Rat, d calendar.Date, terms *CarryOver, kind LineKind) {
	if terms == nil {
		terms = &CarryOver{}
	}
	stay := func(x exact.Rat, until calendar.Date, longer, told bool) {
		next := p
		next.from, next.until, next.carried, next.ends = d+1, until, true, longer
		next.left, next.terms, next.longer, next.told = x, terms, longer, told
		r.book(LineCarried, x)
		r.open(next)
		amount = amount.Sub(x)
	}
	needed := terms.Told.Before != Term{}
	notices := r.noticesOf(terms.Told, d)
	for _, x := range terms.Longer {
		until := p.origin.To + 1
		until = pastMonths(until, x.Term.Months).AddDays(x.Term.Days) - 1
		if n := exact.Min(amount, r.couldNot(x, d)); !p.longer && until > d && n.Sign() > 0 {
			r.excused[d] = r.excused[d].Add(n)
			stay(n, until, true, len(notices) > 0)
		}
	}
	all := p.longer && (p.told || r.neverThere(p.origin, d))
	if needed && !all {
		most := exact.Rat{}
		for _, n := range notices {
			all = all || n.Amount.IsZero()
			most = exact.Max(most, n.Amount)
		}
		if !all {
			goes := exact.Min(amount, exact.Max(most.Sub(r.spoken[d]), exact.Rat{}))
			r.spoken[d] = r.spoken[d].Add(goes)
			if x := amount.Sub(goes); x.Sign() > 0 {
				stay(x, r.lastDay(p.pot, d+1), false, false)
			}
		}
	}
	if terms.Rest != Lapses {
		kind = LinePaid
	}
	r.book(kind, amount.Neg())
}

// noticesOf returns the notices that were in time for an end.
func (r *naiveRun) noticesOf(c Told, end calendar.Date) (out []Notice) {
	gone := end + 1
	late := gone.AddMonths(-c.Before.Months).AddDays(-c.Before.Days) // too late on this day
	for _, n := range r.facts.Notices {
		day := n.Sent
		if c.Read {
			day = n.Read
		}
		right := n.Ends == end || n.Ends == 0 && n.Sent <= end && end < n.Sent.AddYears(1)
		if right && n.Type == r.typ.ID && day > 0 && day < late {
			out = append(out, n)
		}
	}
	return out
}

// awayFrom returns the first day of the time away until d, or a day after. Free days between are no gap.
func (r *naiveRun) awayFrom(x Longer, d calendar.Date) calendar.Date {
	is := func(d calendar.Date) bool {
		for _, s := range r.facts.Sickness {
			if len(x.Types) == 0 && s.From <= d && (d <= s.To || s.To == 0) {
				return true
			}
		}
		return slices.ContainsFunc(r.facts.Requests, func(q Request) bool {
			return q.State == Approved && slices.Contains(x.Types, q.Type) && q.From <= d && d <= q.To
		})
	}
	first := d + 1
	for {
		x := first
		for n := 0; n < freeDays && !is(x-1) && r.isFree(x-1); n++ {
			x--
		}
		if !is(x - 1) {
			return first
		}
		for first = x - 1; is(first - 1); first-- {
		}
	}
}

// isFree reports whether the person works for somebody on a day, and has nothing to do.
func (n *naive) isFree(d calendar.Date) bool {
	w, _, ok := n.work(d)
	return ok && w.Minutes() == 0
}

// neverThere reports whether the person was away until d since before the first day of a time on which they would have worked.
func (r *naiveRun) neverThere(in calendar.Range, d calendar.Date) bool {
	from := r.awayFrom(Longer{}, d)
	for x := in.From; x < from; x++ {
		if w, _, ok := r.work(x); ok && w.Minutes() > 0 {
			return false
		}
	}
	return from <= d
}

// couldNot returns how much could not be taken, since the person was away on d.
func (r *naiveRun) couldNot(x Longer, d calendar.Date) exact.Rat {
	from := r.awayFrom(x, d)
	if from > d {
		return exact.Rat{}
	}
	n := Total(r.count(r.typ, Span{From: max(from, d.AddYears(-1)+1), To: d}), r.typ.Unit)
	if x.Most.Sign() > 0 {
		week, day := Ratio{exact.Int(1), exact.Int(1)}, d
		i := r.on(d).year
		for i >= 0 && !r.on(day).covered && day > r.years[i].first {
			day--
		}
		if i >= 0 {
			day = max(day, r.years[i].first)
			if full := r.on(day).terms.FullTime; full.Sign() > 0 {
				week = Ratio{r.on(day).week, full}
			}
		}
		n = exact.Min(n, x.Most.Mul(week.Rat()))
	}
	return n.Sub(r.excused[d])
}

// conditions gives some policies conditions, and the person notices and illness.
func (l *life) conditions() {
	for i := range l.book.Policies {
		t := &l.book.Policies[i].Terms
		l.condition(&t.CarryOver)
		t.Also = slices.Clone(t.Also)
		for k := range t.Also {
			l.condition(&t.Also[k].CarryOver)
		}
	}
	for i := range pick(l.Rand, 0, 0, 1, 2) {
		if len(l.facts.Sickness) > i {
			break
		}
		s := Sickness{ID: fmt.Sprint("s", i), From: l.start.AddDays(l.IntN(1300))}
		if s.To = s.From.AddDays(l.IntN(pick(l.Rand, 10, 60, 500))); l.one(4) {
			s.To = 0
		}
		if l.one(3) { // to the end of a year
			s.From = calendar.On(s.From.Year(), 12, 1+l.IntN(31))
			s.To = s.From.AddDays(20 + l.IntN(500))
		}
		l.facts.Sickness = append(l.facts.Sickness, s)
	}
	for i := range pick(l.Rand, 0, 0, 1, 3) {
		n := Notice{ID: fmt.Sprint("n", i), Type: pick(l.Rand, "holiday", "holiday", "sick"), Sent: l.start.AddDays(l.IntN(1500))}
		if l.one(3) {
			n.Amount = l.inUnit(l.IntN(30))
		}
		if l.one(4) {
			n.Ends = calendar.On(n.Sent.Year()+1, 1, 1).AddDays(-1)
		}
		if l.one(3) {
			n.Read = n.Sent.AddDays(l.IntN(100))
		}
		l.facts.Notices = append(l.facts.Notices, n)
	}
}

// condition gives terms a condition now and then.
func (l *life) condition(c *CarryOver) {
	if l.one(3) {
		c.Told = Told{Before: pick(l.Rand, Term{1, 0}, Term{2, 0}, Term{6, 3}, Term{0, 20}), Read: l.one(4)}
	}
	if l.one(3) {
		c.Longer = append(c.Longer, Longer{Term: Term{pick(l.Rand, 3, 15, 18, 24), 0}, Most: l.inUnit(pick(l.Rand, 0, 8, 40))})
	}
	if l.one(6) {
		c.Longer = append(c.Longer, Longer{Types: []string{"sick"}, Term: Term{12, l.IntN(20)}, Most: l.inUnit(pick(l.Rand, 0, 8))})
	}
	c.Rest = pick(l.Rand, Lapses, Lapses, Lapses, PaidOut, BoughtBack)
}
