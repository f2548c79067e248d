// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/store/migration"
)

var qSchemaVersion = query("schema.version", schemaVersion)

const schemaVersion = "SELECT COALESCE(MAX(version_id), 0) FROM " + stepsTable

// stepsTable is where a database keeps which steps it has seen.
const stepsTable = goose.DefaultTablename

// SchemaVersion returns the number of the newest step that db has seen, 0 for
// an empty database.
func SchemaVersion(ctx context.Context, db *DB) (int64, error) {
	var v int64
	err := db.View(ctx, func(tx *Tx) (err error) {
		v, err = one(tx, qSchemaVersion, value[int64])
		return err
	})
	if err != nil && db.d.explain(err).missing {
		return 0, nil
	}
	return v, err
}

// Migrate takes db through the steps of set that it has not seen. A database
// that has seen them all costs one query. One that a newer program took further is left as it
// is, and good, unless it says that this program is too old for it: then Migrate reports
// Unavailable, with a hint for the operator.
func Migrate(ctx context.Context, db *DB, set migration.Set) error {
	return MigrateAfter(ctx, db, set, nil)
}

// MigrateAfter is Migrate that calls before, unless it is nil, with the step that db has seen,
// once it is certain that there is something to do and while no other process may do it. Where before
// reports an error nothing is done. Each step is a transaction: one that fails leaves db as the
// step before it made it, and a program that is killed leaves the rest for the next one.
func MigrateAfter(ctx context.Context, db *DB, set migration.Set, before func(have int64) error) error {
	for last := int64(-1); ; {
		have, err := SchemaVersion(ctx, db)
		switch {
		case err != nil:
			return err
		case have == set.Version:
			return nil
		case have > set.Version:
			return db.suits(ctx, have, set)
		}
		if err = db.migrate(ctx, set, before); err == nil {
			return nil
		}
		// Another process may be at the same steps: go on while they advance.
		if now, failed := SchemaVersion(ctx, db); failed != nil || now <= max(have, last) || now < set.Version {
			return fmt.Errorf("migrate %s database from %d to %d: %w", set.Name, have, set.Version, db.failed(err))
		}
		last = have
	}
}

// failed is what an error of a step means: that a value is taken, say, is no news of who asked for something.
func (db *DB) failed(err error) error {
	if meant := db.d.wrap(err); errs.Is(meant, errs.Unavailable) {
		return meant
	}
	return err
}

// suits reports Unavailable where a program of these steps must not work with a database that
// has seen more of them.
func (db *DB) suits(ctx context.Context, have int64, set migration.Set) error {
	var text string
	err := db.View(ctx, func(tx *Tx) (err error) {
		text, err = tx.Meta(migration.MetaLeast)
		return err
	})
	if err != nil || text == "" {
		return err
	}
	least, err := strconv.ParseInt(text, 10, 64)
	if err != nil || least > set.Version {
		return newer(have, least, set)
	}
	return nil
}

func newer(have, least int64, set migration.Set) error {
	return &errs.Error{
		Kind:   errs.Unavailable,
		Public: "store.error.newer",
		Hint:   "run the release that wrote this database, or a later one; or restore a copy from before the update",
		Err:    fmt.Errorf("%s database has schema %d, which is for programs that know %d; this one knows %d", set.Name, have, least, set.Version),
	}
}

// migrate runs the steps on a connection of its own, whose statements may take
// as long as they need.
func (db *DB) migrate(ctx context.Context, set migration.Set, before func(have int64) error) (err error) {
	connector, err := db.d.connector(db.address, migrator)
	if err != nil {
		return err
	}
	if err := db.writers.quota.take(ctx); err != nil {
		return err
	}
	defer db.writers.quota.give(1)
	pool := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, pool.Close()) }()
	turn := &turn{db: db, set: set, before: before}
	if !db.d.embedded {
		if turn.server, err = lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)); err != nil {
			return err
		}
	}
	p, err := goose.NewProvider(db.d.goose, pool, set.Files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()),
		goose.WithSessionLocker(turn))
	if err != nil {
		return err
	}
	if _, err = p.Up(ctx); err == nil && db.web != "" {
		_, err = pool.ExecContext(ctx, onlyRead(db.web))
	}
	return err
}

// turn is one process's turn at the steps of a database: the lock that goose takes. On a server it is the
// server's, and goes with the connection; on a file it is that of its folder, and goes with the process.
type turn struct {
	db     *DB
	set    migration.Set
	before func(have int64) error
	server lock.SessionLocker
	folder *os.File
}

// SessionLock is part of lock.SessionLocker.
func (t *turn) SessionLock(ctx context.Context, c *sql.Conn) (err error) {
	if t.server != nil {
		err = t.server.SessionLock(ctx, c)
	} else if t.folder, err = disk.LockFolder(ctx, filepath.Dir(t.db.address)); errors.Is(err, errors.ErrUnsupported) {
		err = nil // SQLite has the second of two fail, and MigrateAfter go on
	}
	if err != nil || t.before == nil {
		return err
	}
	var have int64
	if err = c.QueryRowContext(ctx, schemaVersion).Scan(&have); t.db.d.explain(err).missing {
		err = nil
	}
	if err == nil && have < t.set.Version {
		err = t.before(have)
	}
	if err != nil {
		err = errors.Join(err, t.SessionUnlock(context.WithoutCancel(ctx), c))
	}
	return err
}

// SessionUnlock is part of lock.SessionLocker.
func (t *turn) SessionUnlock(ctx context.Context, c *sql.Conn) error {
	if t.server != nil {
		return t.server.SessionUnlock(ctx, c)
	}
	if t.folder == nil {
		return nil
	}
	return t.folder.Close()
}
