// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// life is a random history: rules, a person's facts, and the type that is asked for.
type life struct {
	*rand.Rand
	book  *Rulebook
	facts *Facts
	typ   Type
	start calendar.Date

	imported bool // approved leave was not counted by the rules
}

// pick returns one of several.
func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// one reports true in one of n cases.
func (l *life) one(n int) bool { return l.IntN(n) == 0 }

// newLife makes up a history out of a number: the same one every time.
func newLife(seed uint64) *life {
	r := rand.New(rand.NewPCG(seed, 1))
	l := &life{Rand: r, typ: Type{ID: "holiday", Unit: Days, Entitled: true}}
	l.typ.Counting = pick(r, WorkingTime, WorkingTime, WorkingTime, CalendarDays, SixDays, Sandwich)
	if l.one(4) {
		l.typ.Unit = Hours
	}
	l.start = calendar.On(2018, time.January, 1+r.IntN(1200))
	if l.one(8) {
		l.start = pick(r, calendar.On(2020, 2, 29), calendar.On(2019, 1, 1), calendar.On(2020, 1, 31))
	}
	l.book = &Rulebook{Types: []Type{l.typ, {ID: "sick", Unit: Days, Counting: WorkingTime}}, Patterns: patternsOfLives, Holidays: holidaysOfLives}
	l.policies()
	l.work()
	l.leave()
	l.adjust()
	l.claim()
	l.sickness()
	l.conditions()
	l.fate()
	l.change()
	return l
}

var patternsOfLives = map[string]calendar.Pattern{
	"full":   calendar.MustParsePattern("mon-fri"),
	"part":   calendar.MustParsePattern("mon tue wed 09:00-13:00 14:00-17:00"),
	"halves": calendar.MustParsePattern("mon-thu; fri morning"),
	"six":    calendar.MustParsePattern("mon-sat"),
	"turns":  calendar.MustParsePattern("from 2019-01-07: mon-fri | mon-wed"),
	"none":   {},
}

var holidaysOfLives = map[string]*calendar.Holidays{"": calendar.NewHolidays(
	calendar.Holiday{Date: calendar.On(2019, 12, 25), Key: "christmas-day"},
	calendar.Holiday{Date: calendar.On(2020, 12, 24), Name: "half", Off: calendar.AfternoonOff},
	calendar.Holiday{Date: calendar.On(2020, 12, 25), Key: "christmas-day"},
	calendar.Holiday{Date: calendar.On(2021, 4, 5), Key: "easter-monday"},
	calendar.Holiday{Date: calendar.On(2022, 3, 1), Name: "told", Off: calendar.Informative},
), "abroad": calendar.NewHolidays(
	calendar.Holiday{Date: calendar.On(2019, 12, 25), Key: "christmas-day"},
	calendar.Holiday{Date: calendar.On(2020, 11, 11), Name: "remembrance"},
	calendar.Holiday{Date: calendar.On(2020, 12, 24), Name: "half", Off: calendar.MorningOff},
	calendar.Holiday{Date: calendar.On(2021, 6, 3), Name: "corpus-christi"},
)}

// policies sets terms that hold since ever, and perhaps others from a day on.
func (l *life) policies() {
	terms := l.terms()
	if l.one(4) {
		terms.Also = []Terms{l.pot()}
	}
	if l.one(5) {
		terms.Also = append(terms.Also, l.dues()...)
	}
	l.book.Policies = append(l.book.Policies, Policy{Package: "all", Type: "holiday", Terms: terms})
	for range pick(l.Rand, 0, 0, 0, 1, 1, 2) {
		next := terms
		switch l.IntN(4) {
		case 0:
			next = l.terms()
		case 1:
			next.YearStart = l.monthDay()
		default:
			next.Amount = l.amount(next.PerPeriod)
		}
		l.book.Policies = append(l.book.Policies, Policy{Package: pick(l.Rand, "all", "all", "other"), Type: "holiday",
			From: l.start.AddDays(l.IntN(1200) - 50), Terms: next})
	}
}

// inUnit returns so many halves of a day, in the unit of the type.
func (l *life) inUnit(halves int) exact.Rat {
	if l.typ.Unit == Hours {
		return exact.Int(int64(halves * 240))
	}
	return exact.New(int64(halves), 2)
}

