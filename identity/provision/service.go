// SPDX-License-Identifier: Apache-2.0

package provision

import (
	"context"
	"fmt"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
)

// Service is what a customer's directory may do, and what the customer's own people may do
// about it. What the directory asks was let in by its token: see access.ServiceToken.
type Service struct {
	Store  Store
	People *people.Service
	Now    func() time.Time // the clock; its zone does not matter
}

// now returns the time as a database keeps it.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Store runs functions in transactions of one customer's database. A function that returns
// an error changes nothing. A View sees one moment.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what provisioning needs of a transaction. Reads of one thing return NotFound where
// there is none. Times are UTC with whole microseconds.
type Tx interface {
	people.Tx
	identity.Tx

	DirectoryUser(id people.ID) (User, error)
	DirectoryUsers() ([]User, error) // all of whom the directory spoke, removed ones too, by id
	SaveDirectoryUser(u User) error  // adds or replaces, by person; Conflict where another has the name
	DirectoryGroup(id string) (Group, error)
	DirectoryGroups() ([]Group, error) // all with members, by id
	SaveDirectoryGroup(g Group) error  // adds or replaces, with members; Conflict where another has the name
	DeleteDirectoryGroup(id string) error

	Move(id string) (Move, error)
	Moves(state MoveState, limit int) ([]Move, error) // latest first; of every state where it is empty
	SaveMove(m Move) error

	DirectoryRules() (Rules, error) // DefaultRules where none were chosen
	SaveDirectoryRules(r Rules) error

	AddDirectoryEntry(e Entry, keep int) error   // and forgets those before the latest keep
	DirectoryEntries(limit int) ([]Entry, error) // latest first
}

// scene is one write transaction with the organisation in it.
type scene struct {
	Tx
	desk  *people.Desk
	org   *people.Organisation
	rules Rules
	by    people.ID // empty: the directory
	now   time.Time
}

// change runs f in a write transaction of the directory's.
func (s *Service) change(ctx context.Context, f func(*scene) error) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		c := &scene{Tx: tx, now: s.now()}
		var err error
		if c.desk, err = s.People.Desk(tx); err != nil {
			return err
		}
		c.org = c.desk.Organisation()
		if c.rules, err = tx.DirectoryRules(); err != nil {
			return err
		}
		return f(c)
	})
}

// update runs f in a write transaction of a person who may.
func (s *Service) update(ctx context.Context, by people.ID, may func(people.Viewer) error, f func(*scene) error) error {
	return s.change(ctx, func(c *scene) error {
		v, err := c.org.Viewer(by)
		if err != nil {
			return err
		}
		if err := may(v); err != nil {
			return err
		}
		c.by = by
		return f(c)
	})
}

// organisation returns the organisation as a read transaction sees it.
func (s *Service) organisation(tx Tx) (*people.Organisation, error) {
	rev, err := tx.Revision()
	if err != nil {
		return nil, err
	}
	if org := s.People.Known(rev); org != nil {
		return org, nil
	}
	return people.ReadOrganisation(tx)
}

// Users returns every user, in the order of their ids: those of whom the directory spoke
// and did not remove, and everybody else with a mail address, so that a directory that is
// new here finds who is here already.
func (s *Service) Users(ctx context.Context) (list []User, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		org, err := s.organisation(tx)
		if err != nil {
			return err
		}
		known, err := tx.DirectoryUsers()
		if err != nil {
			return err
		}
		list = usersOf(org, known)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the users of the directory: %w", err)
	}
	return list, nil
}

func usersOf(org *people.Organisation, known []User) []User {
	list := make([]User, 0, len(org.Records))
	spoken := make(map[people.ID]bool, len(known))
	for _, u := range known {
		spoken[u.Person] = true
		if !u.Removed {
			list = append(list, u)
		}
	}
	for id, r := range org.Records {
		if !spoken[id] && r.Person.Email != "" {
			list = append(list, made(r.Person))
		}
	}
	sortBy(list, func(u User) string { return string(u.Person) })
	return list
}

// User returns one user, or NotFound.
func (s *Service) User(ctx context.Context, id people.ID) (u User, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		u, err = user(tx, id)
		return err
	})
	if err != nil {
		return User{}, fmt.Errorf("read user %s: %w", id, err)
	}
	return u, nil
}

// user returns a user whom the directory may see.
func user(tx Tx, id people.ID) (User, error) {
	u, err := tx.DirectoryUser(id)
	if err == nil && u.Removed {
		return User{}, errNoUser
	}
	if !errs.Is(err, errs.NotFound) {
		return u, err
	}
	p, err := tx.Person(id)
	if errs.Is(err, errs.NotFound) || err == nil && p.Email == "" {
		return User{}, errNoUser
	}
	if err != nil {
		return User{}, err
	}
	return made(p), nil
}

// Groups returns the groups of the directory, in the order of their ids.
func (s *Service) Groups(ctx context.Context) (list []Group, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		list, err = tx.DirectoryGroups()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the groups of the directory: %w", err)
	}
	return list, nil
}

// Group returns one group, or NotFound.
func (s *Service) Group(ctx context.Context, id string) (g Group, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		g, err = group(tx, id)
		return err
	})
	if err != nil {
		return Group{}, fmt.Errorf("read group %s: %w", id, err)
	}
	return g, nil
}

func group(tx Tx, id string) (Group, error) {
	g, err := tx.DirectoryGroup(id)
	if errs.Is(err, errs.NotFound) {
		err = errNoGroup
	}
	return g, err
}
