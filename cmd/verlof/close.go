// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"verlof/backup"
	"verlof/errs"
	"verlof/operate"
	"verlof/tenant"
)

// tenantClose begins to close a customer.
type tenantClose struct {
	oneCustomer `embed:""`
	Days        int  `default:"30" placeholder:"N" help:"How long people may still look, and it can be undone (${default})."`
	Undo        bool `help:"Have a customer that is being closed go on."`
	Lost        bool `help:"Its database is lost for good: go on without it, and without mails."`
}

// Help is what --help adds.
func (tenantClose) Help() string {
	return `Its system managers are written to, people look and change nothing, and above every page stands when
the site closes and why. Give them an export. When the time is over, verlof tenant destroy ends it.

Examples:
  verlof tenant export acme --to acme.zip
  verlof tenant close acme --reason "The contract ends."
  verlof tenant close acme --undo`
}

// Run does it.
func (c *tenantClose) Run(ctx context.Context, io *console) error {
	if c.Days < 1 {
		return errs.Operator("give at least 1; verlof tenant destroy --now does not wait for the end", "days: %d is too few", c.Days)
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		if !c.Undo {
			return c.begin(ctx, io, d)
		}
		if err := d.Reopen(ctx, c.Slug, c.why()); err != nil {
			return err
		}
		return c.now(ctx, io, d, "%s goes on", c.Slug)
	})
}

// begin writes to the system managers, and then begins to close their site.
func (c *tenantClose) begin(ctx context.Context, io *console, d *tenant.Directory) error {
	info, err := d.Show(ctx, c.Slug)
	if err != nil {
		return err
	}
	if err := d.MayClose(info.TenantRow, c.why()); err != nil {
		return err
	}
	until, waits := time.Now().AddDate(0, 0, c.Days).Truncate(time.Second), false
	told, err := operate.Announce(ctx, d, c.Slug, until)
	if err == nil {
		waits, err = c.sendNow(ctx, io, d, info.ID)
	}
	if err != nil && !c.Lost {
		return err
	}
	if err := d.BeginClose(ctx, c.Slug, until, c.Lost, c.why()); err != nil {
		return toldOfClosing(err, c.Slug, told)
	}
	if waits {
		told = 0
		io.say("tell its system managers yourself: mail rests while a customer is being closed")
	}
	return c.now(ctx, io, d, "%s closes on %s; %d system managers were written to; verlof tenant close %s --undo has it go on",
		c.Slug, until.Format(time.DateOnly), told, c.Slug)
}

// toldOfClosing says of a closing that failed how many were written to before: mail has to leave while
// the customer is in service, and does not come back.
func toldOfClosing(err error, slug string, told int) error {
	if told == 0 {
		return err
	}
	known := errs.As(err)
	hint := fmt.Sprintf("%d system managers of %s were written to already: run it again, or tell them that the customer goes on", told, slug)
	if known.Hint != "" {
		hint = known.Hint + "; " + hint
	}
	return &errs.Error{Kind: known.Kind, Err: err, Hint: hint}
}

// tenantDestroy ends a customer that is being closed.
type tenantDestroy struct {
	oneCustomer `embed:""`
	Confirm     string `placeholder:"SLUG" help:"The customer's short name, typed again."`
	Now         bool   `help:"Do not wait for the time that was given with verlof tenant close."`
	Lost        bool   `help:"Its database is lost for good, or where it lies cannot be reached any more: go on without it. The certificate says so."`
}

// Help is what --help adds.
func (tenantDestroy) Help() string {
	return `The customer's keys are destroyed, its databases, its copies at every depot, and those copies of the
registry in which the sealed keys still are. It cannot be undone. A certificate says what, when and by
whom, names the keys by their fingerprints, and is signed with the issuing certificate. Cut short, it
goes on when it is run again.

Example:
  verlof tenant destroy acme --confirm acme`
}

// Run does it.
func (c *tenantDestroy) Run(ctx context.Context, io *console) error {
	if err := operate.Confirmed(c.Slug, c.Confirm); err != nil {
		return err
	}
	how, err := c.how()
	if err != nil {
		return err
	}
	return c.withCopies(ctx, func(d *tenant.Directory, copies *backup.Copies) error {
		done := io.working("destroying " + c.Slug)
		cert, _, err := operate.Destroy(ctx, d, copies, c.Slug, how, c.why())
		done()
		if err != nil {
			return err
		}
		return printCertificate(io, cert, c.JSON)
	})
}

