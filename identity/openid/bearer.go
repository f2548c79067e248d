// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"verlof/internal/id"
	"verlof/people"
)

// Bearer is who speaks with an access token.
type Bearer struct {
	Person people.ID // empty: the client for itself
	Client Client
	Scope  Scope
	Grant  Grant

	person  people.Person
	subject string
	claims  accessClaims
	key     string // id of the key that signed the token
}

// accessClaims are the claims of an access token that are looked at (RFC 9068, section
// 2.2).
type accessClaims struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience audience `json:"aud"`
	Expires  int64    `json:"exp"`
	Issued   int64    `json:"iat"`
	ID       string   `json:"jti"`
	Client   string   `json:"client_id"`
	Scope    Scope    `json:"scope"`

	Confirm confirmation `json:"cnf,omitzero"`
}

// confirmation says to which key a token is bound (RFC 7800, section 3.1; RFC 9449, section
// 6.1).
type confirmation struct {
	Key string `json:"jkt"` // its thumbprint; empty: to none
}

// scheme returns how a token is shown that is so bound, or not.
func (c confirmation) scheme() string {
	if c.Key != "" {
		return schemeProof
	}
	return "Bearer"
}

// audience is a claim that is one text or several (RFC 7519, section 4.1.3).
type audience []string

func (a *audience) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '"' {
		return json.Unmarshal(b, (*[]string)(a))
	}
	var one string
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*a = audience{one}
	return nil
}

func badToken() *Fault {
	return &Fault{Code: codeInvalidToken, Says: "the token is not good here, or no longer", Status: http.StatusUnauthorized, Bearer: true}
}

// Verify returns what an access token of this customer says, by its signature and its times
// alone, as whoever has the certificates can: whether its grant still stands is Bearer's to
// find out. It reports a Fault for one that another issuer signed, or that has ended.
func (p *Provider) Verify(ctx context.Context, token string) (Bearer, error) {
	var c accessClaims
	key, err := p.open(ctx, token, false, &c, typeAccess)
	if err != nil {
		if errors.Is(err, errToken) {
			return Bearer{}, badToken()
		}
		return Bearer{}, err
	}
	if c.Issuer != p.Issuer || !slices.Contains(c.Audience, p.Issuer) || p.now().Unix() >= c.Expires {
		return Bearer{}, badToken()
	}
	return Bearer{Scope: c.Scope, claims: c, key: key}, nil
}

// Bearer returns who speaks with an access token of this customer, whoever brings it. It
// reports a Fault for one that another issuer signed, that has ended, or whose grant has, and
// for one that is bound to a key: see Presented. The signature of a token that comes again is
// not worked out again.
func (p *Provider) Bearer(ctx context.Context, token string) (Bearer, error) {
	b, err := p.speaker(ctx, token)
	if err == nil && b.claims.Confirm.Key != "" { // RFC 9449, section 7.2
		return Bearer{}, withProof(badToken())
	}
	return b, err
}

// speaker is Bearer, whether or not the token is bound to a key.
func (p *Provider) speaker(ctx context.Context, token string) (Bearer, error) {
	b, err := p.recognise(ctx, token)
	if err != nil {
		return Bearer{}, err
	}
	now := p.now()
	grant, _, _ := strings.Cut(b.claims.ID, ".")
	err = p.Store.View(ctx, func(tx Tx) error { return b.find(tx, grant, now) })
	if err != nil {
		return Bearer{}, fmt.Errorf("read a bearer: %w", err)
	}
	return b, nil
}

// good is a token whose signature is right.
type good struct {
	key    string // that signed it
	claims accessClaims
}

// maxGood is how many tokens of a customer are remembered, of some 500 bytes each.
const maxGood = 512

// recognise is Verify for a token that may have been here before. That its key still stands
// and that it has not ended is looked at each time.
func (p *Provider) recognise(ctx context.Context, token string) (Bearer, error) {
	sum := sha256.Sum256([]byte(token))
	if seen, ok := p.good.get(sum); ok {
		if _, err := p.public(ctx, seen.key, false); err == nil && p.now().Unix() < seen.claims.Expires {
			return Bearer{Scope: seen.claims.Scope, claims: seen.claims}, nil
		}
	}
	b, err := p.Verify(ctx, token)
	if err == nil {
		p.good.keep(sum, good{b.key, b.claims}, maxGood)
	}
	return b, err
}

