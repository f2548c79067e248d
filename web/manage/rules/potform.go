// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/web/page"
)

// The form of a policy holds the fields of its first pot under their own names and
// those of the k-th further pot behind "potK_", as Terms.Check names them.

// potForm is the part of the form that holds one pot.
type potForm struct {
	*page.Form
	pre   string // before the names of its fields
	unit  leave.Unit
	first bool // the pot that says what holds for all
}

// mostPots is how many further pots a form can hold.
const mostPots = 40

func potFormOf(f *page.Form, k int, u leave.Unit) potForm {
	if k == 0 {
		return potForm{f, "", u, true}
	}
	return potForm{f, "pot" + strconv.Itoa(k) + "_", u, false}
}

// furtherPots is how many further pots a form holds: those of which it has a field.
func furtherPots(f *page.Form) int {
	most := 0
	for name := range f.Values {
		rest, is := strings.CutPrefix(name, "pot")
		number, _, whole := strings.Cut(rest, "_")
		if n, err := strconv.Atoi(number); is && whole && err == nil && n <= mostPots {
			most = max(most, n)
		}
	}
	return most
}

func (p potForm) text(name string) string      { return p.Text(p.pre + name) }
func (p potForm) set(name, value string)       { p.Values.Set(p.pre+name, value) }
func (p potForm) ticked(name string) bool      { return p.Has(p.pre+name, "yes") }
func (p potForm) count(name string) int        { return p.Number(p.pre + name) }
func (p potForm) amount(name string) exact.Rat { return p.AmountOr(p.pre+name, p.unit) }

func (p potForm) tick(name string, is bool) {
	if is {
		p.set(name, "yes")
	}
}

// setCount fills in a whole number; zero is left out.
func (p potForm) setCount(name string, n int) {
	if n != 0 {
		p.set(name, strconv.Itoa(n))
	}
}

func (p potForm) setTerm(name string, t leave.Term) {
	p.setCount(name+"_months", t.Months)
	p.setCount(name+"_days", t.Days)
}

func (p potForm) term(name string) leave.Term {
	return leave.Term{Months: p.count(name + "_months"), Days: p.count(name + "_days")}
}

func (p potForm) setDay(name string, m leave.MonthDay) {
	if !m.IsZero() {
		p.set(name+"_month", strconv.Itoa(int(m.Month)))
		p.set(name+"_day", strconv.Itoa(m.Day))
	}
}

func (p potForm) day(name string) leave.MonthDay { return p.MonthDay(p.pre + name) }

// setAmount fills in an amount; nothing is left out.
func (p potForm) setAmount(name string, v exact.Rat) {
	if !v.IsZero() {
		p.set(name, amountText(p.Lang, v, p.unit))
	}
}

// amountText writes an amount without loss, as Form.Amount reads it.
func amountText(l *lang.Locale, v exact.Rat, u leave.Unit) string {
	if u == leave.Hours {
		if n, whole := v.Int64(); whole && n > 0 {
			return fmt.Sprintf("%d:%02d", n/60, n%60)
		}
		v = v.Div(exact.Int(60))
	}
	if v.Mul(exact.Int(100)).IsInt() {
		return strings.ReplaceAll(v.Decimal(2), ".", l.T("number.decimal"))
	}
	return v.String()
}

// The amount of a pot is for one of these, or for an event.
const (
	perYear   = "year"
	perPeriod = "period"
	perWorked = "worked"
)

// pers are what an amount can be for, events last.
func pers() []string {
	out := append([]string{perYear, perPeriod, perWorked}, names(leave.EventKinds)...)
	return append(out, string(leave.FirstDay))
}

// The choices about what is left at the end of a leave year.
const (
	carryNone = "none"
	carryMax  = "max"
	carryAll  = "all"
)

