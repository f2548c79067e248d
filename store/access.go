// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"

	"verlof/identity"
	"verlof/intake"
	"verlof/leave"
	"verlof/people"
)

// Access gives a domain the transactions of a database in its own words: F is a function
// of the domain's interface, which *Tx implements. It is not the interface itself: that would be compiled with
// all its methods once more, here and in each package that comes near (ADR 7).
type Access[F any] struct {
	db *DB
	do func(F, *Tx) error
}

// View runs f in a read transaction.
func (a Access[F]) View(ctx context.Context, f F) error {
	return a.db.View(ctx, func(tx *Tx) error { return a.do(f, tx) })
}

// Update runs f in a write transaction.
func (a Access[F]) Update(ctx context.Context, f F) error {
	return a.db.Update(ctx, func(tx *Tx) error { return a.do(f, tx) })
}

// People returns the database as people sees it.
func (db *DB) People() people.Store {
	return Access[func(people.Tx) error]{db, func(f func(people.Tx) error, tx *Tx) error { return f(tx) }}
}

// Leave returns the database as leave sees it.
func (db *DB) Leave() leave.Store {
	return Access[func(leave.Tx) error]{db, func(f func(leave.Tx) error, tx *Tx) error { return f(tx) }}
}

// Identity returns the database as identity sees it.
func (db *DB) Identity() identity.Store {
	return Access[func(identity.Tx) error]{db, func(f func(identity.Tx) error, tx *Tx) error { return f(tx) }}
}

// Intake returns the database as intake sees it.
func (db *DB) Intake() intake.Store {
	return Access[func(intake.Tx) error]{db, func(f func(intake.Tx) error, tx *Tx) error { return f(tx) }}
}
