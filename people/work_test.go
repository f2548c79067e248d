// SPDX-License-Identifier: Apache-2.0

package people

import (
	"slices"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
)

var day = calendar.MustParse

func TestSaveEmployment(t *testing.T) {
	tests := []struct {
		name string
		e    Employment
		want string
	}{
		{"leaves", Employment{ID: "e-eve", From: day("2020-01-01"), To: day("2026-03-31")}, ""},
		{"one_day", Employment{ID: "e-eve", From: day("2020-01-01"), To: day("2020-01-01")}, ""},
		{"back_again", Employment{From: day("2025-01-01")}, "conflict from overlap"},
		{"end_before_begin", Employment{ID: "e-eve", From: day("2020-01-01"), To: day("2019-12-31")}, "invalid to ends_before"},
		{"no_date", Employment{ID: "e-eve"}, "invalid from date_missing"},
		{"far", Employment{ID: "e-eve", From: day("0202-01-01")}, "invalid from date_far"},
		{"later", Employment{ID: "e-eve", From: day("2021-02-01")}, ""},
		{"of_somebody_else", Employment{ID: "e-sam", From: day("2020-01-01")}, "not found no_employment"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, f := house(t)
			tt.e.Person = "eve"
			_, err := s.SaveEmployment(t.Context(), "ada", tt.e)
			if said(err) != tt.want {
				t.Fatalf("got %q, want %q", said(err), tt.want)
			}
			if tt.want != "" && f.employments["e-eve"].From != day("2020-01-01") {
				t.Error("refused and changed")
			}
			if tt.name == "later" && f.contracts["c-eve"].From != day("2021-02-01") {
				t.Error("the contract line stayed behind:", f.contracts["c-eve"].From)
			}
		})
	}
}

// TestSomebodyComesBack goes through a person's years: they leave, come back, and
// a period entered by mistake is removed.
func TestSomebodyComesBack(t *testing.T) {
	s, f := house(t)
	steps := []struct {
		name string
		do   func() error
		want string
	}{
		{"leave", func() error {
			_, err := s.SaveEmployment(t.Context(), "ada", Employment{ID: "e-eve", Person: "eve", From: day("2020-01-01"), To: day("2024-06-30")})
			return err
		}, ""},
		{"line_in_the_gap", func() error {
			_, err := s.SaveContract(t.Context(), "ada", Contract{Person: "eve", From: day("2024-07-01"), Pattern: "half", Package: "all"})
			return err
		}, "invalid from contract_outside"},
		{"back", func() error {
			_, err := s.SaveEmployment(t.Context(), "ada", Employment{Person: "eve", From: day("2025-01-01")})
			return err
		}, ""},
		{"overlap_by_a_day", func() error {
			_, err := s.SaveEmployment(t.Context(), "ada", Employment{ID: "e-eve", Person: "eve", From: day("2020-01-01"), To: day("2025-01-01")})
			return err
		}, "conflict from overlap"},
		{"new_line", func() error {
			_, err := s.SaveContract(t.Context(), "ada", Contract{Person: "eve", From: day("2025-01-01"), Pattern: "half", Package: "all"})
			return err
		}, ""},
		{"mistake_with_a_line", func() error {
			return s.DeleteEmployment(t.Context(), "ada", "eve", second(f))
		}, "conflict contract_left"},
		{"remove_the_line", func() error { return s.DeleteContract(t.Context(), "ada", "eve", secondLine(f)) }, ""},
		{"remove_the_mistake", func() error { return s.DeleteEmployment(t.Context(), "ada", "eve", second(f)) }, ""},
		{"remove_the_last", func() error { return s.DeleteEmployment(t.Context(), "ada", "eve", "e-eve") }, "conflict last_employment"},
		{"remove_the_last_line", func() error { return s.DeleteContract(t.Context(), "ada", "eve", "c-eve") }, "conflict last_contract"},
		{"of_somebody_else", func() error { return s.DeleteEmployment(t.Context(), "ada", "eve", "e-sam") }, "not found no_employment"},
		{"line_of_somebody_else", func() error { return s.DeleteContract(t.Context(), "ada", "eve", "c-sam") }, "not found no_contract"},
	}
	for _, step := range steps {
		if err := step.do(); said(err) != step.want {
			t.Fatalf("%s: got %q, want %q", step.name, said(err), step.want)
		}
	}
}

// second returns the id of eve's employment that is not the first.
func second(f *fake) string {
	for id, e := range f.employments {
		if e.Person == "eve" && id != "e-eve" {
			return id
		}
	}
	return "none"
}

func secondLine(f *fake) string {
	for id, c := range f.contracts {
		if c.Person == "eve" && id != "c-eve" {
			return id
		}
	}
	return "none"
}

