// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/id"
	"verlof/leave"
	"verlof/people"
)

// job is what a line says of somebody's work. What it does not say is zero.
type job struct {
	hired, left calendar.Date
	shape       *pattern
	pack        string // id of a package
	place       string // id of a location
}

// fault is why a job cannot be.
type fault struct {
	field Field
	key   string
	args  []any
}

// The longest working week that is believed.
const maxWeek = 100 * 60

// readJob reads the working pattern and the package. A named pattern wins over
// hours, and hours over a percentage.
func (e *entry) readJob() {
	switch {
	case e.schedule != "":
		if e.shape = e.draft.patternNamed(e.schedule); e.shape == nil {
			e.refuse(Schedule, "intake.why.schedule", "word", e.schedule)
		}
	case e.hours != "":
		minutes, ok := weekMinutes(e.hours)
		if !ok {
			e.refuse(Hours, "intake.why.hours", "word", e.hours)
			return
		}
		e.shape = e.draft.patternOf(minutes, e.preferred()...)
	case e.percentage != "":
		minutes, ok := partOf(e.draft.shape.Pattern.Pattern.WeeklyMinutes(), e.percentage)
		if !ok {
			e.refuse(Percentage, "intake.why.percentage", "word", e.percentage)
			return
		}
		e.shape = e.draft.patternOf(minutes, e.preferred()...)
	}
	if e.packageFor == "" {
		return
	}
	i := slices.IndexFunc(e.draft.book.Packages, func(p leave.Package) bool { return same(p.Name) == same(e.packageFor) })
	if i < 0 {
		e.refuse(Package, "intake.why.package", "word", e.packageFor)
		return
	}
	e.pack = e.draft.book.Packages[i].ID
}

// preferred returns the patterns to take before others with the same hours: the
// person's own, so that nothing changes, and the default.
func (e *entry) preferred() []string {
	if c, ok := e.m.ContractOn(e.draft.options.ChangesFrom); ok {
		return []string{c.Pattern}
	}
	return []string{e.draft.shape.ID}
}

// weekMinutes reads hours a week: "32", "37,5", "37.5", "37:30", "32 uur".
func weekMinutes(text string) (int, bool) {
	return whole(minutesOf(text))
}

// minutesOf reads hours as weekMinutes does, without a bound.
func minutesOf(text string) (exact.Rat, bool) {
	text = withoutUnit(text)
	if h, m, ok := strings.Cut(text, ":"); ok {
		hours, ok1 := amount(h)
		minutes, ok2 := amount(m)
		return hours.Mul(exact.Int(60)).Add(minutes), ok1 && ok2
	}
	hours, ok := amount(text)
	return hours.Mul(exact.Int(60)), ok
}

