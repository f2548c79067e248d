// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"cmp"
	"maps"
	"slices"
	"unicode/utf8"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/order"
	"verlof/internal/sheet"
	"verlof/leave"
	"verlof/people"
)

// draft is a plan in the making.
type draft struct {
	*File
	*world
	tx   Tx
	lock bool      // the plan is to be written
	by   people.ID // who imports

	options  Options
	defaults Defaults
	shape    *pattern         // of persons of whom the file does not say it
	meaning  map[string]*kind // leave type of a word, as somebody decided or as it was taken for; see meant
	called   map[string]bool  // words that nobody is to guess at; see AsCalled
	ill      *kind            // what sickness is, where the file has any

	named     []Line // things without a line of their own
	lines     []Line
	changed   []*team
	receivers []*member // who gets absences
	work      work
}

// fill turns the options into ids and fills in what they leave open.
func (d *draft) fill(o Options) error {
	d.options, d.meaning, d.called = o, map[string]*kind{}, map[string]bool{}
	d.options.Types = maps.Clone(o.Types)
	d.options.Kind, d.options.DateFormat = d.Kind, d.Dates.Format
	if o.ChangesFrom.IsZero() {
		d.options.ChangesFrom = d.today
	}
	if o.Start.IsZero() {
		d.options.Start = calendar.On(d.earliest().Year(), 1, 1)
	}
	d.defaults.Start = d.options.Start
	if err := d.fillPattern(); err != nil {
		return err
	}
	if err := d.fillPackage(); err != nil {
		return err
	}
	if err := d.fillLocation(); err != nil {
		return err
	}
	return d.fillTypes()
}

// fillTypes finds the types that somebody decided words of the file to mean.
func (d *draft) fillTypes() error {
	for word, want := range d.options.Types {
		switch want {
		case SickReport:
			d.meaning[same(word)] = d.illness()
			continue
		case AsCalled:
			d.called[same(word)] = true
			continue
		}
		i := slices.IndexFunc(d.book.Types, func(t leave.Type) bool { return t.ID == want || same(t.Name) == same(want) })
		if i < 0 {
			return errs.New(errs.Invalid, "intake.error.type", "word", want).At("types")
		}
		d.meaning[same(word)] = d.types[same(d.book.Types[i].Name)]
	}
	return nil
}

func (d *draft) fillPattern() error {
	want := d.options.Pattern
	if len(d.patterns) == 0 {
		return errs.New(errs.Conflict, "intake.error.no_pattern")
	}
	i := slices.IndexFunc(d.patterns, func(p *pattern) bool {
		return want == "" || p.ID == want || same(p.Name) == same(want)
	})
	if i < 0 {
		return errs.New(errs.Invalid, "intake.error.pattern", "word", want).At("pattern")
	}
	d.shape = d.patterns[i]
	d.options.Pattern, d.defaults.Pattern = d.shape.ID, d.shape.Name
	return nil
}

func (d *draft) fillPackage() error {
	want := d.options.Package
	if len(d.book.Packages) == 0 {
		return errs.New(errs.Conflict, "intake.error.no_package")
	}
	i := slices.IndexFunc(d.book.Packages, func(p leave.Package) bool {
		return want == "" || p.ID == want || same(p.Name) == same(want)
	})
	if i < 0 {
		return errs.New(errs.Invalid, "intake.error.package", "word", want).At("package")
	}
	p := d.book.Packages[i]
	d.options.Package, d.defaults.Package = p.ID, p.Name
	return nil
}

// fillLocation chooses the place of work of new persons; there may be none.
func (d *draft) fillLocation() error {
	want := d.options.Location
	if want == "" && len(d.locations) == 0 {
		return nil
	}
	l, ok := d.location(want)
	if !ok {
		return errs.New(errs.Invalid, "intake.error.location", "word", want).At("location")
	}
	d.options.Location, d.defaults.Location = l.ID, l.Name
	return nil
}

// location returns the first location with an id or a name; any, for no word.
func (d *draft) location(word string) (people.Location, bool) {
	i := slices.IndexFunc(d.locations, func(l people.Location) bool {
		return word == "" || l.ID == word || same(l.Name) == same(word)
	})
	if i < 0 {
		return people.Location{}, false
	}
	return d.locations[i], true
}

// earliest returns the first date on which somebody begins in the file, or else
// today.
func (d *draft) earliest() calendar.Date {
	field := From
	if d.Kind == People {
		field = Hired
	}
	first := d.today
	if i, ok := d.at[field]; ok {
		for _, row := range d.sheet.Rows {
			if date, ok := d.Dates.parse(tidy(row.Cells[i])); ok && date < first {
				first = date
			}
		}
	}
	return first
}

