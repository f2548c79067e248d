// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"verlof/errs"
	"verlof/internal/disk"
)

// lostDisk is a second place that does not answer, without which no change is acknowledged.
type lostDisk struct{}

func (lostDisk) Committed(bool) error {
	return &errs.Error{Kind: errs.Unavailable, Err: &disk.Gone{Err: disk.ErrHangs}}
}

func (lostDisk) Rested() {}

// TestLostDisk: a directory whose change cannot be acknowledged is told to come again, and when: providers repeat what was answered
// 503, and give up what was answered 4xx (RFC 7644, section 3.12). What it reads it is answered.
func TestLostDisk(t *testing.T) {
	w := newWorld(t)
	all := exemplars(w)
	w.acme.DB().CarryWith(lostDisk{})
	for _, x := range all {
		r := httptest.NewRequestWithContext(t.Context(), x[0], "http://"+w.acme.host+Root+x[1], strings.NewReader(x[2]))
		r.Header.Set("Authorization", "Bearer "+w.acme.token)
		r.Header.Set("Content-Type", contentType)
		a := httptest.NewRecorder()
		w.handler.ServeHTTP(a, r)
		if x[0] == http.MethodGet || strings.HasSuffix(x[1], "/.search") {
			if a.Code != http.StatusOK {
				t.Errorf("%s %s: %d %s", x[0], x[1], a.Code, a.Body)
			}
			continue
		}
		var body struct {
			Schemas []string `json:"schemas"`
			Status  string   `json:"status"`
		}
		err := json.Unmarshal(a.Body.Bytes(), &body)
		if a.Code != http.StatusServiceUnavailable || a.Header().Get("Retry-After") == "" || err != nil || body.Status != "503" || len(body.Schemas) != 1 {
			t.Errorf("%s %s: %d, Retry-After %q, %s", x[0], x[1], a.Code, a.Header().Get("Retry-After"), a.Body)
		}
	}
}
