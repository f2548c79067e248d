// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
)

// firstNaiveClaimPot comes after the pots of any policy.
const firstNaiveClaimPot = 1000

// forSale reports whether a purse may be sold from.
func (p *naivePurse) forSale() bool {
	return p.pot < firstNaiveClaimPot && (p.class == Extra || p.class == Earned)
}

// claim adds what claims give and take.
func (r *naiveRun) claim(opens calendar.Date) {
	claims := slices.Clone(r.facts.Claims)
	slices.SortFunc(claims, func(a, b Claim) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID)) })
	pot := firstNaiveClaimPot
	born := map[[2]string]bool{}
	for _, c := range claims {
		if day := r.firstJob(c.Date); c.Kind == ClaimEvent && c.State == Approved && day > 0 {
			key := [2]string{string(c.Event), c.Date.String()}
			r.onEvent(c, day, born[key], &pot)
			born[key] = born[key] || r.look(day).terms != nil
		}
	}
	r.onFirstDays(opens, &pot)
	for _, c := range claims {
		if terms := r.look(c.Date).terms; c.Kind == ClaimOvertime && c.State == Approved && terms != nil && r.hasJob(c.Date) {
			r.onOvertime(c, terms)
		}
	}
	for _, c := range claims {
		switch terms := r.look(c.Date).terms; {
		case c.Kind == ClaimSale && c.State.Counts():
			r.takings[c.Date] = append(r.takings[c.Date], naiveTaking{key: c.ID, amount: c.Amount, sale: true})
		case c.Kind == ClaimPurchase && c.State == Approved && terms != nil && r.hasJob(c.Date):
			g := naiveGrant{day: c.Date, class: Earned, kind: LineBought, amount: c.Amount}
			for k := len(terms.Also); k >= 0; k-- {
				if t := naivePot(terms, k); t.Class != Statutory && t.Event.Kind == "" {
					g.pot = r.there(c.Date, k)
				}
			}
			r.grants[g.day] = append(r.grants[g.day], g)
		}
	}
}

// there is the pot, or the first where the leave year of a day has no such one.
func (n *naive) there(d calendar.Date, pot int) int {
	if i := n.on(d).year; i >= 0 && pot > len(n.years[i].terms.Also) {
		return 0
	}
	return pot
}

func (n *naive) hasJob(d calendar.Date) bool {
	_, _, ok := n.work(d)
	return ok
}

// firstJob returns the first day from d on with work to go to, zero for none.
func (n *naive) firstJob(d calendar.Date) calendar.Date {
	for x := d; x < d+3000; x++ {
		if n.hasJob(x) {
			return x
		}
	}
	return 0
}

// onEvent adds what is due on an event; again where another of its day was before.
func (r *naiveRun) onEvent(c Claim, day calendar.Date, again bool, pot *int) {
	terms := r.look(day).terms
	for k := 0; terms != nil && k <= len(terms.Also); k++ {
		t := naivePot(terms, k)
		from, to := c.Date, c.Date
		from = from.AddMonths(-t.Event.Before.Months) - calendar.Date(t.Event.Before.Days)
		to = to.AddMonths(t.Event.Within.Months) + calendar.Date(t.Event.Within.Days)
		if t.Event.Kind != c.Event || again && !t.Event.EachChild || day > to {
			continue
		}
		*pot++
		g := naiveGrant{day: r.firstJob(from), pot: *pot, class: t.Class, until: to, amount: r.dueAmount(t, day), event: true}
		if next := naivePot(terms, k+1).Event; t.Event.GoesOn && next.Kind == c.Event {
			then := c.Date.AddMonths(next.Within.Months) + calendar.Date(next.Within.Days)
			if then > to {
				g.then = then
			}
		}
		r.grants[g.day] = append(r.grants[g.day], g)
	}
}

// dueAmount returns what a pot gives to somebody with the working week of a day.
func (r *naiveRun) dueAmount(t Terms, d calendar.Date) exact.Rat {
	if !t.Event.Weeks {
		return t.Amount
	}
	week := r.look(d).week
	switch {
	case r.typ.Unit == Days && r.typ.Counting == CalendarDays:
		week = exact.Int(7)
	case r.typ.Unit == Days && r.typ.Counting == SixDays:
		week = exact.Int(6)
	}
	return week.Mul(t.Amount)
}

