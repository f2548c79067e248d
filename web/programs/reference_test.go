// SPDX-License-Identifier: Apache-2.0

package programs

import (
	"strings"
	"testing"
)

// TestAddressBreaks: the address of an operation may be broken after each slash, and reads as it is
// written, so that a narrow screen cuts none off.
func TestAddressBreaks(t *testing.T) {
	var out strings.Builder
	o := operation{Method: "GET", Path: "/people/{id}"}
	if err := o.address().Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "GET /<wbr>api/<wbr>v1/<wbr>people/<wbr>{id}"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