// listed is how things without a line of their own are listed: what persons need
// comes before them.
var listed = []Thing{TheType, ThePattern, TheTeam, ThePerson}

// plan closes the draft.
func (d *draft) plan() *Plan {
	d.teamLines()
	order.By(d.named, func(a, b Line) int {
		return cmp.Compare(slices.Index(listed, a.Thing), slices.Index(listed, b.Thing))
	})
	p := &Plan{File: d.File, Options: d.options, Defaults: d.defaults, work: d.work}
	p.Lines = append(d.named, d.lines...)
	p.Digest = p.digest()
	return p
}

// reading is one line of the file while it is read.
type reading struct {
	draft *draft
	row   *sheet.Row
	line  Line
}

// read begins a line.
func (d *draft) read(row *sheet.Row, thing Thing) reading {
	r := reading{draft: d, row: row, line: Line{Number: row.Line, Thing: thing, Act: Add}}
	if n := len(d.Columns); len(row.Cells) > n {
		r.line.Why = append(r.line.Why, Note{Column: n + 1, Key: "intake.why.surplus",
			Args: []any{"count", len(row.Cells), "columns", n}})
	}
	return r
}

// refused reports whether something is wrong with the line.
func (r *reading) refused() bool { return len(r.line.Why) > 0 }

// refuse says what is wrong with the cell of a field.
func (r *reading) refuse(f Field, key string, args ...any) {
	r.line.Why = append(r.line.Why, r.about(f, key, args))
}

// note says what is worth looking at.
func (r *reading) note(f Field, key string, args ...any) {
	r.line.Notes = append(r.line.Notes, r.about(f, key, args))
}

func (r *reading) about(f Field, key string, args []any) Note {
	n := Note{Key: key, Args: args}
	if i, ok := r.draft.at[f]; ok {
		n.Column = i + 1
	}
	return n
}

// longest is how many characters a cell may have that is only looked up or parsed.
const longest = 200

// longest returns how many characters a cell of the field may have: what is kept of a person
// or names a team is held to the bounds of package people.
func (f Field) longest() int {
	switch f {
	case Number:
		return people.MaxNumber
	case Given, Family, Infix, Team:
		return people.MaxName
	}
	return longest
}

// text returns the cell of a field, "" where the file has no such column. Dashes
// alone are nothing. Formulas are refused where their value is not known.
func (r *reading) text(f Field) string {
	i, ok := r.draft.at[f]
	if !ok {
		return ""
	}
	text := tidy(r.row.Cells[i])
	formula := r.row.Formula(i)
	switch {
	case sheet.IsError(text) || formula && text == "":
		r.refuse(f, "intake.why.formula_value")
		return ""
	case formula:
		r.note(f, "intake.note.formula", "word", text)
	case dashes(text):
		return ""
	case sheet.IsFormula(text):
		r.refuse(f, "intake.why.formula", "word", text)
		return ""
	}
	if most := f.longest(); utf8.RuneCountInString(text) > most {
		r.refuse(f, "intake.why.long", "count", most)
		return ""
	}
	return text
}

// dashes reports whether a text is dashes alone: people write them for nothing.
func dashes(text string) bool {
	for _, c := range text {
		if c != '-' && c != '–' && c != '—' {
			return false
		}
	}
	return true
}

// date returns the date in the cell of a field, zero where it is empty, which is
// refused where there must be one.
func (r *reading) date(f Field, must bool) calendar.Date {
	faults := len(r.line.Why)
	text := r.text(f)
	if text == "" {
		if must && len(r.line.Why) == faults {
			r.refuse(f, "intake.why.no_date")
		}
		return 0
	}
	date, ok := r.draft.Dates.parse(text)
	if !ok {
		r.refuse(f, "intake.why.date", "word", text, "format", r.draft.Dates.Format)
	}
	return date
}

// email returns the mail address as people.Person.Email holds it.
func (r *reading) email() string {
	text := r.text(Email)
	if text == "" {
		return ""
	}
	email, ok := people.ParseEmail(text)
	if !ok {
		r.refuse(Email, "intake.why.email", "word", text)
		return ""
	}
	return email
}

// names returns given and family name; the latter begins with the infix.
func (r *reading) names() (given, family string) {
	given, family = r.text(Given), r.text(Family)
	if family != "" {
		family = tidy(r.text(Infix) + " " + family)
	}
	if full := r.text(Full); full != "" && given == "" && family == "" {
		return splitName(full)
	}
	return given, family
}
