// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"

	"verlof/errs"
	"verlof/tenant"
)

// tenantSet says how important a customer is, and whether it is a canary.
type tenantSet struct {
	oneCustomer `embed:""`
	Importance  *int   `placeholder:"N" help:"Of two customers in the same state the one with the higher number is brought back first; 0 for those that have none."`
	Canary      string `enum:"yes,no," default:"" placeholder:"yes|no" help:"Whether its database is brought up to date before those of others."`
}

// Help is what --help adds.
func (tenantSet) Help() string {
	return `Of customers with the same number the one that was used last comes first: nobody has to set anything.
The number decides who comes first when a whole installation is brought back, with verlof recover
or after the loss of a disk, and when databases are brought up to date.
A canary is a customer whose database is brought up to date first: your own, or one that agreed.

Examples:
  verlof tenant set acme --importance 10
  verlof tenant set acme --canary yes
  verlof tenant set birch --importance 0`
}

// Run does it.
func (c *tenantSet) Run(ctx context.Context, io *console) error {
	if c.Importance == nil && c.Canary == "" {
		return errs.Operator("verlof tenant set "+c.Slug+" --importance 10, or --canary yes", "say what is to be set")
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		var set []string
		if c.Importance != nil {
			if err := d.SetImportance(ctx, c.Slug, *c.Importance, c.why()); err != nil {
				return err
			}
			set = append(set, fmt.Sprintf("importance %d", *c.Importance))
		}
		if c.Canary != "" {
			if err := d.SetCanary(ctx, c.Slug, c.Canary == "yes", c.why()); err != nil {
				return err
			}
			set = append(set, "canary "+c.Canary)
		}
		return c.now(ctx, io, d, "%s: %s", c.Slug, strings.Join(set, ", "))
	})
}
