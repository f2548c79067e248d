// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"errors"
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
// and ends the one that the browser held. Where more is demanded than a password,
// Session.Stage says what: see Service.Second and Service.StartApp. It reports
// Unauthenticated, in the same words and after the same work, for an unknown address, a
// wrong password, an account that is not open and a person who may not sign in; and
// TooMany, with a Delay, when the attempt comes too soon or too many passwords are being
// checked.
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
	e, err := s.prove(ctx, a, email, now)
	if errors.Is(err, errReplaced) { // by a stronger hash, when two sign in at once, or by another password
		e, err = s.prove(ctx, a, email, now)
	}
	if err != nil {
		return Entry{}, fmt.Errorf("sign in: %w", err)
	}
	return e, nil
}

// prove checks the password and opens a session.
func (s *Service) prove(ctx context.Context, a Attempt, email string, now time.Time) (Entry, error) {
	c, rehashed, err := s.verify(ctx, a, email, now)
	if err != nil {
		return Entry{}, err
	}
	return s.enter(ctx, c, a.Visitor, rehashed)
}

// errReplaced is why a hash that was checked opens nothing: another has taken its place.
var errReplaced = errors.New("the hash was replaced meanwhile")

// claim is what is known about an attempt before the password is looked at.
type claim struct {
	person  people.Person // zero: no such address
	account Account       // zero: never invited
	device  Device        // zero: not a device that the person is known by
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
	if c.device = known(devices, v, now); c.device.Digest != "" {
		c.gates = []gate{deviceGate(c.device.Digest)}
		return c, nil
	}
	home := false
	for _, d := range devices {
		home = home || d.Network == v.network() && now.Before(s.seen(d).Add(s.Limits.Home))
	}
	c.gates = []gate{pairGate(email, v.network()), networkGate(v.network()), crowd}
	if !home {
		c.gates = append(c.gates, addressGate(email))
	}
	return c, nil
}

// seen returns when a person was last at a device: signing in, or setting a password.
func (s *Service) seen(d Device) time.Time {
	if d.Used.IsZero() {
		return d.Expires.Add(-s.Limits.Device)
	}
	return d.Used
}

// known returns which of a person's devices a browser is; the zero Device if none.
func known(devices []Device, v Visitor, now time.Time) Device {
	for _, d := range devices {
		if v.Device != "" && d.Digest == DigestOf(v.Device) && now.Before(d.Expires) {
			return d
		}
	}
	return Device{}
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
		if !(claim{person: person, account: account}).opens() {
			return errs.New(errs.Unauthenticated, "identity.error.sign_in")
		}
		if account.Password != c.account.Password {
			return errs.New(errs.Unauthenticated, "identity.error.sign_in").Because(errReplaced)
		}
		if err := ownWay(tx, person, "identity.error.sign_in"); err != nil {
			return err
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
		g, err := s.grantFor(tx, person, c.device, proven(ByPassword, now), account.Short, now)
		if err != nil {
			return err
		}
		e, err = s.open(tx, person.ID, c.device, v, g, now)
		return err
	})
	return e, err
}

// grant is what a session is opened with.
type grant struct {
	stage   Stage
	means   Means
	proven  time.Time
	created time.Time // of the session that it goes on from; zero: now
	session string    // its ID; empty: none
	trusted time.Time // until when the browser stands for the second factor; zero: as it was

	provider string // that vouched; empty: none
}

// proven is the grant of somebody who has just proved all there is to prove.
func proven(m Means, now time.Time) grant { return grant{stage: SignedIn, means: m, proven: now} }

