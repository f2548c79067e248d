// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/store"
	"verlof/store/migration"
)

// Behind is how far the database of a customer is.
type Behind struct {
	store.TenantRow
	Canary bool
	Back   bool             // it was put back to a snapshot, and is brought up to date only when somebody asks for it
	Steps  []migration.Step // that it lacks
	Last   *Migration       // nil: there was none
}

// Migrations returns how far everybody's database is, as the registry knows it, in the order of InOrder.
func (d *Directory) Migrations(ctx context.Context) (all []Behind, err error) {
	last := map[string]*Migration{}
	list, err := d.registry.LastMigrations(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		last[list[i].Tenant] = &list[i]
	}
	err = d.Each(ctx, func(row store.TenantRow) error {
		k, err := TermsOf(row)
		all = append(all, Behind{row, k.Canary, k.Back, migration.Tenant.After(row.SchemaVersion), last[row.ID]})
		return err
	})
	return all, err
}

// BringUp brings a customer's database up to date, whatever the policy says, and returns how that went; nil where there was
// nothing to do. It reports NotFound.
func (d *Directory) BringUp(ctx context.Context, slug, by string) (*Migration, error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	d.evict(row.ID)
	order := &asked{by: by}
	t, release, err := d.use(context.WithValue(ctx, askedKey{}, order), row)
	if err != nil && (ctx.Err() != nil || errors.Is(err, errHangs)) {
		return nil, err // it is being opened still
	}
	if order.err != nil {
		return order.run, fmt.Errorf("migrate %s: %w", slug, order.err)
	}
	if err != nil {
		return order.run, err
	}
	defer release()
	have, err := store.SchemaVersion(ctx, t.db)
	if err == nil && have < migration.Tenant.Version {
		err = &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("%s was opened by somebody else at the same time", slug), Hint: "run the command again"}
	}
	return order.run, err
}

// SetCanary says whether a customer is among those that are brought up to date first. It reports NotFound.
func (d *Directory) SetCanary(ctx context.Context, slug string, is bool, w Why) error {
	detail := "no"
	if is {
		detail = "yes"
	}
	return d.keep(ctx, slug, "canary", detail, w, func(_ *store.TenantRow, k *Terms) error {
		k.Canary = is
		return nil
	})
}

// noLongerBack has a customer that was put back be like all others again. What somebody else keeps of it meanwhile, such as a
// legal hold, stays.
func (d *Directory) noLongerBack(ctx context.Context, id string) error {
	for {
		row, err := d.registry.Tenant(ctx, id)
		if err != nil {
			return err
		}
		k, err := TermsOf(row)
		if err != nil || !k.Back {
			return err
		}
		k.Back = false
		text, err := k.text()
		if err == nil {
			err = d.registry.SetSettings(ctx, id, text, row.Revision)
		}
		if !errs.Is(err, errs.NotFound) { // else somebody was faster
			return err
		}
	}
}

// WayBack is what going back to the snapshot before the last migration means for a customer.
type WayBack struct {
	Migration
	Lost map[string]int // changes since, by their type, that are not in the snapshot
}

// Lines says what would be lost, a line for each kind of change.
func (b *WayBack) Lines() (lines []string) {
	for _, kind := range slices.Sorted(maps.Keys(b.Lost)) {
		lines = append(lines, fmt.Sprintf("%d × %s", b.Lost[kind], kind))
	}
	return lines
}

// MayGoBack returns what going back means. It reports NotFound where there is no snapshot to go back to.
func (d *Directory) MayGoBack(ctx context.Context, slug string) (b WayBack, err error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return b, err
	}
	list, err := d.registry.Migrations(ctx, row.ID)
	if err != nil {
		return b, err
	}
	i := slices.IndexFunc(list, func(m Migration) bool { return m.Snapshot != "" })
	if i < 0 {
		return b, &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("there is no snapshot of %s from before an update", slug),
			Hint: "verlof restore " + slug + " --to TIME makes a database of its copies"}
	}
	b = WayBack{list[i], map[string]int{}}
	db, err := d.plainly(ctx, row.ID, row.Database)
	if err != nil {
		return b, err
	}
	since, err := db.EventsSince(ctx, b.At)
	for _, e := range since {
		b.Lost[e.Type]++
	}
	return b, errors.Join(err, db.Close())
}

// GoBack puts a copy of the snapshot in the place of a customer's database, as Replace does: what was written since stays in the
// one that was in use. The customer is not brought up to date again before somebody asks for it; until then it is served by
// programs that can work with its schema. It returns the database that is in use now.
func (d *Directory) GoBack(ctx context.Context, slug string, b WayBack, w Why) (now string, err error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	if now, err = d.besideFor(row, d.nameBeside(row, "went-back", b.From, id.New(d.Now()))); err != nil {
		return "", err
	}
	if err := d.Place.CopySnapshot(ctx, b.Snapshot, now); err != nil {
		return "", fmt.Errorf("copy the snapshot of %s: %w", slug, err)
	}
	if err := d.ready(ctx, row, now); err != nil {
		return "", err
	}
	return now, d.swap(ctx, row, store.Left{To: now, By: w.By, Reason: w.Reason, Schema: b.From})
}

// besideFor returns where another database of a customer is, on the engine that it is on.
func (d *Directory) besideFor(row store.TenantRow, name string) (string, error) {
	if d.Place.HasRoles(row.Database) {
		return d.Place.SnapshotBeside(row.Database, row.ID, name)
	}
	where, _, err := d.Place.Beside(row.ID, name)
	return where, err
}

// ready makes certain that a database is whole, the customer's, and takes changes if the customer does.
func (d *Directory) ready(ctx context.Context, row store.TenantRow, where string) error {
	keys, err := d.keys(ctx, row)
	if err != nil {
		return err
	}
	db, err := d.aside(ctx, row, where)
	if err != nil {
		return err
	}
	db.SealWith(keys)
	if err = db.Check(ctx); err == nil {
		err = belongs(ctx, db, row.ID)
	}
	if err == nil {
		err = shutAs(ctx, db, row.State)
	}
	return errors.Join(err, db.Close())
}

// snapshots returns where the snapshots of a customer are that are still there.
func (d *Directory) snapshots(ctx context.Context, id string) (where []string, err error) {
	list, err := d.registry.Migrations(ctx, id)
	for _, m := range list {
		if m.Snapshot != "" {
			where = append(where, m.Snapshot)
		}
	}
	return where, err
}

// snapshotsFor is how long snapshots are kept unless the installation says otherwise.
const snapshotsFor = 14 * 24 * time.Hour
