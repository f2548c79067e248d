// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/url"
	"testing"

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
