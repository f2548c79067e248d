// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/id"
	"verlof/people"
)

// entry is a line of a list of persons.
type entry struct {
	reading
	number, email, given, family            string
	team, manager, location                 string
	hours, percentage, schedule, packageFor string
	born                                    calendar.Date
	job
	m     *member // nil where the line adds nothing
	leads *member // whom the line calls the manager
}

// persons judges a list of persons. Lines are first read by themselves, then
// managers are looked up among all that are left, then the rest is settled: a
// manager may stand further down, or on a line that is refused.
func (d *draft) persons() {
	entries := make([]entry, len(d.sheet.Rows))
	for i := range entries {
		e := &entries[i]
		e.reading = d.read(&d.sheet.Rows[i], ThePerson)
		e.readCells()
		e.identify()
		if e.m != nil && !e.refused() {
			e.compare()
		}
	}
	for d.refuseManagers(entries) {
	}
	for i := range entries {
		entries[i].settle()
		d.lines = append(d.lines, entries[i].line)
	}
}

// readCells reads the cells of the line.
func (e *entry) readCells() {
	e.number, e.email = e.text(Number), e.reading.email()
	e.given, e.family = e.names()
	e.team, e.manager = e.text(Team), e.text(Manager)
	e.hired, e.left = e.date(Hired, false), e.date(Left, false)
	if e.born = e.date(Born, false); !e.born.IsZero() && !people.Birthday(e.born, e.draft.today) {
		e.refuse(Born, "people.error.born")
	}
	e.hours, e.percentage = e.text(Hours), e.text(Percentage)
	e.schedule, e.packageFor = e.text(Schedule), e.text(Package)
	e.location = e.text(Location)
	if l, ok := e.draft.location(e.location); e.location != "" && !ok {
		e.refuse(Location, "intake.why.location", "word", e.location)
	} else if e.location != "" {
		e.location = l.ID
	}
	e.line.Title, e.line.Key = tidy(e.given+" "+e.family), e.number
	if e.number == "" {
		e.line.Key = e.email
	}
	if e.number == "" && e.email == "" && !e.refused() {
		e.refuse(e.keyField(), "intake.why.no_key")
	}
}

// keyField returns the field that tells persons apart in this file.
func (r *reading) keyField() Field {
	if has(r.draft.at, Number) {
		return Number
	}
	return Email
}

// identify finds out whom the line is about: somebody who is there, or a new
// person.
func (e *entry) identify() {
	m := e.match(e.number, e.email)
	switch {
	case e.refused():
		return
	case m == nil:
		e.m = &member{Record: people.Record{Person: people.Person{ID: people.ID(id.New(e.draft.now)), Active: true}}}
		e.needs()
		return
	case m.entry == nil:
		e.m = m
		if m.exists {
			e.line.Person = m.Person.ID
		}
		if e.line.Title == "" {
			e.line.Title = m.Person.Name()
		}
		return
	}
	if field := e.differs(m.entry); field != Nothing {
		e.refuse(field, "intake.why.twice", "line", m.entry.line.Number)
		return
	}
	e.line.Act = Same
	e.note(e.keyField(), "intake.note.repeats", "line", m.entry.line.Number)
}

// match returns the person whom number and mail address mean, nil for a new one.
// It refuses where they mean two.
func (r *reading) match(number, email string) *member {
	byNumber, byEmail := r.draft.byNumber[number], r.draft.byEmail[email]
	switch {
	case number == "":
		return byEmail
	case byNumber != nil && byEmail != nil && byNumber != byEmail:
		r.refuse(Email, "intake.why.email_taken", "name", byEmail.Person.Name())
	case byNumber == nil && byEmail != nil && byEmail.Person.Number != "":
		r.refuse(Number, "intake.why.number_differs", "number", byEmail.Person.Number, "name", byEmail.Person.Name())
	case byNumber != nil:
		return byNumber
	}
	return byEmail
}

// needs refuses a new person without what nobody can do without.
func (e *entry) needs() {
	if e.email == "" {
		e.refuse(Email, "intake.why.no_email")
	}
	if e.given == "" && e.family == "" {
		e.refuse(e.nameField(), "intake.why.no_name")
	}
}

// nameField returns the field that holds the name.
func (r *reading) nameField() Field {
	if has(r.draft.at, Family) {
		return Family
	}
	return Full
}

// differs returns the first field in which two lines about one person differ.
func (e *entry) differs(o *entry) Field {
	for _, x := range []struct {
		field Field
		same  bool
	}{
		{Number, e.number == o.number}, {Email, e.email == o.email},
		{e.nameField(), same(e.given+" "+e.family) == same(o.given+" "+o.family)},
		{Team, same(e.team) == same(o.team)}, {Manager, same(e.manager) == same(o.manager)},
		{Born, e.born == o.born}, {Hired, e.hired == o.hired}, {Left, e.left == o.left}, {Location, e.location == o.location},
		{Hours, e.hours == o.hours}, {Percentage, e.percentage == o.percentage},
		{Schedule, same(e.schedule) == same(o.schedule)}, {Package, same(e.packageFor) == same(o.packageFor)},
	} {
		if !x.same {
			return x.field
		}
	}
	return Nothing
}

