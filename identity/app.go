// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/internal/totp"
	"verlof/people"
)

// matchApp reports at which step a code of an app was made, if it was and counts.
func matchApp(f Factor, typed string, now time.Time) (step int64, ok bool, err error) {
	secret, err := totp.ParseSecret(f.Secret)
	if err != nil {
		return 0, false, fmt.Errorf("factor %s: %w", f.ID, err)
	}
	step, ok = secret.Match(typed, now, f.Counter)
	return step, ok, nil
}

// NewApp is an authenticator app that is being set up.
type NewApp struct {
	secret totp.Secret
}

// Secret returns what is typed into the app where its camera cannot be used.
func (a NewApp) Secret() string { return a.secret.String() }

// URI returns what the app reads from a QR code. site and account are how it lists
// the code.
func (a NewApp) URI(site, account string) string { return a.secret.URI(site, account) }

// StartApp makes the secret of a new authenticator app for a person, in place of
// one that they started on and did not confirm. Their present app goes on until
// ConfirmApp. by is an open session with a fresh proof (Stale), or one at the stage
// of enrolment. It reports Conflict for somebody of whom a passkey is demanded: an app would let
// them in nowhere.
func (s *Service) StartApp(ctx context.Context, by Session) (NewApp, error) {
	now := s.now()
	a := NewApp{totp.NewSecret()}
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockOf(by.Person)); err != nil {
			return err
		}
		if err := s.mayEnrolApp(tx, by, now); err != nil {
			return err
		}
		factors, err := tx.Factors(by.Person)
		if err != nil {
			return err
		}
		for _, f := range factors {
			if f.Confirmed {
				continue
			}
			if err := tx.DeleteFactor(f.ID); err != nil {
				return err
			}
		}
		return tx.SaveFactor(Factor{ID: id.New(now), Person: by.Person, Kind: App, Secret: a.Secret(), Added: now})
	})
	if err != nil {
		return NewApp{}, fmt.Errorf("start an app of %s: %w", by.Person, err)
	}
	return a, nil
}

// StartedApp returns the app that a person is setting up. It reports NotFound where
// there is none, or none that was started within Limits.Enrolment.
func (s *Service) StartedApp(ctx context.Context, by Session) (NewApp, error) {
	now := s.now()
	var a NewApp
	err := s.Store.View(ctx, func(tx Tx) error {
		if _, err := s.mayEnrol(tx, by, now); err != nil {
			return err
		}
		f, err := s.started(tx, by.Person, now)
		if err != nil {
			return err
		}
		a.secret, err = totp.ParseSecret(f.Secret)
		return err
	})
	if err != nil {
		return NewApp{}, fmt.Errorf("app that %s is setting up: %w", by.Person, err)
	}
	return a, nil
}

func (s *Service) started(tx Tx, person people.ID, now time.Time) (Factor, error) {
	factors, err := tx.Factors(person)
	if err != nil {
		return Factor{}, err
	}
	at := slices.IndexFunc(factors, func(f Factor) bool {
		return f.Kind == App && !f.Confirmed && now.Before(f.Added.Add(s.Limits.Enrolment))
	})
	if at < 0 {
		return Factor{}, errs.New(errs.NotFound, "identity.error.not_started")
	}
	return factors[at], nil
}

// mayEnrol returns the session of somebody who may set up a second factor: signed in
// with a fresh proof, or with nothing else to do before they are let in.
func (s *Service) mayEnrol(tx Tx, by Session, now time.Time) (Session, error) {
	ses, p, err := reached(tx, by.Digest, now)
	if err != nil {
		return Session{}, err
	}
	if ses.Stage == Enrolment && p.ID == by.Person {
		return ses, s.first(tx, ses)
	}
	return s.fresh(tx, by.Digest, by.Person, now)
}

// first reports Unauthenticated where somebody set up a factor while a sign-in with a password
// alone waited for the first one: whoever knows the password does not add another.
func (s *Service) first(tx Tx, ses Session) error {
	if ses.Means.Level() > OneFactor {
		return nil
	}
	factors, err := tx.Factors(ses.Person)
	if err == nil && reach(factors) > OneFactor {
		err = signedOut()
	}
	return err
}

