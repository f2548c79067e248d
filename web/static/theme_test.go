// SPDX-License-Identifier: Apache-2.0

package static

import (
	"fmt"
	"testing"
)

// TestShadesAreReadable tries accents from all over the cube, among them black,
// white and pure yellow, which nobody should be able to make unreadable.
func TestShadesAreReadable(t *testing.T) {
	for r := 0; r <= 0xff; r += 0x33 {
		for g := 0; g <= 0xff; g += 0x33 {
			for b := 0; b <= 0xff; b += 0x33 {
				a := Colour(r<<16 | g<<8 | b)
				checkShades(t, fmt.Sprintf("light/%s", a), lightShades(a), lightGround)
				checkShades(t, fmt.Sprintf("dark/%s", a), darkShades(a), darkGround)
			}
		}
	}
}

func checkShades(t *testing.T, name string, s shades, ground Colour) {
	t.Helper()
	for _, p := range []struct {
		what string
		a, b Colour
	}{
		{"text on fill", s.on, s.fill},
		{"text on hover", s.on, s.hover},
		{"ink on ground", s.ink, ground},
		{"ink on tint", s.ink, s.tint},
	} {
		if got := Contrast(p.a, p.b); got < textContrast {
			t.Errorf("%s: %s: %s on %s is %d, want %d", name, p.what, p.a, p.b, got, textContrast)
		}
	}
}

func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b Colour
		want int
	}{
		{Black, White, 2100},
		{White, White, 100},
		{0x777777, White, 447}, // the grey that just misses 4.5:1
		{0x767676, White, 454},
	} {
		if got := Contrast(c.a, c.b); got != c.want {
			t.Errorf("Contrast(%s, %s) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
