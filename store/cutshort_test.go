// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"verlof/internal/pgtest"
	"verlof/store/migration"
)

// steps are those of a release whose second one takes long, or not.
func steps(rows string) migration.Set {
	return migration.Of("test", fstest.MapFS{
		"0001_meta.sql": {Data: []byte("-- +goose Up\nCREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);\n")},
		"0002_long.sql": {Data: []byte("-- +goose Up\nCREATE TABLE long (n BIGINT);\n" +
			"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < " + rows + ") INSERT INTO long (n) SELECT n FROM c;\n")},
		"0003_last.sql": {Data: []byte("-- +goose Up\nCREATE TABLE last (n BIGINT);\n")},
	})
}

// updater is a program that brings a database up to date and does not come to the end of it.
func updater(dsn string) {
	db := must(Open(context.Background(), dsn))
	must(0, Migrate(context.Background(), db, steps("1000000000")))
}

// TestCutShort kills a program in the midst of a step. The next one goes on there: with what the steps before it made, and
// nothing of that one.
func TestCutShort(t *testing.T) {
	for name, setting := range map[string]string{"sqlite": "sqlite:" + t.TempDir(), "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			db := openEmpty(t, setting)
			cmd := child("updater", db.url())
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
				if v, _ := SchemaVersion(ctx, db); v == 1 {
					break
				}
				if time.Now().After(deadline) {
					t.Fatal("the other program did nothing")
				}
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // it was killed
			prepared := int64(-1)
			err := MigrateAfter(ctx, db, steps("10"), func(have int64) error { prepared = have; return nil })
			if v, unknown := SchemaVersion(ctx, db); err != nil || unknown != nil || v != 3 || prepared != 1 {
				t.Errorf("went on from %d to %d: %v, %v", prepared, v, err, unknown)
			}
			rows, err := db.Rows(ctx)
			if err != nil || rows["long"] != 10 {
				t.Errorf("%v, %v", rows, err)
			}
		})
	}
}

// url returns what Open takes for the database.
func (db *DB) url() string {
	if strings.HasPrefix(db.address, "postgres") {
		return db.address
	}
	return "sqlite:" + db.address
}
