// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"time"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// Leaving is what is to be done about a request to sign out.
type Leaving struct {
	Ask      bool   // the person first: nothing proves that they want it
	Redirect string // where the browser goes afterwards; empty: a page of ours
}

// Leave answers a client that sends the browser to sign out (OpenID Connect
// RP-Initiated Logout 1.0, section 2). It reports Invalid for a hint that is no ID
// token of ours, and for an address that the client has not registered: then nobody is
// sent anywhere (section 3).
func (p *Provider) Leave(ctx context.Context, q url.Values, who Who) (Leaving, error) {
	refuse := func(key string) (Leaving, error) { return Leaving{}, errs.New(errs.Invalid, key) }
	client, l := q.Get("client_id"), Leaving{Ask: who.Person != ""}
	if hint := q.Get("id_token_hint"); hint != "" {
		c, err := p.readIDToken(ctx, hint)
		if err != nil && IsOurs(err) {
			return Leaving{}, err
		}
		if err != nil || client != "" && client != c.Audience[0] {
			return refuse("openid.error.hint")
		}
		client = c.Audience[0]
		l.Ask = l.Ask && c.Session != who.Session
	}
	to := q.Get("post_logout_redirect_uri")
	if to == "" {
		return l, nil
	}
	var c Client
	err := p.Store.View(ctx, func(tx Tx) (err error) {
		c, _, err = absent(tx.Client(client))
		return err
	})
	if err != nil {
		return Leaving{}, fmt.Errorf("sign out for client %s: %w", client, err)
	}
	if !slices.Contains(c.PostLogout, to) {
		return refuse("openid.error.post_logout")
	}
	if state := q.Get("state"); state != "" {
		to = withQuery(to, "state", state)
	}
	l.Redirect = to
	return l, nil
}

// KindLogout is the kind of outbox row that tells a client that a session ended.
const KindLogout = "openid.logout"

// goodbye is the payload of such a row.
type goodbye struct {
	Client  string    `json:"client"`
	Person  people.ID `json:"person"`
	Session string    `json:"session"`
}

// SessionEnded ends what clients were given in a session, except what was given for
// when the person is away, and has the clients told that want to know (OpenID Connect
// Back-Channel Logout 1.0, section 2.7). It belongs in the transaction that ends the
// session.
func SessionEnded(tx Tx, session string) error {
	grants, err := tx.GrantsIn(session)
	if err != nil {
		return err
	}
	for _, g := range grants {
		c, found, err := absent(tx.Client(g.Client))
		if err != nil {
			return err
		}
		if found && c.Logout != "" {
			payload, err := json.Marshal(goodbye{g.Client, g.Person, session})
			if err != nil {
				return err
			}
			if err := tx.Enqueue(KindLogout, KindLogout+":"+session+":"+g.Client, payload); err != nil {
				return err
			}
		}
		if c.stands(g).Scope.Has(ScopeOffline) {
			continue
		}
		if err := tx.DeleteGrant(g.ID); err != nil {
			return err
		}
	}
	return nil
}

// GrantsEnded ends what clients were given in a person's name, also for when the person is
// away, but for what was given in the session keep (empty: in none), and has the clients told
// that want to know. It returns how much it ended. It belongs in the transaction that shuts the
// person out.
func GrantsEnded(tx Tx, person people.ID, keep string) (n int, err error) {
	grants, err := tx.GrantsOf(person)
	if err != nil {
		return 0, err
	}
	for _, g := range grants {
		if keep != "" && g.Session == keep {
			continue
		}
		c, _, err := absent(tx.Client(g.Client))
		if err != nil {
			return n, err
		}
		if err := endGrant(tx, c, g); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// logoutLife is how long a logout token is good: it is made when it is sent.
const logoutLife = 2 * time.Minute

// LogoutToken returns where a client is told that a session ended, and the token that
// says so (OpenID Connect Back-Channel Logout 1.0, section 2.4), from the payload of an
// outbox row. It reports NotFound where nobody wants to know any more.
func (p *Provider) LogoutToken(ctx context.Context, payload []byte) (address, token string, err error) {
	var g goodbye
	if err := json.Unmarshal(payload, &g); err != nil {
		return "", "", fmt.Errorf("read the payload of a logout: %w", err)
	}
	key, err := p.signer(ctx)
	if err != nil {
		return "", "", err
	}
	var sub string
	err = p.Store.Update(ctx, func(tx Tx) error {
		c, err := registered(tx, g.Client)
		if err != nil {
			return err
		}
		if c.Logout == "" {
			return noClient()
		}
		address = c.Logout
		sub, err = subject(tx, c, g.Person, id.Token())
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("tell client %s of a logout: %w", g.Client, err)
	}
	now := p.now()
	claims := map[string]any{
		"iss": p.Issuer, "aud": g.Client, "sub": sub, "jti": id.New(now),
		"iat": now.Unix(), "exp": now.Add(logoutLife).Unix(),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": struct{}{}},
	}
	if g.Session != "" {
		claims["sid"] = g.Session
	}
	token, err = key.sign(typeLogout, claims)
	return address, token, err
}
