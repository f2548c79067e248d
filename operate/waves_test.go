// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"testing"

	"verlof/store"
	"verlof/store/migration"
	"verlof/tenant"

	"github.com/google/go-cmp/cmp"
)

// TestWaves sees who is brought up to date before whom: nobody in an installation that has nobody yet, and without canaries the
// least important first, alone.
func TestWaves(t *testing.T) {
	lacks := []migration.Step{{}}
	of := func(slug string, b tenant.Behind) tenant.Behind {
		b.TenantRow = store.TenantRow{Slug: slug}
		return b
	}
	tests := []struct {
		name string
		all  []tenant.Behind
		want map[Wave][]string
	}{
		{name: "nobody_yet"},
		{name: "all_are_up_to_date", all: []tenant.Behind{of("acme", tenant.Behind{})}},
		{name: "one", all: []tenant.Behind{of("acme", tenant.Behind{Steps: lacks})}, want: map[Wave][]string{Canaries: {"acme"}}},
		{name: "no_canary", all: []tenant.Behind{of("first", tenant.Behind{Steps: lacks}), of("second", tenant.Behind{Steps: lacks}), of("last", tenant.Behind{Steps: lacks})},
			want: map[Wave][]string{Canaries: {"last"}, Some: {"second"}, Everyone: {"first"}}},
		{name: "a_canary", all: []tenant.Behind{of("first", tenant.Behind{Steps: lacks}), of("second", tenant.Behind{Steps: lacks, Canary: true})},
			want: map[Wave][]string{Canaries: {"second"}, Some: {"first"}}},
		{name: "put_back", all: []tenant.Behind{of("acme", tenant.Behind{Steps: lacks, Back: true})}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := map[Wave][]string{}
			for wave, slugs := range Waves(tt.all) {
				if len(slugs) > 0 {
					got[wave] = slugs
				}
			}
			if tt.want == nil {
				tt.want = map[Wave][]string{}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("waves (-want +got):\n%s", diff)
			}
		})
	}
}
