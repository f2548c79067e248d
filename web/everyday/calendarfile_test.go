// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/leave"
)

// TestCalendarFile: leave is written with the day after its last one, hours have no zone, and half a
// day blocks nothing.
func TestCalendarFile(t *testing.T) {
	day := func(from, to string, first calendar.Portion) leave.Span {
		return leave.Span{From: calendar.MustParse(from), To: calendar.MustParse(to), First: first, Last: first}
	}
	hours := func(from, to calendar.Clock) calendar.Portion {
		return calendar.Portion{Kind: calendar.Hours, Hours: calendar.Interval{From: from, To: to}}
	}
	for name, c := range map[string]struct {
		span  leave.Span
		state leave.State
		want  []string
	}{
		"days":      {day("2026-12-30", "2026-12-31", calendar.WholeDay), leave.Approved, []string{"DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270101", "STATUS:CONFIRMED", "TRANSP:OPAQUE", "BUSYSTATUS:OOF"}},
		"leap_day":  {day("2028-02-29", "2028-02-29", calendar.WholeDay), leave.Approved, []string{"DTSTART;VALUE=DATE:20280229", "DTEND;VALUE=DATE:20280301"}},
		"pending":   {day("2026-12-30", "2026-12-30", calendar.WholeDay), leave.Pending, []string{"STATUS:TENTATIVE", "BUSYSTATUS:TENTATIVE"}},
		"hours":     {day("2026-10-25", "2026-10-25", hours(9*60, 12*60+30)), leave.Approved, []string{"DTSTART:20261025T090000", "DTEND:20261025T123000"}},
		"to_24":     {day("2026-12-31", "2026-12-31", hours(22*60, calendar.Midnight)), leave.Approved, []string{"DTSTART:20261231T220000", "DTEND:20270101T000000"}},
		"afternoon": {day("2026-10-26", "2026-10-26", calendar.AfternoonHalf), leave.Approved, []string{"DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261027", "TRANSP:TRANSPARENT", "BUSYSTATUS:FREE"}},
	} {
		got := calendarFile(&leave.Request{ID: "r", Span: c.span, State: c.state, AskedAt: 1_767_225_600_000_000}, "Holiday", "acme.example")
		for _, want := range append(c.want, "BEGIN:VCALENDAR", "UID:r@acme.example", "DTSTAMP:20260101T000000Z", "END:VCALENDAR") {
			if !strings.Contains(got, want+"\r\n") {
				t.Errorf("%s: lacks %q in\n%s", name, want, got)
			}
		}
	}
	long := calendarFile(&leave.Request{Span: day("2026-12-30", "2026-12-30", calendar.WholeDay)}, `Ä;b,c\d`+strings.Repeat("é", 60)+"\nSTATUS:x", "h")
	if joined := strings.ReplaceAll(long, "\r\n ", ""); !strings.Contains(joined, `SUMMARY:Ä\;b\,c\\d`+strings.Repeat("é", 60)+`\nSTATUS:x`+"\r\n") {
		t.Errorf("a long title is\n%s", long)
	}
	for line := range strings.SplitSeq(long, "\r\n") {
		if len(line) > foldAt || !strings.HasPrefix(line, " ") && strings.ContainsRune(line, '�') {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
}
