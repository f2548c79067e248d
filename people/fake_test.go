// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
)

// fake is a store in memory: one state, which an update replaces or leaves alone.
type fake struct {
	fakeTx
	reads int // of the whole organisation
}

type fakeTx struct {
	revision    int64
	persons     map[ID]Person
	guests      []Person
	employments map[string]Employment
	contracts   map[string]Contract
	teams       map[string]Team
	roles       map[string]Role
	locations   map[string]Location
	patterns    map[string]Pattern
	days        map[string]OwnDay
	sets        map[string]HolidaySet
	packages    []string
	settings    Settings
	links       map[ID]bool // who has one in a mail
	told        []string    // mail addresses that are nobody's any more
	reads       *int
}

func (f *fake) View(_ context.Context, do func(Tx) error) error {
	tx := f.clone()
	return do(&tx)
}

func (f *fake) Update(_ context.Context, do func(Tx) error) error {
	tx := f.clone()
	if err := do(&tx); err != nil {
		return err
	}
	f.fakeTx = tx
	return nil
}

func (f *fake) clone() fakeTx {
	c := f.fakeTx
	c.persons, c.employments, c.contracts = maps.Clone(c.persons), maps.Clone(c.employments), maps.Clone(c.contracts)
	c.teams, c.locations, c.patterns, c.days = maps.Clone(c.teams), maps.Clone(c.locations), maps.Clone(c.patterns), maps.Clone(c.days)
	c.sets, c.roles, c.links = maps.Clone(c.sets), maps.Clone(c.roles), maps.Clone(c.links)
	c.reads = &f.reads
	return c
}

func (x *fakeTx) Revision() (int64, error) { return x.revision, nil }
func (x *fakeTx) LockOrganisation() error  { x.revision++; return nil }

func (x *fakeTx) Person(id ID) (Person, error) { return got(x.persons, id) }
func (x *fakeTx) PersonByEmail(email string) (Person, error) {
	for _, p := range x.persons {
		if p.Email == email {
			return p, nil
		}
	}
	return Person{}, errs.New(errs.NotFound, "")
}

func (x *fakeTx) Persons() ([]Person, error) {
	return slices.SortedFunc(maps.Values(x.persons), func(a, b Person) int { return strings.Compare(a.SortName(), b.SortName()) }), nil
}
func (x *fakeTx) SavePerson(p Person) error { x.persons[p.ID] = p; return nil }
func (x *fakeTx) ShutOut(ID) error          { return nil }
func (x *fakeTx) Readdressed(id ID, was string, _ time.Time) error {
	delete(x.links, id)
	x.told = append(slices.Clone(x.told), was)
	return nil
}
func (x *fakeTx) Guests() ([]Person, error) { return x.guests, nil }
func (x *fakeTx) Serving() (bool, error)    { return false, nil }
func (x *fakeTx) SaveGuest(p Person) error {
	x.guests = append(slices.DeleteFunc(slices.Clone(x.guests), func(o Person) bool { return o.ID == p.ID }), p)
	return nil
}

func (x *fakeTx) Record(id ID) (Record, error) {
	r := Record{Person: x.persons[id]}
	for _, e := range x.employments {
		if e.Person == id {
			r.Employments = append(r.Employments, e)
		}
	}
	for _, c := range x.contracts {
		if c.Person == id {
			r.Contracts = append(r.Contracts, c)
		}
	}
	r.Sort()
	return r, nil
}

func (x *fakeTx) Records() ([]Record, error) {
	*x.reads++
	var out []Record
	persons, _ := x.Persons()
	for _, p := range persons {
		r, _ := x.Record(p.ID)
		out = append(out, r)
	}
	return out, nil
}

