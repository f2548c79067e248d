// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"verlof/operate"
	"verlof/tenant"
)

// tenantQuarantine puts a sealed copy of a customer aside.
type tenantQuarantine struct {
	oneCustomer `embed:""`
	Freeze      bool `help:"Freeze the customer too: people look and change nothing, and read the reason."`
	List        bool `help:"List the copies that are in quarantine."`
}

// Help is what --help adds.
func (tenantQuarantine) Help() string {
	return `The copy is the customer's database as it is at this moment, sealed with the customer's keys. It opens
only for who is granted that (verlof grant), and every page that they look at is on record. The
customer goes on, unless it is frozen.

Examples:
  verlof tenant quarantine acme --reason "case 2026/118"
  verlof grant acme --to "M. Jansen" --reason "case 2026/118" --until 2026-12-01T18:00
  verlof tenant looks acme`
}

// Run does it.
func (c *tenantQuarantine) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		if c.List {
			return c.list(ctx, io, d)
		}
		if c.Freeze {
			if err := d.Freeze(ctx, c.Slug, tenant.Hold{Reason: c.Reason}, c.why()); err != nil {
				return err
			}
		}
		q, err := operate.Quarantine(ctx, d, c.Slug, c.why())
		if err != nil {
			return err
		}
		if c.JSON {
			return io.json(asideOf(q))
		}
		return io.table([]string{"customer", c.Slug}, []string{"copy", q.Name}, []string{"sha-256", q.SHA256})
	})
}

// aside is a copy in quarantine as it is printed.
type aside struct {
	Copy   string    `json:"copy"`
	Taken  time.Time `json:"taken"`
	Bytes  int64     `json:"bytes"`
	SHA256 string    `json:"sha256,omitempty"`
}

func asideOf(q operate.Quarantined) aside { return aside{q.Name, q.At, q.Bytes, q.SHA256} }

func (c *tenantQuarantine) list(ctx context.Context, io *console, d *tenant.Directory) error {
	all, err := operate.Quarantines(ctx, d, c.Slug)
	if err != nil {
		return err
	}
	var list []aside
	for _, q := range all {
		list = append(list, asideOf(q))
	}
	return printList(io, c.JSON, list, []string{"COPY", "TAKEN", "BYTES"}, func(a aside) []string {
		return []string{a.Copy, stamp(a.Taken), strconv.FormatInt(a.Bytes, 10)}
	})
}

// grantCmd lets somebody look at a copy in quarantine.
type grantCmd struct {
	oneCustomer `embed:""`
	To          string `placeholder:"NAME" xor:"what" help:"Who may look, as the record is to call them."`
	Until       string `placeholder:"TIME" help:"When it ends by itself, as 2026-12-01T18:00; within a month."`
	Of          string `placeholder:"NAME" help:"Which copy; without it, the newest."`
	Revoke      bool   `xor:"what" help:"End all grants at once."`
}

// Help is what --help adds.
func (grantCmd) Help() string {
	return `Prints a link that lets one browser in, once, within a quarter of an hour: to the copy as a site of its
own, under another colour, where nothing can be changed. Every page that is looked at is on record, and
the customer's system managers see who looks. When the time is over the copy is closed.

Examples:
  verlof grant acme --to "M. Jansen" --reason "case 2026/118" --until 2026-12-01T18:00
  verlof grant acme --revoke --reason "the case is closed"`
}

// Run does it.
func (c *grantCmd) Run(ctx context.Context, io *console) error {
	until, err := optional(c.Until)
	if err != nil {
		return err
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		if c.Revoke {
			n, err := operate.Revoke(ctx, d, c.Slug, c.why())
			if err != nil {
				return err
			}
			if c.JSON {
				return io.json(map[string]any{"customer": c.Slug, "ended": n})
			}
			io.say("%d grants of %s ended", n, c.Slug)
			return nil
		}
		o, err := operate.Grant(ctx, d, operate.NewGrant{Slug: c.Slug, Copy: c.Of, To: c.To, Until: until, Host: c.host}, c.why())
		if err != nil {
			return err
		}
		if c.JSON {
			return io.json(map[string]any{"customer": c.Slug, "to": c.To, "link": o.Link, "until": o.Ends})
		}
		fmt.Fprintf(io.out, "%s may look until %s: %s\n", c.To, stamp(o.Ends), o.Link)
		return nil
	})
}

// tenantLooks says who looked at what.
type tenantLooks struct {
	settings `embed:"" group:"settings"`
	Slug     string `arg:"" name:"SLUG" help:"The customer's short name."`
	JSON     bool   `help:"Print JSON."`
}

// Help is what --help adds.
func (tenantLooks) Help() string {
	return `Every page of a copy in quarantine, or of a past state, that somebody looked at.

Example:
  verlof tenant looks acme`
}

// looked is a line of tenant looks.
type looked struct {
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	Page   string    `json:"page"`
	Kind   string    `json:"kind"`
	Of     time.Time `json:"of"`
	Reason string    `json:"reason"`
}

// manyLooks is how many looks at one copy are told, the newest.
const manyLooks = 10000

// Run prints it.
func (c *tenantLooks) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		all, err := d.AllLooks(ctx, c.Slug, manyLooks)
		if err != nil {
			return err
		}
		list := []looked{}
		for _, l := range all {
			list = append(list, looked{l.At, l.Who, l.Page, l.Of.Kind, l.Of.State, l.Of.Reason})
		}
		return printList(io, c.JSON, list, []string{"AT", "WHO", "PAGE", "OF", "KIND", "REASON"}, func(l looked) []string {
			return []string{stamp(l.At), l.Who, l.Page, stamp(l.Of), l.Kind, l.Reason}
		})
	})
}
