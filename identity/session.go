// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"fmt"
	"time"

	"verlof/errs"
	"verlof/people"
)

// Authenticate returns the session that a token opens, and keeps it alive. It
// reports Unauthenticated when there is none, when it has ended or is not open
// yet, when the person may no longer sign in, and when the policy by now demands
// more of them than they showed. It writes at most once in Limits.Touch.
func (s *Service) Authenticate(ctx context.Context, token string) (Session, error) {
	now := s.now()
	var ses Session
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		ses, err = live(tx, DigestOf(token), now)
		return err
	})
	if err != nil {
		return Session{}, fmt.Errorf("authenticate: %w", err)
	}
	if now.Sub(ses.Seen) < s.Limits.Touch {
		return ses, nil
	}
	ses.Seen = now
	ses.Expires = earlier(now.Add(s.Limits.Idle), ses.Created.Add(s.Limits.Absolute))
	err = s.Store.Update(ctx, func(tx Tx) error { return tx.TouchSession(ses.Digest, ses.Seen, ses.Expires) })
	if err != nil && !errs.Is(err, errs.Unavailable) { // a customer that is read-only may still be read
		return Session{}, fmt.Errorf("touch session %s: %w", ses.ID, err)
	}
	return ses, nil
}

// live returns a session that is open and has not ended, of a person who may sign
// in with what they proved.
func live(tx Tx, d Digest, now time.Time) (Session, error) {
	ses, p, err := reached(tx, d, now)
	if err != nil {
		return Session{}, err
	}
	if ses.Stage != SignedIn {
		return Session{}, signedOut()
	}
	if err := Suffices(tx, p, ses.Means, ses.Provider); err != nil {
		return Session{}, err
	}
	return ses, nil
}

// reached returns a session that has not ended, at whatever stage, of a person who
// may sign in.
func reached(tx Tx, d Digest, now time.Time) (Session, people.Person, error) {
	ses, err := absent(tx.Session(d))
	if err != nil {
		return Session{}, people.Person{}, err
	}
	p, err := absent(tx.Person(ses.Person))
	if err != nil {
		return Session{}, people.Person{}, err
	}
	a, err := absent(tx.Account(ses.Person))
	if err != nil {
		return Session{}, people.Person{}, err
	}
	if !now.Before(ses.Expires) || !p.Active || !p.Bureau.Open(now) || a.State == Blocked {
		return Session{}, people.Person{}, signedOut()
	}
	return ses, p, nil
}

func signedOut() error { return errs.New(errs.Unauthenticated, "identity.error.signed_out") }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// SignOut ends the session that a token opens. A token that opens nothing is no
// error: the wish is fulfilled.
func (s *Service) SignOut(ctx context.Context, token string) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		ses, err := absent(tx.Session(DigestOf(token)))
		if err != nil || ses.ID == "" {
			return err
		}
		return endSession(tx, ses)
	})
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// Sessions returns a person's sessions that have not ended, newest first.
func (s *Service) Sessions(ctx context.Context, person people.ID) ([]Session, error) {
	now := s.now()
	var open []Session
	err := s.Store.View(ctx, func(tx Tx) error {
		all, err := tx.Sessions(person)
		open = nil
		for _, ses := range all {
			if now.Before(ses.Expires) && ses.Stage == SignedIn {
				open = append(open, ses)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sessions of %s: %w", person, err)
	}
	return open, nil
}

// Revoke ends one session of a person, named by its ID. It reports NotFound when
// the person has none of that name.
func (s *Service) Revoke(ctx context.Context, person people.ID, session string) error {
	n, err := s.revoke(ctx, person, func(ses Session) bool { return ses.ID == session })
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "identity.error.session")
	}
	if err != nil {
		return fmt.Errorf("revoke a session of %s: %w", person, err)
	}
	return nil
}

// RevokeAll ends all sessions of a person except the one named keep, which may be
// empty; with applications, also what those were given for when the person is away.
func (s *Service) RevokeAll(ctx context.Context, person people.ID, keep string, applications bool) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockOf(person)); err != nil {
			return err
		}
		if _, err := endSessions(tx, person, func(ses Session) bool { return ses.ID != keep }); err != nil || !applications {
			return err
		}
		_, err := tx.GrantsEnded(person, keep)
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke the sessions of %s: %w", person, err)
	}
	return nil
}

func (s *Service) revoke(ctx context.Context, person people.ID, which func(Session) bool) (n int, err error) {
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockOf(person)); err != nil {
			return err
		}
		n, err = endSessions(tx, person, which)
		return err
	})
	return n, err
}

// Shut ends all sessions of a person, and what applications were given in their name, and
// makes the links in their mails worth nothing, in a transaction of somebody who has decided
// that they are to be out at once.
func Shut(tx Tx, person people.ID) error {
	if _, err := endSessions(tx, person, func(Session) bool { return true }); err != nil {
		return err
	}
	if _, err := tx.GrantsEnded(person, ""); err != nil {
		return err
	}
	return tx.DeleteTickets(person)
}

// endSession ends a session for good, with all that hangs on it.
func endSession(tx Tx, ses Session) error {
	if err := tx.DeleteSession(ses.Digest); err != nil {
		return err
	}
	return tx.SessionEnded(ses.ID)
}

// endSessions ends those sessions of a person that which chooses, and returns how
// many.
func endSessions(tx Tx, person people.ID, which func(Session) bool) (n int, err error) {
	all, err := tx.Sessions(person)
	if err != nil {
		return 0, err
	}
	for _, ses := range all {
		if !which(ses) {
			continue
		}
		if err := endSession(tx, ses); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
