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

// Answer is what is to be done about an authorization request: one of its fields is
// set, or two where the answer is a form.
type Answer struct {
	Redirect string     // send the browser there
	Form     url.Values // with Redirect: as a form with these fields
	SignIn   *SignIn    // have somebody sign in
	Consent  *Consult   // ask the person
}

// SignIn is what a person has to do before a request is answered.
type SignIn struct {
	Next  url.Values // the request to come back with
	Hint  string     // the address they may sign in with
	Again bool       // even if somebody is signed in
}

// Consult is what a person is asked to agree to.
type Consult struct {
	Client  string // its name
	Scopes  []string
	Host    string // where the answer goes
	Address string // likewise, all of it
}

// Authorize answers an authorization request (RFC 6749, section 4.1.1; OpenID Connect
// Core 1.0, section 3.1.2) of a browser in which who is signed in. An error is for the
// person to read: nothing may be sent to the address in the request.
func (p *Provider) Authorize(ctx context.Context, q url.Values, who Who) (Answer, error) {
	return p.answer(ctx, q, who, nil)
}

// Decide answers a request as Authorize does, after the person has said whether they
// agree.
func (p *Provider) Decide(ctx context.Context, q url.Values, who Who, agreed bool) (Answer, error) {
	return p.answer(ctx, q, who, &agreed)
}

// answer is that to a request of a browser, or to the one that was pushed before it came.
func (p *Provider) answer(ctx context.Context, q url.Values, who Who, agreed *bool) (a Answer, err error) {
	if !wasPushed(q) {
		return p.reply(ctx, q, who, agreed, nil)
	}
	in, next, err := p.take(ctx, q)
	if err != nil {
		return Answer{}, fmt.Errorf("authorize: %w", err)
	}
	if next != "" {
		return Answer{Redirect: next}, nil
	}
	asked, err := url.ParseQuery(in.Request)
	if err != nil {
		return Answer{}, fmt.Errorf("authorize: read a pushed request: %w", err)
	}
	return p.reply(ctx, asked, who, agreed, q)
}

// reply is the answer to a request. name is what the browser brought of a pushed one; else
// nil.
func (p *Provider) reply(ctx context.Context, q url.Values, who Who, agreed *bool, name url.Values) (a Answer, err error) {
	hinted, hintErr := p.hinted(ctx, q.Get("id_token_hint"))
	now, run := p.now(), p.Store.Update
	var refusal error
	if who.Person != "" && p.May != nil {
		if refusal = p.May(ctx, q.Get("client_id"), who.Person); refusal != nil && !errs.Is(refusal, errs.Forbidden) {
			return Answer{}, fmt.Errorf("authorize: %w", refusal)
		}
	}
	if who.Person == "" && name == nil { // nothing is given to nobody, so nothing is written
		run = p.Store.View
	}
	err = run(ctx, func(tx Tx) error {
		var in Pushed
		if name != nil {
			if err := tx.Lock(lockPushed(name)); err != nil {
				return err
			}
			if in, err = named(tx, name, now); err != nil {
				return err
			}
		}
		r, err := p.read(tx, q)
		if err == nil {
			err = hintErr
		}
		if err == nil && r.client.Pushes && name == nil {
			err = fault(codeInvalidRequest, "the client has to push its requests")
		}
		if err == nil && refusal != nil {
			err = fault(codeAccessDenied, "the person may not use this client")
		}
		if err == nil {
			a, err = p.settle(tx, q, r, who, hinted, agreed, now)
		}
		if err != nil && !IsOurs(err) {
			a, err = p.back(r, "error", faultOf(err).Code, "error_description", faultOf(err).Says), nil
		}
		if err == nil && name != nil {
			err = goOn(tx, in, name, &a)
		}
		return err
	})
	if err != nil {
		return Answer{}, fmt.Errorf("authorize: %w", err)
	}
	return a, nil
}

// Target returns where the answer to a request goes, if the address is registered: a page
// on the way there has to tell the browser. It returns "" for every other.
func (p *Provider) Target(ctx context.Context, q url.Values) (string, error) {
	var c Client
	err := p.Store.View(ctx, func(tx Tx) (err error) {
		if wasPushed(q) {
			in, _, err := absent(tx.Pushed(identity.DigestOf(q.Get("request_uri"))))
			if err != nil {
				return err
			}
			if q, err = url.ParseQuery(in.Request); err != nil {
				return err
			}
		}
		c, _, err = absent(tx.Client(q.Get("client_id")))
		return err
	})
	if err != nil || !c.redirects(q.Get("redirect_uri")) {
		return "", err
	}
	return q.Get("redirect_uri"), nil
}

// hinted returns the subject that an ID token of ours is about, ended or not; empty
// where there is no hint.
func (p *Provider) hinted(ctx context.Context, hint string) (string, error) {
	if hint == "" {
		return "", nil
	}
	c, err := p.readIDToken(ctx, hint)
	if err != nil {
		return "", err
	}
	return c.Subject, nil
}

