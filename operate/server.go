// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"verlof/backup/pgbackrest"
	"verlof/errs"
	"verlof/store"
	"verlof/tenant"
)

// patience is how long a server may take to hand its log on.
const patience = time.Minute

// RestoreServer makes a database of what pgBackRest keeps of a customer's server, as it was at a
// time, beside the one in use, puts that on record, and compares the two. Of the server's copy a scratch cluster is
// made with that one database; it is gone when the database has been read. It reports NotFound
// where nothing that old is kept, and Conflict for a name that is taken.
func RestoreServer(ctx context.Context, d *tenant.Directory, stanza func(cluster string) pgbackrest.Stanza, o Restoring, w tenant.Why) (r Restored, err error) {
	info, err := d.Show(ctx, o.Slug)
	if err != nil {
		return r, err
	}
	cluster, database, role, err := d.Place.ServerOf(info.Database)
	if err != nil {
		return r, err
	}
	r.Name = cmp.Or(o.Name, strings.ReplaceAll(o.To.UTC().Format("20060102-150405"), "-", "_"))
	if _, found, err := onServer(ctx, d, info.TenantRow, r.Name); err != nil || found {
		return r, cmp.Or(err, nameTaken(o.Slug, r.Name))
	}
	to, err := handOn(ctx, d, cluster, o.To)
	if err != nil {
		return r, err
	}
	r.Next = to
	c, err := stanza(cluster).Restore(ctx, to, os.TempDir(), database)
	if err != nil {
		return r, fmt.Errorf("restore %s: %w", o.Slug, err)
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	from, err := store.Open(ctx, c.Address(database, role))
	if err != nil {
		return r, err
	}
	broken := false
	replayed, err := from.Replayed(ctx)
	if r.At = replayed.At; err == nil {
		broken, err = c.Broken(replayed.Number)
	}
	if err == nil && broken {
		err = &errs.Error{Kind: errs.Internal, Err: fmt.Errorf("pages of %s are not what the log says of them", o.Slug), Hint: "verlof backup verify says what is damaged"}
	}
	if err != nil {
		return r, errors.Join(err, from.Close())
	}
	where, err := d.TakeScratch(ctx, o.Slug, r.Name, from)
	if err = errors.Join(err, from.Close()); err != nil {
		return r, err
	}
	return r, r.record(ctx, d, o, where, w)
}

// handOn has a server hand its log on where a time is later than what it is known to have handed
// on, and returns a time that can be reached: that, or for one to come the present.
func handOn(ctx context.Context, d *tenant.Directory, cluster string, to time.Time) (time.Time, error) {
	place, err := d.Place.Cluster(cluster)
	if err != nil {
		return to, err
	}
	a, err := place.Archived(ctx)
	if err != nil {
		return to, err
	}
	if to.Before(a.At.Add(-time.Second)) {
		return to, nil
	}
	at, err := place.HandOnWithin(ctx, patience)
	if err != nil {
		return to, fmt.Errorf("have server %s hand its log on: %w", cluster, err)
	}
	if to.After(at) {
		return at, nil
	}
	return to, nil
}

// onServer returns where a database of a customer is on its server, and whether it is there.
func onServer(ctx context.Context, d *tenant.Directory, row store.TenantRow, name string) (where string, found bool, err error) {
	if name == Original {
		name = ""
	}
	list, err := d.Place.DatabasesOn(ctx, row.Database, row.ID)
	where = d.Place.BesideOn(row.Database, row.ID, name)
	return where, slices.ContainsFunc(list, func(o store.OnServer) bool { return o.Where == where }), err
}

// databasesOnServer lists the databases of a customer on its server, the original first.
func databasesOnServer(ctx context.Context, d *tenant.Directory, row store.TenantRow) (all []Beside, err error) {
	list, err := d.Place.DatabasesOn(ctx, row.Database, row.ID)
	for _, o := range list {
		all = append(all, Beside{cmp.Or(o.Name, Original), o.Where == row.Database, o.Bytes})
	}
	return all, err
}

func nameTaken(slug, name string) error {
	return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("%s has a database %s already", slug, name),
		Hint: "choose another name with --into, or use it with: verlof restore " + slug + " --use " + name}
}
