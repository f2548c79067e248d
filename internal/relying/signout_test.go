// SPDX-License-Identifier: Apache-2.0

package relying_test

import (
	"net/url"
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/relying"
)

// TestLeave: who signs out is sent to where the provider says, where it says so.
func TestLeave(t *testing.T) {
	w := newWorld(t)
	if to, err := w.party.Leave(t.Context(), w.known(), "a.token", "https://acme.test/sign-in"); err != nil || to != "" {
		t.Errorf("to %q, %v", to, err)
	}
	w = newWorld(t)
	w.Ends = true
	to, err := w.party.Leave(t.Context(), w.known(), "a.token", "https://acme.test/sign-in")
	u, err2 := url.Parse(to)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	if q := u.Query(); u.Path != "/end" || q.Get("x") != "1" || q.Get("id_token_hint") != "a.token" || q.Get("client_id") != "verlof" || q.Get("post_logout_redirect_uri") != "https://acme.test/sign-in" {
		t.Errorf("to %s", to)
	}
}

// TestEnded: a logout token with one thing wrong ends nothing.
func TestEnded(t *testing.T) {
	set := func(name string, value any) func(head, claims map[string]any) {
		return func(_, claims map[string]any) { claims[name] = value }
	}
	w := newWorld(t)
	got, err := w.party.Ended(t.Context(), w.known(), w.Goodbye(set("sid", "x")))
	if err != nil || got.Subject != "s-1" || got.Session != "x" || got.ID == "" || !got.Until.Equal(start.Add(2*time.Minute+relying.Skew)) {
		t.Errorf("%+v, %v", got, err)
	}
	for name, spoil := range map[string]func(head, claims map[string]any){
		"no_event":       set("events", map[string]any{}),
		"other_event":    set("events", map[string]any{"http://schemas.openid.net/event/other": map[string]any{}}),
		"id_token":       set("nonce", "n"),
		"of_nobody":      set("sub", ""),
		"no_name":        set("jti", ""),
		"old":            set("iat", start.Add(-time.Hour).Unix()),
		"of_the_future":  set("iat", start.Add(time.Hour).Unix()),
		"expired":        set("exp", start.Add(-relying.Skew-time.Second).Unix()),
		"no_end":         set("exp", nil),
		"other_audience": set("aud", "roster"),
		"other_issuer":   set("iss", "https://login.example.test"),
		"unsigned":       func(head, _ map[string]any) { head["alg"] = "none" },
	} {
		if got, err := w.party.Ended(t.Context(), w.known(), w.Goodbye(spoil)); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	w.Forge = true
	if _, err := w.party.Ended(t.Context(), w.known(), w.Goodbye(nil)); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("of another key: %v", err)
	}
}
