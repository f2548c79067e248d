// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"verlof/errs"
	"verlof/internal/pgtest"
	"verlof/store/migration"
)

// owned are tables in which rows refer to others, and go with them.
var owned = migration.Of("test", fstest.MapFS{"0001_owned.sql": {Data: []byte(`-- +goose Up
CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
CREATE TABLE owner (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL UNIQUE);
CREATE TABLE a_thing (owner TEXT NOT NULL REFERENCES owner (id) ON DELETE CASCADE, n BIGINT NOT NULL, body TEXT, heir TEXT REFERENCES owner (id), PRIMARY KEY (owner, n));
CREATE TABLE word (id TEXT PRIMARY KEY NOT NULL);
INSERT INTO owner (id, name) VALUES ('1', 'anna'), ('2', 'ben'), ('3', 'cor');
INSERT INTO a_thing (owner, n, body) VALUES ('1', 1, 'x'), ('1', 2, NULL), ('2', 1, 'y');
INSERT INTO word (id) VALUES ('old');
`)}})

// changed changes a database by statements that are none of the program's.
func changed(db *DB, texts ...string) error {
	return db.Update(context.Background(), func(tx *Tx) error {
		for _, text := range texts {
			if err := tx.define(text); err != nil {
				return err
			}
		}
		return nil
	})
}

// otherwise says in which tables two databases differ.
func otherwise(t *testing.T, a, b *DB) (names []string) {
	t.Helper()
	ctx := context.Background()
	mine, theirs := must(a.Digests(ctx)), must(b.Digests(ctx))
	for table, sum := range mine {
		if theirs[table] != sum && table != "meta" {
			names = append(names, table+": "+sum+", "+theirs[table])
		}
	}
	return names
}

// TestHandOver: while a database is copied rows change, come, go, and take others with them. Nobody waits for that; what is left is
// put there while they do. The other one holds all of it, with its foreign keys in force, and takes changes; the first takes none.
func TestHandOver(t *testing.T) {
	ctx := context.Background()
	places := map[string]func(t *testing.T) string{"sqlite": func(t *testing.T) string { return "sqlite:" + t.TempDir() }, "postgres": func(t *testing.T) string { return pgtest.URL(t) }}
	for _, pair := range []string{"sqlite sqlite", "sqlite postgres", "postgres sqlite", "postgres postgres"} {
		t.Run(strings.ReplaceAll(pair, " ", "_to_"), func(t *testing.T) {
			t.Parallel()
			a, b, _ := strings.Cut(pair, " ")
			from, to := openEmpty(t, places[a](t)), openEmpty(t, places[b](t))
			for _, db := range []*DB{from, to} {
				if err := Migrate(ctx, db, owned); err != nil {
					t.Fatal(err)
				}
			}
			if err := changed(from, "INSERT INTO owner (id, name) VALUES ('4', 'dirk')"); err != nil {
				t.Fatal(err)
			}
			if err := from.CopyAll(ctx, to); err != nil {
				t.Fatal(err)
			}
			for _, change := range [][]string{
				nil,
				{"UPDATE owner SET name = 'benno' WHERE id = '2'", "DELETE FROM owner WHERE id = '1'", "DELETE FROM word"},
				{"INSERT INTO owner (id, name) VALUES ('9', 'anna')", "INSERT INTO a_thing (owner, n, heir) VALUES ('9', 7, '3')", "UPDATE a_thing SET body = NULL, heir = '9' WHERE owner = '2'"},
				{"DELETE FROM a_thing WHERE owner = '9'", "UPDATE a_thing SET heir = '4'", "DELETE FROM owner WHERE id = '9'", "INSERT INTO word (id) VALUES ('new')"},
			} {
				if err := changed(from, change...); err != nil {
					t.Fatal(err)
				}
				if err := from.Follow(ctx, to); err != nil {
					t.Fatalf("after %v: %v", change, err)
				}
				if names := otherwise(t, from, to); names != nil {
					t.Errorf("after %v: %v", change, names)
				}
			}
			if err := changed(from, "UPDATE owner SET name = 'x' WHERE id = '2'", "UPDATE owner SET name = 'benno' WHERE id = '3'", "UPDATE owner SET name = 'cor' WHERE id = '2'"); err != nil {
				t.Fatal(err)
			}
			if err := from.Follow(ctx, to); !errs.Is(err, errs.Conflict) {
				t.Errorf("two rows took a value from each other: %v, want conflict", err)
			}
			if err := from.CopyAll(ctx, to); err != nil {
				t.Fatal(err)
			}
			if err := changed(from, "INSERT INTO word (id) VALUES ('last')"); err != nil {
				t.Fatal(err)
			}
			m, err := from.HandOver(ctx, to, Left{To: "there", Moved: true})
			if names := otherwise(t, from, to); err != nil || names != nil || m.Tables != 4 {
				t.Errorf("handed over: %+v, %v, %v", m, err, names)
			}
			if err := changed(from, "INSERT INTO word (id) VALUES ('late')"); !errs.Is(err, errs.Unavailable) {
				t.Errorf("changed afterwards: %v, want unavailable", err)
			}
			if err := changed(to, "INSERT INTO word (id) VALUES ('late')"); err != nil {
				t.Errorf("the other one: %v", err)
			}
			if err := changed(to, "INSERT INTO a_thing (owner, n) VALUES ('nobody', 1)"); !errs.Is(err, errs.Conflict) {
				t.Errorf("a row that refers to nobody: %v, want conflict", err)
			}
		})
	}
}

// TestAtLength: what goes over whole tables may take longer than the statements of a page may, and have a database wait for
// the other one, or for whoever reads an export.
func TestAtLength(t *testing.T) {
	ctx := context.Background()
	from, to := openEmpty(t, pgtest.URL(t)), openEmpty(t, pgtest.URL(t))
	bounds := func(tx *Tx) string {
		const text = "SELECT current_setting('statement_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')"
		return strings.Join(must(list(tx, text, func(v []any) string { return fmt.Sprint(v...) })), "")
	}
	unbound := func(into, from *Tx, _ []string) (int, error) {
		if a, b := bounds(from), bounds(into); a != "0 0" || b != "0 0" {
			t.Errorf("from a database bound by %s into one bound by %s", a, b)
		}
		return 0, nil
	}
	for _, db := range []*DB{from, to} {
		if err := Migrate(ctx, db, owned); err != nil {
			t.Fatal(err)
		}
	}
	if err := from.copyTo(ctx, to, unbound); err != nil {
		t.Error("copy: ", err)
	}
	if _, err := from.handOver(ctx, to, unbound, func(*Tx) error { return nil }); err != nil {
		t.Error("hand over: ", err)
	}
	if err := to.Update(ctx, func(tx *Tx) error {
		if b := bounds(tx); b != "30s 1min" {
			t.Errorf("a page is bound by %s", b)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}

	impatient := must(Open(ctx, from.address+"?idle_in_transaction_session_timeout=100"))
	defer impatient.Close()
	err := impatient.Export(ctx, true, func(ExportTable) (func([]any) error, error) {
		time.Sleep(300 * time.Millisecond)
		return func([]any) error { return nil }, nil
	})
	if err != nil {
		t.Error("export to a slow reader: ", err)
	}
}