// settle decides what is to be done, and does it where nobody has to be asked.
func (p *Provider) settle(tx Tx, q url.Values, r request, who Who, hinted string, agreed *bool, now time.Time) (Answer, error) {
	fresh, err := p.proven(tx, r, who, hinted, now)
	if err != nil {
		return Answer{}, err
	}
	if !fresh {
		if r.asks("none") {
			return Answer{}, fault(codeLoginRequired, "the person has to sign in")
		}
		return Answer{SignIn: &SignIn{Next: again(q, now), Hint: q.Get("login_hint"), Again: who.Person != ""}}, nil
	}
	if agreed != nil && !*agreed {
		return Answer{}, fault(codeAccessDenied, "the person did not agree")
	}
	ask, err := p.asks(tx, r, who)
	if err != nil {
		return Answer{}, err
	}
	if ask && agreed == nil {
		if r.asks("none") {
			return Answer{}, fault(codeConsentRequired, "the person has to agree")
		}
		to, _ := url.Parse(r.redirect) // it was registered
		return Answer{Consent: &Consult{Client: r.client.Name, Scopes: r.shown().List(), Host: to.Host, Address: r.redirect}}, nil
	}
	if ask {
		if err := agree(tx, r, who, now); err != nil {
			return Answer{}, err
		}
	}
	code, err := p.give(tx, r, who, now)
	if err != nil {
		return Answer{}, err
	}
	return p.back(r, "code", code), nil
}

// proven reports whether the person at the browser has proven who they are, lately
// enough, and is the one whom the client means.
func (p *Provider) proven(tx Tx, r request, who Who, hinted string, now time.Time) (bool, error) {
	if who.Person == "" || r.asks("login") || r.asks("select_account") {
		return false, nil
	}
	if who.Auth.Before(r.after) || r.maxAge >= 0 && now.Sub(who.Auth) > time.Duration(r.maxAge)*time.Second {
		return false, nil
	}
	if hinted == "" {
		return true, nil
	}
	sub, err := subject(tx, r.client, who.Person, id.Token())
	return sub == hinted, err
}

// asks reports whether the person has to agree to what the client wants: each time where another
// program could be asking in its name.
func (p *Provider) asks(tx Tx, r request, who Who) (bool, error) {
	if r.asks("consent") || r.client.pretended(r.redirect) {
		return true, nil
	}
	if r.client.Trusted {
		return false, nil
	}
	c, _, err := absent(tx.Consent(who.Person, r.client.ID))
	return !r.shown().Within(c.Scope), err
}

func agree(tx Tx, r request, who Who, now time.Time) error {
	c, _, err := absent(tx.Consent(who.Person, r.client.ID))
	if err != nil {
		return err
	}
	return tx.SaveConsent(Consent{Person: who.Person, Client: r.client.ID, Scope: c.Scope.And(r.shown()), At: now})
}

// give writes a grant and returns a code for it, which works once and for a minute.
func (p *Provider) give(tx Tx, r request, who Who, now time.Time) (string, error) {
	g := Grant{
		ID: id.New(now), Client: r.client.ID, Person: who.Person, Session: who.Session, Scope: r.scope, Claims: r.claims,
		Methods: strings.Join(who.Methods, " "), Level: who.Level, Auth: who.Auth, Made: now, Expires: now.Add(p.Limits.Code),
		Means: who.Means, Provider: who.Provider,
	}
	if err := who.holds(tx, now); err != nil { // what is given for when they are away, too
		return "", err
	}
	if _, err := standing(tx, g, now); err != nil {
		return "", err
	}
	if err := tx.AddGrant(g); err != nil {
		return "", err
	}
	code := id.Token()
	return code, tx.SaveCode(Code{
		Digest: identity.DigestOf(code), Grant: g.ID, Redirect: r.redirect, Challenge: r.challenge, Nonce: r.nonce, Key: r.key, Expires: g.Expires,
	})
}

// back returns what answers a request, with our name in it (RFC 9207): in the address, or in
// a form where the client wants one (OAuth 2.0 Form Post Response Mode, section 2).
func (p *Provider) back(r request, pairs ...string) Answer {
	if r.state != "" {
		pairs = append(pairs, "state", r.state)
	}
	pairs = append(pairs, "iss", p.Issuer)
	if r.form {
		return Answer{Redirect: r.redirect, Form: pairsOf(pairs)}
	}
	return Answer{Redirect: withQuery(r.redirect, pairs...)}
}

// pairsOf returns name, value pairs as parameters.
func pairsOf(pairs []string) url.Values {
	v := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		v.Set(pair[0], pair[1])
	}
	return v
}

// withQuery returns an address with more parameters, as name, value pairs.
func withQuery(address string, pairs ...string) string {
	v := pairsOf(pairs)
	if len(v) == 0 {
		return address
	}
	glue := "?"
	if strings.Contains(address, "?") {
		glue = "&"
	}
	return address + glue + v.Encode()
}
