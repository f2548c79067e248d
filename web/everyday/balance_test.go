// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
)

// TestCameOver: what came over is shown as it is had, with how that comes about where it is not all that was left, and the
// tiles add up to the balance.
func TestCameOver(t *testing.T) {
	first := calendar.MustParse("2026-01-01")
	line := func(kind leave.LineKind, amount int64) leave.Line {
		return leave.Line{Date: first, Kind: kind, Amount: exact.Int(amount)}
	}
	for _, tt := range []struct {
		name            string
		carried         int64 // what a statement says: what lapses as the year begins is off it already
		lines           []leave.Line
		over, note, not string
	}{
		{"all of it", 5, nil, "5", "", "Corrected"},
		{"too much", 5, []leave.Line{line(leave.LineLapsed, -2)}, "5", "7 days left at the end of the year before, −2 days not carried over", "Corrected"},
		{"corrected", 7, []leave.Line{line(leave.LineCorrection, -2)}, "5", "7 days left at the end of the year before, −2 days corrected since", "Corrected"},
		{"both", 2, []leave.Line{line(leave.LineCorrection, 3), line(leave.LineLapsed, -5)}, "5",
			"7 days left at the end of the year before, +3 days corrected since, −5 days not carried over", "Corrected"},
		{"to nothing", 5, []leave.Line{line(leave.LineCorrection, -5)}, "0", "5 days left at the end of the year before, −5 days corrected since", "Corrected"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := leave.Statement{Unit: leave.Days, Year: calendar.Range{From: first, To: first.AddYears(1).AddDays(-1)}, Lines: tt.lines, Carried: exact.Int(tt.carried)}
			for i := range s.Lines {
				if s.Lines[i].Kind == leave.LineCorrection {
					s.Corrected = s.Corrected.Add(s.Lines[i].Amount)
				}
			}
			found := false
			for _, x := range tilesOf(lang.For("en"), &s) {
				if x.Label == tt.not {
					t.Errorf("%q is shown apart", x.Label)
				}
				if x.Label == "Carried over" {
					found = true
					if x.Value != tt.over || x.Note != tt.note {
						t.Errorf("%s: %q, want %s: %q", x.Value, x.Note, tt.over, tt.note)
					}
				}
			}
			if !found {
				t.Error("nothing is said to have come over")
			}
		})
	}
}
