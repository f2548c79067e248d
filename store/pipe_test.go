// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"testing"

	"verlof/errs"
)

// add inserts a row of which nobody asks what came of it.
func add(tx *Tx, id string, n int) error { return tx.later(qPad, id, nil, n, nil, nil, nil, nil) }

// TestLater: statements that wait are run in their order, before what is read and before
// the commit, and one that fails undoes all.
func TestLater(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		err := db.Update(ctx, func(tx *Tx) error {
			if err := add(tx, "a", 1); err != nil {
				return err
			}
			if n, err := one(tx, qPadN, value[int64], "a"); n != 1 || err != nil {
				t.Errorf("read %d, %v after it was written", n, err)
			}
			return add(tx, "b", 2)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(ctx, func(tx *Tx) error {
			if _, err := all(tx, qIDs, value[string]); err != nil {
				return err
			}
			_ = add(tx, "c", 3)
			return add(tx, "a", 4)
		})
		if e := errs.As(err); e == nil || e.Kind != errs.Conflict || e.Field != "id" {
			t.Errorf("a key that is taken: %v", err)
		}
		if err := db.Update(ctx, func(tx *Tx) error { _ = add(tx, "d", 0); return errMine }); err == nil {
			t.Error("no error where the function had one")
		}
		wantIDs(t, db, "[a b]")
	})
}

// TestManyLater: what an import writes does not all wait for the commit.
func TestManyLater(t *testing.T) {
	db := openPostgres(t)
	err := db.Update(context.Background(), func(tx *Tx) error {
		for i := range 3 * mostWaiting {
			if err := add(tx, fmt.Sprint(i), i); err != nil {
				return err
			}
			if n := len(tx.c.pipe.waiting); n >= mostWaiting {
				t.Errorf("%d statements wait", n)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.View(context.Background(), func(tx *Tx) error {
		ids, err := all(tx, qIDs, value[string])
		if len(ids) != 3*mostWaiting {
			t.Errorf("%d rows", len(ids))
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

// TestForesee: what is foreseen is answered as it is when it is asked for, whichever is
// asked first, and whether it is asked at all.
func TestForesee(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		err := db.Update(context.Background(), func(tx *Tx) error {
			read := func(id string, want int64) {
				t.Helper()
				if n, err := one(tx, qPadN, value[int64], id); n != want || err != nil {
					t.Errorf("%s is %d, want %d: %v", id, n, want, err)
				}
			}
			_ = add(tx, "a", 1)
			_ = add(tx, "b", 2)
			foresee := func() {
				for _, id := range []string{"a", "b", "none"} {
					tx.foresee(qPadN, id)
				}
			}
			foresee()
			read("b", 2)
			foresee()
			if p := tx.c.pipe; p != nil && len(p.waiting) != 1 {
				t.Errorf("%d are asked again, of which one has no answer", len(p.waiting))
			}
			read("a", 1)
			read("a", 1)
			foresee()
			read("a", 1)
			if _, err := tx.exec(qSetN, "b", 5); err != nil {
				return err
			}
			read("b", 5)
			foresee()
			read("a", 1)
			if err := tx.later(qSetN, "b", 6); err != nil {
				return err
			}
			read("b", 6)
			foresee()
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestLaterOnLostConnections: a change that only waits finds out that its connection has
// died before it is committed, and is made on another one.
func TestLaterOnLostConnections(t *testing.T) {
	db := openPostgres(t)
	if err := addPad(db, "a"); err != nil {
		t.Fatal(err)
	}
	other := openPostgresAt(t, db)
	send(t, other, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	if err := db.Update(context.Background(), func(tx *Tx) error { return add(tx, "b", 0) }); err != nil {
		t.Error(err)
	}
	wantIDs(t, db, "[a b]")
}

// openPostgresAt opens a database once more.
func openPostgresAt(t *testing.T, db *DB) *DB {
	other, err := Open(context.Background(), db.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	return other
}

// TestLaterOnLostCommit: whether a commit was made that got no answer is not known, so the change is not made once more.
func TestLaterOnLostCommit(t *testing.T) {
	db := openPostgres(t)
	if err := addPad(db, "a"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
		"CREATE CONSTRAINT TRIGGER gone AFTER INSERT ON pad DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gone()",
	} {
		send(t, db, text)
	}
	runs := 0
	err := db.Update(context.Background(), func(tx *Tx) error {
		runs++
		return add(tx, "b", 0)
	})
	if err == nil || runs != 1 {
		t.Errorf("run %d times: %v", runs, err)
	}
}
