// SPDX-License-Identifier: Apache-2.0

package people

import "testing"

// TestGrantsAgree: what is told of who may what is what Viewer decides, for every right of
// everybody over everybody.
func TestGrantsAgree(t *testing.T) {
	s, f := house(t)
	f.teams["board"] = Team{ID: "board", Name: "Board", Members: []ID{"ada", "eve"}}
	f.roles["hr"] = Role{ID: "hr", Name: "HR", Rights: Set(DecideLeave, FollowSickness), Teams: []string{"board", "gone"}}
	f.roles["all"] = Role{ID: "all", Name: "All", Rights: Set(KeepYears), Everybody: true}
	f.with("sam", Auditor, "hr")
	f.with("eve", SicknessOfficer, "all")
	o := mustOrganisation(t, s)
	for _, of := range o.Order {
		told := map[ID]Rights{}
		list, err := s.Accesses(t.Context(), "sam", of) // an auditor may ask
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			told[a.Person.ID] = a.Rights()
		}
		for _, by := range o.Order {
			if by == of || !o.Person(by).Active {
				continue
			}
			v, err := o.Viewer(by)
			if err != nil {
				t.Fatal(err)
			}
			for r := range AllRights.All() {
				if r.OverPersons() && v.Over(r, of) != told[by].Has(r) {
					t.Errorf("%s over %s, %s: told %v", by, of, r, told[by].Has(r))
				}
			}
		}
	}
}

func TestWhoAsksOfAccess(t *testing.T) {
	s, _ := house(t)
	for _, tt := range []struct {
		by, of ID
		want   string
	}{{"eve", "eve", ""}, {"ada", "eve", ""}, {"max", "eve", "not found no_person"}, {"eve", "max", "not found no_person"}, {"ada", "none", "not found no_person"}} {
		if _, err := s.Accesses(t.Context(), tt.by, tt.of); said(err) != tt.want {
			t.Errorf("%s asks who may what about %s: %v", tt.by, tt.of, err)
		}
		if _, err := s.Grants(t.Context(), tt.by, tt.of); said(err) != tt.want {
			t.Errorf("%s asks what %s may: %v", tt.by, tt.of, err)
		}
	}
	if _, err := s.AllGrants(t.Context(), "max"); said(err) != "forbidden no_right" {
		t.Error(err)
	}
}
