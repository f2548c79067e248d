// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"verlof/identity"
	"verlof/identity/openid"
	"verlof/internal/prooftest"
)

// granted returns an access token that a person let an application have.
func (w *world) granted(c *customer, name string, scope openid.Scope) string {
	w.Helper()
	return w.bound(c, name, scope, "")
}

// bound returns one that is bound to a key, by its thumbprint.
func (w *world) bound(c *customer, name string, scope openid.Scope, key string) string {
	w.Helper()
	ctx := w.Context()
	app, _, err := c.OpenID.Register(ctx, c.person("ana"), openid.Client{Name: "App", Kind: openid.Device, Scope: scope, Subjects: openid.SubjectPairwise})
	var codes openid.DeviceCodes
	if err == nil {
		codes, err = c.OpenID.Device(ctx, app, url.Values{"scope": {string(scope)}})
	}
	if err == nil {
		_, err = c.OpenID.DecideDevice(ctx, openid.Who{Person: c.person(name), Auth: w.now}, codes.User, true)
	}
	var got openid.Tokens
	if err == nil {
		got, err = c.OpenID.Token(ctx, app, key, url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {codes.Device}})
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

// TestOAuth_service: the token of a service opens nothing here, with every scope, and the refusal says why and what does: the
// token is good, and another one like it would not help.
func TestOAuth_service(t *testing.T) {
	w := newWorld(t)
	app, _, err := w.acme.OpenID.Register(t.Context(), w.acme.person("ana"), openid.Client{Name: "Sync", Kind: openid.Service, Scope: "leave:read", Subjects: openid.SubjectPublic})
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.acme.OpenID.Token(t.Context(), app, "", url.Values{"grant_type": {"client_credentials"}})
	if err != nil {
		t.Fatal(err)
	}
	r := w.call(w.acme, got.Access, "GET", "/inbox", "", "Accept-Language", "nl")
	if r.StatusCode != 403 || !strings.Contains(r.text, "access.error.service") || !strings.Contains(r.text, "persoonlijk token") {
		t.Errorf("%d %s", r.StatusCode, r.text)
	}
}

// shows calls with a token that is bound to a key, and proofs of having one.
func (w *world) shows(path, token string, proofs ...string) reply {
	head := []string{"Authorization", "DPoP " + token}
	for _, p := range proofs {
		head = append(head, "DPoP", p)
	}
	return w.call(w.acme, "", "GET", path, "", head...)
}

// TestBoundToken: a token that is bound to a key opens nothing for whoever has no key, another
// key, or a proof that was seen before or is for another request; and one that is bound to
// none is not shown with proof.
func TestBoundToken(t *testing.T) {
	w := newWorld(t)
	key, other := prooftest.New(w, "ES256"), prooftest.New(w, "ES256")
	token := w.bound(w.acme, "carla", "openid leave:read", key.Thumbprint())
	loose := w.granted(w.acme, "noor", "openid leave:read")
	at := "http://" + w.acme.host + Root
	said := func(pairs ...any) map[string]any {
		c := prooftest.Possession("GET", at+"/me", token, w.now)
		for i := 0; i < len(pairs); i += 2 {
			c[pairs[i].(string)] = pairs[i+1]
		}
		return c
	}
	ask := w.shows
	if r := ask("/me", token, key.Prove(said())); r.StatusCode != 200 || !strings.Contains(r.text, "Carla") {
		t.Fatalf("%d %s %v", r.StatusCode, r.text, r.Header)
	}
	if r := ask("/inbox?limit=1", token, key.Prove(said("htu", at+"/inbox"))); r.StatusCode != 200 {
		t.Errorf("another operation: %d %s", r.StatusCode, r.text)
	}
	once := key.Prove(said())
	ask("/me", token, once)
	foreign := prooftest.Possession("GET", at+"/me", loose, w.now)
	for name, tt := range map[string]struct {
		r     reply
		error string
	}{
		"as_a_bearer":           {w.call(w.acme, token, "GET", "/me", ""), "invalid_token"},
		"as_a_bearer_with_it":   {w.call(w.acme, token, "GET", "/me", "", "DPoP", key.Prove(said())), "invalid_token"},
		"no_proof":              {ask("/me", token), "invalid_dpop_proof"},
		"two_proofs":            {ask("/me", token, key.Prove(said())+", "+key.Prove(said())), "invalid_dpop_proof"},
		"twice":                 {ask("/me", token, once), "invalid_dpop_proof"},
		"another_key":           {ask("/me", token, other.Prove(said())), "invalid_token"},
		"a_key_it_does_not_say": {ask("/me", token, other.Sign(map[string]any{"typ": "dpop+jwt", "jwk": key.JWK()}, said())), "invalid_dpop_proof"},
		"a_private_key":         {ask("/me", token, key.Sign(map[string]any{"typ": "dpop+jwt", "jwk": key.Private()}, said())), "invalid_dpop_proof"},
		"no_key":                {ask("/me", token, key.Sign(map[string]any{"typ": "dpop+jwt"}, said())), "invalid_dpop_proof"},
		"another_type":          {ask("/me", token, key.Sign(map[string]any{"typ": "JWT", "jwk": key.JWK()}, said())), "invalid_dpop_proof"},
		"unsigned":              {ask("/me", token, key.Sign(map[string]any{"typ": "dpop+jwt", "jwk": key.JWK(), "alg": "none"}, said())), "invalid_dpop_proof"},
		"another_method":        {ask("/me", token, key.Prove(said("htm", "POST"))), "invalid_dpop_proof"},
		"another_operation":     {ask("/me", token, key.Prove(said("htu", at+"/inbox"))), "invalid_dpop_proof"},
		"another_customer":      {ask("/me", token, key.Prove(said("htu", "http://"+w.globex.host+Root+"/me"))), "invalid_dpop_proof"},
		"over_tls":              {ask("/me", token, key.Prove(said("htu", "https://"+w.acme.host+Root+"/me"))), "invalid_dpop_proof"},
		"another_token":         {ask("/me", token, key.Prove(foreign)), "invalid_dpop_proof"},
		"no_token_in_it":        {ask("/me", token, key.Prove(said("ath", ""))), "invalid_dpop_proof"},
		"no_name":               {ask("/me", token, key.Prove(said("jti", ""))), "invalid_dpop_proof"},
		"old":                   {ask("/me", token, key.Prove(said("iat", w.now.Add(-2*time.Minute).Unix()))), "use_dpop_nonce"},
		"of_the_future":         {ask("/me", token, key.Prove(said("iat", w.now.Add(2*time.Minute).Unix()))), "use_dpop_nonce"},
		"a_nonce_of_nobody":     {ask("/me", token, key.Prove(said("nonce", "x"))), "use_dpop_nonce"},
		"bound_to_none":         {ask("/me", loose, key.Prove(foreign)), "invalid_token"},
	} {
		challenge := tt.r.Header.Get("WWW-Authenticate")
		if tt.r.StatusCode != 401 || !strings.HasPrefix(challenge, "DPoP ") || !strings.Contains(challenge, `error="`+tt.error+`"`) || strings.Contains(tt.r.text, "Carla") {
			t.Errorf("%s: %d %s", name, tt.r.StatusCode, challenge)
		}
	}
	if r := ask("/me", w.acme.tokens["carla"], key.Prove(said())); r.StatusCode != 401 {
		t.Errorf("a personal token, with proof: %d", r.StatusCode)
	}
	if r := w.call(w.globex, "", "GET", "/me", "", "Authorization", "DPoP "+token, "DPoP", key.Prove(said("htu", "http://"+w.globex.host+Root+"/me"))); r.StatusCode != 401 {
		t.Errorf("at another customer: %d", r.StatusCode)
	}
	off := said("iat", w.now.Add(-3*time.Hour).Unix())
	off["nonce"] = ask("/me", token, key.Prove(off)).Header.Get("DPoP-Nonce")
	if r := ask("/me", token, key.Prove(off)); r.StatusCode != 200 {
		t.Errorf("a program whose clock is off, with our nonce: %d %s", r.StatusCode, r.Header.Get("WWW-Authenticate"))
	}
	if r := ask("/me", token, key.Prove(off)); r.StatusCode != 401 {
		t.Errorf("the same proof again: %d", r.StatusCode)
	}
	w.now = w.now.Add(5 * time.Minute)
	off["jti"] = prooftest.Name()
	if r := ask("/me", token, key.Prove(off)); r.StatusCode != 401 || r.Header.Get("DPoP-Nonce") == "" {
		t.Errorf("a nonce that is too old: %d %v", r.StatusCode, r.Header)
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
	moved := func(who string) string {
		return strings.NewReplacer("Noor", strings.ToUpper(who[:1])+who[1:], "noor@", "moved-"+who+"@", `"number":"g",`, "").Replace(noor(map[string]string{"sam": `"system-manager"`, "noor": ""}[who]))
	}
	if r := w.call(w.acme, personal, "PUT", "/people/acme-sam", moved("sam"), "If-Match", "*"); r.StatusCode != 401 {
		t.Errorf("the address of somebody with a role, personal token: %d %s", r.StatusCode, r.text)
	}
	for _, body := range []string{noor(""), moved("noor")} {
		if r := w.call(w.acme, personal, "PUT", "/people/acme-noor", body, "If-Match", "*"); r.StatusCode != 200 {
			t.Errorf("nothing about roles: %d %s", r.StatusCode, r.text)
		}
	}
}
