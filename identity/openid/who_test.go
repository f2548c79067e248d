// SPDX-License-Identifier: Apache-2.0

package openid_test

import (
	"strings"
	"testing"
	"time"

	"verlof/identity"
	"verlof/identity/openid"
)

// TestWhoOf: when somebody proved who they are is not when their session began, and a browser that
// stands for the second factor proved nothing.
func TestWhoOf(t *testing.T) {
	began := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	for name, x := range map[string]struct {
		s       identity.Session
		auth    time.Time // auth_time
		methods string
		fresh   time.Time // of what a program's dangerous acts count from
	}{
		"password": {identity.Session{Means: identity.ByPassword, Proven: began}, began, "pwd", began},
		"stepped_up": {identity.Session{Means: identity.ByApp, Proven: began.Add(time.Hour)},
			began.Add(time.Hour), "pwd otp mfa", began.Add(time.Hour)},
		"trusted_browser": {identity.Session{Means: identity.ByDevice}, began, "pwd", time.Time{}},
		"trusted_at_a_provider": {identity.Session{Means: identity.ByDevice, Provider: "entra"},
			time.Time{}, "", time.Time{}},
		"provider_that_was_signed_in_to_before": {identity.Session{Means: identity.ByVouched, Provider: "entra", Proven: began.Add(-8 * time.Hour)},
			began.Add(-8 * time.Hour), "mfa", began.Add(-8 * time.Hour)},
		"provider_that_does_not_say_when": {identity.Session{Means: identity.ByProvider, Provider: "entra"}, time.Time{}, "", time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			x.s.Created = began
			w := openid.WhoOf(x.s)
			if methods := strings.Join(w.Methods, " "); !w.Auth.Equal(x.auth) || methods != x.methods {
				t.Errorf("auth_time %v, methods %q", w.Auth, methods)
			}
			g := openid.Grant{Auth: w.Auth, Methods: strings.Join(w.Methods, " "), Means: w.Means, Provider: w.Provider}
			if p := g.Proof(); !p.Proven.Equal(x.fresh) || p.Means != x.s.Means || p.Provider != x.s.Provider {
				t.Errorf("proof %v by %s of %q", p.Proven, p.Means, p.Provider)
			}
		})
	}
}
