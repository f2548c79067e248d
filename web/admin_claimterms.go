// SPDX-License-Identifier: Apache-2.0

package web

import (
	"strconv"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/web/template"
)

// fillClaims fills the form with what is due on an event, by overtime and by trade.
func fillClaims(f *form, t *leave.Terms, u leave.Unit) {
	e, o, trade := &t.Event, &t.Overtime, &t.Trade
	f.values.Set("event", string(e.Kind))
	fillTerm(f, "event_within", e.Within)
	fillTerm(f, "event_before", e.Before)
	fillTerm(f, "overtime_valid", o.Valid)
	if e.Weeks {
		f.values.Set("event_weeks", f.lang.Exact(t.Amount))
		f.values.Set("amount", "0")
	}
	switch {
	case e.Paid == leave.Unpaid:
		f.values.Set("event_paid", "0")
	case e.Paid > 0:
		f.values.Set("event_paid", strconv.Itoa(int(e.Paid)))
	}
	for name, is := range map[string]bool{"event_child": e.EachChild, "event_on": e.GoesOn, "event_reported": e.Reported} {
		if is {
			f.values.Set(name, "yes")
		}
	}
	var factors []string
	for _, n := range o.Factors {
		factors = append(factors, strconv.Itoa(n))
	}
	f.values.Set("overtime_factors", strings.Join(factors, ", "))
	f.values.Set("buy", amountText(f.lang, trade.Buy, u))
	f.values.Set("sell", amountText(f.lang, trade.Sell, u))
	f.values.Del("trade_months")
	for _, m := range trade.Months {
		f.values.Add("trade_months", strconv.Itoa(int(m)))
	}
}

func fillTerm(f *form, name string, t leave.Term) {
	for part, n := range map[string]int{"_months": t.Months, "_days": t.Days} {
		if n != 0 {
			f.values.Set(name+part, strconv.Itoa(n))
		}
	}
}

func readTerm(f *form, name string) leave.Term {
	return leave.Term{Months: f.number(name + "_months"), Days: f.number(name + "_days")}
}

// readClaims returns t with what the form says of events, overtime and trade. An amount
// in weeks takes the place of the other.
func readClaims(f *form, t leave.Terms, u leave.Unit) leave.Terms {
	t.Event = leave.EventRule{Kind: leave.EventKind(f.text("event"))}
	if e := &t.Event; !e.IsZero() {
		e.Within, e.Before = readTerm(f, "event_within"), readTerm(f, "event_before")
		e.EachChild, e.GoesOn, e.Reported = f.has("event_child", "yes"), f.has("event_on", "yes"), f.has("event_reported", "yes")
		if s := f.text("event_paid"); s != "" {
			if e.Paid = leave.Pay(f.number("event_paid")); e.Paid == 0 {
				e.Paid = leave.Unpaid
			}
		}
		if f.text("event_weeks") != "" {
			t.Amount, e.Weeks = f.amount("event_weeks", leave.Days), true
		}
	}
	t.Overtime = leave.OvertimeRule{}
	for _, s := range strings.FieldsFunc(f.text("overtime_factors"), func(r rune) bool { return strings.ContainsRune(",; %", r) }) {
		n, err := strconv.Atoi(s)
		if err != nil {
			f.refuse(errs.New(errs.Invalid, "leave.error.percent").At("overtime_factors"))
			break
		}
		t.Overtime.Factors = append(t.Overtime.Factors, n)
	}
	if !t.Overtime.IsZero() {
		t.Overtime.Valid = readTerm(f, "overtime_valid")
	}
	t.Trade = leave.TradeRule{Buy: f.amountOr("buy", u), Sell: f.amountOr("sell", u)}
	if exact.Max(t.Trade.Buy, t.Trade.Sell).Sign() > 0 {
		for m := time.January; m <= time.December; m++ {
			if f.has("trade_months", strconv.Itoa(int(m))) {
				t.Trade.Months = append(t.Trade.Months, m)
			}
		}
	}
	return t
}

// dueEvents are the events on which a pot may be due, none first.
func (p *policyPage) dueEvents() template.Choice {
	options := []template.Option{{Text: p.Frame.L.T("admin.due.none")}}
	for _, k := range leave.EventKinds {
		options = append(options, template.Option{Value: string(k), Text: p.Frame.L.T("admin.due.event." + string(k))})
	}
	options = append(options, template.Option{Value: string(leave.FirstDay), Text: p.Frame.L.T("admin.due.event.first-day")})
	c := p.Form.choice("event", options)
	c.Required, c.Hint = false, p.Frame.L.T("admin.field.event.hint")
	return c
}

// short is a field as wide as a number.
func (p *policyPage) short(name string) template.Input {
	i := p.Form.field(name)
	i.Short = true
	return i
}

// hinted is a short field with what it means below.
func (p *policyPage) hinted(name string) template.Input {
	i := p.short(name)
	i.Hint = p.Frame.L.T("admin.field." + name + ".hint")
	return i
}

func (p *policyPage) dueTick(name string) template.Tick {
	return p.Form.tick(name, "yes", p.Frame.L.T("admin.field."+name))
}

func (p *policyPage) monthTick(m int) template.Tick {
	n := strconv.Itoa(m)
	return p.Form.tick("trade_months", n, p.Frame.L.T("month."+n))
}

// dueOpen reports whether the form says anything of events, overtime or trade.
func (p *policyPage) dueOpen(names ...string) bool {
	for _, n := range names {
		if p.Form.text(n) != "" || p.Form.at(n) != "" {
			return true
		}
	}
	return false
}