func TestSaveContract(t *testing.T) {
	for name, tt := range map[string]struct {
		line Contract
		want string
	}{
		"from_a_day":     {Contract{From: day("2026-05-01"), Pattern: "half", Package: "all"}, ""},
		"corrected":      {Contract{ID: "c-eve", From: day("2020-01-01"), Pattern: "half", Package: "all"}, ""},
		"same_day":       {Contract{From: day("2020-01-01"), Pattern: "half", Package: "all"}, "conflict from contract_taken"},
		"before":         {Contract{From: day("2019-12-31"), Pattern: "half", Package: "all"}, "invalid from contract_outside"},
		"nothing_filled": {Contract{}, "invalid from date_missing; invalid pattern pattern; invalid package package"},
		"nowhere":        {Contract{From: day("2026-05-01"), Pattern: "half", Package: "all", Location: "moon"}, "invalid location location"},
		"of_another":     {Contract{ID: "c-sam", From: day("2026-05-01"), Pattern: "half", Package: "all"}, "not found no_contract"},
	} {
		s, _ := house(t)
		tt.line.Person = "eve"
		if _, err := s.SaveContract(t.Context(), "ada", tt.line); said(err) != tt.want {
			t.Errorf("%s: got %q, want %q", name, said(err), tt.want)
		}
	}
	s, _ := house(t)
	if _, err := s.SaveContract(t.Context(), "ada", Contract{Person: "nobody"}); !errs.Is(err, errs.NotFound) {
		t.Error(err)
	}
}

// TestMove: somebody who moves to another location works there from a day on, and has worked at the
// one before until then. What they are called can be changed meanwhile, where they work only by the day.
func TestMove(t *testing.T) {
	s, f := house(t)
	f.locations["away"] = Location{ID: "away", Name: "Away", TimeZone: "Pacific/Auckland"}
	move := func(line Contract) {
		t.Helper()
		line.Person, line.Pattern, line.Package = "eve", "full", "all"
		if _, err := s.SaveContract(t.Context(), "ada", line); err != nil {
			t.Fatal(err)
		}
	}
	move(Contract{From: day("2026-03-10"), Location: "away"})
	move(Contract{From: day("2026-09-01")})              // as on that day
	move(Contract{ID: "c-eve", From: day("2020-01-01")}) // as it was
	org := mustOrganisation(t, s)
	for on, want := range map[string]string{"2019-01-01": "home", "2020-01-01": "home", "2026-03-09": "home", "2026-03-10": "away", "2026-09-01": "away", "2030-01-01": "away"} {
		if got := org.LocationOn("eve", day(on)); got != want {
			t.Errorf("on %s at %q, want %q", on, got, want)
		}
	}
	if !org.WorksAt("eve", "home") || !org.WorksAt("eve", "away") || org.WorksAt("sam", "away") {
		t.Error("who works where at some time")
	}

	r, err := s.Record(t.Context(), "ada", "eve")
	if err != nil {
		t.Fatal(err)
	}
	if all, err := s.People(t.Context(), "sam"); err != nil || r.Person.Location != "away" || !slices.ContainsFunc(all, func(p Person) bool { return p.ID == "eve" && p.Location == "away" }) {
		t.Error("today shown at", r.Person.Location)
	}
	for at, want := range map[string]string{"away": "", "": "", "home": "invalid location location_dated"} {
		p := r.Person
		p.GivenName, p.Location = "Evi"+at, at
		if err := s.SavePerson(t.Context(), "ada", p); said(err) != want {
			t.Errorf("saved as of %q: %q, want %q", at, said(err), want)
		}
	}
	if got := f.persons["eve"].Location; got != "home" {
		t.Errorf("the person's own location became %q", got)
	}
}

// TestZone: the day of a move begins where somebody worked before.
func TestZone(t *testing.T) {
	s, f := house(t)
	f.locations["away"] = Location{ID: "away", Name: "Away", TimeZone: "Pacific/Auckland"}
	f.contracts["moved"] = Contract{ID: "moved", Person: "eve", From: day("2026-03-10"), Pattern: "full", Package: "all", Location: "away"}
	org := mustOrganisation(t, s)
	for at, want := range map[string]string{"2026-03-09T22:59:59Z": "2026-03-09", "2026-03-09T23:00:00Z": "2026-03-10", "2026-03-10T11:00:00Z": "2026-03-11"} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := org.Today("eve", now); got != day(want) {
			t.Errorf("at %s it is %s, want %s", at, got, want)
		}
	}
	if got := org.Begin("eve", day("2026-03-11")).UTC().Format(time.RFC3339); got != "2026-03-10T11:00:00Z" {
		t.Error("the day after the move begins at", got)
	}
}

