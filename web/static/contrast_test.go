// SPDX-License-Identifier: Apache-2.0

package static

import (
	"fmt"
	"regexp"
	"testing"
)

// token is the value of a custom property in light and in dark.
type token [2]Colour

var tokenLine = regexp.MustCompile(`--([a-z0-9-]+): ?light-dark\((#[0-9a-f]{6}), ?(#[0-9a-f]{6})\);`)

func tokens(t *testing.T) map[string]token {
	t.Helper()
	m := map[string]token{}
	for _, f := range tokenLine.FindAllStringSubmatch(ThemeCSS(DefaultAccent)+string(mustRead("css/tokens.css")), -1) {
		light, ok1 := ParseColour(f[2])
		dark, ok2 := ParseColour(f[3])
		if !ok1 || !ok2 {
			t.Fatalf("%s is no pair of colours", f[0])
		}
		m[f[1]] = token{light, dark}
	}
	return m
}

// pair is a colour on a ground and the contrast that it needs, in hundredths.
type pair struct {
	on, ground string
	need       int
}

func pairs() []pair {
	var ps []pair
	for _, ground := range []string{"canvas", "surface", "raised", "sunken"} {
		for _, text := range []string{"ink", "ink-2", "ink-3", "accent-ink"} {
			ps = append(ps, pair{text, ground, textContrast})
		}
		for _, text := range []string{"no", "ok", "wait"} {
			ps = append(ps, pair{text, ground, textContrast})
		}
	}
	for _, tone := range []string{"ok", "wait", "no", "info", "mute"} {
		ps = append(ps, pair{tone, tone + "-tint", textContrast}, pair{"ink", tone + "-tint", textContrast})
	}
	for n := range 13 {
		c := fmt.Sprintf("c%d", n)
		ps = append(ps, pair{"on-c", c, textContrast}, pair{c, "surface", markContrast}, pair{c, "canvas", markContrast}, pair{c, "sunken", markContrast})
	}
	return append(ps,
		pair{"on-accent", "accent", textContrast}, pair{"on-accent", "accent-hover", textContrast},
		pair{"accent-ink", "accent-tint", textContrast}, pair{"ink-2", "accent-tint", textContrast}, pair{"ink-3", "accent-tint", textContrast},
		pair{"on-no", "no-fill", textContrast}, pair{"ink-2", "mute-tint", textContrast}, pair{"ink", "mute-tint", textContrast},
		pair{"field-line", "surface", markContrast}, pair{"field-line", "canvas", markContrast}, pair{"field-line", "raised", markContrast},
		pair{"wait-fill", "surface", markContrast}, pair{"wait-fill", "mute-tint", 250},
	)
}

// TestTokensAreReadable holds what is written on what to WCAG 2.2 AA, in light
// and in dark (1.4.3 text, 1.4.11 marks).
func TestTokensAreReadable(t *testing.T) {
	m := tokens(t)
	for _, p := range pairs() {
		on, ok1 := m[p.on]
		ground, ok2 := m[p.ground]
		if !ok1 || !ok2 {
			t.Errorf("no token %s or %s", p.on, p.ground)
			continue
		}
		for i, theme := range []string{"light", "dark"} {
			if got := Contrast(on[i], ground[i]); got < p.need {
				t.Errorf("%s: --%s on --%s is %d, want %d", theme, p.on, p.ground, got, p.need)
			}
		}
	}
}

// TestGroundsMatchTokens keeps the grounds of theme.go at the tokens they name.
func TestGroundsMatchTokens(t *testing.T) {
	m := tokens(t)
	if m["sunken"][0] != lightGround || m["raised"][1] != darkGround || m["surface"] != (token{lightSurface, darkSurface}) {
		t.Errorf("theme.go reckons with other grounds than tokens.css: %v", m)
	}
}
