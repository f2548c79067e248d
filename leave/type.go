// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
)

// Unit is what a leave type is counted in.
type Unit string

// The units. An amount of a type in hours is a number of minutes.
const (
	Days  Unit = "days"
	Hours Unit = "hours"
)

// of returns what so many days hold at the most: the days, or every minute of them.
func (u Unit) of(days int64) exact.Rat {
	if u == Hours {
		return exact.Int(days * 24 * 60)
	}
	return exact.Int(days)
}

// Counting is which days of a request cost something.
type Counting string

// The ways of counting.
const (
	WorkingTime  Counting = "working"  // what the working pattern has, less public holidays
	CalendarDays Counting = "calendar" // every day of an employment, free or not, as one day
	SixDays      Counting = "six-days" // every day but Sundays and public holidays as one day (BUrlG § 3, Code du travail L3141-3)
	Sandwich     Counting = "sandwich" // like WorkingTime, and free days between two days of the same leave as one day
)

// Type is a kind of leave that the customer offers.
type Type struct {
	ID               string
	Name             string // the customer's own word for it
	Colour           int    // 1..12, a place in the palette
	Unit             Unit
	Counting         Counting
	Entitled         bool         // draws on an entitlement; otherwise it is only recorded
	Unapproved       bool         // counts as approved when it is asked for
	Private          bool         // shown as a mere absence to those who may not know
	WholeDays        bool         // no half days and no hours
	FreeReturn       bool         // a change of approved leave that only gives days back needs no approval
	AnswerDays       int          // calendar days for an answer, after which leave stands as it was asked for; 0: it waits
	GiveBack         GiveBack     // when leave is given back of which the person was sick
	PartlyBack       bool         // a day on which the person works in part again is given back for the rest of it
	Substitute       Substitution // whether somebody who does the work meanwhile is named
	SubstituteAgrees bool         // nobody approves before they agree
	EndsUnpaid       bool         // what is left of it when an employment ends is not paid
	Order            int          // place in lists
	Retired          bool         // not offered any more; history stays
}

// Package is a reusable set of policies, one for each entitled type: what the
// contract line of a person points to.
type Package struct {
	ID   string
	Name string
}

// Policy is the terms of one type in one package, from a day on and until the
// next policy of the same two.
type Policy struct {
	ID      string
	Package string
	Type    string
	From    calendar.Date // zero: since ever
	Terms   Terms
	Law     Pin // the law it was made from; changed by hand since where the terms differ
}

// Terms are what HR sets: how much a year, how it is prorated, rounded, carried
// over and overdrawn. The zero value grants nothing.
type Terms struct {
	Amount    exact.Rat // a leave year, in the unit of the type, for a full-time week
	FullTime  exact.Rat // a full-time week: working days, or minutes for types in hours; 0: no part-time proration
	YearStart MonthDay  // first day of the leave year; zero: 1 January
	Accrual   Accrual
	PerPeriod bool // Amount is for each period of the accrual, not for the leave year
	Levels    []Level
	Proration Proration
	Rounding  Rounding
	Cap       exact.Rat // a grant stops where the balance reaches it; 0: none
	CarryOver CarryOver
	Debt      exact.Rat // how far below zero a balance may go

	Worked     exact.Rat // minutes of work for which Amount is earned, in periods of the accrual; 0: time itself earns
	NotOnLeave bool      // a period earns in proportion to its days without leave

	Event     EventRule    // due on events in place of the leave year; zero: not
	Overtime  OvertimeRule // filled by overtime as well; zero: not
	Trade     TradeRule    // what may be bought and sold, of all pots together; zero: nothing
	FullAfter int          // months of the employment after which all of the leave year is due, a twelfth for each full month before; 0: no waiting
	Bonuses   []Bonus      // on top of Amount
	Away      []Away       // other amounts for time away; the first that holds on a day counts
	Unspent   []Unspent    // more for leave that is left after a day; the greatest counts
	AtMost    exact.Rat    // what a leave year grants at the most; 0: no such limit
	Weeks     exact.Rat    // the same in working weeks of the day of the grant; 0: no such limit
	Pay       PayPeriods
	Bound     bool // what a period grants is gone at its end

	Block Block   // leave in a row that everybody should have; zero: none
	Class Class   // what kind of right it is; empty: not told apart
	Also  []Terms // further pots behind the same type; FullTime, YearStart, Debt, Trade and Block are those of the first
}

// Class is what kind of right to leave a pot holds.
type Class string

// The classes.
const (
	Statutory Class = "statutory" // what the law gives at least
	Extra     Class = "extra"     // what contract or agreement adds
	Earned    Class = "earned"    // time off in lieu, and what was bought
)

// pot returns the terms of the k-th pot, the first being t's own.
func (t *Terms) pot(k int) Terms {
	switch {
	case k == 0:
		return *t
	case k > len(t.Also):
		return Terms{YearStart: t.YearStart, FullTime: t.FullTime}
	}
	p := t.Also[k-1]
	p.YearStart, p.FullTime, p.Debt = t.YearStart, t.FullTime, t.Debt
	if p.Accrual == "" {
		p.Accrual = t.Accrual
	}
	if p.Proration == "" {
		p.Proration = t.Proration
	}
	return p
}

// Level is another amount, and perhaps other bounds, for those who have served long enough.
type Level struct {
	After     int       // months of the employment
	Amount    exact.Rat // in place of Terms.Amount
	Immediate bool      // from the day on which it is reached, else for the periods that begin on it or later
	Cap       exact.Rat // of what is granted at this level, in place of Terms.Cap; 0: the same
	Carries   exact.Rat // so much goes over at the most, in place of what CarryOver says, from the day on which the level is reached; 0: as it says
}