// find fills in what the database knows of a token's grant.
func (b *Bearer) find(tx Tx, grant string, now time.Time) error {
	g, found, err := absent(tx.Grant(grant))
	if err != nil {
		return err
	}
	if !found || g.Client != b.claims.Client {
		return badToken()
	}
	c, found, err := absent(tx.Client(g.Client))
	if err != nil {
		return err
	}
	if !found || c.in() != nil {
		return badToken()
	}
	g = c.stands(g)
	if b.person, err = standing(tx, g, now); err != nil {
		if !IsOurs(err) {
			err = badToken()
		}
		return err
	}
	b.Person, b.Client, b.Grant, b.Scope, b.subject = g.Person, c, g, b.Scope.only(g.Scope), b.claims.Subject
	return nil
}

// Expires returns when the token ends, in seconds since 1970.
func (b Bearer) Expires() int64 { return b.claims.Expires }

// Need reports a Fault unless the token was given for a scope (RFC 6750, section 3.1).
func (b Bearer) Need(scope string) error {
	if b.Scope.Has(scope) {
		return nil
	}
	return &Fault{Code: codeInsufficientScope, Says: "the token was not given for " + scope, Status: http.StatusForbidden, Bearer: true}
}

// UserInfo returns what a token may know of its person that a request presents (OpenID
// Connect Core 1.0, section 5.3).
func (p *Provider) UserInfo(r *http.Request, token string) (map[string]any, error) {
	b, err := p.Presented(r, token)
	if err != nil {
		return nil, err
	}
	if err := b.Need(ScopeOpenID); err != nil {
		return nil, err
	}
	told := map[string]any{"sub": b.subject}
	maps.Copy(told, claimsOf(b.person, b.Scope, b.Grant.Claims))
	return told, nil
}

// idClaims are the claims of an ID token that are looked at when it comes back as a
// hint.
type idClaims struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience audience `json:"aud"`
	Session  string   `json:"sid"`
}

// readIDToken returns the claims of an ID token of ours, ended or not (OpenID Connect
// Core 1.0, section 3.1.2.1). It reports a Fault for every other.
func (p *Provider) readIDToken(ctx context.Context, token string) (idClaims, error) {
	var c idClaims
	_, err := p.open(ctx, token, true, &c, strings.ToLower(typeID))
	switch {
	case errors.Is(err, errToken), err == nil && (c.Issuer != p.Issuer || len(c.Audience) != 1):
		return idClaims{}, fault(codeInvalidRequest, "id_token_hint is no ID token of this provider")
	case err != nil:
		return idClaims{}, err
	}
	return c, nil
}

// Inspection is what is told of a token to whoever may ask (RFC 7662, section 2.2).
type Inspection struct {
	Active   bool   `json:"active"`
	Scope    Scope  `json:"scope,omitempty"`
	Client   string `json:"client_id,omitempty"`
	Type     string `json:"token_type,omitempty"`
	Subject  string `json:"sub,omitempty"`
	Audience string `json:"aud,omitempty"`
	Issuer   string `json:"iss,omitempty"`
	ID       string `json:"jti,omitempty"`
	Expires  int64  `json:"exp,omitempty"`
	Issued   int64  `json:"iat,omitempty"`

	Confirm confirmation `json:"cnf,omitzero"`
}

// Inspect tells a client about a token: one of its own, or any where the client may
// inspect (RFC 7662). Of a token that is not good, or not for its eyes, it says no more
// than that (section 2.2).
func (p *Provider) Inspect(ctx context.Context, by Client, token string) (Inspection, error) {
	b, err := p.speaker(ctx, token)
	if err == nil {
		if b.Client.ID != by.ID && !by.Inspects {
			return Inspection{}, nil
		}
		c := b.claims
		return Inspection{Active: true, Scope: b.Scope, Client: c.Client, Type: c.Confirm.scheme(), Confirm: c.Confirm, Subject: c.Subject, Audience: p.Issuer,
			Issuer: c.Issuer, ID: c.ID, Expires: c.Expires, Issued: c.Issued}, nil
	}
	if IsOurs(err) {
		return Inspection{}, err
	}
	return p.inspectRefresh(ctx, by, token)
}

func (p *Provider) inspectRefresh(ctx context.Context, by Client, token string) (i Inspection, err error) {
	now := p.now()
	err = p.Store.Update(ctx, func(tx Tx) error { // a pairwise subject may be new
		g, expires, err := heldBy(tx, token)
		if err != nil || g.ID == "" || !now.Before(expires) || g.Client != by.ID && !by.Inspects {
			return err
		}
		c, found, err := absent(tx.Client(g.Client))
		if err != nil || !found {
			return err
		}
		g = c.stands(g)
		if _, err := standing(tx, g, now); err != nil {
			if IsOurs(err) {
				return err
			}
			return nil
		}
		sub, err := subject(tx, c, g.Person, id.Token())
		i = Inspection{Active: true, Scope: g.Scope, Client: g.Client, Subject: sub, Issuer: p.Issuer, Expires: expires.Unix()}
		return err
	})
	return i, err
}
