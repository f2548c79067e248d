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

// Kind is what sort of second factor there is.
type Kind string

// The kinds of second factors that are set up one by one.
const (
	App     Kind = "app"     // an authenticator app
	Passkey Kind = "passkey" // also signs in alone
)

// Factor is a second factor of a person.
type Factor struct {
	ID         string
	Person     people.ID
	Kind       Kind
	Name       string // what the person calls a passkey
	Credential string // how a passkey names itself; empty for an app
	Secret     string // of an app, or what a passkey is checked against; the store seals it
	Counter    int64  // the step of the code, or the signature, that was taken last
	Confirmed  bool   // false: an app whose first code has not been seen
	Added      time.Time
	Used       time.Time // zero: not yet
}

// Holding is how many factors of a kind a person has confirmed.
type Holding struct {
	Person people.ID
	Kind   Kind
	Count  int
}

// Security is how a person's sign-in is protected. Secrets are left out.
type Security struct {
	App      *Factor  // nil: none
	Passkeys []Factor // oldest first
	Codes    int      // recovery codes that are left
	Made     time.Time
	Trusted  []Device // browsers that stand for the second factor, last used first
	Demanded Level    // what the customer demands of the person
	Password bool     // there is one
	Short    bool     // the password may not stand alone
	Least    int      // characters of a password
	Records  []Record // newest first
}

// Protected reports whether there is a second factor.
func (s Security) Protected() bool { return s.App != nil || len(s.Passkeys) > 0 }

// history is how many lines of it Security tells.
const history = 10

// Security returns how a person's sign-in is protected.
func (s *Service) Security(ctx context.Context, person people.ID) (Security, error) {
	now := s.now()
	var sec Security
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		sec, err = security(tx, person, now)
		return err
	})
	if err != nil {
		return Security{}, fmt.Errorf("sign-in of %s: %w", person, err)
	}
	return sec, nil
}

func security(tx Tx, person people.ID, now time.Time) (sec Security, err error) {
	factors, err := tx.Factors(person)
	if err != nil {
		return Security{}, err
	}
	for _, f := range factors {
		f.Secret = ""
		switch {
		case f.Kind == Passkey:
			sec.Passkeys = append(sec.Passkeys, f)
		case f.Confirmed:
			sec.App = &f
		}
	}
	r, err := tx.Recovery(person)
	if err != nil {
		return Security{}, err
	}
	sec.Codes, sec.Made = len(r.Codes), r.Made
	devices, err := tx.Devices(person)
	if err != nil {
		return Security{}, err
	}
	for _, d := range devices {
		if sec.Protected() && now.Before(d.Trusted) && now.Before(d.Expires) {
			sec.Trusted = append(sec.Trusted, d)
		}
	}
	p, a, err := holder(tx, person)
	if err != nil {
		return Security{}, err
	}
	sec.Short, sec.Password = a.Short, a.Password != ""
	if sec.Demanded, err = Demanded(tx, p); err != nil {
		return Security{}, err
	}
	if sec.Least, err = least(tx, p); err != nil {
		return Security{}, err
	}
	sec.Records, err = tx.SignInRecords(person, history)
	return sec, err
}

// freshFactors returns the second factors of the holder of a session, which stay as they
// are until tx ends. It asks for a fresh proof (Stale).
func (s *Service) freshFactors(tx Tx, by Session, now time.Time) ([]Factor, error) {
	if err := tx.Lock(lockOf(by.Person)); err != nil {
		return nil, err
	}
	if _, err := s.fresh(tx, by.Digest, by.Person, now); err != nil {
		return nil, err
	}
	return tx.Factors(by.Person)
}

// Remove takes a second factor from the holder of a session. With the last one go
// recovery codes and trusted browsers. It asks for a fresh proof (Stale). It reports
// NotFound where the person has no such factor, and Conflict for the last one, or the last
// passkey, where the customer demands one, and where the password is too short to stand alone.
func (s *Service) Remove(ctx context.Context, by Session, factor string) error {
	now := s.now()
	err := s.Store.Update(ctx, func(tx Tx) error {
		factors, err := s.freshFactors(tx, by, now)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(factors, func(f Factor) bool { return f.ID == factor && f.Confirmed })
		if at < 0 {
			return noFactor()
		}
		f := factors[at]
		if err := spare(tx, by.Person, f, slices.Delete(factors, at, at+1)); err != nil {
			return err
		}
		if err := tx.DeleteFactor(f.ID); err != nil {
			return err
		}
		what := RecordAppRemoved
		if f.Kind == Passkey {
			what = RecordPasskeyRemoved
		}
		if err := AddRecord(tx, by.Person, what, f.Name, by.Person, now); err != nil {
			return err
		}
		return enqueue(tx, KindFactorRemoved, by.Person, now)
	})
	if err != nil {
		return fmt.Errorf("remove a second factor of %s: %w", by.Person, err)
	}
	return nil
}

