// SPDX-License-Identifier: Apache-2.0

package web

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"verlof/tenant"
)

// directory answers every host alike.
type directory func() (*tenant.Tenant, func(), error)

func (d directory) ByHost(context.Context, string) (*tenant.Tenant, func(), error) { return d() }

func TestUnknownHostSaysTheSame(t *testing.T) {
	w := newWorld(t, testDemo())
	b := w.at(w.acme, "carla")
	b.host = "nobody.example.test"
	var first string
	for _, path := range []string{"/", "/sign-in", "/static/app.css", "/requests/" + w.acme.pending, "//x/..", "/demo/mail"} {
		a := b.get(path)
		if a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
		said := dump(a)
		if first == "" {
			first = said
		}
		if said != first {
			t.Errorf("%s says %q, want %q", path, said, first)
		}
	}
	if a := b.post("/sign-in", "email", "x"); dump(a) != first {
		t.Errorf("a form says %q", dump(a))
	}
	if strings.Contains(first, "Acme") || strings.Contains(first, "Verlof") {
		t.Errorf("the answer names something: %q", first)
	}
}

func dump(a *httptest.ResponseRecorder) string {
	var b strings.Builder
	_ = a.Result().Header.Write(&b)
	return b.String() + a.Body.String()
}

func TestSuspended(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "carla")
	if err := w.dir.Suspend(t.Context(), "acme", tenant.Why{}); err != nil {
		t.Fatal(err)
	}
	a := b.get("/")
	if a.Code != http.StatusServiceUnavailable || a.Header().Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q", a.Code, a.Header().Get("Retry-After"))
	}
	if body := a.Body.String(); strings.Contains(body, "Carla") || strings.Contains(body, "Acme") {
		t.Error("the page tells whose it is")
	}
}

func TestFailureHasANumberThatTheLogHas(t *testing.T) {
	for name, d := range map[string]directory{
		"error": func() (*tenant.Tenant, func(), error) { return nil, nil, errors.New("disk on fire") },
		"panic": func() (*tenant.Tenant, func(), error) { panic("disk on fire") },
	} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			h := New(Config{Tenants: d, Log: slog.New(slog.NewTextHandler(&log, nil)), Now: time.Now})
			a := httptest.NewRecorder()
			h.ServeHTTP(a, httptest.NewRequest(http.MethodGet, "/secret-path", nil))
			body := a.Body.String()
			_, rest, found := strings.Cut(body, "number ")
			if a.Code != http.StatusInternalServerError || !found || len(rest) < 5 {
				t.Fatalf("%d %s", a.Code, body)
			}
			if strings.Contains(body, "fire") {
				t.Error("the page tells the cause")
			}
			if number := rest[:5]; strings.Count(log.String(), "number="+number) != 2 {
				t.Errorf("the log does not have %s twice:\n%s", number, log.String())
			}
			if strings.Contains(log.String(), "secret-path") {
				t.Error("the log holds the address")
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	w := newWorld(t, nil)
	a := w.at(w.acme, "carla").get("/")
	for name, want := range map[string]string{
		"Content-Security-Policy":    "default-src 'none'",
		"Referrer-Policy":            "same-origin",
		"Permissions-Policy":         "camera=()",
		"X-Content-Type-Options":     "nosniff",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Cache-Control":              "no-store",
	} {
		if got := a.Header().Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if body := a.Body.String(); strings.Contains(body, "style=") || strings.Contains(body, "<style") || strings.Contains(body, "onclick") {
		t.Error("the page holds what its policy forbids")
	}
}

func TestLogHasNoPersonalData(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "carla")
	b.get("/requests/" + w.acme.pending)
	b.get("/people/acme-bram/balance")
	b.get("/reset/0123456789abcdef")
	log := w.log.String()
	for _, s := range []string{"carla", "Carla", "bram", w.acme.pending, "0123456789", "192.0.2"} {
		if strings.Contains(log, s) {
			t.Errorf("the log tells %q", s)
		}
	}
	if !strings.Contains(log, `"route":"/requests/{id}"`) {
		t.Errorf("the log does not tell the route:\n%s", log)
	}
}

func TestCrossOriginIsRefused(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "bram")
	for name, headers := range map[string]map[string]string{
		"fetch_metadata": {"Sec-Fetch-Site": "cross-site"},
		"same_site":      {"Sec-Fetch-Site": "same-site"},
		"origin":         {"Origin": "https://evil.example"},
		"other_customer": {"Origin": "http://" + w.globex.host},
	} {
		t.Run(name, func(t *testing.T) {
			b.headers = headers
			if a := b.post("/requests/" + w.acme.pending + "/approve"); a.Code != http.StatusForbidden {
				t.Errorf("%d, want 403", a.Code)
			}
		})
	}
	b.headers = map[string]string{"Sec-Fetch-Site": "same-origin"}
	if a := b.post("/requests/" + w.acme.pending + "/approve"); a.Code != http.StatusSeeOther {
		t.Errorf("one's own form: %d", a.Code)
	}
}

