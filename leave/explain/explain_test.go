// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"testing"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
)

func ratio(part string, of int64) leave.Ratio {
	return leave.Ratio{Part: exact.Must(part), Of: exact.Int(of)}
}

func TestFormula(t *testing.T) {
	tests := []struct {
		name string
		lang string
		unit leave.Unit
		f    leave.Formula
		want string
	}{
		{"none", "en", leave.Days, nil, ""},
		{"whole_year_full_time", "en", leave.Days,
			leave.Formula{{Base: exact.Int(25), Factor: []leave.Ratio{ratio("5", 5), ratio("12", 12)}}}, ""},
		{"part_time_half_year", "en", leave.Days,
			leave.Formula{{Base: exact.Int(25), Factor: []leave.Ratio{ratio("3", 5), ratio("6", 12)}}}, "25 × 3/5 × 6/12"},
		{"part_of_a_month", "en", leave.Days,
			leave.Formula{{Base: exact.Int(25), Factor: []leave.Ratio{ratio("175/31", 12)}}}, "25 × (5 20/31)/12"},
		{"changed_in_the_year", "nl", leave.Days,
			leave.Formula{
				{Base: exact.Int(25), Factor: []leave.Ratio{ratio("7/2", 5), ratio("6", 12)}},
				{Base: exact.Int(25), Factor: []leave.Ratio{ratio("5", 5), ratio("6", 12)}},
			}, "25 × 3,5/5 × 6/12 + 25 × 6/12"},
		{"hours", "nl", leave.Hours,
			leave.Formula{{Base: exact.Int(200 * 60), Factor: []leave.Ratio{ratio("24", 40)}}}, "200:00 × 24/40"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Formula(lang.For(tt.lang), tt.f, tt.unit); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAmount(t *testing.T) {
	en, nl := lang.For("en"), lang.For("nl")
	tests := []struct{ name, got, want string }{
		{"days", Amount(en, exact.New(5, 2), leave.Days, 480), "2.5 days (20:00 h)"},
		{"days_without_a_day_length", Amount(en, exact.New(5, 2), leave.Days, 0), "2.5 days"},
		{"hours", Amount(nl, exact.Int(1200), leave.Hours, 480), "20:00 uur (2,5 dagen)"},
		{"fraction_without_loss", Plain(en, exact.New(79, 31), leave.Days), "2 17/31 days"},
		{"plus", Signed(en, exact.Int(25), leave.Days), "+25 days"},
		{"minus", Signed(en, exact.Int(-90), leave.Hours), "−1:30 h"},
		{"neither", Signed(en, exact.Int(0), leave.Days), "0 days"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}
