// SPDX-License-Identifier: Apache-2.0

package law

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/order"
	"verlof/leave"
	"verlof/leave/scenario"
)

//go:embed *.law
var files embed.FS

// templates reads all files once. A file that cannot be read is a fault of the
// program, which the tests find.
var templates = sync.OnceValue(func() []Template {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	var out []Template
	for _, e := range entries {
		text, err := files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		t, err := read(string(text))
		if err != nil {
			panic(fmt.Errorf("%s: %w", e.Name(), err))
		}
		out = append(out, t)
	}
	order.By(out, func(a, b Template) int { return cmp.Compare(a.Code, b.Code) })
	return out
})

// read reads a template. A line is a key and its value; one that begins with a
// space goes on with the line above; "#" begins a comment. The keys of the
// template stand first, then those of each rule below its line "type", which is
// that of a scenario. A note in Dutch or German follows the note that it translates.
// A source without words, such as "L1225-35, D1225-8", is the same in each language.
func read(text string) (Template, error) {
	var t Template
	for _, l := range unfold(text) {
		set := templateKeys[l.key]
		if l.key == "type" {
			typ, err := scenario.ParseType(l.value)
			if err != nil {
				return t, l.wrong(err)
			}
			typ.Order = len(t.Rules) + 1
			typ.Colour = len(t.Rules)%leave.Colours + 1
			t.Rules = append(t.Rules, Rule{Type: typ})
			continue
		}
		if len(t.Rules) > 0 {
			rule := &t.Rules[len(t.Rules)-1]
			if setRule, ok := ruleKeys[l.key]; ok {
				set = func(_ *Template, v string) error { return setRule(rule, v) }
			} else {
				set = nil
			}
		}
		if set == nil {
			return t, l.wrong(errors.New("is no key here"))
		}
		if err := set(&t, l.value); err != nil {
			return t, l.wrong(err)
		}
	}
	return t, t.check()
}

// line is a key, its value, and where it stands.
type line struct {
	number     int
	key, value string
}

func (l line) wrong(err error) error { return fmt.Errorf("line %d, %s: %w", l.number, l.key, err) }

// unfold cuts a text into lines, those that go on joined to what they go on with.
func unfold(text string) []line {
	var out []line
	for i, s := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(s)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case s != strings.TrimLeft(s, " ") && len(out) > 0:
			out[len(out)-1].value += " " + trimmed
		default:
			key, value, _ := strings.Cut(trimmed, " ")
			out = append(out, line{i + 1, key, strings.TrimSpace(value)})
		}
	}
	return out
}

// templateKeys are the keys of a template.
var templateKeys = map[string]func(*Template, string) error{
	"code":     func(t *Template, v string) error { t.Code = v; return nil },
	"name":     func(t *Template, v string) error { t.Name.English = v; return nil },
	"name.nl":  func(t *Template, v string) error { t.Name.Dutch = v; return nil },
	"name.de":  func(t *Template, v string) error { t.Name.German = v; return nil },
	"zone":     func(t *Template, v string) error { t.Zone = v; return nil },
	"law":      func(t *Template, v string) error { t.Law.English = v; return nil },
	"law.nl":   func(t *Template, v string) error { t.Law.Dutch = v; return nil },
	"law.de":   func(t *Template, v string) error { t.Law.German = v; return nil },
	"dated":    func(t *Template, v string) (err error) { t.Dated, err = calendar.Parse(v); return err },
	"reviewed": func(t *Template, v string) (err error) { t.Reviewed, err = calendar.Parse(v); return err },
	"note":     func(t *Template, v string) error { t.Notes = append(t.Notes, Text{English: v}); return nil },
	"note.nl":  func(t *Template, v string) error { return translate(t.Notes, func(n *Text) { n.Dutch = v }) },
	"note.de":  func(t *Template, v string) error { return translate(t.Notes, func(n *Text) { n.German = v }) },
}

