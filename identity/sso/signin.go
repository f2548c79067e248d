// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"context"
	"errors"
	"fmt"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
	"verlof/internal/relying"
	"verlof/internal/saml"
	"verlof/people"
)

// flowLife is how long a provider may take to answer.
const flowLife = 10 * time.Minute

// Start is what somebody wants of a provider.
type Start struct {
	Provider string
	Purpose  Purpose
	Person   people.ID // who asks, for Again and Try
	Next     string    // where they go afterwards
	Hint     string    // mail address that they typed; empty: none
}

// Begun is a question on its way.
type Begun struct {
	URL   string // where the browser goes
	Token string // what it holds until the answer comes: see identity.Service.KeepFlow
}

// Begin asks a provider who somebody is. It reports NotFound for a provider that is not
// on, which those who keep sign-in may try all the same, and Unavailable where the
// provider cannot be reached.
func (s *Service) Begin(ctx context.Context, want Start) (Begun, error) {
	var p Provider
	var here saml.Here
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		if want.Purpose == Try {
			if _, err := people.SignInKeeper(tx, want.Person); err != nil {
				return err
			}
		}
		if p, err = usable(tx, want.Provider, want.Purpose); err == nil && !p.ready() {
			err = errs.New(errs.Conflict, "sso.error.not_ready")
		}
		if err == nil && p.Kind == SAML {
			here, err = s.here(tx, p.ID)
		}
		return err
	})
	if err != nil {
		return Begun{}, fmt.Errorf("ask provider %s: %w", want.Provider, err)
	}
	state, browser := id.Token(), id.Token()
	b := Begun{Token: browser}
	flow := Flow{Digest: identity.DigestOf(state), Browser: identity.DigestOf(browser), Provider: p.ID,
		Purpose: want.Purpose, Person: want.Person, Next: want.Next, Expires: s.now().Add(flowLife)}
	if p.Kind == SAML {
		flow.Request = requestID()
		b.URL, err = s.askSAML(p, here, flow, state)
	} else {
		ask := s.ask(p, want.Purpose, browser, state)
		ask.Hint = want.Hint
		b.URL, err = s.Party.Begin(ctx, p.relying(), ask)
	}
	if err == nil {
		err = s.Store.Update(ctx, func(tx Tx) error { return tx.InsertSSOFlow(flow) })
	}
	if err != nil {
		return Begun{}, fmt.Errorf("ask provider %s: %w", want.Provider, err)
	}
	return b, nil
}

// usable returns a provider that may be asked for a purpose.
func usable(tx Tx, provider string, why Purpose) (Provider, error) {
	p, err := find(tx, provider)
	if err == nil && !p.On && why != Try {
		err = errs.New(errs.NotFound, "sso.error.provider")
	}
	return p, err
}

func (s *Service) ask(p Provider, why Purpose, browser, state string) relying.Ask {
	return relying.Ask{Secret: browser, State: state, Redirect: s.Return(p.ID), Again: why.proves()}
}

// Answer is what came back from a provider with the browser.
type Answer struct {
	Provider string
	State    string
	Code     string
	Issuer   string    // RFC 9207; empty: not said
	Failure  string    // error (RFC 6749, section 4.1.2.1); empty: none
	Token    string    // what the browser holds
	Person   people.ID // who is signed in; empty: nobody
	Visitor  identity.Visitor
}

// Outcome is what an answer leads to.
type Outcome struct {
	Entry identity.Entry // zero where a provider was tried out
	Next  string
	Tried bool   // a provider was tried out: whoever did may know what is wrong
	Trial *Trial // what would happen; nil: it has happened
}

