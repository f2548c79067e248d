// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestOverview: the balances of all agree with the statement of each, add up, and
// are told to those alone who may know them.
func TestOverview(t *testing.T) {
	ctx := context.Background()
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 3, 25)
		s := service(db)
		for i, days := range []string{"2026-02-03", "2026-05-05"} {
			if _, err := s.Submit(ctx, storetest.Worker(i), ask(storetest.Worker(i), "2026-02-02", days)); i == 0 && err != nil {
				t.Fatal(err)
			}
		}
		err := s.Adjust(ctx, storetest.Admin, leave.Adjustment{Person: storetest.Worker(0), Type: storetest.Holiday,
			Date: calendar.MustParse("2026-01-05"), Amount: exact.New(3, 2), Reason: "moved"}, false)
		if err != nil {
			t.Fatal(err)
		}
		gone := people.Employment{ID: "e-worker2", Person: storetest.Worker(2), From: calendar.MustParse("2020-01-01"), To: calendar.MustParse("2026-01-31")}
		update(t, db, func(tx *store.Tx) error { return tx.SaveEmployment(gone) })
		at := calendar.MustParse("2026-03-02")
		found, err := s.Overview(ctx, storetest.Boss, at, "")
		if err != nil {
			t.Fatal(err)
		}
		lines := map[people.ID]leave.Totals{}
		for _, x := range found.Lines {
			lines[x.Person.ID] = x.Totals
		}
		if len(lines) != 4 { // the team and Boss
			t.Errorf("%d people, want 4", len(lines))
		}
		w := lines[storetest.Worker(0)]
		one, err := s.Statement(ctx, storetest.Boss, storetest.Worker(0), storetest.Holiday, at)
		if err != nil || !one.Totals().Left.Equal(w.Left) || !w.Balance.Equal(one.Balance) || !w.Minutes.Equal(one.Balance.Mul(exact.Int(480))) {
			t.Errorf("the line has %s left, %s on the day, worth %s; the statement %s (%v)", w.Left, w.Balance, w.Minutes, one.Balance, err)
		}
		if w.Entitled.String() != "53/2" || w.Pending.String() != "2" || !w.Left.Equal(w.Entitled.Add(w.Carried).Sub(w.Pending).Sub(w.Lost)) {
			t.Errorf("got %+v", w)
		}
		if w := lines[storetest.Worker(2)]; w.Balance.Sign() <= 0 || !w.Minutes.Equal(w.Balance.Mul(exact.Int(480))) {
			t.Errorf("who has left has %s days, worth %s minutes", w.Balance, w.Minutes)
		}
		var sum exact.Rat
		for _, x := range lines {
			sum = sum.Add(x.Left)
		}
		if len(found.Sums) != 1 || !found.Sums[0].Left.Equal(sum) || found.Sums[0].People != 4 {
			t.Errorf("sums %+v, want %s left", found.Sums, sum)
		}
		if _, err := s.Overview(ctx, storetest.Worker(0), at, ""); !errs.Is(err, errs.Forbidden) {
			t.Errorf("told to a worker: %v", err)
		}
		if _, err := s.Overview(ctx, storetest.Boss, at, "other"); !errs.Is(err, errs.NotFound) {
			t.Errorf("of a team that is not there: %v", err)
		}
	})
}
