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
	Reason   string        `placeholder:"TEXT" help:"Why, for the record that verlof tenant log shows; of what is looked at, the customer's system managers read it too."`
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
	if err := c.check(); err != nil {
		return err
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		switch {
		case c.To != "":
			return c.make(ctx, io, d)
		case c.View:
			return c.view(ctx, io, d)
		case c.Compare != "":
			return c.compare(ctx, io, d)
		case c.Hide != "":
			return c.hide(ctx, io, d)
		case c.Use != "":
			return c.use(ctx, io, d)
		}
		return c.list(ctx, io, d)
	})
}

// check refuses flags that would mean nothing.
func (c *restoreCmd) check() error {
	if c.For <= 0 {
		return errs.Operator("give a time such as 24h", "for: %v is too short", c.For)
	}
	if c.To != "" || !c.View && c.Into == "" || c.View && c.Into != "" && c.Compare+c.Hide+c.Use == "" {
		return nil
	}
	return errs.Operator("name the database that is to be looked at: --view --into NAME; or make one: --to TIME", "--view and --into mean nothing so")
}

func (c *restoreCmd) why() tenant.Why { return whoever(c.Reason) }

// use puts another database in use.
func (c *restoreCmd) use(ctx context.Context, io *console, d *tenant.Directory) error {
	was, err := operate.UseRestored(ctx, d, c.Slug, c.Use, c.why())
	if err != nil {
		return err
	}
	if c.JSON {
		return io.json(map[string]string{"customer": c.Slug, "in_use": c.Use, "before": was})
	}
	io.say("%s uses %s; verlof restore %s --use %s puts back what was there", c.Slug, c.Use, c.Slug, was)
	return nil
}

// hide lets a database be looked at no longer.
func (c *restoreCmd) hide(ctx context.Context, io *console, d *tenant.Directory) error {
	if err := operate.HideRestored(ctx, d, c.Slug, c.Hide, c.why()); err != nil {
		return err
	}
	if c.JSON {
		return io.json(map[string]string{"customer": c.Slug, "hidden": c.Hide})
	}
	io.say("nobody looks at %s of %s any more", c.Hide, c.Slug)
	return nil
}

// optional is moment for a time that need not be given.
func optional(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return moment(text, time.Now())
}

// clocksApart is how far the clocks of two machines may be from each other.
const clocksApart = time.Minute

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
	Balances int        `json:"balances"`          // persons whose balances are otherwise
	Problem  string     `json:"problem,omitempty"` // why the database in use cannot be opened: the two are not compared
	View     *viewed    `json:"view,omitempty"`
}

// viewed is a database that can be looked at.
type viewed struct {
	Customer string    `json:"customer"`
	Name     string    `json:"name"`
	Link     string    `json:"link"` // lets one browser in, once
	Until    time.Time `json:"until"`
}

// changed is a table that is otherwise now.
type changed struct {
	Table   string `json:"table"`
	Then    int    `json:"then"`
	Now     int    `json:"now"`
	Removed int    `json:"removed"` // rows that are not in use any more, or changed
	Added   int    `json:"added"`   // rows that came since, or changed
}

// make makes a database as it was at a time, and lets it be looked at where that was asked.
func (c *restoreCmd) make(ctx context.Context, io *console, d *tenant.Directory) error {
	to, err := moment(c.To, time.Now())
	if err == nil && time.Until(to) > clocksApart {
		err = errs.Operator("give a time that is past; now makes the newest state", "--to: %s is to come", stamp(to))
	}
	if err != nil {
		return err
	}
	done := io.working("restoring " + c.Slug)
	r, err := c.restored(ctx, d, to)
	done()
	if err != nil {
		return err
	}
	m := madeOf(c.Slug, to, r)
	if c.View {
		if m.View, err = c.open(ctx, d, r.Name, to); err != nil {
			return err
		}
	}
	if c.JSON {
		return io.json(m)
	}
	if err := m.print(io); err != nil || m.View == nil {
		return err
	}
	m.View.print(io)
	return nil
}

func madeOf(slug string, to time.Time, r operate.Restored) made {
	m := made{Customer: slug, Name: r.Name, Asked: to.UTC(), Reached: r.At, Record: r.Record, Balances: r.Persons, Tables: []changed{}}
	if !r.Next.IsZero() {
		m.Next = &r.Next
	}
	if r.Alone != nil {
		m.Problem = plainly(r.Alone)
	}
	for _, t := range r.Tables {
		m.Tables = append(m.Tables, changed{t.Name, t.Then, t.Now, t.Gone, t.Come})
	}
	return m
}

// restored makes the database of what the depot, or the copies of the server, hold.
func (c *restoreCmd) restored(ctx context.Context, d *tenant.Directory, to time.Time) (operate.Restored, error) {
	info, err := d.Show(ctx, c.Slug)
	if err != nil {
		return operate.Restored{}, err
	}
	o := operate.Restoring{Slug: c.Slug, Name: c.Into, To: to}
	if d.Place.HasRoles(info.Database) {
		return operate.RestoreServer(ctx, d, c.stanza, o, c.why())
	}
	at, err := c.depot()
	if err != nil {
		return operate.Restored{}, err
	}
	return operate.Restore(ctx, d, at, o, c.why())
}

// open lets a database be looked at; a zero time is that of its last change.
func (c *restoreCmd) open(ctx context.Context, d *tenant.Directory, name string, at time.Time) (*viewed, error) {
	o, err := operate.ViewRestored(ctx, d, operate.Viewing{Slug: c.Slug, Name: name, State: at, For: c.For, Host: c.host}, c.why())
	if err != nil {
		return nil, err
	}
	return &viewed{c.Slug, name, o.Link, o.Ends}, nil
}

// view lets one that is there be looked at.
func (c *restoreCmd) view(ctx context.Context, io *console, d *tenant.Directory) error {
	v, err := c.open(ctx, d, c.Into, time.Time{})
	if err != nil {
		return err
	}
	if c.JSON {
		return io.json(v)
	}
	v.print(io)
	return nil
}

func (v *viewed) print(io *console) {
	fmt.Fprintf(io.out, "Look at it, until %s: %s\n", stamp(v.Until), v.Link)
	io.say("the link lets one browser in, once, within a quarter of an hour; --hide %s ends it for everybody", v.Name)
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
	switch {
	case m.Problem != "":
		fmt.Fprintf(io.out, "\nThe database in use cannot be opened, and the two are not compared: %s\n", m.Problem)
	case len(m.Tables) == 0:
		fmt.Fprintln(io.out, "\nIt holds the same as the database in use.")
	default:
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

// lies is a database of a customer as restore lists it.
type lies struct {
	Name  string `json:"name"`
	InUse bool   `json:"in_use"`
	Bytes int64  `json:"bytes"`
}

// list prints the customer's databases.
func (c *restoreCmd) list(ctx context.Context, io *console, d *tenant.Directory) error {
	all, err := operate.Databases(ctx, d, c.Slug)
	if err != nil {
		return err
	}
	var list []lies
	for _, b := range all {
		list = append(list, lies(b))
	}
	return printList(io, c.JSON, list, []string{"DATABASE", "IN USE", "BYTES"}, func(b lies) []string {
		use := "no"
		if b.InUse {
			use = "yes"
		}
		return []string{b.Name, use, strconv.FormatInt(b.Bytes, 10)}
	})
}
