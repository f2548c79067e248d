// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/store"
	"verlof/store/migration"
)

// A customer's database is brought up to date in three acts, while no other process may: a snapshot is made;
// the steps are tried out on a copy of it, which must hold what it held and understand this program; then they
// are done. What fails leaves the customer as it was, and nobody else notices. The registry keeps how it went.

// Policy says whose database this process brings up to date by itself.
type Policy string

// The policies.
const (
	MigrateAll    Policy = "all"    // everybody's: when it is opened, and in the background
	MigrateCanary Policy = "canary" // that of customers who are canaries
	MigrateNever  Policy = "never"  // nobody's
)

// Migration is how a customer's database was brought up to date.
type Migration = store.Migration

type (
	askedKey struct{}
	asIsKey  struct{}
)

// asked is an order to bring a customer up to date, whatever the policy says, and what came of it.
type asked struct {
	by  string
	run *Migration
	err error
}

// AsItIs returns a context in which no database is brought up to date: one that this program cannot work with as it is
// is not opened.
func AsItIs(ctx context.Context) context.Context { return context.WithValue(ctx, asIsKey{}, true) }

// tries is how long a migration that failed is not tried again unless somebody asks for it.
const tries = 10 * time.Minute

// tried is a migration that failed in this process.
type tried struct {
	err   error
	until time.Time
}

