// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"fmt"
	"strings"
	"testing"

	"verlof/calendar"
)

// TestBridges reads a row of days, Monday first: w works, . off, f public holiday, l leave.
func TestBridges(t *testing.T) {
	for _, x := range []struct{ name, days, want string }{
		{"a_thursday", "wwwfw.. wwwww..", "Fri 1: 4"},
		{"ordinary_weeks", "wwwww.. wwwww..", ""},
		{"a_part_timer_with_free_wednesdays", "ww.ww.. ww.ww..", ""},
		{"two_days_between_feasts", "wwwff.. fwwff.. ", "Tue 2: 11"},
		{"three_days_are_many", "wwwww.. fwwwf..", ""},
		{"taken_already", "wwwfl.. wwwww..", ""},
		{"leave_ends_the_run", "wwwfw.. lwwww..", "Fri 1: 4"},
		{"a_feast_on_a_free_day_is_none", "www.w.. wwwww..", ""},
		{"the_end_is_not_known", "wwwfw", ""},
		{"before_the_feast", "wwwww.. wf.ww..", "Mon 1: 5, Thu 2: 6"},
	} {
		t.Run(x.name, func(t *testing.T) {
			days := strings.ReplaceAll(x.days, " ", "")
			first := calendar.On(2026, 6, 1)
			known := calendar.Range{From: first, To: first.AddDays(len(days) - 1)}
			var got []string
			for _, b := range bridges(known, known, func(d calendar.Date) dayKind {
				return map[byte]dayKind{'w': atWork, '.': offDuty, 'f': feastDay, 'l': onLeave}[days[d-first]]
			}) {
				got = append(got, fmt.Sprintf("%.3s %d: %d", b.Leave.From.Weekday(), b.Leave.To-b.Leave.From+1, b.Off.To-b.Off.From+1))
			}
			if got := strings.Join(got, ", "); got != x.want {
				t.Errorf("%s: got %q, want %q", days, got, x.want)
			}
		})
	}
}
