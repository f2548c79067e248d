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

// Watch has looks and commits, and whatever waits for connections to be closed, end with an error, which is Lost, when the
// disk of the database does not answer at all.
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

// How long things may take before the disk is asked whether it still answers, and how long that may take: so nobody waits for
// more than ten seconds for a commit, and four for all else, and no disk is given up for one slow answer.
const (
	hangTime = 5 * time.Second // a commit, and as long may the answer take
	lookTime = time.Second     // all else, and three times as long may the answer take
)

// openTime is how long it may take to find a file that is to be opened. Tests want less.
var openTime = 4 * time.Second

// errHangs is what is reported of a disk that does not answer.
var errHangs = &errs.Error{Kind: errs.Unavailable, Err: &disk.Gone{Err: disk.ErrHangs},
	Hint: "see to the disk of the data folder, or to the network on which it is reached"}

// await waits until done is closed. Where the disk is watched, and does not answer, it reports errHangs instead.
func (db *DB) await(done <-chan struct{}) error {
	if !db.watched.Load() {
		<-done
		return nil
	}
	return db.awaitWithin(done, db.glance, 3*db.glance)
}

// awaitWithin is await for what takes no longer than patience as a rule, on a disk that answers within a time.
func (db *DB) awaitWithin(done <-chan struct{}, patience, within time.Duration) error {
	late := time.NewTicker(patience)
	defer late.Stop()
	for {
		select {
		case <-done:
			return nil
		case <-late.C:
		}
		if err := db.probe(filepath.Dir(db.address), within); !errors.Is(err, disk.ErrHangs) {
			continue
		}
		select {
		case <-done: // it came back meanwhile
			return nil
		default:
			return errHangs
		}
	}
}

// look runs fn in a transaction that reads. Where nothing comes back and the disk does not answer, back is false and the
// database is lost: fn goes no further when the disk comes back, and what it sets may not be looked at.
func (db *DB) look(ctx context.Context, fn func(*Tx) error) (tx *Tx, back bool, err error) {
	if err := db.enter(); err != nil {
		return nil, true, err
	}
	if !db.watched.Load() {
		defer db.life.leave()
		tx, err = db.once(ctx, db.readers, db.d.beginRead, fn)
		return tx, true, err
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	l := &looked{done: make(chan struct{})}
	go db.lookAside(ctx, fn, l)
	if err := db.await(l.done); err != nil {
		return nil, false, err
	}
	if l.panicked != nil {
		panic(l.panicked)
	}
	return l.tx, true, l.err
}

// looked is what came of a look, once done is closed.
type looked struct {
	done     chan struct{}
	tx       *Tx
	err      error
	panicked any
}

func (db *DB) lookAside(ctx context.Context, fn func(*Tx) error, l *looked) {
	defer db.life.leave()
	defer close(l.done)
	defer func() {
		if p := recover(); p != nil {
			l.panicked = fmt.Sprintf("%v\n%s", p, debug.Stack())
		}
	}()
	l.tx, l.err = db.once(ctx, db.readers, db.d.beginRead, fn)
}

// commit commits on a connection. Where that does not return and the disk does not answer, the
// database is lost: the change is not acknowledged, is made in a database that takes its place, if there is one, and may be
// there all the same once the disk comes back. The connection is given back by itself, should it ever.
func (db *DB) commit(c *conn) (back bool, err error) {
	if !db.watched.Load() {
		return true, c.end(db.d.commit)
	}
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		failed = c.end(db.d.commit)
	}()
	if err := db.awaitWithin(done, db.patience, db.patience); err == nil {
		return true, failed
	}
	db.hangs.Store(true)
	go func() {
		<-done // whoever waited was told
		c.broken = true
		db.writers.put(c)
		db.hangs.Store(false)
	}()
	return false, errHangs
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
	db.Watch()
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
