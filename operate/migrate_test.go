// SPDX-License-Identifier: Apache-2.0

package operate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/operate"
	"verlof/store/migration"
	"verlof/tenant"
)

// TestWaves: customers, the most important first, are brought up to date from the least
// important one on; of a word, "!" is a canary, "=" is up to date and "<" was put back.
func TestWaves(t *testing.T) {
	tests := []struct{ name, all, canaries, some, everyone string }{
		{"nobody", "", "", "", ""},
		{"one", "a", "a", "", ""},
		{"all_up_to_date", "a= b=", "", "", ""},
		{"nobody_before", "a b c d", "d", "c", "a b"},
		{"a_canary", "a b! c d", "b", "d", "a c"},
		{"the_canary_is_done", "a b!= c d", "", "d", "a c"},
		{"somebody_was_before", "a b c d=", "", "c", "a b"},
		{"put_back", "a< b c!<", "", "b", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var all []tenant.Behind
			for _, word := range strings.Fields(tt.all) {
				b := tenant.Behind{Canary: strings.Contains(word, "!"), Back: strings.Contains(word, "<")}
				if b.Slug = word[:1]; !strings.Contains(word, "=") {
					b.Steps = make([]migration.Step, 1)
				}
				all = append(all, b)
			}
			want := [3]string{tt.canaries, tt.some, tt.everyone}
			waves := operate.Waves(all)
			got := [3]string{}
			for i, w := range []operate.Wave{operate.Canaries, operate.Some, operate.Everyone} {
				got[i] = strings.Join(waves[w], " ")
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
