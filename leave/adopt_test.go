// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
)

// TestAdopt: what a law gives is taken over whole or not at all.
func TestAdopt(t *testing.T) {
	pin := Pin{Law: "NL", Rule: "holiday", Dated: calendar.On(2022, 8, 2), Extra: exact.Int(5)}
	holiday := Adopted{Type: Type{Name: "Statutory holiday", Colour: 4, Unit: Days, Counting: WorkingTime, Entitled: true}, Terms: good, Pin: pin}
	into := func(id string) Adopted { a := holiday; a.Type.ID = id; return a }
	sick := Adopted{Type: Type{ID: "sick", Unit: Days}, Pin: Pin{Law: "NL", Rule: "sickness"}}
	hours := into("new")
	hours.Type.Unit = Hours
	taken := holiday
	taken.Type.Name = "HOLIDAY"
	bad := holiday
	bad.Terms.Amount = exact.Int(-1)
	for name, tt := range map[string]struct {
		a    Adoption
		want string
	}{
		"new_package":     {Adoption{Package: Package{Name: "Netherlands"}, Rules: []Adopted{holiday, sick}}, ""},
		"from_a_day":      {Adoption{Package: Package{ID: "all"}, From: calendar.On(2027, 1, 1), Rules: []Adopted{into("holiday")}}, ""},
		"another_type":    {Adoption{Package: Package{ID: "all"}, Rules: []Adopted{into("new")}}, ""},
		"policy_is_there": {Adoption{Package: Package{ID: "all"}, Rules: []Adopted{into("holiday")}}, "conflict type-holiday policy_taken"},
		"same_type_twice": {Adoption{Package: Package{Name: "N"}, Rules: []Adopted{into("new"), into("new")}}, "conflict type-holiday policy_taken"},
		"other_unit":      {Adoption{Package: Package{ID: "all"}, Rules: []Adopted{hours}}, "conflict type-holiday law_other_type"},
		"name_taken":      {Adoption{Package: Package{ID: "all"}, Rules: []Adopted{taken}}, "conflict type-holiday people.error.name_taken"},
		"package_taken":   {Adoption{Package: Package{Name: "everybody"}, Rules: []Adopted{holiday}}, "conflict name people.error.name_taken"},
		"no_package":      {Adoption{Package: Package{ID: "x"}, Rules: []Adopted{holiday}}, "invalid package people.error.package"},
		"nothing":         {Adoption{Package: Package{ID: "all"}}, "invalid rules no_rules"},
		"one_is_bad":      {Adoption{Package: Package{Name: "N"}, Rules: []Adopted{into("new"), bad}}, "invalid type-holiday amount_range"},
		"far_day":         {Adoption{Package: Package{ID: "all"}, From: calendar.On(1066, 10, 14), Rules: []Adopted{holiday}}, "invalid from people.error.date_far"},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := settings()
			types, policies := len(r.types), len(r.policies)
			pkg, err := s.Adopt(t.Context(), "ada", tt.a)
			if said(err) != tt.want {
				t.Fatalf("got %q, want %q", said(err), tt.want)
			}
			if err != nil {
				if len(r.types) != types || len(r.policies) != policies || len(r.packages) != 1 {
					t.Error("something was written all the same")
				}
				return
			}
			last := r.policies[len(r.policies)-1]
			if last.Package != pkg || last.Law != pin || last.From != tt.a.From || !last.Terms.Equal(&good) {
				t.Errorf("package %s got %+v", pkg, last)
			}
		})
	}
}

// TestAdoptBeforeAnother: what holds until another policy begins is not taken over as if it held now.
func TestAdoptBeforeAnother(t *testing.T) {
	for from, want := range map[calendar.Date]string{
		0:                         "conflict type-holiday policy_later",
		calendar.On(2025, 12, 31): "conflict type-holiday policy_later",
		calendar.On(2026, 1, 1):   "conflict type-holiday policy_taken",
		calendar.On(2026, 1, 2):   "",
	} {
		s, r := settings()
		r.policies[0].From = calendar.On(2026, 1, 1)
		holiday := Adopted{Type: r.types[0], Terms: good, Pin: Pin{Law: "NL", Rule: "holiday", Dated: calendar.On(2022, 8, 2)}}
		if _, err := s.Adopt(t.Context(), "ada", Adoption{Package: r.packages[0], From: from, Rules: []Adopted{holiday}}); said(err) != want {
			t.Errorf("from %s: %q, want %q", from, said(err), want)
		}
	}
}

// TestAdoptNeedsAdministrator: the rules are not everybody's to make.
func TestAdoptNeedsAdministrator(t *testing.T) {
	s, r := settings()
	_, err := s.Adopt(t.Context(), "eve", Adoption{Package: Package{Name: "N"}})
	if err == nil || r.revision > 1 {
		t.Errorf("revision %d, %v", r.revision, err)
	}
}
