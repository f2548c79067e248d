// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"verlof/errs"
	"verlof/people"
)

// Policy is what a customer demands of those who sign in.
type Policy struct {
	Second   Those // need a second factor
	Passkey  Those // need a passkey: no other second factor lets them in
	Remember int   // days that a browser may stand for the second factor; 0: none may

	// Only has people sign in with a provider of the customer's own and in no other way,
	// but for those who keep sign-in and have a second factor: see ownWay.
	Only bool

	Feeds FeedRule // whose calendar apps may fetch leave by a secret address
}

// FeedRule says who may have calendar feeds. The address of one stands for all that a person would
// show to sign in.
type FeedRule string

// The rules.
const (
	FeedsByDemand FeedRule = "demand"    // those of whom no more than a password is demanded; also where nothing was chosen
	FeedsForAll   FeedRule = "everybody" // whatever is demanded of them
	FeedsForNone  FeedRule = "nobody"
)

// FeedRules returns every rule, in the order in which people read them.
func FeedRules() []FeedRule { return []FeedRule{FeedsByDemand, FeedsForAll, FeedsForNone} }

// AllowsFeeds reports whether the policy lets a person have calendar feeds; leads says whether
// they lead somebody.
func (p Policy) AllowsFeeds(who people.Person, leads bool) bool {
	switch p.Feeds {
	case FeedsForAll:
		return true
	case FeedsForNone:
		return false
	}
	return !p.Only && p.level(who, leads) == OneFactor
}

// MaxRemember is how many days a browser may at most be trusted.
const MaxRemember = 90

// DefaultPolicy is that of a customer that has chosen none: a second factor is for
// those who want one.
func DefaultPolicy() Policy { return Policy{Remember: 30} }

// Demand has the policy demand a second factor of those named, and of nobody else.
func (p Policy) Demand(names ...string) Policy {
	p.Second = ParseThose(names)
	return p
}

// DemandPasskey has the policy demand a passkey of those named, and of nobody else.
func (p Policy) DemandPasskey(names ...string) Policy {
	p.Passkey = ParseThose(names)
	return p
}

// What stands on record beside the names of those of whom a second factor is demanded.
const (
	nameOnly       = "only-provider"
	prefixPasskey  = "passkey:"
	prefixFeeds    = "feeds:"
	prefixRemember = "remember:"
)

// stated returns what the policy says, for the record.
func (p Policy) stated() string {
	names := p.Second.Names()
	for _, name := range p.Passkey.Names() {
		names = append(names, prefixPasskey+name)
	}
	if p.Only {
		names = append(names, nameOnly)
	}
	if p.Feeds != "" && p.Feeds != FeedsByDemand {
		names = append(names, prefixFeeds+string(p.Feeds))
	}
	return strings.Join(append(names, prefixRemember+strconv.Itoa(p.Remember)), " ")
}

