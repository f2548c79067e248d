// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// Statement returns the account of f's person for a type on a day, past or
// future. It depends on nothing but its arguments. Leave years that are closed it
// shows as they were kept.
func (b *Rulebook) Statement(f *Facts, t Type, at calendar.Date) Statement {
	f = f.sorted()
	closed := f.closings(t)
	acc := b.account(f, t, max(at, closed.end()))
	s := Statement{Type: t, Unit: t.Unit, At: at, Year: acc.years.of(at), Covered: acc.years.at(at) != nil, DayLength: b.dayLength(f, at)}
	if terms, ok := b.termsOn(f, t, at); ok {
		s.ByEvent = !terms.byLeaveYear()
	}
	l := ledger{account: acc, at: at, closed: closed.end(), lines: make([]Line, 0, acc.requests+4*len(acc.years))}
	if len(closed) > 0 {
		l.settle(closed)
	}
	if c := closed.on(at); c != nil {
		if y, ok := c.year(at); ok {
			s.Year = y
		}
		s.Lines = l.lines
		s.closed(c, closed)
		s.Available = b.Available(f, t, at)
	} else {
		s.Year.From = max(s.Year.From, closed.next())
		l.run(at)
		s.fill(&l)
		if b.opens(t) {
			from := b.accountFrom(f, t, at, at)
			s.Available = from.available(at)
			s.Opens = from.opened(at, acc, s.Balance)
		}
	}
	if last := acc.last(at); last > at {
		l.run(last)
	}
	s.Ahead = l.ahead
	s.Carried = closed.before(s.Year.From)
	s.sum()
	return s
}

// fill takes over what a ledger that has come to the day of the statement says.
func (s *Statement) fill(l *ledger) {
	s.Lines, s.Balance = l.lines, l.balance
	for i := range l.buckets {
		b := &l.buckets[i]
		if b.Left.Sign() > 0 && b.Until >= s.At {
			b.Onward = l.onward(b)
		}
		s.open(b.Bucket)
		if b.Until < s.At {
			s.Former = s.Former.Add(b.Left)
		}
	}
	s.Available = l.available(s.At, s.Year.To)
}

// sum fills the totals of the leave year from the lines.
func (s *Statement) sum() {
	for _, l := range s.Lines {
		switch {
		case l.Date < s.Year.From:
			s.Carried = l.Balance
		case (l.Kind == LineLapsed || l.Kind == LinePaid) && l.Date == s.Year.From: // never came over
			s.Carried = s.Carried.Add(l.Amount)
		case l.Kind == LineCorrection && l.Request == "":
			s.Corrected = s.Corrected.Add(l.Amount)
		case l.Kind.entitles():
			s.Entitled = s.Entitled.Add(l.Amount)
		case l.Kind == LineLapsed || l.Kind == LineExpired:
			s.Lost = s.Lost.Sub(l.Amount)
		case l.Kind == LinePaid:
			s.Paid = s.Paid.Sub(l.Amount)
		}
	}
	s.sumTakings(s.Lines, &s.Taken)
	s.sumTakings(s.Ahead, &s.Planned)
}

// sumTakings adds what lines took in the leave year to what is pending, or else to
// decided.
func (s *Statement) sumTakings(lines []Line, decided *exact.Rat) {
	for i := range lines {
		switch l := &lines[i]; {
		case !l.takes() || !s.Year.Contains(l.Date):
		case l.Pending:
			s.Pending = s.Pending.Sub(l.Amount)
		default:
			*decided = decided.Sub(l.Amount)
		}
	}
}

// short returns by how much takings go below what the policy allows, over all
// time: a request is refused when it makes this grow.
func (a *account) short() exact.Rat {
	l := ledger{account: a, quiet: true}
	l.run(a.last(0))
	return l.short
}

// Available returns what f's person can still ask for on a day such that nothing
// booked already goes short. It is negative where more is booked in that leave
// year than there is.
func (b *Rulebook) Available(f *Facts, t Type, at calendar.Date) exact.Rat {
	return b.accountFrom(f.sorted(), t, at, at).available(at)
}

