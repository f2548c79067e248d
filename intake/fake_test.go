// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
)

// fakeStore keeps one customer in memory. Its transactions work on a copy that
// takes the place of the original when the function returns no error.
type fakeStore struct {
	data    fakeData
	commits int
}

type fakeData struct {
	settings    people.Settings
	locations   []people.Location
	patterns    map[string]people.Pattern
	packages    []leave.Package
	policies    []leave.Policy
	types       map[string]leave.Type
	persons     map[people.ID]people.Person
	employments map[string]people.Employment
	contracts   map[string]people.Contract
	teams       map[string]people.Team
	requests    map[string]leave.Request
	adjustments map[string]leave.Adjustment
	reports     map[string]leave.SickReport
	shut        map[people.ID]bool
	unlinked    map[people.ID]string // by whom, the mail address they had
	uploads     fakeUploads
}

func (d fakeData) clone() fakeData {
	d.unlinked, d.shut, d.uploads, d.adjustments = maps.Clone(d.unlinked), maps.Clone(d.shut), maps.Clone(d.uploads), maps.Clone(d.adjustments)
	d.patterns, d.types, d.persons = maps.Clone(d.patterns), maps.Clone(d.types), maps.Clone(d.persons)
	d.employments, d.contracts = maps.Clone(d.employments), maps.Clone(d.contracts)
	d.teams, d.requests, d.reports = maps.Clone(d.teams), maps.Clone(d.requests), maps.Clone(d.reports)
	return d
}

func (s *fakeStore) View(_ context.Context, f func(Tx) error) error {
	return f(&fakeTx{fakeData: s.data.clone()})
}

func (s *fakeStore) Update(_ context.Context, f func(Tx) error) error {
	tx := &fakeTx{fakeData: s.data.clone(), writes: true}
	if err := f(tx); err != nil {
		return err
	}
	s.data = tx.fakeData
	s.commits++
	return nil
}

// fakeTx implements what an import calls; the rest of leave.Tx is nil and panics.
type fakeTx struct {
	leave.Tx
	fakeData
	writes    bool
	lockedAll bool
	locked    map[people.ID]bool
}

func byKey[K cmp.Ordered, V any](m map[K]V) []V {
	var all []V
	for _, k := range slices.Sorted(maps.Keys(m)) {
		all = append(all, m[k])
	}
	return all
}

func (tx *fakeTx) Upload(id string) (Upload, error) { return tx.uploads.Upload(id) }
func (tx *fakeTx) SetUpload(u Upload) error         { return tx.uploads.SetUpload(u) }

func (tx *fakeTx) LockOrganisation() error    { tx.lockedAll = true; return nil }
func (tx *fakeTx) ShutOut(id people.ID) error { tx.shut[id] = true; return nil }

func (tx *fakeTx) Readdressed(id people.ID, was string, _ time.Time) error {
	tx.unlinked[id] = was
	return nil
}

func (tx *fakeTx) Settings() (people.Settings, error)        { return tx.settings, nil }
func (tx *fakeTx) Locations() ([]people.Location, error)     { return tx.locations, nil }
func (tx *fakeTx) Patterns() ([]people.Pattern, error)       { return byKey(tx.patterns), nil }
func (tx *fakeTx) HolidaySets() ([]people.HolidaySet, error) { return nil, nil }
func (tx *fakeTx) OwnDays() ([]people.OwnDay, error)         { return nil, nil }
func (tx *fakeTx) Teams() ([]people.Team, error)             { return byKey(tx.teams), nil }
func (tx *fakeTx) Guests() ([]people.Person, error)          { return nil, nil }
func (tx *fakeTx) Serving() (bool, error)                    { return false, nil }
func (tx *fakeTx) CustomRoles() ([]people.Role, error)       { return nil, nil }
func (tx *fakeTx) Types() ([]leave.Type, error)              { return byKey(tx.types), nil }
func (tx *fakeTx) Packages() ([]leave.Package, error)        { return tx.packages, nil }
func (tx *fakeTx) Policies() ([]leave.Policy, error)         { return tx.policies, nil }

func (tx *fakeTx) AllAdjustments() (map[people.ID][]leave.Adjustment, error) {
	all := map[people.ID][]leave.Adjustment{}
	for _, a := range byKey(tx.adjustments) {
		all[a.Person] = append(all[a.Person], a)
	}
	return all, nil
}

func (tx *fakeTx) SaveAdjustment(a leave.Adjustment) error {
	if tx.persons[a.Person].ID == "" || !tx.locked[a.Person] || a.Reason == "" {
		return fmt.Errorf("adjustment %s points to nothing, or its person is not locked", a.ID)
	}
	tx.adjustments[a.ID] = a
	return nil
}

func (tx *fakeTx) AllFixed() (map[people.ID][]leave.FixedEntitlement, error) { return nil, nil }

func (tx *fakeTx) AllNotices() (map[people.ID][]leave.Notice, error) { return nil, nil }
func (tx *fakeTx) AllClaims() (map[people.ID][]leave.Claim, error)   { return nil, nil }

