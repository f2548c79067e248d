// SPDX-License-Identifier: Apache-2.0

// Package relyingtest owns an OpenID provider for tests: a small honest one that can be told
// to answer in each of the ways that must be refused. It refuses to be used outside tests.
package relyingtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// The application that the provider knows.
const (
	ClientID = "verlof"
	Secret   = "a-secret:of+the%application"
)

// Provider answers for one person, who is always signed in there.
type Provider struct {
	URL string // the issuer
	Now func() time.Time

	mu     sync.Mutex
	codes  map[string]asked
	rsa    *rsa.PrivateKey
	ec     *ecdsa.PrivateKey
	Person map[string]any // claims about the person, sub among them
	Info   map[string]any // what userinfo says; nil: there is none
	Alg    string         // empty: RS256
	Iss    string         // sent with the answer; empty: the issuer
	Alter  func(head, claims map[string]any)
	Forge  bool   // signed by a key that is not published
	Cut    bool   // a claim is changed after signing
	Fails  string // error in place of a code
	Ends   bool   // people can be signed out there
	Quiet  bool   // prompt=login is ignored: the person proved it an hour ago
}

// asked is a question to which a code belongs.
type asked struct{ redirect, challenge, nonce, auth string }

var b64 = base64.RawURLEncoding

// keys are made once: they take a while.
var keys = sync.OnceValue(func() [2]*rsa.PrivateKey {
	var k [2]*rsa.PrivateKey
	for i := range k {
		k[i], _ = rsa.GenerateKey(rand.Reader, 2048) // the system's randomness does not fail
	}
	return k
})

// New starts a provider on this machine, which ends with the test.
func New(t testing.TB, now func() time.Time, person map[string]any) *Provider {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &Provider{Now: now, Person: person, codes: map[string]asked{}, rsa: keys()[0], ec: ec}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.configuration)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /userinfo", func(w http.ResponseWriter, _ *http.Request) { send(w, p.Info) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	p.URL = s.URL
	return p
}

// Rotate has the provider sign with another key from now on.
func (p *Provider) Rotate() { p.rsa = keys()[1] }

func send(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *Provider) configuration(w http.ResponseWriter, _ *http.Request) {
	c := map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256", "PS256", "ES256"}, "authorization_response_iss_parameter_supported": true}
	if p.Ends {
		c["end_session_endpoint"] = p.URL + "/end?x=1"
	}
	if p.Info != nil {
		c["userinfo_endpoint"] = p.URL + "/userinfo"
	}
	send(w, c)
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	point, _ := p.ec.PublicKey.Bytes() // of a key that was just made
	send(w, map[string]any{"keys": []map[string]any{
		{"kty": "RSA", "kid": p.kid(), "use": "sig", "n": b64.EncodeToString(p.rsa.N.Bytes()), "e": b64.EncodeToString(big.NewInt(int64(p.rsa.E)).Bytes())},
		{"kty": "EC", "crv": "P-256", "kid": "ec", "use": "sig", "x": b64.EncodeToString(point[1:33]), "y": b64.EncodeToString(point[33:])},
	}})
}

func (p *Provider) kid() string { return fmt.Sprintf("rsa-%x", p.rsa.N.Bytes()[:4]) }

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back := url.Values{"state": {q.Get("state")}, "iss": {p.URL}}
	if p.Iss != "" {
		back.Set("iss", p.Iss)
	}
	if p.Fails != "" {
		back.Set("error", p.Fails)
	} else {
		code := rand.Text()
		a := asked{redirect: q.Get("redirect_uri"), challenge: q.Get("code_challenge"), nonce: q.Get("nonce")}
		if q.Get("prompt") == "login" {
			a.auth = "now"
		}
		p.mu.Lock()
		p.codes[code] = a
		p.mu.Unlock()
		back.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusSeeOther)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	plain, _ := url.QueryUnescape(secret)
	p.mu.Lock()
	a, known := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || id != ClientID || plain != Secret || a.redirect != r.PostFormValue("redirect_uri") || a.challenge != b64.EncodeToString(sum[:]) {
		w.WriteHeader(http.StatusBadRequest)
		send(w, map[string]string{"error": "invalid_grant"})
		return
	}
	send(w, map[string]any{"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": p.sign(a)})
}

// sign returns the ID token of an answer.
func (p *Provider) sign(a asked) string {
	now := p.Now()
	claims := map[string]any{"iss": p.URL, "aud": ClientID, "exp": now.Add(5 * time.Minute).Unix(), "iat": now.Unix(), "nonce": a.nonce, "auth_time": now.Unix()}
	if a.auth == "" || p.Quiet {
		claims["auth_time"] = now.Add(-time.Hour).Unix()
	}
	maps.Copy(claims, p.Person)
	head := map[string]any{"alg": "RS256", "typ": "JWT", "kid": p.kid()}
	if p.Alg != "" {
		head["alg"] = p.Alg
	}
	if p.Alg == "ES256" {
		head["kid"] = "ec"
	}
	if p.Alter != nil {
		p.Alter(head, claims)
	}
	text := part(head) + "." + part(claims)
	signature := p.signature(head["alg"].(string), text)
	if p.Cut {
		claims["sub"] = "somebody-else"
		text = part(head) + "." + part(claims)
	}
	return text + "." + signature
}

// Goodbye returns a logout token, with what change makes of it.
func (p *Provider) Goodbye(change func(head, claims map[string]any)) string {
	now := p.Now()
	claims := map[string]any{"iss": p.URL, "aud": ClientID, "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(), "jti": rand.Text(), "sub": p.Person["sub"],
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}}
	head := map[string]any{"alg": "RS256", "typ": "logout+jwt", "kid": p.kid()}
	if change != nil {
		change(head, claims)
	}
	text := part(head) + "." + part(claims)
	return text + "." + p.signature(head["alg"].(string), text)
}

func part(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // of what tests wrote down
	}
	return b64.EncodeToString(b)
}

func (p *Provider) signature(alg, text string) string {
	key := p.rsa
	if p.Forge {
		key = keys()[1]
	}
	sum := sha256.Sum256([]byte(text))
	var s []byte
	switch alg {
	case "RS256":
		s, _ = rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	case "PS256":
		s, _ = rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], nil)
	case "ES256":
		r, t, _ := ecdsa.Sign(rand.Reader, p.ec, sum[:])
		s = append(r.FillBytes(make([]byte, 32)), t.FillBytes(make([]byte, 32))...)
	case "HS256": // with what is public as the key
		h := hmac.New(sha256.New, []byte(Secret))
		h.Write([]byte(text))
		s = h.Sum(nil)
	}
	return b64.EncodeToString(s)
}
