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

// replacePassword gives an account a password, opens it, and ends everything
// that rested on the one before: sessions, devices, links, what applications were given.
func replacePassword(tx Tx, a Account, h Hash, now time.Time) error {
	a.Password, a.State, a.ChangedAt = h, Open, now
	if err := tx.SaveAccount(a); err != nil {
		return err
	}
	return cutOff(tx, a.Person)
}

// cutOff is Shut, and forgets the person's devices.
func cutOff(tx Tx, person people.ID) error {
	devices, err := tx.Devices(person)
	if err != nil {
		return err
	}
	for _, d := range devices {
		if err := tx.DeleteDevice(d.Digest); err != nil {
			return err
		}
	}
	return Shut(tx, person)
}

// endTokens ends the access tokens that a person made for scripts, each on record, and returns how
// many opened something until then. Who may have made one is not known where somebody had the
// person's password or factors, so whatever takes these from others takes the tokens too.
func endTokens(tx Tx, person, by people.ID, now time.Time) (n int, err error) {
	names, err := tx.TokensEnded(person, now)
	for _, name := range names {
		if err == nil {
			err = AddRecord(tx, person, RecordTokenEnded, name, by, now)
		}
	}
	return len(names), err
}

// Change is a person's wish for another password.
type Change struct {
	Person  people.ID // who is signed in
	Current string
	New     string
	Tokens  bool // end the access tokens of scripts too
	Visitor
}

// ChangePassword sets a person's password to another that they chose, ends all
// their sessions and opens a new one for this browser. It reports Invalid at
// "current" when the current password is wrong, Invalid at "password" when the new
// one does not suffice, and TooMany after too many wrong ones: a session that was
// left open is no licence to guess. Of those who have a second factor, or of whom one is
// demanded, it asks for a fresh proof first: see Stale.
func (s *Service) ChangePassword(ctx context.Context, c Change) (Entry, error) {
	before, err := s.confirm(ctx, c)
	if err != nil {
		return Entry{}, fmt.Errorf("change the password of %s: %w", c.Person, err)
	}
	hash, err := s.Hasher.Hash(ctx, c.New)
	if err != nil {
		return Entry{}, fmt.Errorf("change the password of %s: %w", c.Person, err)
	}
	var e Entry
	err = s.Store.Update(ctx, func(tx Tx) (err error) {
		gates := []gate{confirmGate(c.Person)}
		if err := lock(tx, gates, lockOf(c.Person)); err != nil {
			return err
		}
		now := s.now()
		p, a, err := holder(tx, c.Person)
		if err != nil {
			return err
		}
		if a.Password != before.Password || !(claim{person: p, account: a}).opens() {
			return signedOut()
		}
		g, err := s.mayChange(tx, c, now)
		if err != nil {
			return err
		}
		if err := pardon(tx, gates, now); err != nil {
			return err
		}
		a.Short = short(c.New)
		if err := replacePassword(tx, a, hash, now); err != nil {
			return err
		}
		if c.Tokens {
			if _, err := endTokens(tx, c.Person, c.Person, now); err != nil {
				return err
			}
		}
		if err := AddRecord(tx, c.Person, RecordPassword, "", c.Person, now); err != nil {
			return err
		}
		if err := enqueue(tx, KindChanged, c.Person, now); err != nil {
			return err
		}
		e, err = s.open(tx, c.Person, Device{}, c.Visitor, g, now)
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("change the password of %s: %w", c.Person, err)
	}
	return e, nil
}

// mayChange reports whether somebody may choose another password, and what the
// session is worth that they get for it.
func (s *Service) mayChange(tx Tx, c Change, now time.Time) (grant, error) {
	factors, err := tx.Factors(c.Person)
	if err != nil {
		return grant{}, err
	}
	level := OneFactor
	if !slices.ContainsFunc(factors, confirmed) {
		p, err := tx.Person(c.Person)
		if err == nil {
			level, err = Demanded(tx, p)
		}
		if err != nil || level == OneFactor {
			return vouchedFor(tx, c, now), err
		}
	}
	ses, err := s.fresh(tx, DigestOf(c.Session), c.Person, now)
	return grant{stage: SignedIn, means: ses.Means, proven: ses.Proven, provider: ses.Provider}, err
}

// vouchedFor is the grant of somebody who has a password and no other factor here, and types it: their
// session goes on where a provider vouched for more than that.
func vouchedFor(tx Tx, c Change, now time.Time) grant {
	g := proven(ByPassword, now)
	ses, err := live(tx, DigestOf(c.Session), now)
	if err != nil || ses.Person != c.Person || ses.Provider == "" {
		return g
	}
	if g.provider = ses.Provider; ses.Means.Level() > OneFactor {
		g.means, g.proven = ses.Means, ses.Proven
	}
	return g
}

// confirmGate is where a signed-in person pays for a wrong current password.
func confirmGate(person people.ID) gate {
	return gate{key: tallyKey("confirm", string(person)), brake: perPair, sure: true}
}

// confirm checks the wish for another password against the account, which it
// returns as it was then.
func (s *Service) confirm(ctx context.Context, c Change) (Account, error) {
	gates := []gate{confirmGate(c.Person)}
	now := s.now()
	var p people.Person
	var n int
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		if p, err = tx.Person(c.Person); err != nil {
			return err
		}
		if n, err = least(tx, p); err != nil {
			return err
		}
		if _, err = s.mayChange(tx, c, now); err != nil {
			return err
		}
		return admit(tx, gates, now)
	})
	if err != nil {
		return Account{}, err
	}
	if err := s.CheckPassword(c.New, p, n); err != nil {
		return Account{}, err
	}
	return s.checkCurrent(ctx, c.Person, c.Current, "current", gates, now)
}

