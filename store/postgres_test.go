// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"verlof/errs"
	"verlof/internal/pgtest"
)

var (
	lockPad = lockRow("pad")
	qPadN   = control("SELECT n FROM pad WHERE id = $1")
	qSetN   = control("UPDATE pad SET n = $2 WHERE id = $1")
)

func openPostgres(t *testing.T) *DB { return openFresh(t, pgtest.URL(t)) }

func TestRetry(t *testing.T) {
	for name, c := range map[string]struct {
		code string
		runs int
		kind errs.Kind
	}{
		"serialization": {"40001", attempts, errs.Unavailable},
		"deadlock":      {"40P01", attempts, errs.Unavailable},
		"check":         {"23514", 1, errs.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			db, runs := openPostgres(t), 0
			asks := fmt.Sprintf("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '%s'; END $$", c.code)
			err := db.Update(context.Background(), func(tx *Tx) error {
				runs++
				_, err := tx.exec(&statement{name: "test", text: asks})
				return err
			})
			if runs != c.runs || err == nil || !errs.Is(err, c.kind) {
				t.Errorf("%d runs, %v; want %d, %v", runs, err, c.runs, c.kind)
			}
			err = db.Update(context.Background(), func(tx *Tx) error {
				if runs++; runs < c.runs+3 && c.runs > 1 {
					return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: c.code})
				}
				return put("a")(tx)
			})
			if err != nil {
				t.Errorf("third run succeeds: %v", err)
			}
			wantIDs(t, db, "[a]")
		})
	}
}

// TestDeadlock has two updates lock two rows in opposite order: both succeed,
// one of them at its second run.
func TestDeadlock(t *testing.T) {
	db := openPostgres(t)
	for _, id := range []string{"a", "b"} {
		if err := addPad(db, id); err != nil {
			t.Fatal(err)
		}
	}
	var both, wait sync.WaitGroup
	both.Add(2)
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		wait.Go(func() {
			met := false
			err := db.Update(context.Background(), func(tx *Tx) error {
				if err := tx.lock(lockPad, order[0]); err != nil {
					return err
				}
				if !met {
					met = true
					both.Done()
					both.Wait()
				}
				if err := tx.lock(lockPad, order[1]); err != nil {
					return err
				}
				_, err := tx.exec(qAdd, order[1], 1)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

// TestLock increments a number from many sides, by reading it and writing it
// back. Without the lock PostgreSQL loses some.
func TestLock(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		if err := addPad(db, "a"); err != nil {
			t.Fatal(err)
		}
		const workers, each = 8, 10
		var wait sync.WaitGroup
		for range workers {
			wait.Go(func() {
				for range each {
					if err := increment(db); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Wait()
		err := db.View(context.Background(), func(tx *Tx) error {
			n, err := one(tx, qPadN, value[int64], "a")
			if n != workers*each {
				t.Errorf("counted %d, want %d", n, workers*each)
			}
			return errors.Join(err, func() error {
				if err := tx.lock(lockPad, "a"); err == nil {
					t.Error("locked in a View")
				}
				return nil
			}())
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func increment(db *DB) error {
	return db.Update(context.Background(), func(tx *Tx) error {
		if err := tx.lock(lockPad, "a"); err != nil {
			return err
		}
		n, err := one(tx, qPadN, value[int64], "a")
		if err != nil {
			return err
		}
		_, err = tx.exec(qSetN, "a", n+1)
		return err
	})
}

// TestLostConnections has the server end every idle connection: the next use
// opens new ones and nobody notices.
func TestLostConnections(t *testing.T) {
	ctx, db := context.Background(), openPostgres(t)
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() { _ = addPad(db, fmt.Sprint(i)) })
	}
	wait.Wait()
	err := db.View(ctx, func(tx *Tx) error {
		_, err := tx.exec(&statement{name: "kill", text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if err := db.View(ctx, func(tx *Tx) error { _, err := all(tx, qIDs, value[string]); return err }); err != nil {
			t.Error(err)
		}
	}
	if err := addPad(db, "z"); err != nil {
		t.Error(err)
	}
}

func TestPostgres_refuses_a_commit_that_does_not_wait(t *testing.T) {
	p, err := ParsePlace(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	db, err := Open(context.Background(), p.server.String()+"?options=-csynchronous_commit%3Doff")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := addPad(db, "a"); !errs.Is(err, errs.Invalid) || errs.As(err).Hint == "" {
		t.Errorf("synchronous_commit = off: %v, want a refusal with a hint", err)
	}
}

func TestPostgres_unreachable(t *testing.T) {
	db, err := Open(context.Background(), "postgres://nobody@127.0.0.1:1/none?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := addPad(db, "a"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("no server: %v, want Unavailable", err)
	}
}
