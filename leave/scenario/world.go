// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
)

// here is the location at which everybody of a scenario begins, and all its one package.
const (
	here = "here"
	all  = "all"
)

// usual is the type of leave that is meant where a line names none.
const usual = "holiday"

// world is what the lines of a scenario have said so far.
type world struct {
	book      leave.Rulebook
	region    string // of where everybody begins to work
	own       []people.OwnDay
	persons   map[string]*leave.Facts
	next      int      // number of the next request
	elsewhere []string // regions to which people moved
	why       []string
	at        int            // number of the line that is read
	asked     int            // number of the last question
	said      map[string]int // the line that said something, by what it is about
	changing  bool           // within a line "changes"
	law       func(code string, extra exact.Rat) ([]Due, error)

	settled leave.Settlements   // by payroll
	told    []leave.SettledLine // of those that stand

	customer
	service  *leave.Service // acts on this world
	now      time.Time      // of what was done last
	revision int64          // changes with every line that says something
}

func newWorld() *world {
	w := &world{
		book: leave.Rulebook{
			Types:    []leave.Type{{ID: usual, Name: usual, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true}},
			Packages: []leave.Package{{ID: all}},
			Patterns: map[string]calendar.Pattern{},
			Holidays: map[string]*calendar.Holidays{},
		},
		persons: map[string]*leave.Facts{},
		said:    map[string]int{},
	}
	w.service = &leave.Service{Store: store{w}, Now: func() time.Time { return w.now }}
	return w
}

// The years that a scenario may speak of.
const (
	firstYear = 1950
	lastYear  = 2100
)

func (w *world) setHolidays() {
	for _, l := range w.locations() {
		w.book.Holidays[l.ID] = l.Holidays(w.own, firstYear, lastYear)
	}
}

// locations are the place at which everybody begins, and those to which somebody moved.
func (w *world) locations() []people.Location {
	out := []people.Location{{ID: here, Region: w.region}}
	for _, region := range w.elsewhere {
		out = append(out, people.Location{ID: region, Region: region})
	}
	return out
}

func (w *world) takeWhy() []string {
	why := w.why
	w.why = nil
	return why
}

// person takes the name of a person that is known already.
func (w *world) person(a *args) (*leave.Facts, error) {
	name, err := a.next("the name of a person")
	if err != nil {
		return nil, err
	}
	f, ok := w.persons[name]
	if !ok {
		if isDigit(name) {
			return nil, wrong(name, "the name of a person comes first")
		}
		return nil, against(name, "nobody of that name; %s",
			meant(name, w.names(), fmt.Sprintf("a line %q comes first", "person "+name+" joins DATE works PATTERN")))
	}
	return f, nil
}

// typ takes the name of a type of leave, where there is one.
func (w *world) typ(a *args) (leave.Type, error) {
	name := usual
	if len(a.words) > 0 {
		if _, ok := w.book.Type(a.words[0]); ok {
			name, _ = a.next("")
		} else if c := a.words[0]; c != "" && !isDigit(c) {
			return leave.Type{}, w.noTypeOrDate(c)
		}
	}
	t, _ := w.book.Type(name)
	return t, nil
}

// noType refuses the name of a type of leave that there is not.
func (w *world) noType(name string) error {
	var known []string
	for _, t := range w.book.Types {
		known = append(known, t.ID)
	}
	return against(name, "is no type of leave; %s", meant(name, known, fmt.Sprintf("a line %q comes first", "type "+name)))
}

// noTypeOrDate is noType where a date may stand as well.
func (w *world) noTypeOrDate(word string) error {
	var at *wordError
	if errors.As(w.noType(word), &at) {
		at.err = &aboveError{fmt.Errorf("%w; a date is written as 2026-07-01", at.err)}
	}
	return at
}

// about takes NAME [TYPE].
func (w *world) about(a *args) (*leave.Facts, leave.Type, error) {
	f, err := w.person(a)
	if err != nil {
		return nil, leave.Type{}, err
	}
	t, err := w.typ(a)
	return f, t, err
}

// aboutDate takes NAME [TYPE] DATE.
func (w *world) aboutDate(a *args) (*leave.Facts, leave.Type, calendar.Date, error) {
	f, t, err := w.about(a)
	if err != nil {
		return nil, t, 0, err
	}
	d, err := a.date()
	return f, t, d, err
}

// aboutSpan takes NAME [TYPE] SPAN [PARTS].
func (w *world) aboutSpan(a *args) (*leave.Facts, leave.Type, leave.Span, error) {
	f, t, err := w.about(a)
	if err != nil {
		return nil, t, leave.Span{}, err
	}
	s, err := a.span()
	return f, t, s, err
}

