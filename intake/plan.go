// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
)

// Plan is what an import would do, line by line. Nothing of it is written.
type Plan struct {
	*File
	Options  Options  // with the defaults filled in
	Defaults Defaults // their names
	Lines    []Line   // what lines only name first, then the lines of the file in its order
	Digest   string   // names this plan: Apply refuses when it comes out different

	work work
}

// Defaults are what persons get of whom the file does not say it.
type Defaults struct {
	Start    calendar.Date // first day of the employment
	Pattern  string        // names
	Package  string
	Location string
}

// Act is what the import does with a line.
type Act string

// The acts. Their names end catalogue keys ("intake.act." before them).
const (
	Add    Act = "add"
	Change Act = "change"
	Same   Act = "same"   // is there already: nothing to do
	Refuse Act = "refuse" // cannot be taken; see Why
)

// Thing is what a line is about.
type Thing string

// The things. Their names end catalogue keys ("intake.thing." before them).
const (
	ThePerson  Thing = "person"
	TheAbsence Thing = "absence"
	TheTeam    Thing = "team"
	TheType    Thing = "type"
	ThePattern Thing = "pattern"
	TheBalance Thing = "balance"
)

// Line is what becomes of one line of the file, or of one thing that lines of it
// only name.
type Line struct {
	Number  int  // of the line of the file; of a thing that is only named, the first line that names it
	Named   bool // the thing has no line of its own
	Thing   Thing
	Act     Act
	Title   string    // name of the person, team, type or pattern
	Key     string    // number or mail address of the person
	Person  people.ID // who is there already; empty for a person that the plan adds
	Absence Absence
	Balance Balance
	Changes []Difference
	Why     []Note // why it is refused
	Notes   []Note // what to look at before accepting
}

// Absence is what a line of the kind Absences holds.
type Absence struct {
	Type string // name
	leave.Span
	Days exact.Rat // working days
}

// Balance is what a line of the kind Balances is about; how much is left stands in its Changes.
type Balance struct {
	Type    string // name
	Unknown bool   // no type that people have a balance of has that name
	At      calendar.Date
	Until   calendar.Date // zero: of all that is left, or of what no other line gives a last day
}

// Text says what the line is about.
func (b Balance) Text(l *lang.Locale) string {
	if b.Until.IsZero() {
		return l.T("intake.balance", "type", b.Type, "date", b.At)
	}
	return l.T("intake.balance.until", "type", b.Type, "date", b.At, "until", b.Until)
}

// Amount is so much of a type of leave.
type Amount struct {
	exact.Rat
	Unit leave.Unit
}

// Difference is one thing that a line sets. Values are string, calendar.Date,
// calendar.Pattern, bool, Amount, or nil where there was nothing; Value writes them.
type Difference struct {
	Field    Field
	From, To any
}

// Note is a sentence about a line or about the file: a key of the catalogues
// with what its sentence needs, as name, value pairs.
type Note struct {
	Column int // from 1; 0: about no column
	Key    string
	Args   []any
}

// Text returns the sentence.
func (n Note) Text(l *lang.Locale) string { return l.T(n.Key, n.Args...) }

// Counts says how many lines meet each fate.
type Counts struct{ Add, Change, Same, Refuse int }

// Counts counts the lines about a thing, or all lines where thing is empty.
func (p *Plan) Counts(thing Thing) Counts {
	var c Counts
	for i := range p.Lines {
		if thing != "" && p.Lines[i].Thing != thing {
			continue
		}
		switch p.Lines[i].Act {
		case Add:
			c.Add++
		case Change:
			c.Change++
		case Same:
			c.Same++
		case Refuse:
			c.Refuse++
		}
	}
	return c
}

// Warnings counts the notes on lines and on the file.
func (p *Plan) Warnings() int {
	n := len(p.Notes)
	for i := range p.Lines {
		n += len(p.Lines[i].Notes)
	}
	return n
}

// digest returns what names the plan: a hash of all that a person can see of it.
// The ids that new things would get are left out, for they differ every time.
func (p *Plan) digest() string {
	h := sha256.New()
	fmt.Fprintln(h, p.Kind, p.Dates.Format, p.Defaults, p.Options.ChangesFrom)
	for _, c := range p.Columns {
		fmt.Fprintf(h, "%q %s\n", c.Heading, c.Field)
	}
	for i := range p.Lines {
		p.Lines[i].write(h)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (n *Line) write(w io.Writer) {
	fmt.Fprintf(w, "%d %v %s %s %q %q %s\n", n.Number, n.Named, n.Thing, n.Act, n.Title, n.Key, n.Person)
	if n.Thing == TheAbsence {
		a := n.Absence
		fmt.Fprintf(w, " %q %v %v %v %v %v\n", a.Type, a.From, a.To, a.First, a.Last, a.Days)
	}
	if n.Thing == TheBalance {
		fmt.Fprintf(w, " %q %v %v\n", n.Balance.Type, n.Balance.At, n.Balance.Until)
	}
	for _, c := range n.Changes {
		fmt.Fprintf(w, " %s %q %q\n", c.Field, fmt.Sprint(c.From), fmt.Sprint(c.To))
	}
	for _, notes := range [][]Note{n.Why, n.Notes} {
		for _, note := range notes {
			fmt.Fprintf(w, " %d %s %q\n", note.Column, note.Key, fmt.Sprint(note.Args...))
		}
	}
}
