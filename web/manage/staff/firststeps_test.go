// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"slices"
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
		never int
		left  []string // keys of the steps that are left; nil: no steps are shown
	}{
		"new":              {boss, nil, 1, 0, []string{"people", "decide", "invite"}},
		"people are there": {boss, nil, 2, 1, []string{"decide", "invite"}},
		"nobody leads":     {boss, []people.Team{{ID: "sales"}}, 3, 1, []string{"decide"}},
		"a team alone":     {boss, []people.Team{led}, 1, 0, []string{"people", "invite"}},
		"all done":         {boss, []people.Team{led}, 2, 0, nil},
		"some lead":        {boss, []people.Team{led, {ID: "more"}}, 3, 1, nil},
		"an employee":      {other, nil, 1, 0, nil},
	} {
		org := &people.Organisation{Teams: c.teams, Order: []people.ID{c.by.ID},
			Records: map[people.ID]*people.Record{c.by.ID: {Person: c.by}}}
		viewer, err := org.Viewer(c.by.ID)
		if err != nil {
			t.Fatal(err)
		}
		f := firstStepsOf(&page.Visit{Lang: lang.For("en"), Viewer: viewer}, org, c.here, c.never)
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
		if !slices.Equal(left, c.left) {
			t.Errorf("%s: left are %v, want %v", name, left, c.left)
		}
	}
}
