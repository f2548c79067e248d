// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"verlof/backup"
	"verlof/internal/id"
	"verlof/store"
	"verlof/tenant"
)

// Drills restores databases to see that they can be had back.
type Drills struct {
	Tenants *tenant.Directory
	Copies  *backup.Copies
	Every   time.Duration // of each database
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
	due := func(id string) bool { return now.Sub(last[id].At) >= r.Every }
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

// one sees to one database. It returns the error of a round that cannot go on.
func (r *Drills) one(ctx context.Context, id, name string, due bool, db *store.DB) error {
	l := r.Copies.Log(id)
	if l == nil || db.File() == "" {
		return nil // PostgreSQL
	}
	if err := l.Upkeep(ctx, false); err != nil {
		r.Each(name, store.Drill{}, err)
		return nil
	}
	if !due {
		return nil
	}
	if err := l.TakeWholes(ctx); err != nil {
		r.Each(name, store.Drill{}, err)
	}
	result, err := Drill(ctx, r.Tenants, l, id, db)
	if err != nil {
		return err
	}
	r.Each(name, result, nil)
	return nil
}

// Drill restores the newest state of a database beside the one in use, compares the two page
// by page, has the database engine check the result, and keeps what it came to. That it
// failed is no error but a result with a Problem.
func Drill(ctx context.Context, d *tenant.Directory, l *backup.Log, database string, db *store.DB) (store.Drill, error) {
	result := store.Drill{ID: id.New(d.Now()), Database: database, At: d.Now().UTC().Truncate(time.Microsecond)}
	dir, err := os.MkdirTemp(filepath.Dir(db.File()), ".drill-*")
	if err != nil {
		return result, err
	}
	defer os.RemoveAll(dir)
	got, err := l.Drill(ctx, dir, func(path string) error { return readWhole(ctx, path) })
	if err != nil {
		result.Problem = err.Error()
	}
	result.Record, result.Reached, result.Took, result.Bytes = int64(got.Record), got.At, got.Took, got.Bytes
	return result, d.AddDrill(ctx, result)
}

// readWhole has the engine read a database file to its end: every page, index and foreign key.
func readWhole(ctx context.Context, path string) error {
	db, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	return errors.Join(db.Check(ctx), db.Close())
}
