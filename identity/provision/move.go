// SPDX-License-Identifier: Apache-2.0

package provision

import (
	"context"
	"fmt"
	"slices"
	"time"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// MoveState is what became of a move.
type MoveState string

// The states of a move.
const (
	MoveWaits   MoveState = "waits" // for HR
	MoveMade    MoveState = "made"
	MoveDropped MoveState = "dropped"
)

// Move is somebody's going from one team to another because the directory says so. It is
// kept, so that a person's page can tell since when they are where they are.
type Move struct {
	ID       string
	Person   people.ID
	From, To MoveEnd
	Made     time.Time // when the directory said so
	State    MoveState
	Done     time.Time // zero while it waits
	By       people.ID // who confirmed or dropped it; empty: the rules
}

// MoveEnd is where a move begins or ends.
type MoveEnd struct {
	Team string // id; empty: none, or one that is made with the move
	Name string // as it was called then; empty: none
}

// moveAll moves people into a team, and others out of it.
func (c *scene) moveAll(team string, joined, left []people.ID) error {
	end := MoveEnd{team, named(c.org, team)}
	if end.Name == "" {
		return nil // the team is no more
	}
	for _, p := range joined {
		if err := c.move(p, MoveEnd{}, end); err != nil {
			return err
		}
	}
	for _, p := range left {
		if err := c.move(p, end, MoveEnd{}); err != nil {
			return err
		}
	}
	return nil
}

// followDepartment moves somebody to the team of their department, where the rules say so.
func (c *scene) followDepartment(old, u *User) error {
	if !c.rules.Departments || u.Detached || u.Removed || fold(old.Department) == fold(u.Department) && old.Known {
		return nil
	}
	end := func(department string) MoveEnd {
		if t := teamNamed(c.org, department); t != nil {
			return MoveEnd{t.ID, t.Name}
		}
		return MoveEnd{"", people.Tidy(department)}
	}
	from, to := end(old.Department), end(u.Department)
	if !old.Known || from.Team == "" {
		from = MoveEnd{}
	}
	return c.move(u.Person, from, to)
}

// move takes somebody from one team to another: at once, or once HR has said so. Somebody
// who does not work here yet is put where they belong at once; whoever is kept by hand
// stays where they are.
func (c *scene) move(p people.ID, from, to MoveEnd) error {
	u, err := c.DirectoryUser(p)
	if err != nil && !errs.Is(err, errs.NotFound) || u.Detached {
		return err
	}
	m := Move{ID: id.New(c.now), Person: p, From: from, To: to, Made: c.now, State: MoveWaits}
	if err := c.overtake(&m); err != nil {
		return err
	}
	if m.From.Name == m.To.Name || c.there(m) {
		return nil
	}
	if c.rules.Confirm && len(c.org.Records[p].Employments) > 0 {
		return c.SaveMove(m)
	}
	return c.make(m)
}

// there reports whether somebody is where a move leads already.
func (c *scene) there(m Move) bool {
	in := func(e MoveEnd) bool {
		t := team(c.org, e.Team)
		return t != nil && slices.Contains(t.Members, m.Person)
	}
	return (m.To.Name == "" || in(m.To)) && !in(m.From)
}

// overtake makes one move of m and those of the person that wait and belong to it: whoever
// leaves where they never arrived, or comes back to what they have not left yet, and a
// leaving and a joining, whichever the directory says first.
func (c *scene) overtake(m *Move) error {
	waiting, err := c.Moves(MoveWaits, 0)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		switch none := ""; {
		case w.Person != m.Person:
			continue
		case w.To.Name != none && w.To.Name == m.From.Name, m.From.Name == none && w.To.Name == none:
			m.From = w.From
		case w.From.Name != none && w.From.Name == m.To.Name, m.To.Name == none && w.From.Name == none:
			m.To = w.To
		default:
			continue
		}
		w.State, w.Done, w.By = MoveDropped, c.now, c.by
		if err := c.SaveMove(w); err != nil {
			return err
		}
	}
	return nil
}

// make makes a move and keeps it.
func (c *scene) make(m Move) error {
	if t := team(c.org, m.From.Team); t != nil && slices.Contains(t.Members, m.Person) {
		next := *t
		next.Members = without(t.Members, []people.ID{m.Person})
		if _, err := c.desk.SaveTeam(next); err != nil {
			return err
		}
	}
	if m.To.Name != "" {
		t := team(c.org, m.To.Team)
		if t == nil {
			made, err := c.teamOf(m.To.Name)
			if err != nil {
				return err
			}
			t = &made
		}
		next := *t
		next.Members = append(slices.Clone(t.Members), m.Person)
		saved, err := c.desk.SaveTeam(next)
		if err != nil {
			return err
		}
		m.To.Team = saved.ID
	}
	m.State, m.Done, m.By = MoveMade, c.now, c.by
	return c.SaveMove(m)
}

// Confirm makes a move that waits, from this moment on. It reports Forbidden unless by is
// an administrator, NotFound, and Conflict for one that waits no longer.
func (s *Service) Confirm(ctx context.Context, by people.ID, move string) error {
	return s.settle(ctx, by, move, func(c *scene, m Move) error { return c.make(m) })
}

// Drop leaves somebody where they are, whatever the directory says. It reports as Confirm.
func (s *Service) Drop(ctx context.Context, by people.ID, move string) error {
	return s.settle(ctx, by, move, func(c *scene, m Move) error {
		m.State, m.Done, m.By = MoveDropped, c.now, c.by
		return c.SaveMove(m)
	})
}

func (s *Service) settle(ctx context.Context, by people.ID, move string, f func(*scene, Move) error) error {
	err := s.update(ctx, by, people.Viewer.NeedAdministrator, func(c *scene) error {
		m, err := c.Move(move)
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.NotFound, "provision.error.no_move")
		}
		if err != nil {
			return err
		}
		if m.State != MoveWaits {
			return errs.New(errs.Conflict, "provision.error.move_settled")
		}
		return f(c, m)
	})
	if err != nil {
		return fmt.Errorf("settle move %s: %w", move, err)
	}
	return nil
}
