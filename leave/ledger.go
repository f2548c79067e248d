// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/order"
)

// account is everything that happens to one type of one person, in the form that
// the ledger runs through: what is granted and what is taken, by date.
type account struct {
	rules     *Rulebook
	facts     *Facts
	typ       Type
	unit      Unit
	foresight calendar.Date // of what ends from then on everybody is told in time; zero: nobody
	years     leaveYears
	requests  int      // how many take leave
	carries   []carry  // by date
	grants    []grant  // by date
	takings   []taking // by date
}

// taking is a day's charge, a negative adjustment, or leave that is sold.
type taking struct {
	date    calendar.Date
	amount  exact.Rat   // less what is given back, and as corrected
	altered *altered    // what came after it was written down; nil: nothing did, as with most
	request *Request    // nil for what is not a request
	adjust  *Adjustment // the same of an adjustment
	sale    *Claim      // and of a sale
}

// altered is what became of a day of leave after it was written down.
type altered struct {
	back      exact.Rat   // given back
	sick      *Sickness   // that gives it back; nil: nothing does
	corrected []corrected // what later changes made of it
}

// costs reports whether t is a day of leave that costs something: as it was written down, or
// as it was corrected.
func (t *taking) costs(u Unit) bool {
	switch {
	case t.request == nil:
		return false
	case t.amount.Sign() > 0, t.altered != nil && t.altered.back.Sign() > 0:
		return true
	}
	return t.request.State == Approved && chargeOn(t.request.Charges, t.date).In(u).Sign() > 0
}

// later returns what came after a taking was written down, to be added to.
func (t *taking) later() *altered {
	if t.altered == nil {
		t.altered = &altered{}
	}
	return t.altered
}

// never stands for no last day.
const never = calendar.Date(1<<31 - 1)

// bucket is a grant in the ledger.
type bucket struct {
	Bucket
	expires bool // carried over with a last day: a rest makes a line when it goes
	pot     int
	origin  calendar.Range // the leave year in which it was granted
	terms   *CarryOver     // by which it was carried over; nil: it was not
	last    calendar.Date  // on which it may be taken, all that goes over counted in
	longer  bool           // it stayed since the person could not take it
	told    bool           // and they had been told that it would end
}

// ledger runs through an account in the order of dates. On one day comes first
// what ends, then what is carried over, then what is granted, then what is taken.
// A taking uses the open bucket that ends first, and of those the oldest; in the
// order of dates this finds room for every taking for which there is any.
type ledger struct {
	*account
	at      calendar.Date // lines up to here
	closed  calendar.Date // the last day of closed leave years: no line of it goes on; zero: none
	buckets []bucket
	empty   int // so many buckets at the front have nothing left
	balance exact.Rat
	debt    exact.Rat // taken and not there; a later grant repays it
	short   exact.Rat // taken beyond the limit: what makes a request refused
	probing bool      // from the probe on nothing becomes debt
	owed    exact.Rat // the debt at the probe
	missed  []missed  // of the probe and of what came after it
	spent   []spent   // at each end with a condition
	losses  []Loss    // with foresight
	near    exact.Rat // the smallest amount by which a rule about what is unspent was missed; 0: none was

	quiet bool // no lines wanted
	daily bool // a line for each day of a request
	lines []Line
	ahead []Line

	carry, granted, taken int         // how far it has come in the account
	draws                 []Draw      // of the taking at hand
	room                  []Draw      // for those of the lines
	backs                 *Sickness   // that gave back the taking before; nil: none did
	fixes                 []corrected // of the taking before
}

// missed is the part of a taking for which there was no leave.
type missed struct {
	date   calendar.Date
	amount exact.Rat
}

// run goes on through the account, up to and including the day to.
func (l *ledger) run(to calendar.Date) {
	for {
		d := l.nextDay()
		l.expire(min(d, to))
		if d > to || d == never {
			return
		}
		for ; l.carry < len(l.carries) && l.carries[l.carry].date == d; l.carry++ {
			l.carryOver(&l.carries[l.carry])
			l.expire(d) // what goes over for no time at all
		}
		for ; l.granted < len(l.grants) && l.grants[l.granted].date == d; l.granted++ {
			l.grant(&l.grants[l.granted])
		}
		for ; l.taken < len(l.takings) && l.takings[l.taken].date == d; l.taken++ {
			l.take(&l.takings[l.taken])
		}
	}
}

