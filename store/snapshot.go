// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"verlof/errs"
	"verlof/internal/disk"
)

// A snapshot is a whole copy of a customer's database that lies beside it: in a folder of its own
// below "before", or on the same server. It is kept for a while and never opened to be served: who
// goes back to it has a copy made of it.

// snapshotsIn is the folder of the snapshots of a database file.
const snapshotsIn = "before"

// SnapshotBeside returns where a snapshot of a customer's database is put, under a name, as
// TenantRow.Database says it.
func (p *Place) SnapshotBeside(where, tenantID, name string) (string, error) {
	if !goodID.MatchString(tenantID) || !goodID.MatchString(name) {
		return "", errs.Operator("a name is up to 40 letters, digits, - and _", "not a name for a snapshot: %q", name)
	}
	if path, ok := strings.CutPrefix(where, "sqlite:"); ok {
		return "sqlite:" + filepath.Join(filepath.Dir(path), snapshotsIn, name, "data.db"), nil
	}
	on, _ := p.serverOf(where)
	if on == nil {
		return "", errs.Operator("name the server as a cluster, or migrate with tools of its own", "a snapshot of %s cannot be made from here", tenantID)
	}
	database := on.prefix() + tenantID + "_" + name
	if len(database) > longName {
		return "", errs.Operator("give the registry's database a shorter name", "PostgreSQL cuts the name %q", database)
	}
	return on.onCluster(database), nil
}

// Snapshot makes a snapshot of a database of a customer: of a file by copying its pages anew, on a server by
// filling a database that fresh makes, of the same schema.
func (p *Place) Snapshot(ctx context.Context, db *DB, where string, fresh func(where string) (*DB, error)) error {
	if db.File() == "" {
		on, name := p.serverOf(where)
		if on == nil {
			return errNoSnapshot
		}
		if _, err := on.createOnServer(ctx, name); err != nil {
			return err
		}
		into, err := fresh(where)
		if err != nil {
			return err
		}
		return errors.Join(db.CopyAll(ctx, into), into.Close())
	}
	path, err := p.File(where)
	if err != nil {
		return err
	}
	if err := db.CopyTo(ctx, path); err != nil {
		return err
	}
	return disk.SyncFolder(filepath.Dir(path))
}

// CopySnapshot makes a database of a snapshot, which nobody has open.
func (p *Place) CopySnapshot(ctx context.Context, from, to string) error {
	on, name := p.serverOf(to)
	source, template := p.serverOf(from)
	if on != nil && on == source {
		return on.onServer(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(template))
	}
	if on != nil || source != nil {
		return errNoSnapshot
	}
	src, err := p.File(from)
	if err != nil {
		return err
	}
	dst, err := p.File(to)
	if err != nil {
		return err
	}
	f, err := os.Open(src)
	if err != nil {
		return err
	}
	return errors.Join(disk.Create(dst, f), f.Close())
}

// DropSnapshot takes a snapshot away, and nothing else. One that is gone is no error.
func (p *Place) DropSnapshot(ctx context.Context, where string) error {
	if on, _ := p.serverOf(where); on != nil {
		return p.DropDatabase(ctx, where)
	}
	dsn, err := p.DSN(where)
	if err != nil {
		return err
	}
	dir := filepath.Dir(strings.TrimPrefix(dsn, "sqlite:"))
	if filepath.Base(filepath.Dir(dir)) != snapshotsIn {
		return errNoSnapshot
	}
	return os.RemoveAll(dir)
}
