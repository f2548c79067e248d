// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
)

// TestCarriedOnce carries leave of two classes over from one year: one line says so until one
// day, and another until another.
func TestCarriedOnce(t *testing.T) {
	on, until := calendar.MustParse("2027-01-01"), calendar.MustParse("2027-06-30")
	for _, at := range []calendar.Date{on, on.AddDays(-1)} { // so already, and not yet
		l := &ledger{at: at}
		c := &carry{date: on, terms: &CarryOver{}}
		l.carried(c, &bucket{Bucket: Bucket{Year: 2026, Class: Extra}}, exact.Int(3), until, true)
		l.carried(c, &bucket{Bucket: Bucket{Year: 2026, Class: Statutory}}, exact.Int(2), until, true)
		l.carried(c, &bucket{Bucket: Bucket{Year: 2026}}, exact.Int(1), until.AddDays(1), true)
		l.carried(c, &bucket{Bucket: Bucket{Year: 2025}}, exact.Int(4), until.AddDays(1), true)
		lines := append(l.lines, l.ahead...)
		if len(lines) != 3 || lines[0].Amount != exact.Int(5) || len(l.buckets) != 4 {
			t.Errorf("at %s: %d buckets, lines %v", at, len(l.buckets), lines)
		}
	}
}
