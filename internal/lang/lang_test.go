// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"testing"

	"verlof/internal/exact"
)

func TestFor(t *testing.T) {
	tests := []struct {
		name  string
		asked []string
		want  string
	}{
		{"nothing", nil, "en"},
		{"own_tag", []string{"nl"}, "nl"},
		{"region", []string{"nl-BE"}, "nl"},
		{"german", []string{"de-AT, en;q=0.5"}, "de"},
		{"header", []string{"fr;q=0.5, nl-NL;q=0.4"}, "nl"},
		{"weights", []string{"nl;q=0.4, en-US;q=0.9"}, "en"},
		{"preference_before_header", []string{"nl", "en-GB,en;q=0.9"}, "nl"},
		{"empty_preference", []string{"", "nl"}, "nl"},
		{"malformed", []string{";;;q=x", "nl"}, "nl"},
		{"unknown", []string{"zu"}, "en"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := For(tt.asked...).Tag(); got != tt.want {
				t.Errorf("For(%q) = %s, want %s", tt.asked, got, tt.want)
			}
		})
	}
}

func TestT(t *testing.T) {
	en, nl := For("en"), For("nl")
	tests := []struct{ name, got, want string }{
		{"plain", en.T("month.3"), "March"},
		{"variable", en.T("error.internal", "number", "K7QF2")[:41], "Something failed on our side, number K7QF"},
		{"one", en.T("unit.days", "count", 1), "1 day"},
		{"other", en.T("unit.days", "count", 0), "0 days"},
		{"minus_one", en.T("unit.days", "count", -1), "−1 day"},
		{"tenths_are_never_one", en.Days(exact.New(3, 2)), "1.5 days"},
		{"exact_one", nl.Days(exact.Int(1)), "1 dag"},
		{"dutch_mark", nl.Days(exact.New(5, 2)), "2,5 dagen"},
		{"thousands", nl.T("unit.people", "count", 6034), "6.034 medewerkers"},
		{"surplus_argument", en.T("unit.days", "count", 2, "name", "x"), "2 days"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

func TestTPanicsInTestsOnWhatIsMissing(t *testing.T) {
	for name, call := range map[string]func(){
		"key":      func() { For("en").T("no.such.key") },
		"variable": func() { For("en").T("error.internal", "nummer", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			call()
		})
	}
}

func BenchmarkT(b *testing.B) {
	l := For("en")
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			l.T("month.3")
		}
	})
	b.Run("count", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			l.T("unit.days", "count", 3)
		}
	})
}
