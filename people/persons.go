// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"verlof/internal/id"
)

// Newcomer is a person who is added, with their first employment and contract
// line. The ids are given by the service, the line begins with the employment and is
// of the person's location, and the person is active.
type Newcomer struct {
	Person     Person
	Employment Employment
	Contract   Contract
	Teams      []string // ids of teams they join as members
}

// AddPerson adds a person and returns their id. It reports Forbidden for those who
// do not keep people, and Invalid or Conflict with the field: a role that is not by's to give
// is a Conflict.
func (s *Service) AddPerson(ctx context.Context, by ID, n Newcomer) (ID, error) {
	var added ID
	err := s.keep(ctx, by, func(c *scene) error {
		n := n // the function may run again
		c.giveIDs(&n)
		added = n.Person.ID
		if err := c.checkNewcomer(&n); err != nil {
			return err
		}
		if err := c.checkGiving(&Person{ID: n.Person.ID}, &n.Person); err != nil {
			return err
		}
		return c.add(n)
	})
	if err != nil {
		return "", fmt.Errorf("add person: %w", err)
	}
	return added, nil
}

// giveIDs gives the newcomer and what belongs to them their ids.
func (c *scene) giveIDs(n *Newcomer) {
	n.Person.ID, n.Person.Active = ID(id.New(c.now)), true
	n.Employment.ID, n.Employment.Person = id.New(c.now), n.Person.ID
	n.Contract.ID, n.Contract.Person, n.Contract.From = id.New(c.now), n.Person.ID, n.Employment.From
	n.Contract.Location = n.Person.Location
}

func (c *scene) checkNewcomer(n *Newcomer) error {
	var f Faults
	if err := c.checkPerson(&n.Person); err != nil {
		f = append(f, err)
	}
	if err := checkEmployment(&n.Employment, nil); err != nil {
		f = append(f, err)
	}
	if err := c.checkTerms(&n.Contract); err != nil {
		f = append(f, err)
	}
	for _, team := range n.Teams {
		if c.team(team) == nil {
			f.Add("team", "people.error.no_team")
		}
	}
	return f.Err()
}

func (c *scene) add(n Newcomer) error {
	if err := c.SavePerson(n.Person); err != nil {
		return err
	}
	if err := c.SaveEmployment(n.Employment); err != nil {
		return err
	}
	if err := c.SaveContract(n.Contract); err != nil {
		return err
	}
	for _, team := range slices.Compact(slices.Sorted(slices.Values(n.Teams))) {
		t := *c.team(team)
		t.Members = append(slices.Clone(t.Members), n.Person.ID)
		if err := c.SaveTeam(t); err != nil {
			return err
		}
	}
	return nil
}

// SavePerson changes a person: all of it but the id, and who keeps it. Where somebody works who
// has a contract line, their lines say, from a day on each: Location is then empty or the one of
// today, and any other is Invalid. Somebody who may not
// sign in any more is out at once, and stays out of what they had open when they may again; with
// another mail address go the links that were sent to the one before. It reports NotFound for an
// unknown person, and Conflict for what the customer's directory keeps, for a number or a mail
// address that is somebody else's, for a change that gives or takes a right that by lacks, and
// where the customer would be left without an administrator who may sign in.
func (s *Service) SavePerson(ctx context.Context, by ID, p Person) error {
	err := s.keep(ctx, by, func(c *scene) error {
		p := p
		before := c.org.Records[p.ID]
		if before == nil {
			return errNoPerson
		}
		p.Kept = before.Person.Kept
		if err := errors.Join(c.staysPut(before, &p), c.checkPerson(&p), kept(before.Person, p)); err != nil {
			return err
		}
		if err := c.checkGiving(&before.Person, &p); err != nil {
			return err
		}
		if !c.administered(&p, c.org.Roles) {
			return errLastAdministrator
		}
		if before.Person.Active && !p.Active {
			if err := c.ShutOut(p.ID); err != nil {
				return err
			}
		}
		return c.replace(before.Person, p)
	})
	if err != nil {
		return fmt.Errorf("save person %s: %w", p.ID, err)
	}
	return nil
}

// staysPut keeps a person's own location, and reports another one than where they work today, of
// whoever has a contract line.
func (c *scene) staysPut(r *Record, p *Person) error {
	if len(r.Contracts) == 0 {
		return nil
	}
	var f Faults
	if p.Location != "" && p.Location != c.placed(r.Person).Location {
		f.Add("location", "people.error.location_dated")
	}
	p.Location = r.Person.Location
	return f.Err()
}

// replace saves a person in place of how they were. A link that was mailed to another address is
// worth nothing from then on: whoever reads that address may be somebody else. And that address is
// told, since whoever reads the new one may be somebody else too.
func (c *scene) replace(before, p Person) error {
	if before.Email != p.Email {
		if err := c.Readdressed(p.ID, before.Email, c.now); err != nil {
			return err
		}
	}
	return c.SavePerson(p)
}

// ChooseLanguage sets the language in which by reads pages and mails. It reports
// Invalid for one that there is not; empty means the customer's.
func (s *Service) ChooseLanguage(ctx context.Context, by ID, tag string) error {
	err := s.update(ctx, by, func(c *scene) error {
		var f Faults
		f.language(tag)
		if err := f.Err(); err != nil {
			return err
		}
		p := c.viewer.Person
		p.Language = tag
		if p.Bureau != nil {
			return c.SaveGuest(p)
		}
		return c.SavePerson(p)
	})
	if err != nil {
		return fmt.Errorf("choose language: %w", err)
	}
	return nil
}

// SaveSettings changes the customer's settings. It reports Forbidden for those who
// do not keep the settings, and Invalid with the field.
func (s *Service) SaveSettings(ctx context.Context, by ID, set Settings) error {
	err := s.update(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(KeepSettings); err != nil {
			return err
		}
		set := set
		var f Faults
		f.Name("name", &set.Name)
		f.language(set.Language)
		if set.Accent != "" && !isColour(set.Accent) {
			f.Add("accent", "people.error.colour")
		}
		if err := f.Err(); err != nil {
			return err
		}
		return c.SaveSettings(set)
	})
	if err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	return nil
}

// isColour reports whether s is "#rrggbb".
func isColour(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	for _, c := range s[1:] {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return false
		}
	}
	return true
}
