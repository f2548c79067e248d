// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
	"verlof/people"
)

// Tokens is the answer of the token endpoint (RFC 6749, section 5.1; OpenID Connect
// Core 1.0, section 3.1.3.3).
type Tokens struct {
	Access  string `json:"access_token"`
	Type    string `json:"token_type"`
	Expires int64  `json:"expires_in"` // seconds
	Scope   Scope  `json:"scope"`
	Refresh string `json:"refresh_token,omitempty"`
	ID      string `json:"id_token,omitempty"`
}

// given is what a transaction of the token endpoint leaves to be signed.
type given struct {
	grant   Grant
	scope   Scope // of the access token: that of the grant, or less
	client  Client
	person  people.Person
	subject string
	nonce   string
	code    string // jti of the access token
	refresh string
	key     string // that the client proved to have: the access token is bound to it; empty: to none
	refused *Fault // a refusal that was written down: something was used twice
}

// Token answers a request for tokens of a client that has proven who it is, and that it has a
// key (RFC 9449); without one key is empty. What it reports is a Fault, or ours.
func (p *Provider) Token(ctx context.Context, c Client, key string, form url.Values) (Tokens, error) {
	grant := form.Get("grant_type")
	run, known := map[string]func(Tx, Client, url.Values, time.Time) (given, error){
		grantCode: p.redeem, grantRefresh: p.refresh, grantClient: p.serve, grantDevice: p.collect,
	}[grant]
	switch {
	case grant == "":
		return Tokens{}, fault(codeInvalidRequest, "grant_type is missing")
	case !known:
		return Tokens{}, fault("unsupported_grant_type", "no such grant_type here")
	case !c.may(grant):
		return Tokens{}, fault(codeUnauthorized, "the client may not use this grant_type")
	case c.Bound && key == "": // RFC 9449, section 5.2
		return Tokens{}, fault(codeInvalidProof, "the client gets tokens only with a DPoP proof")
	}
	if resource := form["resource"]; len(resource) > 0 && resource[0] != p.Issuer {
		return Tokens{}, fault("invalid_target", "tokens are for "+p.Issuer+" only") // RFC 8707, section 2
	}
	signs, err := p.signer(ctx)
	if err != nil {
		return Tokens{}, err
	}
	now := p.now()
	var out given
	err = p.Store.Update(ctx, func(tx Tx) (err error) {
		if out, err = run(tx, c, form, now); err != nil || out.refused != nil {
			return err
		}
		if out.key = key; out.grant.Key != "" && out.grant.Key != key {
			return fault(codeInvalidGrant, "it is bound to another key")
		}
		return p.complete(tx, &out, now)
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("token for client %s: %w", c.ID, err)
	}
	if out.refused != nil {
		return Tokens{}, out.refused
	}
	return p.signAll(signs, out, now)
}

// redeem exchanges a code (RFC 6749, section 4.1.3). One that is used twice ends what
// the first use gave (section 4.1.2).
func (p *Provider) redeem(tx Tx, c Client, form url.Values, now time.Time) (given, error) {
	digest := identity.DigestOf(form.Get("code"))
	if err := tx.Lock("openid:code:" + string(digest)); err != nil {
		return given{}, err
	}
	code, found, err := absent(tx.Code(digest))
	if err != nil {
		return given{}, err
	}
	bad := fault(codeInvalidGrant, "the code is unknown, used or too old")
	if !found {
		return given{}, bad
	}
	g, found, err := held(tx, code.Grant)
	if err != nil {
		return given{}, err
	}
	switch {
	case !found || g.Client != c.ID: // another client's code is left to its owner
		return given{}, bad
	case !code.Used.IsZero():
		return given{refused: bad}, tx.DeleteGrant(g.ID)
	case !now.Before(code.Expires):
		return given{}, bad
	case form.Get("redirect_uri") != code.Redirect:
		return given{}, fault(codeInvalidGrant, "redirect_uri is not that of the request")
	case !proves(form.Get("code_verifier"), code.Challenge):
		return given{}, fault(codeInvalidGrant, "code_verifier does not fit the challenge")
	}
	code.Used = now
	if err := tx.SaveCode(code); err != nil {
		return given{}, err
	}
	if g = c.stands(g); code.Key != "" { // RFC 9449, section 10
		g.Key = code.Key
	}
	return given{grant: g, scope: g.Scope, client: c, nonce: code.Nonce}, nil
}

// proves reports whether a verifier fits a challenge of PKCE (RFC 7636, section 4.6).
func proves(verifier, challenge string) bool {
	if len(verifier) < 43 || len(verifier) > 128 {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(b64.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// refresh exchanges a refresh token for another (RFC 6749, section 6). One that is used
// twice was stolen, or its successor was: the grant ends (RFC 9700, section 4.14.2).
func (p *Provider) refresh(tx Tx, c Client, form url.Values, now time.Time) (given, error) {
	digest := identity.DigestOf(form.Get("refresh_token"))
	if err := tx.Lock("openid:refresh:" + string(digest)); err != nil {
		return given{}, err
	}
	t, found, err := absent(tx.RefreshToken(digest))
	if err != nil {
		return given{}, err
	}
	bad := fault(codeInvalidGrant, "the refresh token is unknown, used or too old")
	if !found {
		return given{}, bad
	}
	g, found, err := held(tx, t.Grant)
	if err != nil {
		return given{}, err
	}
	switch {
	case !found || g.Client != c.ID:
		return given{}, bad
	case !t.Used.IsZero():
		return given{refused: bad}, tx.DeleteGrant(g.ID)
	case !now.Before(t.Expires):
		return given{}, bad
	}
	g = c.stands(g)
	scope := g.Scope
	if asked := Scope(form.Get("scope")); asked != "" {
		if !asked.Within(g.Scope) {
			return given{}, fault(codeInvalidScope, "more than was granted")
		}
		scope = asked
	}
	t.Used = now
	return given{grant: g, scope: scope, client: c}, tx.SaveRefreshToken(t)
}

// serve gives a client a token for itself (RFC 6749, section 4.4).
func (p *Provider) serve(tx Tx, c Client, form url.Values, now time.Time) (given, error) {
	scope := c.Scope
	if asked := Scope(form.Get("scope")); asked != "" {
		scope = asked.only(c.Scope)
	}
	scope = scope.only(serviceScopes(c.Scope))
	if scope == "" {
		return given{}, fault(codeInvalidScope, "no scope that the client may have for itself")
	}
	g := Grant{ID: id.New(now), Client: c.ID, Scope: scope, Auth: now, Made: now, Expires: now.Add(p.Limits.Access)}
	return given{grant: g, scope: scope, client: c}, tx.AddGrant(g)
}

// serviceScopes are the scopes of a client that mean something without a person.
func serviceScopes(s Scope) Scope {
	return scopeOf(slices.DeleteFunc(s.List(), func(name string) bool { return slices.Contains(PersonScopes(), name) })...)
}

// forgetAtOnce is how many ended grants make room when one is written.
const forgetAtOnce = 32

// complete finds who the tokens are about and writes down what hangs on the grant.
func (p *Provider) complete(tx Tx, out *given, now time.Time) (err error) {
	if out.person, err = standing(tx, out.grant, now); err != nil {
		return err
	}
	out.subject = out.client.ID
	if out.grant.Person != "" {
		if out.subject, err = subject(tx, out.client, out.grant.Person, id.Token()); err != nil {
			return err
		}
	}
	g := &out.grant
	if g.Key = out.key; out.client.keepsSecret() { // it proves who it is each time (RFC 9449, section 5)
		g.Key = ""
	}
	if until := now.Add(p.Limits.Access); g.Expires.Before(until) {
		g.Expires = until
	}
	refreshUntil := now.Add(p.Limits.Refresh)
	if last := g.Made.Add(p.Limits.Grant); last.Before(refreshUntil) {
		refreshUntil = last
	}
	if out.client.may(grantRefresh) && refreshUntil.After(now) {
		g.Expires = later(g.Expires, refreshUntil)
		out.refresh = id.Token()
	}
	g.Used = now
	if err := tx.SaveGrant(*g); err != nil {
		if errs.Is(err, errs.NotFound) { // somebody ended it since it was read
			err = ended()
		}
		return err
	}
	if err := tx.ForgetGrants(now, forgetAtOnce); err != nil {
		return err
	}
	out.code = g.ID + "." + id.New(now)
	if out.refresh == "" {
		return nil
	}
	return tx.SaveRefreshToken(RefreshToken{Digest: identity.DigestOf(out.refresh), Grant: g.ID, Expires: refreshUntil})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// signAll makes the tokens.
func (p *Provider) signAll(key *signer, out given, now time.Time) (t Tokens, err error) {
	bound := confirmation{out.key}
	t = Tokens{Type: bound.scheme(), Expires: int64(p.Limits.Access.Seconds()), Scope: out.scope, Refresh: out.refresh}
	common := map[string]any{
		"iss": p.Issuer, "sub": out.subject, "iat": now.Unix(), "exp": now.Add(p.Limits.Access).Unix(),
	}
	if out.grant.Person != "" {
		if !out.grant.Auth.IsZero() {
			common["auth_time"] = out.grant.Auth.Unix()
		}
		if out.grant.Level != "" {
			common["acr"] = out.grant.Level
		}
		if m := strings.Fields(out.grant.Methods); len(m) > 0 {
			common["amr"] = m
		}
	}
	access := maps.Clone(common) // RFC 9068, section 2.2
	access["aud"], access["client_id"], access["scope"], access["jti"] = p.Issuer, out.client.ID, string(out.scope), out.code
	if bound.Key != "" {
		access["cnf"] = bound
	}
	if t.Access, err = key.sign(typeAccess, access); err != nil {
		return Tokens{}, err
	}
	if out.grant.Person == "" || !out.scope.Has(ScopeOpenID) {
		return t, nil
	}
	identity := maps.Clone(common) // OpenID Connect Core 1.0, section 2
	maps.Copy(identity, claimsOf(out.person, out.scope, out.grant.Claims))
	identity["aud"], identity["at_hash"] = out.client.ID, halfHash(t.Access)
	if out.nonce != "" {
		identity["nonce"] = out.nonce
	}
	if out.grant.Session != "" {
		identity["sid"] = out.grant.Session // OpenID Connect Back-Channel Logout 1.0, section 2.1
	}
	t.ID, err = key.sign(typeID, identity)
	return t, err
}

// claimsOf returns what is told of a person by scope and by single claims (OpenID
// Connect Core 1.0, sections 5.1 and 5.4). A mail address is the employer's to give:
// the customer vouches for it.
func claimsOf(person people.Person, scope Scope, single string) map[string]any {
	all := map[string]any{
		"name": person.Name(), "given_name": person.GivenName, "family_name": person.FamilyName, "locale": person.Language,
		"email": person.Email, "email_verified": person.Email != "",
	}
	names := strings.Fields(single)
	for _, s := range scope.List() {
		names = append(names, scopeClaims[s]...)
	}
	told := map[string]any{}
	for _, name := range names {
		if v := all[name]; v != "" && (person.Email != "" || name != "email_verified") {
			told[name] = v
		}
	}
	return told
}
