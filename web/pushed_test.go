// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"verlof/identity/openid"
	"verlof/people"
)

// push hands an authorization request over beforehand, changed as request changes it, and
// returns what the browser brings.
func (r *relying) push(pairs ...string) url.Values {
	r.world.Helper()
	a := r.pushed(pairs...)
	name, _ := a.json["request_uri"].(string)
	if a.StatusCode != http.StatusCreated || !strings.HasPrefix(name, "urn:ietf:params:oauth:request_uri:") || a.json["expires_in"] != 60.0 || a.Header.Get("Cache-Control") != "no-store" {
		r.world.Fatalf("pushed: %d %s %v", a.StatusCode, a.body, a.Header)
	}
	return values("client_id", r.client.ID, "request_uri", name)
}

func (r *relying) pushed(pairs ...string) answer {
	r.world.Helper()
	var all []string
	for name, v := range r.request(pairs...) {
		all = append(all, name, v[0])
	}
	return r.call(openid.PushPath, all...)
}

// brings sends the browser with what it was given.
func (r *relying) brings(q url.Values) answer {
	r.world.Helper()
	a, _ := r.follow(r.get(openid.AuthorizePath + "?" + q.Encode()))
	return a
}

// TestPushed: an application hands its request over beforehand (RFC 9126). The browser brings
// a name, once and within a minute; what else it says counts for nothing; it may take its time
// to sign in and to agree.
func TestPushed(t *testing.T) {
	r := newRelying(t, func(c *openid.Client) { c.Trusted = false })
	q := r.push("scope", "openid email", "prompt", "login")
	got := r.read(r.redeem(r.back(r.brings(q)).Get("code")))
	if got.claims["email"] != "carla@"+r.host || got.claims["nonce"] != "a nonce" {
		t.Errorf("%v", got.claims)
	}
	r.page("a second time", r.brings(q))
	r.page("a name of nobody", r.brings(values("client_id", r.client.ID, "request_uri", "urn:ietf:params:oauth:request_uri:x")))

	late := r.push()
	r.time = r.time.Add(time.Minute)
	r.page("after a minute", r.brings(late))

	more := r.push("scope", "openid")
	more.Set("scope", "openid profile email")
	more.Set("redirect_uri", "https://evil.example/")
	more.Set("prompt", "none")
	got = r.read(r.redeem(r.back(r.brings(more)).Get("code")))
	if got.claims["email"] != nil || got.accessClaims["scope"] != "openid" {
		t.Errorf("what the browser said counted: %v %v", got.claims, got.accessClaims)
	}

	other := *r
	other.at(r.acme, func(c *openid.Client) { c.Name = "Other" })
	theirs := other.push()
	theirs.Set("client_id", r.client.ID)
	r.page("another's request", r.brings(theirs))
	twice := r.push()
	twice["request_uri"] = append(twice["request_uri"], "x")
	r.page("two names", r.brings(twice))

	r.forget()
	slow := r.get(openid.AuthorizePath + "?" + r.push("prompt", "consent").Encode())
	slow = r.get(slow.Header.Get("Location"))
	u, err := url.Parse(slow.Header.Get("Location"))
	if err != nil || u.Path != "/sign-in" {
		t.Fatalf("nobody is asked to sign in: %v", slow.Header)
	}
	if page := r.get(slow.Header.Get("Location")); !strings.Contains(page.Header.Get("Content-Security-Policy"), "form-action 'self' https://app.example.test;") {
		t.Errorf("the sign-in may not lead there: %s", page.Header.Get("Content-Security-Policy"))
	}
	r.time = r.time.Add(10 * time.Minute)
	in := r.form("/sign-in", values("email", "carla@"+r.host, "password", password, "next", u.Query().Get("next")))
	page := r.get(in.Header.Get("Location"))
	for range 2 { // somebody reloads
		page = r.get(in.Header.Get("Location"))
	}
	request := between(page.body, `name="request" value="`, `"`)
	if strings.Contains(request, "scope") || !strings.Contains(page.Header.Get("Content-Security-Policy"), "form-action 'self' https://app.example.test;") {
		t.Errorf("the page of consent holds %q; %s", request, page.Header.Get("Content-Security-Policy"))
	}
	if q := r.back(r.form("/oauth/consent", values("request", request, "decision", "allow"))); q.Get("code") == "" {
		t.Errorf("agreed: %v", q)
	}
	r.page("agreed twice", r.form("/oauth/consent", values("request", request, "decision", "allow")))

	r.time = r.time.Add(time.Second)
	none := r.push("prompt", "none", "max_age", "0")
	r.want(r.back(r.brings(none)).Get("error") == "login_required", "prompt=none")
	r.page("after an error", r.brings(none))
}

// TestPushRefused: what is pushed is looked at when it comes, in the protocol's words, and
// nobody pushes for another.
func TestPushRefused(t *testing.T) {
	r := newRelying(t, nil)
	for name, tt := range map[string]struct {
		a      answer
		status int
		code   string
	}{
		"another_address":  {r.pushed("redirect_uri", "https://evil.example/"), 400, "invalid_request"},
		"no_pkce":          {r.pushed("code_challenge", ""), 400, "invalid_request"},
		"no_scope":         {r.pushed("scope", "nothing"), 400, "invalid_scope"},
		"another_type":     {r.pushed("response_type", "token"), 400, "unsupported_response_type"},
		"a_pushed_request": {r.pushed("request_uri", "urn:ietf:params:oauth:request_uri:x"), 400, "invalid_request"},
		"a_request_object": {r.pushed("request", "x.y.z"), 400, "request_not_supported"},
		"too_long":         {r.pushed("claims", `{"x":"`+strings.Repeat("x", 20_000)+`"}`), 400, "invalid_request"},
		"a_key_of_no_form": {r.pushed("dpop_jkt", "x"), 400, "invalid_request"},
		"nobody":           {r.form(openid.PushPath, r.request()), 401, "invalid_client"},
		"a_wrong_secret":   {r.form(openid.PushPath, r.request("client_secret", "x")), 401, "invalid_client"},
	} {
		r.failed(name, tt.a, tt.status, tt.code)
	}
	c := r.client
	c.Pushes = true
	if err := r.OpenID.SaveClient(t.Context(), people.ID(r.id("ana")), c); err != nil {
		t.Fatal(err)
	}
	r.errorBack("invalid_request")
	if q := r.back(r.brings(r.push())); q.Get("code") == "" {
		t.Errorf("pushed, as it has to: %v", q)
	}
	public := *r
	public.secret = ""
	public.at(r.acme, func(c *openid.Client) { c.Kind = openid.Public })
	if q := public.back(public.brings(public.push())); q.Get("code") == "" {
		t.Errorf("a public application: %v", q)
	}
}