// nextDay returns the next day on which something happens, or never.
func (l *ledger) nextDay() calendar.Date {
	d := never
	if l.carry < len(l.carries) {
		d = min(d, l.carries[l.carry].date)
	}
	if l.granted < len(l.grants) {
		d = min(d, l.grants[l.granted].date)
	}
	if l.taken < len(l.takings) {
		d = min(d, l.takings[l.taken].date)
	}
	return d
}

// fork returns a ledger that goes on from here by itself and writes no lines.
func (l *ledger) fork() *ledger {
	f := *l
	f.quiet, f.lines, f.ahead, f.draws = true, nil, nil, nil
	f.buckets, f.missed, f.spent = slices.Clone(l.buckets), slices.Clone(l.missed), slices.Clone(l.spent)
	return &f
}

// held returns the buckets in which something may be left: those before them are empty.
func (l *ledger) held() []bucket {
	for l.empty < len(l.buckets) && l.buckets[l.empty].Left.IsZero() {
		l.empty++
	}
	return l.buckets[l.empty:]
}

// expire lets go, in the order of dates, of carried leave whose last day lies
// before d. What was left at the end of an employment is to be paid out, and does not end (BW 7:641, BUrlG § 7 (4)).
func (l *ledger) expire(d calendar.Date) {
	for {
		var first *bucket
		held := l.held()
		for i := range held {
			b := &held[i]
			if b.expires && b.Until < d && b.Left.Sign() > 0 && (first == nil || b.Until < first.Until) && (b.Due != nil || l.facts.EmployedOn(b.Until)) {
				first = b
			}
		}
		if first == nil {
			return
		}
		gone := first.Left
		first.Gone, first.Left = first.Gone.Add(gone), exact.Rat{}
		was := *first
		e := ending{from: &was, amount: gone, end: was.Until, terms: was.terms, kind: LineExpired, why: []Reason{{"expired", []any{"date", was.Until}}}}
		if e.terms == nil { // by hand, with a window of its own
			e.terms = &CarryOver{}
		}
		l.end(e)
	}
}

// carryOver takes what is left over into what comes: of the rest, the oldest
// lapses first where not all goes over, and of what goes over the oldest is what
// expires.
func (l *ledger) carryOver(c *carry) {
	open := func(b *bucket) bool {
		return b.pot == c.pot && b.Until == c.date.AddDays(-1) && !b.expires && b.Left.Sign() > 0
	}
	var rest exact.Rat
	held := l.held()
	for i := range held {
		if open(&held[i]) {
			rest = rest.Add(held[i].Left)
		}
	}
	over := l.goesOver(c, rest)
	lapse, expiring := rest.Sub(over), exact.Rat{}
	until, expires := c.expiry()
	if expires {
		expiring = over.Sub(exact.Min(over, c.terms.Keep))
	}
	for i, n := l.empty, len(l.buckets); i < n; i++ {
		if !open(&l.buckets[i]) {
			continue
		}
		b := l.buckets[i] // the list grows
		l.buckets[i].Gone, l.buckets[i].Left = b.Gone.Add(b.Left), exact.Rat{}
		gone := exact.Min(b.Left, lapse)
		ends := exact.Min(b.Left.Sub(gone), expiring)
		lapse, expiring = lapse.Sub(gone), expiring.Sub(ends)
		if gone.Sign() > 0 {
			l.end(ending{from: &b, amount: gone, end: c.date.AddDays(-1), terms: c.terms, kind: LineLapsed, why: l.lapseReason(c.terms)})
		}
		l.carried(c, &b, ends, until, true)
		l.carried(c, &b, b.Left.Sub(gone).Sub(ends), c.next.AddDays(-1), false)
	}
}

