// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"verlof/backup"
	"verlof/errs"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/tenant"
)

// RecoverRegistry makes the registry of a place that has none out of what a depot keeps of
// it. It reports Unavailable where another root key sealed the copy, and has written nothing
// then.
func RecoverRegistry(ctx context.Context, place *store.Place, at backup.Depot, root *seal.Root) (Recovered, error) {
	r := Recovered{Slug: tenant.RegistryID}
	path := place.RegistryFile()
	if path == "" {
		return r, errs.Operator("recover PostgreSQL with its own tools", "databases on PostgreSQL are not copied by Verlof")
	}
	if _, err := os.Stat(path); err == nil {
		r.Kept = true
		return r, nil
	}
	if err := place.MakeFolder(); err != nil {
		return r, err
	}
	r.Reached, r.Err = backup.Kept{At: at, ID: tenant.RegistryID, Sealer: root}.RestoreNewest(ctx, path)
	if r.Record == 0 {
		return r, fmt.Errorf("recover the registry: %w", r.Err)
	}
	return r, r.GoOn(path)
}

// Recovered is what became of one customer.
type Recovered struct {
	Slug string
	backup.Reached
	Kept bool  // its database was there already
	Err  error // with a record: what is damaged, and the state is the one before; without: nothing could be had back
}

// Recover makes the database of each customer that has none out of what a depot keeps, in the
// order of tenant.InOrder, several at a time. each hears of every one, one at a time; what is wrong
// with one does not hold up the others.
func Recover(ctx context.Context, d *tenant.Directory, at backup.Depot, each func(Recovered)) error {
	rows, err := d.List(ctx)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(r store.TenantRow) bool { return r.State == store.StateClosed })
	tenant.InOrder(rows)
	var told sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, row := range rows {
		group.Go(func() error {
			r := recoverOne(ctx, d, at, row)
			told.Lock()
			defer told.Unlock()
			each(r)
			return ctx.Err()
		})
	}
	return group.Wait()
}

func recoverOne(ctx context.Context, d *tenant.Directory, at backup.Depot, row store.TenantRow) Recovered {
	r := Recovered{Slug: row.Slug}
	_, key, err := d.CopyKey(ctx, row.Slug)
	var path string
	if err == nil {
		path, err = d.Place.File(row.Database)
	}
	if err != nil {
		r.Err = err
		return r
	}
	if _, err := os.Stat(path); err == nil {
		r.Kept = true
		return r
	}
	r.Reached, r.Err = backup.Kept{At: at, ID: row.ID, Sealer: key}.RestoreNewest(ctx, path)
	if r.Record == 0 {
		return r
	}
	if err := errors.Join(readWhole(ctx, path), r.GoOn(path)); err != nil {
		r.Err = errors.Join(r.Err, err)
	}
	return r
}

// LookRecovered looks at a customer's database that was brought back with its server: that it opens,
// with the customer's keys, and is read to its end.
func LookRecovered(ctx context.Context, d *tenant.Directory, row store.TenantRow) Recovered {
	r := Recovered{Slug: row.Slug}
	t, release, err := d.ByID(ctx, row.ID)
	if err != nil {
		r.Err = err
		return r
	}
	defer release()
	if r.At, r.Err = t.DB().LastChange(ctx); r.Err != nil {
		return r
	}
	_, unread := t.DB().Digests(ctx)
	r.Err = errors.Join(unread, t.DB().CheckSealed(ctx))
	return r
}
