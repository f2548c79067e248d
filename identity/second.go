// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"verlof/errs"
	"verlof/people"
)

// Waiting is a sign-in that has a step to go.
type Waiting struct {
	Session  Session // of stage SecondStep or Enrolment
	Person   people.Person
	App      bool // a code of an app would do
	Passkeys bool // so would a passkey
	Codes    bool // so would a recovery code
	Short    bool // enrolment: the password alone is too short, whatever is demanded
	Key      bool // a passkey is demanded: no app will do, and a recovery code leads to making one
	Remember int  // days for which the browser may be trusted; 0: it may not
}

// Waiting returns the sign-in of a browser that has a step to go. It reports
// Unauthenticated where there is none, or no longer.
func (s *Service) Waiting(ctx context.Context, v Visitor) (w Waiting, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		w, err = waiting(tx, v, s.now())
		return err
	})
	if err != nil {
		return Waiting{}, fmt.Errorf("sign-in that waits: %w", err)
	}
	return w, nil
}

func waiting(tx Tx, v Visitor, now time.Time) (w Waiting, err error) {
	if w.Session, w.Person, err = reached(tx, DigestOf(v.Session), now); err != nil {
		return Waiting{}, err
	}
	a, err := absent(tx.Account(w.Person.ID))
	if err != nil {
		return Waiting{}, err
	}
	if w.Session.Stage == SignedIn || a.State != Open {
		return Waiting{}, signedOut()
	}
	w.Short = a.Short
	factors, err := tx.Factors(w.Person.ID)
	if err != nil {
		return Waiting{}, err
	}
	for _, f := range factors {
		w.App = w.App || f.Confirmed && f.Kind == App
		w.Passkeys = w.Passkeys || f.Kind == Passkey
	}
	r, err := tx.Recovery(w.Person.ID)
	if err != nil {
		return Waiting{}, err
	}
	w.Codes = len(r.Codes) > 0
	policy, err := tx.SignInPolicy()
	if err != nil {
		return Waiting{}, err
	}
	level, err := policy.demands(tx, w.Person)
	if w.Remember = policy.Remember; level == WithKey {
		w.Key, w.Remember = true, 0
		w.App = w.App && !w.Passkeys // as the way to the first passkey only
	}
	return w, err
}

// stepping is waiting for those of whom the second step is awaited.
func stepping(tx Tx, v Visitor, now time.Time) (Waiting, error) {
	w, err := waiting(tx, v, now)
	if err == nil && w.Session.Stage != SecondStep {
		err = signedOut()
	}
	return w, err
}

// Step is the second step of a sign-in.
type Step struct {
	Code     string // of the app, or a recovery code
	Remember bool   // the browser is to be trusted for as long as the policy lets it
	Visitor
}

// Second takes the second step of a sign-in and opens the session; where a passkey is demanded,
// its stage is Enrolment then. It reports
// Unauthenticated where no sign-in waits for it, Invalid at "code" for a code that
// is wrong or was used before, and TooMany after too many wrong ones. A device that
// the person is known by waits for its own mistakes only.
func (s *Service) Second(ctx context.Context, step Step) (Entry, error) {
	now := s.now()
	var w Waiting
	var gates []gate
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		if w, err = stepping(tx, step.Visitor, now); err != nil {
			return err
		}
		g, err := secondGate(tx, w.Person.ID, step.Visitor, now)
		gates = []gate{g}
		if err != nil {
			return err
		}
		return admit(tx, gates, now)
	})
	if err != nil {
		return Entry{}, fmt.Errorf("second step: %w", err)
	}
	e, err := s.second(ctx, step, w.Person.ID, gates)
	if err != nil {
		return Entry{}, fmt.Errorf("second step of %s: %w", w.Person.ID, err)
	}
	return e, nil
}

func (s *Service) second(ctx context.Context, step Step, person people.ID, gates []gate) (e Entry, err error) {
	c, err := s.readCode(ctx, person, step.Code)
	if err != nil {
		return Entry{}, err
	}
	if err := s.Store.Update(ctx, func(tx Tx) error { return s.pay(tx, gates, s.now()) }); err != nil {
		return Entry{}, err
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := lock(tx, gates, lockOf(person)); err != nil {
			return err
		}
		now := s.now()
		w, err := stepping(tx, step.Visitor, now)
		if err != nil {
			return err
		}
		if w.Person.ID != person {
			return signedOut()
		}
		if !w.App && !c.recovery() {
			return wrongCode()
		}
		means, err := s.spend(tx, person, c, now)
		if err != nil {
			return err
		}
		if err := pardon(tx, gates, now); err != nil {
			return err
		}
		e, err = s.letIn(tx, w, means, step.Remember, step.Visitor, now)
		return err
	})
	return e, err
}

// letIn opens the session of a sign-in that waited, or has the person make the passkey that
// is demanded of them and was not shown.
func (s *Service) letIn(tx Tx, w Waiting, m Means, remember bool, v Visitor, now time.Time) (Entry, error) {
	devices, err := tx.Devices(w.Person.ID)
	if err != nil {
		return Entry{}, err
	}
	g := proven(m, now)
	g.provider = w.Session.Provider
	level, err := Demanded(tx, w.Person)
	if err != nil {
		return Entry{}, err
	}
	if m.Level() < level {
		g = grant{stage: Enrolment, means: m, provider: g.provider}
		remember = false
	}
	if remember {
		g.trusted = now.AddDate(0, 0, w.Remember)
	}
	return s.open(tx, w.Person.ID, known(devices, v, now), v, g, now)
}

// secondGate is where somebody who knows the password pays for a wrong code: a
// known device for itself, once the person has signed in on it, all other browsers together:
// else whoever reads their mail had guesses anew with every link to another password.
func secondGate(tx Tx, person people.ID, v Visitor, now time.Time) (gate, error) {
	devices, err := tx.Devices(person)
	if err != nil {
		return gate{}, err
	}
	if d := known(devices, v, now); !d.Used.IsZero() {
		return gate{key: tallyKey("second-device", string(d.Digest)), brake: perPair, sure: true}, nil
	}
	return gate{key: tallyKey("second", string(person)), brake: perPair, sure: true}, nil
}

// confirmed reports whether a factor counts.
func confirmed(f Factor) bool { return f.Confirmed }

func wrongCode() error { return errs.New(errs.Invalid, "identity.error.code").At("code") }

// spend takes a code of a person's app, or one of their recovery codes, which both
// count once. It reports Invalid at "code" for any other.
func (s *Service) spend(tx Tx, person people.ID, c code, now time.Time) (Means, error) {
	if c.recovery() {
		return ByRecovery, s.spendRecovery(tx, person, c, now)
	}
	factors, err := tx.Factors(person)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(factors, func(f Factor) bool { return f.Kind == App && f.Confirmed })
	if at < 0 {
		return "", wrongCode()
	}
	f := factors[at]
	step, ok, err := matchApp(f, c.typed, now)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", wrongCode()
	}
	f.Counter, f.Used = step, now
	return ByApp, tx.SaveFactor(f)
}
