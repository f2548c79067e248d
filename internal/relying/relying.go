// SPDX-License-Identifier: Apache-2.0

// Package relying owns what an OpenID provider of somebody else is asked, and whether its
// answers are good: code flow with PKCE, state and nonce (OpenID Connect Core 1.0, section
// 3.1; RFC 7636; RFC 9207; RFC 9700). It refuses to know whom a subject is: that is for
// the rooms that keep people.
package relying

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"verlof/errs"
)

// Skew is how far the clocks of a provider and of this machine may differ.
const Skew = 2 * time.Minute

// known is how long what a provider publishes about itself is remembered.
const known = time.Hour

// Provider is a provider as its customer knows it.
type Provider struct {
	Issuer   string
	ClientID string
	Secret   string   // empty: the client is public
	Scopes   []string // asked for beside openid
}

// Ask is one question to a provider. All that secures it is derived from Secret, which
// only the person's browser holds.
type Ask struct {
	Secret   string
	State    string
	Redirect string // where the answer goes
	Hint     string // mail address of who is to sign in; empty: not known
	Again    bool   // the person is to prove once more who they are
}

// nonce binds the answer to the question (OpenID Connect Core 1.0, section 15.5.2).
func (a Ask) nonce() string { return derive("nonce", a.Secret) }

// verifier proves that who redeems a code is who asked for it (RFC 7636, section 4.1).
func (a Ask) verifier() string { return derive("verifier", a.Secret) }

func derive(use, secret string) string {
	sum := sha256.Sum256([]byte(use + " " + secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Answer is what a provider sent back through the browser.
type Answer struct {
	Code   string
	Issuer string // empty: it did not say (RFC 9207)
}

// Party asks providers. It remembers what they publish about themselves.
type Party struct {
	Client *http.Client
	Now    func() time.Time

	mu        sync.Mutex
	providers map[string]*published
}

// published is what a provider says about itself (OpenID Connect Discovery 1.0, section 3).
type published struct {
	*oidc.Provider
	at      time.Time
	Methods []string `json:"token_endpoint_auth_methods_supported"`
	SaysIss bool     `json:"authorization_response_iss_parameter_supported"`
	UserURL string   `json:"userinfo_endpoint"`
	EndURL  string   `json:"end_session_endpoint"`
}

// Begin returns where a browser goes to be asked. It reports Unavailable where the
// provider cannot be reached or is not what it was said to be.
func (p *Party) Begin(ctx context.Context, at Provider, a Ask) (string, error) {
	found, err := p.discover(ctx, at.Issuer)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(a.verifier()), oidc.Nonce(a.nonce())}
	if a.Hint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", a.Hint))
	}
	if a.Again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return found.config(at, a).AuthCodeURL(a.State, options...), nil
}

// Finish redeems an answer and returns what the provider says of the person. It reports
// Unavailable where the provider cannot be reached and Unauthenticated for whatever is
// not good about the answer.
func (p *Party) Finish(ctx context.Context, at Provider, a Ask, got Answer) (Claims, error) {
	found, err := p.discover(ctx, at.Issuer)
	if err != nil {
		return Claims{}, err
	}
	if got.Issuer != at.Issuer && (got.Issuer != "" || found.SaysIss) {
		return Claims{}, refused(errors.New("the answer is of another issuer"))
	}
	ctx = oidc.ClientContext(ctx, p.Client)
	token, err := found.config(at, a).Exchange(ctx, got.Code, oauth2.VerifierOption(a.verifier()))
	if answered := (*oauth2.RetrieveError)(nil); errors.As(err, &answered) && answered.Response != nil && answered.Response.StatusCode < 500 {
		return Claims{}, refused(fmt.Errorf("the code is not redeemed: %s", answered.ErrorCode))
	}
	if err != nil {
		return Claims{}, unreachable(err)
	}
	raw, _ := token.Extra("id_token").(string)
	c, err := p.verify(ctx, found, at, a, raw, token)
	if err != nil {
		return Claims{}, refused(err)
	}
	return c, p.complete(ctx, found, &c, token)
}

// verify checks an ID token (OpenID Connect Core 1.0, section 3.1.3.7) and reads it.
func (p *Party) verify(ctx context.Context, found *published, at Provider, a Ask, raw string, token *oauth2.Token) (Claims, error) {
	now := p.Now()
	id, err := p.verifier(found, at, now).Verify(ctx, raw)
	if err != nil {
		return Claims{}, err
	}
	c := Claims{Token: raw}
	if err := id.Claims(&c.All); err != nil {
		return Claims{}, err
	}
	azp, _ := c.All["azp"].(string)
	switch {
	case id.Nonce != a.nonce():
		return Claims{}, errors.New("the token answers another question")
	case len(id.Audience) > 1 && azp == "", azp != "" && azp != at.ClientID:
		return Claims{}, errors.New("the token was given to another client")
	case id.IssuedAt.After(now.Add(Skew)):
		return Claims{}, errors.New("the token is of the future")
	case id.Subject == "" || len(id.Subject) > 255:
		return Claims{}, errors.New("the token has no subject")
	case id.AccessTokenHash != "":
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return Claims{}, err
		}
	}
	c.read()
	c.readProof(now)
	if a.Again && (c.Auth.IsZero() || now.Sub(c.Auth) > Skew) {
		return Claims{}, errors.New("the provider did not ask the person again")
	}
	return c, nil
}

