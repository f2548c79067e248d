// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"verlof/backup"
	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/id"
	"verlof/store"
	"verlof/tenant"
)

// Drills restores databases to see that they can be had back.
type Drills struct {
	Tenants *tenant.Directory
	Copies  *backup.Copies
	Every   time.Duration // of each database
	Ahead   time.Duration // what is due so soon is done already: until the next round
	Each    func(name string, result store.Drill, err error)
}

// Round does what is due for the copy of each database. Of those whose last drill is too long
// ago it puts a whole at each place that is to have one, and drills them. The registry is first. An error of one does not hold up the others.
func (r *Drills) Round(ctx context.Context) error {
	last, err := r.Tenants.LastDrills(ctx)
	if err != nil {
		return err
	}
	now := r.Tenants.Now()
	due := func(id string) bool { return now.Sub(last[id].At) >= r.Every-r.Ahead }
	if err := r.one(ctx, tenant.RegistryID, tenant.RegistryID, due(tenant.RegistryID), r.Tenants.Registry()); err != nil {
		return err
	}
	return r.Tenants.Each(ctx, func(row store.TenantRow) error {
		t, release, err := r.Tenants.ByID(ctx, row.ID)
		if err != nil {
			r.Each(row.Slug, store.Drill{}, err)
			return nil
		}
		defer release()
		return r.one(ctx, row.ID, row.Slug, due(row.ID), t.DB())
	})
}

// one sees to one database, and tells of its errors. It returns one only where the round is to stop.
func (r *Drills) one(ctx context.Context, id, name string, due bool, db *store.DB) error {
	l := r.Copies.Log(id)
	if l == nil || db.File() == "" {
		return nil // PostgreSQL
	}
	if err := l.Upkeep(ctx, false); err != nil {
		r.tell(ctx, name, err)
		return ctx.Err()
	}
	if !due {
		return nil
	}
	if err := errors.Join(l.TakeWholes(ctx), l.Mirror(ctx)); err != nil {
		r.tell(ctx, name, err)
	}
	result, err := Drill(ctx, r.Tenants, l, id, db)
	if err != nil {
		r.tell(ctx, name, err)
		return ctx.Err()
	}
	r.Each(name, result, nil)
	return nil
}

// tell tells of an error, unless it is only that the round is to stop.
func (r *Drills) tell(ctx context.Context, name string, err error) {
	if ctx.Err() == nil {
		r.Each(name, store.Drill{}, err)
	}
}

// Drill restores the newest state of a database beside the one in use, compares the two page
// by page, has the database engine check the result, computes everybody's balances of today
// anew from it and compares them with those of the database in use, and keeps what it came
// to. That it failed is no error but a result with a Problem.
func Drill(ctx context.Context, d *tenant.Directory, l *backup.Log, database string, db *store.DB) (store.Drill, error) {
	result := newDrill(d, database)
	dir, err := os.MkdirTemp(filepath.Dir(db.File()), ".drill-*")
	if err != nil {
		return result, err
	}
	defer os.RemoveAll(dir)
	var r recomputed
	got, err := l.Drill(ctx, dir, func(path string) error {
		return errs.Caught(func() error {
			err := readWhole(ctx, path)
			if err == nil && database != tenant.RegistryID {
				r, err = recompute(ctx, d, database, path)
			}
			return err
		})
	})
	result.Record, result.Reached, result.Took, result.Bytes = int64(got.Record), got.At, got.Took, got.Bytes
	result.People, result.Balances = int64(len(r.then)), r.balances
	result.Compared = err == nil && r.now != nil && l.Status().Record == got.Record // else it went on meanwhile
	if n := differing(r.then, r.now); result.Compared && n > 0 {
		err = fmt.Errorf("balances of %d people are otherwise in what was restored", n)
	}
	if err != nil {
		result.Problem = err.Error()
	}
	return result, d.AddDrill(ctx, result)
}

// newDrill begins a drill of a database now.
func newDrill(d *tenant.Directory, database string) store.Drill {
	return store.Drill{ID: id.New(d.Now()), Database: database, At: d.Now().UTC().Truncate(time.Microsecond)}
}

// recomputed are everybody's balances of today, as one text for each person.
type recomputed struct {
	then, now map[string]string
	balances  int64
}

// recompute computes balances from a restored database file and from the database in use.
// Rows that no engine finds fault with, and that the rules cannot be read from, end it.
func recompute(ctx context.Context, d *tenant.Directory, customer, path string) (r recomputed, err error) {
	t, release, err := d.ByID(ctx, customer)
	if err != nil {
		return r, err
	}
	defer release()
	today := calendar.DateOf(d.Now())
	err = d.Look(ctx, t.Slug, "sqlite:"+path, func(then *tenant.Tenant) (err error) {
		r.then, err = balances(ctx, then, today)
		return err
	})
	if err != nil {
		return r, fmt.Errorf("compute balances from what was restored: %w", err)
	}
	r.balances = count(r.then)
	r.now, err = balances(ctx, t, today)
	return r, err
}

// Keeping says whether drills keep up.
type Keeping struct {
	Databases int
	Late      int           // whose last drill is longer ago than it should be, or failed, or never was
	Oldest    time.Duration // how long ago the drill was that is longest ago, of those that were
	Slowest   time.Duration // how long the slowest of the latest drills took
}

// Keep measures whether each database whose copy is seen to was had back as often as it should
// be. of says whose is, by its id and where the registry says that it is.
func Keep(ctx context.Context, d *tenant.Directory, every time.Duration, of func(id, where string) bool) (k Keeping, err error) {
	last, err := d.LastDrills(ctx)
	if err != nil {
		return k, err
	}
	count := func(id, where string) {
		if !of(id, where) {
			return
		}
		k.Databases++
		drill, ok := last[id]
		ago := d.Now().Sub(drill.At)
		if !ok || ago > every || drill.Problem != "" {
			k.Late++
		}
		if ok {
			k.Oldest, k.Slowest = max(k.Oldest, ago), max(k.Slowest, drill.Took)
		}
	}
	count(tenant.RegistryID, "")
	return k, d.Each(ctx, func(row store.TenantRow) error {
		count(row.ID, row.Database)
		return nil
	})
}

// readWhole has the engine read a database file to its end: every page, index and foreign key.
func readWhole(ctx context.Context, path string) error {
	db, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	return errors.Join(db.Check(ctx), db.Close())
}
