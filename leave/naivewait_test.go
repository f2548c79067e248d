// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
)

// waits returns what a leave year earns under a waiting period: at the end of each
// full month before it is over a twelfth, and then the rest of what is due.
func (n *naive) waits(i, pot int) []naiveWorth {
	var out []naiveWorth
	y := n.years[i]
	t := naivePot(y.terms, pot)
	jobs := n.jobsOf(i)
	for k, p := range jobs {
		var days []calendar.Date
		for d := y.own.From; d <= y.own.To; d++ {
			if day := n.on(d); day.covered && day.job == p.job {
				days = append(days, d)
			}
		}
		e := n.facts.Employments[p.job]
		first, last := days[0], days[len(days)-1]
		over := pastMonths(e.From, t.FullAfter)
		whole := over <= y.own.To && (e.To == 0 || e.To >= over && e.To >= y.whole.From.AddMonths(6))
		var all, given exact.Rat
		most := naiveCap(t, e.From, y.own.From, last)
		for m := 0; ; m++ {
			from, to := pastMonths(first, m), pastMonths(first, m+1)-1
			if to > last {
				break
			}
			worth := n.twelfth(i, pot, days, from, to)
			all = all.Add(worth)
			if to < over {
				given = given.Add(worth)
				out = append(out, naiveWorth{day: to, worth: worth, cap: most})
			}
		}
		if over > last {
			continue
		}
		if whole {
			from, to := first, last
			if k == 0 && first == e.From {
				from = y.own.From
			}
			if last == e.To {
				to = y.own.To
				for d := last + 1; d <= to; d++ {
					if n.on(d).covered {
						to = d - 1
					}
				}
			}
			all = n.whole(i, pot, days, from, to)
		}
		out = append(out, naiveWorth{day: max(over, first), worth: all.Sub(given), cap: most})
	}
	return out
}

// twelfth returns what a month is worth of which no day is missing.
func (n *naive) twelfth(i, pot int, days []calendar.Date, from, to calendar.Date) exact.Rat {
	var sum exact.Rat
	for d := from; d <= to; d++ {
		if !slices.Contains(days, d) {
			return exact.Rat{}
		}
		sum = sum.Add(n.wholeYear(i, pot, d))
	}
	return sum.Div(exact.Int(12 * int64(to-from+1)))
}

// whole returns what the days from one to another are worth by the months of the
// leave year: those before the first like the first, those after the last like it.
func (n *naive) whole(i, pot int, days []calendar.Date, from, to calendar.Date) exact.Rat {
	if naivePot(n.years[i].terms, pot).Proration == ByFullMonths {
		return n.wholeMonths(i, pot, days, from, to)
	}
	var sum exact.Rat
	for d := from; d <= to; d++ {
		like := min(max(d, days[0]), days[len(days)-1])
		if !slices.Contains(days, like) {
			continue
		}
		m := monthOf(n.years[i], d)
		sum = sum.Add(n.wholeYear(i, pot, like).Div(exact.Int(12 * int64(m.Days()))))
	}
	return sum
}

// wholeMonths returns what the days from one to another are worth by the full months
// that are counted from the first of them: all twelve of a whole leave year, of which the last may end short.
func (n *naive) wholeMonths(i, pot int, days []calendar.Date, from, to calendar.Date) exact.Rat {
	var sum exact.Rat
	whole := n.years[i].whole
	for m := 0; pastMonths(from, m+1)-1 <= to || (calendar.Range{From: from, To: to}) == whole && m < 12; m++ {
		var worth exact.Rat
		first, past, missing := pastMonths(from, m), min(pastMonths(from, m+1), to+1), false
		for d := first; d < past; d++ {
			like := min(max(d, days[0]), days[len(days)-1])
			if missing = missing || !slices.Contains(days, like); missing {
				break
			}
			worth = worth.Add(n.wholeYear(i, pot, like))
		}
		if !missing {
			sum = sum.Add(worth.Div(exact.Int(12 * int64(past-first))))
		}
	}
	return sum
}

// wholeYear returns the amount of a leave year for the working week of a day.
func (n *naive) wholeYear(i, pot int, d calendar.Date) exact.Rat {
	return n.ofTheWeek(naivePot(n.years[i].terms, pot), *n.on(d).terms, n.amountOn(i, pot, n.years[i].own.From, d), d)
}

