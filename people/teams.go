// SPDX-License-Identifier: Apache-2.0

package people

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"verlof/internal/id"
)

// SaveTeam adds a team (without an id) or replaces one with its members and
// managers, and returns its id. It reports NotFound for an unknown team, Invalid
// for a name that is missing and for persons that do not exist, Conflict for
// a name that another team has, and where by would get a right over somebody by it.
func (s *Service) SaveTeam(ctx context.Context, by ID, t Team) (string, error) {
	var saved string
	err := s.keep(ctx, by, func(c *scene) error {
		t := t
		if t.ID != "" && c.team(t.ID) == nil {
			return errNoTeam
		}
		if err := c.checkTeam(&t); err != nil {
			return err
		}
		if t.ID == "" {
			t.ID = id.New(c.now)
		}
		if err := c.checkLeading(&t); err != nil {
			return err
		}
		saved = t.ID
		return c.SaveTeam(t)
	})
	if err != nil {
		return "", fmt.Errorf("save team %s: %w", t.ID, err)
	}
	return saved, nil
}

// DeleteTeam removes a team; its people stay. It reports NotFound for an unknown
// one.
func (s *Service) DeleteTeam(ctx context.Context, by ID, team string) error {
	err := s.keep(ctx, by, func(c *scene) error {
		if c.team(team) == nil {
			return errNoTeam
		}
		return c.DeleteTeam(team)
	})
	if err != nil {
		return fmt.Errorf("delete team %s: %w", team, err)
	}
	return nil
}

func (c *scene) checkTeam(t *Team) error {
	var f Faults
	f.Name("name", &t.Name)
	for _, o := range c.org.Teams {
		if o.ID != t.ID && sameName(o.Name, t.Name) {
			f = append(f, nameTaken)
		}
	}
	t.Members, t.Managers = once(t.Members), once(t.Managers)
	unknown := func(p ID) bool { return c.org.Records[p] == nil }
	if slices.ContainsFunc(t.Managers, unknown) {
		f.Add("managers", "people.error.no_person")
	}
	if slices.ContainsFunc(t.Members, unknown) {
		f.Add("members", "people.error.no_person")
	}
	return f.Err()
}

// once returns ids without repetitions, in order.
func once[T cmp.Ordered](ids []T) []T { return slices.Compact(slices.Sorted(slices.Values(ids))) }

// team returns the team with an id, or nil. It is not to be modified.
func (c *scene) team(id string) *Team {
	i := slices.IndexFunc(c.org.Teams, func(t Team) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return &c.org.Teams[i]
}
