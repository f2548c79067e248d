// SPDX-License-Identifier: Apache-2.0

package view

import (
	"testing"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
)

// TestEntry: the title of leave in somebody's calendar says what the entry itself does not: which
// half of a day, and which parts of several. Its day and its hours an app shows anyway.
func TestEntry(t *testing.T) {
	day := calendar.MustParse
	hours := calendar.Between(13*60, 15*60)
	morning, afternoon := calendar.MorningHalf, calendar.AfternoonHalf
	for _, tt := range []struct {
		span leave.Span
		want string
		free bool
	}{
		{leave.Span{From: day("2026-03-03"), To: day("2026-03-03")}, "Vakantie", false},
		{leave.Span{From: day("2026-03-03"), To: day("2026-03-03"), First: hours}, "Vakantie", false},
		{leave.Span{From: day("2026-03-03"), To: day("2026-03-03"), First: afternoon}, "Vakantie (middag)", true},
		{leave.Span{From: day("2026-03-02"), To: day("2026-03-06")}, "Vakantie", false},
		{leave.Span{From: day("2026-03-02"), To: day("2026-03-06"), First: afternoon}, "Vakantie (2 mrt (middag) – 6 mrt 2026)", false},
		{leave.Span{From: day("2026-03-02"), To: day("2026-03-06"), Last: morning}, "Vakantie (2 mrt – 6 mrt 2026 (ochtend))", false},
	} {
		e := Entry(lang.For("nl"), tt.span, "Vakantie")
		if e.Title != tt.want || e.Free != tt.free || tt.span.First == hours && e.Hours != hours.Hours {
			t.Errorf("%v: %q, free %t, want %q", tt.span, e.Title, e.Free, tt.want)
		}
	}
}
