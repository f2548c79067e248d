// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"
	"slices"
)

// Source is where a right comes from.
type Source string

// The sources.
const (
	ByRole      Source = "role"      // a role that every customer has
	ByOwnRole   Source = "own-role"  // a role of the customer's own
	ByLeading   Source = "leading"   // leading a team
	ByBelonging Source = "belonging" // being in a team
)

// Grant says what somebody may, over whom and why.
type Grant struct {
	Rights    Rights
	From      Source
	Role      string // stable name of a role that every customer has, or the name of the customer's own
	Everybody bool
	Team      Team // where not over everybody: over its members
}

// over reports whether the grant is over a person.
func (g *Grant) over(p ID) bool { return g.Everybody || slices.Contains(g.Team.Members, p) }

// Access is what somebody may see and do about a person, and why.
type Access struct {
	Person Person // who may
	Grants []Grant
}

// Rights returns all that they may.
func (a *Access) Rights() Rights {
	var out Rights
	for _, g := range a.Grants {
		out |= g.Rights
	}
	return out
}

// Grants returns what a person may, over whom and why: roles first, then the customer's own,
// then teams. It agrees with Viewer, which decides.
func (o *Organisation) Grants(id ID) []Grant {
	p := o.Person(id)
	var out []Grant
	for _, r := range p.Roles.Each() {
		out = append(out, Grant{Rights: r.Rights() & p.ceiling(), From: ByRole, Role: r.Names()[0], Everybody: true})
	}
	for i := range o.Roles {
		if r := &o.Roles[i]; r.heldBy(&p) {
			for _, g := range o.grantsOf(r) {
				g.Rights &= p.ceiling()
				out = append(out, g)
			}
		}
	}
	for _, t := range o.teamsOf[id] {
		if slices.Contains(t.Managers, id) {
			out = append(out, Grant{Rights: managerRights, From: ByLeading, Team: t})
		}
	}
	for _, t := range o.teamsOf[id] {
		if slices.Contains(t.Members, id) {
			out = append(out, Grant{Rights: teamRights, From: ByBelonging, Team: t})
		}
	}
	return out
}

func (o *Organisation) grantsOf(r *Role) []Grant {
	if r.Everybody {
		return []Grant{{Rights: r.allows(), From: ByOwnRole, Role: r.Name, Everybody: true}}
	}
	var out []Grant
	for _, t := range o.Teams {
		if r.over(t.ID) {
			out = append(out, Grant{Rights: r.allows() & overPersons, From: ByOwnRole, Role: r.Name, Team: t})
		}
	}
	return out
}

// accesses returns who else may see or do anything about a person, by name.
func (o *Organisation) accesses(of ID) []Access {
	var out []Access
	for _, id := range o.everybody() {
		a := Access{Person: o.Person(id)}
		if id == of || !a.Person.Active {
			continue
		}
		for _, g := range o.Grants(id) {
			if g.Rights &= overPersons; g.Rights != 0 && g.over(of) {
				a.Grants = append(a.Grants, g)
			}
		}
		if len(a.Grants) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// Grants returns what a person may, over whom and why. Who may see the record may ask, and
// everybody about themselves; others get NotFound.
func (s *Service) Grants(ctx context.Context, by, id ID) ([]Grant, error) {
	var out []Grant
	err := s.aboutAccess(ctx, by, id, func(o *Organisation) { out = o.Grants(id) })
	return out, err
}

// Accesses returns who else may see or do anything about a person, by name, and why. It
// reports as Grants does.
func (s *Service) Accesses(ctx context.Context, by, id ID) ([]Access, error) {
	var out []Access
	err := s.aboutAccess(ctx, by, id, func(o *Organisation) { out = o.accesses(id) })
	return out, err
}

// AllGrants returns what everybody may who is active, by name. It reports Forbidden for those
// who may not see the record.
func (s *Service) AllGrants(ctx context.Context, by ID) ([]Access, error) {
	var out []Access
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(SeeRecord); err != nil {
			return err
		}
		for _, id := range c.org.active(c.org.everybody()) {
			out = append(out, Access{c.org.Person(id), c.org.Grants(id)})
		}
		return nil
	})
	return out, err
}

func (s *Service) aboutAccess(ctx context.Context, by, id ID, look func(*Organisation)) error {
	return s.view(ctx, by, func(c *scene) error {
		if c.org.Person(id).ID == "" || id != by && !c.viewer.Has(SeeRecord) {
			return errNoPerson
		}
		look(c.org)
		return nil
	})
}
