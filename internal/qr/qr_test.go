// SPDX-License-Identifier: Apache-2.0

package qr

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestEncode draws a code's path on a grid and looks for the three squares by which a
// reader finds it, and for the margin around them.
func TestEncode(t *testing.T) {
	c, err := Encode("otpauth://totp/Acme:ana@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme")
	if err != nil {
		t.Fatal(err)
	}
	dark := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(c.Path, -1) {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1])
		}
		if n[2] != n[3] {
			t.Errorf("%s does not close", m[0])
		}
		for i := range n[2] {
			dark[[2]int{n[0] + i, n[1]}] = true
		}
	}
	finder := []string{"#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"}
	far := c.Size - quiet - 7
	for _, at := range [][2]int{{quiet, quiet}, {far, quiet}, {quiet, far}} {
		for y, row := range finder {
			for x, want := range row {
				if dark[[2]int{at[0] + x, at[1] + y}] != (want == '#') {
					t.Errorf("the square at %v is wrong at %d, %d", at, x, y)
				}
			}
		}
	}
	for p := range dark {
		if min(p[0], p[1]) < quiet || max(p[0], p[1]) >= c.Size-quiet {
			t.Errorf("the margin is dark at %v", p)
		}
	}
	if _, err := Encode(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text that fits no code was encoded")
	}
}
