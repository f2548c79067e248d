// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/store"
	"verlof/store/storetest"
)

// TestCorrectionsAreKept: what was corrected of approved leave is read as it was written,
// wherever requests are read, and what was written down at the approval stays beside it.
func TestCorrectionsAreKept(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx, db, who := context.Background(), customer(t, setting, 1, 20), storetest.Worker(0)
		asked, err := service(db).Submit(ctx, who, ask(who, "2026-06-01", "2026-06-05"))
		if err != nil {
			t.Fatal(err)
		}
		want := []leave.Correction{
			{Date: calendar.MustParse("2026-06-04"), Minutes: -480, Days: exact.Int(-1), Cause: leave.BecameOff, On: calendar.MustParse("2026-03-02")},
			{Date: calendar.MustParse("2026-06-05"), Minutes: 20, Days: exact.New(1, 24), Cause: leave.OtherHours, On: calendar.MustParse("2026-03-03")},
		}
		err = db.Update(ctx, func(tx *store.Tx) error {
			r, err := tx.Request(asked.ID)
			if err != nil {
				return err
			}
			r.State, r.DecidedBy, r.DecidedAt, r.Charges, r.Corrections = leave.Approved, who, 1, asked.Charges, want
			return tx.UpdateRequest(r)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(ctx, func(tx *store.Tx) error {
			one, err := tx.Request(asked.ID)
			if err != nil {
				return err
			}
			counting, err := tx.CountingRequests(who)
			if err != nil {
				return err
			}
			all, err := tx.AllCounting()
			if err != nil {
				return err
			}
			for _, r := range []leave.Request{one, counting[0], all[who][0]} {
				if diff := cmp.Diff(want, r.Corrections); diff != "" || len(r.Charges) != len(asked.Charges) {
					t.Errorf("%d charges, corrections (-want +got):\n%s", len(r.Charges), diff)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