// aboutSince takes NAME from DATE.
func (w *world) aboutSince(a *args) (*leave.Facts, calendar.Date, error) {
	f, err := w.person(a)
	if err != nil {
		return nil, 0, err
	}
	d, err := a.since()
	return f, d, err
}

// facts are the lines that say something.
var facts = map[string]func(*world, *args) error{
	"region":  (*world).sayRegion,
	"holiday": (*world).sayHoliday,
	"feast":   (*world).sayFeast,
	"type":    (*world).sayType,
	"policy":  (*world).sayPolicy,
	"law":     (*world).sayLaw,
	"person":  (*world).sayPerson,
	"rejoins": (*world).sayRejoins,
	"works":   (*world).sayWorks,
	"moves":   (*world).sayMoves,
	"leave":   (*world).sayLeave,
	"adjust":  (*world).sayAdjust,
	"undo":    (*world).sayUndo,
	"grant":   (*world).sayGrant,
	"told":    (*world).sayTold,
	"sick":    (*world).saySick,

	"event":    (*world).sayEvent,
	"overtime": (*world).sayOvertime,
	"buys":     (*world).sayBuys,
	"sells":    (*world).saySells,
	"fixed":    (*world).sayFixed,
	"close":    (*world).sayClose,
	"reopen":   (*world).sayReopen,

	"team":          (*world).sayTeam,
	"administrator": (*world).sayAdministrator,
	"approval":      (*world).sayApproval,
	"limit":         (*world).sayLimit,
	"stand-in":      (*world).sayStandIn,
}

func init() { facts["changes"] = (*world).sayChanges } // not in the literal: it reads facts from within

// beginnings returns the words with which a line begins.
func beginnings() []string {
	words := slices.Concat(slices.Collect(maps.Keys(facts)), slices.Collect(maps.Keys(questions)))
	slices.Sort(words)
	return words
}

// law CODE [extra N]: the types of leave of a country's law and what is due of
// them, with so much a year on top where the law leaves room for it.
func (w *world) sayLaw(a *args) error {
	code, err := a.next("the code of a country such as NL")
	if err != nil {
		return err
	}
	var extra exact.Rat
	if a.take("extra") {
		if extra, err = a.number(); err != nil {
			return err
		}
		if extra.Sign() < 0 {
			return wrong(extra.String(), "is less than nothing")
		}
	}
	if w.law == nil {
		return wrong(code, "no laws are known here")
	}
	due, err := w.law(code, extra)
	if err != nil {
		return &wordError{code, err}
	}
	for _, d := range due {
		if err := w.offer(d.Type); err != nil {
			return err
		}
		if d.Type.Entitled {
			if err := w.adopt(leave.Policy{Package: all, Type: d.Type.ID, Terms: d.Terms}, func(string) string { return extra.String() }); err != nil {
				return err
			}
		}
	}
	return a.done()
}

// person NAME [born DATE] joins DATE [leaves DATE] works PATTERN
func (w *world) sayPerson(a *args) error {
	name, err := a.next("a name")
	if err != nil {
		return err
	}
	if err := mayBeCalled(name); err != nil {
		return err
	}
	if err := w.once(later("person "+name+" ..."), "person", name); err != nil {
		return err
	}
	f := &leave.Facts{Record: people.Record{Person: people.Person{ID: people.ID(name), GivenName: name, Location: here, Active: true}}}
	if old, ok := w.persons[name]; ok { // said anew: leave that is booked stays
		f.Requests, f.Adjustments, f.Sickness, f.Claims, f.Notices = old.Requests, old.Adjustments, old.Sickness, old.Claims, old.Notices
		f.Fixed, f.Closings, f.Person.Roles = old.Fixed, old.Closings, old.Person.Roles
	}
	if a.take("born") {
		if f.Person.Born, err = a.date(); err != nil {
			return err
		}
	}
	e, err := employment(a, "joins")
	if err != nil {
		return err
	}
	if !f.Person.Born.IsZero() && f.Person.Born >= e.From {
		return wrong(f.Person.Born.String(), "does not lie before the day of joining")
	}
	if err := a.need("works"); err != nil {
		return err
	}
	f.Employments = []people.Employment{e}
	w.persons[name] = f
	return w.contract(f, e.From, a.rest())
}

// employment takes joins DATE [leaves DATE]; the day of leaving is the last one.
func employment(a *args, word string) (e people.Employment, err error) {
	if word != "" {
		if err := a.need(word); err != nil {
			return e, err
		}
	}
	if e.From, err = a.date(); err != nil {
		return e, err
	}
	if a.take("leaves") {
		if e.To, err = a.date(); err != nil {
			return e, err
		}
		if e.To < e.From {
			return e, wrong(e.To.String(), "lies before the day of joining")
		}
	}
	return e, nil
}

