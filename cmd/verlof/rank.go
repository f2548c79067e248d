// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"verlof/tenant"
)

// tenantSet says how important a customer is.
type tenantSet struct {
	oneCustomer `embed:""`
	Importance  int `required:"" placeholder:"N" help:"Of two customers in the same state the one with the higher number is brought back first; 0 for those that have none."`
}

// Help is what --help adds.
func (tenantSet) Help() string {
	return `The number decides who comes first when a whole installation is brought back, with verlof recover
or after the loss of a disk, and when databases are brought up to date.

Examples:
  verlof tenant set acme --importance 10
  verlof tenant set birch --importance 0`
}

// Run does it.
func (c *tenantSet) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		if err := d.SetImportance(ctx, c.Slug, c.Importance, c.why()); err != nil {
			return err
		}
		io.say("%s: importance %d", c.Slug, c.Importance)
		return nil
	})
}
