// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/people"
)

// scene is one transaction with what every act and view starts from: who acts,
// the rules, and the people. Other types have it in a field and do not embed it: Go would
// compile each of its methods, and those of Tx, anew for every such type.
type scene struct {
	Tx
	*standing
	s      *Service
	viewer people.Viewer
	today  calendar.Date // where the viewer works
	desk   *office       // nil until office makes it
	failed error         // of what was read only when it was asked for
}

// standing is what changes seldom. It is shared and never modified.
type standing struct {
	revision int64
	book     *Rulebook
	how      *Procedure
	org      *people.Organisation
}

// view runs f in a read transaction in the name of by.
func (s *Service) view(ctx context.Context, by people.ID, f func(*scene) error) error {
	return s.Store.View(ctx, func(tx Tx) error {
		known, err := s.standing(tx)
		if err != nil {
			return err
		}
		s.known.Store(known) // committed, so that every later reader may use it
		c, err := s.scene(tx, known, by)
		if err != nil {
			return err
		}
		return c.end(f(c))
	})
}

// update runs f in a write transaction in the name of by.
func (s *Service) update(ctx context.Context, by people.ID, f func(*scene) error) error {
	return s.updateOf(ctx, by, "", f)
}

// updateOf is update with a person's leave locked (LockPerson) before anything is read, so
// that nothing has to be read twice, and what is known of the person read ahead; empty:
// nobody's. What it read of the standing is kept once it is committed: until then it may
// hold changes of others in the same commit that are never made.
func (s *Service) updateOf(ctx context.Context, by, person people.ID, f func(*scene) error) error {
	var known *standing
	err := s.Store.Update(ctx, func(tx Tx) (err error) {
		if person != "" {
			if err := tx.LockPerson(person); err != nil {
				return err
			}
			tx.ReadAhead(person)
		}
		if known, err = s.standing(tx); err != nil {
			return err
		}
		c, err := s.scene(tx, known, by)
		if err != nil {
			return err
		}
		return c.end(f(c))
	})
	if err == nil {
		s.known.Store(known)
	}
	return err
}

// end returns how a transaction ends: as f did, unless something could not be read.
func (c *scene) end(err error) error { return cmp.Or(c.failed, err) }

func (s *Service) scene(tx Tx, known *standing, by people.ID) (*scene, error) {
	v, err := known.org.Viewer(by)
	if err != nil {
		return nil, err
	}
	return &scene{Tx: tx, standing: known, s: s, viewer: v, today: known.org.Today(by, s.Now())}, nil
}

// standing returns the standing as a transaction sees it: the known one while its
// revision is the same. What others commit while it is read, which an update on PostgreSQL
// sees, has it read again, so that it is of one moment.
func (s *Service) standing(tx Tx) (*standing, error) {
	rev, err := tx.Revision()
	for err == nil {
		if k := s.known.Load(); k != nil && k.revision == rev {
			return k, nil
		}
		fresh, failed := s.readStanding(tx, rev)
		if failed != nil {
			return nil, failed
		}
		if rev, err = tx.Revision(); err == nil && rev == fresh.revision {
			return fresh, nil
		}
	}
	return nil, err
}

// lockedStanding returns the standing with the lock of the organisation held. Taking it has
// raised the revision by one: where nothing else has since it was known, nothing is read.
func (s *Service) lockedStanding(tx Tx) (*standing, error) {
	if err := tx.LockOrganisation(); err != nil {
		return nil, err
	}
	rev, err := tx.Revision()
	if err != nil {
		return nil, err
	}
	if k := s.known.Load(); k != nil && k.revision == rev-1 {
		locked := *k
		locked.revision = rev
		return &locked, nil
	}
	return s.standing(tx)
}

// readStanding reads the standing at a revision.
func (s *Service) readStanding(tx Tx, rev int64) (_ *standing, err error) {
	org := s.People.Known(rev)
	if org == nil {
		if org, err = people.ReadOrganisation(tx); err != nil {
			return nil, err
		}
	}
	book, err := ReadRulebook(tx, org, calendar.DateOf(s.Now()))
	if err != nil {
		return nil, err
	}
	how, err := readProcedure(tx)
	if err != nil {
		return nil, err
	}
	return &standing{revision: rev, book: book, how: how, org: org}, nil
}

// LockPerson is Tx.LockPerson. Where the rules were changed while it waited they are read
// again: what is decided under the lock rests on those that hold.
func (c *scene) LockPerson(id people.ID) error {
	if err := c.Tx.LockPerson(id); err != nil {
		return err
	}
	_, err := c.renew()
	return err
}

// lockEverybody is LockPerson for everybody, also who came while it waited, for those with a right, also once it has waited.
func (c *scene) lockEverybody(need people.Right) error {
	for {
		if err := c.viewer.Need(need); err != nil {
			return err
		}
		if err := c.LockPersons(slices.Sorted(maps.Keys(c.org.Records))); err != nil {
			return err
		}
		if renewed, err := c.renew(); err != nil || !renewed {
			return err
		}
	}
}

// renew reads the rules, and what the viewer may, again where they were changed; it reports whether they were.
func (c *scene) renew() (renewed bool, err error) {
	rev, err := c.Revision()
	if err != nil || rev == c.revision {
		return false, err
	}
	if c.standing, err = c.s.standing(c.Tx); err != nil {
		return true, err
	}
	c.desk = nil
	c.viewer, err = c.org.Viewer(c.viewer.ID)
	return true, err
}

