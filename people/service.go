// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"
	"sync/atomic"
	"time"

	"verlof/calendar"
	"verlof/errs"
)

// Service is what people may do with persons, teams and the rest of the
// organisation. Every method that takes who asks decides whether they may: it
// reports Forbidden for an act and NotFound for a thing that they may not know.
// What is changed is checked again inside the transaction that writes it.
type Service struct {
	Store Store
	Now   func() time.Time // the clock; its zone does not matter
	// Foreseen says that what is changed through this service is shown before, and
	// corrects leave that is approved: so the hours of a pattern in use may change.
	Foreseen bool

	known atomic.Pointer[standing]
}

// standing is what changes seldom. It is shared and never modified.
type standing struct {
	revision int64
	org      *Organisation
}

// scene is one transaction with who acts in it.
type scene struct {
	Tx
	*standing
	viewer   Viewer
	now      time.Time
	foreseen bool
}

// read returns the standing of this moment, in a read transaction that f may go
// on with.
func (s *Service) read(ctx context.Context, f func(Tx, *standing) error) error {
	return s.Store.View(ctx, func(tx Tx) error {
		known, err := s.standing(tx)
		if err != nil {
			return err
		}
		s.known.Store(known) // committed, so that every later reader may use it
		return f(tx, known)
	})
}

// view runs f in a read transaction in the name of by.
func (s *Service) view(ctx context.Context, by ID, f func(*scene) error) error {
	return s.read(ctx, func(tx Tx, known *standing) error {
		c, err := s.scene(tx, known, by)
		if err != nil {
			return err
		}
		return f(c)
	})
}

// keep runs f in a write transaction in the name of somebody who keeps people. Nobody else
// changes the organisation meanwhile.
func (s *Service) keep(ctx context.Context, by ID, f func(*scene) error) error {
	return s.update(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(KeepPeople); err != nil {
			return err
		}
		return f(c)
	})
}

// update runs f in a write transaction in the name of by. What it reads of the
// standing is not kept: it may hold changes that are never committed.
func (s *Service) update(ctx context.Context, by ID, f func(*scene) error) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.LockOrganisation(); err != nil {
			return err
		}
		if err := Expected(ctx, tx); err != nil {
			return err
		}
		known, err := s.standing(tx)
		if err != nil {
			return err
		}
		c, err := s.scene(tx, known, by)
		if err != nil {
			return err
		}
		return f(c)
	})
}

func (s *Service) scene(tx Tx, known *standing, by ID) (*scene, error) {
	v, err := known.org.Viewer(by)
	if err != nil {
		return nil, err
	}
	return &scene{Tx: tx, standing: known, viewer: v, now: s.Now(), foreseen: s.Foreseen}, nil
}

// standing returns the standing as a transaction sees it: the known one while its
// revision is the same.
func (s *Service) standing(tx Tx) (*standing, error) {
	rev, err := tx.Revision()
	if err != nil {
		return nil, err
	}
	if k := s.known.Load(); k != nil && k.revision == rev {
		return k, nil
	}
	org, err := ReadOrganisation(tx)
	if err != nil {
		return nil, err
	}
	return &standing{revision: rev, org: org}, nil
}

// Known returns the organisation as it is at a revision where that is known
// already, else nil: so that who stands on people need not read and keep it again.
func (s *Service) Known(revision int64) *Organisation {
	if s == nil {
		return nil
	}
	if k := s.known.Load(); k != nil && k.revision == revision {
		return k.org
	}
	return nil
}

// Viewer returns what a person may see and do. It reports Unauthenticated for an
// unknown person and Forbidden for an inactive one.
func (s *Service) Viewer(ctx context.Context, id ID) (Viewer, error) {
	var v Viewer
	err := s.view(ctx, id, func(c *scene) error {
		v = c.viewer
		return nil
	})
	return v, err
}

