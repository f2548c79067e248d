// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"strconv"

	"verlof/errs"
	"verlof/operate"
	"verlof/tenant"
)

// tenantExport writes everything of a customer into a file.
type tenantExport struct {
	oneCustomer `embed:""`
	To          string `required:"" placeholder:"FILE" help:"A ZIP file that is not there yet."`
	Medical     bool   `help:"With medical notes, in clear text."`
}

// Help is what --help adds.
func (tenantExport) Help() string {
	return `Everything of the customer as it is at one moment, in files of JSON lines with a schema, a manifest
and the SHA-256 of each (docs/export.md). Passwords, second factors, tokens and keys are not in it.
verlof tenant create --import makes a customer of it again.

Examples:
  verlof tenant export acme --to acme.zip --reason "the customer asked for it"
  verlof tenant create acme-copy --import acme.zip`
}

// Run does it.
func (c *tenantExport) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		done := io.working("exporting " + c.Slug)
		m, err := operate.Export(ctx, d, c.Slug, c.To, c.Medical, c.why())
		done()
		if err != nil {
			return err
		}
		if c.JSON {
			return io.json(m)
		}
		medical := "not in it"
		if m.Medical {
			medical = "in it, in clear text"
		}
		return io.table([]string{"customer", c.Slug}, []string{"file", c.To}, []string{"files", strconv.Itoa(len(m.Files))},
			[]string{"rows", strconv.Itoa(m.Rows())}, []string{"medical notes", medical})
	})
}

// make makes the customer: of an export, or with something to start from.
func (c *tenantCreate) make(ctx context.Context, d *tenant.Directory, n operate.Customer) error {
	if c.Import == "" {
		_, err := operate.Create(ctx, d, n)
		return err
	}
	if c.Accent+c.Admin != "" {
		return errs.Operator("leave them out, and invite people of the export with: verlof user invite", "--import brings people and colours of its own")
	}
	f, err := os.Open(c.Import)
	if err != nil {
		return &errs.Error{Kind: errs.Invalid, Err: err, Hint: "name a file with --import that verlof tenant export made"}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	_, _, err = operate.Import(ctx, d, n.New, f, info.Size())
	return err
}
