// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"maps"
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// naivePurse is leave of one origin with a last day.
type naivePurse struct {
	pot, year int
	class     Class
	from      calendar.Date
	until     calendar.Date
	ends      bool          // gone after until; otherwise it then goes over or lapses
	then      calendar.Date // what is left on until may be taken so long, all the same; zero: not
	carried   bool
	left      exact.Rat
	origin    calendar.Range // leave year in which it was granted
	terms     *CarryOver     // by which it went over
	longer    bool           // more time for who could not take it
	told      bool           // and was told all the same
	event     bool           // due on an event
}

// naiveTaking is what is taken on a day.
type naiveTaking struct {
	key    string
	day    calendar.Date
	amount exact.Rat
	back   exact.Rat // of it, given back
	frozen exact.Rat // what was written down for it
	adjust bool
	sale   bool
}

// naiveMove is a pot on a day.
type naiveMove struct {
	pot int
	day calendar.Date
}

// naiveRun goes through the days one by one.
type naiveRun struct {
	*naive
	grants  map[calendar.Date][]naiveGrant
	takings map[calendar.Date][]naiveTaking
	over    map[naiveMove]CarryOver // when what goes over
	ends    map[naiveMove]calendar.Date
	most    int // pots
	purses  []naivePurse
	sums    map[LineKind]exact.Rat
	given   map[[2]int]exact.Rat // by pot and name of the leave year
	debt    exact.Rat
	probing bool
	missed  map[calendar.Date]exact.Rat
	spoken  map[calendar.Date]exact.Rat // lost under the notices for an end
	excused map[calendar.Date]exact.Rat // stayed longer at an end
}

// prepare gathers what is granted and taken by day.
func (n *naive) prepare() *naiveRun { return n.prepareFor(0) }

// prepareFor is like prepare where leave is taken on one more day: zero for none.
func (n *naive) prepareFor(opens calendar.Date) *naiveRun {
	r := &naiveRun{naive: n, grants: map[calendar.Date][]naiveGrant{}, takings: map[calendar.Date][]naiveTaking{},
		over: map[naiveMove]CarryOver{}, ends: map[naiveMove]calendar.Date{}, most: n.pots()}
	for pot := range r.most {
		for i := range n.days {
			if c, yes := n.goesOver(pot, n.from.AddDays(i)); yes {
				r.over[naiveMove{pot, n.from.AddDays(i)}] = c
			}
		}
	}
	pots := make([][]naiveGrant, n.pots())
	for pot := range pots {
		pots[pot] = n.earned(pot)
	}
	n.fix(pots)
	for _, grants := range pots {
		for _, g := range grants {
			r.grants[g.day] = append(r.grants[g.day], g)
		}
	}
	adjusted := slices.Clone(n.facts.Adjustments)
	slices.SortFunc(adjusted, func(a, b Adjustment) int { return cmp.Compare(a.ID, b.ID) })
	for _, x := range adjusted {
		switch {
		case x.Type != n.typ.ID || n.isUndone(x):
		case x.Amount.Sign() > 0:
			r.grants[x.Date] = append(r.grants[x.Date], naiveGrant{day: x.Date, pot: n.potOfHand(x), class: x.Class, hand: true, amount: x.Amount, until: x.Until})
		default:
			r.takings[x.Date] = append(r.takings[x.Date], naiveTaking{key: x.ID, amount: x.Amount.Neg(), adjust: true})
		}
	}
	for i := range n.facts.Requests {
		if q := &n.facts.Requests[i]; q.Type == n.typ.ID {
			for _, t := range n.taken(q) {
				r.takings[t.day] = append(r.takings[t.day], t)
			}
		}
	}
	r.claim(opens)
	return r
}

// taken returns what a request takes on each of its days, and what of that was written
// down when it was approved.
func (n *naive) taken(q *Request) []naiveTaking {
	days := map[calendar.Date]naiveTaking{}
	for _, c := range n.charges(n.typ, q) {
		x := c.In(n.typ.Unit)
		days[c.Date] = naiveTaking{key: q.ID, day: c.Date, amount: x, back: n.back(c.Date, n.known).Mul(x), frozen: x}
	}
	if q.State == Approved {
		for d, t := range days {
			t.frozen = exact.Rat{}
			if days[d] = t; t.amount.IsZero() {
				delete(days, d) // corrected to nothing, or what costs nothing in this unit
			}
		}
		for _, c := range q.Charges {
			t := days[c.Date]
			t.key, t.day, t.frozen = q.ID, c.Date, c.In(n.typ.Unit)
			days[c.Date] = t
		}
	}
	return slices.Collect(maps.Values(days))
}

