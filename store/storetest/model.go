// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"os"
	"sync"
	"testing"

	"verlof/internal/pgtest"
	"verlof/store"
	"verlof/store/migration"
)

// A customer's new database, migrated, on each engine: made once in a test process, to be
// copied. It holds nothing yet, so that each copy gets keys of its own.
var (
	fileModel   model
	serverModel = pgtest.Model{Name: "one", Fill: migrated}
)

// migrated makes a customer's database in a place, takes it through all steps and closes it.
func migrated(t testing.TB, setting string) {
	t.Helper()
	ctx := context.Background()
	p, where := create(t, setting)
	db, err := p.Open(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(ctx, db, migration.Tenant); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil { // on SQLite, that empties the log into the file
		t.Fatal(err)
	}
}

// model is the file of such a database, on SQLite.
type model struct {
	mu   sync.Mutex
	text []byte
}

// copy writes it where the place that setting names keeps the customer's database.
func (m *model) copy(t testing.TB, setting string) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.text == nil {
		place := "sqlite:" + t.TempDir()
		migrated(t, place)
		var err error
		if m.text, err = os.ReadFile(file(t, place)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file(t, setting), m.text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// file returns where a place of SQLite files keeps the customer's database, in a folder that
// is made.
func file(t testing.TB, setting string) string {
	t.Helper()
	p, err := store.ParsePlace(setting)
	if err != nil {
		t.Fatal(err)
	}
	_, path, err := p.Beside("one", "")
	if err != nil {
		t.Fatal(err)
	}
	return path
}