func (a *account) available(at calendar.Date) exact.Rat {
	l := ledger{account: a, quiet: true}
	l.run(at)
	return l.available(at, a.years.of(at).To)
}

// Horizon returns the last day for which f's person can ask for leave of a type on
// the day at: the end of the leave year after the present one.
func (b *Rulebook) Horizon(f *Facts, t Type, at calendar.Date) calendar.Date {
	acc := b.account(f.sorted(), t, at)
	start := MonthDay{}
	if y := acc.years.at(at); y != nil {
		start = y.terms.YearStart
	}
	return start.YearOf(start.YearOf(at).To.AddDays(1)).To
}

// available asks a ledger that has come to at twice: for nothing and for more than
// anybody has. The difference in what is then missed is what was not there.
func (l *ledger) available(at, yearEnd calendar.Date) exact.Rat {
	much := exact.Int(1 << 40)
	none, all := l.fork(), l.fork()
	none.probe(at, exact.Rat{})
	all.probe(at, much)
	none.run(l.last(at))
	all.run(l.last(at))
	most := much.Add(none.total(never)).Sub(all.total(never)).Add(l.mayCome())
	free := l.fits(at, most, none.total(never))
	if free.Sign() > 0 && none.owed.IsZero() {
		return free
	}
	return free.Sub(none.owed).Sub(none.total(yearEnd))
}

// fits returns how much of an amount can be asked for such that no more is missed
// than would be without. It can be less than there is: what is kept for later may
// lapse before, since the order of pots says what is used first.
func (l *ledger) fits(at calendar.Date, amount, missed exact.Rat) exact.Rat {
	for (l.taken < len(l.takings) || l.mayCome().Sign() > 0) && amount.Sign() > 0 {
		try := l.fork()
		try.near = exact.Rat{}
		try.probe(at, amount)
		try.run(l.last(at))
		more := exact.Max(try.total(never).Sub(missed), try.missed[len(l.missed)].amount)
		if more.Sign() <= 0 {
			break
		}
		if try.near.Sign() > 0 {
			more = exact.Min(more, try.near)
		}
		amount = exact.Max(amount.Sub(more), exact.Rat{})
	}
	return amount
}

// total returns what was missed up to a day.
func (l *ledger) total(to calendar.Date) exact.Rat {
	var sum exact.Rat
	for _, m := range l.missed {
		if m.date <= to {
			sum = sum.Add(m.amount)
		}
	}
	return sum
}

// last returns the day of the last taking, or at where that is later.
func (a *account) last(at calendar.Date) calendar.Date {
	if n := len(a.takings); n > 0 {
		return max(at, a.takings[n-1].date)
	}
	return at
}

// account gathers what is granted and taken, up to a day or the last taking.
func (b *Rulebook) account(f *Facts, t Type, at calendar.Date) *account {
	return b.accountFrom(f, t, at, 0)
}

// accountFrom is account as it would be if leave of the type were taken on one more
// day: what is due from the first day on is then due. Zero: on none.
func (b *Rulebook) accountFrom(f *Facts, t Type, at, opens calendar.Date) *account {
	a := &account{rules: b, facts: f, typ: t, unit: t.Unit, takings: make([]taking, 0, f.days(t))}
	undone := f.undone()
	for r := range f.requests {
		if r.Type == t.ID && r.State.Counts() {
			a.book(f, t, r, b.Charges(f, t, r), f.known(at))
			a.requests++
		}
	}
	for i := range f.Adjustments {
		if x := &f.Adjustments[i]; x.Type == t.ID && x.Amount.Sign() < 0 && !undone[x.ID] {
			a.takings = append(a.takings, taking{date: x.Date, amount: x.Amount.Neg(), adjust: x})
		}
	}
	a.sell(f, t)
	a.order()
	last := a.last(at)
	for i := range f.Adjustments {
		if x := &f.Adjustments[i]; x.Type == t.ID && x.Amount.Sign() > 0 {
			last = max(last, x.Date)
		}
	}
	if t.Entitled {
		last := last.AddYears(2) // when leave goes over next is part of what is told of it
		a.years = years(t.Unit, b.stretches(f, t, last), last)
	}
	a.grants = make([]grant, 0, len(a.years)+len(f.Adjustments))
	work := &workLog{book: b, facts: f}
	for pot := range a.years.pots() {
		a.fill(pot, a.years.pot(pot), work, last)
	}
	a.fix(f, t)
	a.adjust(b, f, t)
	a.claim(b, f, t, opens, last)
	a.order()
	return a
}

