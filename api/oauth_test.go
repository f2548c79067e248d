// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"verlof/identity"
	"verlof/identity/openid"
)

// granted returns an access token that a person let an application have.
func (w *world) granted(c *customer, name string, scope openid.Scope) string {
	w.Helper()
	ctx := w.Context()
	hash, err := c.Identity.Hasher.Hash(ctx, "seven quiet herons walk")
	if err == nil {
		err = c.Identity.SetPassword(ctx, hash, c.person(name))
	}
	var app openid.Client
	if err == nil {
		app, _, err = c.OpenID.Register(ctx, c.person("ana"), openid.Client{Name: "App", Kind: openid.Device, Scope: scope, Subjects: openid.SubjectPairwise})
	}
	var codes openid.DeviceCodes
	if err == nil {
		codes, err = c.OpenID.Device(ctx, app, url.Values{"scope": {string(scope)}})
	}
	if err == nil {
		_, err = c.OpenID.DecideDevice(ctx, openid.Who{Person: c.person(name), Auth: w.now}, codes.User, true)
	}
	var got openid.Tokens
	if err == nil {
		got, err = c.OpenID.Token(ctx, app, url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {codes.Device}})
	}
	if err != nil {
		w.Fatal(err)
	}
	return got.Access
}

// TestOAuth: an application may what the person may who let it in, within its scopes, until
// its token ends, at that customer only.
func TestOAuth(t *testing.T) {
	w := newWorld(t)
	token := w.granted(w.acme, "carla", "openid leave:read")
	r := w.call(w.acme, token, "GET", "/me", "")
	var me Me
	if r.json(t, &me); r.StatusCode != 200 || me.Person.Given != "Carla" {
		t.Errorf("%d %s", r.StatusCode, r.text)
	}
	if r := w.call(w.acme, token, "GET", "/inbox", ""); r.StatusCode != 200 {
		t.Errorf("within its scope: %d %s", r.StatusCode, r.text)
	}
	if r := w.call(w.acme, token, "GET", "/people", ""); r.StatusCode != 403 {
		t.Errorf("beyond its scope: %d %s", r.StatusCode, r.text)
	}
	if r := w.call(w.globex, token, "GET", "/me", ""); r.StatusCode != 401 {
		t.Errorf("at another customer: %d %s", r.StatusCode, r.text)
	}
	w.now = w.now.Add(w.acme.OpenID.Limits.Access)
	if r := w.call(w.acme, token, "GET", "/me", ""); r.StatusCode != 401 {
		t.Errorf("after its end: %d %s", r.StatusCode, r.text)
	}
}

// TestLately: who may do what is changed with the token of somebody who signed in
// lately, and with no other; the refusal says how to go on (RFC 9470).
func TestLately(t *testing.T) {
	w := newWorld(t)
	token := w.granted(w.acme, "ana", "openid people:read people:write")
	role := `{"name":"Desk","rights":["see-away"],"everybody":true}`
	noor := func(roles string) string {
		return `{"given":"Noor","family":"Tester","email":"noor@acme.example","number":"g","location":"utrecht","roles":[` + roles + `]}`
	}
	if r := w.call(w.acme, token, "POST", "/roles", role); r.StatusCode != 201 {
		t.Errorf("just signed in: %d %s", r.StatusCode, r.text)
	}
	demand := func(p identity.Policy) {
		w.must(w.acme.Identity.Store.Update(t.Context(), func(tx identity.Tx) error { return tx.SaveSignInPolicy(p) }))
	}
	demand(identity.DefaultPolicy().DemandPasskey("administrator"))
	if r := w.call(w.acme, token, "POST", "/roles", strings.Replace(role, "Desk", "Barn", 1)); r.StatusCode != 401 {
		t.Errorf("just signed in, without the passkey that is demanded: %d %s", r.StatusCode, r.text)
	}
	demand(identity.DefaultPolicy())
	personal := w.acme.tokens["ana"]
	w.acme.Identity.Limits.Fresh = time.Minute // less than a token lives
	w.now = w.now.Add(time.Minute)
	for name, r := range map[string]reply{
		"a role, signed in too long ago":      w.call(w.acme, token, "POST", "/roles", strings.Replace(role, "Desk", "Hall", 1)),
		"a role, personal token":              w.call(w.acme, personal, "POST", "/roles", role),
		"a person's roles, personal token":    w.call(w.acme, personal, "PUT", "/people/acme-noor", noor(`"auditor"`), "If-Match", "*"),
		"somebody new with a role, the same":  w.call(w.acme, personal, "POST", "/people", strings.Replace(noor(`"auditor"`), "}", `,"from":"2026-04-01","pattern":"full","package":"all"}`, 1)),
		"somebody's roles, by an old sign-in": w.call(w.acme, token, "PUT", "/people/acme-noor", noor(`"auditor"`), "If-Match", "*"),
	} {
		challenge := r.Header.Get("WWW-Authenticate")
		if r.StatusCode != 401 || !strings.Contains(challenge, `error="insufficient_user_authentication"`) || !strings.Contains(challenge, `max_age="`) {
			t.Errorf("%s: %d %s %s", name, r.StatusCode, challenge, r.text)
		}
	}
	if r := w.call(w.acme, personal, "PUT", "/people/acme-noor", noor(""), "If-Match", "*"); r.StatusCode != 200 {
		t.Errorf("nothing about roles: %d %s", r.StatusCode, r.text)
	}
}
