// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"
	"strings"
	"testing"

	"verlof/identity/openid"
)

// TestCORS: a script may call from the pages of a public client in use of that customer,
// and from no other.
func TestCORS(t *testing.T) {
	w := newWorld(t)
	register := func(name string, kind openid.Kind, address string, off bool) {
		t.Helper()
		c := openid.Client{Name: name, Kind: kind, Redirects: []string{address}, Scope: "openid leave:read", Subjects: openid.SubjectPublic}
		if off {
			c.Disabled = w.now
		}
		_, _, err := w.acme.OpenID.Register(w.Context(), w.acme.person("sam"), c)
		w.must(err)
	}
	register("Board", openid.Public, "https://board.example:443/in", false)
	register("Server", openid.Confidential, "https://server.example/in", false)
	register("Phone", openid.Public, "com.example.phone:/in", false)
	register("Gone", openid.Public, "https://gone.example/in", true)
	ask := []string{"Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "authorization,change-mark"}
	for _, x := range []struct {
		c      *customer
		origin string
		may    bool
	}{
		{w.acme, "https://board.example", true}, {w.globex, "https://board.example", false}, {w.acme, "https://board.example.evil.example", false},
		{w.acme, "http://board.example", false}, {w.acme, "https://board.example:8443", false}, {w.acme, "https://server.example", false},
		{w.acme, "https://gone.example", false}, {w.acme, "null", false}, {w.acme, "com.example.phone:", false},
	} {
		pre := w.call(x.c, "", http.MethodOptions, "/people/x", "", append(ask, "Origin", x.origin)...)
		said := pre.Header.Get("Access-Control-Allow-Origin")
		if x.may != (said == x.origin) || x.may != (pre.StatusCode == http.StatusNoContent) || !x.may && said != "" {
			t.Errorf("%s at %s: %d, allowed %q", x.origin, x.c.Slug, pre.StatusCode, said)
		}
		if x.may && (!strings.Contains(pre.Header.Get("Access-Control-Allow-Headers"), "Change-Mark") || !strings.Contains(pre.Header.Get("Access-Control-Allow-Methods"), "PUT")) {
			t.Errorf("%v", pre.Header)
		}
		r := w.call(x.c, x.c.tokens["ana"], "GET", "/me", "", "Origin", x.origin)
		if told := r.Header.Get("Access-Control-Allow-Origin"); r.StatusCode != 200 || x.may != (told == x.origin) || !x.may && told != "" || !strings.Contains(r.Header.Get("Vary"), "Origin") {
			t.Errorf("%s at %s reads: %d, allowed %q", x.origin, x.c.Slug, r.StatusCode, told)
		}
		for _, h := range []http.Header{pre.Header, r.Header} {
			if h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s: with credentials", x.origin)
			}
		}
	}
	if r := w.call(w.acme, "", "GET", "/me", "", "Origin", "https://board.example"); r.StatusCode != 401 || r.Header.Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("a refusal that the script can read: %d %v", r.StatusCode, r.Header)
	}
}
