// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"verlof/calendar"
)

// periods returns the periods of a rhythm in the leave year. Where an amount is for
// each period, one that reaches over the end of the leave year belongs to the year
// in which it begins, or in which all begins; where it is for the leave year, there
// are cut.
func (y *leaveYear) periods(r Rhythm, months []calendar.Range) []calendar.Range {
	n := map[Rhythm]int{Yearly: 12, HalfYearly: 6, Quarterly: 3, Monthly: 1}[r]
	if n > 1 || n == 1 && len(y.terms.Pay.Days) == 0 {
		return y.together(months, n)
	}
	var out []calendar.Range
	for d := y.From; d <= y.To; {
		p := y.calendarPeriod(r, d)
		d = p.To.AddDays(1)
		if y.forPeriods() && p.From < y.From && y.follows {
			continue
		}
		out = append(out, y.cut(p))
	}
	return out
}

// forPeriods reports whether the amount is for each period, not for the leave year.
func (y *leaveYear) forPeriods() bool { return y.terms.PerPeriod || y.terms.Worked.Sign() > 0 }

// cut returns what of a period lies in the leave year, where the amount is for that.
func (y *leaveYear) cut(p calendar.Range) calendar.Range {
	if !y.forPeriods() {
		p, _ = p.Intersect(y.Range)
	}
	return p
}

// together returns so many months each as one period.
func (y *leaveYear) together(months []calendar.Range, n int) []calendar.Range {
	var out []calendar.Range
	for i, m := range months {
		if i%n > 0 {
			out[len(out)-1].To = m.To
			continue
		}
		out = append(out, y.cut(m))
	}
	return out
}

// calendarPeriod returns the period of the calendar, or of pay, that d lies in.
func (y *leaveYear) calendarPeriod(r Rhythm, d calendar.Date) calendar.Range {
	_, moment := y.terms.Accrual.Split()
	pay := y.terms.Pay
	switch days := map[Rhythm]int{Weekly: 7, Fortnight: 14, FourWeekly: 28}[r]; {
	case r == Daily:
		return calendar.Range{From: d, To: d}
	case days == 7 || days > 0 && !pay.First.IsZero():
		return pay.weeks(d, days, moment)
	case days > 0:
		return y.countedWeeks(d, days)
	case len(pay.Days) > 0:
		return monthlyOn(pay.Days, d, moment)
	}
	return monthlyOn([]int{1, 15}, d, AtStart)
}

// weeks returns the period of so many days that d lies in: of those that begin on
// the first, or of weeks that are granted on the weekday.
func (p PayPeriods) weeks(d calendar.Date, days int, m Moment) calendar.Range {
	first := p.First
	if first.IsZero() {
		first = calendar.Date(1).Monday().AddDays(max(0, p.Weekday-1))
		if m == AtEnd && p.Weekday > 0 {
			first = first.AddDays(1)
		}
	}
	past := int(d-first) % days
	if past < 0 {
		past += days
	}
	from := d.AddDays(-past)
	return calendar.Range{From: from, To: from.AddDays(days - 1)}
}

// monthlyOn returns the period that d lies in, of those which are granted on some
// days of each month: at its end, or else at the start or after it.
func monthlyOn(days []int, d calendar.Date, m Moment) calendar.Range {
	p := calendar.Range{From: 0, To: calendar.Last}
	year, month, _ := d.Civil()
	for n := month - 1; n <= month+1; n++ {
		first := calendar.On(year, n, 1)
		for _, day := range days {
			start := first.AddDays(min(day, calendar.DaysIn(first.Year(), first.Month())) - 1)
			if m == AtEnd {
				start = start.AddDays(1)
			}
			if start <= d {
				p.From = max(p.From, start)
			} else {
				p.To = min(p.To, start.AddDays(-1))
			}
		}
	}
	return p
}

// countedWeeks returns the period of so many days, counted from the start of the
// leave year, that begins on d. The last takes the day or two that are over. Where a
// leave year was moved the last may be shorter.
func (y *leaveYear) countedWeeks(d calendar.Date, days int) calendar.Range {
	p := calendar.Range{From: d, To: min(d.AddDays(days-1), y.To)}
	if y.To <= p.To.AddDays(2) {
		p.To = y.To
	}
	return p
}

// atLeast returns the days by which a period is measured where it is shorter.
func (t *Terms) atLeast() int {
	rhythm, _ := t.Accrual.Split()
	return map[Rhythm]int{Fortnight: 14, FourWeekly: 28}[rhythm]
}
