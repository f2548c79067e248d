// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity"
)

// methodKey is private_key_jwt: a client signs who it is, with a key of which Verlof has the
// public half (OpenID Connect Core 1.0, section 9; RFC 7523, section 2.2).
const methodKey = "private_key_jwt"

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	typeAssertion = "client-authentication+jwt" // RFC 7523bis, section 4
)

// How far the clock of a program may be off, and how long it may say that its proof is good.
const (
	clockOff      = time.Minute
	assertionLife = 10 * time.Minute
)

// maxJTI is how long the name of a proof may be, in bytes.
const maxJTI = 255

// asserts are the claims of a client that says who it is (RFC 7523, section 3).
type asserts struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience audience `json:"aud"`
	Expires  float64  `json:"exp"`
	From     float64  `json:"nbf"`
	Issued   float64  `json:"iat"`
	ID       string   `json:"jti"`
}

// assertion is a proof of a client that was taken apart; nothing in it is to be believed
// before its signature was looked at.
type assertion struct {
	jws
	asserts
}

// jws is a compact JWS of a program (RFC 7515, section 3.1).
type jws struct {
	head struct {
		Algorithm string          `json:"alg"`
		Type      string          `json:"typ"`
		Key       string          `json:"kid"`
		JWK       json.RawMessage `json:"jwk"`
		Critical  json.RawMessage `json:"crit"`
	}
	text      string // what is signed
	signature []byte
}

// readJWS takes a compact JWS of a program apart and reads its claims. It refuses every
// algorithm that is not asked for and every extension that must be understood.
func readJWS(token string, claims any) (s jws, ok bool) {
	parts := strings.Split(token, ".")
	if len(token) > maxToken || len(parts) != 3 {
		return s, false
	}
	for i, to := range []any{&s.head, claims} {
		b, err := b64.DecodeString(parts[i])
		if err != nil || json.Unmarshal(b, to) != nil {
			return s, false
		}
	}
	signature, err := b64.DecodeString(parts[2])
	s.text, s.signature = parts[0]+"."+parts[1], signature
	return s, err == nil && s.head.Critical == nil && slices.Contains(programAlgorithms(), s.head.Algorithm)
}

// kind returns the type of a JWS, as it is compared (RFC 7515, section 4.1.9).
func (s jws) kind() string { return strings.TrimPrefix(strings.ToLower(s.head.Type), "application/") }

// asserted returns the client that signed who it is, once (RFC 7523, section 3). It reports
// invalid_client, in the same words for a client that there is not.
func (p *Provider) asserted(ctx context.Context, form url.Values) (Client, error) {
	refused := &Fault{Code: codeInvalidClient, Says: "the client did not prove who it is", Status: http.StatusUnauthorized}
	if form.Get("client_assertion_type") != assertionType {
		return Client{}, &Fault{Code: codeInvalidClient, Says: "client_assertion_type must be " + assertionType, Status: http.StatusUnauthorized}
	}
	var a assertion
	var ok bool
	if a.jws, ok = readJWS(form.Get("client_assertion"), &a.asserts); !ok {
		return Client{}, refused
	}
	if name := form.Get("client_id"); name != "" && name != a.Subject {
		return Client{}, refused
	}
	var c Client
	err := p.Store.View(ctx, func(tx Tx) (err error) {
		c, _, err = absent(tx.Client(a.Subject))
		return err
	})
	if err != nil {
		return Client{}, err
	}
	now := p.now()
	if c.ID == "" || !a.signedBy(c) {
		return Client{}, refused
	}
	if says := p.faultOfAssertion(a, c, now); says != "" { // whoever has the key may know what is wrong
		return Client{}, &Fault{Code: codeInvalidClient, Says: says, Status: http.StatusUnauthorized}
	}
	if err := p.useOnce(ctx, "assertion:"+c.ID+":"+a.ID, moment(a.Expires)); err != nil {
		if errs.Is(err, errs.Conflict) {
			return Client{}, &Fault{Code: codeInvalidClient, Says: "the assertion was used before", Status: http.StatusUnauthorized}
		}
		return Client{}, err
	}
	return c, c.in()
}

// signedBy reports whether one of the keys of a client made the signature.
func (a assertion) signedBy(c Client) bool {
	return slices.ContainsFunc(c.publicKeys(), func(k PublicKey) bool {
		named := a.head.Key == "" || k.Name == "" || a.head.Key == k.Name || a.head.Key == k.ID
		return named && k.signed(a.head.Algorithm, a.text, a.signature)
	})
}

// faultOfAssertion returns what is wrong with what a client says of itself; empty: nothing.
func (p *Provider) faultOfAssertion(a assertion, c Client, now time.Time) string {
	switch kind := a.kind(); {
	case kind != "" && kind != "jwt" && kind != typeAssertion:
		return "typ of the assertion must be " + typeAssertion
	case a.Issuer != c.ID || a.Subject != c.ID:
		return "iss and sub of the assertion must be the client_id"
	case !slices.Equal(a.Audience, audience{p.Issuer}) && (kind == typeAssertion || !slices.Equal(a.Audience, audience{p.Issuer + TokenPath})):
		return "aud of the assertion must be " + p.Issuer
	case a.ID == "" || len(a.ID) > maxJTI:
		return "the assertion must have a jti"
	case !now.Before(moment(a.Expires)):
		return "the assertion has ended"
	case moment(a.Expires).After(now.Add(assertionLife + clockOff)):
		return "the assertion must end within ten minutes"
	case moment(a.From).After(now.Add(clockOff)) || moment(a.Issued).After(now.Add(clockOff)):
		return "the assertion is of the future: is the clock right?"
	}
	return ""
}

// moment returns a NumericDate as a time (RFC 7519, section 2); one that no calendar has
// is far away.
func moment(seconds float64) time.Time {
	return time.Unix(int64(max(0, min(seconds, 1<<40))), 0)
}

// useOnce keeps that something was used, until it would not be good any more. It reports
// Conflict where it was used before, by whichever process.
func (p *Provider) useOnce(ctx context.Context, name string, until time.Time) error {
	return p.Store.Update(ctx, func(tx Tx) error {
		if err := tx.ForgetGrants(p.now(), forgetAtOnce); err != nil {
			return err
		}
		return tx.UseProof(identity.DigestOf(name), until)
	})
}
