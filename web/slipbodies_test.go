// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// bodies sends what is no form, or far too much.
func (a *attempt) bodies(t *testing.T) {
	for name, x := range map[string]struct{ kind, body string }{
		"too_large":     {"application/x-www-form-urlencoded", "note=" + strings.Repeat("x", maxBody)},
		"broken_escape": {"application/x-www-form-urlencoded", "note=%zz"},
		"half_a_part":   {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhalf"},
		"no_boundary":   {"multipart/form-data", "note"},
		"json":          {"application/json", `{"note": "hello"}`},
		"nothing":       {"", ""},
	} {
		if name == "nothing" && !a.asks() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, a.path, strings.NewReader(x.body))
			r.Header.Set("Content-Type", x.kind)
			got := a.refused(t, r)
			if name == "too_large" && !a.parts && got.Code != http.StatusRequestEntityTooLarge {
				t.Errorf("%d", got.Code)
			}
			a.says(t, got, nil, slip{})
		})
	}
}
