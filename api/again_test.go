// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/internal/disk"
	"verlof/leave"
	"verlof/store"
	"verlof/tenant"
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

// lost returns what somebody meets who was reading while a database was lost, and another took its place.
func (w *world) lost() (met error) {
	w.Helper()
	path := filepath.Join(w.TempDir(), "copy.db")
	w.must(w.acme.DB().CopyTo(w.Context(), path))
	w.must(w.dir.Look(w.Context(), "acme", "sqlite:"+path, func(t *tenant.Tenant) error {
		t.DB().OnLost(func(context.Context, error) (*store.DB, func(), error) { return w.acme.DB(), func() {}, nil })
		met = t.Leave.Store.View(w.Context(), func(tx leave.Tx) error {
			if _, err := tx.Types(); err != nil {
				return err
			}
			return &disk.Gone{Err: disk.ErrHangs}
		})
		return nil
	}))
	if !tenant.Again(met) {
		w.Fatalf("the test shows nothing: %v", met)
	}
	return met
}

// TestAgain: a program that looks while a database is lost is answered from the one in its place, once; one
// that changes something is told to come again, since nobody knows what was done.
func TestAgain(t *testing.T) {
	w := newWorld(t)
	l := &losing{lost: w.lost()}
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
