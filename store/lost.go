// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
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
func (db *DB) OnLost(find Rescuer) {
	db.Watch()
	db.rescuer.Store(&find)
}

// Watch has a look end with an error, which is Lost, when the disk of the database does not answer at all.
func (db *DB) Watch() { db.watched.Store(db.group != nil) }

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

// lookTime is how long a look may take before its disk is asked whether it still answers. That may take three times as
// long: nobody waits for more than four seconds, and no disk is given up for one slow answer.
const lookTime = time.Second

// look runs fn in a transaction that reads, and lets go of the caller's place among those who use the database. Where
// nothing comes back and the disk does not answer, back is false and the database is lost: fn goes no further
// when the disk comes back, and what it sets may not be looked at.
func (db *DB) look(ctx context.Context, fn func(*Tx) error) (tx *Tx, back bool, err error) {
	if !db.watched.Load() {
		defer db.life.leave()
		tx, err = db.once(ctx, db.readers, db.d.beginRead, fn)
		return tx, true, err
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	done := make(chan looked, 1)
	go db.lookAside(ctx, fn, done)
	late := time.NewTicker(db.glance)
	defer late.Stop()
	for {
		select {
		case l := <-done:
			if l.panicked != nil {
				panic(l.panicked)
			}
			return l.tx, true, l.err
		case <-late.C:
		}
		if err := db.probe(filepath.Dir(db.address), 3*db.glance); errors.Is(err, disk.ErrHangs) && len(done) == 0 {
			return nil, false, &disk.Gone{Err: err}
		}
	}
}

// looked is what came of a look.
type looked struct {
	tx       *Tx
	err      error
	panicked any
}

func (db *DB) lookAside(ctx context.Context, fn func(*Tx) error, done chan<- looked) {
	defer db.life.leave()
	var l looked
	defer func() {
		if p := recover(); p != nil {
			l.panicked = fmt.Sprintf("%v\n%s", p, debug.Stack())
		}
		done <- l
	}()
	l.tx, l.err = db.once(ctx, db.readers, db.d.beginRead, fn)
}

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
