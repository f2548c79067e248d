// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"verlof/errs"
	"verlof/internal/disk"
)

// Rescuer finds the database in force in place of one whose file cannot be read or written,
// opened, and what lets go of it. It reports an error where the file is well after all, where
// its disk is only full, or where there is no other.
type Rescuer func(ctx context.Context, cause error) (*DB, func(), error)

// OnLost sets who is asked for the database in force once this one is lost. A change that was
// under way is then made there: nobody was told of it. All that follows it goes there too.
func (db *DB) OnLost(find Rescuer) { db.rescuer.Store(&find) }

// Lost reports whether an error says that the file of a database cannot be read or written.
func Lost(err error) bool {
	var gone *disk.Gone
	return errors.As(err, &gone) || explainSQLite(err).lost
}

// errAgain is what somebody meets who was reading while a database was lost.
var errAgain = errors.New("the database was lost, and another one is in force")

// Again reports whether an error came only of a database being lost that has been replaced
// since: whoever was looking may look again, and meets the one in force.
func Again(err error) bool { return errors.Is(err, errAgain) }

// lost reports whether what became of a transaction says that the database is lost.
func (db *DB) lost(tx *Tx, err error) bool {
	return err != nil && db.group != nil && (Lost(err) || tx != nil && Lost(tx.err))
}

// instead returns the database in force in place of one that is lost; nil where it is not.
func (db *DB) instead(ctx context.Context, tx *Tx, err error) *DB {
	find := db.rescuer.Load()
	if find == nil || !db.lost(tx, err) {
		return nil
	}
	next, err := db.followTo(ctx, func(ctx context.Context) (*DB, func(), error) { return (*find)(ctx, err) })
	if err != nil {
		return nil
	}
	return next
}

// hangTime is how long a commit may take before its disk is asked whether it still answers, and how
// long that may take.
const hangTime = 5 * time.Second

// commit commits on a connection. Where that does not return and the disk does not answer, the
// database is lost, if somebody finds one in its place: the change counts as not made, and the
// connection is given back by itself, should it ever come back.
func (db *DB) commit(c *conn) (back bool, err error) {
	if db.rescuer.Load() == nil {
		return true, c.end(db.d.commit)
	}
	done := make(chan error, 1)
	go func() { done <- c.end(db.d.commit) }()
	late := time.NewTicker(db.patience)
	defer late.Stop()
	for {
		select {
		case err := <-done:
			return true, err
		case <-late.C:
		}
		if err := db.probe(filepath.Dir(db.address), db.patience); errors.Is(err, disk.ErrHangs) {
			db.hangs.Store(true)
			go func() {
				<-done //nolint:errcheck // whoever waited was told
				c.broken = true
				db.writers.put(c)
				db.hangs.Store(false)
			}()
			return false, &disk.Gone{Err: err}
		}
	}
}

// Well reports why a database file cannot be used: its folder, or itself. It reads and writes a
// little; deep has it read everything.
func Well(ctx context.Context, path string, deep bool) error {
	if err := disk.TryWithin(filepath.Dir(path), hangTime); err != nil {
		return err
	}
	db, err := openFile(path)
	if err != nil {
		return err
	}
	if _, err = SchemaVersion(ctx, db); err == nil {
		err = db.Update(ctx, func(*Tx) error { return nil })
	}
	if err == nil && deep {
		err = db.Check(ctx)
	}
	return errors.Join(err, db.Close())
}

// full is what a change reports while there is no room on the disk.
var full = fault{kind: errs.Unavailable, public: "store.error.full", hint: "make room on the disk of the data folder: changes are taken again as soon as there is some"}
