// SPDX-License-Identifier: Apache-2.0

package web

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"verlof/identity/openid"
	"verlof/internal/prooftest"
	"verlof/people"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// signs has the application prove itself with a key from now on, and returns the public half.
func (r *relying) signs(k prooftest.Key) string {
	r.key = &k
	return k.Line()
}

// asserts returns the claims of a proof of the application, changed.
func (r *relying) asserts(pairs ...any) map[string]any {
	c := prooftest.Assertion(r.client.ID, r.issuer, r.time)
	for i := 0; i < len(pairs); i += 2 {
		if c[pairs[i].(string)] = pairs[i+1]; pairs[i+1] == nil {
			delete(c, pairs[i].(string))
		}
	}
	return c
}

// TestKeyProof: an application that signs who it is comes in at every endpoint without a
// secret, with each key that it registered, and once with each proof.
func TestKeyProof(t *testing.T) {
	first, second, stranger := prooftest.New(t, "ES256"), prooftest.New(t, "Ed25519"), prooftest.New(t, "ES256")
	r := newRelying(t, func(c *openid.Client) { c.Keys = []string{first.Line(), second.Line()} })
	r.want(r.secret == "", "it got a secret beside its key")
	r.signs(first)
	got := r.tokens("scope", "openid offline_access")
	r.signs(second)
	got = r.read(r.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", got.refresh))
	if a := r.call(openid.IntrospectPath, "token", got.access); a.json["active"] != true {
		t.Errorf("introspection: %d %s", a.StatusCode, a.body)
	}
	if a := r.call(openid.RevokePath, "token", got.access); a.StatusCode != http.StatusOK || r.userInfo(got.access).StatusCode != http.StatusUnauthorized {
		t.Errorf("revocation: %d %s", a.StatusCode, a.body)
	}

	form := func(assertion string, pairs ...string) url.Values {
		v := values("grant_type", "refresh_token", "refresh_token", "x", "client_assertion_type", assertionType, "client_assertion", assertion)
		maps.Copy(v, values(pairs...))
		return v
	}
	sent := func(head, claims map[string]any) answer {
		return r.form(openid.TokenPath, form(first.Sign(head, claims)))
	}
	new := map[string]any{"typ": "client-authentication+jwt"}
	for name, a := range map[string]answer{
		"issuer":                  sent(nil, r.asserts()),
		"issuer_in_a_list":        sent(nil, r.asserts("aud", []string{r.issuer})),
		"typed":                   sent(new, r.asserts()),
		"token_endpoint":          sent(map[string]any{"typ": "JWT"}, r.asserts("aud", r.issuer+openid.TokenPath)), // OpenID Connect Core 1.0, section 9
		"named_by_its_thumbprint": sent(map[string]any{"kid": first.Thumbprint()}, r.asserts()),
		"without_iat":             sent(nil, r.asserts("iat", nil, "nbf", nil)),
		"a_clock_that_is_ahead":   sent(nil, r.asserts("iat", r.time.Add(50*time.Second).Unix(), "nbf", r.time.Add(50*time.Second).Unix())),
		"its_name_as_well":        r.form(openid.TokenPath, form(first.Sign(nil, r.asserts()), "client_id", r.client.ID)),
	} {
		r.failed(name, a, 400, "invalid_grant") // it came in, with no refresh token
	}
	once := first.Sign(nil, r.asserts())
	r.failed("first use", r.form(openid.TokenPath, form(once)), 400, "invalid_grant")
	for name, a := range map[string]answer{
		"second_use":            r.form(openid.TokenPath, form(once)),
		"another_key":           r.form(openid.TokenPath, form(stranger.Sign(nil, r.asserts()))),
		"unsigned":              sent(map[string]any{"alg": "none"}, r.asserts()),
		"symmetric":             sent(map[string]any{"alg": "HS256"}, r.asserts()),
		"a_key_of_its_own":      r.form(openid.TokenPath, form(stranger.Sign(map[string]any{"jwk": stranger.JWK()}, r.asserts()))),
		"typed_as_something":    sent(map[string]any{"typ": "at+jwt"}, r.asserts()),
		"proof_of_possession":   sent(map[string]any{"typ": "dpop+jwt"}, r.asserts()),
		"typed_token_endpoint":  sent(new, r.asserts("aud", r.issuer+openid.TokenPath)),
		"another_issuer":        sent(nil, r.asserts("aud", "http://"+r.globex.host)),
		"two_issuers":           sent(nil, r.asserts("aud", []string{r.issuer, "http://" + r.globex.host})),
		"nobody":                sent(nil, r.asserts("aud", nil)),
		"another_iss":           sent(nil, r.asserts("iss", "x")),
		"another_sub":           sent(nil, r.asserts("sub", "x")),
		"no_jti":                sent(nil, r.asserts("jti", nil)),
		"long_jti":              sent(nil, r.asserts("jti", strings.Repeat("x", 300))),
		"no_end":                sent(nil, r.asserts("exp", nil)),
		"ended":                 sent(nil, r.asserts("exp", r.time.Unix())),
		"good_for_a_year":       sent(nil, r.asserts("exp", r.time.AddDate(1, 0, 0).Unix())),
		"good_for_ever":         sent(nil, r.asserts("exp", 1e300)),
		"not_yet":               sent(nil, r.asserts("nbf", r.time.Add(time.Hour).Unix())),
		"of_the_future":         sent(nil, r.asserts("iat", r.time.Add(time.Hour).Unix())),
		"end_as_a_text":         sent(nil, r.asserts("exp", "soon")),
		"no_jwt":                r.form(openid.TokenPath, form("x")),
		"its_name_is_another":   r.form(openid.TokenPath, form(first.Sign(nil, r.asserts()), "client_id", "x")),
		"another_kind_of_proof": r.form(openid.TokenPath, form(first.Sign(nil, r.asserts()), "client_assertion_type", "saml2-bearer")),
		"a_name_alone":          r.form(openid.TokenPath, values("grant_type", "refresh_token", "refresh_token", "x", "client_id", r.client.ID)),
	} {
		r.failed(name, a, http.StatusUnauthorized, "invalid_client")
	}
	r.failed("two ways", r.form(openid.TokenPath, form(first.Sign(nil, r.asserts()), "client_secret", "x")), 400, "invalid_request")
	r.failed("two ways", r.form(openid.TokenPath, form(first.Sign(nil, r.asserts())), "Authorization", "Basic eDp4"), 400, "invalid_request")
	r.time = r.time.Add(5 * time.Minute)
	r.failed("after its time", r.form(openid.TokenPath, form(once)), http.StatusUnauthorized, "invalid_client")

	there := *r
	there.at(r.globex, func(c *openid.Client) { c.Keys = []string{first.Line()} })
	there.failed("of another customer", there.form(openid.TokenPath, form(first.Sign(nil, r.asserts()))), http.StatusUnauthorized, "invalid_client")
}

// TestKeyChange: an application goes from a secret to a key, and from one key to the next,
// without a moment in which it cannot come in; what it no longer has lets nobody in.
func TestKeyChange(t *testing.T) {
	r := newRelying(t, nil)
	ana, ctx := people.ID(r.id("ana")), t.Context()
	in := func(what string, code string) {
		t.Helper()
		status := map[string]int{"invalid_grant": 400, "invalid_client": 401}[code]
		r.failed(what, r.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", "x"), status, code)
	}
	first, second := prooftest.New(t, "PS256"), prooftest.New(t, "ES256")
	set := func(keys ...string) {
		t.Helper()
		c := r.client
		c.Keys = keys
		if err := r.OpenID.SaveClient(ctx, ana, c); err != nil {
			t.Fatal(err)
		}
	}
	set(first.Line())
	in("the secret, beside a key", "invalid_grant")
	_, secrets, err := r.OpenID.Client(ctx, ana, r.client.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.OpenID.DeleteSecret(ctx, ana, r.client.ID, secrets[0].ID); err != nil {
		t.Errorf("the last secret of an application with a key: %v", err)
	}
	in("a secret that was taken away", "invalid_client")
	r.signs(first)
	in("the first key", "invalid_grant")
	set(first.Line(), second.Line())
	r.signs(second)
	in("the second key", "invalid_grant")
	set(second.Line())
	in("the second key alone", "invalid_grant")
	r.signs(first)
	in("a key that was taken away", "invalid_client")
	c := r.client
	c.Keys = nil
	if err := r.OpenID.SaveClient(ctx, ana, c); err == nil || !strings.Contains(err.Error(), "openid.error.last_key") {
		t.Errorf("it has nothing left: %v", err)
	}
	off := r.client
	off.Keys, off.Disabled = []string{second.Line()}, r.time
	if err := r.OpenID.SaveClient(ctx, ana, off); err != nil {
		t.Fatal(err)
	}
	r.signs(second)
	r.failed("switched off", r.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", "x"), 400, "unauthorized_client")
}

// TestKeyPage: keys are handed over on the page of an application as JWK, JWKS or PEM, and then
// it gets no secret; a private key is refused at its field.
func TestKeyPage(t *testing.T) {
	w := newWorld(t, nil)
	ana, key := w.at(w.acme, "ana"), prooftest.New(t, "ES256")
	whole, err := json.Marshal(key.Private())
	if err != nil {
		t.Fatal(err)
	}
	fill := func(keys string) []string {
		return []string{"name", "Signs", "kind", "service", "scope", "leave:read", "keys", keys}
	}
	const path = "/manage/applications/new"
	for keys, says := range map[string]string{string(whole): "This is a private key", "a key": "not a public key that can be used",
		key.Line() + "\n" + prooftest.New(t, "ES256").Line() + "\n" + prooftest.New(t, "ES256").Line(): "at most 2 keys"} {
		if a := ana.post(path, fill(keys)...); a.Code != http.StatusUnprocessableEntity || !strings.Contains(bodyOf(a), says) {
			t.Errorf("%s: %d", says, a.Code)
		}
	}
	made := ana.post(path, fill(`{"keys": [`+key.Line()+`]}`)...)
	if made.Code != http.StatusSeeOther {
		t.Fatalf("a public key: %d %s", made.Code, bodyOf(made))
	}
	at, _, _ := strings.Cut(made.Header().Get("Location"), "?")
	page := bodyOf(ana.get(at))
	if x := key.JWK()["x"].(string); !strings.Contains(page, x) || strings.Contains(page, "Secret of") {
		t.Error("the page does not show the key, or shows a secret")
	}
	both := between(page, `name="keys"`, "</textarea>")
	both = both[strings.Index(both, ">")+1:] + "\n" + prooftest.New(t, "Ed25519").Line()
	if a := ana.post(at, fill(both)...); a.Code != http.StatusSeeOther {
		t.Errorf("a second key beside the first: %d", a.Code)
	}
	_, id, _ := strings.Cut(at, "/applications/")
	if c, _, err := w.acme.OpenID.Client(t.Context(), people.ID(w.acme.id("ana")), id); err != nil || len(c.Keys) != 2 {
		t.Errorf("%v, %v", c.Keys, err)
	}
	if a := ana.post(at, fill("")...); a.Code != http.StatusUnprocessableEntity || !strings.Contains(bodyOf(a), "Make a secret first") {
		t.Errorf("neither key nor secret: %d", a.Code)
	}
}
