// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/web/template"
)

// potView is one pot on the page of its policy.
type potView struct {
	potForm
	L     *lang.Locale
	N     int               // 0 for the first
	Types []template.Option // of leave, that some rules are about
	Said  []string          // what the pot says; nothing where the form cannot be read
	Focus string            // the field to go on with
	Open  bool              // a further pot that is shown in full
}

// potViews lays out the pots of the form of a policy.
func (p *policyPage) potViews(policy *leave.Policy, types []leave.Type, focus string) []potView {
	var options []template.Option
	for _, t := range types {
		options = append(options, template.Option{Value: t.ID, Text: t.Name, Colour: t.Colour})
	}
	said := policy.Terms.Pots()
	var out []potView
	for k := range furtherPots(p.Form) + 1 {
		v := potView{potForm: potFormOf(p.Form, k, p.Type.Unit), L: p.Form.Lang, N: k, Types: options, Focus: focus}
		if p.Form.Fine() && policy.Terms.Accrual != "" && k < len(said) && v.text("amount") != "" {
			v.Said = explain.Terms(v.L, &said[k], p.Type.Unit, typeNames(types))
		}
		v.Open = k > 0 && (v.Said == nil || strings.HasPrefix(strings.TrimPrefix(focus, "+"), v.pre))
		out = append(out, v)
	}
	return out
}

// typeNames gives the names of types of leave.
func typeNames(types []leave.Type) explain.Names {
	return func(id string) string {
		for _, t := range types {
			if t.ID == id {
				return t.Name
			}
		}
		return id
	}
}

// title names a further pot.
func (p potView) title() string { return p.L.T("admin.pot.title", "number", p.N+1) }

// input is a field of the pot whose label is "admin.field." + key.
func (p potView) input(name, key string) template.Input {
	i := template.Input{Name: p.pre + name, Label: p.L.T("admin.field." + key), Value: p.Text(p.pre + name), Error: p.At(p.pre + name), Short: true}
	i.Attrs = focused(p.Focus, i.Name, nil)
	return i
}

// focused adds to the attributes of a field or button that it is the one to go on with, where it is.
func focused(focus, name string, attrs templ.Attributes) templ.Attributes {
	if name != focus {
		return attrs
	}
	out := templ.Attributes{"autofocus": true}
	maps.Copy(out, attrs)
	return out
}

func (p potView) field(name string) template.Input { return p.input(name, name) }

// hinted is a field with what it means below.
func (p potView) hinted(name string) template.Input {
	i := p.field(name)
	i.Hint = p.L.T("admin.field." + name + ".hint")
	return i
}

// quantity is a field for an amount in the unit of the type, with what an empty one
// means.
func (p potView) quantity(name string) template.Input {
	i := p.field(name)
	if p.unit == leave.Hours {
		i.Hint = p.L.T("admin.field." + name + ".hours")
	} else {
		i.Hint = p.L.T("admin.field." + name + ".days")
	}
	return i
}

// needed is the amount, without which there is no policy. In a further pot, which may
// be folded, the browser does not insist on it: the answer does.
func (p potView) needed(name string) template.Input {
	i := p.quantity(name)
	i.Required = p.first
	if !p.first {
		i.Attrs = focused(p.Focus, i.Name, templ.Attributes{"aria-required": "true"})
	}
	return i
}

// rowHinted is a field of a line with what it means below.
func (p potView) rowHinted(kind string, i int, part string) template.Input {
	in := p.row(kind, i, part)
	in.Hint = p.L.T("admin.field." + kind + "_" + part + ".hint")
	return in
}

func (p potView) atMostWeeks() template.Input {
	i := p.input("weeks", "at_most_weeks")
	i.Hint = p.L.T("admin.field.at_most_weeks.hint")
	return i
}

func (p potView) payFirst() template.Input {
	i := p.hinted("pay_first")
	if d, err := p.L.ParseDate(i.Value); err == nil {
		i.Value = d.String()
	}
	return i
}

// termFault is what is wrong with a length of time, or with a part of it.
func (p potView) termFault(name string) string {
	for _, part := range []string{"", "_months", "_days"} {
		if at := p.At(p.pre + name + part); at != "" {
			return at
		}
	}
	return ""
}

// number is a field for a whole number.
func (p potView) number(name, key string) template.Input {
	i := p.input(name, key)
	i.Type = "number"
	return i
}

// row is a field of a line of a list.
func (p potView) row(kind string, i int, part string) template.Input {
	return p.input(rowName(kind, i)+part, kind+"_"+part)
}

func (p potView) rowNumber(kind string, i int, part string) template.Input {
	return p.number(rowName(kind, i)+part, kind+"_"+part)
}

// tickOf is a tick of the pot whose label is "admin.field." + key.
func (p potView) tickOf(name, key string) template.Tick {
	return p.Tick(p.pre+name, "yes", p.L.T("admin.field."+key))
}

func (p potView) monthTick(m int) template.Tick {
	n := strconv.Itoa(m)
	return p.Tick("trade_months", n, p.L.T("month."+n))
}