// compare works out what the line changes about the person and their work, and
// claims the person for this line. An empty cell changes nothing.
func (e *entry) compare() {
	p := &e.m.Person
	e.set(Number, &p.Number, e.number)
	if e.email != "" && e.m.exists && people.Delicate(e.m.was.Person, emailed(e.m.was.Person, e.email)) {
		e.refuse(Email, "intake.why.email_of_a_role")
	}
	e.set(Email, &p.Email, e.email)
	if full := tidy(e.given + " " + e.family); !has(e.draft.at, Full) || same(full) != same(p.Name()) {
		e.set(Given, &p.GivenName, e.given)
		e.set(Family, &p.FamilyName, e.family)
	}
	if !e.born.IsZero() && e.born != p.Born {
		e.line.Changes = append(e.line.Changes, Difference{Born, dateOrNil(p.Born), e.born})
		p.Born = e.born
	}
	e.locate()
	if e.readJob(); !e.refused() {
		diffs, f := e.draft.employ(e.m, e.job)
		if f != nil {
			e.refuse(f.field, f.key, f.args...)
		}
		e.line.Changes = append(e.line.Changes, diffs...)
	}
	if e.m.was.Person.Active && !e.m.Person.Active && e.draft.org.Administers(e.m.Person.ID) && !e.draft.administered() {
		e.refuse(Left, "people.error.last_administrator")
	}
	if e.refused() {
		e.m.Record = e.m.was
		return
	}
	e.m.entry = e
	e.draft.know(e.m)
}

// emailed returns a person with another mail address.
func emailed(p people.Person, email string) people.Person {
	p.Email = email
	return p
}

// administered reports whether one of the customer's administrators may still sign in after the
// lines that were read so far.
func (d *draft) administered() bool {
	return slices.ContainsFunc(d.org.Administrators(), func(id people.ID) bool {
		m := d.members[id]
		return m != nil && m.Person.Active
	})
}

// set changes one text and notes the difference. What the customer's directory keeps of a
// person it would change back.
func (e *entry) set(f Field, old *string, to string) {
	if to != "" && *old != to {
		if e.m.Person.Kept {
			e.refuse(f, "intake.why.kept")
			return
		}
		e.line.Changes = append(e.line.Changes, difference(f, *old, to))
		*old = to
	}
}

func difference(f Field, from, to string) Difference {
	d := Difference{Field: f, To: to}
	if from != "" {
		d.From = from
	}
	return d
}

// locate changes the place of work: from a day on, where a contract line says it, else that of
// the person. New persons without one have the default.
func (e *entry) locate() {
	p, to := &e.m.Person, e.location
	if len(e.m.Contracts) > 0 {
		e.job.place = to
		return
	}
	if to == "" && !e.m.exists {
		to = e.draft.options.Location
	}
	if to != "" && to != p.Location {
		e.line.Changes = append(e.line.Changes, difference(Location, e.draft.org.Locations[p.Location].Name, e.draft.org.Locations[to].Name))
		p.Location = to
	}
}

// refuseManagers looks up who leads whom, refuses lines whose manager nobody
// knows, and reports whether there were any: their persons may be managers too.
func (d *draft) refuseManagers(entries []entry) bool {
	again := false
	for i := range entries {
		e := &entries[i]
		if e.m == nil || e.refused() || e.manager == "" {
			continue
		}
		m, several := d.find(e.manager)
		switch {
		case several:
			e.refuse(Manager, "intake.why.manager_several", "word", e.manager)
		case m == nil, !m.exists && m.entry.refused():
			e.refuse(Manager, "intake.why.manager", "word", e.manager)
		default:
			e.leads = m
		}
		again = again || e.refused()
	}
	return again
}

// settle makes the line part of the plan, or leaves it refused.
func (e *entry) settle() {
	if e.refused() {
		e.line.Act, e.line.Changes = Refuse, nil
		return
	}
	if e.m == nil {
		return
	}
	t := e.draft.team(e.team)
	if t == nil && len(e.m.teams) == 1 {
		t = e.m.teams[0]
	}
	e.line.Changes = append(e.line.Changes, e.draft.join(e.m, t, e.line.Number)...)
	if e.leads != nil && t != nil {
		e.draft.lead(e.leads, t, e.line.Number)
	} else if e.leads != nil {
		e.note(Manager, "intake.note.manager_without_team")
	}
	e.draft.usePattern(e.shape, e.line.Number)
	e.draft.save(e.m)
	if e.m.exists {
		e.line.Act = Change
		if len(e.line.Changes) == 0 {
			e.line.Act = Same
		}
	}
}

// splitName parts a whole name: at the comma of "Vries, Anna de", else after the
// first word.
func splitName(full string) (given, family string) {
	if family, given, ok := strings.Cut(full, ","); ok {
		words := strings.Fields(given)
		n := len(words)
		for n > 1 && words[n-1] == strings.ToLower(words[n-1]) {
			n--
		}
		return strings.Join(words[:n], " "), tidy(strings.Join(words[n:], " ") + " " + family)
	}
	given, family, _ = strings.Cut(full, " ")
	return given, family
}
