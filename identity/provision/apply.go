// SPDX-License-Identifier: Apache-2.0

package provision

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
)

// AddUser makes a person of a new user, and returns the user as it is kept. Somebody whom
// the directory removed before, by the same name or address, comes back as who they were, unless
// it has another id for them.
// It reports Invalid with the field, and Conflict for a name, a number or an address that
// somebody else has.
func (s *Service) AddUser(ctx context.Context, u User) (User, error) {
	var added User
	err := s.change(ctx, func(c *scene) error {
		u := u // the function may run again
		if err := u.check(); err != nil {
			return err
		}
		old, err := c.former(&u)
		if err != nil {
			return err
		}
		added, err = c.follow(old, u)
		return err
	})
	if err != nil {
		return User{}, fmt.Errorf("add a user: %w", err)
	}
	return added, nil
}

// former returns the removed user who comes back as u; the zero User where nobody does: who has
// another id in the directory is another person, unless people here have let the old one in again.
// It reports Conflict where the name is somebody's, and where the address is that of such another.
func (c *scene) former(u *User) (User, error) {
	known, err := c.DirectoryUsers()
	if err != nil {
		return User{}, err
	}
	mail, _ := people.ParseEmail(u.Mail())
	for _, x := range usersOf(c.org, known) {
		if x.Folded() == u.Folded() {
			return User{}, errTaken
		}
	}
	var stranger error
	for _, x := range known {
		p := c.org.Person(x.Person)
		same := mail != "" && p.Email == mail
		switch {
		case !x.Removed || !same && x.Folded() != u.Folded():
		case !p.Active && u.External != "" && x.External != "" && u.External != x.External:
			if same {
				stranger = errStranger
			}
		default:
			return x, nil
		}
	}
	return User{}, stranger
}

// ChangeUser changes a user as f says, which is given the user of this moment, and returns
// them as they are kept. It reports NotFound, what f does, and as AddUser.
func (s *Service) ChangeUser(ctx context.Context, id people.ID, f func(User) (User, error)) (User, error) {
	var changed User
	err := s.change(ctx, func(c *scene) error {
		old, err := user(c, id)
		if err != nil {
			return err
		}
		u, err := f(old)
		if err != nil {
			return err
		}
		if err := u.check(); err != nil {
			return err
		}
		changed, err = c.follow(old, u)
		return err
	})
	if err != nil {
		return User{}, fmt.Errorf("change user %s: %w", id, err)
	}
	return changed, nil
}

// RemoveUser takes a user out of the directory. The person stays with all that is kept of
// them, and is out at once. It reports NotFound, Conflict for the last administrator, and what may
// does, which is given the user of this moment.
func (s *Service) RemoveUser(ctx context.Context, id people.ID, may func(User) error) error {
	err := s.change(ctx, func(c *scene) error {
		old, err := user(c, id)
		if err == nil {
			err = may(old)
		}
		if err != nil {
			return err
		}
		u := old
		u.Active, u.Removed = false, true
		if err := c.leaveGroups(id); err != nil {
			return err
		}
		_, err = c.follow(old, u)
		return err
	})
	if err != nil {
		return fmt.Errorf("remove user %s: %w", id, err)
	}
	return nil
}

// leaveGroups takes a person out of every group of the directory.
func (c *scene) leaveGroups(id people.ID) error {
	groups, err := c.DirectoryGroups()
	if err != nil {
		return err
	}
	for _, g := range groups {
		if i := slices.Index(g.Members, id); i >= 0 {
			next := g
			next.Members = slices.Delete(slices.Clone(g.Members), i, i+1)
			if _, err := c.followGroup(g, next); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow keeps what the directory says of a user and lets the person follow. old is the
// user before; the zero User for a new one.
func (c *scene) follow(old, u User) (User, error) {
	u.Person, u.Detached, u.Known = old.Person, old.Detached, true
	u.Made, u.Changed, u.Since = old.Made, c.now, old.Since
	if u.Made.IsZero() {
		u.Made = c.now
	}
	if u.Since.IsZero() || u.Active != old.Active || old.Removed != u.Removed {
		u.Since = c.now
	}
	if err := c.nameFree(&u); err != nil {
		return User{}, err
	}
	was := c.org.Person(u.Person)
	p, err := c.desk.SavePerson(c.personOf(&u, was))
	if err != nil {
		return User{}, atUser(err)
	}
	u.Person = p.ID
	if err := c.SaveDirectoryUser(u); err != nil {
		return User{}, err
	}
	if was.Active && !p.Active {
		if err := c.ShutOut(p.ID); err != nil {
			return User{}, err
		}
	}
	if err := c.followDepartment(&old, &u); err != nil {
		return User{}, err
	}
	if was.ID == "" && p.Active && c.rules.Invite {
		return u, identity.Welcome(c.Tx, p, c.now)
	}
	return u, nil
}

// personOf returns the person as the user has it.
func (c *scene) personOf(u *User, p people.Person) people.Person {
	switch {
	case u.Removed:
		p.Active, p.Kept = false, false
	case u.Detached:
		p.Active = u.Active
	default:
		if p = u.person(p); p.ID == "" {
			p.Location = c.location()
		}
	}
	return p
}

// location is where a new person is put: the place of the rules, else where most are.
func (c *scene) location() string {
	if c.rules.Location != "" {
		return c.rules.Location
	}
	count := map[string]int{}
	for who := range c.org.Records {
		count[c.org.LocationOn(who, c.org.Today(who, c.now))]++
	}
	best := ""
	for id := range c.org.Locations {
		if best == "" || cmp.Or(count[id]-count[best], strings.Compare(best, id)) > 0 {
			best = id
		}
	}
	return best
}

// nameFree reports Conflict where another user, or a person of whom the directory has not
// spoken, has the name.
func (c *scene) nameFree(u *User) error {
	if u.Removed {
		return nil
	}
	known, err := c.DirectoryUsers()
	if err != nil {
		return err
	}
	for _, x := range usersOf(c.org, known) {
		if x.Person != u.Person && x.Folded() == u.Folded() {
			return errTaken
		}
	}
	return nil
}

// fields are the names of a user's attributes behind those of a person's form.
var fields = map[string]string{"given": "name.givenName", "family": "name.familyName", "email": "emails", "number": "employeeNumber", "active": "active",
	"roles": "active"}

// atUser returns what is wrong with a person at the attributes of the user.
func atUser(err error) error {
	var f people.Faults
	for _, one := range errs.All(err) {
		e := errs.As(one)
		if field, ok := fields[e.Field]; ok && e.Kind != errs.Internal {
			e = e.At(field)
		}
		f = append(f, e)
	}
	return f.Err()
}

// Detach lets a person be kept by hand, or by the directory again. Their access follows
// the directory either way. It reports Forbidden unless by is an administrator, and
// NotFound for a person whom the directory does not keep.
func (s *Service) Detach(ctx context.Context, by, id people.ID, detached bool) error {
	err := s.update(ctx, by, people.Viewer.NeedAdministrator, func(c *scene) error {
		u, err := c.DirectoryUser(id)
		if errs.Is(err, errs.NotFound) || err == nil && u.Removed {
			return errNoUser
		}
		if err != nil {
			return err
		}
		u.Detached = detached
		p := c.personOf(&u, c.org.Person(id))
		p.Kept = !detached
		if _, err := c.desk.SavePerson(p); err != nil {
			return err
		}
		return c.SaveDirectoryUser(u)
	})
	if err != nil {
		return fmt.Errorf("detach %s: %w", id, err)
	}
	return nil
}