// bringUp takes the database of a customer that has seen the steps up to have through those that it lacks, if the
// policy lets it, and reports Unavailable where it stays behind what this program needs.
func (d *Directory) bringUp(ctx context.Context, row store.TenantRow, db *store.DB, have int64) error {
	if have == 0 || have >= migration.Tenant.Version {
		return store.Migrate(ctx, db, migration.Tenant)
	}
	now, err := d.registry.Tenant(ctx, row.ID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	if now.Database != row.Database { // a copy that somebody looks at
		return d.steps(ctx, row, db, have, nil)
	}
	order, _ := ctx.Value(askedKey{}).(*asked)
	err = d.mayMigrate(ctx, now, order)
	if err == nil {
		err = d.migrateInUse(ctx, now, db, have, order)
	}
	if err == nil {
		return nil
	}
	if order != nil {
		order.err = err
	}
	if have, unknown := store.SchemaVersion(ctx, db); unknown == nil && have >= migration.Tenant.Least {
		return nil // it goes on as it is
	}
	return &errs.Error{Kind: errs.Unavailable, Public: "store.error.newer", Err: err, Hint: "verlof migrate --plan says how far each customer is; verlof migrate " +
		row.Slug + " brings this one up to date, and says why where it cannot"}
}

// steps takes a database through the steps that it lacks, open to changes meanwhile, and marks it where it has no mark.
func (d *Directory) steps(ctx context.Context, row store.TenantRow, db *store.DB, have int64, before func(have int64) error) error {
	return thawed(ctx, db, func() error {
		if err := store.MigrateAfter(ctx, db, migration.Tenant, before); err != nil || have >= store.MarkStep {
			return err
		}
		return claim(ctx, db, row.ID)
	})
}

// mayMigrate reports why a customer that is behind is not brought up to date now.
func (d *Directory) mayMigrate(ctx context.Context, row store.TenantRow, order *asked) error {
	if order != nil {
		return nil
	}
	k, err := TermsOf(row)
	if err != nil {
		return err
	}
	d.mu.Lock()
	last := d.tried[row.ID]
	d.mu.Unlock()
	var why string
	switch asIs, _ := ctx.Value(asIsKey{}).(bool); {
	case asIs:
		why = "another customer's failed before"
	case k.Back:
		why = "it was put back to a snapshot"
	case d.Policy == MigrateNever:
		why = "by setting"
	case d.Policy == MigrateCanary && !k.Canary:
		why = "it is no canary"
	case d.Now().Before(last.until):
		return last.err
	default:
		return nil
	}
	return fmt.Errorf("its database is not brought up to date: %s", why)
}

// migrateInUse brings the database in use of a customer up to date, once it is its turn in this process.
func (d *Directory) migrateInUse(ctx context.Context, row store.TenantRow, db *store.DB, have int64, order *asked) error {
	select {
	case d.turns <- struct{}{}:
		defer func() { <-d.turns }()
	case <-ctx.Done():
		return ctx.Err()
	}
	run := Migration{ID: id.New(d.Now()), Tenant: row.ID, From: have, To: migration.Tenant.Version, At: d.clock(), By: "verlof"}
	if order != nil {
		run.By = order.by
	}
	began := false
	err := d.steps(ctx, row, db, have, func(have int64) error {
		began = true
		return d.prepare(ctx, row, db, have, &run)
	})
	if err == nil {
		err = d.settleShut(ctx, row, db)
	}
	if !began && err == nil {
		return nil // another process was faster
	}
	return d.migrated(context.WithoutCancel(ctx), row, run, order, err)
}

// migrated keeps how a migration came out, and returns its error.
func (d *Directory) migrated(ctx context.Context, row store.TenantRow, run Migration, order *asked, err error) error {
	if run.Ended = d.clock(); err != nil {
		run.Problem = err.Error()
	}
	d.mu.Lock()
	if delete(d.tried, row.ID); err != nil {
		d.tried[row.ID] = tried{err, d.Now().Add(tries)}
	}
	d.mu.Unlock()
	if order != nil {
		order.run = &run
	}
	kept := d.registry.SaveMigration(ctx, run)
	if err == nil {
		kept = errors.Join(kept, d.noLongerBack(ctx, row.ID))
	}
	if d.OnMigrated != nil {
		d.OnMigrated(row.Slug, run, err)
	}
	return errors.Join(err, kept)
}

// prepare makes the snapshot of a database that has seen the steps up to have, and tries the others out on a copy of it. A
// migration that was cut short after some steps goes on with the snapshot from before it.
func (d *Directory) prepare(ctx context.Context, row store.TenantRow, db *store.DB, have int64, run *Migration) error {
	before, err := d.registry.Migrations(ctx, row.ID)
	if err != nil {
		return err
	}
	run.From = have
	if len(before) > 0 && !before[0].Good() && before[0].Snapshot != "" {
		last := before[0]
		if last.From < have {
			run.ID, run.From, run.At, run.Snapshot, run.Bytes, run.Saved = last.ID, last.From, last.At, last.Snapshot, last.Bytes, last.Saved
			return nil
		}
		if err := d.forget(ctx, row, last); err != nil {
			return err
		}
	}
	start := time.Now()
	run.At = d.clock()
	if run.Snapshot, err = d.Place.SnapshotBeside(row.Database, row.ID, d.nameBeside(row, "before", run.From, run.ID)); err != nil {
		return err
	}
	if err = d.registry.SaveMigration(ctx, *run); err == nil { // so that one that is cut short leaves nothing of which nobody knows
		err = d.snapshot(ctx, row, db, run)
	}
	if err == nil {
		err = d.tryOut(ctx, row, *run)
	}
	run.Saved = time.Since(start)
	if err == nil {
		err = d.registry.SaveMigration(ctx, *run)
	}
	if err != nil {
		err = errors.Join(err, d.Place.DropSnapshot(ctx, run.Snapshot))
		run.Snapshot = ""
	}
	return err
}

// snapshot makes the snapshot of a migration.
func (d *Directory) snapshot(ctx context.Context, row store.TenantRow, db *store.DB, run *Migration) (err error) {
	err = d.Place.Snapshot(ctx, db, run.Snapshot, func(where string) (*store.DB, error) {
		into, err := d.aside(ctx, row, where)
		if err == nil {
			err = store.Migrate(ctx, into, migration.Tenant.Until(run.From))
		}
		return into, err
	})
	if err != nil {
		return fmt.Errorf("make a snapshot: %w", err)
	}
	run.Bytes, err = db.Bytes(ctx)
	return err
}

// nameBeside returns a name for a database beside a customer's own. A server has room for a short one.
func (d *Directory) nameBeside(row store.TenantRow, what string, step int64, id string) string {
	if d.Place.HasRoles(row.Database) {
		return what[:1] + id[len(id)-4:]
	}
	return fmt.Sprintf("%s%d-%s", what, step, id[len(id)-8:])
}

// aside opens a database beside a customer's own, which nobody else has open.
func (d *Directory) aside(ctx context.Context, row store.TenantRow, where string) (*store.DB, error) {
	db, err := d.fresh(ctx, row.ID, where)
	if errs.Is(err, errs.Invalid) { // the installation may make no roles here
		return d.Place.Open(ctx, where)
	}
	return db, err
}

// tryOut does on a copy of the snapshot what is to be done, and finds what is not as it should be then.
func (d *Directory) tryOut(ctx context.Context, row store.TenantRow, run Migration) (err error) {
	where, err := d.trialOf(row, run)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Place.DropSnapshot(context.WithoutCancel(ctx), where)) }()
	if err := d.Place.CopySnapshot(ctx, run.Snapshot, where); err != nil {
		return err
	}
	db, err := d.aside(ctx, row, where)
	if err != nil {
		return err
	}
	if err = d.sound(ctx, row, db, run); err != nil {
		err = fmt.Errorf("tried out on a copy, nothing was done: %w", err)
	}
	return errors.Join(err, db.Close())
}