// Finish takes a provider's answer and signs the person in, as far as the answer and the
// customer's policy let them: see identity.Session.Stage. Each question is answered once,
// in the browser that asked it. It reports Unauthenticated for an answer that is not good,
// Forbidden for somebody who is nobody here or may not sign in, and Unavailable where the
// provider cannot be reached.
func (s *Service) Finish(ctx context.Context, a Answer) (Outcome, error) {
	flow, p, err := s.take(ctx, a)
	if err != nil {
		return Outcome{}, fmt.Errorf("answer of provider %s: %w", a.Provider, err)
	}
	out := Outcome{Next: flow.Next, Tried: flow.Purpose == Try}
	c, err := s.said(ctx, p, flow, a)
	if err != nil {
		return out, fmt.Errorf("answer of provider %s: %w", a.Provider, err)
	}
	if flow.Purpose == Try {
		out.Trial, err = s.try(ctx, p, c)
	} else {
		err = s.Store.Update(ctx, func(tx Tx) (err error) {
			out.Entry, err = s.admit(tx, flow, c, a.Visitor)
			return err
		})
	}
	if err != nil {
		return out, fmt.Errorf("answer of provider %s: %w", a.Provider, err)
	}
	return out, nil
}

// said returns what a provider says of the person.
func (s *Service) said(ctx context.Context, p Provider, flow Flow, a Answer) (relying.Claims, error) {
	switch {
	case p.Kind == SAML:
		return claimsOf(flow)
	case a.Failure != "" || a.Code == "":
		return relying.Claims{}, failed(a.Failure)
	}
	return s.Party.Finish(ctx, p.relying(), s.ask(p, flow.Purpose, a.Token, a.State), relying.Answer{Code: a.Code, Issuer: a.Issuer})
}

// failed says what it means that a provider did not let somebody through.
func failed(code string) error {
	if code == "access_denied" {
		return errs.New(errs.Unauthenticated, "sso.error.denied")
	}
	return errs.New(errs.Unauthenticated, "sso.error.answer").Because(fmt.Errorf("the provider says %.40q", code))
}

// take takes the question that an answer belongs to, so that no other answer fits it.
func (s *Service) take(ctx context.Context, a Answer) (f Flow, p Provider, err error) {
	good := false
	err = s.Store.Update(ctx, func(tx Tx) error {
		good = false
		if f, err = tx.SSOFlow(identity.DigestOf(a.State)); errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.DeleteSSOFlow(f.Digest); err != nil {
			return err
		}
		good = f.Browser == identity.DigestOf(a.Token) && f.Provider == a.Provider && s.now().Before(f.Expires) &&
			(!f.Purpose.of() || f.Person == a.Person)
		p, err = usable(tx, f.Provider, f.Purpose)
		return err
	})
	if err == nil && !good {
		err = errs.New(errs.Unauthenticated, "sso.error.late").Because(errors.New("no such question was asked in this browser"))
	}
	return f, p, err
}

// admit signs somebody in whom a provider vouches for.
func (s *Service) admit(tx Tx, flow Flow, c relying.Claims, v identity.Visitor) (identity.Entry, error) {
	p, err := usable(tx, flow.Provider, flow.Purpose)
	if err != nil {
		return identity.Entry{}, err
	}
	who, err := resolve(tx, &p, c, s.now())
	if err != nil {
		return identity.Entry{}, err
	}
	if err := tx.Lock(lockProviders+" "+p.ID+" "+c.Subject, identity.LockOf(who.person.ID)); err != nil {
		return identity.Entry{}, err
	}
	want, err := wanted(tx, &p, c)
	if err != nil {
		return identity.Entry{}, err
	}
	if who.news() || !want.met(who.link) {
		if err := tx.LockOrganisation(); err != nil {
			return identity.Entry{}, err
		}
	}
	if who, err = resolve(tx, &p, c, s.now()); err != nil { // nobody else changes it any more
		return identity.Entry{}, err
	}
	if flow.Purpose == Again && who.person.ID != flow.Person {
		return identity.Entry{}, errs.New(errs.Unauthenticated, "sso.error.somebody_else")
	}
	if err := s.link(tx, &p, &who, want); err != nil {
		return identity.Entry{}, err
	}
	person, err := tx.Person(who.person.ID)
	if err != nil {
		return identity.Entry{}, err
	}
	e, err := s.Identity.Admit(tx, person, identity.Vouched{Provider: p.ID, Both: p.strong(c), Key: p.key(c), Proven: c.Auth}, v)
	if err == nil && p.Bureau {
		err = s.visit(tx, &p, e)
	}
	if err == nil {
		err = s.remember(tx, &p, c, e)
	}
	return e, err
}