// amount returns an amount for a leave year or for a period.
func (l *life) amount(period bool) exact.Rat {
	if period {
		return l.inUnit(l.IntN(6)).Mul(pick(l.Rand, exact.Int(1), exact.New(1, 2), exact.New(2, 3)))
	}
	return l.inUnit(l.IntN(61))
}

func (l *life) monthDay() MonthDay {
	m := time.Month(1 + l.IntN(12))
	return pick(l.Rand, MonthDay{}, MonthDay{}, MonthDay{4, 1}, MonthDay{4, 15}, MonthDay{2, 29}, MonthDay{1, 31}, MonthDay{6, 1},
		MonthDay{m, 1 + l.IntN(calendar.DaysIn(2024, m))})
}

// pot returns random terms of a further pot.
func (l *life) pot() Terms {
	t := l.terms()
	t.YearStart, t.FullTime, t.Debt = MonthDay{}, exact.Rat{}, exact.Rat{}
	if l.one(2) {
		t.Accrual, t.PerPeriod, t.Worked = "", false, exact.Rat{}
	}
	return t
}

// terms returns random terms of one pot.
func (l *life) terms() Terms {
	t := Terms{FullTime: l.inUnit(10 * l.IntN(2)), Accrual: AtYearStart, Class: pick(l.Rand, "", Statutory, Extra)}
	if l.one(3) {
		t.YearStart = l.monthDay()
	}
	if !l.one(3) {
		t.Accrual = AccrualOf(pick(l.Rand, Rhythms...), pick(l.Rand, Moments...))
		t.PerPeriod = l.one(2)
	}
	t.Amount = l.amount(t.PerPeriod)
	t.Proration = pick(l.Rand, Prorations...)
	if l.one(2) {
		t.Rounding = Rounding{pick(l.Rand, RoundingModes...), l.inUnit(l.IntN(3))}
	}
	if l.one(8) {
		t.PerPeriod, t.Worked = true, exact.Int(pick[int64](l.Rand, 480, 2400, 1000))
		t.Accrual = AccrualOf(pick(l.Rand, Daily, Weekly, Monthly), pick(l.Rand, Moments...))
	}
	t.NotOnLeave = t.PerPeriod && l.one(4)
	l.earning(&t)
	for i := range pick(l.Rand, 0, 0, 0, 1, 2) {
		t.Levels = append(t.Levels, Level{After: i*13 + l.IntN(13), Amount: l.amount(t.PerPeriod), Immediate: l.one(2),
			Cap: l.inUnit(pick(l.Rand, 0, 0, 5+l.IntN(50))), Carries: l.inUnit(pick(l.Rand, 0, 0, 1+l.IntN(30)))})
	}
	t.Debt = l.inUnit(pick(l.Rand, 0, 0, 4, 10))
	t.CarryOver = l.carryOver()
	if t.CarryOver.InAll.IsZero() && l.one(5) {
		t.Cap = l.inUnit(2 + l.IntN(50))
	}
	return t
}

