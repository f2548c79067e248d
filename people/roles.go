// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"
	"fmt"
	"slices"

	"verlof/errs"
	"verlof/internal/id"
)

// MaxAbout is how long the text on what a role is for may be, in characters.
const MaxAbout = 300

var (
	errNotYours          = errs.New(errs.Conflict, "people.error.not_yours_to_give")
	errNoRole            = errs.New(errs.NotFound, "people.error.no_role")
	errLastAdministrator = errs.New(errs.Conflict, "people.error.last_administrator").At("roles")
)

// Roles returns the customer's own roles, by name. It reports Forbidden for those who may
// not see how all is set up.
func (s *Service) Roles(ctx context.Context, by ID) ([]Role, error) {
	return list(ctx, s, by, Tx.CustomRoles)
}

// SaveRole adds a role (without an id) or replaces one, and returns its id. It reports
// Forbidden for those who do not keep roles, NotFound for an unknown role, Invalid with the
// field, and Conflict for a name that another has and for a right that is not by's to give or
// to take.
func (s *Service) SaveRole(ctx context.Context, by ID, r Role) (string, error) {
	var saved string
	err := s.keepRoles(ctx, by, func(c *scene) error {
		r := r
		before := &Role{Everybody: r.Everybody, Teams: r.Teams}
		if r.ID == "" {
			r.ID = id.New(c.now)
		} else if before = c.role(r.ID); before == nil {
			return errNoRole
		}
		if err := c.checkRole(&r); err != nil {
			return err
		}
		changed := before.allows() ^ r.allows()
		if before.Everybody != r.Everybody || !slices.Equal(before.Teams, r.Teams) {
			changed = before.allows() | r.allows()
		}
		if err := c.mayChange("rights", changed, r.heldBy(&c.viewer.Person)); err != nil {
			return err
		}
		roles := append(slices.DeleteFunc(slices.Clone(c.org.Roles), func(o Role) bool { return o.ID == r.ID }), r)
		if !c.administered(&c.viewer.Person, roles) {
			return errs.New(errs.Conflict, "people.error.last_administrator").At("rights")
		}
		saved = r.ID
		return c.SaveCustomRole(r)
	})
	if err != nil {
		return "", fmt.Errorf("save role %s: %w", r.ID, err)
	}
	return saved, nil
}

// DeleteRole removes a role that nobody holds. It reports NotFound for an unknown one and
// Conflict while somebody holds it.
func (s *Service) DeleteRole(ctx context.Context, by ID, role string) error {
	err := s.keepRoles(ctx, by, func(c *scene) error {
		r := c.role(role)
		if r == nil {
			return errNoRole
		}
		n := 0
		for _, rec := range c.org.Records {
			if r.heldBy(&rec.Person) {
				n++
			}
		}
		for i := range c.org.Guests {
			if r.heldBy(&c.org.Guests[i]) {
				n++
			}
		}
		if n > 0 {
			return errs.New(errs.Conflict, "people.error.role_held", "count", n)
		}
		return c.DeleteCustomRole(role)
	})
	if err != nil {
		return fmt.Errorf("delete role %s: %w", role, err)
	}
	return nil
}

// keepRoles runs f in a write transaction in the name of somebody who keeps roles.
func (s *Service) keepRoles(ctx context.Context, by ID, f func(*scene) error) error {
	return s.update(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(KeepRoles); err != nil {
			return err
		}
		return f(c)
	})
}

// checkRole tidies a role and notes what is wrong with it.
func (c *scene) checkRole(r *Role) error {
	var f Faults
	f.Name("name", &r.Name)
	r.About = Tidy(r.About)
	f.short("about", r.About, MaxAbout)
	if slices.ContainsFunc(c.org.Roles, func(o Role) bool { return o.ID != r.ID && sameName(o.Name, r.Name) }) {
		f = append(f, nameTaken)
	}
	if r.Rights &= AllRights; r.Rights == 0 {
		f.Add("rights", "people.error.rights_missing")
	}
	if r.Everybody {
		r.Teams = nil
		return f.Err()
	}
	r.Teams = once(r.Teams)
	for w := range r.allows().All() {
		if !w.OverPersons() {
			f.Add("rights", "people.error.right_of_all")
			break
		}
	}
	switch {
	case len(r.Teams) == 0:
		f.Add("teams", "people.error.teams_missing")
	case slices.ContainsFunc(r.Teams, func(id string) bool { return c.team(id) == nil }):
		f.Add("teams", "people.error.no_team")
	}
	return f.Err()
}

