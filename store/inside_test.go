// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/pgtest"
	"verlof/store/migration"
)

// Statements of the tests, beside a table that openFresh makes.
var (
	qPad = control("INSERT INTO pad (id, note, n, yes, raw, at_us, amount) VALUES ($1, $2, $3, $4, $5, $6, $7)")
	qGet = control("SELECT note, n, yes, raw, at_us, amount FROM pad WHERE id = $1")
	qIDs = control("SELECT id FROM pad ORDER BY id")
	qAdd = control("UPDATE pad SET n = n + $2 WHERE id = $1")
)

const padTable = `CREATE TABLE pad (id TEXT PRIMARY KEY NOT NULL, note TEXT, n BIGINT NOT NULL DEFAULT 0,
	yes BOOLEAN, raw BYTEA, at_us BIGINT, amount TEXT)`

type pad struct {
	note   string
	n      int64
	yes    bool
	raw    []byte
	at     time.Time
	amount exact.Rat
}

func padRow(p *pad) []any {
	return []any{optional(&p.note), &p.n, optional(&p.yes), &p.raw, micros(&p.at), text(&p.amount)}
}

// onBoth runs f on a migrated database of each engine that has the table pad.
func onBoth(t *testing.T, f func(t *testing.T, db *DB)) {
	t.Run("sqlite", func(t *testing.T) { f(t, openFresh(t, "sqlite:"+t.TempDir())) })
	t.Run("postgres", func(t *testing.T) { f(t, openFresh(t, pgtest.URL(t))) })
}

func openFresh(t testing.TB, setting string) *DB {
	t.Helper()
	if isPostgres(setting) {
		padModel.Copy(t, setting)
	} else {
		fillPad(t, setting)
	}
	db := openPad(t, setting)
	if err := Migrate(context.Background(), db, migration.Tenant); err != nil { // connects: nothing is left to do
		t.Fatal(err)
	}
	return db
}

// padModel is such a database on PostgreSQL, where to make one takes a second.
var padModel = pgtest.Model{Name: "one", Fill: fillPad}