// earning adds random terms of what is earned, and when.
func (l *life) earning(t *Terms) {
	rhythm, moment := t.Accrual.Split()
	if t.upFront() && l.one(4) {
		t.FullAfter = pick(l.Rand, 6, 6, 1, 3, 12)
	}
	if moment == AtStart && l.one(6) {
		t.Bound, t.FullAfter = true, 0
	}
	if l.one(6) {
		t.AtMost = l.inUnit(1 + l.IntN(60))
	}
	if l.one(10) {
		t.Weeks = exact.New(int64(1+l.IntN(50)), 10)
	}
	for range pick(l.Rand, 0, 0, 1, 2) {
		b := Bonus{Amount: l.inUnit(l.IntN(5)), Start: pick(l.Rand, BonusStarts...), Age: 40 + l.IntN(5)}
		if l.one(2) {
			b.Age, b.After = 0, l.IntN(40)
		}
		t.Bonuses = append(t.Bonuses, b)
	}
	for range pick(l.Rand, 0, 0, 0, 1, 2) {
		a := Away{Sick: l.one(2), Amount: l.amount(t.PerPeriod), Weeks: pick(l.Rand, 0, 0, 1, 3), Months: l.one(4)}
		if !a.Sick || l.one(2) {
			a.Types = pick(l.Rand, []string{"sick"}, []string{"sick", "holiday"})
		}
		t.Away = append(t.Away, a)
	}
	if l.one(8) {
		after := pick(l.Rand, MonthDay{10, 31}, l.monthDay(), MonthDay{2, 28})
		for range 2 {
			t.Unspent = append(t.Unspent, Unspent{After: after, Least: l.inUnit(l.IntN(10)), Of: l.inUnit(l.IntN(50)), Amount: l.inUnit(l.IntN(5))})
		}
	}
	switch {
	case l.one(2):
	case rhythm == Weekly && l.one(2):
		t.Pay.Weekday = 1 + l.IntN(7)
	case rhythm == Weekly, rhythm == Fortnight, rhythm == FourWeekly:
		t.Pay.First = l.start.AddDays(l.IntN(2000) - 1000)
	case rhythm == Monthly:
		t.Pay.Days = []int{1 + l.IntN(31)}
	case rhythm == TwiceMonth:
		t.Pay.Days = []int{1 + l.IntN(14), 15 + l.IntN(17)}
	}
}

// fate gives the person a day of birth, and leave years fixed by hand.
func (l *life) fate() {
	if !l.one(3) {
		l.facts.Person.Born = l.start.AddYears(-40).AddDays(l.IntN(2000) - 1000)
	}
	for i := range pick(l.Rand, 0, 0, 0, 0, 1, 2) {
		l.facts.Fixed = append(l.facts.Fixed, FixedEntitlement{ID: fmt.Sprint("f", i), Type: "holiday",
			Year: l.start.Year() + i + l.IntN(2)*2, Amount: l.inUnit(l.IntN(80))})
	}
}

// carryOver returns random terms of what goes over.
func (l *life) carryOver() CarryOver {
	c := CarryOver{All: l.one(3), Max: l.inUnit(l.IntN(30))}
	if c.All {
		c.Max = exact.Rat{}
	}
	switch l.IntN(4) {
	case 0:
		c.Expires = l.monthDay()
	case 1:
		c.Valid = Term{pick(l.Rand, 0, 5, 15, 60), 1 + l.IntN(40)}
	}
	if l.one(3) {
		c.Keep = l.inUnit(l.IntN(10))
	}
	if l.one(4) {
		c.On = l.monthDay()
	}
	if l.one(5) {
		c.InAll = l.inUnit(30 + l.IntN(40))
	}
	return c
}

// work lets the person join, and perhaps leave, come back, and work otherwise.
func (l *life) work() {
	f := &Facts{Record: people.Record{Person: people.Person{ID: "ana", Active: true}}}
	d := l.start
	for i := range pick(l.Rand, 1, 1, 1, 2, 3) {
		e := people.Employment{ID: fmt.Sprint("e", i), From: d}
		if i > 0 || l.one(3) {
			e.To = d.AddDays(10 + l.IntN(900))
			d = e.To.AddDays(1 + pick(l.Rand, 0, l.IntN(30), l.IntN(600)))
		}
		f.Employments = append(f.Employments, e)
		if e.To.IsZero() {
			break
		}
	}
	f.Contracts = []people.Contract{{ID: "c", From: l.start, Pattern: pick(l.Rand, "full", "full", "part", "halves", "six"), Package: "all"}}
	if l.one(10) {
		f.Contracts[0].From = l.start.AddDays(l.IntN(60))
	}
	for i := range pick(l.Rand, 0, 0, 1, 2) {
		next := people.Contract{ID: fmt.Sprint("c", i), From: f.Contracts[i].From.AddDays(1 + l.IntN(500)), Location: pick(l.Rand, "", "abroad"),
			Pattern: pick(l.Rand, "full", "part", "halves", "turns", "none"), Package: pick(l.Rand, "all", "all", "all", "other")}
		if l.one(4) { // moves, and no more
			next.Pattern, next.Package = f.Contracts[i].Pattern, f.Contracts[i].Package
		}
		f.Contracts = append(f.Contracts, next)
	}
	l.facts = f
}

