// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"verlof/identity/openid"
	"verlof/people"
)

// TestGoOIDC signs somebody in with a library of others, which looks the addresses and the
// keys up by itself, refreshes, and reads who it is.
func TestGoOIDC(t *testing.T) {
	r := newRelying(t, nil)
	ctx := oidc.ClientContext(t.Context(), r.browser)
	found, err := oidc.NewProvider(ctx, r.issuer)
	if err != nil {
		t.Fatal(err)
	}
	config := oauth2.Config{ClientID: r.client.ID, ClientSecret: r.secret, Endpoint: found.Endpoint(), RedirectURL: backThere,
		Scopes: []string{oidc.ScopeOpenID, "profile", oidc.ScopeOfflineAccess}}
	key := oauth2.GenerateVerifier()
	a, _ := r.follow(r.get(config.AuthCodeURL("some state", oauth2.S256ChallengeOption(key), oidc.Nonce("a nonce"))))
	token, err := config.Exchange(ctx, r.back(a).Get("code"), oauth2.VerifierOption(key))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: r.client.ID, Now: func() time.Time { return r.time }}).Verify(ctx, raw)
	if err != nil || id.Nonce != "a nonce" || id.VerifyAccessToken(token.AccessToken) != nil {
		t.Fatalf("%+v, %v", id, err)
	}
	refreshed, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	if err != nil {
		t.Fatal(err)
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(refreshed))
	if err != nil || info.Subject != r.id("carla") {
		t.Errorf("%+v, %v", info, err)
	}
}

