// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"cmp"
	"slices"
	"strings"

	"verlof/people"
)

// Level is how strongly somebody proves who they are. A customer demands one of each person.
type Level int

// The levels, each worth more than the one before it.
const (
	OneFactor  Level = iota // a password, or the word of a provider
	TwoFactors              // a second factor of any kind
	WithKey                 // a passkey, which no other site can talk out of anybody (ASVS 5.0, 6.3.3 at level 3)
)

// Level returns what a means is worth.
func (m Means) Level() Level {
	switch m {
	case ByPassword, ByProvider:
		return OneFactor
	case ByPasskey, ByVouchedKey:
		return WithKey
	}
	return TwoFactors
}

// Those says of whom something is demanded.
type Those struct {
	Everybody bool
	Managers  bool // those who lead somebody
	Roles     people.Roles
	Custom    bool // those who hold one of the customer's own roles
}

// Names of those of whom something is demanded, beside those of roles.
const (
	nameEverybody = "everybody"
	nameManager   = "manager"
	nameCustom    = "custom"
)

// Names returns them in stable names.
func (t Those) Names() []string {
	var names []string
	if t.Everybody {
		names = append(names, nameEverybody)
	}
	if t.Managers {
		names = append(names, nameManager)
	}
	names = append(names, t.Roles.Names()...)
	if t.Custom {
		names = append(names, nameCustom)
	}
	return names
}

// ParseThose returns those who are named. Names that mean nothing are left out.
func ParseThose(names []string) Those {
	t := Those{Everybody: slices.Contains(names, nameEverybody), Managers: slices.Contains(names, nameManager), Custom: slices.Contains(names, nameCustom)}
	for _, name := range names {
		if r, ok := people.ParseRole(strings.TrimSpace(name)); ok {
			t.Roles |= r
		}
	}
	return t
}

// Demandable returns the names that ParseThose knows.
func Demandable() []string {
	return append(append([]string{nameEverybody, nameManager}, people.AllRoles.Names()...), nameCustom)
}

// has reports whether a person is one of those; leads says whether they lead somebody.
func (t Those) has(who people.Person, leads bool) bool {
	return t.Everybody || t.Managers && leads || t.Roles&who.Roles != 0 || t.Custom && len(who.Custom) > 0
}

// level returns what the policy demands of a person.
func (p Policy) level(who people.Person, leads bool) Level {
	switch {
	case p.Passkey.has(who, leads):
		return WithKey
	case p.Second.has(who, leads):
		return TwoFactors
	}
	return OneFactor
}

// most returns the highest level that the policy demands of anybody. A session that has
// reached it satisfies the policy, whoever holds it.
func (p Policy) most() Level {
	switch {
	case p.Passkey != Those{}:
		return WithKey
	case p.Second != Those{}:
		return TwoFactors
	}
	return OneFactor
}

// Demands is what of a transaction tells what a customer demands of somebody; each as in Tx.
type Demands interface {
	SignInPolicy() (Policy, error)
	Teams() ([]people.Team, error)
	CustomRoles() ([]people.Role, error)
	Factors(id people.ID) ([]Factor, error)
}

// Suffices reports Unauthenticated where a customer by now demands more of a person than they
// showed: by what means they proved who they are, and which provider vouched (empty: none did).
func Suffices(tx Demands, who people.Person, shown Means, provider string) error {
	policy, err := tx.SignInPolicy()
	if err != nil {
		return err
	}
	if shown.Level() < policy.most() {
		if level, err := policy.demands(tx, who); err != nil || shown.Level() < level {
			return cmp.Or(err, signedOut())
		}
	}
	if policy.Only && provider == "" {
		return breaksGlass(tx, who)
	}
	return nil
}

// demands returns what the policy demands of a person.
func (p Policy) demands(tx Demands, who people.Person) (Level, error) {
	leads, err := leaders(tx, p)
	if err != nil {
		return 0, err
	}
	return p.level(who, leads(who)), nil
}

// Demanded returns what the customer demands of a person.
func Demanded(tx Demands, who people.Person) (Level, error) {
	p, err := tx.SignInPolicy()
	if err != nil {
		return 0, err
	}
	return p.demands(tx, who)
}

// leaders returns who leads somebody, if the policy asks.
func leaders(tx Demands, policy Policy) (func(people.Person) bool, error) {
	if !policy.Second.Managers && !policy.Passkey.Managers {
		return func(people.Person) bool { return false }, nil
	}
	teams, err := tx.Teams()
	return func(p people.Person) bool { return people.NewViewer(p, teams).IsManager() }, err
}

// reach returns the highest level that a person can prove with the factors they have.
func reach(factors []Factor) Level {
	best := OneFactor
	for _, f := range factors {
		if !f.Confirmed {
			continue
		}
		best = max(best, f.Kind.level())
	}
	return best
}

func (k Kind) level() Level {
	if k == Passkey {
		return WithKey
	}
	return TwoFactors
}
