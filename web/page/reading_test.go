// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/url"
	"testing"

	"verlof/internal/lang"
	"verlof/leave"
)

func TestAmountAsTyped(t *testing.T) {
	tests := []struct {
		typed string
		unit  leave.Unit
		want  string // empty: refused
	}{
		{"2", leave.Days, "2"}, {"-1,5", leave.Days, "-3/2"}, {"+0.25", leave.Days, "1/4"}, {"\u22121", leave.Days, "-1"},
		{"4:30", leave.Days, ""}, {"", leave.Days, ""}, {"--2", leave.Days, ""}, {"1e3", leave.Days, ""},
		{"4:30", leave.Hours, "270"}, {"-0:45", leave.Hours, "-45"}, {"4.5", leave.Hours, "270"}, {"4:-3", leave.Hours, ""}, {"x:30", leave.Hours, ""},
	}
	for _, tt := range tests {
		f := &Form{Values: url.Values{"a": {tt.typed}}, Lang: lang.For("en")}
		got := f.Amount("a", tt.unit)
		switch {
		case tt.want == "" && f.Fine():
			t.Errorf("%q in %s was taken for %s", tt.typed, tt.unit, got)
		case tt.want != "" && (!f.Fine() || got.String() != tt.want):
			t.Errorf("%q in %s is %s, want %s: %v", tt.typed, tt.unit, got, tt.want, f.Wrong)
		}
	}
}

func TestPortionAsTyped(t *testing.T) {
	tests := []struct {
		name           string
		word, from, to string
		want           string // empty: refused
	}{
		{"nothing", "", "", "", "whole"}, {"morning", "morning", "", "", "morning"}, {"hours", "hours", "09:00", "14:00", "09:00-14:00"},
		{"times_count_where_filled_in", "whole", "9:00", "10:30", "09:00-10:30"},
		{"hours_without_times", "hours", "", "", ""}, {"one_time", "whole", "09:00", "", ""}, {"backwards", "hours", "10:00", "09:00", ""},
		{"unknown", "evening", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &Form{Values: url.Values{"p": {tt.word}, "p-from": {tt.from}, "p-to": {tt.to}}, Lang: lang.For("en")}
			got := f.Portion("p")
			if tt.want == "" && f.At("p") == "" || tt.want != "" && got.String() != tt.want {
				t.Errorf("%s, wrong: %q", got, f.At("p"))
			}
		})
	}
}