// choice is a choice among values whose words are "admin." + key + "." + value.
func (p potView) choice(name, key string, values ...string) template.Choice {
	var options []template.Option
	for _, v := range values {
		word := v
		if word == "" {
			word = "none"
		}
		options = append(options, template.Option{Value: v, Text: p.L.T("admin." + key + "." + word)})
	}
	return template.Choice{Name: p.pre + name, Label: p.L.T("admin.field." + key), Value: p.Text(p.pre + name), Options: options,
		Required: true, Error: p.At(p.pre + name)}
}

// chosen is a choice of the pot; a further one may do as the first does.
func (p potView) chosen(name string, values ...string) template.Choice {
	c := p.choice(name, name, values...)
	if !p.first {
		c.Options = append([]template.Option{{Text: p.L.T("admin.pot.as_first")}}, c.Options...)
		c.Required = false
	}
	return c
}

func (p potView) rounding() template.Choice {
	c := p.choice("rounding", "rounding", names(leave.RoundingModes)[1:]...)
	c.Options = append([]template.Option{{Text: p.L.T("admin.rounding.exact")}}, c.Options...)
	c.Required = false
	return c
}

func (p potView) class() template.Choice {
	c := p.choice("class", "class", names(leave.Classes)...)
	c.Options = append([]template.Option{{Text: p.L.T("admin.none")}}, c.Options...)
	c.Required = false
	return c
}

func (p potView) carry() template.Choice {
	c := p.choice("carry", "carry", carryNone, carryMax, carryAll)
	c.Short = true
	return c
}

func (p potView) rest() template.Choice {
	c := p.choice("carry_rest", "carry_rest", names(leave.Consequences)...)
	c.Required = false
	return c
}

func (p potView) weekday() template.Choice {
	c := template.Choice{Name: p.pre + "pay_weekday", Label: p.L.T("admin.field.pay_weekday"), Value: p.text("pay_weekday"), Error: p.At(p.pre + "pay_weekday")}
	c.Options = []template.Option{{Text: p.L.T("admin.pay_weekday.none")}}
	for d := 1; d <= 7; d++ {
		c.Options = append(c.Options, template.Option{Value: strconv.Itoa(d), Text: p.L.Weekday(time.Weekday(d % 7))})
	}
	return c
}

func (p potView) bonusBy(i int) template.Choice {
	return p.choice(rowName("bonus", i)+"by", "bonus_by", byAge, byYears, byMonths)
}

func (p potView) bonusStart(i int) template.Choice {
	c := p.choice(rowName("bonus", i)+"start", "bonus_start", names(leave.BonusStarts)...)
	c.Required = false
	return c
}

func (p potView) longerWho(i int) template.Choice {
	c := p.choice(rowName("longer", i)+"who", "longer_who", "", whoSick, whoLeave)
	c.Required, c.Attrs = false, focused(p.Focus, c.Name, c.Attrs)
	return c
}

// absence is a tick for leave of a type, or sickness, in a line of a list.
func (p potView) absence(name, value, text string) template.Tick {
	t := p.Tick(p.pre+name, value, text)
	t.Error = ""
	return t
}

// lines is how many lines of a list the form holds.
func (p potView) lines(kind string) int {
	for _, k := range rowKinds {
		if k.name == kind {
			return p.rows(k)
		}
	}
	return 0
}

// set reports whether any of some fields is filled in, or something is wrong with it.
func (p potView) filled(fields ...string) bool {
	for _, name := range fields {
		if p.text(name) != "" || p.At(p.pre+name) != "" {
			return true
		}
	}
	return false
}

// opens reports whether a section is open: something is set in it, or was until just now.
func (p potView) opens(kinds []string, fields ...string) bool {
	for _, k := range kinds {
		if p.lines(k) > 0 || p.Focus == "+"+p.pre+k {
			return true
		}
	}
	return p.filled(fields...)
}

// add is the button that adds a line to a list of the pot.
func (p potView) add(kind string) template.Btn {
	return template.Btn{Look: template.Quiet, Small: true, Icon: "plus", Name: rowButton, Value: "+" + p.pre + kind,
		Text: p.L.T("admin.row.add." + kind), Attrs: focused(p.Focus, "+"+p.pre+kind, templ.Attributes{"formnovalidate": true})}
}

// dropPot is the button that takes the pot out.
func (p potView) dropPot() template.Btn {
	return template.Btn{Look: template.Danger, Small: true, Name: rowButton, Value: "-pot" + strconv.Itoa(p.N), Text: p.L.T("admin.pot.drop"),
		Attrs: templ.Attributes{"formnovalidate": true, "aria-label": p.L.T("admin.pot.drop") + ": " + p.title()}}
}

// drop is the button that takes a line out.
func (p potView) drop(kind string, i int) template.Btn {
	text := p.L.T("admin.row.drop")
	return template.Btn{Look: template.Quiet, Small: true, Name: rowButton, Value: "-" + p.pre + kind + strconv.Itoa(i), Text: text,
		Attrs: templ.Attributes{"formnovalidate": true, "aria-label": p.L.T("admin.row.drop.which", "number", i+1, "list", p.L.T("admin.row."+kind))}}
}

func names[S ~string](all []S) []string {
	var out []string
	for _, s := range all {
		out = append(out, string(s))
	}
	return out
}
