// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strings"
	"testing"

	"verlof/identity/sso"
)

// TestProviderLeave: who signs out here goes on to the provider, where it offers that and
// the customer wants it; whatever it says, the session here has ended.
func TestProviderLeave(t *testing.T) {
	c := newContoso(t, func(p *sso.Provider) { p.SignOut = true })
	c.there.Ends = true
	b, a := c.signIn()
	if !enters(a) {
		t.Fatalf("%d", a.Code)
	}
	a = b.post("/sign-out")
	to, _ := strings.CutPrefix(a.Header().Get("Refresh"), "0;url=")
	holds(t, a, 200, "You are signed out here", "Sign out at Contoso")
	if !strings.HasPrefix(to, c.there.URL+"/end?") || !strings.Contains(to, "id_token_hint=ey") || !strings.Contains(to, "post_logout_redirect_uri=http%3A%2F%2F"+c.acme.host+"%2Fsign-in") {
		t.Errorf("sent to %s", to)
	}
	if a := b.get("/balance"); a.Code != http.StatusSeeOther {
		t.Errorf("the session goes on: %d", a.Code)
	}
	c.must(c.acme.SSO.Store.Update(t.Context(), func(tx sso.Tx) error {
		left, err := tx.SSOSessions(c.id, "", "")
		if len(left) > 0 {
			t.Errorf("kept of a session that ended: %+v", left)
		}
		p, err2 := tx.SSOProvider(c.id)
		p.SignOut = false
		return firstOf(err, err2, tx.SaveSSOProvider(p))
	}))
	b, _ = c.signIn()
	if a := b.post("/sign-out"); a.Code != http.StatusSeeOther || a.Header().Get("Refresh") != "" {
		t.Errorf("not wanted: %d, %q", a.Code, a.Header().Get("Refresh"))
	}
	if a := c.at(c.acme, "dirk").post("/sign-out"); a.Code != http.StatusSeeOther {
		t.Errorf("with a password: %d", a.Code)
	}
}

// TestProviderEnds: a session that ended at the provider ends here, and no other does.
func TestProviderEnds(t *testing.T) {
	c := newContoso(t, nil)
	path := "/sso/" + c.id + "/logout"
	program := c.at(c.acme, "")
	in := func(who, session string) *browser {
		t.Helper()
		c.is(who)
		c.there.Person["sid"] = session
		b, a := c.signIn()
		if !enters(a) {
			t.Fatalf("%d", a.Code)
		}
		return b
	}
	signedIn := func(b *browser) bool { return b.get("/balance").Code == http.StatusOK }
	dirk, one, two := in("dirk", "d"), in("carla", "a"), in("carla", "b")
	token := c.there.Goodbye(func(_, claims map[string]any) { claims["sid"] = "a" })
	holds(t, program.post(path, "logout_token", token+"x"), 400, "invalid_request")
	if !signedIn(one) {
		t.Fatal("ended by a token that is not good")
	}
	if a := program.post(path, "logout_token", token); a.Code != http.StatusOK || a.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d", a.Code)
	}
	if signedIn(one) || !signedIn(two) || !signedIn(dirk) {
		t.Errorf("one %t, two %t, dirk %t", signedIn(one), signedIn(two), signedIn(dirk))
	}
	holds(t, program.post(path, "logout_token", token), 400) // taken once
	holds(t, c.at(c.globex, "").post(path, "logout_token", c.there.Goodbye(nil)), 400)
	if a := program.post(path, "logout_token", c.there.Goodbye(nil)); a.Code != http.StatusOK || signedIn(two) || !signedIn(dirk) {
		t.Errorf("all of a subject: %d, two %t, dirk %t", a.Code, signedIn(two), signedIn(dirk))
	}
}
