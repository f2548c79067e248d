// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
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
		return nil, wrong(name, "nobody of that name; a line %q comes first", "person "+name+" joins DATE works PATTERN")
	}
	return f, nil
}

// typ takes the name of a type of leave, where there is one.
func (w *world) typ(a *args) (leave.Type, error) {
	name := usual
	if len(a.words) > 0 {
		if _, ok := w.book.Type(a.words[0]); ok {
			name, _ = a.next("")
		} else if c := a.words[0]; c != "" && (c[0] < '0' || c[0] > '9') {
			return leave.Type{}, wrong(c, "is no type of leave; a line %q comes first", "type "+c)
		}
	}
	t, _ := w.book.Type(name)
	return t, nil
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

func beginnings() string {
	words := slices.Concat(slices.Collect(maps.Keys(facts)), slices.Collect(maps.Keys(questions)))
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// region CODE
func (w *world) sayRegion(a *args) error {
	code, err := region(a)
	if err != nil {
		return err
	}
	w.region = code
	w.setHolidays()
	return a.done()
}

// region takes the code of a region.
func region(a *args) (string, error) {
	code, err := a.next("the code of a region such as NL or DE-BW")
	if err != nil {
		return "", err
	}
	if _, ok := calendar.Region(code); !ok {
		return "", wrong(code, "is no known region")
	}
	return code, nil
}

// type NAME [in days|hours] [counts calendar days|six days|days between] [without balance] [gives back ... [in part too]]
func (w *world) sayType(a *args) error {
	t, err := typeOf(a)
	if err != nil {
		return err
	}
	w.offer(t)
	return nil
}

// offer adds a type of leave, in place of one that has its name.
func (w *world) offer(t leave.Type) {
	w.book.Types = slices.DeleteFunc(w.book.Types, func(o leave.Type) bool { return o.ID == t.ID })
	w.book.Types = append(w.book.Types, t)
}

// ParseType reads a type of leave as it stands in a line "type". Its name is its ID
// too. It reports an *Error of line 1 where the text is at fault.
func ParseType(text string) (leave.Type, error) {
	words, err := split(text)
	var t leave.Type
	if err == nil {
		t, err = typeOf(&args{words: words})
	}
	return t, mistake(1, err)
}

// typeOf reads what ParseType does.
func typeOf(a *args) (leave.Type, error) {
	name, err := a.next("the name of a type of leave")
	if err != nil {
		return leave.Type{}, err
	}
	t := leave.Type{ID: name, Name: name, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true}
	for len(a.words) > 0 {
		rest := a.rest()
		i := slices.IndexFunc(typeClauses, func(c typeClause) bool { return rest == c.words || strings.HasPrefix(rest, c.words+" ") })
		if i < 0 {
			return t, wrong(strings.Fields(rest)[0], "expected: %s", clauseList())
		}
		typeClauses[i].set(&t)
		a.words = strings.Fields(rest[len(typeClauses[i].words):])
	}
	return t, nil
}

// typeClause is what may be said of a type of leave.
type typeClause struct {
	words string
	set   func(*leave.Type)
}

// typeClauses are all of them; one that begins like another comes before it.
var typeClauses = []typeClause{
	{"in days", func(t *leave.Type) { t.Unit = leave.Days }},
	{"in hours", func(t *leave.Type) { t.Unit = leave.Hours }},
	{"counts calendar days", func(t *leave.Type) { t.Counting = leave.CalendarDays }},
	{"counts six days", func(t *leave.Type) { t.Counting = leave.SixDays }},
	{"counts days between", func(t *leave.Type) { t.Counting = leave.Sandwich }},
	{"without balance", func(t *leave.Type) { t.Entitled = false }},
	{"gives back when certified", func(t *leave.Type) { t.GiveBack = leave.BackCertified }},
	{"gives back unless agreed", func(t *leave.Type) { t.GiveBack = leave.BackUnlessAgreed }},
	{"gives back always", func(t *leave.Type) { t.GiveBack = leave.BackAlways }},
	{"stands after two weeks", func(t *leave.Type) { t.AnswerDays = 14 }},
	{"may name a substitute", func(t *leave.Type) { t.Substitute = leave.MaySubstitute }},
	{"must name a substitute", func(t *leave.Type) { t.Substitute = leave.MustSubstitute }},
	{"substitute agrees", func(t *leave.Type) { t.SubstituteAgrees = true }},
	{"less needs nobody", func(t *leave.Type) { t.FreeReturn = true }},
	{"not paid at the end", func(t *leave.Type) { t.EndsUnpaid = true }},
	{"in part too", func(t *leave.Type) { t.PartlyBack = true }},
}

func clauseList() string {
	var all []string
	for _, c := range typeClauses {
		all = append(all, c.words)
	}
	return strings.Join(all, ", ")
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
	}
	if w.law == nil {
		return wrong(code, "no laws are known here")
	}
	due, err := w.law(code, extra)
	if err != nil {
		return &wordError{code, err}
	}
	for _, d := range due {
		w.offer(d.Type)
		if d.Type.Entitled {
			w.book.Policies = append(w.book.Policies, leave.Policy{ID: fmt.Sprint(len(w.book.Policies)), Package: all, Type: d.Type.ID, Terms: d.Terms})
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
	f.Employments = append(f.Employments, e)
	return a.done()
}

// works NAME from DATE PATTERN
func (w *world) sayWorks(a *args) error {
	f, d, err := w.aboutSince(a)
	if err != nil {
		return err
	}
	return w.contract(f, d, a.rest())
}

// contract adds a contract line with a working pattern as it is written.
func (w *world) contract(f *leave.Facts, from calendar.Date, pattern string) error {
	p, err := calendar.ParsePattern(pattern)
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

// moves NAME from DATE REGION: the hours stay as they are.
func (w *world) sayMoves(a *args) error {
	f, d, err := w.aboutSince(a)
	if err != nil {
		return err
	}
	code, err := region(a)
	if err != nil {
		return err
	}
	c, ok := f.ContractOn(d)
	if !ok {
		return wrong(d.String(), "%s does not work on that day", f.Person.Name())
	}
	c.From, c.Location = d, code
	line(f, c)
	if !slices.Contains(w.elsewhere, code) {
		w.elsewhere = append(w.elsewhere, code)
	}
	w.setHolidays()
	return a.done()
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
		if !ok {
			return wrong(a.words[0], "is neither a part of a day nor pending, approved, refused, withdrawn or cancelled")
		}
		state, a.words = known, a.words[1:]
	}
	w.book1(f, t, s, state)
	return a.done()
}

// book1 adds one request as it stands.
func (w *world) book1(f *leave.Facts, t leave.Type, s leave.Span, state leave.State) {
	w.next++
	r := leave.Request{ID: fmt.Sprintf("%04d", w.next), Person: f.Person.ID, Type: t.ID, Span: s, State: state}
	r.AskedAt = noonOf(s.From).UnixMicro() // nobody says when: its time for an answer runs from its first day
	r.Charges, _ = w.book.Count(f, t, s)
	f.Requests = append(f.Requests, r)
}

// adjust NAME [TYPE] DATE [CLASS] +N|-N "REASON"
func (w *world) sayAdjust(a *args) error {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return err
	}
	var class leave.Class
	for _, c := range leave.Classes {
		if a.take(string(c)) {
			class = c
		}
	}
	n, err := a.number()
	if err != nil {
		return err
	}
	if t.Unit == leave.Hours {
		n = n.Mul(exact.Int(60))
	}
	w.next++
	f.Adjustments = append(f.Adjustments, leave.Adjustment{ID: fmt.Sprintf("%04d", w.next), Person: f.Person.ID, Type: t.ID,
		Date: d, Amount: n, Class: class, Reason: a.rest()})
	return nil
}

// undo NAME [TYPE] DATE "REASON": takes back the last line "adjust" of that day that still
// holds.
func (w *world) sayUndo(a *args) error {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return err
	}
	held := func(x leave.Adjustment) bool {
		back := slices.ContainsFunc(f.Adjustments, func(y leave.Adjustment) bool { return y.Undoes == x.ID })
		return x.Type == t.ID && x.Date == d && x.Undoes == "" && !back
	}
	for _, x := range slices.Backward(f.Adjustments) {
		if held(x) {
			w.next++
			x.Undoes, x.ID, x.Amount, x.Reason = x.ID, fmt.Sprintf("%04d", w.next), x.Amount.Neg(), a.rest()
			f.Adjustments = append(f.Adjustments, x)
			return nil
		}
	}
	return wrong(d.String(), "has no line \"adjust\" that could be taken back")
}

// grant NAME [TYPE] FROM..UNTIL N "REASON": leave that may be taken in those days
// only.
func (w *world) sayGrant(a *args) error {
	f, t, s, err := w.aboutSpan(a)
	if err != nil {
		return err
	}
	n, err := someInUnit(a, t)
	if err != nil {
		return err
	}
	w.next++
	f.Adjustments = append(f.Adjustments, leave.Adjustment{ID: fmt.Sprintf("%04d", w.next), Person: f.Person.ID, Type: t.ID,
		Date: s.From, Until: s.To, Amount: n, Reason: a.rest()})
	return nil
}

// fixed NAME [TYPE] YEAR N "REASON": what a leave year grants, whatever the policy
// says.
func (w *world) sayFixed(a *args) error {
	f, t, err := w.about(a)
	if err != nil {
		return err
	}
	year, err := a.year()
	if err != nil {
		return err
	}
	x := leave.FixedEntitlement{Person: f.Person.ID, Type: t.ID, Year: year}
	if x.Amount, err = inUnit(a, t); err != nil {
		return err
	}
	if x.Amount.Sign() < 0 {
		return wrong(x.Amount.String(), "is less than nothing")
	}
	x.Reason = a.rest()
	f.Fixed = slices.DeleteFunc(f.Fixed, func(o leave.FixedEntitlement) bool { return o.Type == t.ID && o.Year == x.Year })
	f.Fixed = append(f.Fixed, x)
	return nil
}