// isUndone reports whether a line was taken back, or takes another back.
func (n *naive) isUndone(x Adjustment) bool {
	for _, y := range n.facts.Adjustments {
		if y.Undoes == x.ID || x.Undoes == y.ID {
			return true
		}
	}
	return false
}

// pots returns how many pots there are at the most.
func (n *naive) pots() int {
	most := 0
	for _, y := range n.years {
		most = max(most, 1+len(y.terms.Also))
	}
	return most
}

// goesOver reports whether what a pot holds goes over, or lapses, on d, and by
// which terms: those of the leave year of the day before.
func (n *naive) goesOver(pot int, d calendar.Date) (CarryOver, bool) {
	i := n.on(d).year
	if i < 0 {
		return CarryOver{}, false
	}
	y := n.years[i]
	rules := naivePot(y.terms, pot)
	own := rules.CarryOver
	follows := i > 0 && n.years[i-1].own.To+1 == y.own.From
	if follows && d == y.own.From {
		rules = naivePot(n.years[i-1].terms, pot)
	}
	before := rules.CarryOver
	goes := follows && d == y.own.From
	if !own.On.IsZero() {
		goes = isDay(own.On, d) && n.years[0].first < d
	}
	return n.byService(before, rules, d), goes
}

// byService returns what goes over on d by the level that has been reached.
func (n *naive) byService(c CarryOver, rules Terms, d calendar.Date) CarryOver {
	job := d
	for job > n.from && !n.on(job).covered {
		job--
	}
	if l := naiveLevel(rules, n.on(job).since, d, d); l != nil && l.Carries.Sign() > 0 {
		c.All, c.Max = false, l.Carries
	}
	return c
}

// lastDay returns the last day before what is had on d goes over.
func (r *naiveRun) lastDay(pot int, d calendar.Date) calendar.Date {
	m := naiveMove{pot, d}
	if _, known := r.ends[m]; !known {
		r.ends[m] = r.findLastDay(pot, d)
	}
	return r.ends[m]
}

func (r *naiveRun) findLastDay(pot int, d calendar.Date) calendar.Date {
	i := r.on(d).year
	if i < 0 {
		return calendar.On(d.Year(), 12, 31)
	}
	for x := d + 1; r.on(x).year >= 0; x++ {
		if _, yes := r.over[naiveMove{pot, x}]; yes {
			return x - 1
		}
	}
	x := d + 1
	own := naivePot(r.years[i].terms, pot).CarryOver
	for !own.On.IsZero() && !isDay(own.On, x) {
		x++
	}
	if own.On.IsZero() {
		x = r.years[i].own.To + 1
	}
	return x - 1
}

// run goes on from a day to another. With a probe it takes so much at the end of
// its day, and from then on notes what is missing instead of owing it.
func (r *naiveRun) run(to, probeOn calendar.Date, probe exact.Rat) {
	r.purses, r.debt, r.probing = nil, exact.Rat{}, false
	r.sums, r.missed = map[LineKind]exact.Rat{}, map[calendar.Date]exact.Rat{}
	r.spoken, r.excused = map[calendar.Date]exact.Rat{}, map[calendar.Date]exact.Rat{}
	r.given = map[[2]int]exact.Rat{}
	for d := r.firstDay(); d <= to; d++ {
		r.dropEnded(d)
		for pot := range r.most {
			if terms, yes := r.over[naiveMove{pot, d}]; yes {
				r.carry(pot, d, terms)
				r.dropEnded(d) // what goes over for no time at all
			}
		}
		r.dropEnded(d)
		for _, g := range r.grants[d] {
			r.give(g)
		}
		slices.SortStableFunc(r.takings[d], func(a, b naiveTaking) int { return cmp.Compare(a.key, b.key) })
		for _, t := range r.takings[d] {
			r.use(d, t)
		}
		if d == probeOn {
			r.probing = true
			r.use(d, naiveTaking{amount: probe})
		}
	}
}

// firstDay returns the first day on which something happens.
func (r *naiveRun) firstDay() calendar.Date {
	first := r.from
	for d := range r.takings {
		first = min(first, d)
	}
	for d := range r.grants {
		first = min(first, d)
	}
	return first
}

