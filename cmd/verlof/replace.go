// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"path/filepath"
	"strconv"
	"time"

	"verlof/errs"
	"verlof/tenant"
)

// tenantReplace puts another database in use for a customer.
type tenantReplace struct {
	oneCustomer `embed:""`
	With        string `placeholder:"FILE" xor:"what" help:"A SQLite database of this customer, sealed with its keys: restored, mended or investigated elsewhere. It is copied."`
	FromTenant  string `placeholder:"SLUG" xor:"what" help:"What another customer has at the moment, such as one in which things were tried. It goes on."`
	Undo        bool   `xor:"what" help:"Put back the database that was in use before the last replacement."`
}

// Help is what --help adds.
func (tenantReplace) Help() string {
	return `The new database is copied, brought up to date, read to its end, and everything that is sealed in it is
opened with the customer's keys: another customer's is refused, whatever it says of itself. Then it is put
in use at once, for everybody, while the customer is in use. The one before it stays where it is.

Examples:
  verlof tenant replace acme --with /media/mended/data.db --reason "mended by the vendor"
  verlof tenant replace acme --from-tenant acme-trial --reason "the trial is approved"
  verlof tenant replace acme --undo --reason "it was the wrong day"`
}

// Run does it.
func (c *tenantReplace) Run(ctx context.Context, io *console) error {
	if c.With == "" && c.FromTenant == "" && !c.Undo {
		return errs.Operator("say with what: --with FILE or --from-tenant SLUG, or --undo", "nothing was replaced")
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		done := io.working("replacing " + c.Slug)
		where, err := c.replace(ctx, d)
		done()
		if err != nil {
			return err
		}
		if c.JSON {
			return io.json(map[string]string{"customer": c.Slug, "in_use": where})
		}
		if err := io.table([]string{"customer", c.Slug}, []string{"in use", where}); err != nil {
			return err
		}
		io.say("verlof tenant replace %s --undo puts back what was there", c.Slug)
		return nil
	})
}

// replace returns the database that is in use then.
func (c *tenantReplace) replace(ctx context.Context, d *tenant.Directory) (where string, err error) {
	name := "taken-" + strconv.FormatInt(time.Now().UnixMilli(), 36) // short: PostgreSQL's names are
	switch {
	case c.Undo:
		return d.Undo(ctx, c.Slug, c.why())
	case c.FromTenant != "":
		where, err = d.TakeFrom(ctx, c.Slug, name, c.FromTenant)
	default:
		var file string
		if file, err = filepath.Abs(c.With); err == nil {
			where, err = d.TakeIn(ctx, c.Slug, name, file)
		}
	}
	if err == nil {
		_, err = d.Replace(ctx, c.Slug, where, c.why())
	}
	return where, err
}
