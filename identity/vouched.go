// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"time"

	"verlof/errs"
	"verlof/people"
)

// errOnlyProvider is why somebody is not let in who proved who they are.
const errOnlyProvider = "identity.error.only_provider"

// ownWay reports Unauthenticated, in the words of a key, where the customer's own
// providers are the only way in for a person.
func ownWay(tx Tx, who people.Person, key string) error {
	policy, err := tx.SignInPolicy()
	if err != nil || !policy.Only {
		return err
	}
	err = breaksGlass(tx, who)
	if errs.Is(err, errs.Unauthenticated) {
		err = errs.New(errs.Unauthenticated, key)
	}
	return err
}

// breaksGlass reports Unauthenticated unless a person may come in although the customer's
// providers are the only way: somebody must be able to mend them. It is for those who keep
// sign-in, and takes a second factor.
func breaksGlass(tx Demands, who people.Person) error {
	roles, err := tx.CustomRoles()
	if err != nil {
		return err
	}
	if people.NewViewer(who, nil, roles...).NeedSignInKeeper() != nil {
		return signedOut()
	}
	factors, err := tx.Factors(who.ID)
	if err == nil && !slices.ContainsFunc(factors, confirmed) {
		err = signedOut()
	}
	return err
}

// Vouched is what a provider of the customer's own vouches for.
type Vouched struct {
	Provider string    // its id
	Both     bool      // for two factors, and the customer takes its word for that
	Key      bool      // one of them a passkey, likewise
	Proven   time.Time // when the person proved it there; zero: it did not say
}

// Admit opens a session, in this transaction, for a person whom a provider vouches for, and
// ends the one that the browser held. Where more is demanded, Session.Stage says what. An
// account is made or opened where there is none. It reports Forbidden for a person who may
// not sign in. The caller holds LockOf the person.
func (s *Service) Admit(tx Tx, p people.Person, by Vouched, v Visitor) (Entry, error) {
	now := s.now()
	a, err := absent(tx.Account(p.ID))
	if err != nil {
		return Entry{}, err
	}
	if !p.Active || a.State == Blocked {
		return Entry{}, errs.New(errs.Forbidden, "identity.error.not_admitted")
	}
	if a.State != Open {
		a.Person, a.State, a.ChangedAt = p.ID, Open, now
		if err := tx.SaveAccount(a); err != nil {
			return Entry{}, err
		}
	}
	devices, err := tx.Devices(p.ID)
	if err != nil {
		return Entry{}, err
	}
	d := known(devices, v, now)
	first := grant{stage: SignedIn, means: ByProvider, proven: by.Proven, provider: by.Provider}
	switch {
	case by.Key:
		first.means = ByVouchedKey
	case by.Both:
		first.means = ByVouched
	}
	g, err := s.grantFor(tx, p, d, first, false, now)
	if err != nil {
		return Entry{}, err
	}
	return s.open(tx, p.ID, d, v, g, now)
}

// LockOf names the lock that guards how a person signs in: see Tx.Lock.
func LockOf(person people.ID) string { return lockOf(person) }

// EndSessions ends those sessions of a person that which chooses, in this transaction.
func EndSessions(tx Tx, person people.ID, which func(Session) bool) error {
	_, err := endSessions(tx, person, which)
	return err
}
