// SPDX-License-Identifier: Apache-2.0

package work

import (
	"testing"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
)

// TestFileNumber: what is for a spreadsheet has the minus that spreadsheets read.
func TestFileNumber(t *testing.T) {
	nl := lang.For("nl")
	for _, c := range []struct {
		amount exact.Rat
		unit   leave.Unit
		want   string
	}{{exact.New(-5, 2), leave.Days, "-2,5"}, {exact.Int(-90), leave.Hours, "-1,5"}, {exact.Int(0), leave.Days, "0"}} {
		if got := fileNumber(nl, c.amount, c.unit); got != c.want {
			t.Errorf("%s: got %q, want %q", c.amount, got, c.want)
		}
	}
}
