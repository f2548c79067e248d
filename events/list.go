// SPDX-License-Identifier: Apache-2.0

package events

import (
	"context"
	"slices"

	"verlof/errs"
	"verlof/people"
)

// Query is which events are asked for.
type Query struct {
	After int64  // the number of the last one that is known
	Types Filter // empty: all
	Areas []Area // what the caller's token opens
	Most  int
}

// atOnce is how many events are numbered, read or forgotten by one transaction.
const atOnce = 500

// List returns events in the order in which the changes were made, and the number of the
// last that was looked at, from which to go on. It reports Forbidden for anybody but
// those who see the record of changes or keep the programs, who hear of all but sickness, and
// those who follow everybody's sickness, who hear of that. It reports
// Invalid for a type that there is not, and for a number that no event has had: whoever
// went on from it would miss those to come, as after a database was put back.
func (s *Service) List(ctx context.Context, by people.ID, q Query) ([]Event, int64, error) {
	if one, bad := q.Types.unknown(); bad {
		return nil, 0, errs.New(errs.Invalid, "events.error.type", "type", one).At("type")
	}
	areas, err := s.areas(ctx, by)
	if err != nil {
		return nil, 0, err
	}
	if err := s.number(ctx); err != nil && !errs.Is(err, errs.Unavailable) {
		return nil, 0, err // nothing can be written at the moment: what has no number yet is told of later
	}
	wanted := func(e Event) bool {
		area := types[e.Type].Area
		return q.Types.Takes(e.Type) && slices.Contains(areas, area) && slices.Contains(q.Areas, area)
	}
	var out []Event
	last := q.After
	err = s.Store.View(ctx, func(tx Tx) error {
		if head, err := tx.EventHead(); err != nil {
			return err
		} else if q.After > head {
			return errs.New(errs.Invalid, "events.error.cursor").At("after")
		}
		for len(out) < q.Most {
			list, err := tx.EventsAfter(last, s.now().Add(-Kept), atOnce)
			if err != nil || len(list) == 0 {
				return err
			}
			for _, e := range list {
				if len(out) == q.Most {
					return nil
				}
				if last = e.Number; wanted(e) {
					out = append(out, e)
				}
			}
		}
		return nil
	})
	return out, last, err
}

// areas returns of which areas somebody hears.
func (s *Service) areas(ctx context.Context, by people.ID) ([]Area, error) {
	org, err := s.People.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	v, err := org.Viewer(by)
	if err != nil {
		return nil, err
	}
	var list []Area
	if v.Has(people.FollowSickness) {
		list = append(list, OfSickness)
	}
	if v.Has(people.SeeRecord) || v.Has(people.KeepSignIn) {
		return append(list, OfLeave, OfPeople, OfPolicies, OfClients), nil
	}
	if list == nil {
		return nil, errs.New(errs.Forbidden, "events.error.forbidden")
	}
	return list, nil
}

// number gives events their numbers, in transactions of their own after the changes were
// committed: so a number that is there never waits for a smaller one to appear.
func (s *Service) number(ctx context.Context) error {
	for {
		more := false
		err := s.Store.View(ctx, func(tx Tx) (err error) {
			more, err = tx.Unnumbered()
			return err
		})
		if err != nil || !more {
			return err
		}
		if err := s.Store.Update(ctx, s.numberSome); err != nil {
			return err
		}
	}
}
