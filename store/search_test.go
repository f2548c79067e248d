// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/leave"
	"verlof/store/storetest"
)

// TestSearch: a search finds what is looked for, in whatever state, and nothing of
// those whose leave the seeker may not know.
func TestSearch(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 3, 25)
		s := service(db)
		asked := s.Now()
		s.Now = func() time.Time { asked = asked.Add(time.Second); return asked }
		book := func(i int, from, to string) string {
			r, err := s.Submit(t.Context(), storetest.Worker(i), ask(storetest.Worker(i), from, to))
			if err != nil {
				t.Fatal(err)
			}
			return r.ID
		}
		june, july, other := book(0, "2026-06-01", "2026-06-02"), book(0, "2026-07-06", "2026-07-07"), book(1, "2026-06-01", "2026-06-01")
		if err := s.Withdraw(t.Context(), storetest.Worker(0), june); err != nil {
			t.Fatal(err)
		}
		find := func(name string, by int, q leave.Search, want ...string) {
			t.Helper()
			list, err := s.Search(t.Context(), storetest.Worker(by), q)
			if err != nil || len(list) != len(want) {
				t.Fatalf("%s: %v, %v", name, list, err)
			}
			for i := range want {
				if list[i].ID != want[i] {
					t.Errorf("%s: %d is %s, want %s", name, i, list[i].ID, want[i])
				}
			}
		}
		find("own", 0, leave.Search{}, july, june)
		find("from", 0, leave.Search{From: calendar.MustParse("2026-06-03")}, july)
		find("to", 0, leave.Search{To: calendar.MustParse("2026-07-05")}, june)
		find("state", 0, leave.Search{State: leave.Withdrawn}, june)
		find("type", 0, leave.Search{Type: "another"})
		find("theirs", 1, leave.Search{}, other)
		if _, err := s.Search(t.Context(), storetest.Worker(1), leave.Search{Person: storetest.Worker(0)}); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		all, err := s.Search(t.Context(), storetest.Admin, leave.Search{})
		if err != nil || len(all) != 3 {
			t.Errorf("everybody's: %v, %v", all, err)
		}
	})
}