// dropEnded lets go of what had its last day before d.
func (r *naiveRun) dropEnded(d calendar.Date) {
	for i := range r.purses {
		switch p := r.purses[i]; {
		case p.ends && !p.event && !r.employed(p.until): // to be paid out
		case p.ends && p.until < d && p.left.Sign() > 0:
			r.purses[i].left = exact.Rat{}
			r.atEnd(p, p.left, p.until, p.terms, LineExpired)
		case p.then > 0 && p.until < d && p.left.Sign() > 0:
			r.book(LineCarried, p.left)
			q := &r.purses[i]
			q.until, q.then, q.ends, q.carried = p.then, 0, true, true
		}
	}
}

func (r *naiveRun) book(k LineKind, amount exact.Rat) { r.sums[k] = r.sums[k].Add(amount) }

// carry takes over into the new year what may go; of the rest the oldest lapses,
// and of what goes over the oldest has a last day.
func (r *naiveRun) carry(pot int, d calendar.Date, c CarryOver) {
	rest := exact.Rat{}
	var open []int
	for i, p := range r.purses {
		if p.pot == pot && p.until == d-1 && !p.ends && p.left.Sign() > 0 {
			open, rest = append(open, i), rest.Add(p.left)
		}
	}
	over := r.mayGo(pot, d, c, rest)
	lapses, stays := rest.Sub(over), exact.Min(c.Keep, over)
	until, ends := c.lastFrom(d)
	expiring := over.Sub(stays)
	if !ends {
		expiring, until = exact.Rat{}, 0
	}
	for _, i := range open {
		old := r.purses[i]
		r.purses[i].left = exact.Rat{}
		gone := exact.Min(old.left, lapses)
		short := exact.Min(old.left.Sub(gone), expiring)
		long := old.left.Sub(gone).Sub(short)
		lapses, expiring = lapses.Sub(gone), expiring.Sub(short)
		r.atEnd(old, gone, d-1, &c, LineLapsed)
		r.book(LineCarried, short.Add(long))
		next := naivePurse{pot: pot, year: old.year, class: old.class, from: d, carried: true, origin: old.origin, terms: &c}
		next.until, next.ends, next.left = until, true, short
		r.open(next)
		next.until, next.ends, next.left = r.lastDay(pot, d), false, long
		r.open(next)
	}
}

// mayGo returns how much of a rest goes over.
func (r *naiveRun) mayGo(pot int, d calendar.Date, c CarryOver, rest exact.Rat) exact.Rat {
	over := rest
	if !c.All {
		over = exact.Min(over, c.Max)
	}
	if c.InAll.IsZero() {
		return over
	}
	room := c.InAll
	for _, g := range r.grants[d] {
		if g.pot == pot {
			room = room.Sub(g.amount)
		}
	}
	return exact.Min(over, exact.Max(room, exact.Rat{}))
}

// open adds a purse, unless it is empty.
func (r *naiveRun) open(p naivePurse) {
	if p.left.Sign() > 0 {
		r.purses = append(r.purses, p)
	}
}

// potOfHand returns the pot of a grant by hand: the first with its class that no event fills.
func (n *naive) potOfHand(x Adjustment) int {
	terms, pot := n.look(x.Date).terms, 0
	if x.Class == "" || terms == nil || !n.hasJob(x.Date) {
		return 0
	}
	for k := len(terms.Also); k >= 0; k-- {
		if t := naivePot(terms, k); t.Class == x.Class && t.Event.Kind == "" {
			pot = k
		}
	}
	return n.there(x.Date, pot)
}

// yearName returns the year that the leave year of d is called by.
func (n *naive) yearName(d calendar.Date) int {
	if i := n.on(d).year; i >= 0 {
		return n.years[i].own.From.Year()
	}
	return d.Year()
}

// give adds a grant up to its cap; what is owed is paid first. What comes from the
// same year and ends on the same day lies together.
func (r *naiveRun) give(g naiveGrant) {
	p := naivePurse{pot: g.pot, year: r.yearName(g.day), class: g.class, from: g.day, until: g.until,
		ends: g.until != 0 && g.then == 0, then: g.then, origin: r.leaveYear(g.day), event: g.event}
	if g.until == 0 {
		p.until = r.lastDay(p.pot, g.day)
	}
	for _, u := range g.unspent {
		if r.mainLeft(p.pot, g.before, g.day, u.Of).Cmp(u.Least) >= 0 {
			g.amount = exact.Max(g.amount, u.Amount)
		}
	}
	if g.cap.Sign() > 0 {
		g.amount = exact.Min(g.amount, exact.Max(g.cap.Sub(r.held(p.pot, g.day)), exact.Rat{}))
	}
	kind := cmp.Or(g.kind, LineGrant)
	if g.hand {
		kind = LineAdjustment
	}
	r.book(kind, g.amount)
	r.given[[2]int{p.pot, p.year}] = r.given[[2]int{p.pot, p.year}].Add(g.amount)
	repaid := exact.Min(r.debt, g.amount)
	r.debt, p.left = r.debt.Sub(repaid), g.amount.Sub(repaid)
	if g.amount.IsZero() {
		return
	}
	for i, old := range r.purses {
		old.left, old.from = p.left, p.from
		if old == p {
			r.purses[i].left = r.purses[i].left.Add(p.left)
			return
		}
	}
	r.purses = append(r.purses, p)
}