func TestTooLong(t *testing.T) {
	w := newWorld(t, nil)
	a := w.at(w.acme, "carla").post("/leave/new", "note", strings.Repeat("x", maxBody))
	if a.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("%d, want 413", a.Code)
	}
}

func TestGzip(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "carla")
	plain := b.get("/balance")
	b.headers["Accept-Encoding"] = "br, gzip;q=0.5"
	packed := b.get("/balance")
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= plain.Body.Len() {
		t.Fatalf("encoding %q, %d of %d bytes", packed.Header().Get("Content-Encoding"), packed.Body.Len(), plain.Body.Len())
	}
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil || string(text) != plain.Body.String() {
		t.Errorf("unpacked it differs: %v", err)
	}
}

func TestLanguage(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "carla")
	says := func(word string) {
		t.Helper()
		if a := b.get("/"); !strings.Contains(a.Body.String(), word) {
			t.Errorf("no %q", word)
		}
	}
	says("Hello Carla")
	b.headers["Accept-Language"] = "nl-BE,en;q=0.5"
	says("Hallo Carla")
	if a := b.post("/account/language", "lang", "en", "back", "/balance"); a.Header().Get("Location") != "/balance" {
		t.Errorf("sent to %q", a.Header().Get("Location"))
	}
	says("Hello Carla")
	if a := b.post("/account/language", "lang", "xx"); a.Code != http.StatusUnprocessableEntity {
		t.Errorf("unknown language: %d", a.Code)
	}
}

// TestFrozen: people look and sign in, read why above every page, and nothing that they
// send is kept.
func TestFrozen(t *testing.T) {
	w := newWorld(t, nil)
	carla := w.at(w.acme, "carla")
	if err := w.dir.Freeze(t.Context(), "acme", tenant.Hold{Reason: "We count."}, tenant.Why{}); err != nil {
		t.Fatal(err)
	}
	if a := carla.get("/requests"); a.Code != http.StatusOK || !strings.Contains(a.Body.String(), "change nothing at the moment: We count.") {
		t.Errorf("looked: %d, without the reason", a.Code)
	}
	bram := w.at(w.acme, "bram") // signs in
	a := bram.post("/requests/" + w.acme.pending + "/approve")
	if a.Code != http.StatusServiceUnavailable || !strings.Contains(a.Body.String(), "not saved") {
		t.Errorf("decided: %d, without the reason", a.Code)
	}
	bram.headers["Accept-Language"] = "nl"
	if a := bram.post("/requests/" + w.acme.pending + "/approve"); !strings.Contains(a.Body.String(), "We count.") || !strings.Contains(a.Body.String(), "niet opgeslagen") {
		t.Errorf("the refusal in Dutch: %d", a.Code)
	}
	if err := w.dir.Thaw(t.Context(), "acme", tenant.Why{}); err != nil {
		t.Fatal(err)
	}
	if a := bram.post("/requests/" + w.acme.pending + "/approve"); a.Code != http.StatusSeeOther {
		t.Errorf("decided after thawing: %d", a.Code)
	}
}

// TestMainHost: a page at another name of the customer leads to the same page at the name
// that links lead to; a form sent there is taken.
func TestMainHost(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "carla")
	info, err := w.dir.Rename(t.Context(), "acme", tenant.Names{Main: "new.example.test"}, tenant.Why{})
	if err != nil {
		t.Fatal(err)
	}
	a := b.get("/requests?year=2026")
	if want := w.dir.Site(info.Hosts[0]) + "/requests?year=2026"; a.Code != http.StatusTemporaryRedirect || a.Header().Get("Location") != want {
		t.Errorf("%d to %q, want %q", a.Code, a.Header().Get("Location"), want)
	}
	if a := b.get("/.well-known/openid-configuration"); a.Code != http.StatusOK {
		t.Errorf("a program: %d", a.Code)
	}
	b.host = "new.example.test"
	if a := b.get("/requests"); a.Code != http.StatusOK {
		t.Errorf("at the new name: %d", a.Code)
	}
}
