// SPDX-License-Identifier: Apache-2.0

package page

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// FieldDrawn is the field in which a form that shows a whole record carries what the record was when it was
// drawn: a digest of each field. Programs send an entity tag in its place.
const FieldDrawn = "drawn"

// drawnVersion begins what is in FieldDrawn: a record may have nothing in any field.
const drawnVersion = "1"

// Drawn is a record as a form shows it: what a browser sends back where nobody types anything.
type Drawn struct {
	By     string // who changed the record last; empty: that is not known
	Lang   *lang.Locale
	fields []*DrawnField
}

// DrawnField is one field of it.
type DrawnField struct {
	At     string // the field of the form where what is wrong with it stands, where it is not its own
	name   string
	label  string
	values []string
	many   bool                      // each value is there or not, for itself
	words  func(value string) string // a value as somebody reads it
}

// Draw begins a record for a reader.
func Draw(l *lang.Locale) *Drawn { return &Drawn{Lang: l} }

// Text adds a field that is read as it is typed. Its label is "admin.field." + name where none is given.
func (d *Drawn) Text(name, label, value string) {
	d.add(name, label, func(s string) string { return s }, value)
}

// Date adds a field for a date.
func (d *Drawn) Date(name, label string, day calendar.Date) {
	if day.IsZero() {
		d.Text(name, label, "")
		return
	}
	d.add(name, label, func(string) string { return d.Lang.Date(day) }, day.String())
}

// Choice adds a field in which an option is chosen.
func (d *Drawn) Choice(name, label, value string, options []template.Option) {
	d.add(name, label, func(s string) string {
		for _, o := range options {
			if o.Value == s {
				return o.Text
			}
		}
		return s
	}, value)
}

// Word adds a field in which one of a few words is chosen; key + word is how the catalogues call it.
func (d *Drawn) Word(name, label, word, key string) {
	d.add(name, label, func(s string) string { return d.Lang.T(key + s) }, word)
}

// Tick adds a box that sends "yes" where it is ticked.
func (d *Drawn) Tick(name, label string, on bool) {
	value := ""
	if on {
		value = "yes"
	}
	d.add(name, label, func(s string) string {
		if s == "" {
			return d.Lang.T("web.drawn.off")
		}
		return d.Lang.T("web.drawn.on")
	}, value)
}

// Many adds boxes of one name.
func (d *Drawn) Many(name, label string, values []string, words func(value string) string) *DrawnField {
	x := d.add(name, label, words, values...)
	x.many = true
	return x
}

func (d *Drawn) add(name, label string, words func(string) string, values ...string) *DrawnField {
	if label == "" {
		label = d.Lang.T("admin.field." + name)
	}
	x := &DrawnField{At: name, name: name, label: label, words: words, values: plainValues(values)}
	d.fields = append(d.fields, x)
	return x
}

// Form returns the form that shows d.
func (d *Drawn) Form() *Form {
	f := &Form{Values: url.Values{}, Lang: d.Lang}
	for _, x := range d.fields {
		f.Values[x.name] = slices.Clone(x.values)
	}
	f.Values.Set(FieldDrawn, d.mark())
	return f
}

// mark is what FieldDrawn holds.
func (d *Drawn) mark() string {
	parts := []string{drawnVersion}
	for _, x := range d.fields {
		parts = append(parts, x.name+":"+strings.Join(digests(x.values), "."))
	}
	return strings.Join(parts, ";")
}

// seenIn reads such a mark; nil: it is none.
func seenIn(mark string) map[string][]string {
	parts := strings.Split(mark, ";")
	if parts[0] != drawnVersion {
		return nil
	}
	seen := map[string][]string{}
	for _, part := range parts[1:] {
		name, all, _ := strings.Cut(part, ":")
		seen[name] = nil
		if all != "" {
			seen[name] = strings.Split(all, ".")
		}
	}
	return seen
}

