// SPDX-License-Identifier: Apache-2.0

package bureau

import (
	"context"
	"fmt"
	"slices"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/openid"
	"verlof/people"
)

// Answer is what a bureau tells a customer.
type Answer struct {
	ID         string // of the admission
	Firm       string // the bureau's id in the registry
	Name, Site string
	Hosts      []string // the bureau's
	State      State
}

// Serves returns the customers that admit the bureau, by name, for those who see the record.
func (s *Service) Serves(ctx context.Context, by people.ID) (all []Served, err error) {
	err = s.view(ctx, by, func(tx Tx, _ *people.Organisation) (err error) {
		all, err = tx.AllServed()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list customers that are served: %w", err)
	}
	return all, nil
}

// Serving returns one of them. It reports as Serves, and NotFound.
func (s *Service) Serving(ctx context.Context, by people.ID, served string) (x Served, err error) {
	err = s.view(ctx, by, func(tx Tx, _ *people.Organisation) (err error) {
		x, err = findServed(tx, served)
		return err
	})
	if err != nil {
		return Served{}, fmt.Errorf("customer that is served %s: %w", served, err)
	}
	return x, nil
}

func findServed(tx Tx, served string) (Served, error) {
	x, err := tx.Served(served)
	if errs.Is(err, errs.NotFound) {
		err = errNone
	}
	return x, err
}

// Mine returns the customers that somebody serves, by name.
func (s *Service) Mine(ctx context.Context, person people.ID) (mine []Served, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		mine = nil
		p, err := tx.Person(person)
		if err != nil {
			return err
		}
		all, err := tx.AllServed()
		for i := range all {
			if all[i].Sends(p, s.now()) {
				mine = append(mine, all[i])
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("customers that %s serves: %w", person, err)
	}
	return mine, nil
}

// Choose accepts an admission, or changes whom the bureau sends: everybody whom the customer
// admits, or some. It reports Forbidden for those who do not keep roles, NotFound, Conflict
// for one that has ended, and Invalid with the field. It asks for a fresh proof
// (identity.Stale).
func (s *Service) Choose(ctx context.Context, by identity.Session, served string, everybody bool, chosen []people.ID) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		org, _, err := s.begin(tx, by)
		if err != nil {
			return err
		}
		x, err := findServed(tx, served)
		if err != nil {
			return err
		}
		if !x.State.Stands() {
			return errs.New(errs.Conflict, "bureau.error.over")
		}
		x.Everybody, x.Chosen = everybody, nil
		if !everybody {
			x.Chosen = slices.Compact(slices.Sorted(slices.Values(chosen)))
			unfit := func(p people.ID) bool { r := org.Records[p]; return r == nil || !r.Person.Active }
			if len(x.Chosen) == 0 || slices.ContainsFunc(x.Chosen, unfit) {
				return errs.New(errs.Invalid, "bureau.error.chosen").At("people")
			}
		}
		x.State = Accepted
		if x.Answered.IsZero() {
			x.Answered, x.AnsweredBy = s.now(), by.Person
		}
		return s.answer(tx, x)
	})
	if err != nil {
		return fmt.Errorf("serve customer %s: %w", served, err)
	}
	return nil
}

// Leave declines an admission, or gives it up: from the moment that it returns nobody of the
// bureau may come in there. It reports Forbidden, NotFound, and Conflict for one that has
// ended.
func (s *Service) Leave(ctx context.Context, by people.ID, served string) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.LockOrganisation(); err != nil {
			return err
		}
		if _, _, err := s.keeper(tx, by); err != nil {
			return err
		}
		x, err := findServed(tx, served)
		if err != nil {
			return err
		}
		switch x.State {
		case Offered:
			x.State = Declined
		case Accepted:
			x.State = Left
		default:
			return errs.New(errs.Conflict, "bureau.error.over")
		}
		if x.Answered.IsZero() {
			x.Answered, x.AnsweredBy = s.now(), by
		}
		return s.answer(tx, x)
	})
	if err != nil {
		return fmt.Errorf("serve customer %s no more: %w", served, err)
	}
	return nil
}

// answer keeps what the bureau decided, and has the customer told.
func (s *Service) answer(tx Tx, x Served) error {
	if err := s.keep(tx, x); err != nil {
		return err
	}
	return s.tell(tx, KindAnswer, x.ID)
}

// keep keeps what is known of a customer. While the admission is accepted the customer's site
// is a client of the bureau's provider, without a secret: the code and PKCE secure it.
func (s *Service) keep(tx Tx, x Served) error {
	if err := tx.SaveServed(x); err != nil {
		return err
	}
	if x.State != Accepted {
		return tx.DeleteClient(x.ID)
	}
	return tx.SaveClient(openid.Client{ID: x.ID, Name: x.Name, Kind: openid.Public, Redirects: []string{x.Site + "/sso/" + x.ID + "/return"},
		Scope: "openid profile email", Subjects: openid.SubjectPublic, Trusted: true, Made: x.Answered, MadeBy: x.AnsweredBy})
}

// Answer returns what a customer is told, and the customer's id in the registry.
func (s *Service) Answer(ctx context.Context, served string) (x Answer, customer string, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		have, err := findServed(tx, served)
		if err != nil {
			return err
		}
		set, err := tx.Settings()
		x = Answer{ID: have.ID, Firm: s.ID, Name: set.Name, Site: s.Site, Hosts: s.Hosts, State: have.State}
		customer = have.Customer
		return err
	})
	return x, customer, err
}

// Take takes what a customer tells. What is older than what is known changes nothing, nor does
// what is not the customer's to tell.
func (s *Service) Take(ctx context.Context, t Terms) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.LockOrganisation(); err != nil {
			return err
		}
		x, err := tx.Served(t.ID)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err == nil && (x.Customer != t.Customer || t.Version < x.Version) {
			return nil
		}
		if err != nil && t.State == Ended {
			return nil // it was gone before anybody saw it
		}
		state := x.State
		switch {
		case t.State == Ended && state.Stands():
			state = Ended
		case state == "":
			state = Offered
		}
		x.ID, x.Customer, x.Name, x.Site, x.Roles, x.Custom, x.Whom = t.ID, t.Customer, t.Name, t.Site, t.Roles, t.Custom, t.Whom
		x.Reason, x.Until, x.Ends, x.State, x.Version = t.Reason, t.Until, t.Ends, state, t.Version
		return s.keep(tx, x)
	})
}

// May reports Forbidden where a client of the bureau's provider is the site of a customer
// that a person does not serve. Every other client is none of its business.
func (s *Service) May(ctx context.Context, client string, person people.ID) error {
	return s.Store.View(ctx, func(tx Tx) error {
		x, err := tx.Served(client)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		p, err := tx.Person(person)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if !x.Sends(p, s.now()) {
			return errs.New(errs.Forbidden, "bureau.error.not_sent")
		}
		return nil
	})
}

// Sends reports Forbidden unless the bureau sends somebody, named as its provider names them,
// to a customer that asks, for an admission.
func (s *Service) Sends(ctx context.Context, customer, admission, subject string) error {
	return s.Store.View(ctx, func(tx Tx) error {
		x, err := tx.Served(admission)
		if err == nil {
			var p people.Person
			if p, err = tx.Person(people.ID(subject)); err == nil && x.Customer == customer && x.Sends(p, s.now()) {
				return nil
			}
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		return errs.New(errs.Forbidden, "bureau.error.not_sent")
	})
}