// leave asks for leave that does not overlap.
func (l *life) leave() {
	gap := pick(l.Rand, 15, 40, 90, 400)
	for d := l.start.AddDays(l.IntN(gap)); d < l.start.AddYears(4); d = d.AddDays(1 + l.IntN(gap)) {
		q := Request{ID: fmt.Sprintf("%06d", d), Type: "holiday", Span: l.span(d)}
		q.State = pick(l.Rand, Approved, Approved, Approved, Pending, Cancelled, Withdrawn, Refused)
		typ := l.typ
		if l.one(6) {
			typ, q.Type = l.book.Types[1], "sick"
		}
		q.Charges, _ = l.book.Count(l.facts, typ, q.Span)
		l.facts.Requests = append(l.facts.Requests, q)
		if d = q.To; q.State == Approved && l.one(8) { // somebody asks to change it
			l.facts.Requests = append(l.facts.Requests, Request{ID: q.ID + "-change", Type: q.Type, State: Pending, Replaces: q.ID,
				Span: l.span(q.From.AddDays(l.IntN(9) - 4))})
		}
	}
}

// span returns some days from d on, with parts of a day.
func (l *life) span(d calendar.Date) Span {
	s := Span{From: d, To: d.AddDays(pick(l.Rand, 0, 0, l.IntN(5), l.IntN(20)))}
	parts := []calendar.Portion{calendar.WholeDay, calendar.WholeDay, calendar.AfternoonHalf, calendar.MorningHalf, calendar.Between(600, 840)}
	if s.From == s.To {
		s.First = pick(l.Rand, parts...)
		return s
	}
	s.First, s.Last = pick(l.Rand, parts[:3]...), pick(l.Rand, parts[0], parts[3])
	return s
}

// adjust writes lines by hand, some with a window.
func (l *life) adjust() {
	for i := range pick(l.Rand, 0, 0, 1, 2, 4) {
		x := Adjustment{ID: fmt.Sprint("a", i), Type: "holiday", Date: l.start.AddDays(l.IntN(1400) - 20), Amount: l.inUnit(l.IntN(17) - 6)}
		if x.Amount.Sign() > 0 && l.one(2) {
			x.Until = x.Date.AddDays(l.IntN(200))
		}
		if !x.Amount.IsZero() {
			l.facts.Adjustments = append(l.facts.Adjustments, x)
		}
	}
	classes := rand.New(rand.NewPCG(uint64(l.start), 5)) // of its own, so that the rest of a history stays as it was
	for i := range l.facts.Adjustments {
		if x := &l.facts.Adjustments[i]; x.Amount.Sign() > 0 {
			pots := l.book.Policies[0].Terms.Pots()
			x.Class = pick(classes, pots[len(pots)-1].Class, pick(classes, pots...).Class, pick(classes, "", Earned, Statutory))
		}
	}
	r := rand.New(rand.NewPCG(uint64(l.start), 4)) // the same
	for _, x := range slices.Clone(l.facts.Adjustments) {
		if r.IntN(4) == 0 {
			x.ID, x.Undoes, x.Amount = x.ID+"-back", x.ID, x.Amount.Neg()
			l.facts.Adjustments = append(l.facts.Adjustments, x)
		}
	}
}

// sickness has the person sick now and then, often while on leave: with a note of a doctor
// or without, well again in steps, and the last time perhaps with no end known.
func (l *life) sickness() {
	r := rand.New(rand.NewPCG(uint64(l.start), 2)) // of its own, so that the rest of a history stays as it was
	l.typ.GiveBack, l.typ.PartlyBack = pick(r, GiveBacks...), r.IntN(3) == 0
	l.book.Types[0] = l.typ
	gap := pick(r, 20, 60, 500)
	for d := l.start.AddDays(r.IntN(gap)); d < l.start.AddYears(4); d = d.AddDays(1 + r.IntN(gap)) {
		s := Sickness{ID: fmt.Sprint("s", d), Person: "ana", From: d, To: d.AddDays(pick(r, 0, 2, r.IntN(12), r.IntN(120)))}
		s.Certified, s.Agreed = r.IntN(2) == 0, r.IntN(4) == 0
		if r.IntN(3) == 0 {
			s.NoteUntil = d.AddDays(r.IntN(20))
		}
		for step := d.AddDays(r.IntN(10)); r.IntN(3) == 0 && step <= s.To; step = step.AddDays(1 + r.IntN(20)) {
			s.Recovery = append(s.Recovery, Recovery{From: step, Percent: 1 + r.IntN(99)})
		}
		d = s.To
		l.facts.Sickness = append(l.facts.Sickness, s)
	}
	if n := len(l.facts.Sickness); n > 0 && r.IntN(3) == 0 {
		l.facts.Sickness[n-1].To = 0
	}
}

