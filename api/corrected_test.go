// SPDX-License-Identifier: Apache-2.0

package api

import (
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
)

// TestDaysAreCorrected: the days of approved leave are what they cost by now, and add up to its cost.
func TestDaysAreCorrected(t *testing.T) {
	on := calendar.MustParse
	r := leave.Request{ID: "r", State: leave.Approved,
		Charges:     []leave.Charge{{Date: on("2026-06-01"), Minutes: 480, Days: exact.Int(1)}, {Date: on("2026-06-02"), Minutes: 480, Days: exact.Int(1)}},
		Corrections: []leave.Correction{{Date: on("2026-06-02"), Minutes: -480, Days: exact.Int(-1), Cause: leave.BecameOff}}}
	c := &call{lang: lang.For("en")}
	out := c.detail(leave.Detail{Request: r, Type: leave.Type{Unit: leave.Days}, Cost: leave.Total(r.Costs(), leave.Days)})
	minutes := 0
	for _, d := range out.Days {
		minutes += d.Minutes
	}
	if minutes != 480 || !out.Cost.Value.Equal(exact.Int(1)) {
		t.Errorf("days of %d minutes, cost %+v", minutes, out.Cost)
	}
}