// onFirstDays goes through the days of leave and opens a window where none is open.
func (r *naiveRun) onFirstDays(opens calendar.Date, pot *int) {
	var days []calendar.Date
	for d, list := range r.takings {
		for _, t := range list {
			if !t.adjust && !t.sale && (t.amount.Sign() > 0 || t.frozen.Sign() > 0) {
				days = append(days, d)
			}
		}
	}
	if opens > 0 {
		days = append(days, opens)
	}
	slices.Sort(days)
	until := map[int]calendar.Date{}
	for _, d := range days {
		terms := r.look(d).terms
		for k := 0; terms != nil && r.hasJob(d) && k <= len(terms.Also); k++ {
			t := naivePot(terms, k)
			if t.Event.Kind != FirstDay || d <= until[k] {
				continue
			}
			until[k] = pastMonths(d, t.Event.Within.Months) + calendar.Date(t.Event.Within.Days) - 1
			*pot++
			r.grants[d] = append(r.grants[d], naiveGrant{day: d, pot: *pot, class: t.Class, until: until[k], amount: r.dueAmount(t, d), event: true})
		}
	}
}

// onOvertime adds what overtime earns, in the first pot that lets it.
func (r *naiveRun) onOvertime(c Claim, terms *Terms) {
	for k := range 1 + len(terms.Also) {
		t := naivePot(terms, k)
		if len(t.Overtime.Factors) == 0 {
			continue
		}
		worth := exact.Int(int64(c.Minutes * c.Factor)).Div(exact.Int(100))
		if r.typ.Unit == Days {
			length := r.usualDay(c.Date)
			if length.IsZero() {
				return
			}
			worth = worth.Div(length)
		}
		g := naiveGrant{day: c.Date, pot: r.there(c.Date, k), class: Earned, kind: LineOvertime, cap: naiveCap(t, r.look(c.Date).since, c.Date, c.Date), amount: worth}
		if v := t.Overtime.Valid; v.Months+v.Days > 0 {
			g.until = pastMonths(c.Date, v.Months) + calendar.Date(v.Days) - 1
		}
		r.grants[g.day] = append(r.grants[g.day], g)
		return
	}
}

// usualDay returns the whole minutes of an average day of work of the pattern of d.
func (n *naive) usualDay(d calendar.Date) exact.Rat {
	pattern, from := "", calendar.Date(-1)
	for _, c := range n.facts.Contracts {
		if c.From <= d && c.From > from {
			pattern, from = c.Pattern, c.From
		}
	}
	p := n.book.Patterns[pattern]
	days, minutes := exact.Rat{}, 0
	for i := range 7 * len(p.Weeks) {
		w := p.On(p.Anchor.Monday().AddDays(i))
		days, minutes = days.Add(w.DayFrac(calendar.WholeDay)), minutes+w.Minutes()
	}
	if days.IsZero() {
		return days
	}
	return exact.Int(int64(minutes)).Div(days).Floor()
}

// dues returns pots that are due on events, or by overtime.
func (l *life) dues() []Terms {
	amount := func() exact.Rat { return l.inUnit(1 + l.IntN(8)) }
	rule := EventRule{Kind: pick(l.Rand, EventBirth, EventCare, FirstDay), Weeks: l.one(2), Within: Term{pick(l.Rand, 0, 1, 6, 12), 1 + l.IntN(40)}}
	first := Terms{Amount: amount(), Class: pick(l.Rand, "", Statutory, Extra), Event: rule}
	if rule.Weeks {
		first.Amount = exact.Int(int64(1 + l.IntN(3)))
	}
	if rule.Kind == FirstDay {
		return []Terms{first}
	}
	first.Event.Before, first.Event.EachChild = Term{Days: l.IntN(40)}, l.one(2)
	if l.one(3) {
		return []Terms{first, {Class: Earned, Overtime: OvertimeRule{Factors: []int{100}, Valid: Term{Days: l.IntN(90)}}, Cap: l.inUnit(l.IntN(12))}}
	}
	next := Terms{Amount: amount(), Event: first.Event}
	first.Event.GoesOn = true
	next.Event.Within.Months += pick(l.Rand, 0, 0, 6)
	next.Event.Before = Term{}
	return []Terms{first, next}
}

// claim makes up events, overtime, leave bought and sold.
func (l *life) claim() {
	states := []State{Approved, Approved, Approved, Pending, Refused}
	for i := range pick(l.Rand, 0, 1, 2, 4) {
		c := Claim{ID: pick(l.Rand, "c", "0") + string(rune('a'+i)), Kind: pick(l.Rand, ClaimKinds...), Type: "holiday",
			Date: l.start.AddDays(l.IntN(1200) - 60), State: pick(l.Rand, states...)}
		switch c.Kind {
		case ClaimEvent:
			c.Event, c.Type = pick(l.Rand, EventBirth, EventBirth, EventCare), ""
		case ClaimOvertime:
			c.Minutes, c.Factor = 30+l.IntN(400), pick(l.Rand, 100, 150)
		default:
			c.Amount = l.inUnit(1 + l.IntN(4))
		}
		l.facts.Claims = append(l.facts.Claims, c)
		if c.Kind == ClaimEvent && l.one(3) {
			c.ID += "2"
			l.facts.Claims = append(l.facts.Claims, c)
		}
	}
}
