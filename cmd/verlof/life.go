// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"os"
	"os/user"
	"strings"
	"time"

	"verlof/errs"
	"verlof/tenant"
)

// oneCustomer is what a verb that does something to a customer is given.
type oneCustomer struct {
	settings `embed:"" group:"settings"`
	Slug     string `arg:"" name:"SLUG" help:"The customer's short name."`
	Reason   string `placeholder:"TEXT" help:"Why, for the record that verlof tenant log shows."`
	JSON     bool   `help:"Print JSON."`
}

func (c *oneCustomer) why() tenant.Why { return whoever(c.Reason) }

// now says how the customer stands after what was done to it: in a sentence, or as tenant show does in JSON.
func (c *oneCustomer) now(ctx context.Context, io *console, d *tenant.Directory, format string, args ...any) error {
	if !c.JSON {
		io.say(format, args...)
		return nil
	}
	info, err := d.Show(ctx, c.Slug)
	if err != nil {
		return err
	}
	now, err := customerOf(&c.settings, d, info)
	if err != nil {
		return err
	}
	return io.json(now)
}

// whoever returns who does something, for the record: whoever is signed in to this machine.
func whoever(reason string) tenant.Why {
	w := tenant.Why{By: os.Getenv("SUDO_USER"), Reason: strings.TrimSpace(reason)}
	if w.By != "" {
		return w
	}
	if u, err := user.Current(); err == nil {
		w.By = u.Username
	}
	w.By = cmp.Or(w.By, "unknown")
	return w
}

// tenantRename gives a customer other names.
type tenantRename struct {
	oneCustomer `embed:""`
	To          string   `placeholder:"SLUG" help:"Another short name. Its host name below the base domain becomes the one that links lead to."`
	Name        string   `placeholder:"NAME" help:"Another name in the registry; that on pages is the customer's own to change."`
	Host        string   `placeholder:"NAME" help:"The host name that links lead to from now on. The others lead there."`
	AddHost     []string `placeholder:"NAME" help:"Another host name that leads to it. May be repeated."`
	RemoveHost  []string `placeholder:"NAME" help:"A host name that leads to it no longer. May be repeated."`
}

// Help is what --help adds.
func (tenantRename) Help() string {
	return `A running server answers at the new names at once. The host names that a customer had go on
leading to it, until they are removed; a page at one of them leads to the same page at the first.

Passkeys and applications are bound to the host name that links lead to: when that changes,
passkeys must be added anew, and applications that sign people in need the new address.

Examples:
  verlof tenant rename acme --to acme-works --reason "new company name"
  verlof tenant rename acme --host leave.acme.example
  verlof tenant rename acme --remove-host acme.leave.example.org`
}

// Run does it.
func (c *tenantRename) Run(ctx context.Context, io *console) error {
	if c.To == "" && c.Name == "" && c.Host == "" && len(c.AddHost)+len(c.RemoveHost) == 0 {
		return errs.Operator("say what changes: --to, --name, --host, --add-host or --remove-host", "nothing was renamed")
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		n := tenant.Names{Slug: c.To, Name: c.Name, Main: c.Host, Add: c.AddHost, Remove: c.RemoveHost}
		if c.To != "" && c.Host == "" {
			n.Main = c.host(c.To)
		}
		info, err := d.Rename(ctx, c.Slug, n, c.why())
		if err != nil {
			return err
		}
		now, err := customerOf(&c.settings, d, info)
		if err != nil {
			return err
		}
		if c.JSON {
			return io.json(now)
		}
		return io.table([]string{"customer", now.Slug}, []string{"name", now.Name},
			[]string{"site", now.Site}, []string{"hosts", strings.Join(now.Hosts, ", ")})
	})
}

// tenantSuspend takes a customer out of service.
type tenantSuspend struct {
	oneCustomer `embed:""`
}

// Help is what --help adds.
func (tenantSuspend) Help() string {
	return `Everybody who comes is told that the site is out of service, and nothing else.

Examples:
  verlof tenant suspend acme --reason "unpaid since June"
  verlof tenant resume acme`
}