// grantFor says how far a first proof takes a person. short is for a password that may
// not stand alone.
func (s *Service) grantFor(tx Tx, p people.Person, d Device, first grant, short bool, now time.Time) (grant, error) {
	factors, err := tx.Factors(p.ID)
	if err != nil {
		return grant{}, err
	}
	policy, err := tx.SignInPolicy()
	if err != nil {
		return grant{}, err
	}
	level, err := policy.demands(tx, p)
	if err != nil {
		return grant{}, err
	}
	has, shown := reach(factors), first.means.Level()
	waits := func(stage Stage) (grant, error) {
		return grant{stage: stage, means: first.means, provider: first.provider}, nil
	}
	switch {
	case shown >= TwoFactors && shown >= level:
		return first, nil
	case shown >= TwoFactors && has < WithKey: // a passkey is demanded, and all else that there is was proved
		return waits(Enrolment)
	case has == OneFactor && (level > OneFactor || short):
		return waits(Enrolment)
	case has == OneFactor:
		return first, nil
	case level < WithKey && policy.Remember > 0 && now.Before(d.Trusted):
		return grant{stage: SignedIn, means: ByDevice, provider: first.provider}, nil
	}
	return waits(SecondStep)
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

// open writes a new session for a person and, once they are signed in, remembers
// the browser. The token is always new: what the browser brought is ended, never
// adopted. Only its ID goes on where it was the same person's: by that applications
// know it.
func (s *Service) open(tx Tx, person people.ID, d Device, v Visitor, g grant, now time.Time) (Entry, error) {
	if v.Session != "" {
		old, err := absent(tx.Session(DigestOf(v.Session)))
		if err != nil {
			return Entry{}, err
		}
		if g.session, err = goesOn(tx, old, person, g.session, now); err != nil {
			return Entry{}, err
		}
	}
	if g.session == "" {
		g.session = id.New(now)
	}
	if g.provider == "" {
		who, err := absent(tx.Person(person))
		if err == nil {
			err = ownWay(tx, who, errOnlyProvider)
		}
		if err != nil {
			return Entry{}, err
		}
	}
	if err := s.makeRoom(tx, person, g.stage, now); err != nil {
		return Entry{}, err
	}
	created := g.created
	if created.IsZero() {
		created = now
	}
	token := id.Token()
	e := Entry{Token: token, Session: Session{
		ID: g.session, Digest: DigestOf(token), Person: person,
		From: v.From.Unmap().WithZone(""), Agent: cleanAgent(v.Agent),
		Created: created, Seen: now, Expires: s.ends(g.stage, created, now),
		Stage: g.stage, Means: g.means, Proven: g.proven, Provider: g.provider,
	}}
	if err := tx.InsertSession(e.Session); err != nil || g.stage != SignedIn {
		return e, err
	}
	var err error
	e.Device, err = s.remember(tx, person, d, v, g.trusted, now)
	return e, err
}

// goesOn removes the session that a browser brought and returns the ID that the next one
// of a person has: its own where it was theirs, else session.
func goesOn(tx Tx, old Session, person people.ID, session string, now time.Time) (string, error) {
	switch {
	case old.ID == "":
		return session, nil
	case old.Person == person && now.Before(old.Expires):
		return old.ID, tx.DeleteSession(old.Digest)
	}
	return session, endSession(tx, old)
}

// ends returns when a session that is written now ends unless it is used.
func (s *Service) ends(stage Stage, created, now time.Time) time.Time {
	switch stage {
	case SecondStep:
		return now.Add(s.Limits.Second)
	case Enrolment:
		return now.Add(s.Limits.Enrolment)
	}
	return earlier(now.Add(s.Limits.Idle), created.Add(s.Limits.Absolute))
}

// maxWaiting is how many sign-ins of one person may wait for their next step.
const maxWaiting = 5

// makeRoom ends a person's expired sessions, and the oldest of a stage where they
// are too many for one more. Sign-ins that wait make room for each other only:
// who knows no more than the password ends nobody's session.
func (s *Service) makeRoom(tx Tx, person people.ID, stage Stage, now time.Time) error {
	all, err := tx.Sessions(person)
	if err != nil {
		return err
	}
	most, live := s.Limits.Sessions, 0
	if stage != SignedIn {
		most = min(most, maxWaiting)
	}
	for _, ses := range all {
		if (ses.Stage == SignedIn) == (stage == SignedIn) {
			live++
		} else if now.Before(ses.Expires) {
			continue
		}
		if now.Before(ses.Expires) && live < most {
			continue
		}
		if err := endSession(tx, ses); err != nil {
			return err
		}
	}
	return nil
}

// remember makes the browser a known device of the person, or notes that it was
// used, and returns its token. trusted is until when it stands for the second
// factor; zero: as before.
func (s *Service) remember(tx Tx, person people.ID, d Device, v Visitor, trusted, now time.Time) (token string, err error) {
	devices, err := tx.Devices(person)
	if err != nil {
		return "", err
	}
	token = v.Device
	if d.Digest == "" {
		if elsewhere(devices, v) {
			if err := enqueue(tx, KindElsewhere, person, now); err != nil {
				return "", err
			}
		}
		token = id.Token()
		if keep := s.Limits.Devices - 1; len(devices) > keep {
			for _, d := range slices.Backward(devices[keep:]) {
				if err := tx.DeleteDevice(d.Digest); err != nil {
					return "", err
				}
			}
		}
	}
	if trusted.IsZero() {
		trusted = d.Trusted
	}
	return token, tx.SaveDevice(Device{
		Digest: DigestOf(token), Person: person, Network: v.network(), Agent: cleanAgent(v.Agent),
		Used: now, Expires: now.Add(s.Limits.Device), Trusted: trusted,
	})
}

// elsewhere reports whether a browser that a person is not known by is also at a place
// where they were never seen, though they were seen: they get a mail of it.
func elsewhere(devices []Device, v Visitor) bool {
	return len(devices) > 0 && !slices.ContainsFunc(devices, func(d Device) bool { return d.Network == v.network() })
}