// RecordedPolicy returns the policy that the note of a RecordPolicy states. Remember is negative
// where the note is from the time before it told that.
func RecordedPolicy(note string) Policy {
	p := Policy{Remember: -1, Feeds: FeedsByDemand}
	var second, passkey []string
	for name := range strings.FieldsSeq(note) {
		switch prefix, rest, _ := strings.Cut(name, ":"); prefix + ":" {
		case prefixPasskey:
			passkey = append(passkey, rest)
		case prefixFeeds:
			p.Feeds = FeedRule(rest)
		case prefixRemember:
			if n, err := strconv.Atoi(rest); err == nil {
				p.Remember = n
			}
		default:
			p.Only = p.Only || name == nameOnly
			second = append(second, name)
		}
	}
	p.Second, p.Passkey = ParseThose(second), ParseThose(passkey)
	return p
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
// everybody: who is signed in with less than is demanded is signed out, and where browsers are to be
// trusted for fewer days all of them ask again. by is a session, or what the token of a program tells of one. It reports Forbidden for those who are neither
// system managers nor administrators, asks for a fresh proof (Stale), and reports Invalid
// at "demand", "passkey" or "only" where it would demand of the person who saves it what
// they have not proved themselves, at "only" where no provider is on, at "remember" for
// too many days, and at "feeds" for a rule that nobody knows.
func (s *Service) ChangePolicy(ctx context.Context, by Session, p Policy) error {
	now := s.now()
	err := s.Store.Update(ctx, func(tx Tx) error {
		who, err := s.policyMaker(tx, by, now)
		if err != nil {
			return err
		}
		if p.Remember < 0 || p.Remember > MaxRemember {
			return errs.New(errs.Invalid, "identity.error.remember", "max", MaxRemember).At("remember")
		}
		if p.Feeds != "" && !slices.Contains(FeedRules(), p.Feeds) {
			return errs.New(errs.Invalid, "identity.error.feeds").At("feeds")
		}
		if err := p.yourselfFirst(tx, who, by.Means); err != nil {
			return err
		}
		if err := p.shorten(tx); err != nil {
			return err
		}
		if err := tx.SaveSignInPolicy(p); err != nil {
			return err
		}
		return AddRecord(tx, "", RecordPolicy, p.stated(), who.ID, now)
	})
	if err != nil {
		return fmt.Errorf("save the sign-in policy: %w", err)
	}
	return nil
}

// shorten has all browsers ask for the second factor again that were trusted for longer than the
// policy is to let them.
func (p Policy) shorten(tx Tx) error {
	before, err := tx.SignInPolicy()
	if err != nil || p.Remember >= before.Remember {
		return err
	}
	all, err := tx.Persons()
	if err != nil {
		return err
	}
	for i := range all {
		if err := distrust(tx, all[i].ID, func(Device) bool { return true }); err != nil {
			return err
		}
	}
	return nil
}

// policyMaker is manager, also for a program, which has no session to look at again: its token
// was looked at when it called.
func (s *Service) policyMaker(tx Tx, by Session, now time.Time) (people.Person, error) {
	if by.Digest != "" {
		return s.manager(tx, by, now)
	}
	who, err := people.SignInKeeper(tx, by.Person)
	if err == nil {
		err = s.NeedProofIn(tx, by)
	}
	return who.Person, err
}

// yourselfFirst reports Invalid where a policy would shut out who saves it.
func (p Policy) yourselfFirst(tx Tx, who people.Person, shown Means) error {
	level, err := p.demands(tx, who)
	if err != nil {
		return err
	}
	factors, err := tx.Factors(who.ID)
	if err != nil {
		return err
	}
	has := reach(factors)
	switch {
	case level == WithKey && (has < WithKey || shown.Level() < WithKey):
		return errs.New(errs.Invalid, "identity.error.yourself_passkey").At("passkey")
	case level == TwoFactors && has < TwoFactors:
		return errs.New(errs.Invalid, "identity.error.yourself_first").At("demand")
	case !p.Only:
		return nil
	}
	on, err := tx.ProvidersOn()
	if err != nil {
		return err
	}
	if on == 0 {
		return errs.New(errs.Invalid, "identity.error.no_provider").At("only")
	}
	if has < TwoFactors {
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
	Demanded Level // what the policy demands of them
}

// Protected reports whether the person has a second factor.
func (s Standing) Protected() bool { return s.has() > OneFactor }

// has returns the highest level that the person can prove.
func (s Standing) has() Level {
	switch {
	case s.Passkeys > 0:
		return WithKey
	case s.App:
		return TwoFactors
	}
	return OneFactor
}

// Lacks reports whether more is demanded of the person than they have set up.
func (s Standing) Lacks() bool {
	return s.has() < s.Demanded
}

// Standings returns how everybody who may sign in does so, ordered by name. It
// reports Forbidden for those who may not see it.
func (s *Service) Standings(ctx context.Context, by people.ID) (all []Standing, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		all = nil
		if err := NeedSeeSignIn(tx, by); err != nil {
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

// NeedSeeSignIn reports Forbidden for somebody who may not see how people sign in.
func NeedSeeSignIn(tx interface {
	Person(people.ID) (people.Person, error)
	CustomRoles() ([]people.Role, error)
}, by people.ID,
) error {
	who, err := tx.Person(by)
	if err != nil {
		return err
	}
	roles, err := tx.CustomRoles()
	if err != nil {
		return err
	}
	return people.NewViewer(who, nil, roles...).Need(people.SeeSignIn)
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
			Demanded: policy.level(p, leads(p))})
	}
	return all, nil
}
