// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"verlof/identity/openid"
)

// TestOIDCC has a row for each module of the OpenID Foundation's plan
// "oidcc-basic-certification-test-plan" and of the plans for configuration, RP-initiated
// logout and back-channel logout, by the module's name, against a running server. Every
// request carries PKCE, which is demanded here.
func TestOIDCC(t *testing.T) {
	for name, module := range oidcc {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			module(newRelying(t, func(c *openid.Client) { c.Logout = "https://app.example.test/end" }))
		})
	}
}

// want fails a module.
func (r *relying) want(ok bool, format string, args ...any) {
	r.world.Helper()
	if !ok {
		r.world.Errorf(format, args...)
	}
}

// knows demands which claims the ID token and userinfo hold of carla.
func (r *relying) knows(scope string, claims ...string) {
	r.world.Helper()
	t := r.tokens("scope", scope)
	info := r.userInfo(t.access)
	r.want(info.StatusCode == http.StatusOK && info.json["sub"] == r.id("carla"), "userinfo: %d %s", info.StatusCode, info.body)
	all := map[string]any{"name": "Carla Fonseca", "given_name": "Carla", "family_name": "Fonseca", "email": "carla@" + r.host, "email_verified": true,
		"address": nil, "phone_number": nil, "phone_number_verified": nil}
	for name, v := range all {
		if !slices.Contains(claims, name) {
			v = nil
		}
		r.want(info.json[name] == v && t.claims[name] == v, "%s: userinfo %v, ID token %v, want %v", name, info.json[name], t.claims[name], v)
	}
}

// errorBack demands that a request is answered with an error at the application.
func (r *relying) errorBack(code string, pairs ...string) {
	r.world.Helper()
	a, _ := r.ask(pairs...)
	q := r.back(a)
	r.want(q.Get("error") == code && q.Get("code") == "", "%v, want %s", q, code)
}

// fine demands that a request is answered as if the parameters were not there.
func (r *relying) fine(pairs ...string) {
	r.world.Helper()
	t := r.tokens(pairs...)
	r.want(t.claims["sub"] == r.id("carla") && t.claims["nonce"] == "a nonce", "ID token: %v", t.claims)
}

// page demands a page of ours: nobody is sent to the application.
func (r *relying) page(what string, a answer) {
	r.world.Helper()
	r.want(a.StatusCode >= 400 && a.StatusCode < 500 && a.Header.Get("Location") == "" && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html"),
		"%s: %d to %q", what, a.StatusCode, a.Header.Get("Location"))
}

func seconds(v any) int64 {
	f, _ := v.(float64)
	return int64(f)
}

