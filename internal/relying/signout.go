// SPDX-License-Identifier: Apache-2.0

package relying

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Leave returns where a browser goes to be signed out at a provider and sent back from there
// (OpenID Connect RP-Initiated Logout 1.0, section 2); empty where the provider does not
// offer it. hint is the ID token of the session; empty: none. It reports Unavailable.
func (p *Party) Leave(ctx context.Context, at Provider, hint, back string) (string, error) {
	found, err := p.discover(ctx, at.Issuer)
	if err != nil || found.EndURL == "" {
		return "", err
	}
	to, err := url.Parse(found.EndURL)
	if err != nil || to.Scheme != "https" && to.Scheme != "http" {
		return "", unreachable(err)
	}
	q := to.Query()
	q.Set("client_id", at.ClientID)
	q.Set("post_logout_redirect_uri", back)
	if hint != "" {
		q.Set("id_token_hint", hint)
	}
	to.RawQuery = q.Encode()
	return to.String(), nil
}

// Ended is what a provider says has ended: one session there, or all of a subject.
type Ended struct {
	Subject string // empty: of whoever the session is
	Session string // empty: all
	ID      string // of the token
	Until   time.Time
}

// logoutEvent is what a logout token is known by.
const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// logoutLife is how old a logout token may be.
const logoutLife = 10 * time.Minute

// Ended checks a logout token and reads it (OpenID Connect Back-Channel Logout 1.0, section
// 2.6). It reports as Finish.
func (p *Party) Ended(ctx context.Context, at Provider, raw string) (Ended, error) {
	found, err := p.discover(ctx, at.Issuer)
	if err != nil {
		return Ended{}, err
	}
	now := p.Now()
	token, err := p.verifier(found, at, now).Verify(oidc.ClientContext(ctx, p.Client), raw)
	if err != nil {
		return Ended{}, refused(err)
	}
	var c struct {
		ID      string                    `json:"jti"`
		Session string                    `json:"sid"`
		Nonce   *string                   `json:"nonce"`
		Events  map[string]map[string]any `json:"events"`
	}
	if err := token.Claims(&c); err != nil {
		return Ended{}, refused(err)
	}
	_, told := c.Events[logoutEvent]
	switch {
	case !told || c.Nonce != nil:
		err = errors.New("this is no logout token")
	case token.Subject == "" && c.Session == "":
		err = errors.New("the token does not say whose session ended")
	case c.ID == "" || len(c.ID) > 255:
		err = errors.New("the token has no name of its own")
	case token.IssuedAt.After(now.Add(Skew)), token.IssuedAt.Before(now.Add(-logoutLife)):
		err = errors.New("the token is of another time")
	}
	if err != nil {
		return Ended{}, refused(err)
	}
	return Ended{Subject: token.Subject, Session: c.Session, ID: c.ID, Until: token.Expiry.Add(Skew)}, nil
}
