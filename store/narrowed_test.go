// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"verlof/identity/openid"
	"verlof/store"
	"verlof/store/storetest"
)

// TestNarrowed: what the customer takes from a client is taken from what it was given before, at
// once; of what it has left nothing changes.
func TestNarrowed(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		ctx := t.Context()
		given := r.fresh("scope", "openid offline_access leave:read", "claims", `{"userinfo":{"email":null}}`)
		api := r.fresh("scope", "leave:read")
		narrow := func(scope openid.Scope) {
			t.Helper()
			r.client.Scope = scope
			if err := r.SaveClient(ctx, r.keeper, r.client); err != nil {
				t.Fatal(err)
			}
		}
		told := func(want string) {
			t.Helper()
			got, err := r.UserInfo(httptest.NewRequestWithContext(ctx, "GET", "https://one.example"+openid.UserInfoPath, nil), given.Access)
			if email, _ := got["email"].(string); err != nil || email != want {
				t.Errorf("userinfo: %+v, %v; want the address %q", got, err, want)
			}
		}
		told("worker0@acme.example")
		narrow("openid offline_access")
		b, err := r.Bearer(ctx, given.Access)
		if err != nil || b.Scope != "openid offline_access" || b.Need("leave:read") == nil {
			t.Errorf("the token is good for %q, %v", b.Scope, err)
		}
		told("")
		if i, err := r.Inspect(ctx, r.client, given.Access); err != nil || i.Scope != "openid offline_access" {
			t.Errorf("inspected: %+v, %v", i, err)
		}
		r.good("with nothing left", api.Access, false)
		_, err = r.refresh(api.Refresh)
		faulty(t, "refreshed with nothing left", err, "invalid_grant")
		next, err := r.refresh(given.Refresh)
		if err != nil || next.Scope != "openid offline_access" {
			t.Fatalf("refreshed: %q, %v", next.Scope, err)
		}
		_, err = r.token("grant_type", "refresh_token", "refresh_token", next.Refresh, "scope", "leave:read")
		faulty(t, "asked back", err, "invalid_scope")
		narrow("openid")
		if list, err := r.Agreements(ctx, r.who.Person, r.who.Person); err != nil || len(list) != 1 || list[0].Scope != "openid" || list[0].Away {
			t.Errorf("agreed: %+v, %v", list, err)
		}
		update(t, r.db, func(tx *store.Tx) error {
			return errors.Join(openid.SessionEnded(tx, "session-1"), tx.DeleteSession("d"))
		})
		r.good("without offline_access, after the session", next.Access, false)
	})
}

// TestPretended: where another program on the person's machine could ask in the name of one that
// keeps no secret, the person is asked each time, whatever they said before.
func TestPretended(t *testing.T) {
	for _, tt := range []struct {
		name, redirect string
		kind           openid.Kind
		trusted, asked bool
	}{
		{"loopback", "http://127.0.0.1/back", openid.Public, false, true},
		{"loopback_of_the_customers_own", "http://[::1]/back", openid.Public, true, true},
		{"scheme", "com.example.app:/back", openid.Public, false, true},
		{"page", "https://app.example/back", openid.Public, false, false},
		{"with_a_secret", "http://127.0.0.1/back", openid.Confidential, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := relies(t, "sqlite:"+t.TempDir(), func(c *openid.Client) {
				c.Kind, c.Redirects, c.Trusted = tt.kind, []string{tt.redirect}, tt.trusted
			})
			ask := r.ask("redirect_uri", tt.redirect)
			if a, err := r.Decide(t.Context(), ask, r.who, true); err != nil || a.Redirect == "" {
				t.Fatalf("agreed: %+v, %v", a, err)
			}
			a, err := r.Authorize(t.Context(), ask, r.who)
			if err != nil || (a.Consent != nil) != tt.asked {
				t.Errorf("the second time: %+v, %v; want the person asked: %t", a, err, tt.asked)
			}
			ask.Set("prompt", "none")
			a, err = r.Authorize(t.Context(), ask, r.who)
			if err != nil || strings.Contains(a.Redirect, "error=consent_required") != tt.asked {
				t.Errorf("with prompt=none: %+v, %v", a, err)
			}
		})
	}
}