// rejoins NAME DATE [leaves DATE]
func (w *world) sayRejoins(a *args) error {
	f, err := w.person(a)
	if err != nil {
		return err
	}
	e, err := employment(a, "")
	if err != nil {
		return err
	}
	for _, o := range f.Employments {
		if o.To.IsZero() || e.From <= o.To && (e.To.IsZero() || o.From <= e.To) {
			return against(e.From.String(), "%s is employed then already; who rejoins left before: \"joins DATE leaves DATE\"", f.Person.GivenName)
		}
	}
	f.Employments = append(f.Employments, e)
	return a.done()
}

// works NAME from DATE PATTERN
func (w *world) sayWorks(a *args) error {
	f, d, err := w.aboutSince(a)
	if err != nil {
		return err
	}
	if err := w.once(later("works "+f.Person.GivenName+" ..."), "works", f.Person.GivenName, d.String()); err != nil {
		return err
	}
	if len(f.Employments) > 0 && d < f.Employments[0].From {
		return against(d.String(), "lies before the day on which %s joins", f.Person.GivenName)
	}
	return w.contract(f, d, a.rest())
}

// contract adds a contract line with a working pattern as it is written.
func (w *world) contract(f *leave.Facts, from calendar.Date, pattern string) error {
	p, err := people.ParsePattern(pattern)
	if err != nil {
		return err
	}
	w.book.Patterns[pattern] = p
	line(f, people.Contract{Person: f.Person.ID, From: from, Pattern: pattern, Package: all, Location: f.LocationOn(from)})
	return nil
}

// line puts a contract line in place of the one that begins on the same day.
func line(f *leave.Facts, c people.Contract) {
	f.Contracts = slices.DeleteFunc(f.Contracts, func(o people.Contract) bool { return o.From == c.From })
	f.Contracts = append(f.Contracts, c)
	f.Sort()
}

var states = map[string]leave.State{"pending": leave.Pending, "approved": leave.Approved, "refused": leave.Refused,
	"withdrawn": leave.Withdrawn, "cancelled": leave.Cancelled}

// leave NAME [TYPE] SPAN [PARTS] [STATE]
func (w *world) sayLeave(a *args) error {
	f, t, s, err := w.aboutSpan(a)
	if err != nil {
		return err
	}
	state := leave.Approved
	if len(a.words) > 0 {
		known, ok := states[a.words[0]]
		if _, typ := w.book.Type(a.words[0]); typ {
			return wrong(a.words[0], "the type of leave stands before the date")
		}
		if !ok {
			return wrong(a.words[0], "is neither a part of a day nor a state; %s", meant(a.words[0], afterSpan,
				"those are whole, morning, afternoon, hours such as 09:00-14:00, and pending, approved, refused, withdrawn, cancelled"))
		}
		state, a.words = known, a.words[1:]
	}
	if err := w.mayBeBooked(f, s, state); err != nil {
		return err
	}
	w.book1(f, t, s, state)
	return a.done()
}

// afterSpan are words that may follow the days of leave.
var afterSpan = []string{"whole", "morning", "afternoon", "pending", "approved", "refused", "withdrawn", "cancelled"}

// mayBeBooked refuses leave that counts where somebody has leave already or is not employed. Whether there is enough left is
// for a line "ask" or "on" to find.
func (w *world) mayBeBooked(f *leave.Facts, s leave.Span, state leave.State) error {
	if !state.Counts() {
		return nil
	}
	if !f.EmployedOn(s.From) && !f.EmployedOn(s.To) {
		return impossible(s.From.String(), errs.New(errs.Conflict, "leave.error.not_employed"))
	}
	for _, r := range f.Requests {
		if r.State.Counts() && w.book.Overlap(f, r.Span, s) {
			return impossible(s.From.String(), errs.New(errs.Conflict, "leave.error.overlap", "dates", r.Range()))
		}
	}
	return nil
}

// book1 adds one request as it stands.
func (w *world) book1(f *leave.Facts, t leave.Type, s leave.Span, state leave.State) {
	w.next++
	r := leave.Request{ID: fmt.Sprintf("%04d", w.next), Person: f.Person.ID, Type: t.ID, Span: s, State: state}
	r.AskedAt = noonOf(s.From).UnixMicro() // nobody says when: its time for an answer runs from its first day
	r.Charges, _ = w.book.Count(f, t, s)
	f.Requests = append(f.Requests, r)
}
