// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/id"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/tenant"
)

// Customer is a customer that is to be made.
type Customer struct {
	tenant.New
	Region   string        // of its first place of work
	TimeZone string        // of that place; empty: the country's own
	Admin    people.Person // the first administrator; without a mail address there is none
}

// Create makes a customer with a Starter and its first administrator, who has no
// account yet: Send and Issue make one. It reports Invalid for what cannot be and
// Conflict where the slug or a host name is taken, and then nothing was made.
func Create(ctx context.Context, d *tenant.Directory, c Customer) (store.TenantRow, error) {
	now := d.Now()
	c.Language = cmp.Or(c.Language, lang.Tags()[0])
	if !slices.Contains(lang.Tags(), c.Language) {
		return store.TenantRow{}, errs.Operator("", "the language is one of %s, not %q", strings.Join(lang.Tags(), ", "), c.Language)
	}
	if c.Accent != "" && !colour.MatchString(c.Accent) {
		return store.TenantRow{}, errs.Operator("a colour looks like #0b6e6e", "%q is no colour", c.Accent)
	}
	set, err := NewStarter(c.Language, c.Region, c.TimeZone, func() string { return id.New(now) })
	if err != nil {
		return store.TenantRow{}, err
	}
	set.Begin(calendar.DateOf(now))
	if c.Admin.Email != "" {
		if err := c.prepareAdmin(now); err != nil {
			return store.TenantRow{}, err
		}
	}
	c.Furnish = func(tx leave.Tx) error {
		if err := set.Save(tx); err != nil {
			return err
		}
		return set.saveAdmin(tx, c.Admin, now)
	}
	return d.Create(ctx, c.New)
}

var colour = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// prepareAdmin checks the first administrator and fills in what was left out.
func (c *Customer) prepareAdmin(now time.Time) error {
	a := &c.Admin
	email, ok := people.ParseEmail(a.Email)
	if !ok {
		return errs.Operator("an address looks like anna@acme.example", "%q is no mail address", a.Email)
	}
	a.Email, a.ID, a.Active = email, people.ID(id.New(now)), true
	a.Roles = people.Administrator | people.SystemManager
	if a.Name() == "" {
		a.GivenName, _, _ = strings.Cut(email, "@")
	}
	return nil
}

// saveAdmin writes the first administrator, employed from the first day of this
// year, if there is one.
func (s *Starter) saveAdmin(tx leave.Tx, a people.Person, now time.Time) error {
	if a.Email == "" {
		return nil
	}
	a.Location = s.Location.ID
	if err := tx.SavePerson(a); err != nil {
		return err
	}
	from := calendar.On(now.Year(), time.January, 1)
	if err := tx.SaveEmployment(people.Employment{ID: id.New(now), Person: a.ID, From: from}); err != nil {
		return err
	}
	return tx.SaveContract(people.Contract{ID: id.New(now), Person: a.ID, From: from, Pattern: s.Pattern.ID, Package: s.Package.ID, Location: a.Location})
}

// Overview is a customer as its operator sees it: no names, no leave.
type Overview struct {
	tenant.Info
	People  int       // active
	Teams   int       //
	Waiting int       // requests to be decided
	Admits  int       // bureaus
	Serves  int       // customers, as their bureau
	NextDue time.Time // of what waits in the outbox; zero: nothing does
}

// Show returns one customer; of one that was destroyed, or whose database cannot be opened, what the registry
// knows. It reports NotFound, then without an ID.
func Show(ctx context.Context, d *tenant.Directory, slug string) (Overview, error) {
	info, err := d.Show(ctx, slug)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Info: info}
	if info.State == store.StateClosed {
		return o, nil
	}
	err = with(ctx, d, slug, func(t *tenant.Tenant) error {
		if o.NextDue, err = t.Queue().Next(ctx); err != nil {
			return err
		}
		if o.Admits, o.Serves, err = t.Bureaus.Counts(ctx); err != nil {
			return err
		}
		return t.Leave.Store.View(ctx, o.count)
	})
	return o, err
}

func (o *Overview) count(tx leave.Tx) error {
	persons, err := tx.Persons()
	if err != nil {
		return err
	}
	o.People = 0
	for _, p := range persons {
		if p.Active {
			o.People++
		}
	}
	teams, err := tx.Teams()
	if err != nil {
		return err
	}
	o.Teams = len(teams)
	waiting, err := tx.PendingRequests()
	o.Waiting = len(waiting)
	return err
}

// with runs f with one customer, open.
func with(ctx context.Context, d *tenant.Directory, slug string, f func(*tenant.Tenant) error) error {
	t, release, err := d.BySlug(ctx, slug)
	if err != nil {
		return err
	}
	defer release()
	return f(t)
}
