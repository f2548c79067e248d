// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
	"verlof/internal/outside"
	"verlof/internal/relying"
	"verlof/people"
)

// Service is sign-in with a customer's own providers. Its fields do not change once it is
// in use.
type Service struct {
	Store    Store
	Identity *identity.Service
	Party    Party
	Now      func() time.Time
	Site     string        // the address of the customer's site, without a slash at its end
	Reach    outside.Reach // which providers may be registered

	// Fetch returns what stands at an address: what a provider of SAML publishes about itself.
	Fetch func(ctx context.Context, address string) ([]byte, error)
}

// Party speaks OpenID Connect: see relying.Party.
type Party interface {
	Begin(ctx context.Context, at relying.Provider, a relying.Ask) (string, error)
	Finish(ctx context.Context, at relying.Provider, a relying.Ask, got relying.Answer) (relying.Claims, error)
	Leave(ctx context.Context, at relying.Provider, hint, back string) (string, error)
	Ended(ctx context.Context, at relying.Provider, token string) (relying.Ended, error)
}

// now returns the time as a database keeps it.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Return is where a provider's answers go, which is part of its own settings.
func (s *Service) Return(provider string) string { return s.Site + "/sso/" + provider + "/return" }

// Door is a provider as somebody who is signed out may know it.
type Door struct {
	ID      string
	Name    string
	Domains bool // it decides on mail addresses
}

// Doors returns the providers that are on, by name, and whether they are the only way in.
func (s *Service) Doors(ctx context.Context) (doors []Door, only bool, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		doors = nil
		all, err := tx.SSOProviders()
		if err != nil {
			return err
		}
		for _, p := range all {
			if p.On {
				doors = append(doors, Door{ID: p.ID, Name: p.Name, Domains: len(p.Domains) > 0})
			}
		}
		policy, err := tx.SignInPolicy()
		only = policy.Only && len(doors) > 0
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("providers to sign in with: %w", err)
	}
	return doors, only, nil
}

// DoorOf returns the provider that decides on a mail address. It tells nothing of whether
// anybody has that address. It reports NotFound where there is none.
func (s *Service) DoorOf(ctx context.Context, email string) (d Door, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		all, err := tx.SSOProviders()
		if err != nil {
			return err
		}
		email, _ := people.ParseEmail(email)
		i := slices.IndexFunc(all, func(p Provider) bool { return p.On && p.decides(email) })
		if i < 0 {
			return errs.New(errs.NotFound, "sso.error.provider")
		}
		d = Door{ID: all[i].ID, Name: all[i].Name, Domains: true}
		return nil
	})
	if err != nil {
		return Door{}, fmt.Errorf("provider of a mail address: %w", err)
	}
	return d, nil
}

// DoorsOf returns the providers that are on and that a person is linked to.
func (s *Service) DoorsOf(ctx context.Context, person people.ID) (doors []Door, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		doors = nil
		links, err := tx.SSOLinksOf(person)
		if err != nil {
			return err
		}
		for _, l := range links {
			p, err := tx.SSOProvider(l.Provider)
			if err != nil {
				return err
			}
			if p.On {
				doors = append(doors, Door{ID: p.ID, Name: p.Name})
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("providers of %s: %w", person, err)
	}
	return doors, nil
}

// Kept is a provider as those who keep sign-in see it.
type Kept struct {
	Provider
	Linked int // people who signed in with it
}

// Providers returns all providers, by name. It reports Forbidden for those who do not keep
// the customer's sign-in.
func (s *Service) Providers(ctx context.Context, by people.ID) (all []Kept, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		all = nil
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		list, err := tx.SSOProviders()
		if err != nil {
			return err
		}
		for _, p := range list {
			k, err := kept(tx, p)
			if err != nil {
				return err
			}
			all = append(all, k)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list providers: %w", err)
	}
	return all, nil
}

// Provider returns one provider. It reports as Providers, and NotFound.
func (s *Service) Provider(ctx context.Context, by people.ID, provider string) (k Kept, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		p, err := own(tx, provider)
		if err != nil {
			return err
		}
		k, err = kept(tx, p)
		return err
	})
	if err != nil {
		return Kept{}, fmt.Errorf("provider %s: %w", provider, err)
	}
	return k, nil
}

func kept(tx Tx, p Provider) (Kept, error) {
	links, err := tx.SSOLinks(p.ID)
	return Kept{Provider: p, Linked: len(links)}, err
}

func find(tx Tx, provider string) (Provider, error) {
	p, err := tx.SSOProvider(provider)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "sso.error.provider")
	}
	return p, err
}

// own is find for what the customer's people keep: that of a bureau follows its admission.
func own(tx Tx, provider string) (Provider, error) {
	p, err := find(tx, provider)
	if err == nil && p.Bureau {
		err = errs.New(errs.NotFound, "sso.error.provider")
	}
	return p, err
}

// lockProviders guards the providers of a customer, and that one is left where they are
// the only way in.
const lockProviders = "sso"

// Save adds a provider (without an ID) or changes one, and returns its ID. Its kind stays
// what it was, and so does what a provider of SAML publishes: see SetMetadata. Without a
// Secret the one that is there stays, unless the client's name changes. It reports Forbidden for
// those who do not keep sign-in, and for those who are no administrators where the
// provider is or was on, or where groups give anything; NotFound; Invalid and Conflict
// with the fields; and Conflict at "on" where nobody could sign in without it. It asks for
// a fresh proof (identity.Stale).
func (s *Service) Save(ctx context.Context, by identity.Session, p Provider) (saved string, err error) {
	saved, err = s.save(ctx, by, p.ID, func(Provider) Provider { return p })
	if err == nil && p.Kind == SAML && p.ID == "" {
		err = s.firstKey(ctx)
	}
	return saved, err
}

