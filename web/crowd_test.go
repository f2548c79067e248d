// SPDX-License-Identifier: Apache-2.0

//go:build !race

package web

import (
	"net/http"
	"net/http/httptest"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/identity"
)

// TestCrowd has sixty people sign in at once where one password is looked at at a time: some
// come in, the others are told in their language when to come back, pages of others are
// served meanwhile, and passwords take the memory of a few and not of sixty.
func TestCrowd(t *testing.T) {
	w := newWorld(t, nil)
	w.acme.Identity.Hasher = identity.NewHasher(identity.DefaultParams, 1, 300*time.Millisecond)
	before, done, peak := inUse(), make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		for {
			select {
			case <-done:
				peak <- most
				return
			case <-time.After(2 * time.Millisecond):
				most = max(most, inUse())
			}
		}
	}()
	answers, page := make([]*httptest.ResponseRecorder, 60), httptest.NewRecorder()
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			who := strings.ToLower(crew[i%11].given) // those before Lars, who was never invited
			r := httptest.NewRequest(http.MethodPost, "http://"+w.acme.host+"/sign-in", strings.NewReader(values("email", who+"@"+w.acme.host, "password", password).Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Accept-Language", "nl")
			answers[i] = httptest.NewRecorder()
			w.handler.ServeHTTP(answers[i], r)
		})
	}
	w.handler.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "http://"+w.globex.host+"/sign-in", nil))
	all.Wait()
	close(done)
	served := 0
	for _, a := range answers {
		switch {
		case a.Code == http.StatusSeeOther && a.Header().Get("Set-Cookie") != "":
			served++
		case a.Code != http.StatusTooManyRequests || a.Header().Get("Retry-After") == "" || !strings.Contains(a.Body.String(), "opnieuw"):
			t.Errorf("%d, Retry-After %q", a.Code, a.Header().Get("Retry-After"))
		}
	}
	if served == 0 || served == len(answers) {
		t.Errorf("%d of %d came in", served, len(answers))
	}
	if page.Code != http.StatusOK {
		t.Errorf("a page meanwhile: %d", page.Code)
	}
	one := uint64(identity.DefaultParams.Memory) << 10
	if most := <-peak; most > before+10*one {
		t.Errorf("%d MiB more than before, and one password takes %d", (most-before)>>20, one>>20)
	}
}

// inUse returns the bytes of objects on the heap, dead ones that were not collected included.
func inUse() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