// book adds what a request of f's person costs, and what sickness gives back of it as known
// on a day.
func (a *account) book(f *Facts, t Type, r *Request, charges []Charge, known calendar.Date) {
	from := len(a.takings)
	for _, c := range charges {
		x := taking{date: c.Date, amount: c.In(a.unit), request: r}
		if share, by := f.givenBack(t, c.Date, known); by != nil {
			x.altered = &altered{back: x.amount.Mul(share), sick: by}
			x.amount = x.amount.Sub(x.altered.back)
		}
		a.takings = append(a.takings, x)
	}
	if r.State == Approved {
		a.correct(r, from)
	}
}

// days returns about how many takings of a type f holds.
func (f *Facts) days(t Type) int {
	n := len(f.Adjustments)
	for r := range f.requests {
		if r.Type == t.ID {
			n += max(1, len(r.Charges))
		}
	}
	return n
}

// fill adds what one pot grants, and when its leave goes over.
func (a *account) fill(pot int, ys leaveYears, work *workLog, last calendar.Date) {
	carries := ys.carries(pot)
	for i := range carries {
		ys.byLevel(work.facts, &carries[i])
	}
	a.carries = append(a.carries, carries...)
	for i := range ys {
		if ys[i].From > last && ys[i].label > a.years.label(last) { // of two leave years with one name both: what is fixed is for both
			break
		}
		list := ys[i].grants(work)
		if i > 0 && ys[i].follows {
			list = append(list, ys[i].unspent(work.facts, &ys[i-1])...)
		}
		for _, g := range list {
			g.pot, g.class = pot, ys[i].terms.Class
			g.label = ys.label(g.date)
			if !g.expires {
				g.until = ys.until(g.date, carries)
			}
			if g.class != "" {
				g.why = append(g.why, Reason{"class_" + string(g.class), nil})
			}
			a.grants = append(a.grants, g)
		}
	}
}

// Charges returns what a request costs: while pending as it would be frozen today,
// and afterwards as it was written down, corrected. Of a change that waits it is what it costs
// more than the leave that it would take the place of.
func (b *Rulebook) Charges(f *Facts, t Type, r *Request) []Charge {
	if r.State != Pending {
		return r.Costs()
	}
	charges, _ := b.Count(f, t, r.Span)
	if r.Replaces != "" {
		return b.reserved(f, t, r, charges)
	}
	return charges
}

// dayLength returns the minutes of an average working day of the pattern on d,
// rounded down; 0 where there is none.
func (b *Rulebook) dayLength(f *Facts, d calendar.Date) int {
	c, ok := f.ContractOn(d)
	if !ok {
		return 0
	}
	p, ok := b.Patterns[c.Pattern]
	if !ok || p.WeeklyDays().IsZero() {
		return 0
	}
	n, _ := p.WeeklyMinutes().Div(p.WeeklyDays()).Floor().Int64()
	return int(n)
}

// sorted returns f with its dated lines in order, and employments without a day between as one: f itself where they
// are so.
func (f *Facts) sorted() *Facts {
	ordered := slices.IsSortedFunc(f.Contracts, func(a, b people.Contract) int { return cmp.Compare(a.From, b.From) })
	for i := 1; ordered && i < len(f.Employments); i++ {
		before := f.Employments[i-1]
		ordered = before.From <= f.Employments[i].From && !before.Leads(f.Employments[i])
	}
	if ordered {
		return f
	}
	c := *f
	c.Employments, c.Contracts = f.Unbroken(), slices.Clone(f.Contracts)
	c.Sort()
	return &c
}
