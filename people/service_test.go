// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
)

// said returns kind, field and sentence of every error in err, in order.
func said(err error) string {
	var e *errs.Error
	for err != nil {
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			var all []string
			for _, one := range many.Unwrap() {
				all = append(all, said(one))
			}
			return strings.Join(all, "; ")
		}
		if one, ok := err.(*errs.Error); ok {
			e = one
			break
		}
		err = errors.Unwrap(err)
	}
	if e == nil {
		return ""
	}
	key := strings.TrimPrefix(e.Public, "people.error.")
	return strings.Join(slices.DeleteFunc([]string{e.Kind.String(), e.Field, key}, func(s string) bool { return s == "" }), " ")
}

func TestWhoMaySeeWhom(t *testing.T) {
	s, _ := house(t)
	for by, want := range map[ID]string{
		"ada": "Ada Eve Max Old Sam", "max": "Eve Max Sam", "eve": "Eve Max Sam",
	} {
		all, err := s.People(t.Context(), by)
		var names []string
		for _, p := range all {
			names = append(names, p.Name())
		}
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("%s sees %q, %v; want %q", by, got, err, want)
		}
	}
	for _, tt := range []struct {
		by, id ID
		want   string
	}{
		{"eve", "eve", ""}, {"max", "eve", ""}, {"ada", "old", ""},
		{"eve", "sam", "not found no_person"}, {"max", "ada", "not found no_person"}, {"ada", "nobody", "not found no_person"},
		{"old", "old", "forbidden inactive"}, {"nobody", "eve", "unauthenticated no_person"},
	} {
		if _, err := s.Record(t.Context(), tt.by, tt.id); said(err) != tt.want {
			t.Errorf("%s reads %s: %q, want %q", tt.by, tt.id, said(err), tt.want)
		}
	}
}

// TestLeaving: those whose work ends in some days are told to who leads them, and to nobody
// else; a return afterwards is no end.
func TestLeaving(t *testing.T) {
	s, f := house(t)
	day := calendar.MustParse
	clear(f.employments)
	for id, to := range map[ID]string{"eve": "2026-05-31", "max": "2026-06-30", "sam": "2026-09-30"} {
		f.employments[string(id)] = Employment{ID: string(id), Person: id, From: day("2020-01-01"), To: day(to)}
	}
	f.employments["again"] = Employment{ID: "again", Person: "max", From: day("2026-08-01")}
	for by, want := range map[ID]string{"ada": "eve 2026-05-31", "max": "eve 2026-05-31", "sam": ""} {
		got, err := s.Leaving(t.Context(), by, calendar.Range{From: day("2026-05-01"), To: day("2026-06-30")})
		var all []string
		for id, last := range got {
			all = append(all, string(id)+" "+last.String())
		}
		if text := strings.Join(all, "; "); text != want || err != nil {
			t.Errorf("%s sees %q, %v; want %q", by, text, err, want)
		}
	}
}

