// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestVerdict: what is aimed at is judged by the median, or by the median of the
// ratios of runs that stood side by side.
func TestVerdict(t *testing.T) {
	tests := []struct {
		name            string
		row             row
		ratio           float64
		wanted, reached string
	}{
		{"no_aim", row{Unit: rate, Ours: []float64{2}, Raw: []float64{4}}, 0.5, "", ""},
		{"kept", row{Unit: duration, Ours: []float64{9e6, 1e6, 20e6}, Raw: []float64{3e6}, Aim: atMost(10e6)}, 3, "<= 10.0 ms", "kept"},
		{"missed", row{Unit: duration, Ours: []float64{11e6}, Raw: []float64{1e6}, Aim: atMost(10e6)}, 11, "<= 10.0 ms", "missed"},
		{"at_least", row{Unit: rate, Ours: []float64{90, 10, 20}, Raw: []float64{100, 10, 10}, Aim: ratioAtLeast(1)}, 1, ">= ratio 1", "kept"},
		{"too_little", row{Unit: rate, Ours: []float64{90}, Raw: []float64{100}, Aim: ratioAtLeast(1)}, 0.9, ">= ratio 1", "missed"},
		{"too_slow", row{Unit: duration, Ours: []float64{16}, Raw: []float64{10}, Aim: ratioAtMost(1.5)}, 1.6, "<= ratio 1.5", "missed"},
		{"not_measured", row{Unit: rate, Aim: ratioAtLeast(1)}, 0, ">= ratio 1", "missed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.row.ratio(); got != tt.ratio && len(tt.row.Ours) > 0 {
				t.Errorf("ratio %v, want %v", got, tt.ratio)
			}
			if wanted, reached := tt.row.verdict(); wanted != tt.wanted || reached != tt.reached {
				t.Errorf("got %q %q, want %q %q", wanted, reached, tt.wanted, tt.reached)
			}
		})
	}
}

func TestUnits(t *testing.T) {
	tests := []struct {
		u    unit
		v    float64
		want string
	}{
		{rate, 12345.6, "12,346/s"}, {rate, 9.876, "9.88/s"}, {duration, 98_700, "98.7 µs"}, {duration, 1_234_000, "1.23 ms"},
		{duration, 2.5e9, "2.50 s"}, {size, 5000, "5000 B"}, {size, 64 << 10, "64.0 KiB"}, {size, -20, "-20 B"}, {count, 0.0771, "0.077"},
	}
	for _, tt := range tests {
		if got := tt.u.write(tt.v); got != tt.want {
			t.Errorf("%v%s: got %q, want %q", tt.v, tt.u, got, tt.want)
		}
	}
}

func TestPercentile(t *testing.T) {
	values := []float64{5, 1, 4, 2, 3}
	for p, want := range map[float64]float64{0: 1, 0.5: 3, 0.99: 5, 1: 5} {
		if got := percentile(values, p); got != want {
			t.Errorf("%v: got %v, want %v", p, got, want)
		}
	}
	if got := median([]float64{1, 2}); got != 1.5 {
		t.Errorf("between two: %v", got)
	}
}

// TestRun_refuses: what cannot be measured is refused before anything is.
func TestRun_refuses(t *testing.T) {
	for _, args := range [][]string{{"-only", "tea"}, {"-unknown"}, {"-profile", "/no/such/folder/cpu"}} {
		var out, said bytes.Buffer
		err := run(t.Context(), args, &out, &said)
		if err == nil || out.Len() > 0 || strings.Contains(said.String(), "measuring") {
			t.Errorf("%v: %v, %q, %q", args, err, out.String(), said.String())
		}
	}
}
