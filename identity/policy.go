// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/people"
)

// Policy is what a customer demands of those who sign in.
type Policy struct {
	Everybody bool // needs a second factor
	Managers  bool // those who lead somebody do
	Roles     people.Roles
	Custom    bool // those do who hold one of the customer's own roles
	Remember  int  // days that a browser may stand for the second factor; 0: none may

	// Only has people sign in with a provider of the customer's own and in no other way,
	// but for those who keep sign-in and have a second factor: see ownWay.
	Only bool
}

// MaxRemember is how many days a browser may at most be trusted.
const MaxRemember = 90

// DefaultPolicy is that of a customer that has chosen none: a second factor is for
// those who want one.
func DefaultPolicy() Policy { return Policy{Remember: 30} }

// Names of those of whom a policy demands a second factor, beside those of roles.
const (
	nameEverybody = "everybody"
	nameManager   = "manager"
	nameCustom    = "custom"
)

// Demanded returns of whom the policy demands a second factor, in stable names.
func (p Policy) Demanded() []string {
	var names []string
	if p.Everybody {
		names = append(names, nameEverybody)
	}
	if p.Managers {
		names = append(names, nameManager)
	}
	names = append(names, p.Roles.Names()...)
	if p.Custom {
		names = append(names, nameCustom)
	}
	return names
}

// nameOnly stands on record for Policy.Only.
const nameOnly = "only-provider"

// stated returns what the policy says, for the record.
func (p Policy) stated() []string {
	if p.Only {
		return append(p.Demanded(), nameOnly)
	}
	return p.Demanded()
}

// Demand has the policy demand a second factor of those named, and of nobody else.
// Names that mean nothing are left out.
func (p Policy) Demand(names []string) Policy {
	p.Everybody, p.Managers, p.Roles = slices.Contains(names, nameEverybody), slices.Contains(names, nameManager), 0
	p.Custom = slices.Contains(names, nameCustom)
	for _, name := range names {
		if r, ok := people.ParseRole(strings.TrimSpace(name)); ok {
			p.Roles |= r
		}
	}
	return p
}

// Demandable returns the names that Demand knows.
func Demandable() []string {
	return append(append([]string{nameEverybody, nameManager}, people.AllRoles.Names()...), nameCustom)
}

// demands reports whether the policy demands a second factor of a person.
func (p Policy) demands(tx Tx, who people.Person) (bool, error) {
	if p.roleDemands(who) {
		return true, nil
	}
	leads, err := leaders(tx, p)
	return err == nil && leads(who), err
}

// roleDemands reports whether the policy demands a second factor of a person whatever teams
// they lead.
func (p Policy) roleDemands(who people.Person) bool {
	return p.Everybody || p.Roles&who.Roles != 0 || p.Custom && len(who.Custom) > 0
}

// demanded reports whether the customer demands a second factor of a person.
func demanded(tx Tx, who people.Person) (bool, error) {
	p, err := tx.SignInPolicy()
	if err != nil {
		return false, err
	}
	return p.demands(tx, who)
}

// Policy returns what the customer demands of those who sign in.
func (s *Service) Policy(ctx context.Context) (p Policy, err error) {
	err = s.Store.View(ctx, func(tx Tx) (err error) {
		p, err = tx.SignInPolicy()
		return err
	})
	if err != nil {
		return Policy{}, fmt.Errorf("sign-in policy: %w", err)
	}
	return p, nil
}

// ChangePolicy changes what the customer demands. It holds from the next request of
// everybody: who is signed in with less than is demanded is signed out. It reports
// Forbidden for those who are neither system managers nor administrators, asks for
// a fresh proof (Stale), and reports Invalid, at "demand" or "only", where it would demand
// of the person who saves it what they have not set up themselves, at "only" where no
// provider is on, and at "remember" for too many days.
func (s *Service) ChangePolicy(ctx context.Context, by Session, p Policy) error {
	now := s.now()
	err := s.Store.Update(ctx, func(tx Tx) error {
		who, err := s.manager(tx, by, now)
		if err != nil {
			return err
		}
		if p.Remember < 0 || p.Remember > MaxRemember {
			return errs.New(errs.Invalid, "identity.error.remember", "max", MaxRemember).At("remember")
		}
		if err := p.yourselfFirst(tx, who); err != nil {
			return err
		}
		if err := tx.SaveSignInPolicy(p); err != nil {
			return err
		}
		return record(tx, "", RecordPolicy, strings.Join(p.stated(), " "), who.ID, now)
	})
	if err != nil {
		return fmt.Errorf("save the sign-in policy: %w", err)
	}
	return nil
}