// verifier checks what a provider signs: for whom, by which key, until when.
func (p *Party) verifier(found *published, at Provider, now time.Time) *oidc.IDTokenVerifier {
	return found.Verifier(&oidc.Config{ClientID: at.ClientID, SupportedSigningAlgs: []string{oidc.RS256, oidc.PS256, oidc.ES256},
		Now: func() time.Time { return now.Add(-Skew) }})
}

// complete asks for what the token leaves out, where the provider says it elsewhere
// (OpenID Connect Core 1.0, section 5.3).
func (p *Party) complete(ctx context.Context, found *published, c *Claims, token *oauth2.Token) error {
	if found.UserURL == "" {
		return nil
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return unreachable(err)
	}
	if info.Subject != c.Subject { // section 5.3.2: else somebody else's claims would be taken for theirs
		return refused(errors.New("the claims are of another subject"))
	}
	more := map[string]any{}
	if err := info.Claims(&more); err != nil {
		return refused(err)
	}
	for name, value := range more {
		if _, there := c.All[name]; !there {
			c.All[name] = value
		}
	}
	c.read()
	return nil
}

// config is the provider's as oauth2 wants to know it.
func (f *published) config(at Provider, a Ask) *oauth2.Config {
	end := f.Endpoint()
	end.AuthStyle = oauth2.AuthStyleInHeader // the default of RFC 8414, section 2
	if at.Secret == "" || len(f.Methods) > 0 && !slices.Contains(f.Methods, "client_secret_basic") {
		end.AuthStyle = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{ClientID: at.ClientID, ClientSecret: at.Secret, Endpoint: end, RedirectURL: a.Redirect,
		Scopes: append([]string{oidc.ScopeOpenID}, at.Scopes...)}
}

// discover returns what a provider says about itself, from memory where that is young.
func (p *Party) discover(ctx context.Context, issuer string) (*published, error) {
	p.mu.Lock()
	found := p.providers[issuer]
	p.mu.Unlock()
	if found != nil && p.Now().Sub(found.at) < known {
		return found, nil
	}
	// The keys are fetched later, when this request is over.
	client := oidc.ClientContext(context.WithoutCancel(ctx), p.Client)
	at, err := oidc.NewProvider(client, issuer)
	if err != nil {
		return nil, unreachable(err)
	}
	found = &published{Provider: at, at: p.Now()}
	if err := at.Claims(found); err != nil {
		return nil, unreachable(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.providers == nil || len(p.providers) > 100 {
		p.providers = map[string]*published{}
	}
	p.providers[issuer] = found
	return found, nil
}

func unreachable(err error) error {
	return errs.New(errs.Unavailable, "sso.error.unreachable").Because(cmp.Or(err, errors.New("no answer")))
}

func refused(err error) error {
	return errs.New(errs.Unauthenticated, "sso.error.answer").Because(err)
}
