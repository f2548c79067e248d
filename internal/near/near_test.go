// SPDX-License-Identifier: Apache-2.0

package near

import "testing"

func TestTo(t *testing.T) {
	known := []string{"accrued", "carries", "cap", "approved", "NL", "DE-BY"}
	for wrong, want := range map[string]string{
		"acrued": "accrued", "Carries": "carries", "aproved": "approved", "nl": "NL", "carreis": "carries",
		"acp": "cap", "carry": "carries", "weather": "", "": "", "x": "",
	} {
		if got := To(wrong, known); got != want {
			t.Errorf("%q is taken for %q, want %q", wrong, got, want)
		}
	}
}