// plainValues are the values of a field as they are compared: without the empty ones, and with line ends as
// they are kept. A browser sends others.
func plainValues(values []string) []string {
	var out []string
	for _, s := range values {
		if s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")); s != "" {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}

func digests(values []string) []string {
	var out []string
	for _, s := range values {
		sum := sha256.Sum256([]byte(s))
		out = append(out, base64.RawURLEncoding.EncodeToString(sum[:6]))
	}
	slices.Sort(out)
	return out
}

// AsDrawn does what a form asks for only while the record is as the form was drawn from: draw reads the
// record (nil: it is yet to be made), and no other change of what seldom changes comes between that and do. Otherwise f says what was
// changed meanwhile, takes in what nobody typed over, and may be sent again; do, which is called all the
// same, then finds it not fine and shows it.
func AsDrawn(r *http.Request, t *tenant.Tenant, f *Form, draw func() (*Drawn, error), do func(*http.Request) error) error {
	var err error
	for range 5 { // each time somebody else has changed something else
		var revision int64
		if revision, err = t.People.Revision(r.Context()); err != nil {
			return err
		}
		now, failed := draw()
		if failed != nil {
			return failed
		}
		if now != nil {
			f.compare(now)
		}
		f.moved = false
		err = do(r.WithContext(people.Expecting(r.Context(), revision, func() { f.moved = true })))
		if !f.moved {
			return err
		}
	}
	return err
}

// compare refuses a form that was drawn from another state than now.
func (f *Form) compare(now *Drawn) {
	seen := seenIn(f.Text(FieldDrawn))
	if seen != nil && maps.EqualFunc(seen, seenIn(now.mark()), slices.Equal) {
		return
	}
	text := f.Lang.T("web.drawn.unknown")
	switch {
	case seen != nil && now.By != "":
		text = f.Lang.T("web.drawn.by", "name", now.By)
	case seen != nil:
		text = f.Lang.T("web.drawn.changed")
	}
	f.Note(http.StatusConflict, text)
	for _, x := range now.fields {
		before, known := seen[x.name]
		switch {
		case known && slices.Equal(before, digests(x.values)): // nobody else changed it
		case x.many:
			f.meetMany(x, before, known)
		default:
			f.meet(x, before, known)
		}
	}
	f.Values.Set(FieldDrawn, now.mark())
}

// meet puts what somebody else wrote into a field in which nothing was typed, and beside what was.
func (f *Form) meet(x *DrawnField, before []string, known bool) {
	typed := plainValues(f.Values[x.name])
	if slices.Equal(typed, x.values) {
		return
	}
	key := "web.drawn.typed"
	if known && slices.Equal(digests(typed), before) {
		key = "web.drawn.taken"
		f.Values[x.name] = slices.Clone(x.values)
	}
	now := f.Lang.T("web.drawn.nothing")
	if text := x.words(strings.Join(x.values, "")); text != "" {
		now = text
	}
	f.say(template.FieldError{Field: x.At, Text: f.Lang.T(key, "field", x.label, "now", now)})
}

// meetMany does so for each value for itself.
func (f *Form) meetMany(x *DrawnField, before []string, known bool) {
	typed := plainValues(f.Values[x.name])
	var more, less []string
	kept := slices.DeleteFunc(slices.Clone(typed), func(s string) bool {
		if slices.Contains(x.values, s) || known && !slices.Contains(before, digests([]string{s})[0]) {
			return false // still there, or put there by who typed
		}
		less = append(less, x.words(s))
		return known
	})
	for _, s := range x.values {
		if slices.Contains(typed, s) || known && slices.Contains(before, digests([]string{s})[0]) {
			continue
		}
		more = append(more, x.words(s))
		if known {
			kept = append(kept, s)
		}
	}
	f.Values[x.name] = kept
	if len(more) > 0 {
		f.say(template.FieldError{Field: x.At, Text: f.Lang.T("web.drawn.more", "field", x.label, "list", f.Lang.List(more...))})
	}
	if len(less) > 0 {
		f.say(template.FieldError{Field: x.At, Text: f.Lang.T("web.drawn.less", "field", x.label, "list", f.Lang.List(less...))})
	}
}
