// SPDX-License-Identifier: Apache-2.0

package static

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, url, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}

func TestHandlerServesForEver(t *testing.T) {
	for _, url := range []string{URL("app.css"), URL("menu.js"), URL("favicon.svg"), ThemeURL("#2f6fed"), ThemeURL("")} {
		w := get(t, url, "gzip")
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, Cache-Control %q", url, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

func TestHandlerRefuses(t *testing.T) {
	for _, url := range []string{
		"/static/", "/static/app.css", "/static/app.00000000.css", "/static/css/app.css", "/static/../static.go",
		"/static/theme/2f6fed.css", "/static/theme/2f6fed.00000000.css", "/static/theme/red." + themeVersion() + ".css",
		"/static/theme/2F6FED." + themeVersion() + ".css", "/static/theme/#2f6fed." + themeVersion() + ".css",
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/static/", nil)
		r.URL.Path = url
		Handler().ServeHTTP(w, r)
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", url, w.Code)
		}
	}
}

func TestHandlerPacksOnlyWhenAsked(t *testing.T) {
	for accept, want := range map[string]string{"gzip": "gzip", "br, gzip;q=0.5": "gzip", "": "", "gzip;q=0": "", "gzip; q=0": ""} {
		w := get(t, URL("app.css"), accept)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: Content-Encoding %q, want %q", accept, got, want)
		}
	}
}

// TestBudget keeps what every page loads small.
func TestBudget(t *testing.T) {
	css := assets().byName["app.css"]
	t.Logf("app.css: %d bytes, %d packed", len(css.body), len(css.gzip))
	if len(css.body) > 38<<10 || len(css.gzip) > 9<<10 {
		t.Errorf("app.css has %d bytes, %d packed", len(css.body), len(css.gzip))
	}
	js := 0
	for name, a := range assets().byName {
		if strings.HasSuffix(name, ".js") {
			js += len(a.body)
		}
	}
	if js > 12<<10 { // of which passkey.js, for a few pages, is 2
		t.Errorf("the scripts have %d bytes in all", js)
	}
}

// TestStill: what moves by itself moves for those alone who did not ask for less motion. What fades with scrolling goes
// no further than they do.
func TestStill(t *testing.T) {
	css := string(assets().byName["app.css"].body)
	moves := regexp.MustCompile(`(?:transition|animation|scroll-behavior):[^;}]*`)
	for _, block := range regexp.MustCompile(`@media ?\(prefers-reduced-motion: ?no-preference\) ?\{(?:[^{}]*\{[^{}]*\})*\s*\}`).FindAllString(css, -1) {
		css = strings.Replace(css, block, "", 1)
	}
	for _, m := range moves.FindAllString(css, -1) {
		if strings.ReplaceAll(m, " ", "") != "animation:fadelinear" {
			t.Errorf("%q is for everybody", m)
		}
	}
}

// TestSheetIsWhole finds a custom property that is used and never set, and
// braces that do not pair.
func TestSheetIsWhole(t *testing.T) {
	css := string(assets().byName["app.css"].body)
	if o, c := strings.Count(css, "{"), strings.Count(css, "}"); o != c {
		t.Errorf("%d braces open, %d close", o, c)
	}
	for _, m := range regexp.MustCompile(`var\((--[a-z0-9-]+)\)`).FindAllStringSubmatch(css, -1) {
		if !strings.Contains(css, m[1]+":") {
			t.Errorf("%s is used but never set", m[1])
		}
	}
	if strings.Contains(css, "url(") || strings.Contains(css, "@import") {
		t.Error("the sheet fetches something")
	}
}