// someDay returns a day of the history, often one on which something begins or is
// over.
func (l *life) someDay() calendar.Date {
	d := l.start.AddDays(l.IntN(1700))
	if l.one(4) {
		return calendar.On(d.Year(), d.Month(), 1)
	}
	if n := len(l.facts.Adjustments); n > 0 && l.one(3) {
		if x := pick(l.Rand, l.facts.Adjustments...); x.Until > 0 {
			return x.Until.AddDays(l.IntN(2))
		}
	}
	return d
}

// change has days off, hours and the way of counting changed after leave was approved,
// in some histories: approved leave is then corrected.
func (l *life) change() {
	r := rand.New(rand.NewPCG(uint64(l.start), 3)) // of its own, so that the rest of a history stays as it was
	if l.imported = r.IntN(8) == 0; l.imported {   // what another administration counted
		for i := range l.facts.Requests {
			for k := range l.facts.Requests[i].Charges {
				c := &l.facts.Requests[i].Charges[k]
				c.Days, c.Minutes = c.Days.Div(exact.Int(2)), c.Minutes/2
			}
		}
	}
	for range pick(r, 0, 0, 1, 2, 3) {
		l.changed(r, l.start.AddDays(r.IntN(1500)))
	}
}

// changed changes one thing on a day, and has approved leave corrected.
func (l *life) changed(r *rand.Rand, on calendar.Date) {
	book, facts := *l.book, *l.facts
	book.Types, facts.Contracts = slices.Clone(book.Types), slices.Clone(facts.Contracts)
	facts.Employments = slices.Clone(facts.Employments)
	last := &facts.Employments[len(facts.Employments)-1]
	switch r.IntN(6) {
	case 0:
		book.Patterns = maps.Clone(book.Patterns)
		book.Patterns["full"] = calendar.MustParsePattern(pick(r, "mon-fri", "mon-thu", "mon-sat", "mon-fri morning"))
	case 1:
		facts.Contracts[r.IntN(len(facts.Contracts))].Pattern = pick(r, "full", "part", "halves", "turns", "none")
		if r.IntN(2) == 0 {
			facts.Contracts[r.IntN(len(facts.Contracts))].Location = pick(r, "", "abroad")
		}
	case 2:
		book.Types[0].Counting = pick(r, Countings...)
	case 3:
		last.To = max(last.From, last.From.AddDays(r.IntN(1200)))
	default:
		var days []calendar.Holiday
		for range 1 + r.IntN(60) {
			days = append(days, calendar.Holiday{Date: l.start.AddDays(r.IntN(1500)), Name: "new",
				Off: pick(r, calendar.FullDay, calendar.FullDay, calendar.AfternoonOff, calendar.MorningOff, calendar.Informative)})
		}
		book.Holidays = maps.Clone(book.Holidays)
		book.Holidays[pick(r, "", "", "abroad")] = calendar.NewHolidays(days...)
	}
	l.recount(&book, &facts, on)
}

// recount has other rules and facts take the place of those of a history.
func (l *life) recount(book *Rulebook, facts *Facts, on calendar.Date) {
	facts.Requests = slices.Clone(facts.Requests)
	for _, q := range book.Recount(facts, l.book, l.facts, on) {
		i := slices.IndexFunc(facts.Requests, func(o Request) bool { return o.ID == q.ID })
		facts.Requests[i] = q
	}
	l.book, l.facts, l.typ = book, facts, book.Types[0]
}