// goesOver returns how much of a rest goes over.
func (l *ledger) goesOver(c *carry, rest exact.Rat) exact.Rat {
	over := rest
	if !c.terms.All {
		over = exact.Min(over, c.terms.Max)
	}
	if c.terms.InAll.Sign() > 0 {
		room := c.terms.InAll
		for _, g := range l.grants[l.granted:] {
			if g.date == c.date && g.pot == c.pot {
				room = room.Sub(g.amount)
			}
		}
		over = exact.Min(over, exact.Max(room, exact.Rat{}))
	}
	return over
}

// carried opens a bucket for what goes over on a day.
func (l *ledger) carried(c *carry, from *bucket, amount exact.Rat, until calendar.Date, expires bool) {
	if amount.Sign() <= 0 {
		return
	}
	l.open(bucket{expires: expires, pot: c.pot, origin: from.origin, terms: c.terms, Bucket: Bucket{
		Year: from.Year, Class: from.Class, From: c.date, Until: until, Carried: true, Due: c.due, Amount: amount, Left: amount}})
	line := Line{Date: c.date, Kind: LineCarried, Amount: amount, Year: from.Year,
		Why: []Reason{{"carried", []any{"year", from.Year}}}}
	if expires {
		line.Until = until
		line.Why = append(line.Why, Reason{"carried_until", []any{"date", until}})
	}
	if !l.joined(&line) {
		l.line(line)
	}
}

// joined adds what goes over to the line before it, where that says the same of another
// bucket of the same leave year, as of leave that was bought.
func (l *ledger) joined(n *Line) bool {
	lines := l.lines
	if n.Date > l.at {
		lines = l.ahead
	}
	if l.quiet || len(lines) == 0 {
		return false
	}
	last := &lines[len(lines)-1]
	if last.Kind != n.Kind || last.Date != n.Date || last.Year != n.Year || last.Until != n.Until || len(last.Why) != len(n.Why) {
		return false
	}
	last.Amount = last.Amount.Add(n.Amount)
	return true
}

func (l *ledger) lapseReason(c *CarryOver) []Reason {
	if c.Max.IsZero() {
		return []Reason{{"lapsed_all", nil}}
	}
	return []Reason{{"lapsed_max", []any{"amount", Amount{c.Max, l.unit}}}}
}

// grant adds leave; what was overdrawn is paid from it first.
func (l *ledger) grant(g *grant) {
	if len(g.undone) > 0 {
		l.cameToNothing(g)
		return
	}
	amount, why := l.comesTo(g)
	if g.cap.Sign() > 0 {
		if room := exact.Max(g.cap.Sub(l.left(g.pot, g.date)), exact.Rat{}); room.Cmp(amount) < 0 {
			amount = room
			why = append(slices.Clip(why), Reason{"capped", []any{"amount", Amount{g.cap, l.unit}}})
		}
	}
	if amount.IsZero() && len(why) == len(g.why) && g.formula.Value().IsZero() {
		return // nothing was to be had, and there is nothing to explain
	}
	repaid := exact.Min(l.debt, amount)
	l.debt = l.debt.Sub(repaid)
	if !amount.IsZero() {
		b := l.bucketFor(g)
		b.Amount, b.Taken = b.Amount.Add(amount), b.Taken.Add(repaid)
		b.Left = b.Left.Add(amount.Sub(repaid))
	}
	kind := cmp.Or(g.kind, LineGrant)
	if g.adjusted {
		kind = LineAdjustment
	}
	if repaid.Sign() > 0 {
		why = append(slices.Clip(why), Reason{"repaid", []any{"amount", Amount{repaid, l.unit}}})
	}
	l.line(Line{Date: g.date, Kind: kind, Amount: amount, Year: g.label, Formula: g.formula, Why: why})
}

// bucketFor returns the bucket that a grant goes into: that of the same pot and
// leave year which ends on the same day, or a new one.
func (l *ledger) bucketFor(g *grant) *bucket {
	origin := l.years.of(g.date)
	for i := range l.buckets {
		b := &l.buckets[i]
		if b.pot == g.pot && b.Year == g.label && b.Until == g.until && b.expires == g.expires && b.Class == g.class &&
			b.origin == origin && !b.Carried {
			l.empty = min(l.empty, i)
			return b
		}
	}
	return l.open(bucket{expires: g.expires, pot: g.pot, origin: origin,
		Bucket: Bucket{Year: g.label, Class: g.class, From: g.date, Until: g.until, Due: g.due}})
}

