// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
)

// TestNaiveBlock: of every block that the engine tells of, the slow one says the same.
func TestNaiveBlock(t *testing.T) {
	from, n := histories(300)
	seen := map[BlockStanding]int{}
	for seed := from; seed < from+n && !t.Failed(); seed++ {
		l := newLife(seed)
		at := l.someDay()
		l.blocks(seed)
		got, ok := l.book.BlockOn(l.facts, l.typ, at)
		seen[got.Standing]++
		want := newNaive(l.book, l.facts, l.typ, at.AddYears(2)).block(at)
		if say := blockText(got, ok); say != want {
			t.Errorf("history %d on %s: %s, naive %s", seed, at, say, want)
		}
	}
	for _, s := range BlockStandings {
		if n > 200 && seen[s] == 0 {
			t.Errorf("no history has a block that is %s: %v", s, seen)
		}
	}
}

// blockText writes a view as naive.block writes its own.
func blockText(v BlockView, ok bool) string {
	switch {
	case !ok:
		return "none"
	case v.Standing == BlockNotDue:
		return fmt.Sprint(v.Standing, " ", v.Window, v.Cost, v.Have)
	case len(v.Parts) > 0:
		return fmt.Sprint(v.Standing, " ", v.Window, v.Parts)
	}
	return fmt.Sprint(v.Standing, " ", v.Window, v.Cost, v.By)
}

// blocks has the policies of a history ask for blocks.
func (l *life) blocks(seed uint64) {
	r := rand.New(rand.NewPCG(seed, 3))
	for i := range l.book.Policies {
		b := pick(r, Block{Weeks: 1}, Block{Weeks: 2}, Block{Weeks: 2, Twice: 1}, Block{SixDays: 12}, Block{SixDays: 5 + r.IntN(5)})
		if r.IntN(3) == 0 {
			b.From = MonthDay{time.Month(1 + r.IntN(12)), 1 + r.IntN(28)}
			b.To = MonthDay{time.Month(1 + r.IntN(12)), 1 + r.IntN(28)}
		}
		l.book.Policies[i].Terms.Block = b
	}
}

// block tries every two days of the window as the first and the last of a block.
func (n *naive) block(at calendar.Date) string {
	terms := n.look(at).terms
	if terms == nil || !n.look(at).covered {
		return "none"
	}
	rule, w := terms.Block, n.leaveYear(at)
	if rule.From.Month > 0 {
		w = calendar.Range{From: at, To: at}
		for !isDay(rule.To, w.To) {
			w.To++
		}
		for w.From = w.To; !isDay(rule.From, w.From); {
			w.From--
		}
	}
	day := max(at, w.From)
	for !n.hasJob(day) && day <= w.To {
		day++
	}
	if day > w.To {
		return "none"
	}
	week := n.week(n.patternOn(day))
	switch {
	case n.typ.Unit == Hours:
	case n.typ.Counting == CalendarDays:
		week = exact.Int(7)
	case n.typ.Counting == SixDays:
		week = exact.Int(6)
	}
	needed := week.Mul(exact.Int(int64(rule.Weeks)))
	if rule.SixDays > 0 {
		needed = week.Mul(exact.Int(int64(rule.SixDays))).Div(exact.Int(6))
	}
	if due := n.dueIn(w); week.IsZero() || due.Cmp(needed) < 0 {
		return fmt.Sprint(BlockNotDue, " ", w, needed, due)
	}
	whole := n.runs(rule, w, at, max(7*rule.Weeks, rule.SixDays))
	halves := n.runs(rule, w, at, 7*rule.Twice)
	for _, waits := range []bool{false, true} {
		fine := func(r naiveBlock) bool { return !r.open && (waits || !r.waits) }
		if i := slices.IndexFunc(whole, fine); i >= 0 {
			return bookedBlock(w, at, whole[i])
		}
		for i := range halves {
			for k := range halves {
				if fine(halves[i]) && fine(halves[k]) && halves[k].From > halves[i].To {
					return bookedBlock(w, at, halves[i], halves[k])
				}
			}
		}
	}
	return n.stillPossible(w, whole, halves)
}

// bookedBlock writes how far a booked block is.
func bookedBlock(w calendar.Range, at calendar.Date, parts ...naiveBlock) string {
	how, ranges := BlockTaken, []calendar.Range{}
	for _, p := range parts {
		if p.To > at && how == BlockTaken {
			how = BlockBooked
		}
		ranges = append(ranges, p.Range)
	}
	for _, p := range parts {
		if p.waits {
			how = BlockAsked
		}
	}
	return fmt.Sprint(how, " ", w, ranges)
}

