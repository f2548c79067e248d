// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"context"
	"fmt"
	"slices"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
)

// Linked is somebody who signs in with a provider, and what its groups gave them.
type Linked struct {
	Link
	Who   people.Person
	Given []people.Team // the teams of Link.Teams that there are
}

// People returns who signs in with a provider, by name. It reports as Provider.
func (s *Service) People(ctx context.Context, by people.ID, provider string) (all []Linked, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		all = nil
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		links, err := tx.SSOLinks(provider)
		if err != nil {
			return err
		}
		of := map[people.ID]Link{}
		for _, l := range links {
			of[l.Person] = l
		}
		persons, err := tx.Persons()
		if err != nil {
			return err
		}
		teams, err := tx.Teams()
		if err != nil {
			return err
		}
		for _, p := range persons {
			if l, ok := of[p.ID]; ok {
				given := slices.DeleteFunc(slices.Clone(teams), func(t people.Team) bool { return !slices.Contains(l.Teams, t.ID) })
				all = append(all, Linked{l, p, given})
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("people of provider %s: %w", provider, err)
	}
	return all, nil
}

// Unlink has somebody be nobody at a provider: what its groups gave is taken, the sessions
// that it vouched for end, and their next sign-in there is as their first. It is for people
// whom the provider has under another name now. It reports Forbidden for those who do not
// keep sign-in, NotFound for a person who is not linked, and asks for a fresh proof
// (identity.Stale).
func (s *Service) Unlink(ctx context.Context, by identity.Session, provider string, person people.ID) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockProviders, identity.LockOf(person)); err != nil {
			return err
		}
		if _, err := people.SignInKeeper(tx, by.Person); err != nil {
			return err
		}
		if err := s.Identity.NeedProofIn(tx, by); err != nil {
			return err
		}
		p, err := find(tx, provider)
		if err != nil {
			return err
		}
		links, err := tx.SSOLinksOf(person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(links, func(l Link) bool { return l.Provider == provider })
		if i < 0 {
			return errs.New(errs.NotFound, "sso.error.not_linked")
		}
		if err := s.release(tx, p, &links[i], true); err != nil {
			return err
		}
		if err := tx.DeleteSSOLink(provider, links[i].Subject); err != nil {
			return err
		}
		return identity.AddRecord(tx, person, identity.RecordUnlinked, p.Name, by.Person, s.now())
	})
	if err != nil {
		return fmt.Errorf("unlink %s from provider %s: %w", person, provider, err)
	}
	return nil
}