// save writes what change makes of a provider as it is.
func (s *Service) save(ctx context.Context, by identity.Session, provider string, change func(before Provider) Provider) (saved string, err error) {
	err = s.Store.Update(ctx, func(tx Tx) error {
		before, p, err := s.before(tx, by, provider, change)
		if err != nil {
			return err
		}
		p.Domains, p.Rules = slices.Clone(p.Domains), slices.Clone(p.Rules)
		if err := s.prepare(tx, &p, before); err != nil {
			return err
		}
		if before.On && !p.On {
			if err := s.withdraw(tx, before, false); err != nil {
				return err
			}
		}
		if p.ID == "" {
			p.ID, p.Made, p.MadeBy = id.New(s.Now()), s.now(), by.Person
		}
		saved = p.ID
		if err := tx.SaveSSOProvider(p); err != nil {
			return err
		}
		return identity.AddRecord(tx, "", identity.RecordProvider, p.Name, by.Person, s.now())
	})
	if err != nil {
		return "", fmt.Errorf("save provider %s: %w", provider, err)
	}
	return saved, nil
}

// before returns a provider as it is and as change makes it, to somebody who may do that.
func (s *Service) before(tx Tx, by identity.Session, provider string, change func(before Provider) Provider) (before, p Provider, err error) {
	if err := tx.Lock(lockProviders); err != nil {
		return before, p, err
	}
	v, err := people.SignInKeeper(tx, by.Person)
	if err != nil {
		return before, p, err
	}
	if provider != "" {
		if before, err = own(tx, provider); err != nil {
			return before, p, err
		}
	}
	p = change(before)
	if before.On || p.On || len(p.Rules) > 0 || len(before.Rules) > 0 {
		if err := v.NeedAdministrator(); err != nil {
			return before, p, errs.New(errs.Forbidden, "sso.error.administrator")
		}
	}
	return before, p, s.Identity.NeedProofIn(tx, by)
}

// prepare takes over what does not change, and reports what is wrong with p.
func (s *Service) prepare(tx Tx, p *Provider, before Provider) error {
	p.ID, p.Made, p.MadeBy = before.ID, before.Made, before.MadeBy
	p.Kind = cmp.Or(before.Kind, p.Kind, OpenID)
	if p.Secret == "" && p.Issuer == before.Issuer && p.ClientID == before.ClientID {
		p.Secret = before.Secret
	}
	all, err := tx.SSOProviders()
	if err != nil {
		return err
	}
	teams, err := tx.Teams()
	if err != nil {
		return err
	}
	places, err := tx.Locations()
	if err != nil {
		return err
	}
	if err := p.check(s.Reach, all, teams, places); err != nil {
		return err
	}
	if err := bound(tx, p, before); err != nil {
		return err
	}
	if before.On && !p.On {
		return last(tx, all, p.ID)
	}
	return nil
}

// bound reports Conflict where people are linked to a provider and are known by what
// changes.
func bound(tx Tx, p *Provider, before Provider) error {
	if before.ID == "" || p.Issuer == before.Issuer && p.Subject == before.Subject {
		return nil
	}
	links, err := tx.SSOLinks(p.ID)
	if err != nil || len(links) == 0 {
		return err
	}
	if p.Issuer != before.Issuer {
		return errs.New(errs.Conflict, "sso.error.issuer_linked").At("issuer")
	}
	return errs.New(errs.Conflict, "sso.error.subject_linked").At("subject")
}

// last reports Conflict where providers are the only way in and no other than this is on.
func last(tx Tx, all []Provider, provider string) error {
	policy, err := tx.SignInPolicy()
	if err != nil || !policy.Only {
		return err
	}
	if !slices.ContainsFunc(all, func(p Provider) bool { return p.On && p.ID != provider }) {
		return errs.New(errs.Conflict, "sso.error.last").At("on")
	}
	return nil
}

// Delete removes a provider. What its groups gave is taken, and the sessions that it
// vouched for end. It reports as Save.
func (s *Service) Delete(ctx context.Context, by identity.Session, provider string) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		p, _, err := s.before(tx, by, provider, func(before Provider) Provider { return Provider{} })
		if err != nil {
			return err
		}
		all, err := tx.SSOProviders()
		if err == nil && p.On {
			err = last(tx, all, provider)
		}
		if err == nil {
			err = s.withdraw(tx, p, true)
		}
		if err == nil {
			err = tx.DeleteSSOProvider(provider)
		}
		if err != nil {
			return err
		}
		return identity.AddRecord(tx, "", identity.RecordProviderGone, p.Name, by.Person, s.now())
	})
	if err != nil {
		return fmt.Errorf("delete provider %s: %w", provider, err)
	}
	return nil
}

// withdraw ends the sessions that a provider vouched for, and for good takes what its
// groups gave.
func (s *Service) withdraw(tx Tx, p Provider, forGood bool) error {
	links, err := tx.SSOLinks(p.ID)
	if err != nil {
		return err
	}
	for _, l := range links {
		if err := s.release(tx, p, &l, forGood); err != nil {
			return err
		}
	}
	return nil
}

// release ends the sessions of a person that a provider vouched for, and for good takes
// what its groups gave.
func (s *Service) release(tx Tx, p Provider, l *Link, forGood bool) error {
	if forGood {
		if err := s.give(tx, l, gifts{}); err != nil {
			return err
		}
	}
	return identity.EndSessions(tx, l.Person, func(ses identity.Session) bool { return ses.Provider == p.ID })
}