// trialOf returns where the copy is on which a migration is tried out.
func (d *Directory) trialOf(row store.TenantRow, run Migration) (string, error) {
	return d.Place.SnapshotBeside(row.Database, row.ID, d.nameBeside(row, "try", run.From, run.ID))
}

// sound takes a copy through the steps, and reports an error unless it is whole then.
func (d *Directory) sound(ctx context.Context, row store.TenantRow, db *store.DB, run Migration) error {
	before, err := db.Rows(ctx)
	if err == nil {
		err = thawed(ctx, db, func() error { return store.Migrate(ctx, db, migration.Tenant) })
	}
	if err == nil {
		err = db.Check(ctx)
	}
	if err == nil {
		err = db.Understands(ctx)
	}
	if err != nil || slices.ContainsFunc(migration.Tenant.After(run.From), func(s migration.Step) bool { return s.Kind == migration.Contract }) {
		return err
	}
	after, err := db.Rows(ctx)
	for table, n := range before {
		if err == nil && after[table] < n {
			err = fmt.Errorf("table %s had %d rows, and has %d", table, n, after[table])
		}
	}
	return err
}

// forget takes the snapshot of a migration away, and the copy on which it was tried out, if it was cut short then.
func (d *Directory) forget(ctx context.Context, row store.TenantRow, m Migration) error {
	err := d.Place.DropSnapshot(ctx, m.Snapshot)
	if trial, none := d.trialOf(row, m); none == nil && err == nil && !m.Good() {
		err = d.Place.DropSnapshot(ctx, trial)
	}
	if err != nil {
		return fmt.Errorf("take snapshot %s away: %w", m.Snapshot, err)
	}
	m.Snapshot = ""
	return d.registry.SaveMigration(ctx, m)
}

// ForgetSnapshots takes the snapshots away that are older than the installation keeps them, unless there is a legal hold on
// the customer. It returns how many.
func (d *Directory) ForgetSnapshots(ctx context.Context) (n int, err error) {
	old, err := d.registry.OldSnapshots(ctx, d.clock().Add(-d.SnapshotsFor))
	for _, m := range old {
		if d.Held(m.Tenant) {
			continue
		}
		row, failed := d.registry.Tenant(ctx, m.Tenant)
		if failed == nil {
			failed = d.forget(ctx, row, m)
		}
		if err = errors.Join(err, failed); failed == nil {
			n++
		}
	}
	return n, err
}

// atOnce is how many databases are brought up to date at the same time: on a server each takes several of the
// connections that this process may have.
func atOnce(p *store.Place) int {
	if p.IsServer() {
		return 1
	}
	return max(2, runtime.GOMAXPROCS(0))
}