// stillPossible looks for the cheapest block, and for the last day to begin one.
func (n *naive) stillPossible(w calendar.Range, whole, halves []naiveBlock) string {
	found := false
	var cost exact.Rat
	var first, last calendar.Date
	note := func(c exact.Rat, by calendar.Date) {
		if !found || c.Less(cost) {
			cost = c
		}
		if !found || by < first {
			first = by
		}
		last, found = max(last, by), true
	}
	for _, r := range whole {
		note(r.cost, r.From)
	}
	for i, a := range halves {
		var best *naiveBlock
		for k, b := range halves {
			if b.From > a.To && (best == nil || b.cost.Cmp(best.cost) <= 0) {
				best = &halves[k]
			}
		}
		if best == nil {
			continue
		}
		by := halves[i].From
		if !a.open {
			by = best.From
		}
		note(a.cost.Add(best.cost), by)
	}
	if !found {
		return fmt.Sprint(BlockMissed, " ", w, exact.Rat{}, calendar.Date(0))
	}
	if exact.Max(n.book.Available(n.facts, n.typ, first), n.book.Available(n.facts, n.typ, last)).Less(cost) {
		return fmt.Sprint(BlockMissed, " ", w, cost, calendar.Date(0))
	}
	return fmt.Sprint(BlockPossible, " ", w, cost, last)
}

// patternOn returns the pattern of a day.
func (n *naive) patternOn(d calendar.Date) string {
	pattern, from := "", calendar.Date(-1)
	for _, c := range n.facts.Contracts {
		if c.From <= d && c.From > from {
			pattern, from = c.Pattern, c.From
		}
	}
	return pattern
}

// dueIn returns what there is on the first day of a window and comes in it.
func (n *naive) dueIn(w calendar.Range) exact.Rat {
	n.known = w.To
	r := n.prepare()
	r.run(w.From-1, 0, exact.Rat{})
	before, sum := r.sums, r.balance()
	r.run(w.From, 0, exact.Rat{})
	for _, k := range []LineKind{LineLapsed, LineExpired, LinePaid} {
		sum = sum.Add(r.sums[k]).Sub(before[k])
	}
	r.run(w.To, 0, exact.Rat{})
	for _, k := range []LineKind{LineGrant, LineOvertime, LineBought, LineSold} {
		sum = sum.Add(r.sums[k]).Sub(before[k])
	}
	for _, a := range n.facts.Adjustments {
		if a.Type == n.typ.ID && a.Amount.Sign() > 0 && w.Contains(a.Date) && !n.isUndone(a) {
			sum = sum.Add(a.Amount)
		}
	}
	return sum
}

// naiveBlock is a block that begins and ends on two days.
type naiveBlock struct {
	calendar.Range
	cost        exact.Rat
	open, waits bool
}

// runs returns the blocks of a length in a window, one for each first day.
func (n *naive) runs(rule Block, w calendar.Range, at calendar.Date, length int) []naiveBlock {
	n.known = at
	days := map[calendar.Date]naiveBlockDay{}
	for d := range w.All() {
		days[d] = n.blockDay(d, at)
	}
	var out []naiveBlock
	for from := w.From; from <= w.To && length > 0; from++ {
		if !days[from].leave && !days[from].open {
			continue
		}
		before := from // free days that lead up to it
		for x := days[before-1]; rule.Weeks > 0 && x.fine && !x.leave && !x.open; x = days[before-1] {
			before--
		}
		for to := from; to <= w.To && days[to].fine; to++ {
			if b, ok := n.between(rule, before, from, to, days, length); ok {
				out = append(out, b)
				break
			}
		}
	}
	return out
}

// between looks at all days from one to another: whether they are as long as asked.
func (n *naive) between(rule Block, before, from, to calendar.Date, days map[calendar.Date]naiveBlockDay, length int) (naiveBlock, bool) {
	b, counted := naiveBlock{Range: calendar.Range{From: from, To: to}}, 0
	for d := before; d <= to; d++ {
		day := days[d]
		if !day.fine {
			return b, false
		}
		if d >= from {
			b.cost, b.open, b.waits = b.cost.Add(day.cost), b.open || day.open, b.waits || day.waits
		}
		if _, free, _ := n.work(d); rule.SixDays == 0 || !free && d.Weekday() != time.Sunday {
			counted++
		}
	}
	return b, counted >= length
}

// naiveBlockDay is what a day is for a block.
type naiveBlockDay struct {
	fine, leave, open, waits bool
	cost                     exact.Rat
}

func (n *naive) blockDay(d, at calendar.Date) naiveBlockDay {
	w, _, job := n.work(d)
	out := naiveBlockDay{fine: job}
	todo := w.Minutes()
	if c, costs := n.cost(n.typ, Span{From: d, To: d}, d); costs {
		out.cost = c.In(n.typ.Unit)
	}
	for i := range n.facts.Requests {
		r := &n.facts.Requests[i]
		for _, t := range n.book.Types {
			if t.ID != r.Type || !r.State.Counts() {
				continue
			}
			for _, c := range n.charges(t, r) {
				switch {
				case c.Date != d:
				case t.ID != n.typ.ID:
					out.fine = out.fine && w.Minutes() == 0
				default:
					out.leave, out.waits = true, out.waits || r.State == Pending
					todo -= c.Minutes
					if out.cost = out.cost.Sub(c.In(n.typ.Unit)); out.cost.Sign() < 0 {
						out.cost = exact.Rat{}
					}
				}
			}
		}
	}
	if w.Minutes() == 0 {
		return out
	}
	out.open = todo > 0
	sick := false
	for _, s := range n.facts.Sickness {
		over := s.To != 0 && d > s.To || s.To == 0 && d > at && d > s.From
		sick = sick || d >= s.From && !over
	}
	if out.open && (d < at || sick) || n.back(d, at).Sign() > 0 {
		out.fine = false
	}
	return out
}