// withoutUnit takes a word behind a number away: "32 uur" is "32".
func withoutUnit(text string) string {
	return strings.TrimRight(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz ./")
}

// partOf reads a percentage of a week: "80", "80%", "80,5 %", and as a fraction
// "0,8" and "1".
func partOf(week exact.Rat, text string) (int, bool) {
	number, percent := strings.CutSuffix(text, "%")
	part, ok := amount(number)
	if percent || exact.Int(1).Less(part) {
		part = part.Div(exact.Int(100))
	}
	return whole(week.Mul(part), ok)
}

func amount(text string) (exact.Rat, bool) {
	r, err := exact.Parse(plain(strings.TrimSpace(text)))
	return r, err == nil && r.Sign() >= 0
}

// whole rounds to whole minutes of a week that is believed.
func whole(minutes exact.Rat, ok bool) (int, bool) {
	n, fits := minutes.HalfUp().Int64()
	return int(n), ok && fits && n <= maxWeek
}

// employ brings a person's employments and contracts in line with a job and
// returns the differences. A person without any employment gets one; a start
// after the end of the last one begins another.
func (d *draft) employ(m *member, j job) ([]Difference, *fault) {
	m.Employments, m.Contracts = slices.Clone(m.Employments), slices.Clone(m.Contracts)
	n := len(m.Employments)
	if n == 0 || m.Employments[n-1].To != 0 && j.hired > m.Employments[n-1].To {
		return d.begin(m, j)
	}
	return d.adjust(m, j)
}

// begin adds an employment.
func (d *draft) begin(m *member, j job) ([]Difference, *fault) {
	from := j.hired
	if from.IsZero() {
		from = d.options.Start
	}
	if j.left != 0 && j.left < from {
		return nil, &fault{Left, "intake.why.left_before_hired", []any{"hired", from}}
	}
	m.Employments = append(m.Employments, people.Employment{ID: id.New(d.now), Person: m.Person.ID, From: from, To: j.left})
	diffs := []Difference{{Field: Hired, To: from}}
	if j.left != 0 {
		diffs = append(diffs, Difference{Field: Left, To: j.left})
	}
	diffs = append(diffs, d.active(m)...)
	return append(diffs, d.contract(m, from, j)...), nil
}

// adjust changes the employment that begins when the file says, else the last.
func (d *draft) adjust(m *member, j job) ([]Difference, *fault) {
	i := slices.IndexFunc(m.Employments, func(e people.Employment) bool { return e.From == j.hired })
	if i < 0 {
		i = len(m.Employments) - 1
	}
	e, before := &m.Employments[i], m.Employments[i]
	var diffs []Difference
	if j.hired != 0 && j.hired != e.From {
		if i > 0 && (m.Employments[i-1].To == 0 || m.Employments[i-1].To >= j.hired) {
			return nil, &fault{Hired, "intake.why.employments", []any{"from", m.Employments[i-1].From}}
		}
		diffs = append(diffs, Difference{Hired, e.From, j.hired})
		e.From = j.hired
	}
	if j.left != 0 && j.left != e.To {
		if i+1 < len(m.Employments) && j.left >= m.Employments[i+1].From {
			return nil, &fault{Left, "intake.why.employments", []any{"from", m.Employments[i+1].From}}
		}
		diffs = append(diffs, Difference{Left, dateOrNil(e.To), j.left})
		e.To = j.left
	}
	if e.To != 0 && e.To < e.From {
		return nil, &fault{Left, "intake.why.left_before_hired", []any{"hired", e.From}}
	}
	if *e != before {
		diffs = append(diffs, d.active(m)...)
		reach(m, e.From)
	}
	on := max(d.options.ChangesFrom, e.From)
	if e.To != 0 && on > e.To {
		return diffs, nil // has left: what they worked is history
	}
	return append(diffs, d.contract(m, on, j)...), nil
}

func dateOrNil(d calendar.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}

// active tells whether a person whose employment changed may sign in: who has
// left may not. Where the customer's directory keeps the person, it says so.
func (d *draft) active(m *member) []Difference {
	if m.Person.Kept {
		return nil
	}
	last := m.Employments[len(m.Employments)-1]
	active := last.To == 0 || last.To >= d.today
	was := m.Person.Active
	m.Person.Active = active
	if was == active {
		return nil
	}
	return []Difference{{Active, was, active}}
}

// reach makes the first contract line begin as early as the employment.
func reach(m *member, from calendar.Date) {
	if _, ok := m.ContractOn(from); !ok && len(m.Contracts) > 0 {
		for i := range m.Contracts {
			if m.Contracts[i].From > from {
				m.Contracts[i].From = from
				return
			}
		}
	}
}

// contract makes pattern, package and location those of a job from a day on. Without any
// contract line on that day it adds one with the defaults.
func (d *draft) contract(m *member, on calendar.Date, j job) []Difference {
	old, had := m.ContractOn(on)
	line := old
	if !had {
		line = people.Contract{Person: m.Person.ID, From: on, Pattern: d.shape.ID, Package: d.options.Package, Location: m.LocationOn(on)}
	}
	line.Location = cmp.Or(j.place, line.Location)
	if j.shape != nil {
		line.Pattern = j.shape.ID
	}
	if j.pack != "" {
		line.Package = j.pack
	}
	if had && line == old {
		return nil
	}
	if line.ID == "" || line.From != on {
		line.ID, line.From = id.New(d.now), on
		m.Contracts = append(m.Contracts, line)
	} else {
		m.Contracts[slices.Index(m.Contracts, old)] = line
	}
	m.Sort()
	return d.contractDiffs(old, line)
}

func (d *draft) contractDiffs(old, line people.Contract) []Difference {
	var diffs []Difference
	if old.Pattern != line.Pattern {
		diffs = append(diffs, difference(Schedule, d.patternName(old.Pattern), d.patternName(line.Pattern)))
	}
	if old.Package != line.Package {
		diffs = append(diffs, difference(Package, d.packageName(old.Package), d.packageName(line.Package)))
	}
	if old.ID != "" && old.Location != line.Location {
		diffs = append(diffs, difference(Location, d.org.Locations[old.Location].Name, d.org.Locations[line.Location].Name))
	}
	if old.ID != "" && line.From != old.From {
		diffs = append(diffs, Difference{Field: Since, To: line.From})
	}
	return diffs
}

func (d *draft) patternName(id string) string {
	for _, p := range d.patterns {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

func (d *draft) packageName(id string) string {
	for _, p := range d.book.Packages {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

// save adds to the work what differs from what is there.
func (d *draft) save(m *member) {
	if !reflect.DeepEqual(m.Person, m.was.Person) {
		d.work.persons = append(d.work.persons, m.Person)
	}
	if m.was.Person.Active && !m.Person.Active {
		d.work.shut = append(d.work.shut, m.Person.ID)
	}
	if m.was.Person.Email != "" && m.was.Person.Email != m.Person.Email {
		d.work.moved = append(d.work.moved, m.was.Person)
	}
	for _, e := range m.Employments {
		if !slices.Contains(m.was.Employments, e) {
			d.work.employments = append(d.work.employments, e)
		}
	}
	for _, c := range m.Contracts {
		if !slices.Contains(m.was.Contracts, c) {
			d.work.contracts = append(d.work.contracts, c)
		}
	}
}
