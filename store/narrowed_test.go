// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"errors"
	"net/http/httptest"
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
