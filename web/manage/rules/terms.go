// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"strconv"
	"time"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/web/page"
)

// usualTerms are those that the form of a new policy begins with.
func usualTerms(u leave.Unit) leave.Terms {
	t := leave.Terms{Amount: exact.Int(25), FullTime: exact.Int(5), Accrual: leave.AtYearStart, Proration: leave.ByMonths,
		Rounding: leave.Rounding{Mode: leave.RoundHalfUp, Step: exact.New(1, 2)}}
	if u == leave.Hours {
		hour := exact.Int(60)
		t.Amount, t.FullTime, t.Rounding.Step = exact.Int(200).Mul(hour), exact.Int(40).Mul(hour), exact.Int(15)
	}
	return t
}

// levels is how many levels the form of a policy has room for.
const levels = 3

// The choices about what is left at the end of a leave year.
const (
	carryNone = "none"
	carryMax  = "max"
	carryAll  = "all"
)

// fillPolicy fills the form with a policy in unit u.
func fillPolicy(f *page.Form, p leave.Policy, u leave.Unit) {
	set := func(name, value string) { f.Values.Set(name, value) }
	t, c := p.Terms, p.Terms.CarryOver
	rhythm, moment := t.Accrual.Split()
	set("type", p.Type)
	if !p.From.IsZero() {
		set("from", p.From.String())
	}
	for name, v := range map[string]exact.Rat{"amount": t.Amount, "full_time": t.FullTime, "rounding_step": t.Rounding.Step, "cap": t.Cap,
		"carry_max": c.Max, "carry_keep": c.Keep, "carry_beside": c.InAll, "debt": t.Debt} {
		set(name, amountText(f.Lang, v, u))
	}
	set("worked", amountText(f.Lang, t.Worked, leave.Hours))
	for name, v := range map[string]string{"class": string(t.Class), "accrual": string(rhythm), "moment": string(moment),
		"proration": string(t.Proration), "rounding": string(t.Rounding.Mode), "per": "year", "carry": carryMax} {
		set(name, v)
	}
	fillTicks(f, t)
	fillClaims(f, &t, u)
	if t.YearStart.IsZero() {
		t.YearStart = leave.MonthDay{Month: time.January, Day: 1}
	}
	fillDay(f, "year_start", t.YearStart)
	fillDay(f, "carry_expires", c.Expires)
	fillDay(f, "carry_on", c.On)
	if c.Valid.Months > 0 {
		set("carry_valid", strconv.Itoa(c.Valid.Months))
	}
	for i, level := range t.Levels[:min(levels, len(t.Levels))] {
		set(fmt.Sprintf("level%d_after", i), strconv.Itoa(level.After))
		set(fmt.Sprintf("level%d_amount", i), amountText(f.Lang, level.Amount, u))
		if level.Immediate {
			set(fmt.Sprintf("level%d_now", i), "yes")
		}
	}
}

func fillTicks(f *page.Form, t leave.Terms) {
	if t.PerPeriod {
		f.Values.Set("per", "period")
	}
	if t.NotOnLeave {
		f.Values.Set("not_on_leave", "yes")
	}
	switch {
	case t.CarryOver.All:
		f.Values.Set("carry", carryAll)
	case t.CarryOver.Max.IsZero():
		f.Values.Set("carry", carryNone)
	}
}

func fillDay(f *page.Form, name string, m leave.MonthDay) {
	if !m.IsZero() {
		f.Values.Set(name+"_month", strconv.Itoa(int(m.Month)))
		f.Values.Set(name+"_day", strconv.Itoa(m.Day))
	}
}

// amountText writes an amount as form.amount reads it; nothing is empty.
func amountText(l *lang.Locale, v exact.Rat, u leave.Unit) string {
	switch {
	case v.IsZero():
		return ""
	case u == leave.Hours:
		return l.HoursOf(v)
	}
	return l.Exact(v)
}

// readPolicy returns p with what the form says; what the form does not hold stays.
func readPolicy(f *page.Form, p leave.Policy, u leave.Unit) leave.Policy {
	t := p.Terms
	p.From = f.DateOr("from", 0)
	t.Amount = f.Amount("amount", u)
	t.FullTime, t.Cap, t.Debt = f.AmountOr("full_time", u), f.AmountOr("cap", u), f.AmountOr("debt", u)
	t.PerPeriod, t.NotOnLeave = f.OneOf("per", "year", "period") == "period", f.Has("not_on_leave", "yes")
	t.YearStart = f.MonthDay("year_start")
	t.Accrual = leave.AccrualOf(leave.Rhythm(f.Text("accrual")), leave.Moment(f.Text("moment")))
	t.Proration, t.Class = leave.Proration(f.Text("proration")), leave.Class(f.Text("class"))
	t.Rounding = leave.Rounding{Mode: leave.RoundingMode(f.Text("rounding")), Step: f.AmountOr("rounding_step", u)}
	t.Worked = f.AmountOr("worked", leave.Hours)
	t.CarryOver = readCarryOver(f, t.CarryOver, u)
	t.Levels = readLevels(f, t.Levels, u)
	p.Terms = readClaims(f, t, u)
	return p
}

// readCarryOver returns c with what the form says.
func readCarryOver(f *page.Form, c leave.CarryOver, u leave.Unit) leave.CarryOver {
	switch f.OneOf("carry", carryNone, carryMax, carryAll) {
	case carryNone:
		return leave.CarryOver{Told: c.Told, Longer: c.Longer, Rest: c.Rest}
	case carryAll:
		c.All = true
	default:
		c.All = false
	}
	c.Max, c.Keep, c.InAll = f.AmountOr("carry_max", u), f.AmountOr("carry_keep", u), f.AmountOr("carry_beside", u)
	c.Expires, c.On = f.MonthDay("carry_expires"), f.MonthDay("carry_on")
	if c.Valid.Months = f.Number("carry_valid"); c.Valid.Months == 0 {
		c.Valid = leave.Term{}
	}
	if c.All {
		c.Max = exact.Rat{}
	}
	return c
}

// readLevels returns the levels of the form, and those of before that it has no
// room for.
func readLevels(f *page.Form, before []leave.Level, u leave.Unit) []leave.Level {
	var out []leave.Level
	for i := range levels {
		name := fmt.Sprintf("level%d", i)
		if f.Text(name+"_after") == "" && f.Text(name+"_amount") == "" {
			continue
		}
		if f.Text(name+"_after") == "" {
			f.Refuse(errs.New(errs.Invalid, "admin.error.number").At(name + "_after"))
		}
		out = append(out, leave.Level{After: f.Number(name + "_after"), Amount: f.Amount(name+"_amount", u), Immediate: f.Has(name+"_now", "yes")})
	}
	return append(out, before[min(levels, len(before)):]...)
}
