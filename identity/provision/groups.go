// SPDX-License-Identifier: Apache-2.0

package provision

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/internal/order"
	"verlof/people"
)

var errGroupTaken = errs.New(errs.Conflict, "provision.error.group_taken").At("displayName")

// AddGroup keeps a new group, and makes the team of its name of it where the rules say so.
// It reports Invalid with the field, and Conflict for a name that another group has.
func (s *Service) AddGroup(ctx context.Context, g Group) (Group, error) {
	var added Group
	err := s.change(ctx, func(c *scene) error {
		next := g
		next.ID, next.Made, next.Use = id.New(c.now), c.now, Use{}
		if c.rules.Groups {
			t, err := c.teamOf(next.Name)
			if err != nil {
				return err
			}
			next.Use = Use{Purpose: Members, Team: t.ID}
		}
		var err error
		added, err = c.followGroup(Group{}, next)
		return err
	})
	if err != nil {
		return Group{}, fmt.Errorf("add a group: %w", err)
	}
	return added, nil
}

// ChangeGroup changes a group as f says, which is given the group of this moment, and
// returns it as it is kept. It reports NotFound, what f does, and as AddGroup.
func (s *Service) ChangeGroup(ctx context.Context, id string, f func(Group) (Group, error)) (Group, error) {
	var changed Group
	err := s.change(ctx, func(c *scene) error {
		old, err := group(c, id)
		if err != nil {
			return err
		}
		g, err := f(old)
		if err != nil {
			return err
		}
		g.ID, g.Made, g.Use = old.ID, old.Made, old.Use
		changed, err = c.followGroup(old, g)
		return err
	})
	if err != nil {
		return Group{}, fmt.Errorf("change group %s: %w", id, err)
	}
	return changed, nil
}

// RemoveGroup forgets a group: its members lose what it gave them. The team stays. It
// reports NotFound, and what may does, which is given the group of this moment.
func (s *Service) RemoveGroup(ctx context.Context, id string, may func(Group) error) error {
	err := s.change(ctx, func(c *scene) error {
		old, err := group(c, id)
		if err == nil {
			err = may(old)
		}
		if err != nil {
			return err
		}
		empty := old
		empty.Members = nil
		if _, err := c.followGroup(old, empty); err != nil {
			return err
		}
		return c.DeleteDirectoryGroup(id)
	})
	if err != nil {
		return fmt.Errorf("remove group %s: %w", id, err)
	}
	return nil
}

// UseGroup says what belonging to a group means. Its members lose what it gave them, and
// are given the other. It reports Forbidden unless by is an administrator, Invalid with
// the field, and NotFound.
func (s *Service) UseGroup(ctx context.Context, by people.ID, id string, use Use) error {
	err := s.update(ctx, by, people.Viewer.NeedAdministrator, func(c *scene) error {
		old, err := group(c, id)
		if err != nil {
			return err
		}
		use := use
		if err := use.check(c.org); err != nil || use == old.Use {
			return err
		}
		empty, full := old, old
		empty.Members = nil
		if _, err := c.followGroup(old, empty); err != nil {
			return err
		}
		empty.Use, full.Use = use, use
		_, err = c.followGroup(empty, full)
		return err
	})
	if err != nil {
		return fmt.Errorf("use group %s: %w", id, err)
	}
	return nil
}

// followGroup keeps a group and gives those who joined it, and takes from those who left,
// what belonging to it means.
func (c *scene) followGroup(old, g Group) (Group, error) {
	if err := g.check(c.org); err != nil {
		return Group{}, err
	}
	all, err := c.DirectoryGroups()
	if err != nil {
		return Group{}, err
	}
	others := slices.DeleteFunc(all, func(o Group) bool { return o.ID == g.ID })
	if slices.ContainsFunc(others, func(o Group) bool { return o.Folded() == g.Folded() }) {
		return Group{}, errGroupTaken
	}
	g.Changed = c.now
	if err := c.SaveDirectoryGroup(g); err != nil {
		return Group{}, err
	}
	joined, left := without(g.Members, old.Members), without(old.Members, g.Members)
	given := func(p people.ID) bool { // by another group too
		return slices.ContainsFunc(others, func(o Group) bool { return o.Use == g.Use && slices.Contains(o.Members, p) })
	}
	left = slices.DeleteFunc(left, given)
	switch g.Purpose {
	case Members:
		return g, c.moveAll(g.Team, joined, left)
	case Leaders:
		return g, c.lead(g.Team, joined, left)
	case Role:
		return g, c.give(g.Role, joined, left)
	}
	return g, nil
}

// without returns those of a who are not in b.
func without(a, b []people.ID) []people.ID {
	in := make(map[people.ID]bool, len(b))
	for _, p := range b {
		in[p] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(p people.ID) bool { return in[p] })
}

// lead lets some lead a team, and others no longer. A team that is no more leads nobody.
func (c *scene) lead(id string, joined, left []people.ID) error {
	t := team(c.org, id)
	if t == nil {
		return nil
	}
	next := *t
	next.Managers = append(without(t.Managers, left), joined...)
	_, err := c.desk.SaveTeam(next)
	return err
}

// give gives some a role, and takes it from others.
func (c *scene) give(name string, joined, left []people.ID) error {
	role, ok := people.ParseRole(name)
	if !ok {
		return nil
	}
	for _, id := range joined {
		p := c.org.Person(id)
		if p.Roles |= role; p.Roles != c.org.Person(id).Roles {
			if _, err := c.desk.SavePerson(p); err != nil {
				return atUser(err)
			}
		}
	}
	for _, id := range left {
		p := c.org.Person(id)
		if p.Roles &^= role; p.Roles != c.org.Person(id).Roles {
			if _, err := c.desk.SavePerson(p); err != nil {
				return atUser(err)
			}
		}
	}
	return nil
}

// teamOf returns the team with a name, which it makes where there is none.
func (c *scene) teamOf(name string) (people.Team, error) {
	if t := teamNamed(c.org, name); t != nil {
		return *t, nil
	}
	return c.desk.SaveTeam(people.Team{Name: name})
}

func sortBy[T any](list []T, key func(T) string) {
	order.By(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// named returns the name of a team, empty where there is none.
func named(org *people.Organisation, id string) string {
	if t := team(org, id); t != nil {
		return t.Name
	}
	return ""
}
