// SPDX-License-Identifier: Apache-2.0

package people

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"verlof/errs"
	"verlof/internal/id"
)

// Desk is the organisation inside a write transaction of one who is no person, such as
// the customer's directory. What is saved at it is held to the rules that Service holds
// people to; whether it may be saved is for whoever opens the desk to say.
type Desk struct{ c *scene }

// Desk opens one. Nobody else changes the organisation until tx ends.
func (s *Service) Desk(tx Tx) (*Desk, error) {
	if err := tx.LockOrganisation(); err != nil {
		return nil, err
	}
	org, err := ReadOrganisation(tx) // its own, so that it can be kept up with what is saved
	if err != nil {
		return nil, err
	}
	return &Desk{&scene{Tx: tx, standing: &standing{org: org}, now: s.Now()}}, nil
}

// Organisation returns the organisation with what was saved at the desk. Whom a new team
// concerns, and what somebody may of whom that was asked before, is not worked out again.
func (d *Desk) Organisation() *Organisation { return d.c.org }

// SavePerson adds a person (without an ID) or changes one, and returns them as they are
// kept. It reports as Service.SavePerson does.
func (d *Desk) SavePerson(p Person) (Person, error) {
	fresh := p.ID == ""
	if err := d.c.checkPerson(&p); err != nil {
		return Person{}, err
	}
	switch {
	case fresh:
		p.ID = ID(id.New(d.c.now))
		d.c.org.Records[p.ID] = &Record{Person: p}
		d.c.org.Order = append(d.c.org.Order, p.ID)
	case d.c.org.Records[p.ID] == nil:
		return Person{}, errNoPerson
	case !d.c.administered(&p, d.c.org.Roles):
		return Person{}, errLastAdministrator
	}
	before := d.c.org.Records[p.ID].Person
	d.c.org.Records[p.ID].Person = p
	return p, d.c.replace(before, p)
}

// SaveTeam adds a team (without an ID) or replaces one, and returns it as it is kept. It
// reports as Service.SaveTeam does.
func (d *Desk) SaveTeam(t Team) (Team, error) {
	if t.ID != "" && d.c.team(t.ID) == nil {
		return Team{}, errNoTeam
	}
	if err := d.c.checkTeam(&t); err != nil {
		return Team{}, err
	}
	if t.ID == "" {
		t.ID = id.New(d.c.now)
		d.c.org.Teams = append(d.c.org.Teams, t)
	} else {
		*d.c.team(t.ID) = t
	}
	return t, d.c.SaveTeam(t)
}

// kept reports a change of what the customer's directory keeps of a person: it would be
// undone by the directory. Somebody detaches the person first.
func kept(old, p Person) error {
	var f Faults
	for _, x := range []struct {
		field string
		same  bool
	}{
		{"given", old.GivenName == p.GivenName}, {"family", old.FamilyName == p.FamilyName}, {"email", old.Email == p.Email},
		{"number", old.Number == p.Number}, {"active", old.Active == p.Active},
	} {
		if old.Kept && !x.same {
			f = append(f, errs.New(errs.Conflict, "people.error.kept").At(x.field))
		}
	}
	return f.Err()
}

// Hire gives a person who has no contract line yet their first one, and the employment it
// begins with where there is none. The line is the employment's: Contract.From is not
// looked at. Without a location it has the person's. It reports Forbidden for those who do not keep people, NotFound for an
// unknown person, Conflict for one who has a line, and Invalid with the field.
func (s *Service) Hire(ctx context.Context, by ID, e Employment, line Contract) error {
	err := s.keep(ctx, by, func(c *scene) error {
		e, line := e, line // the function may run again
		r, err := c.record(e.Person)
		if err != nil {
			return err
		}
		if len(r.Contracts) > 0 {
			return errs.New(errs.Conflict, "people.error.has_contract")
		}
		if i := len(r.Employments) - 1; i >= 0 {
			e = r.Employments[i]
		} else {
			e.ID = id.New(c.now)
		}
		line.ID, line.Person, line.From = id.New(c.now), e.Person, e.From
		line.Location = cmp.Or(line.Location, r.Person.Location)
		var f Faults
		c.checkPlace(&f, line.Location)
		others := slices.DeleteFunc(r.Employments, func(x Employment) bool { return x.ID == e.ID })
		if err := errors.Join(f.Err(), checkEmployment(&e, others), c.checkTerms(&line)); err != nil {
			return err
		}
		if err := c.SaveEmployment(e); err != nil {
			return err
		}
		return c.SaveContract(line)
	})
	if err != nil {
		return fmt.Errorf("hire %s: %w", e.Person, err)
	}
	return nil
}
