// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"verlof/errs"
	"verlof/operate"
	"verlof/store/migration"
	"verlof/tenant"
)

// migrateCmd brings databases up to date.
type migrateCmd struct {
	settings `embed:"" group:"settings"`
	Slugs    []string `arg:"" optional:"" name:"SLUG" help:"Customers by their short names, whatever the waves."`
	Plan     bool     `xor:"what" help:"Say how far each database is and what it lacks, and do nothing."`
	Canary   bool     `xor:"what" help:"The first wave only: the canaries, or the customers that are named."`
	All      bool     `xor:"what" help:"Wave by wave: the canaries, 1 %, all. It stops at the first that cannot be."`
	Back     bool     `xor:"what" help:"Put the named customer back to the snapshot from before its last update. Without --confirm: say what would be lost."`
	Confirm  string   `placeholder:"SLUG" help:"Its short name again: what is lost by going back is meant."`
	Reason   string   `placeholder:"TEXT" help:"Why, for the record that verlof tenant log shows."`
	JSON     bool     `help:"Print JSON."`
}

// Help is what --help adds.
func (migrateCmd) Help() string {
	return `Brings customers' databases up to date with this program, while they are in use: also by servers of
the release before, which go on with what comes of it. Of each database a snapshot is made first, and
the steps are tried out on a copy of it. One that cannot be brought up to date stays as it is.

Examples:
  verlof migrate --plan
  verlof migrate --canary acme
  verlof migrate --all
  verlof migrate --back acme`
}

// Run does it.
func (c *migrateCmd) Run(ctx context.Context, io *console) error {
	if err := c.check(); err != nil {
		return err
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		switch {
		case c.Plan:
			return c.plan(ctx, io, d)
		case c.Back:
			return c.back(ctx, io, d)
		}
		return c.bringUp(ctx, io, d)
	})
}

// bringUp brings databases up to date, and says of each how it went, as it goes.
func (c *migrateCmd) bringUp(ctx context.Context, io *console, d *tenant.Directory) (err error) {
	done := []broughtUp{}
	r := &operate.Rollout{Tenants: d, By: c.why().By, Each: func(p operate.Progress) {
		tellProgress(io, p)
		done = append(done, broughtUpOf(p))
	}}
	switch {
	case len(c.Slugs) > 0:
		err = r.Named(ctx, c.Slugs)
	case c.Canary:
		err = r.Run(ctx, operate.Canaries)
	default:
		if err = r.Run(ctx, operate.Everyone); err == nil {
			_, err = d.ForgetSnapshots(ctx)
		}
	}
	if c.JSON {
		err = errors.Join(io.json(done), err)
	}
	return err
}

// broughtUp is how a customer's database was brought up to date, in JSON.
type broughtUp struct {
	Customer string  `json:"customer"`
	Wave     string  `json:"wave"`
	From     int64   `json:"from,omitempty"` // nothing where it was up to date
	To       int64   `json:"to,omitempty"`
	Seconds  float64 `json:"seconds,omitempty"`
	Snapshot string  `json:"snapshot,omitempty"`
	Problem  string  `json:"problem,omitempty"`
}

func broughtUpOf(p operate.Progress) broughtUp {
	b := broughtUp{Customer: p.Slug, Wave: string(p.Wave)}
	if p.Err != nil {
		b.Problem = plainly(p.Err)
	}
	if p.Run != nil {
		b.From, b.To, b.Snapshot, b.Seconds = p.Run.From, p.Run.To, p.Run.Snapshot, p.Run.Ended.Sub(p.Run.At).Seconds()
	}
	return b
}

func (c *migrateCmd) why() tenant.Why { return whoever(c.Reason) }

func (c *migrateCmd) check() error {
	switch {
	case c.Back && len(c.Slugs) != 1:
		return errs.Operator("verlof migrate --back acme", "one customer is put back at a time")
	case c.All && len(c.Slugs) > 0:
		return allAndNamed(c.Slugs)
	case c.Plan && len(c.Slugs) > 0:
		return errs.Operator("leave out the names", "--plan is of all customers")
	case !c.Plan && !c.Canary && !c.All && !c.Back && len(c.Slugs) == 0:
		return errs.Operator("verlof migrate --plan says what there is to do", "say whose databases: --canary, --all, or names of customers")
	case c.Confirm != "" && !c.Back:
		return errs.Operator("leave it out, or go back with --back", "--confirm is for --back")
	}
	return nil
}

// tellProgress says how a customer's database was brought up to date.
func tellProgress(io *console, p operate.Progress) {
	switch {
	case p.Err != nil:
		return // it is the error of the command
	case p.Run == nil:
		io.say("%s is up to date", p.Slug)
	default:
		io.say("%d of %d (%s): %s from %d to %d in %s, snapshot %s", p.N, p.Of, p.Wave, p.Slug, p.Run.From, p.Run.To,
			p.Run.Ended.Sub(p.Run.At).Round(time.Millisecond), size(p.Run.Bytes))
	}
}

