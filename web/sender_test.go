// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"verlof/identity/openid"
	"verlof/internal/prooftest"
)

// binds has the application prove to have a key with all that it sends.
func (r *relying) binds(k prooftest.Key) { r.sender = &k }

// TestBound: an application that proves to have a key gets tokens that only this key opens
// (RFC 9449), and one that is set to has to. What a public one goes on with is bound too; one
// that proves who it is may take another key.
func TestBound(t *testing.T) {
	first, second := prooftest.New(t, "ES256"), prooftest.New(t, "Ed25519")
	for _, kind := range []openid.Kind{openid.Confidential, openid.Public} {
		r := newRelying(t, func(c *openid.Client) { c.Kind, c.Bound = kind, true })
		r.failed("without a key", r.redeem(r.code()), 400, "invalid_dpop_proof")
		r.binds(first)
		got := r.tokens("scope", "openid offline_access")
		cnf, _ := got.accessClaims["cnf"].(map[string]any)
		if got.json["token_type"] != "DPoP" || cnf["jkt"] != first.Thumbprint() {
			t.Errorf("%s: %s %v", kind, got.body, got.accessClaims)
		}
		if a := r.userInfo(got.access); a.StatusCode != http.StatusOK || a.json["sub"] != r.id("carla") {
			t.Errorf("%s: userinfo: %d %s", kind, a.StatusCode, a.body)
		}
		thief := *r
		thief.sender = nil
		a := thief.userInfo(got.access)
		thief.failed("a stolen token", a, http.StatusUnauthorized, "invalid_token")
		if c := a.Header.Get("WWW-Authenticate"); !strings.HasPrefix(c, "DPoP ") || !strings.Contains(c, `algs="ES256 `) {
			t.Errorf("what would be an answer: %s", c)
		}
		a = thief.form(openid.UserInfoPath, values("access_token", got.access))
		thief.failed("a stolen token in a form", a, http.StatusUnauthorized, "invalid_token")
		thief.binds(second)
		thief.failed("a stolen token with another key", thief.userInfo(got.access), http.StatusUnauthorized, "invalid_token")
		if kind == openid.Confidential {
			i := r.call(openid.IntrospectPath, "token", got.access)
			told, _ := i.json["cnf"].(map[string]any)
			if i.json["token_type"] != "DPoP" || told["jkt"] != first.Thumbprint() {
				t.Errorf("introspection: %s", i.body)
			}
		}
		a = thief.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", got.refresh)
		if kind == openid.Public {
			thief.failed("a stolen refresh token", a, 400, "invalid_grant")
			a = r.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", got.refresh)
		}
		if cnf, _ := r.read(a).accessClaims["cnf"].(map[string]any); (cnf["jkt"] == second.Thumbprint()) != (kind == openid.Confidential) {
			t.Errorf("%s: the next token is bound to %v", kind, cnf)
		}
	}
}

// TestBoundLater: tokens of an application that need not prove a key are as they were, and its
// refresh token is bound once it proves to have one.
func TestBoundLater(t *testing.T) {
	r := newRelying(t, func(c *openid.Client) { c.Kind = openid.Public })
	got := r.tokens("scope", "openid offline_access")
	if got.json["token_type"] != "Bearer" || got.accessClaims["cnf"] != nil {
		t.Errorf("%s", got.body)
	}
	bare := *r
	r.binds(prooftest.New(t, "PS256"))
	next := r.read(r.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", got.refresh))
	if next.json["token_type"] != "DPoP" {
		t.Errorf("%s", next.body)
	}
	bare.failed("without the key, from then on", bare.call(openid.TokenPath, "grant_type", "refresh_token", "refresh_token", next.refresh), 400, "invalid_grant")
	if a := r.call(openid.RevokePath, "token", next.refresh); a.StatusCode != http.StatusOK {
		t.Errorf("revocation: %d %s", a.StatusCode, a.body)
	}
}

// TestBoundCode: a code can be bound to a key before anybody signs in, in the address or with
// a proof beside a pushed request; whoever takes it on its way has no use for it.
func TestBoundCode(t *testing.T) {
	mine, theirs := prooftest.New(t, "ES256"), prooftest.New(t, "ES256")
	r := newRelying(t, nil)
	thief := *r
	thief.binds(theirs)
	bare := *r
	r.binds(mine)
	for name, code := range map[string]string{"in the address": r.code("dpop_jkt", mine.Thumbprint()), "pushed": r.back(r.brings(r.push())).Get("code")} {
		thief.failed(name+", another key", thief.redeem(code), 400, "invalid_grant")
		bare.failed(name+", no key", bare.redeem(code), 400, "invalid_grant")
		if got := r.read(r.redeem(code)); got.json["token_type"] != "DPoP" {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	r.failed("two keys", r.pushed("dpop_jkt", theirs.Thumbprint()), 400, "invalid_dpop_proof")
	r.errorBack("invalid_request", "dpop_jkt", "x")
}

// TestProofs: what the token endpoint takes for proof of a key, and what it does not; a
// program whose clock is off goes on with a nonce of ours.
func TestProofs(t *testing.T) {
	r := newRelying(t, func(c *openid.Client) { c.Kind = openid.Public })
	key := prooftest.New(t, "ES256")
	said := func(pairs ...any) map[string]any {
		c := prooftest.Possession("POST", r.issuer+openid.TokenPath, "", r.time)
		for i := 0; i < len(pairs); i += 2 {
			c[pairs[i].(string)] = pairs[i+1]
		}
		return c
	}
	send := func(proof string) answer {
		return r.form(openid.TokenPath, values("grant_type", "refresh_token", "refresh_token", "x", "client_id", r.client.ID), "DPoP", proof)
	}
	r.failed("a good one", send(key.Prove(said())), 400, "invalid_grant")
	r.failed("with an address and a question", send(key.Prove(said("htu", r.issuer+openid.TokenPath+"?x=1#y"))), 400, "invalid_grant")
	once := key.Prove(said())
	r.failed("once", send(once), 400, "invalid_grant")
	for name, proof := range map[string]string{
		"twice": once, "nothing": "", "nonsense": "x", "another_method": key.Prove(said("htm", "GET")), "another_address": key.Prove(said("htu", r.issuer+openid.PushPath)),
		"another_customer": key.Prove(said("htu", "http://"+r.globex.host+openid.TokenPath)), "no_name": key.Prove(said("jti", "")),
		"an_assertion": key.Sign(map[string]any{"jwk": key.JWK()}, said()), "symmetric": key.Sign(map[string]any{"typ": "dpop+jwt", "jwk": key.JWK(), "alg": "HS256"}, said()),
	} {
		r.failed(name, send(proof), 400, "invalid_dpop_proof")
	}
	off := said("iat", r.time.AddDate(0, 0, 1).Unix())
	a := send(key.Prove(off))
	r.failed("a clock that is off", a, 400, "use_dpop_nonce")
	off["nonce"] = a.Header.Get("DPoP-Nonce")
	r.failed("with our nonce", send(key.Prove(off)), 400, "invalid_grant")
	if _, err := r.OpenID.Rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	off["jti"] = prooftest.Name()
	r.failed("with our nonce, after the signing key changed", send(key.Prove(off)), 400, "invalid_grant")
	r.time = r.time.Add(5 * time.Minute)
	off["jti"] = prooftest.Name()
	r.failed("with a nonce that is too old", send(key.Prove(off)), 400, "use_dpop_nonce")
	if o := a.Header.Get("Access-Control-Expose-Headers"); !strings.Contains(o, "DPoP-Nonce") {
		t.Errorf("a program in a browser cannot read the nonce: %q", o)
	}
}