// mainLeft returns how much of the first so many days of a leave year is left.
func (r *naiveRun) mainLeft(pot, year int, d calendar.Date, of exact.Rat) exact.Rat {
	var left exact.Rat
	for _, p := range r.purses {
		if p.pot == pot && p.year == year && p.until >= d {
			left = left.Add(p.left)
		}
	}
	beyond := r.given[[2]int{pot, year}].Sub(of)
	return left.Sub(exact.Max(beyond, exact.Rat{}))
}

// held returns what of a pot may be taken on d or later; what is owed is missing in
// the first.
func (r *naiveRun) held(pot int, d calendar.Date) exact.Rat {
	var sum exact.Rat
	for _, p := range r.purses {
		if p.pot == pot && p.until >= d {
			sum = sum.Add(p.left)
		}
	}
	if pot == 0 {
		sum = sum.Sub(r.debt)
	}
	return sum
}

// goesOn returns the last day of a purse, or of what follows it where all of it goes over.
func (r *naiveRun) goesOn(p naivePurse) calendar.Date {
	d := p.until + 1
	c, goes := r.over[naiveMove{p.pot, d}]
	if p.ends || p.then > 0 || !goes || !r.employed(d) || !c.All || !c.InAll.IsZero() || !c.Keep.IsZero() {
		return p.until
	}
	until, expires := c.lastFrom(d)
	if !expires {
		return never
	}
	return until
}

func (n *naive) employed(d calendar.Date) bool {
	return slices.ContainsFunc(n.facts.Employments, func(e people.Employment) bool { return e.From <= d && (e.To.IsZero() || d <= e.To) })
}

// lastFrom returns the last day of what goes over on d, and whether it has one.
func (c CarryOver) lastFrom(d calendar.Date) (until calendar.Date, ends bool) {
	switch {
	case !c.Valid.IsZero():
		return pastMonths(d, c.Valid.Months).AddDays(c.Valid.Days) - 1, true
	case !c.Expires.IsZero():
		for until = d; !isDay(c.Expires, until); {
			until++
		}
		return until - 1, true
	}
	return 0, false
}

// use takes from what ends first, of that the oldest year, of that the first pot.
func (r *naiveRun) use(d calendar.Date, t naiveTaking) {
	order := make([]int, 0, len(r.purses))
	for i, p := range r.purses {
		if p.from <= d && d <= p.until && p.left.Sign() > 0 && (!t.sale || p.forSale()) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := r.purses[i], r.purses[j]
		return cmp.Or(cmp.Compare(r.goesOn(a), r.goesOn(b)), cmp.Compare(a.year, b.year), cmp.Compare(a.pot, b.pot))
	})
	missing := t.amount.Sub(t.back)
	for _, i := range order {
		n := exact.Min(missing, r.purses[i].left)
		r.purses[i].left, missing = r.purses[i].left.Sub(n), missing.Sub(n)
	}
	switch {
	case t.adjust:
		r.book(LineAdjustment, t.amount.Neg())
	case t.sale:
		r.book(LineSold, t.amount.Neg())
	default:
		r.book(LineTaken, t.frozen.Neg())
		r.book(LineCorrection, t.frozen.Sub(t.amount))
		r.book(LineGivenBack, t.back)
	}
	if r.probing {
		r.missed[d] = r.missed[d].Add(missing)
	} else {
		r.debt = r.debt.Add(missing)
	}
}

// balance returns what the lines come to.
func (r *naiveRun) balance() exact.Rat {
	var sum exact.Rat
	for k, x := range r.sums {
		if k != LineCarried {
			sum = sum.Add(x)
		}
	}
	return sum
}

// lost returns what is missing up to a day when so much is asked on another, and
// what was owed before.
func (r *naiveRun) lost(last, at, until calendar.Date, ask exact.Rat) (missing, owed exact.Rat) {
	r.run(at, 0, exact.Rat{})
	owed = r.debt
	r.run(last, at, ask)
	for d, x := range r.missed {
		if d <= until {
			missing = missing.Add(x)
		}
	}
	return missing, owed
}
