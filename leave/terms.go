// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// Check notes what is wrong with terms for a type in unit u. The fields are
// amount, full_time, year_start, accrual, proration, rounding, rounding_step, cap,
// carry_max, carry_keep, carry_expires, carry_on, carry_valid, carry_beside,
// carry_told, carry_rest, debt, class, full_after, at_most, weeks, pay_days,
// pay_weekday, bound, block and block_from, and those of checkClaims. The lines of a list
// have fields of their own, counted from 0: levelN_after, _amount, _cap and _carries; bonusN_at, _amount
// and _start; awayN_amount, _who and _weeks; unspentN_amount, _least, _of and _after;
// longerN_term and _most. What is wrong with a further pot is noted at the same fields
// behind "potN_", counted from 1.
func (t *Terms) Check(u Unit) error {
	var f people.Faults
	year, week := u.of(366), u.of(7)
	for _, x := range []struct {
		field string
		value exact.Rat
		most  exact.Rat
	}{
		{"amount", t.Amount, year}, {"full_time", t.FullTime, week}, {"rounding_step", t.Rounding.Step, year},
		{"carry_max", t.CarryOver.Max, year}, {"carry_keep", t.CarryOver.Keep, year}, {"debt", t.Debt, year},
		{"at_most", t.AtMost, year}, {"weeks", t.Weeks, exact.Int(53)},
		{"cap", t.Cap, year.Mul(exact.Int(10))}, {"carry_beside", t.CarryOver.InAll, year.Mul(exact.Int(10))},
	} {
		if x.value.Sign() < 0 || x.value.Cmp(x.most) > 0 {
			f.Add(x.field, "leave.error.amount_range")
		}
	}
	if !t.CarryOver.All && t.CarryOver.Keep.Cmp(t.CarryOver.Max) > 0 {
		f.Add("carry_keep", "leave.error.keep_more")
	}
	t.checkChoices(&f)
	t.checkClaims(&f, year)
	t.checkLists(&f, year)
	t.checkEarning(&f)
	t.Block.check(&f)
	for i := range t.Also {
		p := t.pot(i + 1)
		p.Also, p.YearStart, p.FullTime, p.Debt, p.Trade, p.Block = nil, MonthDay{}, exact.Rat{}, exact.Rat{}, TradeRule{}, Block{} // told already
		f.Under(fmt.Sprintf("pot%d_", i+1), p.Check(u))
	}
	return f.Err()
}

// checkLists notes what cannot be of levels, of what comes on top, of other amounts
// and of longer times.
func (t *Terms) checkLists(f *people.Faults, most exact.Rat) {
	within := func(field string, x, most exact.Rat) {
		if x.Sign() < 0 || x.Cmp(most) > 0 {
			f.Add(field, "leave.error.amount_range")
		}
	}
	amount := func(field string, x exact.Rat) { within(field, x, most) }
	count := func(field string, n, most int) {
		if n < 0 || n > most {
			f.Add(field, "leave.error.number", "most", most)
		}
	}
	for i, l := range t.Levels {
		count(fmt.Sprintf("level%d_after", i), l.After, mostMonths)
		amount(fmt.Sprintf("level%d_amount", i), l.Amount)
		within(fmt.Sprintf("level%d_cap", i), l.Cap, most.Mul(exact.Int(10)))
		amount(fmt.Sprintf("level%d_carries", i), l.Carries)
	}
	for i, b := range t.Bonuses {
		count(fmt.Sprintf("bonus%d_at", i), b.Age, 120)
		count(fmt.Sprintf("bonus%d_at", i), b.After, mostMonths)
		amount(fmt.Sprintf("bonus%d_amount", i), b.Amount)
		if !slices.Contains(BonusStarts, b.Start) {
			f.Add(fmt.Sprintf("bonus%d_start", i), "leave.error.not_listed")
		}
	}
	for i, a := range t.Away {
		count(fmt.Sprintf("away%d_weeks", i), a.Weeks, 520)
		amount(fmt.Sprintf("away%d_amount", i), a.Amount)
		if !a.Sick && len(a.Types) == 0 {
			f.Add(fmt.Sprintf("away%d_who", i), "leave.error.away_who")
		}
	}
	for i, x := range t.Unspent {
		amount(fmt.Sprintf("unspent%d_amount", i), x.Amount)
		amount(fmt.Sprintf("unspent%d_least", i), x.Least)
		amount(fmt.Sprintf("unspent%d_of", i), x.Of)
		if x.After.IsZero() || !x.After.valid() {
			f.Add(fmt.Sprintf("unspent%d_after", i), "leave.error.month_day")
		}
	}
	for i, x := range t.CarryOver.Longer {
		amount(fmt.Sprintf("longer%d_most", i), x.Most)
		if x.Term.IsZero() || !x.Term.valid() {
			f.Add(fmt.Sprintf("longer%d_term", i), "leave.error.term")
		}
	}
}