// TestAccessTokenOffline verifies an access token with nothing but the issuing certificate
// and the published chain: with openssl.
func TestAccessTokenOffline(t *testing.T) {
	r := newRelying(t, nil)
	tokens, keys := r.tokens(), r.get(openid.KeysPath)
	head, claims := r.parts(tokens.access)
	if head["typ"] != "at+jwt" || claims["aud"] != r.issuer || claims["client_id"] != r.client.ID || claims["scope"] != "openid" {
		t.Errorf("%v %v", head, claims)
	}
	jwk := keys.json["keys"].([]any)[0].(map[string]any)
	if jwk["x5t#S256"] != head["x5t#S256"] || jwk["kid"] != head["kid"] {
		t.Errorf("the token names key %v, published is %v", head, jwk)
	}
	a, err := r.dir.Authority(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := strings.LastIndexByte(tokens.access, '.')
	signature, err := base64.RawURLEncoding.DecodeString(tokens.access[at+1:])
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := base64.StdEncoding.DecodeString(jwk["x5c"].([]any)[0].(string))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := x509.ParseCertificate(leaf); err != nil || c.VerifyHostname(r.host) != nil {
		t.Errorf("the certificate is not for %s: %v", r.host, err)
	}
	dir := t.TempDir()
	for name, content := range map[string][]byte{"root.pem": a.Certificates(), "leaf.der": leaf, "signed": []byte(tokens.access[:at]), "signature": signature} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.CommandContext(t.Context(), "sh", "-ec", `openssl x509 -inform der -in leaf.der -out leaf.pem
		openssl verify -no_check_time -x509_strict -CAfile root.pem leaf.pem
		openssl x509 -in leaf.pem -noout -pubkey -out public.pem
		openssl dgst -sha256 -verify public.pem -signature signature signed`)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestTokensOfOneCustomer shows a client, a code and tokens of one customer to every
// endpoint of another, alike in everything: all are refused.
func TestTokensOfOneCustomer(t *testing.T) {
	r := newRelying(t, nil)
	code, tokens := r.code(), r.tokens("scope", "openid offline_access")
	there := *r
	there.at(r.globex, nil)
	for name, token := range map[string]string{"access": tokens.access, "refresh": tokens.refresh, "id": tokens.id} {
		there.failed(name+" at userinfo", there.userInfo(token), http.StatusUnauthorized, "invalid_token")
		if a := there.call(openid.IntrospectPath, "token", token); a.StatusCode != http.StatusOK || a.body != `{"active":false}` {
			t.Errorf("%s at introspection: %d %s", name, a.StatusCode, a.body)
		}
		there.failed(name+" as a refresh token", there.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", token), 400, "invalid_grant")
		if a := there.call(openid.RevokePath, "token", token); a.StatusCode != http.StatusOK {
			t.Errorf("%s at revocation: %d", name, a.StatusCode)
		}
		there.page(name+" as a hint", there.get(openid.LogoutPath+"?"+values("id_token_hint", token, "post_logout_redirect_uri", outThere).Encode()))
	}
	there.failed("code", there.redeem(code), 400, "invalid_grant")
	stolen := there
	stolen.client, stolen.secret = r.client, r.secret
	stolen.failed("client", stolen.redeem(code), http.StatusUnauthorized, "invalid_client")
	a, _ := stolen.ask()
	stolen.page("client", a)
	if a := r.userInfo(tokens.access); a.StatusCode != http.StatusOK {
		t.Errorf("the other customer revoked the token: %d %s", a.StatusCode, a.body)
	}
	if a := r.redeem(code); a.StatusCode != http.StatusOK {
		t.Errorf("the other customer used the code up: %d %s", a.StatusCode, a.body)
	}
}

// TestClientProof: how an application proves who it is, and how it does not.
func TestClientProof(t *testing.T) {
	r := newRelying(t, nil)
	basic := func(name, secret string) []string {
		return []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+secret))}
	}
	body := values("grant_type", "refresh_token", "refresh_token", "x")
	with := func(pairs ...string) url.Values {
		v := values(pairs...)
		for name := range body {
			v.Set(name, body.Get(name))
		}
		return v
	}
	right := basic(r.client.ID, r.secret)
	for name, tt := range map[string]struct {
		a      answer
		status int
		code   string
	}{
		"nothing":          {r.form(openid.TokenPath, body), 401, "invalid_client"},
		"no_secret":        {r.form(openid.TokenPath, with("client_id", r.client.ID)), 401, "invalid_client"},
		"empty_secret":     {r.form(openid.TokenPath, with("client_id", r.client.ID, "client_secret", "")), 401, "invalid_client"},
		"wrong_secret":     {r.form(openid.TokenPath, body, basic(r.client.ID, "x")...), 401, "invalid_client"},
		"unknown":          {r.form(openid.TokenPath, body, basic("x", r.secret)...), 401, "invalid_client"},
		"two_ways":         {r.form(openid.TokenPath, with("client_secret", r.secret), right...), 400, "invalid_request"},
		"two_names":        {r.form(openid.TokenPath, with("client_id", "x"), right...), 400, "invalid_request"},
		"assertion":        {r.form(openid.TokenPath, with("client_assertion", "x")), 401, "invalid_client"},
		"right":            {r.form(openid.TokenPath, body, right...), 400, "invalid_grant"},
		"in_the_address":   {r.form(openid.TokenPath+"?client_id="+r.client.ID+"&client_secret="+r.secret, body), 401, "invalid_client"},
		"no_grant_type":    {r.form(openid.TokenPath, url.Values{}, right...), 400, "invalid_request"},
		"password":         {r.form(openid.TokenPath, values("grant_type", "password", "username", "carla@"+r.host, "password", password), right...), 400, "unsupported_grant_type"},
		"not_for_this_one": {r.form(openid.TokenPath, values("grant_type", "client_credentials"), right...), 400, "unauthorized_client"},
		"twice":            {r.form(openid.TokenPath, url.Values{"grant_type": {"refresh_token", "password"}}, right...), 400, "invalid_request"},
		"json":             {r.form(openid.TokenPath, body, append(right, "Content-Type", "application/json")...), 400, "invalid_request"},
		"too_long":         {r.form(openid.TokenPath, values("grant_type", strings.Repeat("x", maxBody)), right...), 413, "invalid_request"},
	} {
		r.failed(name, tt.a, tt.status, tt.code)
		if scheme := tt.a.Header.Get("WWW-Authenticate"); (scheme != "") != (tt.status == 401 && strings.Contains("wrong_secret unknown", name)) {
			t.Errorf("%s: WWW-Authenticate %q", name, scheme)
		}
	}
}

