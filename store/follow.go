// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"

	"verlof/errs"
)

// Successor finds the database that is in force in place of one that has moved, opened, and
// what lets go of it. It waits for the move to be done as long as that is worth it.
type Successor func(context.Context) (*DB, func(), error)

// OnMoved sets who is asked for the database in force once this one has moved. A change that
// comes too late for this one is then made there, as if nothing had happened; so is all
// that follows it.
func (db *DB) OnMoved(find Successor) { db.successor.Store(&find) }

// WhenFrozen sets what a change reports while the database is frozen.
func (db *DB) WhenFrozen(e *errs.Error) { db.frozen.Store(e) }

// following is the database in force, and what lets go of it.
type following struct {
	db      *DB
	release func()
}

// shutOf returns why a change was refused by the wall, if it was.
func (db *DB) shutOf(tx *Tx, err error) Shut {
	if err == nil {
		return ""
	}
	if s := db.d.explain(err).shut; s != "" || tx == nil {
		return s
	}
	return db.d.explain(tx.err).shut
}

// follow returns the database in force.
func (db *DB) follow(ctx context.Context) (*DB, error) {
	find := db.successor.Load()
	if find == nil {
		return nil, errs.New(errs.Unavailable, "store.error.moved")
	}
	return db.followTo(ctx, *find)
}

// followTo returns the database in force, once it was found by whoever asked first.
func (db *DB) followTo(ctx context.Context, find Successor) (*DB, error) {
	db.following.Lock()
	defer db.following.Unlock()
	if next := db.next.Load(); next != nil {
		return next.db, nil
	}
	next, release, err := find(ctx)
	if err != nil {
		return nil, err
	}
	if next == db {
		release()
		return nil, errs.New(errs.Unavailable, "store.error.moved")
	}
	db.next.Store(&following{next, release})
	return next, nil
}

// inForce returns the database that db was followed by, if it was.
func (db *DB) inForce() *DB {
	next := db.next.Load()
	if next == nil {
		return nil
	}
	if after := next.db.inForce(); after != nil {
		return after
	}
	return next.db
}

// letGo releases the database in force when db is closed.
func (db *DB) letGo() {
	if next := db.next.Load(); next != nil {
		go next.release() // whoever closes db may hold what that takes
	}
}
