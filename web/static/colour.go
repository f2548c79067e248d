// SPDX-License-Identifier: Apache-2.0

package static

import (
	"fmt"
	"math"
	"strconv"
)

// Colour is an opaque sRGB colour, 0xRRGGBB.
type Colour uint32

// White and Black are the ends of the scale.
const (
	White Colour = 0xffffff
	Black Colour = 0x000000
)

// ParseColour reads "#2f6fed" or "2f6fed"; any other form is refused.
func ParseColour(s string) (Colour, bool) {
	if len(s) == 7 && s[0] == '#' {
		s = s[1:]
	}
	if len(s) != 6 {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 16, 32)
	return Colour(n), err == nil
}

// String returns the colour as CSS writes it: "#2f6fed".
func (c Colour) String() string { return fmt.Sprintf("#%06x", uint32(c)) }

func (c Colour) channel(i int) int { return int(c>>(16-8*i)) & 0xff }

// Mix returns c with share/64 of d in it; 0 is c, 64 is d.
func (c Colour) Mix(d Colour, share int) Colour {
	var m Colour
	for i := range 3 {
		v := (c.channel(i)*(64-share) + d.channel(i)*share + 32) / 64
		m = m<<8 | Colour(v)
	}
	return m
}

// vivid returns the brightest colour of c's hue; black and grey become white.
func (c Colour) vivid() Colour {
	top := max(c.channel(0), c.channel(1), c.channel(2), 1)
	if c == Black {
		return White
	}
	var v Colour
	for i := range 3 {
		v = v<<8 | Colour(c.channel(i)*255/top)
	}
	return v
}

// linear holds the linear light of each 8-bit sRGB value in parts per million
// (IEC 61966-2-1).
var linear = linearTable()

// Luminance returns the relative luminance in parts per million: 0 for black,
// 1,000,000 for white (WCAG 2.2, "relative luminance").
func (c Colour) Luminance() int {
	return (2126*linear[c.channel(0)] + 7152*linear[c.channel(1)] + 722*linear[c.channel(2)]) / 10000
}

// Contrast returns the contrast ratio of two colours in hundredths: 100 for
// equal colours, 2100 for black on white (WCAG 2.2, "contrast ratio").
func Contrast(a, b Colour) int {
	la, lb := a.Luminance(), b.Luminance()
	if la < lb {
		la, lb = lb, la
	}
	return 100 * (la + 50000) / (lb + 50000)
}

func linearTable() (t [256]int) {
	for v := range t {
		s := float64(v) / 255
		if s <= 0.04045 {
			s /= 12.92
		} else {
			s = math.Pow((s+0.055)/1.055, 2.4)
		}
		t[v] = int(math.Round(s * 1e6))
	}
	return t
}
