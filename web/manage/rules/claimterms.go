// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strconv"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/web/page"
	"verlof/web/template"
)

// fillClaims fills the form with what is due on an event, by overtime and by trade.
func fillClaims(f *page.Form, t *leave.Terms, u leave.Unit) {
	e, o, trade := &t.Event, &t.Overtime, &t.Trade
	f.Values.Set("event", string(e.Kind))
	fillTerm(f, "event_within", e.Within)
	fillTerm(f, "event_before", e.Before)
	fillTerm(f, "overtime_valid", o.Valid)
	if e.Weeks {
		f.Values.Set("event_weeks", f.Lang.Exact(t.Amount))
		f.Values.Set("amount", "0")
	}
	switch {
	case e.Paid == leave.Unpaid:
		f.Values.Set("event_paid", "0")
	case e.Paid > 0:
		f.Values.Set("event_paid", strconv.Itoa(int(e.Paid)))
	}
	for name, is := range map[string]bool{"event_child": e.EachChild, "event_on": e.GoesOn, "event_reported": e.Reported} {
		if is {
			f.Values.Set(name, "yes")
		}
	}
	var factors []string
	for _, n := range o.Factors {
		factors = append(factors, strconv.Itoa(n))
	}
	f.Values.Set("overtime_factors", strings.Join(factors, ", "))
	f.Values.Set("buy", amountText(f.Lang, trade.Buy, u))
	f.Values.Set("sell", amountText(f.Lang, trade.Sell, u))
	f.Values.Del("trade_months")
	for _, m := range trade.Months {
		f.Values.Add("trade_months", strconv.Itoa(int(m)))
	}
}

func fillTerm(f *page.Form, name string, t leave.Term) {
	for part, n := range map[string]int{"_months": t.Months, "_days": t.Days} {
		if n != 0 {
			f.Values.Set(name+part, strconv.Itoa(n))
		}
	}
}

func readTerm(f *page.Form, name string) leave.Term {
	return leave.Term{Months: f.Number(name + "_months"), Days: f.Number(name + "_days")}
}

// readClaims returns t with what the form says of events, overtime and trade. An amount
// in weeks takes the place of the other.
func readClaims(f *page.Form, t leave.Terms, u leave.Unit) leave.Terms {
	t.Event = leave.EventRule{Kind: leave.EventKind(f.Text("event"))}
	if e := &t.Event; !e.IsZero() {
		e.Within, e.Before = readTerm(f, "event_within"), readTerm(f, "event_before")
		e.EachChild, e.GoesOn, e.Reported = f.Has("event_child", "yes"), f.Has("event_on", "yes"), f.Has("event_reported", "yes")
		if s := f.Text("event_paid"); s != "" {
			if e.Paid = leave.Pay(f.Number("event_paid")); e.Paid == 0 {
				e.Paid = leave.Unpaid
			}
		}
		if f.Text("event_weeks") != "" {
			t.Amount, e.Weeks = f.Amount("event_weeks", leave.Days), true
		}
	}
	t.Overtime = leave.OvertimeRule{}
	for _, s := range strings.FieldsFunc(f.Text("overtime_factors"), func(r rune) bool { return strings.ContainsRune(",; %", r) }) {
		n, err := strconv.Atoi(s)
		if err != nil {
			f.Refuse(errs.New(errs.Invalid, "leave.error.percent").At("overtime_factors"))
			break
		}
		t.Overtime.Factors = append(t.Overtime.Factors, n)
	}
	if !t.Overtime.IsZero() {
		t.Overtime.Valid = readTerm(f, "overtime_valid")
	}
	t.Trade = leave.TradeRule{Buy: f.AmountOr("buy", u), Sell: f.AmountOr("sell", u)}
	if exact.Max(t.Trade.Buy, t.Trade.Sell).Sign() > 0 {
		for m := time.January; m <= time.December; m++ {
			if f.Has("trade_months", strconv.Itoa(int(m))) {
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
	c := p.Form.Choice("event", options)
	c.Required, c.Hint = false, p.Frame.L.T("admin.field.event.hint")
	return c
}

// short is a field as wide as a number.
func (p *policyPage) short(name string) template.Input {
	i := p.Form.Field(name)
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
	return p.Form.Tick(name, "yes", p.Frame.L.T("admin.field."+name))
}

func (p *policyPage) monthTick(m int) template.Tick {
	n := strconv.Itoa(m)
	return p.Form.Tick("trade_months", n, p.Frame.L.T("month."+n))
}

// dueOpen reports whether the form says anything of events, overtime or trade.
func (p *policyPage) dueOpen(names ...string) bool {
	for _, n := range names {
		if p.Form.Text(n) != "" || p.Form.At(n) != "" {
			return true
		}
	}
	return false
}
