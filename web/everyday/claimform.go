// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"strconv"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/web/template"
)

// types are the leave types that this kind of claim is about, with what is left of
// what may be bought or sold.
func (p *claimPage) types() []template.Option {
	var out []template.Option
	if p.Kind == leave.ClaimOvertime {
		for _, o := range p.Offer.Overtime {
			out = append(out, template.Option{Value: o.Type.ID, Text: o.Type.Name, Colour: o.Type.Colour, Note: overtimeNote(p.Frame.L, o)})
		}
		return out
	}
	for _, o := range p.Offer.Trades {
		most := o.Rule.Most(p.Kind)
		if most.IsZero() {
			continue
		}
		left := o.Buy
		if p.Kind == leave.ClaimSale {
			left = o.Sell
		}
		note := p.Frame.L.T("web.claim.left", "left", explain.Plain(p.Frame.L, left, o.Type.Unit),
			"most", explain.Plain(p.Frame.L, most, o.Type.Unit), "year", o.Year)
		if !o.Open {
			note = p.Frame.L.T("web.claim.closed", "months", monthNames(p.Frame.L, o.Rule))
		}
		out = append(out, template.Option{Value: o.Type.ID, Text: o.Type.Name, Colour: o.Type.Colour, Note: note})
	}
	return out
}

// overtimeNote says how long what is earned may be taken.
func overtimeNote(l *lang.Locale, o leave.OvertimeOffer) string {
	if o.Rule.Valid.IsZero() {
		return ""
	}
	return l.T("web.claim.valid", "term", termText(l, o.Rule.Valid))
}

// termText writes a length of time: "6 months", "28 days".
func termText(l *lang.Locale, t leave.Term) string {
	switch {
	case t.Days == 0:
		return l.T("web.unit.months", "count", t.Months)
	case t.Months == 0:
		return l.T("unit.days", "count", t.Days)
	}
	return l.T("web.unit.months", "count", t.Months) + " + " + l.T("unit.days", "count", t.Days)
}

// monthNames lists the months in which something may be asked for.
func monthNames(l *lang.Locale, r leave.TradeRule) string {
	s := ""
	for i, m := range r.Months {
		if i > 0 {
			s += ", "
		}
		s += l.T("month." + strconv.Itoa(int(m)))
	}
	return s
}

// chosenType is the type that is chosen: what the form says, else the only one, or
// the first.
func (p *claimPage) chosenType() string {
	if s := p.Form.Text("type"); s != "" {
		return s
	}
	if all := p.types(); len(all) > 0 {
		return all[0].Value
	}
	return ""
}

// factors are the rates of the overtime of any type.
func (p *claimPage) factors() []template.Option {
	var out []template.Option
	seen := map[int]bool{}
	for _, o := range p.Offer.Overtime {
		for _, n := range o.Rule.Factors {
			if !seen[n] {
				seen[n] = true
				key := strconv.Itoa(n)
				out = append(out, template.Option{Value: key, Text: p.Frame.L.T("web.percent", "percent", n)})
			}
		}
	}
	return out
}

func (p *claimPage) chosenFactor() string {
	if s := p.Form.Text("factor"); s != "" {
		return s
	}
	if all := p.factors(); len(all) > 0 {
		return all[0].Value
	}
	return ""
}

// events are the events that the visitor may report.
func (p *claimPage) events() []template.Option {
	var out []template.Option
	for _, k := range p.Offer.Events {
		out = append(out, template.Option{Value: string(k), Text: p.Frame.L.T("web.event." + string(k))})
	}
	return out
}

// dateValue is the day that is filled in, as a date field takes it, else today; what
// is no date stays as it was typed.
func (p *claimPage) dateValue() string {
	typed := p.Form.Text("date")
	if typed == "" {
		return p.Today.String()
	}
	if d, err := p.Form.Lang.ParseDate(typed); err == nil {
		return d.String()
	}
	return typed
}

// input is a field of the form by its name; its label is "web.claim.field." + name.
func (p *claimPage) input(name string) template.Input {
	return template.Input{Name: name, Label: p.Frame.L.T("web.claim.field." + name), Value: p.Form.Text(name), Error: p.Form.At(name)}
}

// time is a field for a time of the day.
func (p *claimPage) time(name string) template.Input {
	i := p.input(name)
	i.Type, i.Short = "time", true
	return i
}

// amount is the field for how much is bought or sold.
func (p *claimPage) amount() template.Input {
	i := p.input("amount")
	i.Short, i.Required, i.Hint = true, true, p.Frame.L.T("web.claim.amount.hint")
	return i
}

// hours is the field for how long somebody worked.
func (p *claimPage) hours() template.Input {
	i := p.input("time")
	i.Short, i.Hint = true, p.Frame.L.T("web.claim.time.hint")
	return i
}

// child is the field for which child, or who else, an event is about.
func (p *claimPage) child() template.Input {
	i := p.input("child")
	i.Hint = p.Frame.L.T("web.claim.child.hint")
	return i
}

// note is the field for a remark.
func (p *claimPage) note() template.Input {
	i := p.input("note")
	i.Rows, i.Hint = 2, p.Frame.L.T("web.claim.note.hint."+string(p.Kind))
	return i
}

// waits says who decides before it counts; nothing where it counts at once.
func (p *claimPage) waits() string {
	switch {
	case !p.Whose.Own:
		return p.Frame.L.T("web.claim.at_once")
	case p.Kind == leave.ClaimEvent:
		return p.Frame.L.T("web.claim.waits.event")
	}
	return p.Frame.L.T("web.claim.waits")
}