// mayEnrolApp is mayEnrol for an app.
func (s *Service) mayEnrolApp(tx Tx, by Session, now time.Time) error {
	ses, err := s.mayEnrol(tx, by, now)
	if err != nil {
		return err
	}
	who, err := tx.Person(ses.Person)
	if err != nil {
		return err
	}
	level, err := Demanded(tx, who)
	if err == nil && level == WithKey {
		err = errs.New(errs.Conflict, "identity.error.app_not_enough")
	}
	return err
}

// Confirmed is what somebody gets who set up a second factor.
type Confirmed struct {
	Entry
	Codes []string // new recovery codes, shown this once; none: the person has some
}

// ConfirmApp has a person's new app count, in place of the one before, once it
// shows the right code. The session gets another name, and is open if it was not.
// A person's first second factor brings recovery codes. It reports NotFound where
// no app was started, Conflict as StartApp, and Invalid at "code" for a wrong one; else as StartApp.
func (s *Service) ConfirmApp(ctx context.Context, by Session, typed string, v Visitor) (Confirmed, error) {
	typed = squeeze(typed)
	return s.enrol(ctx, by, v, ByApp, func(tx Tx, now time.Time) (Factor, error) {
		if err := s.mayEnrolApp(tx, by, now); err != nil {
			return Factor{}, err
		}
		f, err := s.started(tx, by.Person, now)
		if err != nil {
			return Factor{}, err
		}
		step, ok, err := matchApp(f, typed, now)
		if err != nil {
			return Factor{}, err
		}
		if !ok {
			return Factor{}, errs.New(errs.Invalid, "identity.error.first_code").At("code")
		}
		factors, err := tx.Factors(by.Person)
		if err != nil {
			return Factor{}, err
		}
		for _, old := range factors {
			if old.Kind == App && old.ID != f.ID {
				if err := tx.DeleteFactor(old.ID); err != nil {
					return Factor{}, err
				}
			}
		}
		f.Counter = step
		return f, nil
	})
}

// enrol adds a factor that made has checked, with recovery codes where there are
// none left.
func (s *Service) enrol(ctx context.Context, by Session, v Visitor, m Means, made func(Tx, time.Time) (Factor, error)) (Confirmed, error) {
	var left int
	err := s.Store.View(ctx, func(tx Tx) error {
		if _, err := s.mayEnrol(tx, by, s.now()); err != nil {
			return err
		}
		r, err := tx.Recovery(by.Person)
		left = len(r.Codes)
		return err
	})
	var c Confirmed
	var kept []Hash
	if err == nil && left == 0 {
		c.Codes, kept, err = s.makeCodes(ctx)
	}
	if err == nil {
		err = s.Store.Update(ctx, func(tx Tx) (err error) {
			c.Entry, err = s.add(tx, by, v, m, kept, made)
			return err
		})
	}
	if err != nil {
		return Confirmed{}, fmt.Errorf("add a second factor of %s: %w", by.Person, err)
	}
	return c, nil
}

func (s *Service) add(tx Tx, by Session, v Visitor, m Means, codes []Hash, made func(Tx, time.Time) (Factor, error)) (Entry, error) {
	if err := tx.Lock(lockOf(by.Person)); err != nil {
		return Entry{}, err
	}
	now := s.now()
	ses, err := s.mayEnrol(tx, by, now)
	if err != nil {
		return Entry{}, err
	}
	f, err := made(tx, now)
	if err != nil {
		return Entry{}, err
	}
	f.Confirmed, f.Added = true, now
	if err := tx.SaveFactor(f); err != nil {
		return Entry{}, err
	}
	what := RecordAppAdded
	if f.Kind == Passkey {
		what = RecordPasskeyAdded
	}
	if err := AddRecord(tx, by.Person, what, f.Name, by.Person, now); err != nil {
		return Entry{}, err
	}
	if codes != nil {
		if err := saveCodes(tx, by.Person, codes, now); err != nil {
			return Entry{}, err
		}
	}
	if err := enqueue(tx, KindFactorAdded, by.Person, now); err != nil {
		return Entry{}, err
	}
	return s.renew(tx, ses, m, v, now)
}