// facts returns what is known of a person. It reports NotFound for an unknown
// one.
func (c *scene) facts(id people.ID) (*Facts, error) {
	f, err := c.factsToAsk(id)
	if err == nil {
		f.Closings, err = c.Closings(id)
	}
	return f, err
}

// factsToAsk returns them without the closed leave years: nothing that may be asked for rests
// on those (Facts.Closings), and what they keep is longer than everything else.
func (c *scene) factsToAsk(id people.ID) (*Facts, error) {
	r := c.org.Records[id]
	if r == nil {
		return nil, errs.New(errs.NotFound, "people.error.no_person")
	}
	f := &Facts{Record: *r, Today: c.todayOf(id)}
	c.ReadAhead(id)
	var err error
	if f.Requests, err = c.CountingRequests(id); err != nil {
		return nil, err
	}
	if f.Sickness, err = c.SicknessOf(id); err != nil {
		return nil, err
	}
	if f.Adjustments, err = c.Adjustments(id); err != nil {
		return nil, err
	}
	if f.Claims, err = c.Claims(id); err != nil {
		return nil, err
	}
	if f.Fixed, err = c.Fixed(id); err != nil {
		return nil, err
	}
	notices, err := c.Notices(id)
	f.Notices = slices.Clone(notices) // what the store gave is its own
	for i := range f.Notices {
		f.Notices[i].FillDays(c.org)
	}
	return f, err
}

// todayOf returns the date where a person works.
func (c *scene) todayOf(id people.ID) calendar.Date { return c.org.Today(id, c.s.Now()) }

// mayKnow reports NotFound for a person whose leave the viewer may not know.
func (c *scene) mayKnow(id people.ID) error {
	if c.org.Records[id] == nil || !c.viewer.MaySeeReason(id) {
		return errs.New(errs.NotFound, "people.error.no_person")
	}
	return nil
}

// records reports whether the viewer keeps the balances of a person, and so records what the
// person may not report themselves.
func (c *scene) records(id people.ID) bool { return c.viewer.NeedOver(people.KeepBalances, id) == nil }

// mayKeepBalance reports Forbidden to those who keep nobody's balances, and NotFound for a
// person whose balances the viewer does not keep.
func (c *scene) mayKeepBalance(id people.ID) error {
	if err := c.viewer.NeedAny(people.KeepBalances); err != nil {
		return err
	}
	if !c.records(id) {
		return errs.New(errs.NotFound, "people.error.no_person")
	}
	return c.mayKnow(id)
}

// knownFacts returns what is known of a person, as facts does, where the viewer may know
// of their leave.
func (c *scene) knownFacts(id people.ID) (*Facts, error) {
	if err := c.mayKnow(id); err != nil {
		return nil, err
	}
	return c.facts(id)
}

// errNoRequest is the same for a request that is not there and for one that the
// asker may not know of.
var errNoRequest = errs.New(errs.NotFound, "leave.error.no_request")

// request reads a request, and hides what is not the viewer's to know: who decides
// on a request, or has decided, may know of it, and whoever it was put to before it was
// taken back.
func (c *scene) request(id string) (Request, error) {
	r, err := c.Request(id)
	if errs.Is(err, errs.NotFound) {
		return Request{}, errNoRequest
	}
	if err != nil || c.viewer.MaySeeReason(r.Person) {
		return r, err
	}
	h, err := c.handle(&r)
	if err != nil {
		return Request{}, err
	}
	put := r.State == Withdrawn && !h.Held && slices.Contains(h.reached(), c.viewer.ID)
	if !h.MayDecide && !h.decided(c.viewer.ID) && !put {
		return Request{}, errNoRequest
	}
	return r, nil
}

// mayWithdraw reports whether the viewer may take back a request that is not
// decided: the person, and whoever asked in their name.
func (c *scene) mayWithdraw(r *Request) bool {
	return r.State == Pending && (c.viewer.ID == r.Person || c.viewer.ID == r.AskedBy)
}

// mayCancel reports whether the viewer may take back approved leave: the person
// until the day it begins, those who decide at any time. What was booked for many
// at once is not the person's to take back.
func (c *scene) mayCancel(r *Request) bool {
	began := c.todayOf(r.Person) >= r.From
	return r.State == Approved && (c.viewer.ID == r.Person && !began && r.Collective == "" || c.viewer.MayDecide(r.Person))
}

// mayName reports whether the viewer may name another substitute for leave: whoever may
// ask for the person, until it is over.
func (c *scene) mayName(r *Request) bool {
	t, _ := c.book.Type(r.Type)
	over := r.To < c.todayOf(r.Person)
	return t.Substitute != NoSubstitute && r.State.Counts() && !over && c.viewer.MayAskFor(r.Person)
}

// beside returns who else of a person's teams is away in a range of days, as far
// as the viewer may know.
func (c *scene) beside(person people.ID, in calendar.Range) ([]Absence, error) {
	mates := c.org.TeamMates(person)
	if len(mates) == 0 {
		return nil, nil
	}
	away, err := c.awayIn(in)
	if err != nil {
		return nil, err
	}
	return c.absences(away, func(r *Request) bool { return mates[r.Person] }), nil
}
