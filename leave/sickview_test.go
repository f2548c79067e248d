// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
)

// TestDiscreet: a line tells who may know the balance alone nothing of sickness, and
// the rest as it is; the statement that others read stays whole.
func TestDiscreet(t *testing.T) {
	since, until := calendar.On(2025, 1, 6), calendar.On(2027, 3, 31)
	why := []Reason{
		{"carried", []any{"year", 2025}},
		{"longer_sick", []any{"since", since, "date", until}},
		{"sick_given_back_day", []any{"date", since}},
	}
	lines := []Line{{Why: why}}
	discreet(lines)
	var keys []string
	for _, r := range lines[0].Why {
		keys = append(keys, r.Key)
	}
	if diff := cmp.Diff([]string{"carried", "longer_away", "by_terms"}, keys); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if why[1].Key != "longer_sick" || len(lines[0].Why[1].Args) != 4 {
		t.Errorf("what others read was changed, or the dates are gone: %+v, %+v", why, lines[0].Why)
	}
}