func (tx *fakeTx) AllSickness() (map[people.ID][]leave.Sickness, error) {
	all := map[people.ID][]leave.Sickness{}
	for _, r := range byKey(tx.reports) {
		all[r.Person] = append(all[r.Person], r.Sickness)
	}
	return all, nil
}

func (tx *fakeTx) SaveSickReport(r leave.SickReport) error {
	if tx.persons[r.Person].ID == "" || r.ReportedBy == "" {
		return fmt.Errorf("report %s points to nothing", r.ID)
	}
	tx.reports[r.ID] = r
	return nil
}

func (tx *fakeTx) AddSickChange(c leave.SickChange) error {
	if _, ok := tx.reports[c.After.ID]; !ok {
		return fmt.Errorf("history of no report %s", c.After.ID)
	}
	return nil
}

func (tx *fakeTx) Records() ([]people.Record, error) {
	var all []people.Record
	at := map[people.ID]int{}
	for i, p := range byKey(tx.persons) {
		all = append(all, people.Record{Person: p})
		at[p.ID] = i
	}
	for _, e := range byKey(tx.employments) {
		r := &all[at[e.Person]]
		r.Employments = append(r.Employments, e)
	}
	for _, c := range byKey(tx.contracts) {
		r := &all[at[c.Person]]
		r.Contracts = append(r.Contracts, c)
	}
	for i := range all {
		all[i].Sort()
	}
	return all, nil
}

func (tx *fakeTx) AllCounting() (map[people.ID][]leave.Request, error) {
	all := map[people.ID][]leave.Request{}
	for _, r := range byKey(tx.requests) {
		if r.State.Counts() {
			all[r.Person] = append(all[r.Person], r)
		}
	}
	return all, nil
}

func (tx *fakeTx) LockPersons(ids []people.ID) error {
	if !tx.writes || !slices.IsSorted(ids) {
		return fmt.Errorf("lock of %d persons in a View or out of order", len(ids))
	}
	tx.locked = map[people.ID]bool{}
	for _, id := range ids {
		tx.locked[id] = true
	}
	return nil
}

func (tx *fakeTx) SavePersons(ps []people.Person) error {
	if !tx.lockedAll {
		return fmt.Errorf("the organisation was not locked before it was read")
	}
	emails, numbers := map[string]people.ID{}, map[string]people.ID{}
	for _, p := range ps {
		tx.persons[p.ID] = p
	}
	for _, p := range tx.persons {
		if emails[p.Email] != "" || p.Email == "" || p.Number != "" && numbers[p.Number] != "" {
			return errs.New(errs.Conflict, "people.error.taken")
		}
		emails[p.Email], numbers[p.Number] = p.ID, p.ID
	}
	return nil
}

func (tx *fakeTx) SaveEmployments(es []people.Employment) error {
	for _, e := range es {
		if _, ok := tx.persons[e.Person]; !ok || e.From == 0 {
			return fmt.Errorf("employment %s of nobody, or without a beginning", e.ID)
		}
		tx.employments[e.ID] = e
	}
	return nil
}

func (tx *fakeTx) SaveContracts(cs []people.Contract) error {
	for _, c := range cs {
		if _, ok := tx.patterns[c.Pattern]; !ok || tx.persons[c.Person].ID == "" || c.Package == "" {
			return fmt.Errorf("contract %s points to nothing", c.ID)
		}
		tx.contracts[c.ID] = c
	}
	return nil
}

func (tx *fakeTx) SaveTeam(t people.Team) error {
	for _, id := range slices.Concat(t.Members, t.Managers) {
		if tx.persons[id].ID == "" {
			return fmt.Errorf("team %s has nobody %s", t.ID, id)
		}
	}
	t.Members, t.Managers = slices.Clone(t.Members), slices.Clone(t.Managers)
	tx.teams[t.ID] = t
	return nil
}

func (tx *fakeTx) SavePattern(p people.Pattern) error { tx.patterns[p.ID] = p; return nil }
func (tx *fakeTx) SaveType(t leave.Type) error        { tx.types[t.ID] = t; return nil }

func (tx *fakeTx) InsertRequests(rs []leave.Request) error {
	had := map[people.ID]bool{}
	for _, r := range tx.requests {
		had[r.Person] = true
	}
	for _, r := range rs {
		if tx.types[r.Type].ID == "" || tx.persons[r.Person].ID == "" || had[r.Person] && !tx.locked[r.Person] {
			return fmt.Errorf("request %s points to nothing, or its person is not locked", r.ID)
		}
		tx.requests[r.ID] = r
	}
	return nil
}