// TestService: an application that acts for itself gets a token of its own, and nothing
// about a person.
func TestService(t *testing.T) {
	r := newRelying(t, func(c *openid.Client) {
		c.Kind, c.Redirects, c.Scope = openid.Service, nil, "openid leave:read people:read"
	})
	got := r.read(r.call(openid.TokenPath, "grant_type", "client_credentials", "scope", "leave:read openid people:write"))
	if got.accessClaims["sub"] != r.client.ID || got.accessClaims["scope"] != "leave:read" || got.refresh != "" || got.id != "" {
		t.Errorf("%s: %v", got.body, got.accessClaims)
	}
	r.failed("userinfo", r.userInfo(got.access), http.StatusForbidden, "insufficient_scope")
	if b, err := r.OpenID.Bearer(t.Context(), got.access); err != nil || b.Person != "" || b.Need("leave:read") != nil || b.Need("people:read") == nil {
		t.Errorf("%+v, %v", b, err)
	}
}

// TestDevicePage connects a device: the code in the address is filled in and not taken, and
// a person agrees.
func TestDevicePage(t *testing.T) {
	r := newRelying(t, func(c *openid.Client) { c.Kind, c.Redirects = openid.Device, nil })
	begun := r.call(openid.DeviceCodePath, "scope", "openid")
	user, device := begun.json["user_code"].(string), begun.json["device_code"].(string)
	poll := func() answer {
		r.time = r.time.Add(6 * time.Second)
		return r.call(openid.TokenPath, "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", device)
	}
	r.failed("before", poll(), 400, "authorization_pending")
	page, _ := r.follow(r.get(begun.json["verification_uri_complete"].(string)))
	if !strings.Contains(page.body, `value="`+user+`"`) || strings.Contains(page.body, "Roster") {
		t.Fatal("the code is not filled in, or taken before anybody looked")
	}
	if a := r.form(openid.DevicePath, values("code", "BBBB-BBBB")); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "No device is waiting") {
		t.Errorf("a code of nobody: %d", a.StatusCode)
	}
	if a := r.form(openid.DevicePath, values("code", user)); !strings.Contains(a.body, "Allow Roster?") {
		t.Error("nobody is asked")
	}
	r.failed("before the answer", poll(), 400, "authorization_pending")
	r.form(openid.DevicePath, values("code", user, "decision", "allow"))
	if got := r.read(poll()); got.claims["sub"] != r.id("carla") {
		t.Errorf("%v", got.claims)
	}
}

// TestConsentPage: a person is asked once, may refuse, and the browser lets the form lead to
// the application and nowhere else.
func TestConsentPage(t *testing.T) {
	r := newRelying(t, func(c *openid.Client) { c.Trusted = false })
	r.get("/sign-in")
	a := r.get(openid.AuthorizePath + "?" + r.request().Encode())
	in := r.get(a.Header.Get("Location"))
	if policy := in.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https://app.example.test;") {
		t.Errorf("sign-in: %s", policy)
	}
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	a = r.form("/sign-in", values("email", "carla@"+r.host, "password", password, "next", u.Query().Get("next")))
	page := r.get(a.Header.Get("Location"))
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https://app.example.test;") {
		t.Errorf("consent: %s", policy)
	}
	request := between(page.body, `name="request" value="`, `"`)
	if q := r.back(r.form("/oauth/consent", values("request", request, "decision", "deny"))); q.Get("error") != "access_denied" {
		t.Errorf("refused: %v", q)
	}
	if q := r.back(r.form("/oauth/consent", values("request", request, "decision", "allow"))); q.Get("code") == "" {
		t.Errorf("agreed: %v", q)
	}
	if q := r.back(r.get(openid.AuthorizePath + "?" + r.request().Encode())); q.Get("code") == "" {
		t.Errorf("asked again: %v", q)
	}
	foreign := r.form("/oauth/consent", values("request", request, "decision", "allow"), "Sec-Fetch-Site", "cross-site")
	if foreign.StatusCode != http.StatusForbidden {
		t.Errorf("another site agreed: %d", foreign.StatusCode)
	}
}

