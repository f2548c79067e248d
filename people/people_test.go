// SPDX-License-Identifier: Apache-2.0

package people

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
)

func TestContractUntil(t *testing.T) {
	on := calendar.MustParse
	r := Record{
		Employments: []Employment{{From: on("2026-01-01"), To: on("2026-03-31")}, {From: on("2026-06-01")}},
		Contracts:   []Contract{{ID: "one", From: on("2026-01-15")}, {ID: "two", From: on("2026-02-01")}},
	}
	tests := []struct {
		name, on, contract, until string
	}{
		{"not_employed_yet", "2025-12-01", "", "2025-12-31"},
		{"no_line_yet", "2026-01-01", "", "2026-01-14"},
		{"first_line", "2026-01-15", "one", "2026-01-31"},
		{"second_line", "2026-02-01", "two", "2026-03-31"},
		{"last_day", "2026-03-31", "two", "2026-03-31"},
		{"gap", "2026-04-01", "", "2026-05-31"},
		{"back", "2026-06-01", "two", "2026-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, until, ok := r.ContractUntil(on(tt.on), on("2026-12-31"))
			if c.ID != tt.contract || until != on(tt.until) || ok != (tt.contract != "") {
				t.Errorf("got %q until %s, %t; want %q until %s", c.ID, until, ok, tt.contract, tt.until)
			}
			if c, ok := r.ContractOn(on(tt.on)); c.ID != tt.contract || ok != (tt.contract != "") {
				t.Errorf("on that day %q, %t", c.ID, ok)
			}
		})
	}
}

func TestTidy(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " ": "", "Ana": "Ana", "Ana Vries": "Ana Vries", " Ana  Vries ": "Ana Vries", "Ana ": "Ana",
		"Ana\tVries\n": "Ana Vries", "Be\u0301n": "B\u00e9n", "Ana\u00a0Vries": "Ana Vries", "A\x00na\x7f": "Ana", "A\xffna": "Ana",
	} {
		if got := Tidy(in); got != want {
			t.Errorf("Tidy(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestOrganisation_teams: members stand in the order of names.
func TestOrganisation_teams(t *testing.T) {
	o := &Organisation{Order: []ID{"zoe", "ana", "bas"}, Teams: []Team{{Members: []ID{"ana", "bas", "zoe"}}, {Members: []ID{"bas", "zoe"}}}}
	o.arrange()
	if got := o.Teams[0].Members; !slices.Equal(got, o.Order) {
		t.Errorf("got %v, want %v", got, o.Order)
	}
	if got := o.Teams[1].Members; !slices.Equal(got, []ID{"zoe", "bas"}) {
		t.Errorf("got %v", got)
	}
}

// TestOrganisation_viewer: looking at the teams that somebody has to do with shows
// the same as looking at all.
func TestOrganisation_viewer(t *testing.T) {
	o := &Organisation{Order: []ID{"ana", "bas", "zoe", "alone"}, Records: map[ID]*Record{}, Teams: []Team{
		{ID: "one", Members: []ID{"ana", "bas"}, Managers: []ID{"bas"}},
		{ID: "two", Members: []ID{"bas", "zoe"}, Managers: []ID{"ana"}},
		{ID: "three", Members: []ID{"zoe"}, Managers: []ID{"ana", "bas"}},
	}}
	o.arrange()
	for _, id := range o.Order {
		o.Records[id] = &Record{Person: Person{ID: id, Active: true}}
		got, err := o.Viewer(id)
		if want := NewViewer(Person{ID: id, Active: true}, o.Teams); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v; want %+v", id, got, err, want)
		}
	}
	if mates := o.TeamMates("bas"); !maps.Equal(mates, map[ID]bool{"ana": true, "zoe": true}) {
		t.Errorf("mates %v", mates)
	}
}

// TestBegin: a day begins at midnight where somebody works, and later where clocks are put
// forward at midnight: the instant is on that day, and the one before it is not.
func TestBegin(t *testing.T) {
	for zone, days := range map[string]string{
		"Europe/Amsterdam": "2026-03-29 2026-10-25", "Africa/Cairo": "2026-04-24 2026-04-25 2026-10-30", "Asia/Beirut": "2026-03-29",
		"America/Sao_Paulo": "2018-11-04", "America/Havana": "2026-03-08", "UTC": "2024-02-29",
	} {
		_, f := house(t)
		f.locations["home"] = Location{ID: "home", Name: "Home", TimeZone: zone}
		tx := f.clone()
		o, err := ReadOrganisation(&tx)
		if err != nil {
			t.Fatal(err)
		}
		for day := range strings.FieldsSeq(days) {
			begin := o.Begin("eve", calendar.MustParse(day))
			if o.Today("eve", begin).String() != day || o.Today("eve", begin.Add(-time.Second)).String() == day {
				t.Errorf("%s begins at %s in %s", day, begin, zone)
			}
		}
	}
}