// mostMonths is how many months of service a rule can ask for.
const mostMonths = 1200

// checkEarning notes what cannot be of when leave is earned.
func (t *Terms) checkEarning(f *people.Faults) {
	if t.FullAfter < 0 || t.FullAfter > mostMonths {
		f.Add("full_after", "leave.error.number", "most", mostMonths)
	}
	if t.FullAfter > 0 && !t.upFront() {
		f.Add("full_after", "leave.error.waiting_at_once")
	}
	if _, moment := t.Accrual.Split(); t.Bound && moment != AtStart {
		f.Add("bound", "leave.error.bound_at_start")
	}
	if t.Pay.Weekday < 0 || t.Pay.Weekday > 7 {
		f.Add("pay_weekday", "leave.error.not_listed")
	}
	if !t.Pay.valid(t.Accrual) {
		f.Add("pay_days", "leave.error.pay_days")
	}
}

// valid reports whether the days of the month are none, or as many as an accrual has
// periods in a month, in order.
func (p PayPeriods) valid(a Accrual) bool {
	r, _ := a.Split()
	for _, d := range p.Days {
		if d < 1 || d > 31 {
			return false
		}
	}
	switch most := map[Rhythm]int{Monthly: 1, TwiceMonth: 2}[r]; len(p.Days) {
	case 0:
		return true
	case most:
		return most == 1 || p.Days[0] < p.Days[1]
	}
	return false
}

// checkChoices notes what is not one of the things that can be chosen.
func (t *Terms) checkChoices(f *people.Faults) {
	for _, x := range []struct {
		field, key string
		fine       bool
	}{
		{"year_start", "leave.error.month_day", t.YearStart.valid()},
		{"carry_expires", "leave.error.month_day", t.CarryOver.Expires.valid()},
		{"carry_on", "leave.error.month_day", t.CarryOver.On.valid()},
		{"carry_valid", "leave.error.not_listed", t.CarryOver.Valid.valid()},
		{"accrual", "leave.error.not_listed", t.Accrual.valid()},
		{"proration", "leave.error.not_listed", slices.Contains(Prorations, t.Proration)},
		{"rounding", "leave.error.not_listed", slices.Contains(RoundingModes, t.Rounding.Mode)},
		{"carry_rest", "leave.error.not_listed", slices.Contains(Consequences, t.CarryOver.Rest)},
		{"carry_told", "leave.error.not_listed", t.CarryOver.Told.Before.valid() && (t.CarryOver.Told.asked() || !t.CarryOver.Told.Read)},
		{"class", "leave.error.not_listed", t.Class == "" || slices.Contains(Classes, t.Class)},
	} {
		if !x.fine {
			f.Add(x.field, x.key)
		}
	}
}

// What can be chosen, in the order in which a page offers it.
var (
	Countings     = []Counting{WorkingTime, CalendarDays, SixDays, Sandwich}
	Rhythms       = []Rhythm{Yearly, HalfYearly, Quarterly, Monthly, TwiceMonth, FourWeekly, Fortnight, Weekly, Daily}
	Moments       = []Moment{AtStart, AtEnd, After}
	Classes       = []Class{Statutory, Extra, Earned}
	Prorations    = []Proration{ByMonths, ByTouched, ByFullMonths, ByDays, NoProration}
	RoundingModes = []RoundingMode{Exact, RoundHalfUp, RoundUp, RoundDown, RaiseHalf}
)

// valid reports whether m is zero or a day that some year has.
func (m MonthDay) valid() bool {
	if m.IsZero() {
		return m.Day == 0
	}
	return m.Month >= time.January && m.Month <= time.December && m.Day >= 1 && m.Day <= calendar.DaysIn(2024, m.Month)
}

// valid reports whether a is made of a rhythm and a moment that there are.
func (a Accrual) valid() bool {
	r, m := a.Split()
	return slices.Contains(Rhythms, r) && slices.Contains(Moments, m) && AccrualOf(r, m) == a
}

// valid reports whether t is a length of time of at most a hundred years.
func (t Term) valid() bool {
	return t.Months >= 0 && t.Months <= 1200 && t.Days >= 0 && t.Days <= 36_600
}
