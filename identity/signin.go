// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// Attempt is what somebody typed at the door.
type Attempt struct {
	Email    string
	Password string
	Visitor
}

// SignIn opens a session for the person whose address and password these are,
// and ends the one that the browser held. It reports Unauthenticated, in the same
// words and after the same work, for an unknown address, a wrong password, an
// account that is not open and a person who may not sign in; and TooMany, with a
// Delay, when the attempt comes too soon or too many passwords are being checked.
func (s *Service) SignIn(ctx context.Context, a Attempt) (Entry, error) {
	email, now := canonical(a.Email), s.now()
	err := s.Store.View(ctx, func(tx Tx) error {
		c, err := s.claim(tx, email, a.Visitor, now)
		if err != nil {
			return err
		}
		return admit(tx, c.gates, now)
	})
	if err != nil {
		return Entry{}, fmt.Errorf("sign in: %w", err)
	}
	c, rehashed, err := s.verify(ctx, a, email, now)
	if err != nil {
		return Entry{}, fmt.Errorf("sign in: %w", err)
	}
	e, err := s.enter(ctx, c, a.Visitor, rehashed)
	if err != nil {
		return Entry{}, fmt.Errorf("sign in: %w", err)
	}
	return e, nil
}

// claim is what is known about an attempt before the password is looked at.
type claim struct {
	person  people.Person // zero: no such address
	account Account       // zero: never invited
	device  Digest        // empty: not a device that the person is known by
	gates   []gate        // where the attempt pays
}

// opens reports whether the right password would be enough.
func (c claim) opens() bool { return c.person.Active && c.account.State == Open }

// claim looks up who is meant and where they stand. For an unknown address it
// reads as much as for a known one.
func (s *Service) claim(tx Tx, email string, v Visitor, now time.Time) (c claim, err error) {
	if c.person, err = absent(tx.PersonByEmail(email)); err != nil {
		return claim{}, err
	}
	if c.account, err = absent(tx.Account(c.person.ID)); err != nil {
		return claim{}, err
	}
	devices, err := tx.Devices(c.person.ID)
	if err != nil {
		return claim{}, err
	}
	home := false
	for _, d := range devices {
		if v.Device != "" && d.Digest == DigestOf(v.Device) && now.Before(d.Expires) {
			c.device = d.Digest
			c.gates = []gate{deviceGate(d.Digest)}
			return c, nil
		}
		home = home || d.Network == v.network() && now.Before(d.Used.Add(s.Limits.Home))
	}
	c.gates = []gate{pairGate(email, v.network()), networkGate(v.network()), crowd}
	if !home {
		c.gates = append(c.gates, addressGate(email))
	}
	return c, nil
}

// verify charges the attempt and checks the password, in that order and within
// one slot for hashing. rehashed is empty unless the stored hash has become weak or
// was not sealed yet.
func (s *Service) verify(ctx context.Context, a Attempt, email string, now time.Time) (c claim, rehashed Hash, err error) {
	free, err := s.Hasher.reserve(ctx)
	if err != nil {
		return claim{}, "", err
	}
	defer free()
	err = s.Store.Update(ctx, func(tx Tx) (err error) {
		if c, err = s.claim(tx, email, a.Visitor, now); err != nil {
			return err
		}
		return s.pay(tx, c.gates, now)
	})
	if err != nil {
		return claim{}, "", err
	}
	if !s.Hasher.matches(c.account.Password, a.Password) || !c.opens() {
		return claim{}, "", errs.New(errs.Unauthenticated, "identity.error.sign_in")
	}
	switch {
	case s.Hasher.weak(c.account.Password):
		rehashed = s.Hasher.make(a.Password)
	case c.account.Bare:
		rehashed = c.account.Password
	}
	return c, rehashed, nil
}

// enter opens a session for a claim that is proven. It looks at the account once
// more: a password that changed in the meantime proves nothing.
func (s *Service) enter(ctx context.Context, c claim, v Visitor, rehashed Hash) (e Entry, err error) {
	now := s.now()
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := lock(tx, c.gates, lockOf(c.person.ID)); err != nil {
			return err
		}
		person, account, err := holder(tx, c.person.ID)
		if err != nil {
			return err
		}
		if account.Password != c.account.Password || !(claim{person: person, account: account}).opens() {
			return errs.New(errs.Unauthenticated, "identity.error.sign_in")
		}
		if err := pardon(tx, c.gates, now); err != nil {
			return err
		}
		if rehashed != "" {
			account.Password = rehashed
			if err := tx.SaveAccount(account); err != nil {
				return err
			}
		}
		e, err = s.open(tx, person.ID, c.device, v, now)
		return err
	})
	return e, err
}

// holder reads a person and their account; both are zero where there is none.
func holder(tx Tx, id people.ID) (people.Person, Account, error) {
	p, err := absent(tx.Person(id))
	if err != nil {
		return people.Person{}, Account{}, err
	}
	a, err := absent(tx.Account(id))
	return p, a, err
}

// open writes a new session for a person and remembers the browser. The token is
// always new: what the browser brought is ended, never adopted.
func (s *Service) open(tx Tx, person people.ID, known Digest, v Visitor, now time.Time) (Entry, error) {
	if v.Session != "" {
		if err := tx.DeleteSession(DigestOf(v.Session)); err != nil {
			return Entry{}, err
		}
	}
	if err := s.makeRoom(tx, person, now); err != nil {
		return Entry{}, err
	}
	token := id.Token()
	e := Entry{Token: token, Session: Session{
		ID: id.New(now), Digest: DigestOf(token), Person: person,
		From: v.From.Unmap().WithZone(""), Agent: cleanAgent(v.Agent),
		Created: now, Seen: now, Expires: now.Add(min(s.Limits.Idle, s.Limits.Absolute)),
	}}
	if err := tx.InsertSession(e.Session); err != nil {
		return Entry{}, err
	}
	device, err := s.remember(tx, person, known, v, now)
	e.Device = device
	return e, err
}

// makeRoom ends a person's expired sessions, and the oldest where they are too
// many for one more.
func (s *Service) makeRoom(tx Tx, person people.ID, now time.Time) error {
	all, err := tx.Sessions(person)
	if err != nil {
		return err
	}
	live := 0
	for _, ses := range all {
		if live++; now.Before(ses.Expires) && live < s.Limits.Sessions {
			continue
		}
		if err := tx.DeleteSession(ses.Digest); err != nil {
			return err
		}
	}
	return nil
}

// remember makes the browser a known device of the person, or notes that it was
// used, and returns its token.
func (s *Service) remember(tx Tx, person people.ID, known Digest, v Visitor, now time.Time) (token string, err error) {
	devices, err := tx.Devices(person)
	if err != nil {
		return "", err
	}
	token = v.Device
	if known == "" {
		token = id.Token()
		if keep := s.Limits.Devices - 1; len(devices) > keep {
			for _, d := range slices.Backward(devices[keep:]) {
				if err := tx.DeleteDevice(d.Digest); err != nil {
					return "", err
				}
			}
		}
	}
	return token, tx.SaveDevice(Device{
		Digest: DigestOf(token), Person: person, Network: v.network(),
		Used: now, Expires: now.Add(s.Limits.Device),
	})
}