// fill fills in a pot.
func (p potForm) fill(t *leave.Terms) {
	unit := p.unit
	if t.Event.Weeks {
		unit = leave.Days
	}
	p.set("amount", amountText(p.Lang, t.Amount, unit))
	p.set("per", perOf(t))
	p.set("class", string(t.Class))
	rhythm, moment := t.Accrual.Split()
	if t.Accrual == "" {
		rhythm = ""
	}
	p.set("accrual", string(rhythm))
	p.set("moment", string(moment))
	p.set("proration", string(t.Proration))
	p.set("rounding", string(t.Rounding.Mode))
	p.setAmount("rounding_step", t.Rounding.Step)
	if !t.Worked.IsZero() {
		p.set("worked", amountText(p.Lang, t.Worked, leave.Hours))
	}
	p.tick("not_on_leave", t.NotOnLeave)
	p.tick("bound", t.Bound)
	p.setCount("full_after", t.FullAfter)
	p.setAmount("at_most", t.AtMost)
	if !t.Weeks.IsZero() {
		p.set("weeks", amountText(p.Lang, t.Weeks, leave.Days))
	}
	p.setAmount("cap", t.Cap)
	p.fillPay(t.Pay)
	p.fillCarry(&t.CarryOver)
	p.fillEvent(&t.Event)
	p.set("overtime_factors", numbersText(t.Overtime.Factors))
	p.setTerm("overtime_valid", t.Overtime.Valid)
	p.fillRows(t)
	if p.first {
		p.fillFirst(t)
	}
}

// perOf says what the amount of some terms is for.
func perOf(t *leave.Terms) string {
	switch {
	case !t.Event.IsZero():
		return string(t.Event.Kind)
	case !t.Worked.IsZero():
		return perWorked
	case t.PerPeriod:
		return perPeriod
	}
	return perYear
}

// fillFirst fills in what the first pot says for all.
func (p potForm) fillFirst(t *leave.Terms) {
	p.setAmount("full_time", t.FullTime)
	p.setAmount("debt", t.Debt)
	if t.YearStart.IsZero() {
		t.YearStart = leave.MonthDay{Month: time.January, Day: 1}
	}
	p.setDay("year_start", t.YearStart)
	p.setAmount("buy", t.Trade.Buy)
	p.setAmount("sell", t.Trade.Sell)
	for _, m := range t.Trade.Months {
		p.Values.Add("trade_months", strconv.Itoa(int(m)))
	}
	p.setCount("block_weeks", t.Block.Weeks)
	p.setCount("block_days", t.Block.SixDays)
	p.setCount("block_twice", t.Block.Twice)
	p.setDay("block_from", t.Block.From)
	p.setDay("block_to", t.Block.To)
}

func (p potForm) fillPay(pay leave.PayPeriods) {
	if !pay.First.IsZero() {
		p.set("pay_first", pay.First.String())
	}
	p.setCount("pay_weekday", pay.Weekday)
	p.set("pay_days", numbersText(pay.Days))
}

func (p potForm) fillCarry(c *leave.CarryOver) {
	p.set("carry", carryMax)
	switch {
	case c.All:
		p.set("carry", carryAll)
	case c.Max.IsZero():
		p.set("carry", carryNone)
	}
	p.setAmount("carry_max", c.Max)
	p.setAmount("carry_keep", c.Keep)
	p.setAmount("carry_beside", c.InAll)
	p.setDay("carry_expires", c.Expires)
	p.setDay("carry_on", c.On)
	p.setTerm("carry_valid", c.Valid)
	p.setTerm("carry_told", c.Told.Before)
	p.tick("carry_read", c.Told.Read)
	p.set("carry_rest", string(c.Rest))
}

func (p potForm) fillEvent(e *leave.EventRule) {
	p.tick("event_weeks", e.Weeks)
	p.setTerm("event_within", e.Within)
	p.setTerm("event_before", e.Before)
	switch {
	case e.Paid == leave.Unpaid:
		p.set("event_paid", "0")
	case e.Paid > 0:
		p.set("event_paid", strconv.Itoa(int(e.Paid)))
	}
	p.tick("event_child", e.EachChild)
	p.tick("event_on", e.GoesOn)
	p.tick("event_reported", e.Reported)
}