// yourselfFirst reports Invalid where a policy would shut out who saves it.
func (p Policy) yourselfFirst(tx Tx, who people.Person) error {
	more, err := p.demands(tx, who)
	if err != nil {
		return err
	}
	factors, err := tx.Factors(who.ID)
	if err != nil {
		return err
	}
	has := slices.ContainsFunc(factors, confirmed)
	if more && !has {
		return errs.New(errs.Invalid, "identity.error.yourself_first").At("demand")
	}
	if !p.Only {
		return nil
	}
	on, err := tx.ProvidersOn()
	if err != nil {
		return err
	}
	if on == 0 {
		return errs.New(errs.Invalid, "identity.error.no_provider").At("only")
	}
	if !has {
		return errs.New(errs.Invalid, "identity.error.break_glass").At("only")
	}
	return nil
}

// manager returns who holds a session, if they may keep the customer's sign-in and
// have proved lately who they are.
func (s *Service) manager(tx Tx, by Session, now time.Time) (people.Person, error) {
	who, err := people.SignInKeeper(tx, by.Person)
	if err != nil {
		return people.Person{}, err
	}
	_, err = s.fresh(tx, by.Digest, by.Person, now)
	return who.Person, err
}

// Standing is how somebody can sign in.
type Standing struct {
	Person   people.Person
	State    State // empty: never invited
	App      bool
	Passkeys int
	Demanded bool // the policy demands a second factor of them
}

// Protected reports whether the person has a second factor.
func (s Standing) Protected() bool { return s.App || s.Passkeys > 0 }

// Standings returns how everybody who may sign in does so, ordered by name. It
// reports Forbidden for those who may not see it.
func (s *Service) Standings(ctx context.Context, by people.ID) (all []Standing, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		all = nil
		who, err := tx.Person(by)
		if err != nil {
			return err
		}
		roles, err := tx.CustomRoles()
		if err != nil {
			return err
		}
		if err := people.NewViewer(who, nil, roles...).Need(people.SeeSignIn); err != nil {
			return err
		}
		all, err = standings(tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list how people sign in: %w", err)
	}
	return all, nil
}

func standings(tx Tx) (all []Standing, err error) {
	persons, err := tx.Persons()
	if err != nil {
		return nil, err
	}
	states, err := tx.States()
	if err != nil {
		return nil, err
	}
	holdings, err := tx.Holdings()
	if err != nil {
		return nil, err
	}
	held := map[people.ID]map[Kind]int{}
	for _, h := range holdings {
		if held[h.Person] == nil {
			held[h.Person] = map[Kind]int{}
		}
		held[h.Person][h.Kind] = h.Count
	}
	policy, err := tx.SignInPolicy()
	if err != nil {
		return nil, err
	}
	leads, err := leaders(tx, policy)
	if err != nil {
		return nil, err
	}
	for _, p := range persons {
		if !p.Active {
			continue
		}
		all = append(all, Standing{Person: p, State: states[p.ID], App: held[p.ID][App] > 0, Passkeys: held[p.ID][Passkey],
			Demanded: policy.roleDemands(p) || leads(p)})
	}
	return all, nil
}

// leaders returns who leads somebody, if the policy asks.
func leaders(tx Tx, policy Policy) (func(people.Person) bool, error) {
	if !policy.Managers {
		return func(people.Person) bool { return false }, nil
	}
	teams, err := tx.Teams()
	return func(p people.Person) bool { return people.NewViewer(p, teams).IsManager() }, err
}
