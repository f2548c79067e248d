// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// Block is leave in a row that everybody should have once in a leave year: so many
// days without work, some of which are leave. The law asks for twelve Werktage (BUrlG § 7
// (2)), for twelve jours ouvrables in the summer (Code du travail L3141-19 and L3141-23),
// for two weeks or twice one (BW 7:638 (3)). It warns; nothing is refused for it. The zero
// value asks for none.
type Block struct {
	Weeks   int      // so many weeks without work
	SixDays int      // in place of Weeks: so many days of six a week, Sundays and public holidays left out
	Twice   int      // or, beside Weeks, twice so many weeks; 0: not
	From    MonthDay // first day of the season in which it lies; zero: the leave year
	To      MonthDay // last day of the season
}

// IsZero reports whether no block is asked for.
func (r Block) IsZero() bool { return r.Weeks == 0 && r.SixDays == 0 }

// length returns how many days of those that count the whole block is long, or a
// half of it where two halves will do.
func (r Block) length() (whole, half int) {
	if r.SixDays > 0 {
		return r.SixDays, 0
	}
	return 7 * r.Weeks, 7 * r.Twice
}

// weeks returns the length in weeks.
func (r Block) weeks() exact.Rat {
	if r.SixDays > 0 {
		return exact.New(int64(r.SixDays), 6)
	}
	return exact.Int(int64(r.Weeks))
}

// check notes what cannot be: a block of no length or of more than 26 weeks, halves
// that are no less than the whole, half a season.
func (r Block) check(f *people.Faults) {
	long := r.Weeks < 0 || r.SixDays < 0 || r.Weeks > 26 || r.SixDays > 26*6 || r.Weeks > 0 && r.SixDays > 0
	if long || r.Twice < 0 || r.Twice > 0 && r.Twice >= r.Weeks {
		f.Add("block", "leave.error.block_length")
	}
	if !r.From.valid() || !r.To.valid() || r.From.IsZero() != r.To.IsZero() {
		f.Add("block_from", "leave.error.month_day")
	}
}

// window returns the days in which the block lies that is asked for on d: those of
// the leave year, or the season that runs on d or comes next.
func (r Block) window(year calendar.Range, d calendar.Date) calendar.Range {
	if r.From.IsZero() {
		return year
	}
	end := r.To.onOrAfter(d)
	from := r.From.In(end.Year())
	if from > end {
		from = r.From.In(end.Year() - 1)
	}
	return calendar.Range{From: from, To: end}
}

// BlockStanding is how far a block is.
type BlockStanding string

// The standings.
const (
	BlockTaken    BlockStanding = "taken"
	BlockBooked   BlockStanding = "booked"   // approved, and not all taken yet
	BlockAsked    BlockStanding = "asked"    // some of it waits for approval
	BlockPossible BlockStanding = "possible" // there is time and leave for it
	BlockMissed   BlockStanding = "missed"   // there is not
	BlockNotDue   BlockStanding = "not-due"  // less leave is due than it takes
)

// BlockStandings are all of them, the most urgent first.
var BlockStandings = []BlockStanding{BlockMissed, BlockPossible, BlockAsked, BlockBooked, BlockTaken, BlockNotDue}

// BlockView is how far the block of a window is on a day.
type BlockView struct {
	Type     Type
	Rule     Block
	Window   calendar.Range
	Standing BlockStanding
	Parts    []calendar.Range // taken, booked or asked for: one, or two halves
	Cost     exact.Rat        // possible or missed: the least that is still to be booked
	Have     exact.Rat        // what can be booked for it; where it is not due: all that is due
	By       calendar.Date    // possible: the last day on which it can begin
	Why      []Reason
}

// BlockOn returns how far the block is that the terms of a type ask of f's person on a
// day. ok is false where they ask for none, or where the person has gone by then.
func (b *Rulebook) BlockOn(f *Facts, t Type, at calendar.Date) (v BlockView, ok bool) {
	return b.blockOf(f, t, at, at)
}

// blockSeen is BlockOn for who looks today: of a day to come it says what can still be booked in its window, and not what can
// be booked from that day on.
func (b *Rulebook) blockSeen(f *Facts, t Type, at calendar.Date) (v BlockView, ok bool) {
	return b.blockOf(f, t, at, min(at, f.Today))
}

// blockOf is BlockOn for the window that a day lies in, as things stand on the day at.
func (b *Rulebook) blockOf(f *Facts, t Type, in, at calendar.Date) (v BlockView, ok bool) {
	f = f.sorted()
	terms, ok := b.termsOn(f, t, in)
	if !ok || terms.Block.IsZero() || !t.Entitled || !f.EmployedOn(in) {
		return v, false
	}
	v = BlockView{Type: t, Rule: terms.Block, Window: terms.Block.window(b.account(f, t, in).years.of(in), in)}
	day, works := f.employedFrom(max(at, v.Window.From))
	if !works || day > v.Window.To {
		return v, false
	}
	week := b.weekOf(f, t, day)
	needed := week.Mul(v.Rule.weeks())
	if due := b.dueIn(f, t, v.Window); week.IsZero() || due.Cmp(needed) < 0 {
		v.Standing, v.Cost, v.Have = BlockNotDue, needed, due
		v.Why = []Reason{{"block_small", []any{"amount", Amount{needed, t.Unit}, "have", Amount{due, t.Unit}}}}
		return v, true
	}
	p := b.plan(f, t, v.Rule, v.Window, at)
	if !p.met(&v, at) {
		p.outlook(b, f, &v)
	}
	return v, true
}

