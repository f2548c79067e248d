// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
)

// TestAbsent: a sickness is parted where the person begins to work again in part, and says how
// much; steps that were set for days after it are none.
func TestAbsent(t *testing.T) {
	day := calendar.MustParse
	r := SickReport{Sickness: Sickness{ID: "s", Person: "ana", From: day("2026-03-02"), To: day("2026-03-31"), Recovery: []Recovery{
		{From: day("2026-03-23"), Percent: 60}, {From: day("2026-03-16"), Percent: 40}, {From: day("2026-04-06"), Percent: 80}}}}
	var got []string
	for _, a := range r.absent(day("2026-03-10")) {
		got = append(got, fmt.Sprintf("%s..%s %d", a.From, a.To, a.works))
	}
	want := []string{"2026-03-02..2026-03-15 0", "2026-03-16..2026-03-22 40", "2026-03-23..2026-03-31 60"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestDiscreet: a line tells who may know the balance alone nothing of sickness, and
// the rest as it is; the statement that others read stays whole.
func TestDiscreet(t *testing.T) {
	since, until := calendar.On(2025, 1, 6), calendar.On(2027, 3, 31)
	why := []Reason{
		{"carried", []any{"year", 2025}},
		{"longer_sick", []any{"since", since, "date", until}},
		{"sick_given_back_day", []any{"date", since}},
	}
	lines := []Line{{Kind: LineGivenBack, Why: why}}
	discreet(lines)
	var keys []string
	for _, r := range lines[0].Why {
		keys = append(keys, r.Key)
	}
	if diff := cmp.Diff([]string{"carried", "longer_away", "by_terms"}, keys); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if lines[0].Kind != LineCorrection {
		t.Errorf("the line is %q, which sickness alone makes", lines[0].Kind)
	}
	if why[1].Key != "longer_sick" || len(lines[0].Why[1].Args) != 4 {
		t.Errorf("what others read was changed, or the dates are gone: %+v, %+v", why, lines[0].Why)
	}
}
