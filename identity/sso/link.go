// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
	"verlof/internal/relying"
	"verlof/people"
)

// found is who somebody at a provider is here, and how that is known.
type found struct {
	person people.Person // without an ID: to be added
	link   Link          // without a Person: to be made
}

// news reports whether a person is to be added.
func (f found) news() bool { return f.person.ID == "" }

// resolve returns who somebody at a provider is here. It reports Forbidden for somebody
// who is nobody here, may not be linked, or may not sign in.
func resolve(tx Tx, p *Provider, c relying.Claims, now time.Time) (f found, err error) {
	if p.Bureau {
		return guest(tx, p, c, now)
	}
	link, err := tx.SSOLink(p.ID, c.Subject)
	switch {
	case err == nil:
		f.link = link
		if f.person, err = tx.Person(link.Person); err != nil {
			return found{}, err
		}
		return f, stays(tx, f.person, now)
	case !errs.Is(err, errs.NotFound):
		return found{}, err
	}
	email, err := p.vouched(c)
	if err != nil {
		return found{}, err
	}
	f.person, err = tx.PersonByEmail(email)
	if errs.Is(err, errs.NotFound) {
		f.person, err = p.newcomer(c, email)
		return f, err
	}
	if err != nil {
		return found{}, err
	}
	links, err := tx.SSOLinksOf(f.person.ID)
	if err == nil && len(links) > 0 {
		err = errs.New(errs.Forbidden, "sso.error.linked")
	}
	if err != nil {
		return found{}, err
	}
	return f, stays(tx, f.person, now)
}

// stays reports Forbidden for somebody who may not sign in, or whose last day at work is past.
func stays(tx Tx, p people.Person, now time.Time) error {
	r, err := tx.Record(p.ID)
	if err != nil {
		return err
	}
	today, err := todayOf(tx, p, now)
	if err == nil && (!p.Active || r.Left(today)) {
		err = errs.New(errs.Forbidden, "sso.error.left")
	}
	return err
}

// todayOf returns the date at a person's place of work; in UTC where the place is not known.
func todayOf(tx Tx, p people.Person, now time.Time) (calendar.Date, error) {
	all, err := tx.Locations()
	if err != nil {
		return 0, err
	}
	zone := time.UTC
	if i := slices.IndexFunc(all, func(l people.Location) bool { return l.ID == p.Location }); i >= 0 {
		if zone, err = time.LoadLocation(all[i].TimeZone); err != nil {
			return 0, fmt.Errorf("location %s: %w", all[i].ID, err)
		}
	}
	return calendar.DateOf(now.In(zone)), nil
}

// vouched returns the mail address that a provider decides on and vouches for.
func (p *Provider) vouched(c relying.Claims) (string, error) {
	email, ok := people.ParseEmail(c.Email)
	switch {
	case !ok:
		return "", errs.New(errs.Forbidden, "sso.error.no_email")
	case !p.decides(email):
		return "", errs.New(errs.Forbidden, "sso.error.foreign")
	case c.Verified == relying.No, c.Verified == relying.Unsaid && !p.Unsaid:
		return "", errs.New(errs.Forbidden, "sso.error.unverified")
	}
	return email, nil
}

// newcomer returns somebody who is added because the provider knows them.
func (p *Provider) newcomer(c relying.Claims, email string) (people.Person, error) {
	if !p.Joins {
		return people.Person{}, errs.New(errs.Forbidden, "sso.error.unknown")
	}
	n := people.Person{Email: email, Location: p.Location, Active: true}
	call(&n, c, email)
	return n, nil
}

// call gives somebody the name that a provider says.
func call(n *people.Person, c relying.Claims, email string) {
	n.GivenName, n.FamilyName = short(c.Given), short(c.Family)
	if n.GivenName+n.FamilyName == "" {
		local, _, _ := strings.Cut(email, "@")
		n.FamilyName = cmp.Or(short(c.Name), short(local))
	}
}

// short returns a name as it is kept.
func short(name string) string {
	r := []rune(people.Tidy(name))
	return string(r[:min(len(r), people.MaxName)])
}

