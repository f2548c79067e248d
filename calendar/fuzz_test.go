// SPDX-License-Identifier: Apache-2.0

package calendar

import "testing"

// FuzzParse: whatever is typed, reading it does not panic, and what was read is
// written and read as the same.
//
//	go test -fuzz FuzzParse -fuzztime 10m ./calendar
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "2026-02-28", "2026-02-30", "-1-1-1", "99999-01-01", "whole", "morning", "09:00-14:00", "24:00", "9:5",
		"mon-fri", "mon-fri 7:36", "mon tue wed 09:00-13:00 14:00-17:00", "mon-thu; fri morning", "from 2026-01-05: mon-fri | mon-wed", "off"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := Parse(s); err == nil {
			if again, err := Parse(d.String()); err != nil || again != d {
				t.Errorf("date %q: %v, then %v, %v", s, d, again, err)
			}
		}
		if p, err := ParsePortion(s); err == nil {
			if again, err := ParsePortion(p.String()); err != nil || again != p {
				t.Errorf("portion %q: %v, then %v, %v", s, p, again, err)
			}
		}
		if p, err := ParsePattern(s); err == nil {
			if again, err := ParsePattern(p.String()); err != nil || again.String() != p.String() {
				t.Errorf("pattern %q: %v, then %v, %v", s, p, again, err)
			}
		}
		if i, err := ParseInterval(s); err == nil && (i.To <= i.From || i.To > 24*60) {
			t.Errorf("hours %q: %v", s, i)
		}
	})
}