// now is the day on which the tests import: a Monday.
var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// office returns a small customer: Ada is the administrator and leads Sales, in
// which Ben works, number 100, Monday to Friday since 2025.
func office() *fakeStore {
	d := fakeData{
		settings:  people.Settings{Language: "en"},
		locations: []people.Location{{ID: "l1", Name: "Utrecht", TimeZone: "Europe/Amsterdam"}, {ID: "l2", Name: "Bonn", TimeZone: "Europe/Berlin"}},
		patterns: map[string]people.Pattern{
			"p1": {ID: "p1", Name: "Full time", Pattern: calendar.MustParsePattern("mon-fri")},
			"p2": {ID: "p2", Name: "Four days", Pattern: calendar.MustParsePattern("mon-thu")},
		},
		packages: []leave.Package{{ID: "k1", Name: "Standard"}, {ID: "k2", Name: "Senior"}},
		policies: []leave.Policy{{ID: "y1", Package: "k1", Type: "t1", Terms: leave.Terms{
			Amount: exact.Int(10), Accrual: leave.AtYearStart, Proration: leave.ByMonths}}},
		types: map[string]leave.Type{
			"t1": {ID: "t1", Name: "Holiday", Colour: 1, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true},
			"t2": {ID: "t2", Name: "Sick", Colour: 2, Unit: leave.Days, Counting: leave.WorkingTime},
		},
		persons:     map[people.ID]people.Person{},
		employments: map[string]people.Employment{},
		contracts:   map[string]people.Contract{},
		requests:    map[string]leave.Request{},
		adjustments: map[string]leave.Adjustment{},
		reports:     map[string]leave.SickReport{},
		shut:        map[people.ID]bool{},
		unlinked:    map[people.ID]string{},
		teams: map[string]people.Team{
			"s1": {ID: "s1", Name: "Sales", Members: []people.ID{"ben"}, Managers: []people.ID{"ada"}},
			"s2": {ID: "s2", Name: "Support"},
		},
	}
	for _, p := range []people.Person{
		{ID: "ada", Email: "ada@example.com", GivenName: "Ada", FamilyName: "Admin", Location: "l1", Roles: people.Administrator, Active: true},
		{ID: "ben", Number: "100", Email: "ben@example.com", GivenName: "Ben", FamilyName: "de Boer", Location: "l1", Active: true},
	} {
		d.persons[p.ID] = p
		e := "e-" + string(p.ID)
		d.employments[e] = people.Employment{ID: e, Person: p.ID, From: calendar.MustParse("2025-01-01")}
		d.contracts[e] = people.Contract{ID: e, Person: p.ID, From: calendar.MustParse("2025-01-01"), Pattern: "p1", Package: "k1", Location: "l1"}
	}
	return &fakeStore{data: d}
}

func service(s *fakeStore) *Service {
	return &Service{Store: s, Now: func() time.Time { return now }}
}

func source(text string) Source { return Source{Name: "file.csv", Reader: strings.NewReader(text)} }

func planOf(t *testing.T, s *fakeStore, text string, o Options) *Plan {
	t.Helper()
	p, err := service(s).Plan(context.Background(), "ada", source(text), o)
	if err != nil {
		t.Fatalf("plan: %v %v", err, errs.As(err).Args)
	}
	return p
}

// apply plans and accepts a file, leaving refused lines out.
func apply(t *testing.T, s *fakeStore, text string, o Options) *Plan {
	t.Helper()
	p := planOf(t, s, text, o)
	o.LeaveOut = true
	r, err := service(s).Apply(context.Background(), "ada", source(text), o, p.Digest)
	if err != nil {
		t.Fatalf("apply: %v %v", err, errs.As(err).Args)
	}
	return r.Plan
}

// show writes the lines of a plan: number, act, thing and title, then the
// differences, then reasons with ! and notes with ~ before them.
func show(p *Plan) string {
	var b strings.Builder
	for _, n := range p.Lines {
		named := ""
		if n.Named {
			named = "*"
		}
		fmt.Fprintf(&b, "%d%s %s %s %s", n.Number, named, n.Act, n.Thing, n.Title)
		if n.Thing == TheBalance && n.Act != Refuse {
			fmt.Fprintf(&b, " %s %v", n.Balance.Type, n.Balance.At)
			if !n.Balance.Until.IsZero() {
				fmt.Fprintf(&b, " until %v", n.Balance.Until)
			}
		}
		if n.Thing == TheAbsence && n.Act != Refuse {
			fmt.Fprintf(&b, " %s %v..%v %s", n.Absence.Type, n.Absence.From, n.Absence.To, n.Absence.Days)
		}
		for _, c := range n.Changes {
			fmt.Fprintf(&b, "; %s %s>%s", c.Field, text(c.From), text(c.To))
		}
		for _, w := range n.Why {
			fmt.Fprintf(&b, " !%s", showNote(w))
		}
		for _, w := range n.Notes {
			fmt.Fprintf(&b, " ~%s", showNote(w))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func showNote(n Note) string {
	s := fmt.Sprintf("%d:%s", n.Column, strings.TrimPrefix(strings.TrimPrefix(n.Key, "intake.why."), "intake.note."))
	for i := 1; i < len(n.Args); i += 2 {
		s += " " + text(n.Args[i])
	}
	return s
}
