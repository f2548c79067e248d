// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"verlof/errs"
	"verlof/internal/httperr"
	"verlof/internal/lang"
	"verlof/web/template"
)

func TestMarkOfTheNavigation(t *testing.T) {
	for path, want := range map[string]string{
		"/": "/", "/calendar": "/calendar", "/away": "/calendar", "/leave/new": "/requests", "/requests/x": "/requests", "/balance": "/requests", "/people/x/balance": "/people", "/account": "",
	} {
		got := ""
		for _, n := range mark([]template.NavItem{{Href: "/"}, {Href: "/calendar"}, {Href: "/requests"}, {Href: "/people"}}, path) {
			if n.Current {
				got += n.Href
			}
		}
		if got != want {
			t.Errorf("%s marks %q, want %q", path, got, want)
		}
	}
}

func TestLocalPath(t *testing.T) {
	for next, want := range map[string]string{
		"/requests?year=2026": "/requests?year=2026", "": "/", "requests": "/", "//evil.example": "/",
		"/\\evil.example": "/", "https://evil.example": "/", "/a\nb": "/", "/\t/evil.example": "/",
	} {
		if got := LocalPath(next); got != want {
			t.Errorf("localPath(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestSentenceForEveryKind(t *testing.T) {
	for k := errs.Internal; k <= errs.Unavailable; k++ {
		if httperr.Status(k) == 0 {
			t.Errorf("%v has no status", k)
		}
		for _, tag := range []string{"en", "nl"} {
			if s := Sentence(lang.For(tag), errs.New(k, ""), "K7QF2"); s == "" {
				t.Errorf("%v has no sentence in %s", k, tag)
			}
			if k != errs.Internal && !lang.For(tag).Has("web.fail."+strconv.Itoa(httperr.Status(k))) {
				t.Errorf("%v has no title in %s", k, tag)
			}
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "br, gzip": true, "gzip;q=0": false, "gzip; q=0.0": false, "gzip;q=0.1": true, "xgzip": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", header)
		if got := acceptsGzip(r); got != want {
			t.Errorf("%q: %t", header, got)
		}
	}
}