func (x *fakeTx) SaveEmployment(e Employment) error  { x.employments[e.ID] = e; return nil }
func (x *fakeTx) DeleteEmployment(id string) error   { delete(x.employments, id); return nil }
func (x *fakeTx) SaveContract(c Contract) error      { x.contracts[c.ID] = c; return nil }
func (x *fakeTx) DeleteContract(id string) error     { delete(x.contracts, id); return nil }
func (x *fakeTx) HasPackage(id string) (bool, error) { return slices.Contains(x.packages, id), nil }
func (x *fakeTx) CustomRoles() ([]Role, error)       { return byKey(x.roles), nil }
func (x *fakeTx) SaveCustomRole(r Role) error        { x.roles[r.ID] = r; return nil }
func (x *fakeTx) DeleteCustomRole(id string) error   { delete(x.roles, id); return nil }
func (x *fakeTx) Teams() ([]Team, error)             { return byKey(x.teams), nil }
func (x *fakeTx) SaveTeam(t Team) error              { x.teams[t.ID] = t; return nil }
func (x *fakeTx) DeleteTeam(id string) error         { delete(x.teams, id); return nil }
func (x *fakeTx) Locations() ([]Location, error)     { return byKey(x.locations), nil }
func (x *fakeTx) SaveLocation(l Location) error      { x.locations[l.ID] = l; return nil }
func (x *fakeTx) Patterns() ([]Pattern, error)       { return byKey(x.patterns), nil }
func (x *fakeTx) SavePattern(p Pattern) error        { x.patterns[p.ID] = p; return nil }
func (x *fakeTx) HolidaySets() ([]HolidaySet, error) { return byKey(x.sets), nil }
func (x *fakeTx) SaveHolidaySet(s HolidaySet) error  { x.sets[s.ID] = s; return nil }
func (x *fakeTx) DeleteHolidaySet(id string) error   { delete(x.sets, id); return nil }
func (x *fakeTx) OwnDays() ([]OwnDay, error)         { return byKey(x.days), nil }
func (x *fakeTx) SaveOwnDay(d OwnDay) error          { x.days[d.ID] = d; return nil }
func (x *fakeTx) DeleteOwnDay(id string) error       { delete(x.days, id); return nil }
func (x *fakeTx) Settings() (Settings, error)        { return x.settings, nil }
func (x *fakeTx) SaveSettings(s Settings) error      { x.settings = s; return nil }
func byKey[V any](m map[string]V) (out []V) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}

func got[K comparable, V any](m map[K]V, k K) (V, error) {
	v, ok := m[k]
	if !ok {
		return v, errs.New(errs.NotFound, "")
	}
	return v, nil
}

// house is a small customer: ada keeps people, max leads sales, eve and sam work in
// it, old has left.
func house(t *testing.T) (*Service, *fake) {
	t.Helper()
	f := &fake{fakeTx: fakeTx{
		revision: 1, packages: []string{"all"},
		persons: map[ID]Person{}, employments: map[string]Employment{}, contracts: map[string]Contract{}, days: map[string]OwnDay{}, sets: map[string]HolidaySet{}, roles: map[string]Role{},
		teams:     map[string]Team{"sales": {ID: "sales", Name: "Sales", Members: []ID{"eve", "sam", "max"}, Managers: []ID{"max"}}},
		locations: map[string]Location{"home": {ID: "home", Name: "Home", Region: "NL", TimeZone: "Europe/Amsterdam"}},
		patterns: map[string]Pattern{
			"full": {ID: "full", Name: "Full time", Pattern: calendar.MustParsePattern("mon-fri")},
			"half": {ID: "half", Name: "Half", Pattern: calendar.MustParsePattern("mon-fri morning")},
		},
		settings: Settings{Name: "Acme", Accent: "#112233", Language: "en"},
	}}
	for _, id := range []ID{"ada", "max", "eve", "sam", "old"} {
		name := strings.ToUpper(string(id[:1])) + string(id[1:])
		f.persons[id] = Person{ID: id, Email: string(id) + "@example.com", Number: "N-" + string(id), GivenName: name, Location: "home", Active: id != "old"}
		f.employments["e-"+string(id)] = Employment{ID: "e-" + string(id), Person: id, From: calendar.On(2020, 1, 1)}
		f.contracts["c-"+string(id)] = Contract{ID: "c-" + string(id), Person: id, From: calendar.On(2020, 1, 1), Pattern: "full", Package: "all", Location: "home"}
	}
	ada := f.persons["ada"]
	ada.Roles = Administrator
	f.persons["ada"] = ada
	return &Service{Store: f, Now: func() time.Time { return time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC) }}, f
}
