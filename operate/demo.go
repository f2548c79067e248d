// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"fmt"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity"
	"verlof/intake"
	"verlof/people"
	"verlof/store"
	"verlof/tenant"
)

// DemoPassword opens every account of a demo.
const DemoPassword = "only-for-the-demo"

// DemoCustomer is a made-up customer.
type DemoCustomer struct {
	Slug, Name string
	People     []DemoPerson // whom a visitor may want to be: an employee, a manager, an administrator, then others
}

// DemoPerson is one of its people.
type DemoPerson struct {
	ID    people.ID
	Name  string
	Email string
	Role  string // "employee", "manager", "administrator", "officer", "auditor", "payroll" or "hr"
}

// DemoCustomers returns the customers that Demo makes. They are the same on every
// day; only their leave moves along.
func DemoCustomers() []DemoCustomer {
	var out []DemoCustomer
	for _, c := range []company{acme, birch} {
		out = append(out, DemoCustomer{Slug: c.slug, Name: c.name, People: c.stars()})
	}
	return out
}

// Demo makes the customers of a demo with people, teams, a year or two of leave
// before today and bookings after it. host returns the host name of a slug. The
// same day gives the same people and the same leave.
func Demo(ctx context.Context, d *tenant.Directory, host func(slug string) string, today calendar.Date) error {
	hash, err := d.Hasher.Hash(ctx, DemoPassword)
	if err != nil {
		return err
	}
	for _, c := range []company{acme, birch} {
		row, err := d.Create(ctx, tenant.New{Slug: c.slug, Name: c.name, Hosts: []string{host(c.slug)}, Language: c.language, Accent: c.accent})
		if err != nil {
			return err
		}
		var p *play
		err = with(ctx, d, c.slug, func(t *tenant.Tenant) (err error) {
			p, err = c.enter(ctx, t, today, hash, true)
			return err
		})
		if err == nil && c.slug == acme.slug {
			err = p.mishap(ctx, d, host)
		}
		if err != nil {
			return fmt.Errorf("make demo customer %s: %w", row.ID, err)
		}
	}
	return acquaint(ctx, d, host, acme, birch, today)
}

// Sample makes a customer of so many people, at least two, in teams of twelve,
// with leave like that of the demo, for tests and measurements. Another seed
// gives other people. No mail comes of it.
func Sample(ctx context.Context, d *tenant.Directory, n tenant.New, size int, seed uint64, today calendar.Date) (store.TenantRow, error) {
	if size < 2 {
		return store.TenantRow{}, errs.Operator("", "a sample has at least two people")
	}
	hash, err := d.Hasher.Hash(ctx, DemoPassword)
	if err != nil {
		return store.TenantRow{}, err
	}
	row, err := d.Create(ctx, n)
	if err != nil {
		return row, err
	}
	c := company{slug: n.Slug, name: n.Name, language: n.Language, seed: seed}
	for left := size - 1; left > 0; left -= 12 {
		members := min(left, 12)
		c.squads = append(c.squads, squad{fmt.Sprintf("Team %d", len(c.squads)+1), members, members / 4, len(c.squads) == 0})
	}
	err = with(ctx, d, n.Slug, func(t *tenant.Tenant) error {
		_, err := c.enter(ctx, t, today, hash, false)
		return err
	})
	if err != nil {
		return row, fmt.Errorf("make sample %s: %w", row.ID, err)
	}
	return row, nil
}

// enter writes a company into a customer's empty database, and returns what it wrote.
func (c company) enter(ctx context.Context, t *tenant.Tenant, today calendar.Date, hash identity.Hash, mail bool) (p *play, err error) {
	err = t.Intake.Store.Update(ctx, func(tx intake.Tx) (err error) {
		if p, err = newPlay(c, today); err != nil {
			return err
		}
		return p.write(tx, mail)
	})
	if err != nil {
		return nil, err
	}
	if err := t.Identity.SetPassword(ctx, hash, p.active()...); err != nil {
		return nil, err
	}
	if err := connect(ctx, t, p.cast[0].boss, c.users(mail)); err != nil || !mail { // an administrator
		return p, err
	}
	if err := c.protect(ctx, t, p.active()); err != nil {
		return nil, err
	}
	if c.slug == acme.slug {
		if err := provisioned(ctx, t, p.cast[0].boss, "Sales", "Support", today); err != nil {
			return nil, err
		}
	}
	return p, p.change(ctx, t)
}