var oidcc = map[string]func(*relying){
	// oidcc-basic-certification-test-plan
	"oidcc-server": func(r *relying) {
		t := r.tokens("scope", "openid")
		c := t.claims
		r.want(c["iss"] == r.issuer && c["aud"] == r.client.ID && c["nonce"] == "a nonce" && c["sub"] == r.id("carla"), "ID token: %v", c)
		r.want(seconds(c["exp"]) > now.Unix() && seconds(c["iat"]) == now.Unix() && seconds(c["auth_time"]) == now.Unix(), "times: %v", c)
		r.want(t.json["token_type"] == "Bearer" && seconds(t.json["expires_in"]) == 600, "answer: %v", t.json)
	},
	"oidcc-response-type-missing": func(r *relying) { r.errorBack("invalid_request", "response_type", "") },
	"oidcc-idtoken-signature": func(r *relying) {
		t, keys := r.tokens(), r.get(openid.KeysPath)
		r.want(t.head["alg"] == "RS256", "header: %v", t.head)
		r.want(strings.Contains(keys.body, t.head["kid"].(string)), "the key %v is not among %s", t.head["kid"], keys.body)
	},
	"oidcc-idtoken-unsigned": func(r *relying) { // alg none is not offered
		r.want(!strings.Contains(r.get(openid.ConfigurationPath).body, `"id_token_signing_alg_values_supported":["RS256","none"`), "none is offered")
	},
	"oidcc-userinfo-get": func(r *relying) { r.knows("openid") },
	"oidcc-userinfo-post-header": func(r *relying) {
		a := r.form(openid.UserInfoPath, url.Values{}, "Authorization", "Bearer "+r.tokens().access)
		r.want(a.json["sub"] == r.id("carla"), "%d %s", a.StatusCode, a.body)
	},
	"oidcc-userinfo-post-body": func(r *relying) {
		a := r.form(openid.UserInfoPath, values("access_token", r.tokens().access))
		r.want(a.json["sub"] == r.id("carla"), "%d %s", a.StatusCode, a.body)
	},
	"oidcc-ensure-request-without-nonce-succeeds-for-code-flow": func(r *relying) {
		_, has := r.tokens("nonce", "").claims["nonce"]
		r.want(!has, "a nonce that nobody sent")
	},
	"oidcc-scope-profile": func(r *relying) { r.knows("openid profile", "name", "given_name", "family_name") },
	"oidcc-scope-email":   func(r *relying) { r.knows("openid email", "email", "email_verified") },
	"oidcc-scope-address": func(r *relying) { r.knows("openid address") }, // no address is kept: the scope is left out
	"oidcc-scope-phone":   func(r *relying) { r.knows("openid phone") },
	"oidcc-scope-all": func(r *relying) {
		r.knows("openid profile email address phone", "name", "given_name", "family_name", "email", "email_verified")
	},
	"oidcc-ensure-other-scope-order-succeeds": func(r *relying) { r.knows("email openid", "email", "email_verified") },
	"oidcc-display-page":                      func(r *relying) { r.fine("display", "page") },
	"oidcc-display-popup":                     func(r *relying) { r.fine("display", "popup") },
	"oidcc-prompt-login": func(r *relying) {
		first := r.tokens()
		r.time = r.time.Add(2 * time.Second)
		a, times := r.ask("prompt", "login")
		second := r.read(r.redeem(r.back(a).Get("code")))
		r.want(times == 1, "asked to sign in %d times", times)
		r.want(seconds(second.claims["auth_time"]) == seconds(first.claims["auth_time"])+2 && second.claims["sub"] == first.claims["sub"],
			"%v, then %v", first.claims, second.claims)
	},
	"oidcc-prompt-none-not-logged-in": func(r *relying) { r.errorBack("login_required", "prompt", "none") },
	"oidcc-prompt-none-logged-in": func(r *relying) {
		first := r.tokens()
		a, times := r.ask("prompt", "none")
		second := r.read(r.redeem(r.back(a).Get("code")))
		r.want(times == 0 && second.claims["auth_time"] == first.claims["auth_time"] && second.claims["sub"] == first.claims["sub"],
			"%v, then %v", first.claims, second.claims)
	},
	"oidcc-max-age-1": func(r *relying) {
		first := r.tokens()
		r.time = r.time.Add(2 * time.Second)
		a, times := r.ask("max_age", "1")
		second := r.read(r.redeem(r.back(a).Get("code")))
		r.want(times == 1 && seconds(second.claims["auth_time"]) == seconds(first.claims["auth_time"])+2, "asked %d times: %v", times, second.claims)
	},
	"oidcc-max-age-10000": func(r *relying) {
		first := r.tokens("max_age", "10000")
		a, times := r.ask("max_age", "10000")
		second := r.read(r.redeem(r.back(a).Get("code")))
		r.want(times == 0 && second.claims["auth_time"] == first.claims["auth_time"], "asked %d times: %v", times, second.claims)
	},
	"oidcc-ensure-request-with-unknown-parameter-succeeds": func(r *relying) { r.fine("extra", "foobar") },
	"oidcc-id-token-hint": func(r *relying) {
		first := r.tokens()
		a, times := r.ask("prompt", "none", "id_token_hint", first.id)
		r.want(times == 0 && r.back(a).Get("code") != "", "asked %d times", times)
		r.errorBack("invalid_request", "prompt", "none", "id_token_hint", first.access)
	},
	"oidcc-login-hint": func(r *relying) {
		a := r.get(openid.AuthorizePath + "?" + r.request("login_hint", "carla@"+r.host).Encode())
		page := r.get(a.Header.Get("Location"))
		r.want(strings.Contains(page.body, `value="carla@`+r.host+`"`), "the address is not filled in")
		r.fine("login_hint", "carla@"+r.host)
	},
	"oidcc-ui-locales":                              func(r *relying) { r.fine("ui_locales", "se nl") },
	"oidcc-claims-locales":                          func(r *relying) { r.fine("claims_locales", "se") },
	"oidcc-ensure-request-with-acr-values-succeeds": func(r *relying) { r.fine("acr_values", "1 2") },
	"oidcc-codereuse":                               func(r *relying) { r.reuse(0) },
	"oidcc-codereuse-30seconds":                     func(r *relying) { r.reuse(30 * time.Second) },
	"oidcc-ensure-registered-redirect-uri": func(r *relying) {
		for _, other := range []string{"https://elsewhere.example.test/", backThere + "/", backThere + "?x=1", ""} {
			a, _ := r.ask("redirect_uri", other)
			r.page(other, a)
		}
	},
	"oidcc-ensure-post-request-succeeds": func(r *relying) {
		a, _ := r.follow(r.form(openid.AuthorizePath, r.request(), "Sec-Fetch-Site", "cross-site", "Origin", "https://app.example.test"))
		r.want(r.back(a).Get("code") != "", "no code")
	},
	"oidcc-server-client-secret-post": func(r *relying) { r.post = true; r.fine() },
	"oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported": func(r *relying) {
		r.errorBack("request_uri_not_supported", "request_uri", "https://app.example.test/request")
	},
	"oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported": func(r *relying) {
		r.errorBack("request_not_supported", "request", "eyJhbGciOiJub25lIn0.e30.")
	},
	"oidcc-claims-essential": func(r *relying) {
		t := r.tokens("claims", `{"userinfo":{"name":{"essential":true},"no_such":null}}`)
		r.want(r.userInfo(t.access).json["name"] == "Carla Fonseca", "userinfo: %s", r.userInfo(t.access).body)
	},
	"oidcc-ensure-request-object-with-redirect-uri": func(r *relying) {
		r.errorBack("request_not_supported", "request", "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9.")
	},
	"oidcc-refresh-token": func(r *relying) {
		first := r.tokens("scope", "openid offline_access", "prompt", "consent")
		second := r.read(r.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", first.refresh))
		r.want(second.refresh != first.refresh && second.access != first.access && second.claims["sub"] == first.claims["sub"] &&
			second.claims["auth_time"] == first.claims["auth_time"] && second.claims["iss"] == first.claims["iss"] && second.claims["aud"] == first.claims["aud"],
			"%v, then %v", first.claims, second.claims)
		other := *r
		other.at(r.acme, nil)
		other.failed("another client's refresh token", other.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", second.refresh), 400, "invalid_grant")
	},
	"oidcc-ensure-request-with-valid-pkce-succeeds": func(r *relying) {
		r.fine()
		r.errorBack("invalid_request", "code_challenge", "")
		r.errorBack("invalid_request", "code_challenge_method", "plain")
	},

	// oidcc-config-certification-test-plan
	"oidcc-discovery-endpoint-verification": func(r *relying) {
		c := r.get(openid.ConfigurationPath)
		r.want(c.StatusCode == http.StatusOK && c.json["issuer"] == r.issuer, "%d %v", c.StatusCode, c.json["issuer"])
		for _, name := range []string{"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint", "introspection_endpoint",
			"revocation_endpoint", "device_authorization_endpoint"} {
			address, _ := c.json[name].(string)
			path, own := strings.CutPrefix(address, r.issuer)
			there := r.get(address).StatusCode != http.StatusNotFound || r.form(path, url.Values{}).StatusCode != http.StatusNotFound
			r.want(own && there, "%s: %q", name, address)
		}
		r.want(r.get(openid.ServerPath).body == c.body, "RFC 8414's document is another one")
	},

	// oidcc-rp-initiated-logout-certification-test-plan
	"oidcc-rp-initiated-logout": func(r *relying) {
		t := r.tokens()
		a := r.get(openid.LogoutPath + "?" + values("id_token_hint", t.id, "post_logout_redirect_uri", outThere, "state", "x y").Encode())
		r.want(a.Header.Get("Location") == outThere+"?state=x+y", "to %q", a.Header.Get("Location"))
		r.errorBack("login_required", "prompt", "none")
	},
	"oidcc-rp-initiated-logout-no-state": func(r *relying) {
		a := r.get(openid.LogoutPath + "?" + values("id_token_hint", r.tokens().id, "post_logout_redirect_uri", outThere).Encode())
		r.want(a.Header.Get("Location") == outThere, "to %q", a.Header.Get("Location"))
	},
	"oidcc-rp-initiated-logout-no-post-logout-redirect-uri": func(r *relying) {
		r.leaves(values("id_token_hint", r.tokens().id, "state", "x"), false)
	},
	"oidcc-rp-initiated-logout-no-id-token-hint": func(r *relying) {
		r.tokens()
		r.page("an address without whose it is", r.get(openid.LogoutPath+"?"+values("post_logout_redirect_uri", outThere, "state", "x").Encode()))
		r.leaves(values("client_id", r.client.ID, "post_logout_redirect_uri", outThere), true)
	},
	"oidcc-rp-initiated-logout-no-params":  func(r *relying) { r.tokens(); r.leaves(url.Values{}, true) },
	"oidcc-rp-initiated-logout-only-state": func(r *relying) { r.tokens(); r.leaves(values("state", "x"), true) },
	"oidcc-rp-initiated-logout-bad-post-logout-redirect-uri": func(r *relying) {
		r.page("elsewhere", r.get(openid.LogoutPath+"?"+values("id_token_hint", r.tokens().id, "post_logout_redirect_uri", "https://elsewhere.example.test/").Encode()))
	},
	"oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri": func(r *relying) {
		r.page("a query", r.get(openid.LogoutPath+"?"+values("id_token_hint", r.tokens().id, "post_logout_redirect_uri", outThere+"?foo=bar").Encode()))
	},
	"oidcc-rp-initiated-logout-modified-id-token-hint": func(r *relying) {
		t := r.tokens()
		parts := strings.Split(t.id, ".")
		r.page("a changed hint", r.get(openid.LogoutPath+"?"+values("id_token_hint", parts[0]+"."+parts[1]+"."+parts[2][1:], "post_logout_redirect_uri", outThere).Encode()))
	},
	"oidcc-rp-initiated-logout-bad-id-token-hint": func(r *relying) {
		r.tokens()
		r.page("a hint of others", r.get(openid.LogoutPath+"?"+values("id_token_hint", "eyJhbGciOiJIUzI1NiJ9.e30.x", "post_logout_redirect_uri", outThere).Encode()))
	},
	"oidcc-rp-initiated-logout-other-state-on-post": func(r *relying) { // a form, as section 2 allows
		a, _ := r.follow(r.form(openid.LogoutPath, values("id_token_hint", r.tokens().id, "post_logout_redirect_uri", outThere, "state", "x"), "Sec-Fetch-Site", "cross-site"))
		r.want(a.Header.Get("Location") == outThere+"?state=x", "to %q", a.Header.Get("Location"))
	},

	// oidcc-backchannel-rp-initiated-logout-certification-test-plan
	"oidcc-backchannel-rp-initiated-logout": func(r *relying) {
		t := r.tokens("scope", "openid offline_access")
		r.get(openid.LogoutPath + "?" + values("id_token_hint", t.id).Encode())
		r.hears(t)
		got := r.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", t.refresh)
		r.want(got.StatusCode == http.StatusOK, "what was given for when the person is away ended: %s", got.body)
	},
	"oidcc-backchannel-rp-initiated-logout-of-a-session": func(r *relying) { // our own: by the page, without offline_access
		t := r.tokens()
		r.form("/sign-out", url.Values{})
		r.hears(t)
		r.failed("refresh", r.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", t.refresh), 400, "invalid_grant")
		r.failed("userinfo", r.userInfo(t.access), 401, "invalid_token")
	},
}

// told demands that the application is told, once since it was last asked, that a session has
// ended, and returns where and with what.
func (r *relying) told() (address, token string) {
	r.world.Helper()
	ctx := r.world.Context()
	rows, err := r.Queue().Claim(ctx, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour), 99)
	if err != nil {
		r.world.Fatal(err)
	}
	var told [][]byte
	for _, row := range rows {
		if row.Kind == openid.KindLogout {
			told = append(told, row.Payload)
		}
	}
	if len(told) != 1 {
		r.world.Fatalf("told %d times", len(told))
	}
	address, token, err = r.OpenID.LogoutToken(ctx, told[0])
	if err != nil {
		r.world.Fatal(err)
	}
	return address, token
}

// hears demands that the application is told, once, that a session has ended, with a logout
// token that a library of others takes.
func (r *relying) hears(t tokens) {
	r.world.Helper()
	ctx := oidc.ClientContext(r.world.Context(), r.browser)
	address, token := r.told()
	r.want(address == "https://app.example.test/end", "%q", address)
	keys := oidc.NewRemoteKeySet(ctx, r.issuer+openid.KeysPath)
	_, err := oidc.NewVerifier(r.issuer, keys, &oidc.Config{ClientID: r.client.ID, Now: func() time.Time { return r.time }}).Verify(ctx, token)
	head, claims := r.parts(token)
	events, _ := claims["events"].(map[string]any)
	_, named := events["http://schemas.openid.net/event/backchannel-logout"]
	_, nonce := claims["nonce"]
	r.want(err == nil && head["typ"] == "logout+jwt" && named && !nonce && claims["sid"] == t.claims["sid"] && claims["sub"] == t.claims["sub"] && claims["jti"] != nil,
		"%v %v: %v", head, claims, err)
}

// reuse uses a code twice, some time apart: the second use is refused and ends what the
// first gave.
func (r *relying) reuse(after time.Duration) {
	r.world.Helper()
	code := r.code()
	first := r.read(r.redeem(code))
	r.want(r.userInfo(first.access).StatusCode == http.StatusOK, "the first use gave nothing")
	r.time = r.time.Add(after)
	r.failed("second use", r.redeem(code), 400, "invalid_grant")
	r.failed("userinfo after it", r.userInfo(first.access), 401, "invalid_token")
}

// leaves signs out, where asked with a confirmation, and demands that it worked.
func (r *relying) leaves(q url.Values, asked bool) {
	r.world.Helper()
	a := r.get(openid.LogoutPath + "?" + q.Encode())
	r.want((a.StatusCode == http.StatusOK) == asked, "%d to %q", a.StatusCode, a.Header.Get("Location"))
	if asked {
		r.errorFree()
		a = r.form("/oauth/logout/confirm", values("request", q.Encode()))
	}
	to := q.Get("post_logout_redirect_uri")
	if to == "" {
		to = "/oauth/logout/done"
	}
	r.want(a.Header.Get("Location") == to, "to %q, want %q", a.Header.Get("Location"), to)
	r.errorBack("login_required", "prompt", "none")
}

// errorFree demands that carla is still signed in.
func (r *relying) errorFree() {
	r.world.Helper()
	a, times := r.ask("prompt", "none")
	r.want(times == 0 && r.back(a).Get("code") != "", "signed out before anybody agreed")
}
