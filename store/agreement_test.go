// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity/openid"
	"verlof/store/storetest"
)

// TestAgreements: a person, and who keeps sign-in, sees what a client may do in the person's name, and ends it:
// its tokens are worth nothing, it is told, and the person is asked again.
func TestAgreements(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, func(c *openid.Client) { c.Trusted, c.Logout = false, "https://app.example/bye" })
		ctx, ann, other := t.Context(), r.who.Person, storetest.Worker(1)
		if _, err := r.Decide(ctx, r.ask("scope", "openid offline_access"), r.who, true); err != nil {
			t.Fatal(err)
		}
		given := r.fresh("scope", "openid offline_access")
		r.time = r.time.Add(time.Hour)
		if _, err := r.refresh(given.Refresh); err != nil {
			t.Fatal(err)
		}
		see := func(want int) []openid.Agreement {
			t.Helper()
			list, err := r.Agreements(ctx, ann, ann)
			with, err2 := r.AgreementsWith(ctx, r.keeper, r.client.ID)
			if err != nil || err2 != nil || len(list) != want || len(with) != want {
				t.Fatalf("%v, %v: %+v, %+v", err, err2, list, with)
			}
			return list
		}
		a := see(1)[0]
		if a.Client.Name != "App" || a.Person != ann || !a.Away || !a.Scope.Has("openid") || !a.Since.Equal(march) || !a.Used.Equal(r.time) {
			t.Errorf("%+v", a)
		}
		if _, err := r.Agreements(ctx, other, ann); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody else's: %v", err)
		}
		if err := r.EndAgreement(ctx, other, ann, r.client.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("ended by somebody else: %v", err)
		}
		tokens, err := r.redeem(r.code("scope", "openid"))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.EndAgreement(ctx, r.keeper, ann, r.client.ID); err != nil {
			t.Fatal(err)
		}
		see(0)
		r.good("ended", tokens.Access, false)
		_, err = r.refresh(tokens.Refresh)
		faulty(t, "refreshed", err, "invalid_grant")
		if again, err := r.Authorize(ctx, r.ask("scope", "openid"), r.who); err != nil || again.Consent == nil {
			t.Errorf("not asked again: %+v, %v", again, err)
		}
		if err := r.EndAgreement(ctx, ann, ann, r.client.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("ended twice: %v", err)
		}
		rows, err := r.db.Outbox().Claim(ctx, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour), 9)
		if err != nil || len(rows) == 0 || rows[0].Kind != openid.KindLogout {
			t.Errorf("the client is told: %+v, %v", rows, err)
		}
	})
}
