// SPDX-License-Identifier: Apache-2.0

package people

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/order"
)

// Organisation is everybody and everything of the customer that changes seldom:
// persons with their work, teams, locations and working patterns. It is never
// modified once it was read, so many requests may share one.
type Organisation struct {
	Records   map[ID]*Record
	Order     []ID     // the customer's own people, by name: those of Records
	Guests    []Person // those of bureaus, by name; they are in no list of people
	Teams     []Team   // their members by name
	Roles     []Role   // the customer's own, by name
	Locations map[string]Location
	Patterns  map[string]calendar.Pattern
	Settings  Settings
	Serving   bool // it serves other customers, as their bureau
	zones     map[string]*time.Location
	teamsOf   map[ID][]Team   // those that somebody belongs to or leads
	memberOf  map[ID][]string // ids of those that somebody belongs to
	viewers   sync.Map        // by ID, the Viewer of whoever has asked
}

// ReadOrganisation reads the organisation as a transaction sees it.
func ReadOrganisation(tx Tx) (*Organisation, error) {
	o := &Organisation{Records: map[ID]*Record{}, Locations: map[string]Location{},
		Patterns: map[string]calendar.Pattern{}, zones: map[string]*time.Location{}}
	records, err := tx.Records()
	if err != nil {
		return nil, err
	}
	for i := range records {
		r := &records[i]
		o.Records[r.Person.ID] = r
		o.Order = append(o.Order, r.Person.ID)
	}
	if o.Guests, err = tx.Guests(); err != nil {
		return nil, err
	}
	if o.Serving, err = tx.Serving(); err != nil {
		return nil, err
	}
	if o.Teams, err = tx.Teams(); err != nil {
		return nil, err
	}
	o.arrange()
	if o.Roles, err = tx.CustomRoles(); err != nil {
		return nil, err
	}
	locations, err := tx.Locations()
	if err != nil {
		return nil, err
	}
	for _, l := range locations {
		o.Locations[l.ID] = l
		if o.zones[l.ID], err = time.LoadLocation(l.TimeZone); err != nil {
			return nil, fmt.Errorf("location %s: %w", l.ID, err)
		}
	}
	if o.Settings, err = tx.Settings(); err != nil {
		return nil, err
	}
	patterns, err := tx.Patterns()
	if err != nil {
		return nil, err
	}
	for _, p := range patterns {
		o.Patterns[p.ID] = p.Pattern
	}
	return o, nil
}

// arrange puts the members of each team in the order of names, and notes who has
// to do with which team.
func (o *Organisation) arrange() {
	place := make(map[ID]int, len(o.Order))
	for i, id := range o.Order {
		place[id] = i
	}
	o.teamsOf, o.memberOf = make(map[ID][]Team, len(o.Order)), make(map[ID][]string, len(o.Order))
	for _, t := range o.Teams {
		order.By(t.Members, func(a, b ID) int { return place[a] - place[b] })
		for _, id := range t.Members {
			o.teamsOf[id], o.memberOf[id] = append(o.teamsOf[id], t), append(o.memberOf[id], t.ID)
		}
		for _, id := range t.Managers {
			if !slices.Contains(t.Members, id) {
				o.teamsOf[id] = append(o.teamsOf[id], t)
			}
		}
	}
}

// Person returns a person, those of bureaus among them; the zero Person where there is none.
func (o *Organisation) Person(id ID) Person {
	if r := o.Records[id]; r != nil {
		return r.Person
	}
	for i := range o.Guests {
		if o.Guests[i].ID == id {
			return o.Guests[i]
		}
	}
	return Person{}
}

// everybody returns the customer's own people and then those of bureaus, by name.
func (o *Organisation) everybody() []ID {
	out := slices.Clone(o.Order)
	for i := range o.Guests {
		out = append(out, o.Guests[i].ID)
	}
	return out
}

// Viewer returns what a person may see and do. It reports Unauthenticated for an
// unknown person and Forbidden for an inactive one. What it returns is shared: whoever gets it changes nothing in it.
func (o *Organisation) Viewer(id ID) (Viewer, error) {
	if v, ok := o.viewers.Load(id); ok {
		return v.(Viewer), nil
	}
	p := o.Person(id)
	if p.ID == "" {
		return Viewer{}, errs.New(errs.Unauthenticated, "people.error.no_person")
	}
	if !p.Active {
		return Viewer{}, errs.New(errs.Forbidden, "people.error.inactive")
	}
	v := o.viewer(p)
	o.viewers.Store(id, v)
	return v, nil
}

// viewer returns what somebody may who is p.
func (o *Organisation) viewer(p Person) Viewer {
	teams := o.teamsOf[p.ID]
	for i := range o.Roles {
		if r := &o.Roles[i]; !r.Everybody && r.heldBy(&p) { // it may be over other teams
			teams = o.Teams
		}
	}
	v := NewViewer(p, teams, o.Roles...)
	v.Last = v.IsAdministrator() && len(o.Leaders(p.ID)) == 0 && len(o.active(o.Administrators(), p.ID)) == 0
	return v
}

// Today returns the date at a person's place of work at an instant; in UTC where
// the place is not known.
func (o *Organisation) Today(id ID, now time.Time) calendar.Date {
	return calendar.DateOf(now.In(o.Zone(id, now)))
}

