// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
)

// TestLeftsOpen: what a change does to leave that is due from the first day taken shows before any is taken, and where
// its window is open it counts once.
func TestLeftsOpen(t *testing.T) {
	rule := EventRule{Kind: FirstDay, Weeks: true, Within: Term{Months: 12}, Paid: 70}
	b, f := book(Terms{Amount: exact.Int(2), Event: rule}), worker("2024-01-01")
	days := []calendar.Date{calendar.MustParse("2026-01-05"), calendar.MustParse("2026-03-01"), calendar.MustParse("2027-03-01")}
	if got := b.lefts(f, holiday, days); !got[0].Equal(exact.Int(10)) || !got[1].Equal(exact.Int(10)) || !got[2].Equal(exact.Int(10)) {
		t.Errorf("nothing taken: %v", got)
	}
	taken := Span{From: calendar.MustParse("2026-02-10"), To: calendar.MustParse("2026-02-13")}
	f.Requests = []Request{{ID: "r", Type: holiday.ID, Span: taken, State: Approved}}
	f.Requests[0].Charges, _ = b.Count(f, holiday, taken)
	if got := b.lefts(f, holiday, days); !got[0].Equal(exact.Int(10)) || !got[1].Equal(exact.Int(6)) || !got[2].Equal(exact.Int(10)) {
		t.Errorf("four days taken: %v", got)
	}
}