// checkCurrent charges a signed-in person and looks at the password that they
// typed into a field. It returns the account as it was then.
func (s *Service) checkCurrent(ctx context.Context, person people.ID, typed, field string, gates []gate, now time.Time) (a Account, err error) {
	free, err := s.Hasher.reserve(ctx)
	if err != nil {
		return Account{}, err
	}
	defer free()
	err = s.Store.Update(ctx, func(tx Tx) (err error) {
		if a, err = absent(tx.Account(person)); err != nil {
			return err
		}
		return s.pay(tx, gates, now)
	})
	if err != nil {
		return Account{}, err
	}
	if !s.Hasher.matches(a.Password, typed) {
		return Account{}, errs.New(errs.Invalid, "identity.error.current").At(field)
	}
	return a, nil
}

// SetPassword gives persons a password that was hashed before (Hasher.Hash), all
// in one transaction and without mail. It ends their sessions and access tokens. It asks for no
// strength, and one hash may serve many: it is for a demo's sample people and for
// hashes that come from another system.
func (s *Service) SetPassword(ctx context.Context, h Hash, persons ...people.ID) error {
	if _, _, _, err := parse(h); err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	now := s.now()
	var locks []string
	for _, person := range persons {
		locks = append(locks, lockOf(person))
	}
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(locks...); err != nil {
			return err
		}
		for _, person := range persons {
			if _, err := tx.Person(person); err != nil {
				return fmt.Errorf("person %s: %w", person, err)
			}
			if err := replacePassword(tx, Account{Person: person}, h, now); err != nil {
				return err
			}
			if _, err := endTokens(tx, person, "", now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	return nil
}

// Block ends a person's sessions and access tokens and lets nobody sign in as them, by password or
// link, until Unblock.
func (s *Service) Block(ctx context.Context, person people.ID) error {
	return s.setState(ctx, "block", person, func(a Account) State { return Blocked })
}

// Unblock lets a blocked person sign in again, with the password they had.
func (s *Service) Unblock(ctx context.Context, person people.ID) error {
	return s.setState(ctx, "unblock", person, func(a Account) State {
		switch {
		case a.State != Blocked:
			return a.State
		case a.Password == "":
			return Invited
		}
		return Open
	})
}

// Admits reports whether what a person made for themselves still works for them: see Account.Admits.
func (s *Service) Admits(ctx context.Context, person people.ID) (admits bool, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		p, err := tx.Person(person)
		if err != nil {
			return err
		}
		a, err := tx.Account(person)
		if errs.Is(err, errs.NotFound) {
			err = nil
		}
		admits = a.Admits(p)
		return err
	})
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return admits, err
}

func (s *Service) setState(ctx context.Context, verb string, person people.ID, next func(Account) State) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockOf(person)); err != nil {
			return err
		}
		a, err := tx.Account(person)
		if err != nil {
			return err
		}
		a.State = next(a)
		if err := tx.SaveAccount(a); err != nil {
			return err
		}
		if a.State != Blocked {
			return nil
		}
		if _, err := endTokens(tx, person, "", s.now()); err != nil {
			return err
		}
		return cutOff(tx, person)
	})
	if err != nil {
		return fmt.Errorf("%s the account of %s: %w", verb, person, err)
	}
	return nil
}
