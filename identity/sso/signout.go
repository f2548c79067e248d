// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"context"
	"fmt"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/relying"
	"verlof/people"
)

// remember keeps what goes with a session at its provider, for one to end the other.
func (s *Service) remember(tx Tx, p *Provider, c relying.Claims, e identity.Entry) error {
	if p.Kind == SAML || p.Bureau {
		return nil
	}
	theirs, _ := c.All["sid"].(string)
	return tx.SaveSSOSession(SessionThere{Session: e.Session.ID, Provider: p.ID, Subject: c.Subject, Theirs: theirs, Hint: c.Token,
		Expires: s.now().Add(s.Identity.Limits.Absolute)})
}

// Away is where somebody who signs out here signs out too.
type Away struct {
	Name string // of the provider
	URL  string
}

// Told is where a provider tells of the end of a session (back-channel logout).
func (s *Service) Told(provider string) string { return s.Site + "/sso/" + provider + "/logout" }

// SignedOut is where providers send people back to who signed out there.
func (s *Service) SignedOut() string { return s.Site + "/sign-in" }

// Leave returns where somebody who ends a session signs out too (OpenID Connect
// RP-Initiated Logout 1.0), before it is ended. ok is false where nobody wants that, or the
// provider does not offer it.
func (s *Service) Leave(ctx context.Context, session string) (to Away, ok bool, err error) {
	var p Provider
	var there SessionThere
	err = s.Store.View(ctx, func(tx Tx) (err error) {
		if there, err = tx.SSOSession(session); err == nil {
			p, err = tx.SSOProvider(there.Provider)
		}
		return err
	})
	switch {
	case errs.Is(err, errs.NotFound), err == nil && !(p.On && p.SignOut):
		return Away{}, false, nil
	case err == nil:
		to.Name = p.Name
		to.URL, err = s.Party.Leave(ctx, p.relying(), there.Hint, s.SignedOut())
	}
	if err != nil {
		return Away{}, false, fmt.Errorf("sign out at provider %s: %w", there.Provider, err)
	}
	return to, to.URL != "", nil
}

// Ended ends the sessions that a provider says have ended there (OpenID Connect
// Back-Channel Logout 1.0, section 2.6). Each token counts once. It reports NotFound for a
// provider that is not on and Unauthenticated for a token that is not good.
func (s *Service) Ended(ctx context.Context, provider, token string) error {
	var p Provider
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		if p, err = usable(tx, provider, SignIn); err == nil && (p.Kind == SAML || p.Bureau) {
			err = errs.New(errs.NotFound, "sso.error.provider")
		}
		return err
	})
	if err == nil {
		var over relying.Ended
		if over, err = s.Party.Ended(ctx, p.relying(), token); err == nil {
			err = s.Store.Update(ctx, func(tx Tx) error { return s.end(tx, p, over) })
		}
	}
	if errs.Is(err, errs.Conflict) {
		err = errs.New(errs.Unauthenticated, "sso.error.answer").Because(err)
	}
	if err != nil {
		return fmt.Errorf("sign-out that provider %s tells of: %w", provider, err)
	}
	return nil
}

func (s *Service) end(tx Tx, p Provider, over relying.Ended) error {
	if err := tx.Lock(lockProviders + " " + p.ID + " " + over.ID); err != nil {
		return err
	}
	if err := tx.TakeSSOAnswer(p.ID, identity.DigestOf(over.ID), over.Until); err != nil {
		return err
	}
	list, err := tx.SSOSessions(p.ID, over.Subject, over.Session)
	if err != nil {
		return err
	}
	for _, there := range list {
		link, err := tx.SSOLink(p.ID, there.Subject)
		if errs.Is(err, errs.NotFound) {
			continue // unlinked, and the session ended with that
		}
		if err == nil {
			err = endOne(tx, link.Person, there.Session)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func endOne(tx Tx, person people.ID, session string) error {
	if err := tx.Lock(identity.LockOf(person)); err != nil {
		return err
	}
	return identity.EndSessions(tx, person, func(ses identity.Session) bool { return ses.ID == session })
}
