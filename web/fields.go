// SPDX-License-Identifier: Apache-2.0

package web

import (
	"errors"

	"verlof/web/template"
)

// mend is like refuse for an error that may hold several, each for a field.
func (f *form) mend(err error) bool {
	for _, one := range several(err) {
		if !f.refuse(one) {
			return false
		}
	}
	return true
}

// attempt does something where nothing is wrong with the form so far, and reports
// whether it is done. What is wrong and can be mended is on the form afterwards;
// an error is not for the form.
func (f *form) attempt(do func() error) (finished bool, err error) {
	if !f.fine() {
		return false, nil
	}
	if err := do(); err != nil {
		if f.mend(err) {
			return false, nil
		}
		return false, err
	}
	return true, nil
}

// several returns the errors that errors.Join holds together in err, or err.
func several(err error) []error {
	for e := err; e != nil; e = errors.Unwrap(e) {
		many, ok := e.(interface{ Unwrap() []error })
		if !ok {
			continue
		}
		var all []error
		for _, one := range many.Unwrap() {
			all = append(all, several(one)...)
		}
		return all
	}
	return []error{err}
}

// field is a field with what was typed and what is wrong with it; its label is
// "admin.field." + name in the catalogues.
func (f *form) field(name string) template.Input {
	return template.Input{Name: name, Label: f.lang.T("admin.field." + name), Value: f.text(name), Error: f.at(name)}
}

// need is a field that must be filled in.
func (f *form) need(name string) template.Input {
	i := f.field(name)
	i.Required = true
	return i
}

// day is a field for a date: what was typed, in the form that date inputs read.
func (f *form) day(name string) template.Input {
	i := f.field(name)
	if d, err := f.lang.ParseDate(i.Value); err == nil {
		i.Value = d.String()
	}
	return i
}

// choice is a choice with what was chosen and what is wrong with it.
func (f *form) choice(name string, options []template.Option) template.Choice {
	return template.Choice{Name: name, Label: f.lang.T("admin.field." + name), Value: f.text(name), Options: options,
		Required: true, Error: f.at(name)}
}

// tick is a checkbox that sends value under name.
func (f *form) tick(name, value, label string) template.Tick {
	return template.Tick{Name: name, Value: value, Label: label, Checked: f.has(name, value), Error: f.at(name)}
}

// first returns the first thing that is wrong; empty where nothing is.
func (f *form) first() string {
	if len(f.wrong) == 0 {
		return ""
	}
	return f.wrong[0].Text
}

// cards are a choice with a note on each.
func (f *form) cards(name string, values ...string) template.Choice {
	var options []template.Option
	for _, v := range values {
		key := "admin." + name + "." + v
		options = append(options, template.Option{Value: v, Text: f.lang.T(key), Note: f.lang.T(key + ".note")})
	}
	return f.choice(name, options)
}
