// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
)

// Unspent is leave on top for those who have much of the last leave year's left
// after a day, such as the main leave that is not taken in the summer (Code du
// travail L3141-23).
type Unspent struct {
	After  MonthDay  // what is left at the end of this day
	Least  exact.Rat // so much of it, or more
	Of     exact.Rat // so much of the last leave year's counts; what it granted beyond is taken last
	Amount exact.Rat // granted on the day after, to those who work then
}

// unspent are grants whose amount depends on what is left when they come.
type unspent struct {
	rules []Unspent
	year  int // whose leave is looked at
}

// unspent returns the grants of a leave year for what is left of the one before.
func (y *leaveYear) unspent(f *Facts, before *leaveYear) []grant {
	var out []grant
	for i, rule := range y.terms.Unspent {
		d := rule.After.onOrAfter(y.From.AddDays(-1)).AddDays(1)
		same := func(o Unspent) bool { return o.After == rule.After }
		works := slices.IndexFunc(y.stretches, func(s stretch) bool { return s.Contains(d) })
		if works < 0 || slices.ContainsFunc(y.terms.Unspent[:i], same) {
			continue
		}
		u := &unspent{year: before.label}
		for _, o := range y.terms.Unspent[i:] {
			if same(o) {
				u.rules = append(u.rules, o)
			}
		}
		out = append(out, grant{date: d, cap: y.cap(f, calendar.Range{From: d, To: d}, y.stretches[works:works+1]), unspent: u})
	}
	return out
}

// comesTo returns what a grant comes to in this ledger, and why.
func (l *ledger) comesTo(g *grant) (exact.Rat, []Reason) {
	if g.unspent == nil {
		return g.amount, g.why
	}
	var best Unspent
	for _, rule := range g.unspent.rules {
		lacks := rule.Least.Sub(l.mainLeft(g.pot, g.unspent.year, g.date, rule.Of))
		switch {
		case lacks.Sign() <= 0 && rule.Amount.Cmp(best.Amount) > 0:
			best = rule
		case lacks.Sign() > 0 && (l.near.IsZero() || lacks.Less(l.near)):
			l.near = lacks
		}
	}
	if best.Amount.IsZero() {
		return best.Amount, g.why
	}
	why := Reason{"unspent", []any{"amount", Amount{best.Least, l.unit}, "of", Amount{best.Of, l.unit}, "date", g.date.AddDays(-1)}}
	return best.Amount, append([]Reason{why}, g.why...)
}

// mayCome returns how much may yet be granted for what is left.
func (l *ledger) mayCome() exact.Rat {
	var sum exact.Rat
	for _, g := range l.grants[l.granted:] {
		if g.unspent == nil {
			continue
		}
		var most exact.Rat
		for _, rule := range g.unspent.rules {
			most = exact.Max(most, rule.Amount)
		}
		sum = sum.Add(most)
	}
	return sum
}

// mainLeft returns how much is left on a day of the first so many days that a leave
// year granted.
func (l *ledger) mainLeft(pot, year int, d calendar.Date, of exact.Rat) exact.Rat {
	var granted, left exact.Rat
	for i := range l.buckets {
		b := &l.buckets[i]
		if b.pot != pot || b.Year != year {
			continue
		}
		if !b.Carried {
			granted = granted.Add(b.Amount)
		}
		if b.Until >= d {
			left = left.Add(b.Left)
		}
	}
	return left.Sub(exact.Max(granted.Sub(of), exact.Rat{}))
}
