// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"slices"

	"verlof/calendar"
	"verlof/internal/id"
	"verlof/leave"
	"verlof/people"
)

// maxSpan is how many days one absence may last: long sickness does, and a slip
// in a year lasts longer.
const maxSpan = 3 * 366

// absences judges a list of absences. They are history: approved, counted by the
// person's own pattern, and not held against the balance.
func (d *draft) absences() error {
	if err := d.readBooked(); err != nil {
		return err
	}
	d.lines = make([]Line, 0, len(d.sheet.Rows))
	for i := range d.sheet.Rows {
		a := absentee{reading: d.read(&d.sheet.Rows[i], TheAbsence)}
		a.judge()
		d.lines = append(d.lines, a.line)
	}
	d.warnBelowZero()
	return nil
}

// readBooked reads what is booked for those whom the file names.
func (d *draft) readBooked() error {
	touched := map[people.ID]*member{}
	for i := range d.sheet.Rows {
		r := d.read(&d.sheet.Rows[i], "")
		if m := r.match(r.text(Number), r.email()); m != nil {
			touched[m.Person.ID] = m
		}
	}
	if d.lock {
		ids := make([]people.ID, 0, len(touched))
		for id := range touched {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		if err := d.tx.LockPersons(ids); err != nil {
			return err
		}
	}
	requests, err := d.tx.AllCounting()
	if err != nil {
		return err
	}
	claims, err := d.tx.AllClaims()
	if err != nil {
		return err
	}
	adjustments, err := d.tx.AllAdjustments()
	if err != nil {
		return err
	}
	fixed, err := d.tx.AllFixed()
	if err != nil {
		return err
	}
	sickness, err := d.tx.AllSickness()
	if err != nil {
		return err
	}
	notices, err := d.tx.AllNotices()
	if err != nil {
		return err
	}
	for id, m := range touched {
		m.facts = &leave.Facts{Record: m.Record, Requests: requests[id], Adjustments: adjustments[id], Claims: claims[id], Fixed: fixed[id],
			Sickness: sickness[id], Notices: notices[id], Today: d.today}
		for i := range m.facts.Notices {
			m.facts.Notices[i].FillDays(d.org)
		}
		for _, s := range sickness[id] {
			m.sick.add(booking{Span: leave.Span{From: s.From, To: s.Until(d.today)}})
		}
		for i := range requests[id] {
			r := &requests[id][i]
			m.booked.add(booking{Span: r.Span, kind: r.Type})
		}
	}
	return nil
}

// absentee is a line of a list of absences while it is judged.
type absentee struct {
	reading
	m    *member
	kind *kind
	span leave.Span
}

// judge decides what becomes of the line.
func (a *absentee) judge() {
	a.identify()
	word := a.text(Type)
	if word == "" && !a.refused() {
		a.refuse(Type, "intake.why.no_type")
	}
	a.readSpan()
	a.line.Absence = Absence{Type: word, Span: a.span}
	if a.refused() {
		a.line.Act = Refuse
		return
	}
	a.kind = a.draft.kind(word, a.row.Line)
	a.line.Absence.Type = a.kind.Name
	if a.kind == a.draft.ill {
		a.judgeSick()
		return
	}
	if a.meets() {
		return
	}
	charges, skipped := a.draft.book.Count(a.m.facts, a.kind.Type, a.span)
	a.line.Absence.Days = leave.Total(charges, leave.Days)
	if a.outside(skipped); a.refused() {
		a.line.Act = Refuse
		return
	}
	if len(charges) == 0 {
		a.note(From, "intake.note.costs_nothing")
	}
	a.accept(charges)
}

// identify finds out who was away. A person who does not exist is added, from
// the first line that names them.
func (a *absentee) identify() {
	number, email := a.text(Number), a.email()
	given, family := a.names()
	a.line.Title, a.line.Key = tidy(given+" "+family), number
	if number == "" {
		a.line.Key = email
	}
	if a.refused() {
		return
	}
	if number == "" && email == "" {
		a.refuse(a.keyField(), "intake.why.no_key")
		return
	}
	a.m = a.match(number, email)
	if a.refused() {
		return
	}
	if a.m == nil {
		a.m = a.newcomer(number, email, given, family)
		if a.refused() {
			return
		}
	}
	a.introduce(given, family)
	if a.line.Title == "" {
		a.line.Title = a.m.Person.Name()
	}
	if a.m.exists {
		a.line.Person = a.m.Person.ID
	}
}

// newcomer makes a person known whom only the file names.
func (a *absentee) newcomer(number, email, given, family string) *member {
	if email == "" {
		a.refuse(Email, "intake.why.no_email")
	}
	if given == "" && family == "" {
		a.refuse(a.nameField(), "intake.why.no_name")
	}
	m := &member{Record: people.Record{Person: people.Person{ID: people.ID(id.New(a.draft.now)), Number: number, Email: email,
		GivenName: given, FamilyName: family, Location: a.draft.options.Location, Active: true}}}
	if !a.refused() {
		a.draft.know(m)
	}
	return m
}

// introduce notes what the file says of the person, at the first line that names
// them, and holds later lines against it.
func (a *absentee) introduce(given, family string) {
	m, name := a.m, same(given+" "+family)
	if m.said.line == 0 {
		m.said = saying{a.row.Line, name, a.text(Team)}
		if m.exists && name != "" && name != same(m.Person.Name()) {
			a.note(a.nameField(), "intake.note.other_name", "name", m.Person.Name())
		}
		a.prepare()
		return
	}
	if m.said.name == "" {
		m.said.name = name
	}
	if name != "" && name != m.said.name {
		a.refuse(a.nameField(), "intake.why.other_name", "line", m.said.line)
	}
	if t := a.text(Team); !m.exists && same(t) != same(m.said.team) {
		a.note(Team, "intake.note.other_team", "line", m.said.line, "team", m.said.team)
	}
}

// prepare works out what must be done to the person before an absence counts: a
// new one is added, and who has no employment gets one.
func (a *absentee) prepare() {
	m := a.m
	if m.exists && len(m.Employments) > 0 {
		return
	}
	line := Line{Named: true, Thing: ThePerson, Act: Change, Title: m.Person.Name(), Key: a.line.Key, Person: m.Person.ID}
	if !m.exists {
		line.Act, line.Person = Add, ""
		p := m.Person
		for _, d := range []Difference{{Number, nil, p.Number}, {Email, nil, p.Email}, {Given, nil, p.GivenName},
			{Family, nil, p.FamilyName}, {Location, nil, a.draft.org.Locations[p.Location].Name}} {
			if d.To != "" {
				line.Changes = append(line.Changes, d)
			}
		}
	}
	diffs, _ := a.draft.employ(m, job{}) // a job of defaults has no fault
	line.Changes = append(line.Changes, diffs...)
	m.named = &line
	if m.facts == nil {
		m.facts = &leave.Facts{}
	}
	m.facts.Record = m.Record
}

// readSpan reads the days and the parts of them.
func (a *absentee) readSpan() {
	s := &a.span
	s.From, s.To = a.date(From, true), a.date(To, true)
	s.First, s.Last = a.part(FirstPart), a.part(LastPart)
	switch {
	case s.From.IsZero() || s.To.IsZero():
		return
	case s.To < s.From:
		a.refuse(To, "intake.why.backwards", "from", s.From)
	case s.Range().Days() > maxSpan:
		a.refuse(To, "intake.why.too_long", "days", s.Range().Days())
	case s.From == s.To:
		a.oneDay()
	}
}

// parts are the words for parts of a day, as fold writes them.
var parts = map[string]calendar.Portion{
	"": calendar.WholeDay, "allday": calendar.WholeDay, "wholeday": calendar.WholeDay, "fullday": calendar.WholeDay,
	"heledag": calendar.WholeDay, "dag": calendar.WholeDay, "ganztagig": calendar.WholeDay, "ganzertag": calendar.WholeDay, "tag": calendar.WholeDay,
	"morning": calendar.MorningHalf, "am": calendar.MorningHalf, "ochtend": calendar.MorningHalf, "voormiddag": calendar.MorningHalf, "vormittag": calendar.MorningHalf, "vormittags": calendar.MorningHalf,
	"afternoon": calendar.AfternoonHalf, "pm": calendar.AfternoonHalf, "middag": calendar.AfternoonHalf, "namiddag": calendar.AfternoonHalf,
	"nachmittag": calendar.AfternoonHalf, "nachmittags": calendar.AfternoonHalf,
}

// part reads a part of a day: a word, or times such as 09:00-14:00.
func (a *absentee) part(f Field) calendar.Portion {
	text := a.text(f)
	if p, ok := parts[fold(text)]; ok {
		return p
	}
	p, err := calendar.ParsePortion(text)
	if err != nil || p.Hours.IsZero() {
		a.refuse(f, "intake.why.part", "word", text)
		return calendar.WholeDay
	}
	return p
}

// oneDay makes one part of the two that an absence of one day has. Morning to
// afternoon is the whole day.
func (a *absentee) oneDay() {
	s := &a.span
	_, second := a.draft.at[LastPart]
	switch {
	case s.First == s.Last || !second:
	case s.First == calendar.MorningHalf && s.Last == calendar.AfternoonHalf:
		s.First = calendar.WholeDay
	default:
		a.refuse(LastPart, "intake.why.parts")
	}
	s.Last = s.First
}

// meets reports whether the line meets a booking: the same is there already, or
// another one is in its way.
func (a *absentee) meets() bool {
	for b := range a.m.booked.near(a.span) {
		if b.kind == a.kind.ID && equal(b.Span, a.span) {
			a.line.Act = Same
			if b.line != 0 {
				a.note(From, "intake.note.repeats", "line", b.line)
			} else {
				b.line = a.row.Line
			}
			return true
		}
	}
	for b := range a.m.booked.near(a.span) {
		if !a.draft.book.Overlap(a.m.facts, b.Span, a.span) {
			continue
		}
		a.line.Act = Refuse
		if b.line != 0 {
			a.refuse(From, "intake.why.overlap_line", "line", b.line)
		} else {
			a.refuse(From, "intake.why.overlap", "dates", b.Range())
		}
		return true
	}
	return false
}

// equal reports whether two spans are the same time.
func equal(a, b leave.Span) bool {
	return a.From == b.From && a.To == b.To && a.First == b.First && (a.From == a.To || a.Last == b.Last)
}

// outside refuses an absence outside any employment, and notes one that is so in
// part.
func (a *absentee) outside(skipped []leave.Skipped) {
	n := 0
	for _, s := range skipped {
		if s.NoJob {
			n++
		}
	}
	switch {
	case n == 0:
	case n == a.span.Range().Days():
		a.refuse(From, "intake.why.not_employed")
	default:
		a.note(From, "intake.note.partly_employed", "count", n)
	}
}

// accept makes the line part of the plan.
func (a *absentee) accept(charges []leave.Charge) {
	m, line := a.m, a.row.Line
	a.usePerson()
	a.draft.useKind(a.kind, line)
	r := leave.Request{ID: id.New(a.draft.now), Person: m.Person.ID, Type: a.kind.ID, Span: a.span, State: leave.Approved,
		AskedBy: m.Person.ID, AskedAt: a.draft.now.UnixMicro(), DecidedBy: a.draft.by, DecidedAt: a.draft.now.UnixMicro(),
		Reason: a.draft.words.T("intake.reason"), Charges: charges}
	a.draft.work.requests = append(a.draft.work.requests, r)
	m.booked.add(booking{Span: a.span, kind: r.Type, line: line})
	if m.added == nil {
		m.added = map[string]int{}
		a.draft.receivers = append(a.draft.receivers, m)
	}
	m.added[r.ID] = len(a.draft.lines)
	m.facts.Requests = append(m.facts.Requests, r)
	m.last = max(m.last, r.To)
}

// usePerson makes what must be done to the person part of the plan, once.
func (a *absentee) usePerson() {
	m := a.m
	if m.named == nil || m.used {
		return
	}
	m.used = true
	m.named.Number = a.row.Line
	if !m.exists {
		m.named.Changes = append(m.named.Changes, a.draft.join(m, a.draft.team(m.said.team), a.row.Line)...)
	}
	a.draft.save(m)
	a.draft.named = append(a.draft.named, *m.named)
}
