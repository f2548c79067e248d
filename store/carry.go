// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"

	"verlof/internal/disk"
)

// Carrier takes the commits of a SQLite database to a second place.
type Carrier interface {
	// Committed is called after each commit, before anybody is told of it, by one at a time.
	// alone says that nobody but this process wrote to the database since the last call, as
	// far as SQLite knows. An error is returned by the updates of the commit, whose changes
	// stay all the same.
	Committed(alone bool) error
	// Rested is called when this process has no connection to the database any more.
	Rested()
}

// CarryWith has c called from now on, before anything was written. On PostgreSQL, which
// ships its own log, it does nothing.
func (db *DB) CarryWith(c Carrier) {
	if db.group != nil {
		db.carrier.Store(&c)
	}
}

var (
	dataVersion = control("PRAGMA data_version")
	anyTable    = control("SELECT COUNT(*) FROM sqlite_schema")
)

// carry tells the carrier of the commit that was just made on a connection.
func (db *DB) carry(c *conn) error {
	carrier := db.carrier.Load()
	if carrier == nil {
		return nil
	}
	var version int64
	err := c.QueryRowContext(context.Background(), dataVersion.text).Scan(&version)
	alone := err == nil && c.version == version // of a new connection: not known
	c.version = version
	return (*carrier).Committed(alone)
}

// File returns the path of the database file, empty on PostgreSQL.
func (db *DB) File() string {
	if db.group == nil {
		return ""
	}
	return db.address
}

// Frozen calls fn while no page that the SQLite file or its write-ahead log holds now is
// overwritten by another one. Updates go on meanwhile: they add to the log.
func (db *DB) Frozen(ctx context.Context, fn func() error) error {
	if err := db.enter(); err != nil {
		return err
	}
	defer db.life.leave()
	_, err := db.once(ctx, db.readers, db.d.beginRead, func(tx *Tx) error {
		var n int64 // SQLite holds a state from the first look at it
		if err := tx.c.QueryRowContext(context.Background(), anyTable.text).Scan(&n); err != nil {
			return err
		}
		return fn()
	})
	return err
}

// Flush has the carrier called though nothing changed, and returns its error.
func (db *DB) Flush(ctx context.Context) error {
	return db.Update(ctx, func(*Tx) error { return nil })
}

// CopyTo writes what the database holds into a new SQLite file for us alone, page by page anew: a copy
// of another kind than that of a Carrier. There is a file at path once it is whole and a power cut cannot undo it, and
// not before. It reports os.ErrExist where there is one already.
func (db *DB) CopyTo(ctx context.Context, path string) error {
	if err := db.enter(); err != nil {
		return err
	}
	defer db.life.leave()
	part := path + ".part"
	err := os.Remove(part) // of somebody who was killed
	if err == nil || errors.Is(err, os.ErrNotExist) {
		err = os.WriteFile(part, nil, 0o600)
	}
	if err != nil {
		return err
	}
	err = db.copyInto(ctx, part)
	if err == nil {
		err = disk.Settle(part, path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(part))
	}
	return err
}

// copyInto is CopyTo for a file that is empty.
func (db *DB) copyInto(ctx context.Context, path string) error {
	connector, err := db.d.connector(db.address, migrator) // a reader may write nowhere, and the writer is needed
	if err != nil {
		return err
	}
	pool := sql.OpenDB(connector)
	_, err = pool.ExecContext(ctx, "VACUUM INTO '"+strings.ReplaceAll(path, "'", "''")+"'")
	return errors.Join(db.d.wrap(err), pool.Close())
}