// LocationOn returns the id of the location at which a person works on d, as Record.LocationOn does; that of the
// person where they are not the customer's own.
func (o *Organisation) LocationOn(id ID, d calendar.Date) string {
	at, _ := o.LocationUntil(id, d, d)
	return at
}

// LocationUntil is LocationOn that also returns until when that is so, as Record.LocationUntil does.
func (o *Organisation) LocationUntil(id ID, d, last calendar.Date) (at string, until calendar.Date) {
	if r := o.Records[id]; r != nil {
		return r.LocationUntil(d, last)
	}
	return o.Person(id).Location, last
}

// TeamMates returns those who share a team with a person.
func (o *Organisation) TeamMates(id ID) map[ID]bool {
	mates := NewViewer(Person{ID: id}, o.teamsOf[id]).Near
	delete(mates, id)
	return mates
}

// Works returns how many persons have a contract line with a working pattern, past
// and future lines included.
func (o *Organisation) Works(pattern string) int {
	n := 0
	for _, r := range o.Records {
		if slices.ContainsFunc(r.Contracts, func(c Contract) bool { return c.Pattern == pattern }) {
			n++
		}
	}
	return n
}

// Leaders returns who leads a team that a person belongs to, by name: those who
// are active, and never the person.
func (o *Organisation) Leaders(id ID) []ID {
	var out []ID
	for _, t := range o.teamsOf[id] {
		if slices.Contains(t.Members, id) {
			out = append(out, t.Managers...)
		}
	}
	return o.active(out, id)
}

// Above returns who leads those who lead a person, by name, and neither the person
// nor their own leaders.
func (o *Organisation) Above(id ID) []ID {
	leaders := o.Leaders(id)
	var out []ID
	for _, m := range leaders {
		out = append(out, o.Leaders(m)...)
	}
	return o.active(out, append(leaders, id)...)
}

// Administrators returns those who are active and keep everybody's leave, by name: the
// customer's own who have every right of an administrator, and of bureaus those whose role
// it is.
func (o *Organisation) Administrators() []ID {
	out := o.Holders(Administrator.Rights())
	for i := range o.Guests {
		if o.Administers(o.Guests[i].ID) {
			out = append(out, o.Guests[i].ID)
		}
	}
	return o.active(out)
}

// Administers reports whether a person is one of the administrators.
func (o *Organisation) Administers(id ID) bool {
	p := o.Person(id)
	return p.Active && everywhere(&p, o.Roles).Covers(Administrator.Rights()&p.ceiling())
}

// Holders returns those of the customer's own who are active and have some rights over
// everybody, by name.
func (o *Organisation) Holders(want Rights) []ID {
	var out []ID
	for _, id := range o.Order {
		if everywhere(&o.Records[id].Person, o.Roles).Covers(want) {
			out = append(out, id)
		}
	}
	return o.active(out)
}

// active returns those of list who are active, each once and by name, less some.
func (o *Organisation) active(list []ID, less ...ID) []ID {
	out := slices.DeleteFunc(list, func(id ID) bool { return !o.Person(id).Active || slices.Contains(less, id) })
	order.By(out, func(a, b ID) int {
		return cmp.Or(cmp.Compare(o.Person(a).SortName(), o.Person(b).SortName()), cmp.Compare(a, b))
	})
	return slices.Compact(out)
}

// InTeam reports whether a person belongs to a team.
func (o *Organisation) InTeam(id ID, team string) bool {
	return slices.Contains(o.memberOf[id], team)
}

// WorksAt reports whether a person works at a location, now or at another time.
func (o *Organisation) WorksAt(id ID, location string) bool {
	if r := o.Records[id]; r != nil {
		return r.WorksAt(location)
	}
	return o.Person(id).Location == location
}

// Zone returns the time zone of a person's place of work at an instant; UTC where the place is not known. Whoever moves
// to another one does so when the day of the move begins at the old one.
func (o *Organisation) Zone(id ID, at time.Time) *time.Location {
	r := o.Records[id]
	if r == nil {
		return o.zone(o.Person(id).Location)
	}
	before := o.zone(r.LocationOn(calendar.DateOf(at.UTC()).AddDays(-1)))
	return o.zone(r.LocationOn(calendar.DateOf(at.In(before))))
}

// ZoneOn returns the time zone of a person's place of work on d; UTC where the place is not known.
func (o *Organisation) ZoneOn(id ID, d calendar.Date) *time.Location {
	return o.zone(o.LocationOn(id, d))
}

// zone returns the time zone of a location; UTC where it is not known.
func (o *Organisation) zone(location string) *time.Location {
	if zone := o.zones[location]; zone != nil {
		return zone
	}
	return time.UTC
}

// Begin returns the instant at which a day begins at a person's place of work, which is not
// midnight where clocks are put forward then; in UTC where the place is not known.
func (o *Organisation) Begin(id ID, d calendar.Date) time.Time {
	y, m, day := d.Civil()
	zone := o.ZoneOn(id, d)
	begin := time.Date(y, m, day, 0, 0, 0, 0, zone)
	for calendar.DateOf(begin) < d {
		begin = begin.Add(time.Hour)
	}
	return begin
}

// At returns the instant at which the clocks at a person's place of work show a time of a day; in UTC where the place
// is not known.
func (o *Organisation) At(id ID, d calendar.Date, t calendar.Clock) time.Time {
	y, m, day := d.Civil()
	return time.Date(y, m, day, 0, int(t), 0, 0, o.ZoneOn(id, d))
}
