// SPDX-License-Identifier: Apache-2.0

package static

import (
	"fmt"
	"strings"
	"sync"
)

// DefaultAccent is the accent colour of a customer that has not chosen one.
const DefaultAccent Colour = 0x2f5fd0

// The grounds that text and marks stand on, as in css/tokens.css: in each theme
// the one with the least contrast to what is written on it.
const (
	lightGround  Colour = 0xf0f1f4 // --sunken
	darkGround   Colour = 0x22252b // --raised
	lightSurface Colour = 0xffffff // --surface
	darkSurface  Colour = 0x16181c
	darkInk      Colour = 0x0e0f12 // text on bright fills
)

// Contrast asked for, in hundredths (WCAG 2.2, 1.4.3 and 1.4.11).
const (
	textContrast = 450
	markContrast = 300
)

// shades are the colours derived from one accent for one theme.
type shades struct {
	fill  Colour // primary buttons, the chosen day
	hover Colour // fill under the pointer
	on    Colour // text on fill and on hover
	ink   Colour // links, focus ring, marks on any ground and on tint
	tint  Colour // ground of what is chosen
	line  Colour // border around tint
}

// ThemeURL returns the address of the style sheet that sets a customer's accent
// colour, given as "#rrggbb"; what is no colour means DefaultAccent.
func ThemeURL(accent string) string {
	c, ok := ParseColour(accent)
	if !ok {
		c = DefaultAccent
	}
	return fmt.Sprintf("%stheme/%06x.%s.css", Prefix, uint32(c), themeVersion())
}

// themeVersion changes whenever the rules below do.
var themeVersion = sync.OnceValue(func() string {
	return digest([]byte(ThemeCSS(DefaultAccent) + ThemeCSS(0xffd400) + ThemeCSS(0x0b1020)))
})

// theme answers "theme/2f5fd0.1a2b3c4d.css".
func theme(name string) (*asset, bool) {
	s, ok := strings.CutPrefix(name, "theme/")
	if !ok {
		return nil, false
	}
	s, ok = strings.CutSuffix(s, "."+themeVersion()+".css")
	if !ok || s != strings.ToLower(s) {
		return nil, false
	}
	c, ok := ParseColour(s)
	if !ok || len(s) != 6 {
		return nil, false
	}
	return &asset{kind: "text/css; charset=utf-8", body: []byte(ThemeCSS(c))}, true
}

// ThemeCSS returns the style sheet that sets the accent tokens.
// Whatever the colour, text on the accent reaches 4.5:1, links and marks in the
// accent reach 4.5:1 on every ground, in light and in dark.
func ThemeCSS(accent Colour) string {
	l, d := lightShades(accent), darkShades(accent)
	var b strings.Builder
	b.WriteString(":root{")
	for _, v := range []struct {
		name        string
		light, dark Colour
	}{
		{"accent", l.fill, d.fill},
		{"accent-hover", l.hover, d.hover},
		{"on-accent", l.on, d.on},
		{"accent-ink", l.ink, d.ink},
		{"accent-tint", l.tint, d.tint},
		{"accent-line", l.line, d.line},
	} {
		fmt.Fprintf(&b, "--%s:light-dark(%s,%s);", v.name, v.light, v.dark)
	}
	b.WriteString("}\n")
	return b.String()
}

func lightShades(a Colour) shades {
	s := fills(a)
	s.tint = lightSurface.Mix(a, 5)
	s.line = lightSurface.Mix(a, 18)
	s.ink = until(a, Black, func(c Colour) bool {
		return Contrast(c, lightGround) >= textContrast && Contrast(c, s.tint) >= textContrast
	})
	return s
}

func darkShades(a Colour) shades {
	a = lighter(a, func(c Colour) bool { return Contrast(c, darkGround) >= markContrast })
	s := fills(a)
	s.tint = darkSurface.Mix(a, 12)
	s.line = darkSurface.Mix(a, 26)
	s.ink = lighter(a, func(c Colour) bool {
		return Contrast(c, darkGround) >= 600 && Contrast(c, s.tint) >= 600
	})
	return s
}

// fills picks the fill, its hover and the text on both. A bright accent (yellow,
// lime) keeps its colour and takes dark text; any other is darkened until white
// text can be read.
func fills(a Colour) shades {
	if Contrast(a, White) < 250 {
		return shades{fill: a, hover: a.Mix(White, 12), on: darkInk}
	}
	readable := func(c Colour) bool { return Contrast(c, White) >= textContrast }
	f := until(a, Black, readable)
	return shades{fill: f, hover: f.Mix(Black, 9), on: White}
}

// lighter lightens c until good holds: as long as it can by giving it more of its
// own hue, so that it does not turn grey, and only then by giving it white.
func lighter(c Colour, good func(Colour) bool) Colour {
	soft := c.vivid().Mix(White, 24)
	if m := until(c, soft, good); good(m) {
		return m
	}
	return until(soft, White, good)
}

// until mixes c towards an end in steps of 1/64 until good holds.
func until(c, end Colour, good func(Colour) bool) Colour {
	for share := range 64 {
		if m := c.Mix(end, share); good(m) {
			return m
		}
	}
	return end
}