// TestOnlyAdministratorsKeep asks everybody else to do everything.
func TestOnlyAdministratorsKeep(t *testing.T) {
	ctx := context.Background()
	acts := map[string]func(*Service, ID) error{
		"AddPerson":      func(s *Service, by ID) error { _, err := s.AddPerson(ctx, by, Newcomer{}); return err },
		"SavePerson":     func(s *Service, by ID) error { return s.SavePerson(ctx, by, Person{ID: by, Roles: Administrator}) },
		"SaveEmployment": func(s *Service, by ID) error { _, err := s.SaveEmployment(ctx, by, Employment{Person: by}); return err },
		"DeleteEmployment": func(s *Service, by ID) error {
			return s.DeleteEmployment(ctx, by, by, "e-"+string(by))
		},
		"SaveContract":   func(s *Service, by ID) error { _, err := s.SaveContract(ctx, by, Contract{Person: by}); return err },
		"DeleteContract": func(s *Service, by ID) error { return s.DeleteContract(ctx, by, by, "c-"+string(by)) },
		"SaveTeam":       func(s *Service, by ID) error { _, err := s.SaveTeam(ctx, by, Team{ID: "sales"}); return err },
		"DeleteTeam":     func(s *Service, by ID) error { return s.DeleteTeam(ctx, by, "sales") },
		"SaveLocation":   func(s *Service, by ID) error { _, err := s.SaveLocation(ctx, by, Location{}); return err },
		"SavePattern":    func(s *Service, by ID) error { _, err := s.SavePattern(ctx, by, "", "x", "mon"); return err },
		"SaveOwnDay":     func(s *Service, by ID) error { _, err := s.SaveOwnDay(ctx, by, OwnDay{}); return err },
		"SaveHolidaySet": func(s *Service, by ID) error {
			_, err := s.SaveHolidaySet(ctx, by, HolidaySet{}, nil)
			return err
		},
		"DeleteHolidaySet": func(s *Service, by ID) error { return s.DeleteHolidaySet(ctx, by, "x") },
		"CopyDays":         func(s *Service, by ID) error { _, err := s.CopyDays(ctx, by, "", "", 2026); return err },
		"HolidaySets":      func(s *Service, by ID) error { _, err := s.HolidaySets(ctx, by); return err },
		"DeleteOwnDay":     func(s *Service, by ID) error { return s.DeleteOwnDay(ctx, by, "x") },
		"SaveSettings":     func(s *Service, by ID) error { return s.SaveSettings(ctx, by, Settings{Name: "Mine"}) },
		"Locations":        func(s *Service, by ID) error { _, err := s.Locations(ctx, by); return err },
		"Patterns":         func(s *Service, by ID) error { _, err := s.Patterns(ctx, by); return err },
		"OwnDays":          func(s *Service, by ID) error { _, err := s.OwnDays(ctx, by); return err },
	}
	for name, act := range acts {
		for by, want := range map[ID]errs.Kind{"max": errs.Forbidden, "eve": errs.Forbidden, "old": errs.Forbidden, "nobody": errs.Unauthenticated} {
			s, f := house(t)
			if err := act(s, by); !errs.Is(err, want) {
				t.Errorf("%s by %s: %v", name, by, err)
			}
			if f.revision != 1 {
				t.Errorf("%s by %s was refused and changed something", name, by)
			}
		}
	}
	s, f := house(t)
	sys := f.persons["sam"]
	sys.Roles = SystemManager
	f.persons["sam"] = sys
	if err := acts["SaveSettings"](s, "sam"); err != nil {
		t.Error("a system manager keeps the settings:", err)
	}
	if err := acts["SavePerson"](s, "sam"); !errs.Is(err, errs.Forbidden) {
		t.Error("a system manager makes an administrator:", err)
	}
}

func TestStandingIsReadOnceForARevision(t *testing.T) {
	s, f := house(t)
	for range 3 {
		if _, err := s.Viewer(t.Context(), "eve"); err != nil {
			t.Fatal(err)
		}
	}
	if f.reads != 1 {
		t.Errorf("read %d times", f.reads)
	}
	if err := s.SaveSettings(t.Context(), "ada", Settings{Name: "New"}); err != nil {
		t.Fatal(err)
	}
	if set, err := s.Settings(t.Context()); err != nil || set.Name != "New" {
		t.Error(set, err)
	}
	if err := s.SaveSettings(t.Context(), "ada", Settings{}); err == nil {
		t.Fatal("saved without a name")
	}
	if set, _ := s.Settings(t.Context()); set.Name != "New" {
		t.Error("what was refused is seen:", set)
	}
}

func TestKnown(t *testing.T) {
	s, f := house(t)
	if s.Known(f.revision) != nil || (*Service)(nil).Known(f.revision) != nil {
		t.Error("known before it was read")
	}
	o, err := s.Organisation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Known(f.revision) != o {
		t.Error("not known after it was read")
	}
	if s.Known(f.revision+1) != nil {
		t.Error("known at another revision")
	}
}

