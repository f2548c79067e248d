// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/errs"
)

// together runs updates so that all but the first wait while the first holds
// the turn, and returns their errors and how many commits they took.
func together(t *testing.T, db *DB, fns ...func(*Tx) error) ([]error, uint64) {
	t.Helper()
	before := db.Stats().Commits
	failed := make([]error, len(fns))
	var wait sync.WaitGroup
	first, inside := make(chan struct{}), make(chan struct{})
	enter := sync.OnceFunc(func() { close(inside) })
	for i, fn := range fns {
		run := fn
		if i == 0 {
			run = func(tx *Tx) error {
				enter()
				<-first
				return fn(tx)
			}
		}
		wait.Go(func() { failed[i] = db.Update(context.Background(), run) })
		if i == 0 {
			<-inside
		}
		waitFor(t, func() bool { return db.Stats().Waiting == i })
	}
	close(first)
	wait.Wait()
	return failed, db.Stats().Commits - before
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(50 * time.Microsecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited 10 s")
		}
	}
}

func put(id string) func(*Tx) error {
	return func(tx *Tx) error {
		_, err := tx.exec(qPad, id, nil, 0, nil, nil, nil, nil)
		return err
	}
}

var errMine = errors.New("mine")

func wantIDs(t *testing.T, db *DB, want string) {
	t.Helper()
	err := db.View(context.Background(), func(tx *Tx) error {
		ids, err := all(tx, qIDs, value[string])
		if got := fmt.Sprint(ids); got != want {
			t.Errorf("rows %s, want %s", got, want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// openSQLite opens a database whose batches take all that waits, however slow
// the machine.
func openSQLite(t *testing.T) *DB {
	db := openFresh(t, "sqlite:"+t.TempDir())
	db.group.limit = time.Hour
	return db
}

func TestGroup(t *testing.T) {
	fail := func(tx *Tx) error { return errors.Join(put("no")(tx), errMine) }
	early := func(*Tx) error { return errMine }
	for name, c := range map[string]struct {
		fns     []func(*Tx) error
		failed  string // which ones
		rows    string
		commits uint64 // at most: who was undone with another one can come late for the next
	}{
		"all_well":               {[]func(*Tx) error{put("a"), put("b"), put("c")}, "[]", "[a b c]", 1},
		"first_fails":            {[]func(*Tx) error{fail, put("b"), put("c")}, "[0]", "[b c]", 1},
		"middle_fails":           {[]func(*Tx) error{put("a"), fail, put("c")}, "[1]", "[a c]", 2},
		"middle_changes_nothing": {[]func(*Tx) error{put("a"), early, put("c")}, "[1]", "[a c]", 1},
		"last_fails":             {[]func(*Tx) error{put("a"), put("b"), fail}, "[2]", "[a b]", 2},
		"two_want_one":           {[]func(*Tx) error{put("a"), put("a"), put("b")}, "[1]", "[a b]", 2},
		"only_one_is_ok":         {[]func(*Tx) error{fail, fail, put("c"), fail}, "[0 1 3]", "[c]", 1},
		"all_but_two":            {[]func(*Tx) error{put("a"), fail, fail, put("d"), fail}, "[1 2 4]", "[a d]", 2},
	} {
		t.Run(name, func(t *testing.T) {
			db := openSQLite(t)
			errors, commits := together(t, db, c.fns...)
			failed := []int{}
			for i, err := range errors {
				if err != nil {
					failed = append(failed, i)
				}
			}
			if got := fmt.Sprint(failed); got != c.failed {
				t.Errorf("failed %s, want %s: %v", got, c.failed, errors)
			}
			if commits == 0 || commits > c.commits {
				t.Errorf("%d commits, want at most %d", commits, c.commits)
			}
			wantIDs(t, db, c.rows)
		})
	}
}

// TestGroup_panics has an update panic that another one runs: it does so where it was asked for, and the others are kept.
func TestGroup_panics(t *testing.T) {
	db := openSQLite(t)
	var where sync.Map
	asked := func(id string, fn func(*Tx) error) func() {
		return func() {
			defer func() {
				if p := recover(); p != nil {
					where.Store(id, fmt.Sprint(p))
				}
			}()
			if err := db.Update(context.Background(), fn); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
	first, inside := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	enter := sync.OnceFunc(func() { close(inside) })
	wait.Go(asked("a", func(tx *Tx) error { enter(); <-first; return put("a")(tx) }))
	<-inside
	for i, id := range []string{"b", "c"} {
		fn := put(id)
		if id == "b" {
			fn = func(tx *Tx) error { return errors.Join(put(id)(tx), ruin()) }
		}
		wait.Go(asked(id, fn))
		waitFor(t, func() bool { return db.Stats().Waiting == i+1 })
	}
	close(first)
	wait.Wait()
	wantIDs(t, db, "[a c]")
	for _, id := range []string{"a", "c"} {
		if p, there := where.Load(id); there {
			t.Errorf("%s panicked: %v", id, p)
		}
	}
	if p, _ := where.Load("b"); !strings.Contains(fmt.Sprint(p), "store.ruin") {
		t.Errorf("panicked with %v, which does not say where", p)
	}
}

func ruin() error { panic("ruined") }

// TestGroup_commit_fails makes the COMMIT itself fail, with a constraint that
// is checked only then.
func TestGroup_commit_fails(t *testing.T) {
	db := openSQLite(t)
	send(t, db, "CREATE TABLE child (id TEXT REFERENCES pad (id) DEFERRABLE INITIALLY DEFERRED)")
	orphan := func(tx *Tx) error {
		_, err := tx.c.ExecContext(tx.ctx, "INSERT INTO child VALUES ('nobody')")
		return err
	}
	failed, _ := together(t, db, put("a"), orphan, put("c"))
	for i, err := range failed {
		if err == nil {
			t.Errorf("update %d was acknowledged", i)
		}
	}
	wantIDs(t, db, "[]")
	if err := addPad(db, "z"); err != nil {
		t.Errorf("after a failed commit: %v", err)
	}
}

// TestGroup_transaction_vanishes ends the shared transaction under everybody,
// as SQLite may by itself: who did it fails, the others run again.
func TestGroup_transaction_vanishes(t *testing.T) {
	db := openSQLite(t)
	vanish := func(tx *Tx) error {
		_ = tx.sendText("vanish", "INSERT OR ROLLBACK INTO pad SELECT * FROM pad")
		return errMine
	}
	failed, _ := together(t, db, put("a"), vanish, put("c"))
	if failed[0] != nil || !errors.Is(failed[1], errMine) || failed[2] != nil {
		t.Errorf("errors %v, want one for the second", failed)
	}
	wantIDs(t, db, "[a c]")
}

// TestGroup_disk_full fills the database up to a bound.
func TestGroup_disk_full(t *testing.T) {
	db := openSQLite(t)
	send(t, db, "PRAGMA max_page_count = 20")
	big := func(tx *Tx) error {
		_, err := tx.exec(qPad, "big", nil, 0, nil, make([]byte, 1<<20), nil, nil)
		return err
	}
	failed, _ := together(t, db, put("a"), big, put("c"))
	if failed[0] != nil || failed[2] != nil || !errs.Is(failed[1], errs.Unavailable) {
		t.Errorf("errors %v, want Unavailable for the second", failed)
	}
	wantIDs(t, db, "[a c]")
}

func TestGroup_bounds(t *testing.T) {
	fns := []func(*Tx) error{put("a"), put("b"), put("c"), put("d"), put("e")}
	for name, c := range map[string]struct {
		size    int
		limit   time.Duration
		commits uint64
	}{
		"room_for_all": {5, time.Hour, 1},
		"room_for_two": {2, time.Hour, 3},
		"no_time":      {5, 0, 5},
	} {
		t.Run(name, func(t *testing.T) {
			db := openSQLite(t)
			db.group.size, db.group.limit = c.size, c.limit
			if failed, commits := together(t, db, fns...); commits != c.commits {
				t.Errorf("%d commits, want %d: %v", commits, c.commits, failed)
			}
			wantIDs(t, db, "[a b c d e]")
		})
	}
}

// TestGroup_cancelled_in_the_queue cancels one that waits: it is not run, and
// those behind it are.
func TestGroup_cancelled_in_the_queue(t *testing.T) {
	db := openSQLite(t)
	ctx, cancel := context.WithCancel(context.Background())
	first, inside := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		_ = db.Update(context.Background(), func(tx *Tx) error { close(inside); <-first; return put("a")(tx) })
	})
	<-inside
	wait.Go(func() {
		if err := db.Update(ctx, put("b")); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	})
	waitFor(t, func() bool { return db.Stats().Waiting == 1 })
	wait.Go(func() {
		if err := db.Update(context.Background(), put("c")); err != nil {
			t.Error(err)
		}
	})
	waitFor(t, func() bool { return db.Stats().Waiting == 2 })
	cancel()
	waitFor(t, func() bool { return db.Stats().Waiting == 1 })
	close(first)
	wait.Wait()
	wantIDs(t, db, "[a c]")
}

// TestGroup_turn_to_one_who_left cancels while turns are handed out, so that
// some turns go to callers that have given up.
func TestGroup_turn_to_one_who_left(t *testing.T) {
	db := openSQLite(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				ctx, cancel := context.WithTimeout(context.Background(), 200*time.Microsecond)
				_ = db.Update(ctx, func(*Tx) error { return nil })
				cancel()
			}
		})
	}
	wait.Wait()
	if err := addPad(db, "z"); err != nil {
		t.Error(err)
	}
}
