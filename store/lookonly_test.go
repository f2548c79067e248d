// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"testing"

	"verlof/errs"
)

// TestLookOnly refuses every change, also of the schema.
func TestLookOnly(t *testing.T) {
	db := openSQLite(t)
	no := errs.New(errs.Forbidden, "test")
	db.LookOnly(no)
	for name, err := range map[string]error{"change": addPad(db, "a"), "shut": db.Shut(context.Background(), ShutFrozen)} {
		if !errors.Is(err, no) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantIDs(t, db, "[]")
}

// TestSums_cut: comparing a large table ends with the context.
func TestSums_cut(t *testing.T) {
	db := openSQLite(t)
	if err := addPad(db, "a"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	err := db.View(ctx, func(tx *Tx) error {
		cancel()
		_, err := tx.sumsOf("pad")
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("went on: %v", err)
	}
}