// Organisation returns everybody and everything that changes seldom. It asks
// nobody whether they may: what is shown of it is for its reader to decide.
func (s *Service) Organisation(ctx context.Context) (*Organisation, error) {
	var o *Organisation
	err := s.read(ctx, func(_ Tx, known *standing) error {
		o = known.org
		return nil
	})
	return o, err
}

// Settings returns the customer's settings, which everybody may know.
func (s *Service) Settings(ctx context.Context) (Settings, error) {
	var out Settings
	err := s.read(ctx, func(_ Tx, known *standing) error {
		out = known.org.Settings
		return nil
	})
	return out, err
}

// People returns those whom by may see, by name, and of each what by may see, with where they work today: oneself, those
// who share a team, those whom by leads, and those whom by may see by a role.
func (s *Service) People(ctx context.Context, by ID) ([]Person, error) {
	var out []Person
	err := s.view(ctx, by, func(c *scene) error {
		for _, id := range c.org.Order {
			if c.viewer.MaySeeAbsence(id) {
				out = append(out, c.viewer.Seen(c.placed(c.org.Person(id))))
			}
		}
		return nil
	})
	return out, err
}

// Leaving returns the last day of those whose last employment ends in a range of days, of all
// whose reasons by may see.
func (s *Service) Leaving(ctx context.Context, by ID, in calendar.Range) (map[ID]calendar.Date, error) {
	out := map[ID]calendar.Date{}
	err := s.view(ctx, by, func(c *scene) error {
		for id, r := range c.org.Records {
			if e, ok := r.LastEmployment(); ok && in.Contains(e.To) && c.viewer.MaySeeReason(id) {
				out[id] = e.To
			}
		}
		return nil
	})
	return out, err
}

// Teams returns the teams that by may see, by name.
func (s *Service) Teams(ctx context.Context, by ID) ([]Team, error) {
	var out []Team
	err := s.view(ctx, by, func(c *scene) error {
		for _, t := range c.org.Teams {
			if c.viewer.MaySeeTeam(t.ID) {
				out = append(out, t)
			}
		}
		return nil
	})
	return out, err
}

var (
	errNoPerson = errs.New(errs.NotFound, "people.error.no_person")
	errNoTeam   = errs.New(errs.NotFound, "people.error.no_team")
)

// Record returns a person's work. It reports NotFound unless by is that person,
// leads them or may see files.
func (s *Service) Record(ctx context.Context, by, id ID) (Record, error) {
	var out Record
	err := s.view(ctx, by, func(c *scene) error {
		r := c.org.Records[id]
		if r == nil || !c.viewer.MaySeeFile(id) {
			return errNoPerson
		}
		out = *r
		out.Person = c.viewer.Seen(c.placed(r.Person))
		return nil
	})
	return out, err
}

// placed returns a person with where they work today.
func (c *scene) placed(p Person) Person {
	p.Location = c.org.LocationOn(p.ID, c.org.Today(p.ID, c.now))
	return p
}

// Locations returns the places of work, by name, for those who see how all is set up.
func (s *Service) Locations(ctx context.Context, by ID) ([]Location, error) {
	return list(ctx, s, by, Tx.Locations)
}

// Patterns returns the working patterns, by name, for those who see how all is set up.
func (s *Service) Patterns(ctx context.Context, by ID) ([]Pattern, error) {
	return list(ctx, s, by, Tx.Patterns)
}

// OwnDays returns the days that the customer added to the public holidays, by
// date, for those who see how all is set up.
func (s *Service) OwnDays(ctx context.Context, by ID) ([]OwnDay, error) {
	return list(ctx, s, by, Tx.OwnDays)
}

func list[T any](ctx context.Context, s *Service, by ID, read func(Tx) ([]T, error)) ([]T, error) {
	var out []T
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(SeeSetup); err != nil {
			return err
		}
		var err error
		out, err = read(c.Tx)
		return err
	})
	return out, err
}
