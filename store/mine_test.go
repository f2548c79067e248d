// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"errors"
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestMineCountsAgain: leave that waits is listed with what it costs as hours are now, as its own
// page and the balance have it; leave that was approved with what was written down.
func TestMineCountsAgain(t *testing.T) {
	each(t, func(b *bureau) {
		who := worker(0)
		b.granted(who, "2026-06-01", "2026-06-05")
		b.asks(who, "2026-07-06", "2026-07-10")
		err := b.db.Update(b.Context(), func(tx *store.Tx) error {
			return errors.Join(tx.SavePattern(people.Pattern{ID: "three", Name: "Three days", Pattern: calendar.MustParsePattern("mon-wed")}),
				tx.SaveContract(people.Contract{ID: "three", Person: who, From: calendar.MustParse("2026-05-01"), Pattern: "three", Package: "all"}))
		})
		if err != nil {
			b.Fatal(err)
		}
		all, err := b.Mine(b.Context(), who, who)
		if err != nil || len(all) != 2 {
			b.Fatalf("%d requests, %v", len(all), err)
		}
		for i, want := range []int64{3, 5} {
			if got := leave.Total(all[i].Costs(), leave.Days); !got.Equal(exact.Int(want)) {
				b.Errorf("%s, %s, costs %s days, want %d", all[i].From, all[i].State, got, want)
			}
		}
		d, err := b.Detail(b.Context(), storetest.Boss, all[0].ID)
		if err != nil || !d.Cost.Equal(exact.Int(3)) {
			b.Errorf("its page has %s, %v", d.Cost, err)
		}
	})
}
