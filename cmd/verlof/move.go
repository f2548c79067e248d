// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"verlof/tenant"
)

// tenantMove takes a customer to another place.
type tenantMove struct {
	oneCustomer `embed:""`
	To          string        `required:"" placeholder:"PLACE" help:"sqlite:DIR, cluster:NAME, or postgres://user@host/name without a password: a database of the customer's own is made there, named after that one."`
	Within      time.Duration `default:"4s" help:"How long changes may wait (${default}), less than 15s; if that is not long enough, nothing is moved."`
}

// Help is what --help adds.
func (tenantMove) Help() string {
	return `People go on working while everything is copied. Then changes wait while what they changed meanwhile
is put there and all is compared, row by row, and are made in the new database. The old one stays where it
is, and takes no changes any more. A move that was cut short before that is finished
by running the same command again, or given up with verlof tenant thaw; later it ends by itself.

Examples:
  verlof tenant move acme --to sqlite:/mnt/second/verlof --reason "the disk is full"
  verlof tenant move acme --to postgres://verlof@db2/verlof
  verlof tenant move acme --to cluster:east`
}

// moved is what tenant move prints.
type moved struct {
	Customer string  `json:"customer"`
	From     string  `json:"from"`
	To       string  `json:"to"`
	Tables   int     `json:"tables"` // that were copied and compared; 0: the move before did
	Rows     int     `json:"rows"`
	Waited   float64 `json:"waited_seconds"` // changes, at most
}

// Run does it.
func (c *tenantMove) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		done := io.working("moving " + c.Slug)
		m, err := d.Move(ctx, c.Slug, c.To, c.Within, c.why())
		done()
		if err != nil {
			return err
		}
		if c.JSON {
			return io.json(moved{c.Slug, m.From, m.To, m.Tables, m.Rows, m.Paused.Seconds()})
		}
		copied := "by the move before, which was cut short"
		if m.Tries > 0 {
			copied = fmt.Sprintf("%d rows of %d tables, and compared", m.Rows, m.Tables)
		}
		return io.table([]string{"customer", c.Slug}, []string{"from", m.From}, []string{"to", m.To}, []string{"copied", copied},
			[]string{"changes waited", m.Paused.Round(time.Millisecond).String() + " at most"})
	})
}