// dueIn returns all that may be taken in a window, were nothing taken of it: what
// there is on its first day and what is granted in it.
func (b *Rulebook) dueIn(f *Facts, t Type, w calendar.Range) exact.Rat {
	sum := b.Statement(f, t, w.From.AddDays(-1)).Balance
	for _, l := range b.Statement(f, t, w.To).Lines {
		lost := l.Kind == LineLapsed || l.Kind == LineExpired || l.Kind == LinePaid
		granted := l.Kind.entitles() && !l.Undone && (l.Kind != LineAdjustment || l.Amount.Sign() > 0)
		if lost && l.Date == w.From || granted && w.Contains(l.Date) {
			sum = sum.Add(l.Amount)
		}
	}
	return sum
}

// blockDay is what a day is for a block.
type blockDay struct {
	job     bool      // it may lie in a block: employed, neither sick nor on other leave, and not yet gone by
	booked  bool      // leave is booked on it
	pending bool      // some of which waits
	open    bool      // work is left that would have to be taken off
	cost    exact.Rat // of booking what is left of it
	counts  bool      // it is one of those that the length is counted in
}

// blockRun is a block, or half of one, from its first day to the one on which it is
// long enough.
type blockRun struct {
	calendar.Range
	cost    exact.Rat
	open    bool // some of it is still to be booked
	pending bool
}

// blockPlan is every block that can be had in a window, by the first day.
type blockPlan struct{ whole, halves []blockRun }

// plan finds all blocks in a window. What is not booked before at cannot be any more.
func (b *Rulebook) plan(f *Facts, t Type, rule Block, w calendar.Range, at calendar.Date) blockPlan {
	booked := b.bookedDays(f, w)
	days := make([]blockDay, 0, w.Days())
	for d := range w.All() {
		days = append(days, b.blockDay(f, t, rule, d, at, booked[d]))
	}
	whole, half := rule.length()
	return blockPlan{whole: rule.runs(days, w.From, whole), halves: rule.runs(days, w.From, half)}
}

// booking is what one request takes of a day.
type booking struct {
	request *Request
	Charge
}

// bookedDays returns what requests take of the days of a window.
func (b *Rulebook) bookedDays(f *Facts, w calendar.Range) map[calendar.Date][]booking {
	out := map[calendar.Date][]booking{}
	for i := range f.Requests {
		r := &f.Requests[i]
		t, ok := b.Type(r.Type)
		if !ok || !r.State.Counts() || !r.Range().Overlaps(w) {
			continue
		}
		for _, c := range b.Charges(f, t, r) {
			out[c.Date] = append(out[c.Date], booking{r, c})
		}
	}
	return out
}

// blockDay looks at one day. One without work need not be booked; on another all of
// it has to be leave of the type.
func (b *Rulebook) blockDay(f *Facts, t Type, rule Block, d, at calendar.Date, booked []booking) blockDay {
	w, h, ok := b.Workday(f, d)
	if !ok {
		return blockDay{}
	}
	out := blockDay{job: true, counts: true, cost: chargeOf(t.Counting, d, w, h, calendar.WholeDay).In(t.Unit)}
	if rule.SixDays > 0 {
		out.counts = d.Weekday() != time.Sunday && (h.Date.IsZero() || h.Off != calendar.FullDay)
	}
	work := w.Minutes()
	for _, x := range booked {
		if x.request.Type != t.ID {
			out.job = out.job && w.Minutes() == 0
			continue
		}
		work -= x.Minutes
		out.cost = exact.Max(out.cost.Sub(x.In(t.Unit)), exact.Rat{})
		out.booked, out.pending = true, out.pending || x.request.State == Pending
	}
	if w.Minutes() == 0 {
		return out
	}
	known := f.known(at)
	back, _ := f.givenBack(t, d, known)
	sick := slices.ContainsFunc(f.Sickness, func(s Sickness) bool { return s.From <= d && d <= s.Until(known) })
	if out.open = work > 0; out.open && (sick || d < at) || back.Sign() > 0 {
		out.job = false
	}
	return out
}

// runs returns the blocks of a length that begin on each day that is booked or has
// work. Free days behind it belong to it, and where weeks are asked for those before it
// too: days of six a week are counted from the first that is taken.
func (r Block) runs(days []blockDay, first calendar.Date, length int) []blockRun {
	var out []blockRun
	free := 0 // that count, just before a day
	for i := range days {
		d := &days[i]
		switch {
		case !d.job:
			free = 0
		case !d.booked && !d.open:
			if r.SixDays == 0 {
				free++
			}
		case length > 0:
			if run, ok := blockRunFrom(days[i:], length-free); ok {
				run.From, run.To = run.From.AddDays(int(first)+i), run.To.AddDays(int(first)+i)
				out = append(out, run)
			}
			free = 0
		}
	}
	return out
}