// left returns what there is in a pot to be taken on d or later, and so not what an
// earlier employment left to be paid out. What is overdrawn is missing in the first.
func (l *ledger) left(pot int, d calendar.Date) exact.Rat {
	var sum exact.Rat
	if pot == 0 {
		sum = l.debt.Neg()
	}
	held := l.held()
	for i := range held {
		if held[i].pot == pot && held[i].Until >= d {
			sum = sum.Add(held[i].Left)
		}
	}
	return sum
}

// take uses up buckets for one taking.
func (l *ledger) take(t *taking) {
	left := t.amount
	l.draws = l.draws[:0]
	for left.Sign() > 0 {
		b := l.next(t)
		if b == nil {
			break
		}
		n := exact.Min(left, b.Left)
		b.Taken, b.Left, left = b.Taken.Add(n), b.Left.Sub(n), left.Sub(n)
		l.draws = append(l.draws, Draw{Year: b.Year, Carried: b.Carried, Due: b.Due, Amount: n})
	}
	switch {
	case l.probing:
		l.missed = append(l.missed, missed{t.date, left})
	case left.Sign() > 0:
		beyond := exact.Max(l.debt, l.years.limit(t.date))
		l.debt = l.debt.Add(left)
		if l.debt.Cmp(beyond) > 0 {
			l.short = l.short.Add(l.debt.Sub(beyond))
		}
		l.draws = append(l.draws, Draw{Amount: left})
	}
	if !l.quiet {
		l.takingLine(t)
	}
}

// probe takes an amount on a day to see how much of it there is: from here on what
// is not there does not become debt.
func (l *ledger) probe(d calendar.Date, amount exact.Rat) {
	l.probing, l.owed = true, l.debt
	l.take(&taking{date: d, amount: amount})
}

// next returns the open bucket to be used next by a taking.
func (l *ledger) next(t *taking) *bucket {
	var best *bucket
	held := l.held()
	for i := range held {
		b := &held[i]
		if b.Left.Sign() > 0 && b.From <= t.date && t.date <= b.Until && (t.sale == nil || b.sellable()) && (best == nil || b.before(best)) {
			best = b
		}
	}
	return best
}

// before reports whether b is used before c: the one that ends first, what goes over counted in, then the
// older, then the pot that comes first.
func (b *bucket) before(c *bucket) bool {
	switch {
	case b.last != c.last:
		return b.last < c.last
	case b.Year != c.Year:
		return b.Year < c.Year
	}
	return b.pot < c.pot
}

// line adds a line with the balance after it. A carried line moves nothing.
func (l *ledger) line(n Line) {
	if l.quiet {
		return
	}
	if n.Kind != LineCarried {
		l.balance = l.balance.Add(n.Amount)
	}
	n.Balance = l.balance
	if n.Date <= l.at {
		l.lines = append(l.lines, n)
	} else {
		l.ahead = append(l.ahead, n)
	}
}

// takingLine adds the line of a taking. Days of one request that follow each
// other with nothing between them, within a leave year, are one line.
func (l *ledger) takingLine(t *taking) {
	if t.adjust != nil {
		l.line(Line{Date: t.date, Kind: LineAdjustment, Amount: t.amount.Neg(), Year: l.years.label(t.date), Draws: l.keep(l.draws),
			Why: []Reason{{"adjusted", []any{"reason", t.adjust.Reason}}}})
		return
	}
	if t.sale != nil {
		l.line(Line{Date: t.date, Kind: LineSold, Amount: t.amount.Neg(), Year: l.years.label(t.date), Draws: l.keep(l.draws),
			Pending: t.sale.State == Pending, Why: []Reason{{"sold", nil}}})
		return
	}
	n := Line{Date: t.date, Until: t.date, Kind: LineTaken, Amount: t.amount.Neg(), Year: l.years.label(t.date),
		Request: t.request.ID, Pending: t.request.State == Pending, Draws: l.draws}
	if t.altered == nil {
		l.dayTaken(&n)
		l.backs, l.fixes = nil, nil
		return
	}
	l.changed(t, &n)
}