func TestSavePerson(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Person)
		want   string
	}{
		{"tidied", func(p *Person) { p.GivenName, p.Email = "  Eve\u0301  Marie ", " EVE.M@Example.COM " }, ""},
		{"no_name", func(p *Person) { p.GivenName = " " }, "invalid family name_missing"},
		{"long_name", func(p *Person) { p.FamilyName = strings.Repeat("x", MaxName+1) }, "invalid family too_long"},
		{"bad_mail", func(p *Person) { p.Email = "eve@" }, "invalid email email"},
		{"name_and_mail", func(p *Person) { p.Email = "Eve <eve@example.com>" }, "invalid email email"},
		{"mail_taken", func(p *Person) { p.Email = "SAM@example.com" }, "conflict email email_taken"},
		{"number_taken", func(p *Person) { p.Number = "N-sam" }, "conflict number number_taken"},
		{"no_mail", func(p *Person) { p.Email = "" }, ""},
		{"language", func(p *Person) { p.Language = "tlh" }, "invalid language language"},
		{"location", func(p *Person) { p.Location = "moon" }, "invalid location location_dated"},
		{"no_location", func(p *Person) { p.Location = "" }, ""},
		{"role", func(p *Person) { p.Roles = 64 }, "invalid roles role"},
		{"all_at_once", func(p *Person) { p.GivenName, p.Email, p.Language = "", "x", "x" },
			"invalid family name_missing; invalid email email; invalid language language"},
		{"unknown", func(p *Person) { p.ID = "nobody" }, "not found no_person"},
		{"administrator", func(p *Person) { p.Roles = Administrator }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, f := house(t)
			p := f.persons["eve"]
			tt.change(&p)
			if err := s.SavePerson(t.Context(), "ada", p); said(err) != tt.want {
				t.Errorf("got %q, want %q", said(err), tt.want)
			}
			if tt.want != "" && f.persons["eve"].Email != "eve@example.com" {
				t.Error("refused and changed")
			}
		})
	}
	s, f := house(t)
	p := f.persons["eve"]
	p.GivenName, p.Email = "  Eve\u0301  Marie ", " EVE.M@Example.COM "
	if err := s.SavePerson(t.Context(), "ada", p); err != nil {
		t.Fatal(err)
	}
	if got := f.persons["eve"]; got.GivenName != "Ev\u00e9 Marie" || got.Email != "eve.m@example.com" {
		t.Errorf("kept %+v", got)
	}
}

// TestLinksOfAnotherAddress: a link to choose a password that was mailed to one address is worth
// nothing once the person has another, whoever writes that down, and the one they had is told.
func TestLinksOfAnotherAddress(t *testing.T) {
	for name, save := range map[string]func(*Service, *fake, Person) error{
		"by hand": func(s *Service, _ *fake, p Person) error { return s.SavePerson(t.Context(), "ada", p) },
		"directory": func(s *Service, f *fake, p Person) error {
			return f.Update(t.Context(), func(tx Tx) error {
				d, err := s.Desk(tx)
				if err == nil {
					_, err = d.SavePerson(p)
				}
				return err
			})
		},
	} {
		s, f := house(t)
		f.links = map[ID]bool{"eve": true, "sam": true}
		p := f.persons["eve"]
		p.FamilyName = "Vries"
		if err := save(s, f, p); err != nil || !f.links["eve"] || f.told != nil {
			t.Errorf("%s: another name: %v, the link is there: %t, told %v", name, err, f.links["eve"], f.told)
		}
		p.Email = "eve.vries@example.com"
		if err := save(s, f, p); err != nil || f.links["eve"] || !f.links["sam"] || !slices.Equal(f.told, []string{"eve@example.com"}) {
			t.Errorf("%s: another address: %v, links %v, told %v", name, err, f.links, f.told)
		}
	}
}