// level returns the highest level that is reached by d, of an employment that began on since: before
// the period began, or at once. Before the first it is what the terms themselves say.
func (t *Terms) level(since, period, d calendar.Date) Level {
	best := Level{After: -1, Amount: t.Amount}
	for _, l := range t.Levels {
		reached := since.AfterMonths(l.After)
		if l.After > best.After && (reached <= period || l.Immediate && reached <= d) {
			best = l
		}
	}
	if best.Cap.IsZero() {
		best.Cap = t.Cap
	}
	return best
}

// MonthDay is a day of every year. 29 February means 1 March in common years.
type MonthDay struct {
	Month time.Month
	Day   int
}

// In returns the day in a year.
func (m MonthDay) In(year int) calendar.Date {
	if m.Month == 0 {
		return calendar.On(year, time.January, 1)
	}
	return calendar.On(year, m.Month, m.Day)
}

// IsZero reports whether no day is set.
func (m MonthDay) IsZero() bool { return m.Month == 0 }

// YearOf returns the leave year that d lies in, when years begin at m.
func (m MonthDay) YearOf(d calendar.Date) calendar.Range {
	from := m.In(d.Year())
	if d < from {
		from = m.In(d.Year() - 1)
	}
	return calendar.Range{From: from, To: m.In(from.Year() + 1).AddDays(-1)}
}

// Accrual is in which periods leave is earned, and when in a period it is
// granted: a rhythm and a moment, such as "month-end".
type Accrual string

// The accruals that most policies use; AccrualOf makes the others.
const (
	AtYearStart Accrual = "year"        // all on the first day of the leave year, or of the employment in it
	MonthStart  Accrual = "month-start" // a twelfth on the first day of each month of the leave year
	MonthEnd    Accrual = "month-end"   // a twelfth on the last day of each month of the leave year
)

// Rhythm is how long a period of accrual is.
type Rhythm string

// The rhythms. Months and longer are those of the leave year, days, weeks (which
// begin on Monday) and halves of a month those of the calendar: where an amount is
// for each of them, one that lies in two leave years belongs to the first.
const (
	Yearly     Rhythm = "year"
	HalfYearly Rhythm = "half-year"
	Quarterly  Rhythm = "quarter"
	Monthly    Rhythm = "month"
	TwiceMonth Rhythm = "twice-month" // from the 1st and from the 15th
	FourWeekly Rhythm = "four-weeks"  // four weeks, as Fortnight; the last of 13 has the day or two over
	Weekly     Rhythm = "week"
	Fortnight  Rhythm = "fortnight" // two weeks, counted from the start of the leave year; the last of 26 has the day or two over
	Daily      Rhythm = "day"
)

// Moment is when in a period its leave is granted.
type Moment string

// The moments.
const (
	AtStart Moment = "start" // on its first day, or on the first day of the employment in it
	AtEnd   Moment = "end"   // on its last day
	After   Moment = "after" // on the day after it, and so in the next leave year after the last period
)

// AccrualOf returns the accrual of a rhythm and a moment.
func AccrualOf(r Rhythm, m Moment) Accrual {
	if r == Yearly && m == AtStart {
		return AtYearStart
	}
	return Accrual(string(r) + "-" + string(m))
}

// Split returns the rhythm and the moment.
func (a Accrual) Split() (Rhythm, Moment) {
	for _, m := range []Moment{AtStart, AtEnd, After} {
		if r, ok := strings.CutSuffix(string(a), "-"+string(m)); ok {
			return Rhythm(r), m
		}
	}
	return Yearly, AtStart
}

// PayPeriods are the days on which periods of pay begin, where those of the
// calendar are not meant. The zero value means those of the calendar.
type PayPeriods struct {
	First   calendar.Date // of one period of a week, two or four: the others follow and precede it
	Weekday int           // 1 Monday to 7 Sunday: a week is granted on it
	Days    []int         // of the month on which a month, or half of one, is granted; the 31st is the last of each
}

// Proration is how a part of a leave year is measured for those who join or
// leave in it, or whose working pattern changes.
type Proration string

// The prorations.
const (
	ByMonths     Proration = "months"      // twelfths; a month worked in part counts its calendar days
	ByTouched    Proration = "touched"     // twelfths; a month worked in part counts whole
	ByFullMonths Proration = "full-months" // twelfths; a month worked in part does not count (BUrlG § 5)
	ByDays       Proration = "days"        // calendar days of the twelve months of the leave year
	NoProration  Proration = "none"        // all of it, whenever one joins
)

// Rounding is applied to what has been granted in a leave year so far, never to
// one grant, so that it cannot drift.
type Rounding struct {
	Mode RoundingMode
	Step exact.Rat // in the unit of the type; 0: whole
}

// RoundingMode says to which side.
type RoundingMode string

// The modes. The zero value rounds nothing.
const (
	Exact       RoundingMode = ""
	RoundUp     RoundingMode = "up"
	RoundDown   RoundingMode = "down"
	RoundHalfUp RoundingMode = "half-up"
	RaiseHalf   RoundingMode = "from-half" // half a step and more goes up, less stays as it is (BUrlG § 5 (2))
)

// Apply rounds a.
func (r Rounding) Apply(a exact.Rat) exact.Rat {
	step := r.Step
	if step.IsZero() {
		step = exact.Int(1)
	}
	switch r.Mode {
	case RoundUp:
		return a.Div(step).Ceil().Mul(step)
	case RoundDown:
		return a.Div(step).Floor().Mul(step)
	case RoundHalfUp:
		return a.Div(step).HalfUp().Mul(step)
	case RaiseHalf:
		return exact.Max(a, a.Div(step).HalfUp().Mul(step))
	}
	return a
}