// blockRunFrom returns the block that begins on the first of some days, of so many
// that count. Its days are told from the first.
func blockRunFrom(days []blockDay, length int) (run blockRun, ok bool) {
	for k := range days {
		d := &days[k]
		if !d.job {
			return run, false
		}
		run.cost, run.open, run.pending = run.cost.Add(d.cost), run.open || d.open, run.pending || d.pending
		if length -= d.counted(); length <= 0 {
			run.To = calendar.Date(k)
			return run, true
		}
	}
	return run, false
}

// counted returns 1 for a day that the length of a block is counted in.
func (d *blockDay) counted() int {
	if d.counts {
		return 1
	}
	return 0
}

// met notes what is booked already and long enough: what is approved rather than what
// waits, the first rather than a later one, a whole rather than two halves.
func (p *blockPlan) met(v *BlockView, at calendar.Date) bool {
	for _, pending := range []bool{false, true} {
		booked := func(runs []blockRun) []blockRun {
			return slices.DeleteFunc(slices.Clone(runs), func(r blockRun) bool { return r.open || r.pending && !pending })
		}
		if whole := booked(p.whole); len(whole) > 0 {
			v.stands(whole[:1], at)
			return true
		}
		if halves := apart(booked(p.halves)); len(halves) == 2 {
			v.stands(halves, at)
			return true
		}
	}
	return false
}

// apart returns the first run and the first that begins after it, as far as there are
// any.
func apart(runs []blockRun) []blockRun {
	for _, r := range runs {
		if r.From > runs[0].To {
			return []blockRun{runs[0], r}
		}
	}
	return runs[:min(1, len(runs))]
}

// stands notes the parts of a block that is booked.
func (v *BlockView) stands(parts []blockRun, at calendar.Date) {
	v.Standing = BlockTaken
	for _, r := range parts {
		standing := BlockTaken
		switch {
		case r.pending:
			standing = BlockAsked
		case r.To > at:
			standing = BlockBooked
		}
		if slices.Index(BlockStandings, standing) < slices.Index(BlockStandings, v.Standing) {
			v.Standing = standing
		}
		v.Parts = append(v.Parts, r.Range)
		v.Why = append(v.Why, Reason{"block_" + string(standing), []any{"from", r.From, "to", r.To}})
	}
}

// choice is a way to have a block that is not booked yet.
type choice struct {
	cost exact.Rat
	by   calendar.Date // the last day on which it can begin
}

// outlook says whether a block is still possible: whether one fits into what is left
// of the window, and whether on the first or the last day on which it could begin as
// much leave is available as the cheapest costs.
func (p *blockPlan) outlook(b *Rulebook, f *Facts, v *BlockView) {
	var best *choice
	ways := slices.Concat(ways(p.whole), pairs(p.halves))
	for i := range ways {
		if best == nil || ways[i].cost.Cmp(best.cost) < 0 {
			best = &ways[i]
		}
	}
	if v.Standing = BlockMissed; best == nil {
		v.Why = []Reason{{"block_late", []any{"date", v.Window.To}}}
		return
	}
	first := ways[0].by
	for _, w := range ways {
		first, v.By = min(first, w.by), max(v.By, w.by)
	}
	v.Cost, v.Have = best.cost, exact.Max(b.Available(f, v.Type, first), b.Available(f, v.Type, v.By))
	amount, have := Amount{v.Cost, v.Type.Unit}, Amount{v.Have, v.Type.Unit}
	if v.Have.Cmp(v.Cost) < 0 {
		v.By = 0
		v.Why = []Reason{{"block_short", []any{"amount", amount, "have", have}}}
		return
	}
	v.Standing, v.Why = BlockPossible, []Reason{{"block_possible", []any{"amount", amount, "date", v.By}}}
}

// ways returns each run as a way.
func ways(runs []blockRun) []choice {
	var out []choice
	for _, r := range runs {
		out = append(out, choice{r.cost, r.From})
	}
	return out
}

// pairs returns, for each run, the cheapest way with another that begins after it is
// over, of several the last. What is to be booked begins with the first of the two that
// is not booked.
func pairs(runs []blockRun) []choice {
	second := slices.Clone(runs) // of those from here on
	for i := len(runs) - 2; i >= 0; i-- {
		if second[i+1].cost.Cmp(runs[i].cost) <= 0 {
			second[i] = second[i+1]
		}
	}
	var out []choice
	for i, k := 0, 0; i < len(runs); i++ {
		for k < len(runs) && runs[k].From <= runs[i].To {
			k++
		}
		if k == len(runs) {
			break
		}
		c := choice{runs[i].cost.Add(second[k].cost), runs[i].From}
		if !runs[i].open {
			c.by = second[k].From
		}
		out = append(out, c)
	}
	return out
}