func TestThereIsAlwaysAnAdministrator(t *testing.T) {
	for name, change := range map[string]func(*Person){
		"role":   func(p *Person) { p.Roles = 0 },
		"active": func(p *Person) { p.Active = false },
	} {
		s, f := house(t)
		p := f.persons["ada"]
		change(&p)
		if err := s.SavePerson(t.Context(), "ada", p); said(err) != "conflict roles last_administrator" {
			t.Errorf("%s: %v", name, err)
		}
		old := f.persons["old"] // one who may not sign in does not count
		old.Roles = Administrator
		f.persons["old"] = old
		if err := s.SavePerson(t.Context(), "ada", p); said(err) != "conflict roles last_administrator" {
			t.Errorf("%s, beside an inactive one: %v", name, err)
		}
		old.Active = true
		f.persons["old"], f.revision = old, f.revision+1
		if err := s.SavePerson(t.Context(), "ada", p); err != nil {
			t.Errorf("%s, beside another: %v", name, err)
		}
	}
}

func TestAddPerson(t *testing.T) {
	newcomer := func() Newcomer {
		return Newcomer{
			Person:     Person{GivenName: "Noa", FamilyName: "Nieuw", Email: "Noa@example.com", Location: "home"},
			Employment: Employment{From: calendar.On(2026, 4, 1)}, Contract: Contract{Pattern: "half", Package: "all"}, Teams: []string{"sales", "sales"},
		}
	}
	s, f := house(t)
	id, err := s.AddPerson(t.Context(), "ada", newcomer())
	if err != nil {
		t.Fatal(err)
	}
	r, _ := f.Record(id)
	want := Record{
		Person:      Person{ID: id, GivenName: "Noa", FamilyName: "Nieuw", Email: "noa@example.com", Location: "home", Active: true},
		Employments: []Employment{{ID: r.Employments[0].ID, Person: id, From: calendar.On(2026, 4, 1)}},
		Contracts:   []Contract{{ID: r.Contracts[0].ID, Person: id, From: calendar.On(2026, 4, 1), Pattern: "half", Package: "all", Location: "home"}},
	}
	if d := cmp.Diff(want, r); d != "" {
		t.Error(d)
	}
	if team := f.teams["sales"]; len(team.Members) != 4 || team.Members[3] != id {
		t.Error("joined", team.Members)
	}
	for name, tt := range map[string]struct {
		change func(*Newcomer)
		want   string
	}{
		"everything": {func(n *Newcomer) { *n = Newcomer{Teams: []string{"x"}} },
			"invalid family name_missing; invalid location location; invalid from date_missing; invalid pattern pattern; invalid package package; invalid team no_team"},
		"year": {func(n *Newcomer) { n.Employment.From = calendar.On(206, 1, 1) }, "invalid from date_far"},
		"end":  {func(n *Newcomer) { n.Employment.To = calendar.On(2026, 3, 31) }, "invalid to ends_before"},
		"mail": {func(n *Newcomer) { n.Person.Email = "sam@example.com" }, "conflict email email_taken"},
	} {
		s, f := house(t)
		n := newcomer()
		tt.change(&n)
		if _, err := s.AddPerson(t.Context(), "ada", n); said(err) != tt.want {
			t.Errorf("%s: %q", name, said(err))
		}
		if len(f.persons) != 5 {
			t.Error(name, "refused and added")
		}
	}
}

// TestWhatOneSeesOfWhom: who shares a team with somebody knows their name and where they work;
// what stands in their file is for those who may see that.
func TestWhatOneSeesOfWhom(t *testing.T) {
	s, f := house(t)
	sam := f.persons["sam"]
	sam.Language, sam.Roles, sam.Born, sam.Kept = "nl", Payroll, calendar.On(1990, 5, 1), true
	f.persons["sam"] = sam
	led := sam
	led.Born = 0
	for by, want := range map[ID]Person{
		"eve": {ID: "sam", GivenName: "Sam", Location: "home", Active: true}, "max": led, "ada": sam, "sam": sam,
	} {
		all, err := s.People(t.Context(), by)
		i := slices.IndexFunc(all, func(p Person) bool { return p.ID == "sam" })
		if err != nil || i < 0 {
			t.Fatalf("%s: %v, %v", by, all, err)
		}
		if diff := cmp.Diff(want, all[i]); diff != "" {
			t.Errorf("%s sees (-want +got):\n%s", by, diff)
		}
	}
}