// how says where else databases may lie.
func (c *tenantDestroy) how() (operate.Destruction, error) {
	folders, err := c.folders()
	return operate.Destruction{Now: c.Now, Lost: c.Lost, Beside: folders}, err
}

// folders returns where databases of the installation are or were.
func (s *settings) folders() (list []string, err error) {
	place, err := s.place()
	if err == nil && place.Folder() != "" {
		list = append(list, place.Folder())
	}
	if s.Spare != "" {
		list = append(list, filepath.Clean(s.Spare))
	}
	return list, err
}

// tenantCertificate prints the certificate of a destruction.
type tenantCertificate struct {
	settings `embed:"" group:"settings"`
	Slug     string `arg:"" name:"SLUG" help:"The customer's short name."`
	JSON     bool   `xor:"form" help:"Print JSON."`
	Signed   bool   `xor:"form" help:"Print it as it was signed: a compact JWS (RFC 7515) with the certificates in x5c."`
}

// Help is what --help adds.
func (tenantCertificate) Help() string {
	return `It says what was destroyed, when and by whom, and what Verlof cannot reach.

Examples:
  verlof tenant certificate acme
  verlof tenant certificate acme --signed`
}

// Run prints it.
func (c *tenantCertificate) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		signed, err := d.Certificate(ctx, c.Slug)
		if err != nil {
			return err
		}
		if c.Signed {
			_, err := fmt.Fprintln(io.out, signed)
			return err
		}
		cert, err := operate.ReadCertificate(signed)
		if err != nil {
			return err
		}
		return printCertificate(io, cert, c.JSON)
	})
}

func printCertificate(io *console, c operate.Certificate, asJSON bool) error {
	if asJSON {
		return io.json(c)
	}
	rows := [][]string{{"destroyed", c.Slug + ", " + c.Name}, {"id", c.ID}, {"hosts", strings.Join(c.Hosts, ", ")},
		{"closed", c.Closing.At.Format(time.RFC3339) + " by " + c.Closing.By + ": " + c.Closing.Reason},
		{"at", c.At.Format(time.RFC3339) + " by " + c.By}}
	for _, k := range c.Keys {
		rows = append(rows, []string{"key " + strconv.Itoa(int(k.Number)), k.SHA256})
	}
	for _, where := range c.Databases {
		rows = append(rows, []string{"database", where})
	}
	for _, where := range c.Folders {
		rows = append(rows, []string{"folder", where + ", which was given up"})
	}
	for _, where := range c.Missed {
		rows = append(rows, []string{"not reached", where})
	}
	for _, f := range c.Copies {
		rows = append(rows, []string{"copies", fmt.Sprintf("%d objects, %d bytes at %s", f.Objects, f.Bytes, f.Depot)})
	}
	for _, f := range c.Registry {
		rows = append(rows, []string{"registry", fmt.Sprintf("%d older copies, %d bytes at %s", f.Objects, f.Bytes, f.Depot)})
	}
	if err := io.table(rows...); err != nil {
		return err
	}
	fmt.Fprintln(io.out, "\nBeyond Verlof's reach:")
	for _, text := range c.Beyond {
		fmt.Fprintln(io.out, "- "+text)
	}
	return nil
}

// tenantHold keeps everything of a customer: a legal hold.
type tenantHold struct {
	oneCustomer `embed:""`
	Until       string `placeholder:"TIME" xor:"end" help:"When it ends by itself, as 2027-12-31T18:00; without it, when it is released."`
	Release     bool   `xor:"end" help:"End it."`
}

// Help is what --help adds.
func (tenantHold) Help() string {
	return `Copies are kept however old they get, and the customer is not destroyed. People notice nothing.

Examples:
  verlof tenant hold acme --reason "case 2026/118"
  verlof tenant hold acme --release`
}

// Run does it.
func (c *tenantHold) Run(ctx context.Context, io *console) error {
	until, err := optional(c.Until)
	if err != nil {
		return err
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		if c.Release {
			if err := d.Release(ctx, c.Slug, c.why()); err != nil {
				return err
			}
			return c.now(ctx, io, d, "what is kept of %s is taken away when it is old enough", c.Slug)
		}
		if err := d.Preserve(ctx, c.Slug, until, c.why()); err != nil {
			return err
		}
		return c.now(ctx, io, d, "everything of %s is kept; verlof tenant hold %s --release ends that", c.Slug, c.Slug)
	})
}
