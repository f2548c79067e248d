// SPDX-License-Identifier: Apache-2.0

package work

import (
	"strings"
	"testing"

	"verlof/internal/lang"
)

// TestLeaverLaw: the statement of a leaver names the law of the country in which they worked last, and no other's.
func TestLeaverLaw(t *testing.T) {
	for _, tag := range lang.Tags() {
		l := lang.For(tag)
		for region, want := range map[string][2]bool{"DE-BY-AUGS": {true, false}, "DE": {true, false}, "NL": {false, true}, "GB-ENG": {}, "": {}} {
			s := leaverLaw(l, region)
			if got := [2]bool{strings.Contains(s, "BUrlG"), strings.Contains(s, "7:641")}; got != want || strings.Contains(s, "leaver.") {
				t.Errorf("%s, in %q: %s", tag, region, s)
			}
		}
	}
}