// link brings what is kept of somebody up to date: the person, what they are there, and
// what their groups give.
func (s *Service) link(tx Tx, p *Provider, f *found, want gifts) error {
	now := s.now()
	if f.news() {
		f.person.ID = people.ID(id.New(s.Now()))
		save := tx.SavePerson
		if p.Bureau {
			save = tx.SaveGuest
		}
		if err := save(f.person); err != nil {
			return err
		}
	}
	if f.link.Person == "" {
		f.link = Link{Provider: p.ID, Subject: want.subject, Person: f.person.ID, Made: now}
		if err := identity.AddRecord(tx, f.person.ID, identity.RecordLinked, p.Name, f.person.ID, now); err != nil {
			return err
		}
	}
	f.link.Used, f.link.Email = now, want.email
	if !want.met(f.link) {
		if err := s.give(tx, &f.link, want); err != nil {
			return err
		}
	}
	return tx.SaveSSOLink(f.link)
}

// gifts are what somebody's groups give.
type gifts struct {
	subject, email string
	unknown        bool // nobody knows their groups: what was given stays
	roles          people.Roles
	teams          []string // ids, each once
}

// wanted returns what the rules of a provider give. Teams that are gone give nothing.
func wanted(tx Tx, p *Provider, c relying.Claims) (gifts, error) {
	email, _ := people.ParseEmail(c.Email)
	g := gifts{subject: c.Subject, email: email}
	var groups []string
	if p.Groups != "" {
		list, known := c.List(p.Groups)
		groups, g.unknown = list, !known
	}
	teams, err := tx.Teams()
	if err != nil {
		return g, err
	}
	for _, r := range p.Rules {
		if !slices.Contains(groups, r.Group) {
			continue
		}
		g.roles |= r.Role
		if slices.ContainsFunc(teams, func(t people.Team) bool { return t.ID == r.Team }) {
			g.teams = append(g.teams, r.Team)
		}
	}
	slices.Sort(g.teams)
	g.teams = slices.Compact(g.teams)
	return g, nil
}

// met reports whether a link gives just that already.
func (g gifts) met(l Link) bool {
	return g.unknown || g.roles == l.Roles && slices.Equal(g.teams, l.Teams)
}

// give gives somebody what their groups give and takes what these gave before. What was
// there by hand stays, and so does the last administrator.
func (s *Service) give(tx Tx, l *Link, g gifts) error {
	if err := tx.LockOrganisation(); err != nil {
		return err
	}
	p, err := tx.Person(l.Person)
	if err != nil {
		return err
	}
	byHand := p.Roles &^ l.Roles
	roles := byHand | g.roles
	if l.Roles.Has(people.Administrator) && !roles.Has(people.Administrator) {
		if others, err := otherAdministrator(tx, p.ID); err != nil {
			return err
		} else if !others {
			roles |= people.Administrator
		}
	}
	if roles != p.Roles {
		p.Roles = roles
		if err := tx.SavePerson(p); err != nil {
			return err
		}
	}
	l.Roles = roles &^ byHand
	return place(tx, l, g.teams)
}

// otherAdministrator reports whether somebody else keeps everybody's leave and may sign in.
func otherAdministrator(tx Tx, than people.ID) (bool, error) {
	all, err := tx.Persons()
	return slices.ContainsFunc(all, func(p people.Person) bool {
		return p.ID != than && p.Active && p.Roles.Has(people.Administrator)
	}), err
}

// place brings somebody into teams, and out of those that groups brought them into before.
func place(tx Tx, l *Link, want []string) error {
	teams, err := tx.Teams()
	if err != nil {
		return err
	}
	var given []string
	for _, t := range teams {
		in, wants, ours := slices.Contains(t.Members, l.Person), slices.Contains(want, t.ID), slices.Contains(l.Teams, t.ID)
		switch {
		case wants && !in:
			t.Members = append(slices.Clone(t.Members), l.Person)
			given, err = append(given, t.ID), tx.SaveTeam(t)
		case wants && ours:
			given = append(given, t.ID)
		case !wants && ours && in:
			t.Members = slices.DeleteFunc(slices.Clone(t.Members), func(m people.ID) bool { return m == l.Person })
			err = tx.SaveTeam(t)
		}
		if err != nil {
			return err
		}
	}
	slices.Sort(given)
	l.Teams = given
	return nil
}
