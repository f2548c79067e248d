// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"testing"

	"verlof/internal/lang"
	"verlof/people"
	"verlof/web/page"
)

// TestFirstSteps: who administers a new customer is led to the first steps until they are
// taken, and nobody else is.
func TestFirstSteps(t *testing.T) {
	boss := people.Person{ID: "boss", Active: true, Roles: people.Administrator}
	other := people.Person{ID: "other", Active: true}
	led := people.Team{ID: "sales", Managers: []people.ID{"other"}}
	for name, c := range map[string]struct {
		by    people.Person
		teams []people.Team
		here  int
		left  []string // keys of the steps that are left; nil: no steps are shown
	}{
		"new":              {boss, nil, 1, []string{"people", "decide"}},
		"people are there": {boss, nil, 2, []string{"decide"}},
		"nobody leads":     {boss, []people.Team{{ID: "sales"}}, 2, []string{"decide"}},
		"a team alone":     {boss, []people.Team{led}, 1, []string{"people"}},
		"all done":         {boss, []people.Team{led}, 2, nil},
		"some lead":        {boss, []people.Team{led, {ID: "more"}}, 2, nil},
		"an employee":      {other, nil, 1, nil},
	} {
		org := &people.Organisation{Teams: c.teams, Order: []people.ID{c.by.ID},
			Records: map[people.ID]*people.Record{c.by.ID: {Person: c.by}}}
		viewer, err := org.Viewer(c.by.ID)
		if err != nil {
			t.Fatal(err)
		}
		f := firstStepsOf(&page.Visit{Lang: lang.For("en"), Viewer: viewer}, org, c.here)
		if (f == nil) != (c.left == nil) {
			t.Errorf("%s: steps %v, want %v", name, f, c.left)
			continue
		}
		var left []string
		if f != nil {
			for _, s := range f.Steps {
				if !s.Done {
					left = append(left, s.Key)
				}
			}
		}
		if len(left) != len(c.left) || (len(left) > 0 && left[0] != c.left[0]) {
			t.Errorf("%s: left are %v, want %v", name, left, c.left)
		}
	}
}
