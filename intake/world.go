// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
)

// world is what exists, and, as the lines of a file are judged, what would exist
// after those that were accepted.
type world struct {
	org       *people.Organisation
	book      *leave.Rulebook
	now       time.Time
	today     calendar.Date
	words     *lang.Locale // of the customer
	locations []people.Location

	members  map[people.ID]*member
	byNumber map[string]*member
	byEmail  map[string]*member
	byName   map[string][]*member // by each way to say the name
	teams    map[string]*team     // by name, see same
	types    map[string]*kind
	patterns []*pattern
}

// member is one person as the plan would leave them.
type member struct {
	people.Record
	was    people.Record // before; zero for a new person
	exists bool
	teams  []*team
	entry  *entry // line of a list of persons that is about this one

	// For lists of absences:
	said   saying         // what the first line says of the person
	named  *Line          // what must be done to the person before any absence counts; nil: nothing
	used   bool           // named is part of the plan
	facts  *leave.Facts   // with what is booked already
	booked diary          // what is booked, already or by earlier lines
	sick   diary          // the same of reports of sickness
	added  map[string]int // lines of the requests that the plan adds, by id
	last   calendar.Date  // last day of those
}

// saying is what a line says of a person.
type saying struct {
	line int
	name string // see same
	team string
}

// readWorld reads what exists.
func readWorld(tx Tx, by people.ID, now time.Time) (*world, error) {
	org, err := people.ReadOrganisation(tx)
	if err != nil {
		return nil, err
	}
	w := &world{org: org, now: now, today: org.Today(by, now),
		members: map[people.ID]*member{}, byNumber: map[string]*member{}, byEmail: map[string]*member{}, byName: map[string][]*member{},
		teams: map[string]*team{}, types: map[string]*kind{}}
	if w.book, err = leave.ReadRulebook(tx, org, w.today); err != nil {
		return nil, err
	}
	settings, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	w.words = lang.For(settings.Language)
	if w.locations, err = tx.Locations(); err != nil {
		return nil, err
	}
	patterns, err := tx.Patterns()
	if err != nil {
		return nil, err
	}
	for _, p := range patterns {
		w.patterns = append(w.patterns, &pattern{Pattern: p, exists: true})
	}
	for _, t := range w.book.Types {
		if k := w.types[same(t.Name)]; k == nil || k.Retired {
			w.types[same(t.Name)] = &kind{Type: t, exists: true}
		}
	}
	w.readMembers()
	return w, nil
}

func (w *world) readMembers() {
	for _, id := range w.org.Order {
		w.know(&member{Record: *w.org.Records[id], was: *w.org.Records[id], exists: true})
	}
	for _, t := range w.org.Teams {
		it := &team{Team: t, exists: true, managers: len(t.Managers)}
		it.Members, it.Managers = slices.Clip(t.Members), slices.Clip(t.Managers)
		w.teams[same(t.Name)] = it
		for _, id := range t.Members {
			if m := w.members[id]; m != nil {
				m.teams = append(m.teams, it)
			}
		}
	}
}

// know makes a member known by number, mail address and name.
func (w *world) know(m *member) {
	p := m.Person
	w.members[p.ID] = m
	if p.Number != "" {
		w.byNumber[p.Number] = m
	}
	if p.Email != "" {
		w.byEmail[p.Email] = m
	}
	for _, name := range []string{p.GivenName + " " + p.FamilyName, p.FamilyName + " " + p.GivenName} {
		name = nameKey(name)
		if !slices.Contains(w.byName[name], m) {
			w.byName[name] = append(w.byName[name], m)
		}
	}
}

// nameKey returns a name as names are looked up: "Vries, Anna de" and "vries anna
// de" are the same.
func nameKey(name string) string { return same(strings.ReplaceAll(name, ",", " ")) }

// find returns whom a number, a mail address or a name means; several is true
// where a name means more than one.
func (w *world) find(who string) (m *member, several bool) {
	if m := w.byNumber[who]; m != nil {
		return m, false
	}
	if m := w.byEmail[strings.ToLower(who)]; m != nil {
		return m, false
	}
	found := w.byName[nameKey(who)]
	if len(found) != 1 {
		return nil, len(found) > 1
	}
	return found[0], false
}
