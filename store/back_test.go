// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestLeaverComesBack: what somebody had left on the last day is still told once they are back, with
// the day from which it counts on.
func TestLeaverComesBack(t *testing.T) {
	each(t, func(b *bureau) {
		who, back := worker(0), calendar.MustParse("2026-09-01")
		b.leaves(who, "2026-06-30")
		before, err := b.Leaver(b.Context(), storetest.Admin, who)
		if err != nil || before.Unpaid() || len(before.Lines) == 0 || before.Lines[0].PayOut.Sign() <= 0 {
			b.Fatalf("left: %+v, %v", before, err)
		}
		update(b.T, b.db, func(tx *store.Tx) error {
			return tx.SaveEmployment(people.Employment{ID: "again", Person: who, From: back})
		})
		all, err := b.Leavers(b.Context(), storetest.Admin, calendar.MustParse("2026-01-01"))
		if err != nil || len(all) != 1 {
			b.Fatalf("%d leavers, %v", len(all), err)
		}
		after := all[0]
		if after.Back != back || !after.Unpaid() || after.Employment.To != calendar.MustParse("2026-06-30") || !after.Lines[0].PayOut.Equal(before.Lines[0].PayOut) {
			b.Errorf("back on %s: %s of %s, before %s", after.Back, after.Lines[0].PayOut, after.Employment.To, before.Lines[0].PayOut)
		}
		if one, err := b.Leaver(b.Context(), storetest.Admin, who); err != nil || one.Back != back {
			b.Errorf("alone: back on %s, %v", one.Back, err)
		}
		s, err := b.Statement(b.Context(), who, who, storetest.Holiday, back.AddDays(-1))
		if err != nil || !s.Balance.Equal(after.Lines[0].PayOut) || s.Balance.Equal(exact.Int(0)) {
			b.Errorf("before they are back %s is left, %v", s.Balance, err)
		}
	})
}
