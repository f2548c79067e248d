// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"testing"

	"verlof/internal/exact"
)

// TestKeptLongNumbers: what a reason says is read back, be it in numbers that nobody would
// type: fractions of years under ever other working patterns.
func TestKeptLongNumbers(t *testing.T) {
	long := exact.Int(25)
	for n := int64(1); n < 40; n++ {
		long = long.Add(exact.New(1, 1000+n))
	}
	why := []Reason{
		{"rounded_so_far", []any{"from", Amount{long, Days}, "to", Amount{exact.Int(26), Days}}},
		{"part_time_days", []any{"part", long, "of", exact.Int(5)}},
		{"share", []any{"part", Ratio{long, long.Add(exact.Int(1))}}},
	}
	c := Closing{Kept: &Kept{Lines: []Line{{Kind: LineGrant, Amount: long, Why: why}}}}
	throughText(t, c) // compares
}
