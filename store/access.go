// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"

	"verlof/identity"
	"verlof/intake"
	"verlof/leave"
	"verlof/people"
)

// Access gives a domain the transactions of a database in its own words: T is the
// domain's interface, which *Tx implements.
type Access[T any] struct {
	db *DB
	as func(*Tx) T
}

// View runs f in a read transaction.
func (a Access[T]) View(ctx context.Context, f func(T) error) error {
	return a.db.View(ctx, func(tx *Tx) error { return f(a.as(tx)) })
}

// Update runs f in a write transaction.
func (a Access[T]) Update(ctx context.Context, f func(T) error) error {
	return a.db.Update(ctx, func(tx *Tx) error { return f(a.as(tx)) })
}

// People returns the database as people sees it.
func (db *DB) People() people.Store {
	return Access[people.Tx]{db, func(tx *Tx) people.Tx { return tx }}
}

// Leave returns the database as leave sees it.
func (db *DB) Leave() leave.Store {
	return Access[leave.Tx]{db, func(tx *Tx) leave.Tx { return tx }}
}

// Identity returns the database as identity sees it.
func (db *DB) Identity() identity.Store {
	return Access[identity.Tx]{db, func(tx *Tx) identity.Tx { return tx }}
}

// Intake returns the database as intake sees it.
func (db *DB) Intake() intake.Store {
	return Access[intake.Tx]{db, func(tx *Tx) intake.Tx { return tx }}
}