func noFactor() error { return errs.New(errs.NotFound, "identity.error.factor") }

// spare reports Conflict where a person must keep a factor because of what the rest is worth.
// Without any left, it removes what rests on having one.
func spare(tx Tx, person people.ID, f Factor, rest []Factor) error {
	p, a, err := holder(tx, person)
	if err != nil {
		return err
	}
	must, err := Demanded(tx, p)
	left := reach(rest)
	switch {
	case err != nil:
		return err
	case must == WithKey && left < WithKey && f.Kind == Passkey:
		return errs.New(errs.Conflict, "identity.error.last_passkey")
	case left > OneFactor:
		return nil
	case must > OneFactor:
		return errs.New(errs.Conflict, "identity.error.last_factor")
	case a.Short:
		return errs.New(errs.Conflict, "identity.error.short_alone", "min", MinPassword)
	}
	if err := tx.DeleteRecovery(person); err != nil {
		return err
	}
	return distrust(tx, person, func(Device) bool { return true })
}

// distrust has those of a person's browsers that which chooses ask for the second
// factor again.
func distrust(tx Tx, person people.ID, which func(Device) bool) error {
	devices, err := tx.Devices(person)
	if err != nil {
		return err
	}
	for _, d := range devices {
		if d.Trusted.IsZero() || !which(d) {
			continue
		}
		d.Trusted = time.Time{}
		if err := tx.SaveDevice(d); err != nil {
			return err
		}
	}
	return nil
}

// Distrust has a browser of a person ask for the second factor again. It reports
// NotFound for one that is none of theirs.
func (s *Service) Distrust(ctx context.Context, person people.ID, device Digest) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockOf(person)); err != nil {
			return err
		}
		devices, err := tx.Devices(person)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(devices, func(d Device) bool { return d.Digest == device }) {
			return errs.New(errs.NotFound, "")
		}
		return distrust(tx, person, func(d Device) bool { return d.Digest == device })
	})
	if err != nil {
		return fmt.Errorf("distrust a browser of %s: %w", person, err)
	}
	return nil
}

// ResetFactors takes all second factors from somebody who lost them, ends their access tokens, and
// signs them out everywhere; the record tells by whom, and a mail tells the person. It reports
// Forbidden for those who are neither system managers nor administrators, asks them
// for a fresh proof (Stale), and reports Conflict for one's own and for somebody
// who has none.
func (s *Service) ResetFactors(ctx context.Context, by Session, person people.ID) error {
	now := s.now()
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockOf(person)); err != nil {
			return err
		}
		if _, err := s.manager(tx, by, now); err != nil {
			return err
		}
		if by.Person == person {
			return errs.New(errs.Conflict, "identity.error.reset_own")
		}
		return resetFactors(tx, person, by.Person, now)
	})
	if err != nil {
		return fmt.Errorf("reset the second factors of %s: %w", person, err)
	}
	return nil
}

// ResetFactorsFor is ResetFactors for an operator.
func (s *Service) ResetFactorsFor(ctx context.Context, person people.ID) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockOf(person)); err != nil {
			return err
		}
		return resetFactors(tx, person, "", s.now())
	})
	if err != nil {
		return fmt.Errorf("reset the second factors of %s: %w", person, err)
	}
	return nil
}

func resetFactors(tx Tx, person, by people.ID, now time.Time) error {
	if _, err := tx.Person(person); err != nil {
		return err
	}
	factors, err := tx.Factors(person)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(factors, confirmed) {
		return errs.New(errs.Conflict, "identity.error.no_factors")
	}
	for _, f := range factors {
		if err := tx.DeleteFactor(f.ID); err != nil {
			return err
		}
	}
	if err := tx.DeleteRecovery(person); err != nil {
		return err
	}
	if err := cutOff(tx, person); err != nil {
		return err
	}
	if _, err := endTokens(tx, person, by, now); err != nil {
		return err
	}
	if err := AddRecord(tx, person, RecordReset, "", by, now); err != nil {
		return err
	}
	return enqueue(tx, KindFactorsReset, person, now)
}