// isAway reports whether a rule about time away holds on a day.
func (n *naive) isAway(y naiveYear, rule *Away, d calendar.Date) bool {
	counts := n.countedAway(rule)
	if !counts[d] || !rule.Months {
		return counts[d]
	}
	year := naiveYear{whole: twelveMonths(y.terms.YearStart, d)}
	year.own = year.whole
	year.months = monthsOf(year)
	m := monthOf(year, d)
	for x := m.From; x <= m.To; x++ {
		if !counts[x] {
			return false
		}
	}
	return true
}

// countedAway returns the days of absences, the first weeks of each left out.
func (n *naive) countedAway(rule *Away) map[calendar.Date]bool {
	if out, known := n.counted[rule]; known {
		return out
	}
	out, days := map[calendar.Date]bool{}, 0
	for d := n.from; int(d-n.from) < len(n.days); d++ {
		if days++; !n.inAbsence(rule, d) {
			days = 0
		}
		out[d] = days > 7*rule.Weeks
	}
	n.counted[rule] = out
	return out
}

// inAbsence reports whether a day is away, or one of at most 14 free days between
// two that are.
func (n *naive) inAbsence(rule *Away, d calendar.Date) bool {
	off := n.offDays(rule)
	if off[d] {
		return true
	}
	free := func(d calendar.Date) bool {
		w, _, ok := n.work(d)
		return !ok || w.Minutes() == 0
	}
	gap := 1
	before, after := d-1, d+1
	if !free(d) {
		return false
	}
	for ; !off[before]; before-- {
		if gap++; gap > freeDays || !free(before) {
			return false
		}
	}
	for ; !off[after]; after++ {
		if gap++; gap > freeDays || !free(after) {
			return false
		}
	}
	return true
}

// offDays returns the days that somebody is sick or on whole days of leave of the
// types of a rule.
func (n *naive) offDays(rule *Away) map[calendar.Date]bool {
	if off, known := n.off[rule]; known {
		return off
	}
	off := map[calendar.Date]bool{}
	for d := n.from; int(d-n.from) < len(n.days); d++ {
		for _, s := range n.facts.Sickness {
			works := slices.ContainsFunc(s.Recovery, func(r Recovery) bool { return r.From <= d })
			off[d] = off[d] || rule.Sick && s.From <= d && (s.To == 0 || d <= s.To) && !works
		}
		for _, q := range n.facts.Requests {
			whole := q.From <= d && d <= q.To && q.On(d) == calendar.WholeDay
			off[d] = off[d] || whole && (q.State == Approved || q.State == Pending) && slices.Contains(rule.Types, q.Type)
		}
	}
	n.off[rule] = off
	return off
}

// fix puts what was fixed by hand in place of what was earned: each pot keeps its
// own as far as that reaches, the last has the rest.
func (n *naive) fix(pots [][]naiveGrant) {
	for _, x := range slices.SortedFunc(slices.Values(n.facts.Fixed), func(a, b FixedEntitlement) int { return cmp.Compare(a.ID, b.ID) }) {
		if x.Type != n.typ.ID {
			continue
		}
		var of []int // pots that grant something in that year
		own := map[int]exact.Rat{}
		for pot, grants := range pots {
			for _, g := range grants {
				if g.fixable(n, x) {
					if !slices.Contains(of, pot) {
						of = append(of, pot)
					}
					own[pot] = own[pot].Add(g.amount)
				}
			}
		}
		if len(of) == 0 {
			n.fixNew(pots, x)
			continue
		}
		rest := x.Amount
		for k, pot := range of {
			share := exact.Min(own[pot], rest)
			if k == len(of)-1 {
				share = rest
			}
			rest = rest.Sub(share)
			first := true
			for j := range pots[pot] {
				g := &pots[pot][j]
				switch {
				case !g.fixable(n, x):
					continue
				case own[pot].IsZero() && first:
					g.amount = share
				case !own[pot].IsZero():
					g.amount = share.Mul(g.amount).Div(own[pot])
				}
				first = false
			}
		}
	}
}

func (g *naiveGrant) fixable(n *naive, x FixedEntitlement) bool {
	return len(g.unspent) == 0 && n.yearName(g.day) == x.Year
}

// fixNew grants on the first day of a leave year in which nothing is granted.
func (n *naive) fixNew(pots [][]naiveGrant, x FixedEntitlement) {
	for _, y := range n.years {
		if y.own.From.Year() == x.Year {
			pots[0] = append(pots[0], naiveGrant{day: y.first, class: y.terms.Class, amount: x.Amount})
			return
		}
	}
}
