// SPDX-License-Identifier: Apache-2.0

// Package law owns ready templates for the law of countries: which types of
// leave there are, how much of each is due at the least, in which article that
// stands, of what date the law is, and what it says that the template cannot.
// Each template is one file named by its code, such as NL.law, so that a lawyer
// can read it; scenarios in testdata hold it to the examples that authorities
// publish.
//
// It refuses to count, which package leave does, and to know collective
// agreements and contracts: these come on top, and a customer checks them.
package law

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/leave/scenario"
)

// Template is the law on leave of a country, or of a part of one.
type Template struct {
	Code     string // ISO 3166-1 or 3166-2, such as "NL" or "US-CA"
	Name     Text
	Zone     string        // time zone of most of it
	Law      Text          // the acts that it follows, as amended
	Dated    calendar.Date // the day on which the last change that it follows came into force
	Reviewed calendar.Date // the day on which it was last held against the sources that its rules name
	Notes    []Text        // what holds for all of its leave
	Rules    []Rule        // in the order of lists
}

// Rule is what a law says on one type of leave.
type Rule struct {
	Type      leave.Type // its ID is a plain word, its Name the English one
	Name      Text
	Policy    string // what is due, in the words of a scenario; empty where nothing is counted
	Extra     string // what an employer may add, with N for how much a year; empty: no room
	Source    Text   // articles
	Confirmed bool   // the figures were held against what Seen names
	Seen      string // a text of the law, of an authority, or of somebody who reprints it
	Notes     []Text // what the law says and the template cannot
	Instead   string // the ID of the type that it may stand in for; empty: none
	Optional  bool   // for some people only: not in everybody's package
}

// Text is something to read in the languages of the product.
type Text struct{ English, Dutch, German string }

// In returns the text in a language, given by its tag such as "nl-BE"; in English where it is not translated.
func (t Text) In(tag string) string {
	switch base, _, _ := strings.Cut(tag, "-"); base {
	case "nl":
		return cmp.Or(t.Dutch, t.English)
	case "de":
		return cmp.Or(t.German, t.English)
	}
	return t.English
}

// Templates returns all templates by code.
func Templates() []Template { return slices.Clone(templates()) }

// For returns the template for a country or region: its own, or its country's, so
// that "DE-BY" has that of "DE".
func For(code string) (Template, bool) {
	country, _, _ := strings.Cut(code, "-")
	for _, c := range []string{code, country} {
		i := slices.IndexFunc(templates(), func(t Template) bool { return t.Code == c })
		if i >= 0 {
			return templates()[i], true
		}
	}
	return Template{}, false
}

// Rule returns the rule for the type with this ID.
func (t Template) Rule(id string) (Rule, bool) {
	i := slices.IndexFunc(t.Rules, func(r Rule) bool { return r.Type.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return t.Rules[i], true
}

// Types returns the types of leave with their names in a language, those that
// stand in for others left out. A caller gives them IDs of its own.
func (t Template) Types(tag string) []leave.Type {
	var out []leave.Type
	for _, r := range t.Rules {
		if r.Instead == "" {
			typ := r.Type
			typ.Name = r.Name.In(tag)
			out = append(out, typ)
		}
	}
	return out
}

// Terms returns what is due of a type, with so much a year on top, in the unit of
// the type; the top-up is zero where Rule.Extra is empty. It reports false for a
// type that is unknown or has no balance.
func (t Template) Terms(id string, extra exact.Rat) (leave.Terms, bool) {
	r, ok := t.Rule(id)
	if !ok || !r.Type.Entitled {
		return leave.Terms{}, false
	}
	terms, err := r.terms(extra)
	return terms, err == nil
}

// WorkingDays returns the rule for holiday that is counted in working days, as
// most customers keep it even where the law counts otherwise.
func (t Template) WorkingDays() (Rule, bool) {
	for _, r := range t.Rules {
		own := r.Type.ID == holiday || r.Instead == holiday
		if own && r.Type.Unit == leave.Days && r.Type.Counting == leave.WorkingTime {
			return r, true
		}
	}
	return Rule{}, false
}

// holiday is the ID of annual leave in every template.
const holiday = "holiday"

// terms reads the policy and, where more is given, what comes on top.
func (r *Rule) terms(extra exact.Rat) (leave.Terms, error) {
	text := r.Policy
	if extra.Sign() > 0 && r.Extra != "" {
		text += ", and " + strings.Replace(r.Extra, " N ", " "+extra.String()+" ", 1)
	}
	return scenario.ParsePolicy(r.Type, text)
}

// Run runs a scenario in which a line "law CODE [extra N]" brings in a template;
// see scenario.Run.
func Run(r io.Reader) ([]scenario.Result, error) { return RunUntil(r, nil) }

// RunUntil is Run that asks halt before each line and ends with its error.
func RunUntil(r io.Reader, halt func() error) ([]scenario.Result, error) {
	return scenario.Runner{Law: due, Halt: halt}.Run(r)
}

// due returns what a template gives, with so much on top of its holiday.
func due(code string, extra exact.Rat) ([]scenario.Due, error) {
	i := slices.IndexFunc(templates(), func(t Template) bool { return t.Code == code })
	if i < 0 {
		var codes []string
		for _, t := range templates() {
			if strings.EqualFold(code, t.Code) || strings.EqualFold(code, t.Name.English) {
				return nil, fmt.Errorf("no law is known by that code; did you mean %q?", t.Code)
			}
			codes = append(codes, t.Code)
		}
		return nil, fmt.Errorf("no law is known by that code; those are %s", strings.Join(codes, ", "))
	}
	t := templates()[i]
	if r, _ := t.Rule(holiday); extra.Sign() > 0 && r.Extra == "" {
		return nil, errors.New("the law says nothing of what comes on top")
	}
	var out []scenario.Due
	for _, r := range t.Rules {
		d := scenario.Due{Type: r.Type}
		more := exact.Rat{}
		if r.Type.ID == holiday || r.Instead == holiday {
			more = extra
		}
		if r.Type.Entitled {
			d.Terms, _ = t.Terms(r.Type.ID, more)
		}
		out = append(out, d)
	}
	return out, nil
}