func TestSaveTeam(t *testing.T) {
	for name, tt := range map[string]struct {
		team Team
		want string
	}{
		"new":      {Team{Name: " Support ", Members: []ID{"sam", "sam"}, Managers: []ID{"max"}}, ""},
		"replaced": {Team{ID: "sales", Name: "Sales", Members: []ID{"sam"}}, ""},
		"no_name":  {Team{}, "invalid name name_missing"},
		"taken":    {Team{Name: "SALES"}, "conflict name name_taken"},
		"members":  {Team{Name: "X", Members: []ID{"nobody"}, Managers: []ID{"none"}}, "invalid managers no_person; invalid members no_person"},
		"unknown":  {Team{ID: "x", Name: "X"}, "not found no_team"},
	} {
		s, f := house(t)
		id, err := s.SaveTeam(t.Context(), "ada", tt.team)
		if said(err) != tt.want {
			t.Errorf("%s: got %q, want %q", name, said(err), tt.want)
		}
		if name == "new" && (f.teams[id].Name != "Support" || len(f.teams[id].Members) != 1) {
			t.Errorf("kept %+v", f.teams[id])
		}
	}
	s, f := house(t)
	if err := s.DeleteTeam(t.Context(), "ada", "sales"); err != nil || len(f.teams) != 0 {
		t.Error(err)
	}
	if err := s.DeleteTeam(t.Context(), "ada", "sales"); !errs.Is(err, errs.NotFound) {
		t.Error(err)
	}
}

func TestSaveLocation(t *testing.T) {
	for name, tt := range map[string]struct {
		l    Location
		want string
	}{
		"new":      {Location{Name: "Berlin", Region: "DE-BE", TimeZone: "Europe/Berlin"}, ""},
		"anywhere": {Location{Name: "Ship", TimeZone: "UTC"}, ""},
		"nothing":  {Location{}, "invalid name name_missing; invalid time_zone time_zone"},
		"region":   {Location{Name: "X", Region: "XX", TimeZone: "UTC"}, "invalid region region"},
		"zone":     {Location{Name: "X", TimeZone: "Europe/Nowhere"}, "invalid time_zone time_zone"},
		"path":     {Location{Name: "X", TimeZone: "../etc/passwd"}, "invalid time_zone time_zone"},
		"local":    {Location{Name: "X", TimeZone: "Local"}, "invalid time_zone time_zone"},
		"taken":    {Location{Name: "home", TimeZone: "UTC"}, "conflict name name_taken"},
		"unknown":  {Location{ID: "x", Name: "X", TimeZone: "UTC"}, "not found no_location"},
	} {
		s, _ := house(t)
		if _, err := s.SaveLocation(t.Context(), "ada", tt.l); said(err) != tt.want {
			t.Errorf("%s: got %q, want %q", name, said(err), tt.want)
		}
	}
}

func TestSavePattern(t *testing.T) {
	for name, tt := range map[string]struct{ id, name, text, want string }{
		"new":         {"", "Four", "mon-thu 9:00", ""},
		"unused":      {"half", "Half", "mon-wed", ""},
		"renamed":     {"full", "Whole", "mon-fri", ""},
		"used":        {"full", "Full time", "mon-thu", "conflict pattern pattern_used"},
		"unreadable":  {"", "X", "whenever", "invalid pattern calendar.error.pattern-days"},
		"empty":       {"", "", " ", "invalid name name_missing; invalid pattern pattern_missing"},
		"no_work":     {"", "X", "off", "invalid pattern pattern_empty"},
		"taken":       {"", "full TIME", "mon", "conflict name name_taken"},
		"unknown":     {"x", "X", "mon", "not found no_pattern"},
		"unreadable2": {"full", "Full time", "mon 25:00", "invalid pattern calendar.error.pattern"},
	} {
		s, _ := house(t)
		if _, err := s.SavePattern(t.Context(), "ada", tt.id, tt.name, tt.text); said(err) != tt.want {
			t.Errorf("%s: got %q, want %q", name, said(err), tt.want)
		}
	}
}

func TestSaveSettings(t *testing.T) {
	for name, tt := range map[string]struct {
		set  Settings
		want string
	}{
		"fine":     {Settings{Name: "Acme", Accent: "#0f766E", Language: "nl"}, ""},
		"plain":    {Settings{Name: "Acme"}, ""},
		"nothing":  {Settings{}, "invalid name name_missing"},
		"colour":   {Settings{Name: "Acme", Accent: "red"}, "invalid accent colour"},
		"colour2":  {Settings{Name: "Acme", Accent: "#12345g"}, "invalid accent colour"},
		"language": {Settings{Name: "Acme", Language: "xx"}, "invalid language language"},
	} {
		s, _ := house(t)
		if err := s.SaveSettings(t.Context(), "ada", tt.set); said(err) != tt.want {
			t.Errorf("%s: got %q, want %q", name, said(err), tt.want)
		}
	}
}