// ruleKeys are the keys of a rule.
var ruleKeys = map[string]func(*Rule, string) error{
	"name":        func(r *Rule, v string) error { r.Name.English, r.Type.Name = v, v; return nil },
	"name.nl":     func(r *Rule, v string) error { r.Name.Dutch = v; return nil },
	"name.de":     func(r *Rule, v string) error { r.Name.German = v; return nil },
	"policy":      func(r *Rule, v string) error { r.Policy = v; return nil },
	"extra":       func(r *Rule, v string) error { r.Extra = v; return nil },
	"source":      func(r *Rule, v string) error { r.Source.English = v; return nil },
	"source.nl":   func(r *Rule, v string) error { r.Source.Dutch = v; return nil },
	"source.de":   func(r *Rule, v string) error { r.Source.German = v; return nil },
	"seen":        func(r *Rule, v string) error { r.Seen = v; return nil },
	"instead":     func(r *Rule, v string) error { r.Instead = v; return nil },
	"note":        func(r *Rule, v string) error { r.Notes = append(r.Notes, Text{English: v}); return nil },
	"note.nl":     func(r *Rule, v string) error { return translate(r.Notes, func(n *Text) { n.Dutch = v }) },
	"note.de":     func(r *Rule, v string) error { return translate(r.Notes, func(n *Text) { n.German = v }) },
	"confirmed":   func(r *Rule, v string) error { return truth(v, &r.Confirmed) },
	"optional":    func(r *Rule, v string) error { return truth(v, &r.Optional) },
	"private":     func(r *Rule, v string) error { return truth(v, &r.Type.Private) },
	"unapproved":  func(r *Rule, v string) error { return truth(v, &r.Type.Unapproved) },
	"ends-unpaid": func(r *Rule, v string) error { return truth(v, &r.Type.EndsUnpaid) },
}

// translate gives the last note its words in another language.
func translate(notes []Text, say func(*Text)) error {
	if len(notes) == 0 {
		return errors.New("translates no note")
	}
	say(&notes[len(notes)-1])
	return nil
}

func truth(v string, to *bool) error {
	if *to = v == "yes"; !*to && v != "no" {
		return errors.New("is neither yes nor no")
	}
	return nil
}

// check finds what a template lacks.
func (t *Template) check() error {
	faults := []error{
		missing("the template", t.Name, t.Code, t.Zone, t.Law.English),
		untranslated("the template", t.Notes),
	}
	if t.Dated.IsZero() || t.Reviewed.IsZero() || len(t.Rules) == 0 {
		faults = append(faults, errors.New("the template has no date or no rule"))
	}
	for _, r := range t.Rules {
		faults = append(faults, r.check())
	}
	return errors.Join(faults...)
}

// check finds what a rule lacks, and policies that cannot be.
func (r *Rule) check() error {
	id := r.Type.ID
	faults := []error{missing(id, r.Name, r.Source.English), untranslated(id, r.Notes)}
	if r.Confirmed != (r.Seen != "") {
		faults = append(faults, fmt.Errorf("%s: who says that it is confirmed says against what it was seen, and nobody else", id))
	}
	if r.Type.Entitled {
		terms, err := r.terms(exact.Int(1))
		if err == nil {
			err = terms.Check(r.Type.Unit)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: policy: %w", id, err))
		}
	} else if r.Policy+r.Extra != "" {
		faults = append(faults, fmt.Errorf("%s: a policy for leave without a balance", id))
	}
	return errors.Join(faults...)
}

func missing(what string, name Text, values ...string) error {
	if slices.Contains(append(values, name.English, name.Dutch, name.German), "") {
		return fmt.Errorf("%s: a name, a source or another key is missing", what)
	}
	return nil
}

func untranslated(what string, notes []Text) error {
	if slices.ContainsFunc(notes, func(t Text) bool { return t.Dutch == "" || t.German == "" }) {
		return fmt.Errorf("%s: a note is not translated", what)
	}
	return nil
}
