// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"fmt"
	"testing"

	"verlof/leave"
	"verlof/people"
	"verlof/store/storetest"
)

// TestTeamFeed: a feed of a team has the leave of its members and of nobody else, by name and day, whether they are few, of whom
// leave is read one by one, or many.
func TestTeamFeed(t *testing.T) {
	db := customer(t, "sqlite:"+t.TempDir(), 501, 25)
	s := service(db)
	last := storetest.Worker(500)
	err := db.Leave().Update(t.Context(), func(tx leave.Tx) error {
		return tx.SaveTeam(people.Team{ID: "two", Name: "Two", Members: []people.ID{storetest.Worker(0), last}, Managers: []people.ID{storetest.Boss}})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []leave.Ask{ask(last, "2026-06-08", "2026-06-09"), ask(storetest.Worker(0), "2026-07-01", "2026-07-01"), ask(storetest.Worker(1), "2026-06-01", "2026-06-01"),
		ask(storetest.Worker(0), "2026-06-15", "2026-06-15"), ask(storetest.Boss, "2026-06-02", "2026-06-02")} {
		if _, err := s.Submit(t.Context(), storetest.Admin, a); err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.ReportSick(t.Context(), storetest.Boss, leave.SickAsk{Person: last, From: ask(last, "2026-03-02", "2026-03-02").From})
	if err != nil {
		t.Fatal(err)
	}
	for team, want := range map[string]string{
		"two":  "[worker0 2026-06-15 worker0 2026-07-01 worker500 2026-03-02 worker500 2026-06-08]",
		"team": "[worker0 2026-06-15 worker0 2026-07-01 worker1 2026-06-01 worker500 2026-03-02 worker500 2026-06-08]",
	} {
		f, err := s.TeamFeed(t.Context(), storetest.Boss, team)
		var got []string
		for _, a := range f.Absences {
			got = append(got, string(a.Person.ID)+" "+a.From.String())
		}
		if err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v, %v\nwant %s", team, got, err, want)
		}
	}
}