// TestFormPost: an application that wants its answers as a form gets them so, faults too; the
// page lets its form lead there and nowhere else.
func TestFormPost(t *testing.T) {
	r := newRelying(t, nil)
	field := func(a answer, name string) string { return between(a.body, `name="`+name+`" value="`, `"`) }
	a, _ := r.ask("response_mode", "form_post")
	if a.StatusCode != http.StatusOK || !strings.Contains(a.body, `action="`+backThere+`"`) || !strings.Contains(a.body, "onward.") ||
		field(a, "state") != "some state" || field(a, "iss") != r.issuer || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v %s", a.StatusCode, a.Header, a.body)
	}
	if policy := a.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https://app.example.test;") {
		t.Errorf("the form may not go there: %s", policy)
	}
	if got := r.read(r.redeem(field(a, "code"))); got.claims["sub"] != r.id("carla") {
		t.Errorf("%v", got.claims)
	}
	if a, _ := r.ask("response_mode", "form_post", "scope", "nothing"); field(a, "error") != "invalid_scope" || field(a, "code") != "" {
		t.Errorf("a fault: %s", a.body)
	}
	if a, _ := r.ask("response_mode", "fragment"); r.back(a).Get("error") != "invalid_request" {
		t.Errorf("a code in the fragment: %v", a.Header)
	}
}

// TestOurFaultsStayHere: when something breaks here, an application reads two words in the
// protocol's form and the log has the rest.
func TestOurFaultsStayHere(t *testing.T) {
	r := newRelying(t, nil)
	r.time = now.AddDate(1, 1, 0) // another key is due
	r.OpenID.Authority = func(context.Context) (*openid.Authority, error) { return nil, os.ErrPermission }
	for path, a := range map[string]answer{openid.KeysPath: r.get(openid.KeysPath),
		openid.TokenPath: r.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", "x")} {
		r.failed(path, a, http.StatusInternalServerError, "server_error")
		if strings.Contains(a.body, "permission") {
			t.Errorf("%s tells: %s", path, a.body)
		}
	}
	if !strings.Contains(r.log.String(), "permission denied") {
		t.Error("the log does not tell why")
	}
}

// TestProgramsOfOtherSites: a program in a browser of another site reads the answers that
// need no cookie, and no page.
func TestProgramsOfOtherSites(t *testing.T) {
	r := newRelying(t, func(c *openid.Client) { c.Kind = openid.Public })
	got := r.read(r.redeem(r.code()))
	for path, a := range map[string]answer{openid.ConfigurationPath: r.get(openid.ConfigurationPath), openid.KeysPath: r.get(openid.KeysPath),
		openid.TokenPath: got.answer, openid.UserInfoPath: r.userInfo(got.access), openid.TokenPath + "_failed": r.redeem("x")} {
		if o := a.Header.Get("Access-Control-Allow-Origin"); o != "*" {
			t.Errorf("%s: %q", path, o)
		}
	}
	if a, _ := r.follow(r.get("/")); a.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("a page may be read by other sites")
	}
	secret := r.form(openid.TokenPath, values("grant_type", "refresh_token", "refresh_token", got.refresh, "client_id", r.client.ID, "client_secret", "x"))
	r.failed("a secret of one that keeps none", secret, 401, "invalid_client")
}

// TestDisabled: an application that is switched off gets nothing any more.
func TestDisabled(t *testing.T) {
	r := newRelying(t, nil)
	got := r.tokens("scope", "openid offline_access")
	off := r.client
	off.Disabled = r.time
	if err := r.OpenID.SaveClient(t.Context(), people.ID(r.id("ana")), off); err != nil {
		t.Fatal(err)
	}
	r.failed("refresh", r.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", got.refresh), 400, "unauthorized_client")
	r.failed("userinfo", r.userInfo(got.access), 401, "invalid_token")
	r.errorBack("unauthorized_client")
}
