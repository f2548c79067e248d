// SPDX-License-Identifier: Apache-2.0

package provision

import (
	"context"
	"fmt"
	"time"

	"verlof/errs"
	"verlof/people"
)

// Waiting is what HR has to do for people who join, move and leave, whether the directory
// brought them, an import or somebody's hand.
type Waiting struct {
	Joiners []Joiner
	Moves   []Move // latest first
	Leavers []Leaver
	Done    []Move // the latest that wait no longer
}

// Count returns how many wait.
func (w *Waiting) Count() int { return len(w.Joiners) + len(w.Moves) + len(w.Leavers) }

// Joiner may sign in and has no contract that holds now or will.
type Joiner struct {
	Person     people.Person
	User       User              // the zero User where the directory has not spoken of them
	Employment people.Employment // that has no contract line; the zero Employment where there is none
	Again      bool              // they worked here before
}

// Leaver may not sign in any more, and has an employment without an end.
type Leaver struct {
	Person     people.Person
	User       User // as in Joiner
	Employment people.Employment
}

// doneMoves is how many moves are told that wait no longer.
const doneMoves = 20

// Waiting returns what waits, by name. It reports Forbidden unless by is an administrator.
func (s *Service) Waiting(ctx context.Context, by people.ID) (w Waiting, err error) {
	now := s.now()
	err = s.view(ctx, by, people.Viewer.NeedAdministrator, func(tx Tx, org *people.Organisation) error {
		users, err := usersByPerson(tx)
		if err != nil {
			return err
		}
		w = Waiting{}
		for _, id := range org.Order {
			r := org.Records[id]
			if j, ok := joins(org, r, users[id], now); ok {
				w.Joiners = append(w.Joiners, j)
			}
			if e, ok := leaves(org, r, now); ok {
				w.Leavers = append(w.Leavers, Leaver{r.Person, users[id], e})
			}
		}
		all, err := tx.Moves("", 0)
		for _, m := range all {
			switch {
			case m.State == MoveWaits:
				w.Moves = append(w.Moves, m)
			case len(w.Done) < doneMoves && (m.State == MoveMade || m.By != ""): // what the directory itself overtook is no news
				w.Done = append(w.Done, m)
			}
		}
		return err
	})
	if err != nil {
		return Waiting{}, fmt.Errorf("read who joins and leaves: %w", err)
	}
	return w, nil
}

func usersByPerson(tx Tx) (map[people.ID]User, error) {
	all, err := tx.DirectoryUsers()
	out := make(map[people.ID]User, len(all))
	for _, u := range all {
		out[u.Person] = u
	}
	return out, err
}

// joins reports whether a person waits for a contract: they have no line and do not only
// have worked here once, or the directory let them in after their last day.
func joins(org *people.Organisation, r *people.Record, u User, now time.Time) (Joiner, bool) {
	j := Joiner{Person: r.Person, User: u}
	today := org.Today(r.Person.ID, now)
	n := len(r.Employments)
	if n > 0 {
		j.Employment = r.Employments[n-1]
	}
	over := n > 0 && !j.Employment.To.IsZero() && j.Employment.To < today
	switch {
	case !r.Person.Active:
		return j, false
	case over:
		j.Employment, j.Again = people.Employment{}, true
		return j, u.Known && !u.Removed && u.Since.After(org.Begin(r.Person.ID, r.Employments[n-1].To.AddDays(1)))
	}
	return j, len(r.Contracts) == 0
}

// leaves returns the employment without an end of a person who is shut out.
func leaves(org *people.Organisation, r *people.Record, now time.Time) (people.Employment, bool) {
	today := org.Today(r.Person.ID, now)
	for _, e := range r.Employments {
		if !r.Person.Active && e.To.IsZero() && e.From <= today {
			return e, true
		}
	}
	return people.Employment{}, false
}

// Standing is what a person's page tells of the directory.
type Standing struct {
	User   User // the zero User where the directory has not spoken of the person
	Groups []Group
	Moves  []Move // latest first
}

// Standing returns it. It reports Forbidden unless by sees how all is set up.
func (s *Service) Standing(ctx context.Context, by, id people.ID) (st Standing, err error) {
	sees := func(v people.Viewer) error { return v.Need(people.SeeSetup) }
	err = s.view(ctx, by, sees, func(tx Tx, _ *people.Organisation) error {
		st = Standing{}
		u, err := tx.DirectoryUser(id)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err == nil {
			st.User = u
		}
		groups, err := tx.DirectoryGroups()
		if err != nil {
			return err
		}
		for _, g := range groups {
			for _, m := range g.Members {
				if m == id {
					st.Groups = append(st.Groups, g)
				}
			}
		}
		moves, err := tx.Moves("", 0)
		for _, m := range moves {
			if m.Person == id {
				st.Moves = append(st.Moves, m)
			}
		}
		return err
	})
	if err != nil {
		return Standing{}, fmt.Errorf("read what the directory says of %s: %w", id, err)
	}
	return st, nil
}
