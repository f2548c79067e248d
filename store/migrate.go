// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"verlof/errs"
	"verlof/store/migration"
)

var qSchemaVersion = query("schema.version", "SELECT COALESCE(MAX(version_id), 0) FROM "+stepsTable)

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
// that has seen them all costs one query. It reports Unavailable, with a hint
// for the operator, when a newer program has written the database.
func Migrate(ctx context.Context, db *DB, set migration.Set) error {
	for before := int64(-1); ; {
		have, err := SchemaVersion(ctx, db)
		switch {
		case err != nil:
			return err
		case have == set.Version:
			return nil
		case have > set.Version:
			return newer(have, set)
		}
		if err = db.migrate(ctx, set); err == nil {
			return nil
		}
		// Another process may be at the same steps: go on while they advance.
		if now, failed := SchemaVersion(ctx, db); failed != nil || now <= max(have, before) {
			return fmt.Errorf("migrate %s database from %d to %d: %w", set.Name, have, set.Version, db.d.wrap(err))
		}
		before = have
	}
}

func newer(have int64, set migration.Set) error {
	return &errs.Error{
		Kind:   errs.Unavailable,
		Public: "store.error.newer",
		Hint:   "run the release that wrote this database, or a later one; or restore a copy from before the update",
		Err:    fmt.Errorf("%s database has schema %d, this program knows %d", set.Name, have, set.Version),
	}
}

// migrate runs the steps on a connection of its own, whose statements may take
// as long as they need.
func (db *DB) migrate(ctx context.Context, set migration.Set) (err error) {
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
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if !db.d.embedded {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(db.d.goose, pool, set.Files, options...)
	if err != nil {
		return err
	}
	if _, err = p.Up(ctx); err == nil && db.web != "" {
		_, err = pool.ExecContext(ctx, onlyRead(db.web))
	}
	return err
}
