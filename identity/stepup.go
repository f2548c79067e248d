// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"verlof/errs"
	"verlof/people"
)

// errStale is the cause of a refusal that a fresh proof lifts.
var errStale = errors.New("the last proof of who it is lies too far back")

// Stale reports whether an act was refused only because the person did not prove
// lately who they are: StepUp opens it.
func Stale(err error) bool { return errors.Is(err, errStale) }

// NeedProof returns an error that is Stale unless the holder of a session proved within
// Limits.Fresh who they are, with all that they have by now to prove it with, and with as much as
// is demanded of them. It is the rule for every dangerous act: changing password or second
// factors, the roles of people, what the customer demands at sign-in, and how programs come in.
// Acts of this package keep it by themselves. (ASVS 5.0, 7.5.1 and 7.5.3.) by may also be what the
// token of a program tells of when and by what means its person proved who they are.
func (s *Service) NeedProof(ctx context.Context, by Session) error {
	return s.Store.View(ctx, func(tx Tx) error { return s.NeedProofIn(tx, by) })
}

// NeedProofIn is NeedProof in a transaction of somebody who has one.
func (s *Service) NeedProofIn(tx Tx, by Session) error {
	if by.Proven.IsZero() || !s.now().Before(by.Proven.Add(s.Limits.Fresh)) {
		return errs.New(errs.Forbidden, "identity.error.stale").Because(errStale)
	}
	who, err := tx.Person(by.Person)
	if err != nil {
		return err
	}
	level, err := Demanded(tx, who)
	if err != nil {
		return err
	}
	factors, err := tx.Factors(by.Person)
	if err != nil {
		return err
	}
	if by.Means.Level() < max(level, min(reach(factors), TwoFactors)) {
		return errs.New(errs.Forbidden, "identity.error.stale").Because(errStale)
	}
	return nil
}

// fresh returns a person's session, if it is open and its proof is fresh and of all that they have
// to prove themselves with by now: a session from before they set up a second factor takes none away.
func (s *Service) fresh(tx Tx, d Digest, person people.ID, now time.Time) (Session, error) {
	ses, err := live(tx, d, now)
	if err != nil {
		return Session{}, err
	}
	if ses.Person != person {
		return Session{}, signedOut()
	}
	return ses, s.NeedProofIn(tx, ses)
}

// Proof is what somebody who is signed in shows once more.
type Proof struct {
	Password string
	Code     string // of the app, or a recovery code; for those who have a second factor
	Visitor
}

// StepUp takes a proof that the holder of a session is still who they are, and
// renews the session, for which the dangerous acts are then open a while. It reports
// Invalid, at "password" or "code", for what is wrong or missing, and for somebody of whom
// a passkey is demanded, for whom StepUpWithPasskey is, or two factors, of which they have one here:
// their provider asks them for both. It reports TooMany after too many
// wrong ones.
func (s *Service) StepUp(ctx context.Context, p Proof) (Entry, error) {
	now := s.now()
	var ses Session
	var both bool
	var gates []gate
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		if ses, err = live(tx, DigestOf(p.Session), now); err != nil {
			return err
		}
		factors, err := tx.Factors(ses.Person)
		if err != nil {
			return err
		}
		both = slices.ContainsFunc(factors, confirmed)
		if err := typedSuffices(tx, ses.Person, both); err != nil {
			return err
		}
		gates = []gate{confirmGate(ses.Person)}
		if both {
			g, err := secondGate(tx, ses.Person, p.Visitor, now)
			if err != nil {
				return err
			}
			gates = append(gates, g)
		}
		return admit(tx, gates, now)
	})
	if err != nil {
		return Entry{}, fmt.Errorf("step up: %w", err)
	}
	e, err := s.stepUp(ctx, p, ses, both, gates)
	if err != nil {
		return Entry{}, fmt.Errorf("step up %s: %w", ses.Person, err)
	}
	return e, nil
}

// typedSuffices reports Invalid where more is demanded of a person than they can type: at "code"
// for a passkey, and at "password" for a second factor that only a provider asks them for, unless
// they have both here.
func typedSuffices(tx Tx, person people.ID, both bool) error {
	who, err := tx.Person(person)
	if err != nil {
		return err
	}
	level, err := Demanded(tx, who)
	switch {
	case err != nil:
		return err
	case level == WithKey:
		return errs.New(errs.Invalid, "identity.error.passkey_needed").At("code")
	case level == TwoFactors && !both:
		return errs.New(errs.Invalid, "identity.error.provider_needed").At("password")
	}
	return nil
}

func (s *Service) stepUp(ctx context.Context, p Proof, ses Session, both bool, gates []gate) (e Entry, err error) {
	now := s.now()
	before, err := s.checkCurrent(ctx, ses.Person, p.Password, "password", gates, now)
	if err != nil {
		return Entry{}, err
	}
	var c code
	if both {
		if c, err = s.readCode(ctx, ses.Person, p.Code); err != nil {
			return Entry{}, err
		}
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := lock(tx, gates, lockOf(ses.Person)); err != nil {
			return err
		}
		now := s.now()
		if ses, err = live(tx, ses.Digest, now); err != nil {
			return err
		}
		a, err := tx.Account(ses.Person)
		if err != nil {
			return err
		}
		if a.Password != before.Password {
			return signedOut()
		}
		means := ByPassword
		if both {
			if means, err = s.spend(tx, ses.Person, c, now); err != nil {
				return err
			}
		}
		if err := pardon(tx, gates, now); err != nil {
			return err
		}
		e, err = s.renew(tx, ses, means, p.Visitor, now)
		return err
	})
	return e, err
}

// renew gives a session that was proved once more another token. When it ends at the
// latest, and its ID, stay as they were.
func (s *Service) renew(tx Tx, ses Session, m Means, v Visitor, now time.Time) (Entry, error) {
	devices, err := tx.Devices(ses.Person)
	if err != nil {
		return Entry{}, err
	}
	if err := tx.DeleteSession(ses.Digest); err != nil {
		return Entry{}, err
	}
	g := proven(m, now)
	g.session, g.provider = ses.ID, ses.Provider
	if ses.Stage == SignedIn {
		g.created = ses.Created
	}
	return s.open(tx, ses.Person, known(devices, v, now), v, g, now)
}
