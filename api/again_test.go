// SPDX-License-Identifier: Apache-2.0

package api

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"verlof/tenant"
	"verlof/tenant/tenanttest"
)

// losing meets a database that is lost, so often, and takes a personal token then.
type losing struct {
	lost  error
	times int
}

func (*losing) Takes(token string) bool { return strings.HasPrefix(token, "lost.") }

func (l *losing) Authenticate(r *http.Request, t *tenant.Tenant, token string) (Caller, error) {
	if l.times--; l.times >= 0 {
		return Caller{}, l.lost
	}
	return Personal{}.Authenticate(r, t, strings.TrimPrefix(token, "lost."))
}

// TestAgain: a program that looks while a database is lost is answered from the one in its place, once; one
// that changes something is told to come again, since nobody knows what was done.
func TestAgain(t *testing.T) {
	w := newWorld(t)
	l := &losing{lost: tenanttest.Lost(t, w.dir, "acme")}
	h := New(Config{Tenants: w.dir, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return w.now }, Authenticators: []Authenticator{l}})
	for name, c := range map[string]struct {
		method string
		times  int
		want   int
	}{
		"look":             {http.MethodGet, 1, http.StatusOK},
		"lost_twice":       {http.MethodGet, 2, http.StatusServiceUnavailable},
		"change":           {http.MethodPost, 1, http.StatusServiceUnavailable},
		"nothing_was_lost": {http.MethodGet, 0, http.StatusOK},
	} {
		l.times = c.times
		path := Root + "/me"
		if c.method == http.MethodPost {
			path = Root + "/requests"
		}
		r := httptest.NewRequestWithContext(t.Context(), c.method, "http://"+w.acme.host+path, strings.NewReader("{}"))
		r.Header.Set("Authorization", "Bearer lost."+w.acme.tokens["ana"])
		r.Header.Set("Content-Type", "application/json")
		a := httptest.NewRecorder()
		h.ServeHTTP(a, r)
		if a.Code != c.want || (a.Header().Get("Retry-After") != "") != (c.want == http.StatusServiceUnavailable) {
			t.Errorf("%s: %d %v %s", name, a.Code, a.Header(), a.Body)
		}
		if c.want == http.StatusOK && (a.Header().Get("Content-Type") != "application/json" || !strings.Contains(a.Body.String(), `"id"`)) {
			t.Errorf("%s: %v %s", name, a.Header(), a.Body)
		}
	}
}
