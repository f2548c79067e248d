// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"testing"

	"verlof/calendar"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestPartlyAway: who is partly recovered is shown as partly away; how much they work those know
// who report them sick, and colleagues do not.
func TestPartlyAway(t *testing.T) {
	each(t, func(b *bureau) {
		report := leave.SickReport{Sickness: leave.Sickness{ID: "s", Person: worker(0), From: day("2026-02-02"),
			Recovery: []leave.Recovery{{From: day("2026-02-23"), Percent: 40}}}, ReportedBy: worker(0), ReportedAt: 1}
		if err := b.db.Update(b.Context(), func(tx *store.Tx) error { return tx.SaveSickReport(report) }); err != nil {
			b.Fatal(err)
		}
		for who, percent := range map[people.ID]int{storetest.Boss: 40, worker(0): 40, storetest.Admin: 40, worker(1): 0} {
			for on, partly := range map[string]bool{"2026-02-20": false, "2026-03-02": true} {
				away, err := b.AwayOn(b.Context(), who, day(on))
				want := 0
				if partly {
					want = percent
				}
				if err != nil || len(away) != 1 || away[0].Partly != partly || away[0].Works != want {
					b.Errorf("%s on %s: %v, %+v", who, on, err, away)
				}
			}
		}
		c, err := b.Chart(b.Context(), worker(1), "team", calendar.Range{From: day("2026-02-16"), To: day("2026-03-02")})
		if err != nil {
			b.Fatal(err)
		}
		for _, row := range c.Teams[0].Rows {
			if row.Person.ID == worker(0) && (row.Days[0].Morning == 0 || row.Days[14].Morning != 0 || row.Days[14].Afternoon == 0) {
				b.Errorf("the chart: %+v", row.Days)
			}
		}
	})
}