// size says how many bytes there are, in the unit that suits.
func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}

// howFar is a customer as migrate --plan prints it.
type howFar struct {
	Customer string    `json:"customer"`
	Wave     string    `json:"wave,omitempty"`
	Schema   int64     `json:"schema"`
	Lacks    []string  `json:"lacks"`
	Last     time.Time `json:"last,omitzero"`
	Result   string    `json:"result,omitempty"`
	Snapshot string    `json:"snapshot,omitempty"`

	kinds string
}

func (c *migrateCmd) plan(ctx context.Context, io *console, d *tenant.Directory) error {
	all, err := d.Migrations(ctx)
	if err != nil {
		return err
	}
	waves, list := map[string]string{}, []howFar{}
	for w, slugs := range operate.Waves(all) {
		for _, slug := range slugs {
			waves[slug] = string(w)
		}
	}
	for _, b := range all {
		list = append(list, howFarOf(b, waves[b.Slug]))
	}
	if c.JSON {
		return io.json(list)
	}
	err = printList(io, false, list, []string{"CUSTOMER", "SCHEMA", "LACKS", "WAVE", "LAST", "RESULT"}, func(p howFar) []string {
		return []string{p.Customer, strconv.FormatInt(p.Schema, 10), p.kinds, p.Wave, stamp(p.Last), p.Result}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(io.out, "\nThis program knows %d steps. %s\n", migration.Tenant.Version, suits(all))
	return nil
}

func howFarOf(b tenant.Behind, wave string) howFar {
	p := howFar{Customer: b.Slug, Wave: wave, Schema: b.SchemaVersion, Lacks: []string{}, kinds: operate.Kinds(b.Steps)}
	for _, s := range b.Steps {
		p.Lacks = append(p.Lacks, s.Name)
	}
	if b.Back && len(b.Steps) > 0 {
		p.Wave = "none: it was put back"
	}
	if m := b.Last; m != nil {
		p.Last, p.Snapshot, p.Result = m.At.UTC(), m.Snapshot, "good"
		switch {
		case m.Problem != "":
			p.Result = "failed: " + m.Problem
		case m.Ended.IsZero():
			p.Result = "under way, or cut short"
		}
	}
	return p
}

// suits says which programs go on with what is to be done.
func suits(all []tenant.Behind) string {
	least := int64(0)
	for _, b := range all {
		for _, s := range b.Steps {
			least = max(least, s.Since)
		}
	}
	if least > 0 {
		return fmt.Sprintf("Some steps take things away: stop all servers that know fewer than %d.", least)
	}
	return "Servers of the release before go on with what comes of it."
}

// back puts a customer back to its snapshot, or says what that would mean.
func (c *migrateCmd) back(ctx context.Context, io *console, d *tenant.Directory) error {
	slug := c.Slugs[0]
	b, err := d.MayGoBack(ctx, slug)
	if err != nil {
		return err
	}
	back := goneBack{Customer: slug, SnapshotOf: b.At.UTC(), Schema: b.From, Lost: append([]string{}, b.Lines()...)}
	if c.Confirm == "" {
		if err := back.print(io, c.JSON); err != nil {
			return err
		}
		io.say("nothing was done; with --confirm %s what is lost stays in the database that was in use, and the customer goes on without it", slug)
		return nil
	}
	if err := operate.Confirmed(slug, c.Confirm); err != nil {
		return err
	}
	if back.InUse, err = d.GoBack(ctx, slug, b, c.why()); err != nil {
		return err
	}
	io.say("serve %s with a release that knows schema %d, or bring it up to date with verlof migrate %s", slug, b.From, slug)
	return back.print(io, c.JSON)
}

// goneBack is what migrate --back prints.
type goneBack struct {
	Customer   string    `json:"customer"`
	SnapshotOf time.Time `json:"snapshot_of"`
	Schema     int64     `json:"schema"` // of the snapshot
	Lost       []string  `json:"lost"`
	InUse      string    `json:"in_use,omitempty"` // the database, once it was put back
}

func (g *goneBack) print(io *console, asJSON bool) error {
	if asJSON {
		return io.json(g)
	}
	rows := [][]string{{"customer", g.Customer}, {"snapshot of", stamp(g.SnapshotOf)}, {"schema", strconv.FormatInt(g.Schema, 10)},
		{"lost", cmp.Or(strings.Join(g.Lost, ", "), "nothing")}}
	if g.InUse != "" {
		rows = append(rows, []string{"in use", g.InUse})
	}
	return io.table(rows...)
}