// mayGive returns the rights that are the viewer's to give and to take, to themselves or to
// others: those that they have. Sickness is followed by those whom an administrator names,
// who need not follow it themselves; themselves they name only where nobody else could.
func (c *scene) mayGive(themselves bool) Rights {
	may := c.viewer.wide
	if c.viewer.IsAdministrator() && (!themselves || len(c.org.Holders(Administrator.Rights())) == 1) {
		may |= Set(FollowSickness)
	}
	return may
}

// mayChange reports Conflict, at a field, where some rights are not the viewer's to give and
// to take.
func (c *scene) mayChange(field string, rights Rights, themselves bool) error {
	if c.mayGive(themselves).Covers(rights) {
		return nil
	}
	return errNotYours.At(field)
}

// checkGiving reports Conflict, at the field, for a change from before to after that the viewer
// may not make: giving or taking a role that is not theirs to give, and choosing the mail
// address of, or shutting out, somebody else who has more rights than they have. Whoever reads
// an account's mail can sign in to it.
func (c *scene) checkGiving(before, after *Person) error {
	themselves := after.ID == c.viewer.ID
	takesOver := before.Email != after.Email || before.Active && !after.Active
	if takesOver && !themselves && !c.mayGive(false).Covers(c.all(before)) || before.Email != after.Email && !themselves && c.mayMoreOver(before) {
		return errs.New(errs.Conflict, "people.error.may_more").At("email")
	}
	changed := (before.Roles ^ after.Roles).Rights()
	moved := before.Roles != after.Roles
	for i := range c.org.Roles {
		if r := &c.org.Roles[i]; r.heldBy(before) != r.heldBy(after) {
			moved = true
			changed |= r.allows()
		}
	}
	if !moved {
		return nil
	}
	if err := c.viewer.Need(KeepRoles); err != nil {
		return err
	}
	return c.mayChange("roles", changed, themselves)
}

// mayMoreOver reports whether a person has a right over somebody else, as one who leads them does, that the viewer does not have.
func (c *scene) mayMoreOver(p *Person) bool {
	for who, may := range NewViewer(*p, c.org.Teams, c.org.Roles...).over {
		if who != p.ID && may&^(c.viewer.over[who]|c.viewer.wide) != 0 {
			return true
		}
	}
	return false
}

// Delicate reports whether a change of a person is one that takes a fresh proof of who makes it: other
// roles, or another mail address of somebody who holds any. Whoever reads an account's mail can sign
// in to it.
func Delicate(before, after Person) bool {
	had, has := once(before.Held()), once(after.Held())
	if len(had) == 0 && len(has) == 0 {
		return false
	}
	email, _ := ParseEmail(after.Email)
	return !slices.Equal(had, has) || email != before.Email
}

// all returns every right that a person has by a role, over whomever.
func (c *scene) all(p *Person) Rights {
	out := p.Roles.Rights()
	for i := range c.org.Roles {
		if r := &c.org.Roles[i]; r.heldBy(p) {
			out |= r.allows()
		}
	}
	return out
}

// checkLeading reports Conflict where the viewer, who keeps teams, would get by one a right
// over somebody that they do not have.
func (c *scene) checkLeading(t *Team) error {
	teams := append(slices.DeleteFunc(slices.Clone(c.org.Teams), func(o Team) bool { return o.ID == t.ID }), *t)
	then := NewViewer(c.viewer.Person, teams, c.org.Roles...)
	for p, may := range then.over {
		if gained := may &^ (c.viewer.over[p] | c.viewer.wide); gained != 0 && p != c.viewer.ID {
			return errNotYours.At("managers")
		}
	}
	return nil
}

// administered reports whether there is an active administrator once p is saved and the
// customer's own roles are these.
func (c *scene) administered(p *Person, roles []Role) bool {
	keeps := func(p *Person) bool { return p.Active && everywhere(p, roles).Covers(Administrator.Rights()) }
	if keeps(p) {
		return true
	}
	for id, r := range c.org.Records {
		if id != p.ID && keeps(&r.Person) {
			return true
		}
	}
	return false
}

// role returns the customer's own role with an id, or nil. It is not to be modified.
func (c *scene) role(id string) *Role {
	i := slices.IndexFunc(c.org.Roles, func(r Role) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &c.org.Roles[i]
}
