// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"testing"

	"verlof/internal/exact"
)

// TestLikely: who has used up their holiday and has time off in lieu means that, and is spared a
// refusal; nobody is led to a type without a balance, or for an occasion.
func TestLikely(t *testing.T) {
	types := map[rune]Type{'h': {ID: "holiday", Entitled: true}, 'l': {ID: "lieu", Entitled: true}, 'c': {ID: "care", Entitled: true}, 'b': {ID: "birth", Entitled: true}, 'u': {ID: "unpaid"}}
	for _, tt := range []struct {
		name, offered   string
		holiday, in, by int64 // what is left of holiday, time off in lieu and care leave
		want            string
	}{
		{"the first", "hlcu", 5, 9, 9, "holiday"},
		{"the first is used up", "hlcu", 0, 3, 9, "lieu"},
		{"the first is overdrawn", "hlcu", -2, 0, 9, "care"},
		{"for an occasion", "hbl", 0, 3, 0, "lieu"},
		{"nothing else than for an occasion", "hbu", 0, 9, 9, "holiday"},
		{"nothing is left", "hlcu", 0, 0, 0, "holiday"},
		{"no balance, and first", "uhl", 5, 5, 0, "unpaid"},
		{"no balance, and nothing else", "hu", 0, 9, 9, "holiday"},
		{"not offered", "cu", 9, 9, 0, "care"},
		{"none", "", 9, 9, 9, ""},
	} {
		var offered []Type
		for _, x := range tt.offered {
			offered = append(offered, types[x])
		}
		statements := []Statement{{Type: types['c'], Available: exact.Int(tt.by)}, {Type: types['h'], Available: exact.Int(tt.holiday)},
			{Type: types['l'], Available: exact.Int(tt.in)}, {Type: types['b'], Available: exact.Int(9), ByEvent: true}}
		got, ok := Likely(offered, statements)
		if got.ID != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: %q, %t, want %q", tt.name, got.ID, ok, tt.want)
		}
	}
}
