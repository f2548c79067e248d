// SPDX-License-Identifier: Apache-2.0

package page

import (
	"github.com/a-h/templ"

	"verlof/errs"
	"verlof/web/template"
)

// Mend is like Refuse for an error that may hold several, each for a field.
func (f *Form) Mend(err error) bool {
	for _, one := range errs.All(err) {
		if !f.Refuse(one) {
			return false
		}
	}
	return true
}

// Attempt does something where nothing is wrong with the form so far, and reports
// whether it is done. What is wrong and can be mended is on the form afterwards;
// an error is not for the form.
func (f *Form) Attempt(do func() error) (finished bool, err error) {
	if !f.Fine() {
		return false, nil
	}
	if err := do(); err != nil {
		if f.Mend(err) {
			return false, nil
		}
		return false, err
	}
	return true, nil
}

// Field is a field with what was typed and what is wrong with it; its label is
// "admin.field." + name in the catalogues.
func (f *Form) Field(name string) template.Input {
	return template.Input{Name: name, Label: f.Lang.T("admin.field." + name), Value: f.Text(name), Error: f.At(name)}
}

// Need is a field that must be filled in.
func (f *Form) Need(name string) template.Input {
	i := f.Field(name)
	i.Required = true
	return i
}

// Day is a field for a date: what was typed, in the form that date inputs read.
func (f *Form) Day(name string) template.Input {
	i := f.Field(name)
	if d, err := f.Lang.ParseDate(i.Value); err == nil {
		i.Value = d.String()
	}
	return i
}

// Choice is a choice with what was chosen and what is wrong with it.
func (f *Form) Choice(name string, options []template.Option) template.Choice {
	return template.Choice{Name: name, Label: f.Lang.T("admin.field." + name), Value: f.Text(name), Options: options,
		Required: true, Error: f.At(name)}
}

// Tick is a checkbox that sends value under name.
func (f *Form) Tick(name, value, label string) template.Tick {
	return template.Tick{Name: name, Value: value, Label: label, Checked: f.Has(name, value), Error: f.At(name)}
}

// First returns the first thing that is wrong; empty where nothing is.
func (f *Form) First() string {
	if len(f.Wrong) == 0 {
		return ""
	}
	return f.Wrong[0].Text
}

// Cards are a choice with a note on each.
func (f *Form) Cards(name string, values ...string) template.Choice {
	var options []template.Option
	for _, v := range values {
		key := "admin." + name + "." + v
		options = append(options, template.Option{Value: v, Text: f.Lang.T(key), Note: f.Lang.T(key + ".note")})
	}
	return f.Choice(name, options)
}

// Optionally is a choice in which nothing need be chosen.
func (f *Form) Optionally(name string, options []template.Option) template.Choice {
	c := f.Choice(name, options)
	c.Required = false
	return c
}

// Count is a field for a whole number that may be left out.
func (f *Form) Count(name string) template.Input {
	i := f.Field(name)
	i.Type, i.Short, i.Hint = "number", true, f.Lang.T("admin.field."+name+".hint")
	i.Attrs = templ.Attributes{"min": "0"}
	return i
}
