// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"verlof/errs"
	"verlof/operate"
	"verlof/tenant"
)

// restoreCmd gives a customer an earlier state back.
type restoreCmd struct {
	settings `embed:"" group:"settings"`
	Slug     string        `arg:"" name:"SLUG" help:"The customer's short name."`
	To       string        `placeholder:"TIME" xor:"what" help:"Make a database as it was then: now, or a time as 2026-11-26T14:05:00+01:00 or, in this machine's time zone, 2026-11-26T14:05:00."`
	Into     string        `placeholder:"NAME" help:"Name of the new database; without it, the time."`
	Use      string        `placeholder:"NAME" xor:"what" help:"Put a database that lies beside the one in use in its place; original is the one that the customer was made with."`
	Compare  string        `placeholder:"NAME" xor:"what" help:"Say what is otherwise now than in a database that lies beside the one in use, person by person, with who changed it and when."`
	View     bool          `help:"Let the database that --to makes, or the one that --into names, be looked at in a browser, at an address of its own."`
	For      time.Duration `default:"24h" placeholder:"TIME" help:"How long it can be looked at (${default})."`
	Why      string        `name:"reason" placeholder:"TEXT" help:"Why it is looked at; the customer's system managers read it."`
	Hide     string        `placeholder:"NAME" xor:"what" help:"Let a database be looked at no longer."`
	JSON     bool          `help:"Print JSON."`
}

// Help is what --help adds.
func (restoreCmd) Help() string {
	return `A restore makes a new database beside the one in use, which stays as it is, and says what is
otherwise in it. --use puts it in its place at once, while the customer is in use; the one that was
there stays, and --use puts it back. Without either, the customer's databases are listed.

--view lets a restored database be looked at in a browser, read only, at an address of its own: the
link lets one browser in, once. The customer's system managers find it below Manage, Past states.

Examples:
  verlof restore acme --to 2026-11-26T14:05:00
  verlof restore acme --to 2026-11-26T14:05:00 --view --reason "a request that is missing"
  verlof restore acme --compare 20261126-140500
  verlof restore acme --use 20261126-140500
  verlof restore acme --use original`
}

// Run does it.
func (c *restoreCmd) Run(ctx context.Context, io *console) error {
	switch {
	case c.To != "":
		return c.make(ctx, io)
	case c.View && c.Into != "":
		return c.with(ctx, func(d *tenant.Directory) error { return c.view(ctx, io, d, c.Into, time.Time{}) })
	case c.Compare != "":
		return c.with(ctx, func(d *tenant.Directory) error { return c.compare(ctx, io, d) })
	case c.Hide != "":
		return c.with(ctx, func(d *tenant.Directory) error { return operate.HideRestored(ctx, d, c.Slug, c.Hide, whoever(c.Why)) })
	case c.Use != "":
		return c.with(ctx, func(d *tenant.Directory) error {
			was, err := operate.UseRestored(ctx, d, c.Slug, c.Use, whoever(""))
			if err != nil {
				return err
			}
			io.say("%s uses %s; verlof restore %s --use %s puts back what was there", c.Slug, c.Use, c.Slug, was)
			return nil
		})
	}
	return c.list(ctx, io)
}

// moment reads a time as a person writes it.
func moment(text string, now time.Time) (time.Time, error) {
	if text == "now" {
		return now, nil
	}
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(form, text, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errs.Operator("a time looks like 2026-11-26T14:05:00 or 2026-11-26T14:05:00+01:00", "%q is no time", text)
}

// made is what restore prints.
type made struct {
	Customer string     `json:"customer"`
	Name     string     `json:"name"`
	Asked    time.Time  `json:"asked"`
	Reached  time.Time  `json:"reached"`
	Next     *time.Time `json:"next,omitempty"` // the first change that is not in it
	Record   uint64     `json:"record"`
	Tables   []changed  `json:"tables"`
	Balances int        `json:"balances"` // persons whose balances are otherwise
}

// changed is a table that is otherwise now.
type changed struct {
	Table   string `json:"table"`
	Then    int    `json:"then"`
	Now     int    `json:"now"`
	Removed int    `json:"removed"` // rows that are not in use any more, or changed
	Added   int    `json:"added"`   // rows that came since, or changed
}

func (c *restoreCmd) make(ctx context.Context, io *console) error {
	to, err := moment(c.To, time.Now())
	if err != nil {
		return err
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		done := io.working("restoring " + c.Slug)
		r, err := c.restored(ctx, d, to)
		done()
		if err != nil {
			return err
		}
		m := made{Customer: c.Slug, Name: r.Name, Asked: to.UTC(), Reached: r.At, Record: r.Record, Balances: r.Persons, Tables: []changed{}}
		if !r.Next.IsZero() {
			m.Next = &r.Next
		}
		for _, t := range r.Tables {
			m.Tables = append(m.Tables, changed{t.Name, t.Then, t.Now, t.Gone, t.Come})
		}
		if c.JSON {
			return io.json(m)
		}
		if err := m.print(io); err != nil || !c.View {
			return err
		}
		return c.view(ctx, io, d, r.Name, to)
	})
}

