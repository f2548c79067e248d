// SPDX-License-Identifier: Apache-2.0

package web

import (
	"fmt"
	"strconv"
	"time"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
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
func fillPolicy(f *form, p leave.Policy, u leave.Unit) {
	set := func(name, value string) { f.values.Set(name, value) }
	t, c := p.Terms, p.Terms.CarryOver
	rhythm, moment := t.Accrual.Split()
	set("type", p.Type)
	if !p.From.IsZero() {
		set("from", p.From.String())
	}
	for name, v := range map[string]exact.Rat{"amount": t.Amount, "full_time": t.FullTime, "rounding_step": t.Rounding.Step, "cap": t.Cap,
		"carry_max": c.Max, "carry_keep": c.Keep, "carry_beside": c.InAll, "debt": t.Debt} {
		set(name, amountText(f.lang, v, u))
	}
	set("worked", amountText(f.lang, t.Worked, leave.Hours))
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
		set(fmt.Sprintf("level%d_amount", i), amountText(f.lang, level.Amount, u))
		if level.Immediate {
			set(fmt.Sprintf("level%d_now", i), "yes")
		}
	}
}

func fillTicks(f *form, t leave.Terms) {
	if t.PerPeriod {
		f.values.Set("per", "period")
	}
	if t.NotOnLeave {
		f.values.Set("not_on_leave", "yes")
	}
	switch {
	case t.CarryOver.All:
		f.values.Set("carry", carryAll)
	case t.CarryOver.Max.IsZero():
		f.values.Set("carry", carryNone)
	}
}

func fillDay(f *form, name string, m leave.MonthDay) {
	if !m.IsZero() {
		f.values.Set(name+"_month", strconv.Itoa(int(m.Month)))
		f.values.Set(name+"_day", strconv.Itoa(m.Day))
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
func readPolicy(f *form, p leave.Policy, u leave.Unit) leave.Policy {
	t := p.Terms
	p.From = f.dateOr("from", 0)
	t.Amount = f.amount("amount", u)
	t.FullTime, t.Cap, t.Debt = f.amountOr("full_time", u), f.amountOr("cap", u), f.amountOr("debt", u)
	t.PerPeriod, t.NotOnLeave = f.oneOf("per", "year", "period") == "period", f.has("not_on_leave", "yes")
	t.YearStart = f.monthDay("year_start")
	t.Accrual = leave.AccrualOf(leave.Rhythm(f.text("accrual")), leave.Moment(f.text("moment")))
	t.Proration, t.Class = leave.Proration(f.text("proration")), leave.Class(f.text("class"))
	t.Rounding = leave.Rounding{Mode: leave.RoundingMode(f.text("rounding")), Step: f.amountOr("rounding_step", u)}
	t.Worked = f.amountOr("worked", leave.Hours)
	t.CarryOver = readCarryOver(f, t.CarryOver, u)
	t.Levels = readLevels(f, t.Levels, u)
	p.Terms = readClaims(f, t, u)
	return p
}

// readCarryOver returns c with what the form says.
func readCarryOver(f *form, c leave.CarryOver, u leave.Unit) leave.CarryOver {
	switch f.oneOf("carry", carryNone, carryMax, carryAll) {
	case carryNone:
		return leave.CarryOver{Told: c.Told, Longer: c.Longer, Rest: c.Rest}
	case carryAll:
		c.All = true
	default:
		c.All = false
	}
	c.Max, c.Keep, c.InAll = f.amountOr("carry_max", u), f.amountOr("carry_keep", u), f.amountOr("carry_beside", u)
	c.Expires, c.On = f.monthDay("carry_expires"), f.monthDay("carry_on")
	if c.Valid.Months = f.number("carry_valid"); c.Valid.Months == 0 {
		c.Valid = leave.Term{}
	}
	if c.All {
		c.Max = exact.Rat{}
	}
	return c
}

// readLevels returns the levels of the form, and those of before that it has no
// room for.
func readLevels(f *form, before []leave.Level, u leave.Unit) []leave.Level {
	var out []leave.Level
	for i := range levels {
		name := fmt.Sprintf("level%d", i)
		if f.text(name+"_after") == "" && f.text(name+"_amount") == "" {
			continue
		}
		if f.text(name+"_after") == "" {
			f.refuse(errs.New(errs.Invalid, "admin.error.number").At(name + "_after"))
		}
		out = append(out, leave.Level{After: f.number(name + "_after"), Amount: f.amount(name+"_amount", u), Immediate: f.has(name+"_now", "yes")})
	}
	return append(out, before[min(levels, len(before)):]...)
}
