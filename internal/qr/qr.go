// SPDX-License-Identifier: Apache-2.0

// Package qr owns QR codes as lines of an SVG path, so that a page can draw one without a
// style or a picture of its own. It refuses to read them, and alone knows the library.
package qr

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the margin that readers need, in modules (ISO/IEC 18004, section 6.3.8).
const quiet = 4

// Code is a QR code: a square of Size by Size modules, margin included, and the path that
// fills the dark ones.
type Code struct {
	Size int
	Path string
}

// ViewBox returns the SVG attribute that fits the code.
func (c Code) ViewBox() string { return fmt.Sprintf("0 0 %d %d", c.Size, c.Size) }

// Encode returns the code of a text; 15% of it may be soiled. It fails for
// a text that is too long for one.
func Encode(text string) (Code, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return Code{}, fmt.Errorf("QR code: %w", err)
	}
	var path strings.Builder
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			from := x
			for x < c.Size && c.Black(x, y) {
				x++
			}
			if n := x - from; n > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, n, n)
			}
		}
	}
	return Code{Size: c.Size + 2*quiet, Path: path.String()}, nil
}