// restored makes the database of what the depot, or the copies of the server, hold.
func (c *restoreCmd) restored(ctx context.Context, d *tenant.Directory, to time.Time) (operate.Restored, error) {
	info, err := d.Show(ctx, c.Slug)
	if err != nil {
		return operate.Restored{}, err
	}
	if d.Place.HasRoles(info.Database) {
		return operate.RestoreServer(ctx, d, c.stanza, c.Slug, to, c.Into)
	}
	at, err := c.depot()
	if err != nil {
		return operate.Restored{}, err
	}
	return operate.Restore(ctx, d, at, c.Slug, to, c.Into)
}

// view lets a restored database be looked at, and prints the link.
func (c *restoreCmd) view(ctx context.Context, io *console, d *tenant.Directory, name string, at time.Time) error {
	o, err := operate.ViewRestored(ctx, d, operate.Viewing{Slug: c.Slug, Name: name, State: at, For: c.For, Host: c.host}, whoever(c.Why))
	if err != nil {
		return err
	}
	if c.JSON {
		return io.json(map[string]any{"customer": c.Slug, "name": name, "link": o.Link, "until": o.Ends})
	}
	fmt.Fprintf(io.out, "Look at it, until %s: %s\n", stamp(o.Ends), o.Link)
	io.say("the link lets one browser in, once, within a quarter of an hour; --hide %s ends it for everybody", name)
	return nil
}

func (m *made) print(io *console) error {
	after := "nothing: this is the newest state"
	if m.Next != nil {
		after = "changes from " + m.Next.Format(time.RFC3339Nano) + " on"
	}
	err := io.table([]string{"customer", m.Customer}, []string{"database", m.Name},
		[]string{"state of", m.Reached.Format(time.RFC3339Nano)}, []string{"not in it", after})
	if err != nil {
		return err
	}
	if len(m.Tables) == 0 {
		fmt.Fprintln(io.out, "\nIt holds the same as the database in use.")
	} else {
		rows := [][]string{{"\nTABLE", "THEN", "NOW", "REMOVED SINCE", "ADDED SINCE"}}
		for _, t := range m.Tables {
			rows = append(rows, []string{t.Table, strconv.Itoa(t.Then), strconv.Itoa(t.Now), strconv.Itoa(t.Removed), strconv.Itoa(t.Added)})
		}
		if err := io.table(rows...); err != nil {
			return err
		}
		fmt.Fprintf(io.out, "\nPersons whose balances of today are otherwise in it: %d. A changed row counts as removed and added.\n", m.Balances)
	}
	fmt.Fprintf(io.out, "Put it in use with: verlof restore %s --use %s\n", m.Customer, m.Name)
	return nil
}

// list prints the customer's databases.
func (c *restoreCmd) list(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		all, err := operate.Databases(ctx, d, c.Slug)
		if err != nil {
			return err
		}
		if c.JSON {
			return io.json(all)
		}
		rows := [][]string{{"DATABASE", "IN USE", "BYTES"}}
		for _, b := range all {
			use := "no"
			if b.InUse {
				use = "yes"
			}
			rows = append(rows, []string{b.Name, use, strconv.FormatInt(b.Bytes, 10)})
		}
		return io.table(rows...)
	})
}