// changed adds the lines of a day of a request of which something was given back or
// corrected after it was written down: n is that of the day.
func (l *ledger) changed(t *taking, n *Line) {
	cost := t.amount.Add(t.altered.back)
	for _, c := range t.altered.corrected {
		cost = cost.Add(c.amount)
	}
	n.Amount = cost.Neg()
	if !cost.IsZero() || len(t.altered.corrected) == 0 { // else it cost nothing when it was approved
		l.dayTaken(n)
	}
	l.corrections(t)
	if sick := t.altered.sick; sick != nil {
		n.Kind, n.Amount, n.Draws, n.Why = LineGivenBack, t.altered.back, nil, backReason(t.date, t.date)
		l.dayBack(*n, l.backs == sick)
	}
	l.backs, l.fixes = t.altered.sick, t.altered.corrected
}

// listOf returns the lines among which one of a day stands.
func (l *ledger) listOf(d calendar.Date) *[]Line {
	if d > l.at {
		return &l.ahead
	}
	return &l.lines
}

// dayTaken adds a day of a request, to the line of it where there is one.
func (l *ledger) dayTaken(n *Line) {
	list := l.listOf(n.Date)
	first := -1
	if !l.daily {
		first = takenLine(*list, n.Request, n.Year, l.closedBefore(n.Date))
	}
	if first < 0 {
		kept := *n
		kept.Draws = l.keep(n.Draws)
		l.line(kept)
		return
	}
	l.balance = l.balance.Add(n.Amount)
	for i := first; i < len(*list); i++ { // what was given back of it stands below
		(*list)[i].Balance = (*list)[i].Balance.Add(n.Amount)
	}
	line := &(*list)[first]
	line.Amount, line.Until, line.Draws = line.Amount.Add(n.Amount), n.Date, mergeDraws(line.Draws, n.Draws)
}

// keep returns a copy of the draws of a taking for its line. Those of many lines share
// memory, and none can grow into the next.
func (l *ledger) keep(draws []Draw) []Draw {
	if cap(l.room)-len(l.room) < len(draws) {
		l.room = make([]Draw, 0, max(64, len(draws)))
	}
	first := len(l.room)
	l.room = append(l.room, draws...)
	return slices.Clip(l.room[first:])
}

// takenLine returns the place of the line of a request that the next of its days goes on
// with: the last one, but for what was given back of it, if it is dated after a day. It returns
// -1 where there is none.
func takenLine(list []Line, request string, year int, after calendar.Date) int {
	for i := len(list) - 1; i >= 0 && request != "" && list[i].Request == request && list[i].Year == year; i-- {
		if list[i].Kind == LineTaken && list[i].Date > after {
			return i
		}
	}
	return -1
}

func mergeDraws(a, b []Draw) []Draw {
	for _, d := range b {
		i := slices.IndexFunc(a, func(x Draw) bool { return x.Year == d.Year && x.Carried == d.Carried && x.Due == d.Due })
		if i < 0 {
			a = append(a, d)
			continue
		}
		a[i].Amount = a[i].Amount.Add(d.Amount)
	}
	return a
}

// order sorts grants and takings by date, and what falls on one date by what it
// is, so that the order in which facts were entered does not matter.
func (a *account) order() {
	order.By(a.grants, func(x, y grant) int { return cmp.Compare(x.date, y.date) })
	order.By(a.carries, func(x, y carry) int { return cmp.Compare(x.date, y.date) })
	order.By(a.takings, func(x, y taking) int {
		if x.date != y.date {
			return cmp.Compare(x.date, y.date)
		}
		return cmp.Compare(x.key(), y.key())
	})
}

// key tells the takings of one date apart.
func (t *taking) key() string {
	switch {
	case t.request != nil:
		return t.request.ID
	case t.sale != nil:
		return t.sale.ID
	}
	return t.adjust.ID
}
