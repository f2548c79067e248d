// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
)

// PushPath is where a client sends an authorization request beforehand (RFC 9126).
const PushPath = "/oauth/par"

// requestURN begins the name of such a request (RFC 9126, section 2.2).
const requestURN = "urn:ietf:params:oauth:request_uri:"

// maxPushed is how long a pushed request may be, in bytes.
const maxPushed = 16 << 10

// Pushed is an authorization request that a client sent beforehand. The browser brings nothing
// but its name, so nobody on the way can read or change it.
type Pushed struct {
	Digest  identity.Digest // of its name
	Client  string
	Request string // its parameters
	Taken   bool   // a browser came with it and goes on with another name, which nobody else knows
	Expires time.Time
}

// PushedName is the answer to a client that pushed a request (RFC 9126, section 2.2).
type PushedName struct {
	URI     string `json:"request_uri"`
	Expires int64  `json:"expires_in"` // seconds
}

// proofParams are the parameters of the client's proof, which are none of the request's.
var proofParams = []string{"client_secret", "client_assertion", "client_assertion_type", paramAfter}

// Push keeps the authorization request of a client that has proven who it is, after looking
// at it as Authorize does (RFC 9126, section 2.1). key is that which the request proved to
// have; empty: none.
func (p *Provider) Push(ctx context.Context, c Client, key string, form url.Values) (PushedName, error) {
	q := url.Values{}
	for name, values := range form {
		if !slices.Contains(proofParams, name) {
			q[name] = values
		}
	}
	q.Set("client_id", c.ID)
	switch bound := q.Get(paramKey); {
	case q.Has("request_uri"):
		return PushedName{}, fault(codeInvalidRequest, "request_uri cannot be pushed")
	case key != "" && bound != "" && bound != key: // RFC 9449, section 10.1
		return PushedName{}, fault(codeInvalidProof, paramKey+" is not the key of the proof")
	case key != "":
		q.Set(paramKey, key)
	}
	text := q.Encode()
	if len(text) > maxPushed {
		return PushedName{}, fault(codeInvalidRequest, "the request is too long")
	}
	now, name := p.now(), requestURN+id.Token()
	err := p.Store.Update(ctx, func(tx Tx) error {
		if _, err := p.read(tx, q); err != nil {
			if errs.Is(err, errs.Invalid) && IsOurs(err) { // nobody reads a page here
				err = fault(codeInvalidRequest, "redirect_uri is not registered")
			}
			return err
		}
		if err := tx.ForgetGrants(now, forgetAtOnce); err != nil {
			return err
		}
		return tx.SavePushed(Pushed{Digest: identity.DigestOf(name), Client: c.ID, Request: text, Expires: now.Add(p.Limits.Push)})
	})
	if err != nil {
		return PushedName{}, fmt.Errorf("push a request of client %s: %w", c.ID, err)
	}
	return PushedName{URI: name, Expires: int64(p.Limits.Push.Seconds())}, nil
}

// wasPushed reports whether a request names one that was pushed.
func wasPushed(q url.Values) bool { return strings.HasPrefix(q.Get("request_uri"), requestURN) }

// named returns the pushed request that a browser brings. It reports Invalid for one that is
// unknown, used, too old or of another client: nobody knows where an answer would go.
func named(tx Tx, q url.Values, now time.Time) (Pushed, error) {
	in, found, err := absent(tx.Pushed(identity.DigestOf(q.Get("request_uri"))))
	if err == nil && (!found || len(q["client_id"]) != 1 || len(q["request_uri"]) != 1 || in.Client != q.Get("client_id") || !now.Before(in.Expires)) {
		err = errs.New(errs.Invalid, "openid.error.pushed")
	}
	return in, err
}

// take returns the pushed request that a browser brings. The name that the client knows works
// once (RFC 9126, section 4): the browser is sent on with one that nobody else has, which
// lasts for as long as somebody may take to sign in and agree. Then next is where to.
func (p *Provider) take(ctx context.Context, q url.Values) (in Pushed, next string, err error) {
	now := p.now()
	err = p.Store.Update(ctx, func(tx Tx) error {
		next = ""
		if err := tx.Lock(lockPushed(q)); err != nil {
			return err
		}
		if in, err = named(tx, q, now); err != nil || in.Taken {
			return err
		}
		if err := tx.DeletePushed(in.Digest); err != nil {
			return err
		}
		name := requestURN + id.Token()
		in.Digest, in.Taken, in.Expires = identity.DigestOf(name), true, now.Add(p.Limits.Asked)
		next = withQuery(AuthorizePath, "client_id", in.Client, "request_uri", name)
		return tx.SavePushed(in)
	})
	return in, next, err
}

func lockPushed(q url.Values) string {
	return "openid:pushed:" + string(identity.DigestOf(q.Get("request_uri")))
}

// goOn keeps what becomes of a pushed request: it waits while somebody signs in or reads what
// they are asked, and is gone once it is answered.
func goOn(tx Tx, in Pushed, q url.Values, a *Answer) error {
	switch {
	case a.SignIn != nil:
		in.Request = a.SignIn.Next.Encode()
		a.SignIn.Next = q
		return tx.SavePushed(in)
	case a.Consent != nil:
		return nil
	}
	return tx.DeletePushed(in.Digest)
}