func fillPad(t testing.TB, setting string) {
	t.Helper()
	p, err := ParsePlace(setting)
	if err == nil {
		_, err = p.CreateDatabase(context.Background(), "one")
	}
	if err != nil {
		t.Fatal(err)
	}
	db := openPad(t, setting)
	if err := Migrate(context.Background(), db, migration.Tenant); err != nil {
		t.Fatal(err)
	}
	send(t, db, padTable)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// openPad opens the database in the place that setting names.
func openPad(t testing.TB, setting string) *DB {
	t.Helper()
	p, err := ParsePlace(setting)
	if err != nil {
		t.Fatal(err)
	}
	where, err := p.CreateDatabase(context.Background(), "one")
	if !errs.Is(err, errs.Conflict) {
		t.Fatalf("the database is not there: %v", err)
	}
	db, err := p.Open(context.Background(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// send runs SQL that is no registered statement.
func send(t testing.TB, db *DB, text string) {
	t.Helper()
	err := db.Update(context.Background(), func(tx *Tx) error {
		_, err := tx.c.ExecContext(context.Background(), text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func addPad(db *DB, id string) error {
	return db.Update(context.Background(), func(tx *Tx) error {
		_, err := tx.exec(qPad, id, "x", 0, true, nil, nil, nil)
		return err
	})
}

// TestEveryStatement prepares every registered statement on both engines.
func TestEveryStatement(t *testing.T) {
	sets := []migration.Set{migration.Tenant, migration.Registry}
	for _, set := range sets {
		t.Run(set.Name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, db *DB) {
				if set.Name == migration.Registry.Name {
					send(t, db, "DROP TABLE meta")
					send(t, db, "DROP TABLE goose_db_version")
					if err := Migrate(context.Background(), db, set); err != nil {
						t.Fatal(err)
					}
				}
				if len(bySet[set.Name]) == 0 {
					t.Fatal("no statements")
				}
				for _, q := range bySet[set.Name] {
					if err := prepares(db, q.text); err != nil {
						t.Errorf("%s: %v", q.name, err)
					}
				}
			})
		})
	}
}

// TestPrepares plants what the test above is there for.
func TestPrepares(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		if err := prepares(db, "SELECT nothing FROM meta"); err == nil {
			t.Error("prepared a column that does not exist")
		}
	})
}

func prepares(db *DB, text string) error {
	return db.View(context.Background(), func(tx *Tx) error {
		s, err := tx.c.PrepareContext(tx.ctx, text)
		if err != nil {
			return err
		}
		return s.Close()
	})
}

func TestValues(t *testing.T) {
	ctx := context.Background()
	full := pad{
		note: "Müller \x00'", n: 1 << 62, yes: true, raw: []byte{0, 255},
		at: time.Date(2026, 2, 28, 23, 59, 59, 123456000, time.UTC), amount: exact.New(15, 2),
	}
	full.note = "Müller 'x'"
	onBoth(t, func(t *testing.T, db *DB) {
		for id, want := range map[string]pad{"full": full, "blank": {}} {
			var got pad
			err := db.Update(ctx, func(tx *Tx) error {
				args := []any{id, want.note, want.n, want.yes, want.raw, want.at, want.amount}
				if id == "blank" {
					args = []any{id, nil, 0, nil, nil, time.Time{}, nil}
				}
				if _, err := tx.exec(qPad, args...); err != nil {
					return err
				}
				var err error
				got, err = one(tx, qGet, padRow, id)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(pad{}), cmp.Comparer(exact.Rat.Equal)); diff != "" {
				t.Errorf("%s: %s", id, diff)
			}
		}
	})
}

// TestRows checks that a query inside the reading of another is refused alike.
func TestRows(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		for _, id := range []string{"b", "a", "B", "é"} {
			if err := addPad(db, id); err != nil {
				t.Fatal(err)
			}
		}
		err := db.View(context.Background(), func(tx *Tx) error {
			ids, err := all(tx, qIDs, value[string])
			if diff := cmp.Diff([]string{"B", "a", "b", "é"}, ids); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		err = db.View(context.Background(), func(tx *Tx) error {
			return each(tx, qIDs, value[string], func(id *string) error {
				_, err := one(tx, qGet, padRow, *id)
				return err
			})
		})
		if !errors.Is(err, errRows) {
			t.Errorf("query within rows: %v, want %v", err, errRows)
		}
		err = db.View(context.Background(), func(tx *Tx) error {
			_, err := one(tx, qIDs, value[string])
			return err
		})
		if !errors.Is(err, errMany) {
			t.Errorf("one of many: %v, want %v", err, errMany)
		}
	})
}

func TestColumns(t *testing.T) {
	for name, c := range map[string]struct{ got, want string }{
		"sqlite_one":       {sqliteColumns("constraint failed: UNIQUE constraint failed: tenant.slug (2067)"), "slug"},
		"sqlite_two":       {sqliteColumns("UNIQUE constraint failed: t.a, t.b (2067)"), "a,b"},
		"sqlite_index":     {sqliteColumns("UNIQUE constraint failed: index 'lower_mail' (2067)"), ""},
		"postgres_one":     {postgresColumns("Key (slug)=(acme) already exists."), "slug"},
		"postgres_two":     {postgresColumns("Key (a, b)=(1, (2)) already exists."), "a,b"},
		"postgres_dutch":   {postgresColumns("Sleutel (slug)=(acme) bestaat al."), "slug"},
		"postgres_index":   {postgresColumns("Key (lower(mail))=(x) already exists."), ""},
		"postgres_nothing": {postgresColumns(""), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

// TestPlaceholders checks the self-test: it passes on both engines, and refuses
// a driver that binds by position, which the text here stands in for.
func TestPlaceholders(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		err := db.View(context.Background(), func(tx *Tx) error {
			if err := bindsByNumber(tx.ctx, tx.c, swapped); err != nil {
				t.Error(err)
			}
			return bindsByNumber(tx.ctx, tx.c, "SELECT CAST($1 AS TEXT) || CAST($2 AS TEXT)")
		})
		if err == nil {
			t.Error("accepted values in the wrong order")
		}
	})
}

func TestIdle(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		db.life.mu.Lock()
		db.life.idle = 5 * time.Millisecond
		db.life.timer.Reset(db.life.idle)
		db.life.mu.Unlock()
		for deadline := time.Now().Add(10 * time.Second); db.Stats().Connections > 0; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%d connections still open", db.Stats().Connections)
			}
		}
		if db.d.embedded {
			if _, err := os.Stat(db.address + "-wal"); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the log is still there: %v", err)
			}
		}
		if err := addPad(db, "a"); err != nil {
			t.Errorf("used again: %v", err)
		}
	})
}