// Run does it.
func (c *tenantSuspend) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		if err := d.Suspend(ctx, c.Slug, c.why()); err != nil {
			return err
		}
		return c.now(ctx, io, d, "%s is out of service; verlof tenant resume %s puts it back", c.Slug, c.Slug)
	})
}

// tenantResume puts a customer back in service.
type tenantResume struct {
	oneCustomer `embed:""`
}

// Help is what --help adds.
func (tenantResume) Help() string { return tenantSuspend{}.Help() }

// Run does it.
func (c *tenantResume) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		if err := d.Resume(ctx, c.Slug, c.why()); err != nil {
			return err
		}
		return c.now(ctx, io, d, "%s is in service", c.Slug)
	})
}

// tenantFreeze makes a customer's site one to look at.
type tenantFreeze struct {
	oneCustomer `embed:""`
	Until       string `placeholder:"TIME" help:"What people are told about its end, as 2026-11-26T18:00; it ends with verlof tenant thaw."`
}

// Help is what --help adds.
func (tenantFreeze) Help() string {
	return `People sign in and look as ever; above every page stands the reason, and until when. Whatever
they send is refused with the same sentence, and nothing of it is kept. Programs are answered 503
with Retry-After. Mail waits. Changes under way are finished first, and none is made after the
command has returned, by whichever process.

Examples:
  verlof tenant freeze acme --reason "We are closing the year with you." --until 2026-12-31T18:00
  verlof tenant thaw acme`
}

// Run does it.
func (c *tenantFreeze) Run(ctx context.Context, io *console) error {
	until, err := optional(c.Until)
	if err != nil {
		return err
	}
	h := tenant.Hold{Reason: c.Reason, Until: until}
	return c.with(ctx, func(d *tenant.Directory) error {
		if err := d.Freeze(ctx, c.Slug, h, c.why()); err != nil {
			return err
		}
		return c.now(ctx, io, d, "%s can be looked at and not changed; verlof tenant thaw %s ends that", c.Slug, c.Slug)
	})
}

// tenantThaw lets a customer's site be changed again.
type tenantThaw struct {
	oneCustomer `embed:""`
}

// Help is what --help adds.
func (tenantThaw) Help() string {
	return `The mail that waited goes out. A move that was cut short is given up.

Example:
  verlof tenant thaw acme`
}

// Run does it, and sends the mail that waited.
func (c *tenantThaw) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		if err := d.Thaw(ctx, c.Slug, c.why()); err != nil {
			return err
		}
		info, err := d.Show(ctx, c.Slug)
		if err != nil {
			return err
		}
		if _, err := c.sendNow(ctx, io, d, info.ID); err != nil {
			return err
		}
		return c.now(ctx, io, d, "%s can be changed again", c.Slug)
	})
}

// tenantLog says what operators did to a customer.
type tenantLog struct {
	settings `embed:"" group:"settings"`
	Slug     string `arg:"" name:"SLUG" help:"The customer's short name."`
	JSON     bool   `help:"Print JSON."`
}

// Help is what --help adds.
func (tenantLog) Help() string {
	return `Who is whoever was signed in to the machine, also behind sudo.

Example:
  verlof tenant log acme`
}

// logged is an act as tenant log prints it.
type logged struct {
	At     time.Time `json:"at"`
	Act    string    `json:"act"`
	By     string    `json:"by"`
	Reason string    `json:"reason,omitempty"`
	Detail string    `json:"detail,omitempty"`
}

// Run prints it.
func (c *tenantLog) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		acts, err := d.Log(ctx, c.Slug)
		if err != nil {
			return err
		}
		all := []logged{}
		for _, a := range acts {
			all = append(all, logged{a.At, a.Kind, a.By, a.Reason, a.Detail})
		}
		return printList(io, c.JSON, all, []string{"AT", "ACT", "BY", "REASON", "ABOUT"}, func(l logged) []string {
			return []string{stamp(l.At), l.Act, l.By, l.Reason, l.Detail}
		})
	})
}