// read returns the terms of a pot.
func (p potForm) read() leave.Terms {
	per := p.OneOf(p.pre+"per", pers()...)
	t := leave.Terms{Class: leave.Class(p.text("class")), Proration: leave.Proration(p.text("proration"))}
	if rhythm := leave.Rhythm(p.text("accrual")); rhythm != "" || p.first {
		t.Accrual = leave.AccrualOf(rhythm, leave.Moment(p.text("moment")))
	}
	t.Rounding = leave.Rounding{Mode: leave.RoundingMode(p.text("rounding")), Step: p.amount("rounding_step")}
	t.NotOnLeave, t.Bound, t.FullAfter = p.ticked("not_on_leave"), p.ticked("bound"), p.count("full_after")
	t.AtMost, t.Weeks, t.Cap = p.amount("at_most"), p.AmountOr(p.pre+"weeks", leave.Days), p.amount("cap")
	t.Pay = leave.PayPeriods{First: p.DateOr(p.pre+"pay_first", 0), Weekday: p.count("pay_weekday"), Days: p.numbers("pay_days", "leave.error.pay_days")}
	t.CarryOver = p.readCarry()
	unit := p.unit
	switch per {
	case perYear:
	case perPeriod:
		t.PerPeriod = true
	case perWorked:
		t.PerPeriod, t.Worked = true, p.Amount(p.pre+"worked", leave.Hours)
	default:
		if t.Event = p.readEvent(leave.EventKind(per)); t.Event.Weeks {
			unit = leave.Days
		}
	}
	t.Amount = p.Amount(p.pre+"amount", unit)
	if t.Overtime.Factors = p.numbers("overtime_factors", "leave.error.percent"); !t.Overtime.IsZero() {
		t.Overtime.Valid = p.term("overtime_valid")
	}
	p.readRows(&t)
	if p.first {
		p.readFirst(&t)
	}
	return t
}

// readFirst reads what the first pot says for all.
func (p potForm) readFirst(t *leave.Terms) {
	t.FullTime, t.Debt, t.YearStart = p.amount("full_time"), p.amount("debt"), p.day("year_start")
	if t.YearStart == (leave.MonthDay{Month: time.January, Day: 1}) {
		t.YearStart = leave.MonthDay{}
	}
	t.Block = leave.Block{Weeks: p.count("block_weeks"), SixDays: p.count("block_days"), Twice: p.count("block_twice")}
	if !t.Block.IsZero() {
		t.Block.From, t.Block.To = p.day("block_from"), p.day("block_to")
	}
	t.Trade = leave.TradeRule{Buy: p.amount("buy"), Sell: p.amount("sell")}
	if exact.Max(t.Trade.Buy, t.Trade.Sell).Sign() > 0 {
		for m := time.January; m <= time.December; m++ {
			if p.Has("trade_months", strconv.Itoa(int(m))) {
				t.Trade.Months = append(t.Trade.Months, m)
			}
		}
	}
}

// readCarry reads what happens to what is left. Where nothing goes over, how much of
// it and how long mean nothing.
func (p potForm) readCarry() leave.CarryOver {
	c := leave.CarryOver{On: p.day("carry_on"), Rest: leave.Consequence(p.text("carry_rest"))}
	if c.Told.Before = p.term("carry_told"); !c.Told.Before.IsZero() {
		c.Told.Read = p.ticked("carry_read")
	}
	switch p.OneOf(p.pre+"carry", carryNone, carryMax, carryAll) {
	case carryNone:
		return c
	case carryAll:
		c.All = true
	default:
		c.Max = p.amount("carry_max")
	}
	c.Keep, c.InAll = p.amount("carry_keep"), p.amount("carry_beside")
	c.Expires, c.Valid = p.day("carry_expires"), p.term("carry_valid")
	return c
}

// readEvent reads what is due on an event.
func (p potForm) readEvent(kind leave.EventKind) leave.EventRule {
	e := leave.EventRule{Kind: kind, Weeks: p.ticked("event_weeks"), Within: p.term("event_within"), Before: p.term("event_before"),
		EachChild: p.ticked("event_child"), GoesOn: p.ticked("event_on"), Reported: p.ticked("event_reported")}
	if p.text("event_paid") != "" {
		if e.Paid = leave.Pay(p.count("event_paid")); e.Paid == 0 {
			e.Paid = leave.Unpaid
		}
	}
	return e
}

// numbers reads whole numbers that stand in one field.
func (p potForm) numbers(name, fault string) []int {
	var out []int
	for _, s := range strings.FieldsFunc(p.text(name), func(r rune) bool { return strings.ContainsRune(",; %", r) }) {
		n, err := strconv.Atoi(s)
		if err != nil {
			p.Refuse(errs.New(errs.Invalid, fault).At(p.pre + name))
			return nil
		}
		out = append(out, n)
	}
	return out
}

// numbersText writes whole numbers as numbers reads them.
func numbersText(all []int) string {
	var out []string
	for _, n := range all {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ", ")
}
