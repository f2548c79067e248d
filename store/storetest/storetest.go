// SPDX-License-Identifier: Apache-2.0

// Package storetest owns the contract of the store: what every engine must do
// alike. Run holds an engine to it; Both runs any other test on both engines.
// It refuses to leave one out: without PostgreSQL the tests fail.
package storetest

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"verlof/errs"
	"verlof/internal/pgtest"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/store/migration"
)

// Both runs f on SQLite and on PostgreSQL, as subtests, each with the setting
// for a new place that is the test's alone: what --database takes. With -short, as
// the race detector runs, on SQLite alone: one after the other, nothing races.
func Both(t *testing.T, f func(t *testing.T, setting string)) {
	t.Helper()
	if testing.Short() {
		t.Run("sqlite", func(t *testing.T) { f(t, "sqlite:"+t.TempDir()) })
		return
	}
	AtOnce(t, f)
}

// AtOnce is Both for what runs at once: it needs both engines under the race detector
// too.
func AtOnce(t *testing.T, f func(t *testing.T, setting string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, "sqlite:"+t.TempDir()) })
	t.Run("postgres", func(t *testing.T) { f(t, pgtest.URL(t)) })
}

// Tenant returns a customer's new database, migrated, in the place that setting
// names. It is closed when the test ends.
func Tenant(t testing.TB, setting string) *store.DB {
	t.Helper()
	if strings.HasPrefix(setting, "sqlite:") {
		fileModel.copy(t, setting)
	} else {
		serverModel.Copy(t, setting)
	}
	db := open(t, setting)
	if err := store.Migrate(context.Background(), db, migration.Tenant); err != nil { // connects: nothing is left to do
		t.Fatal(err)
	}
	db.SealWith(Keys(t, "one"))
	return db
}

// Keys returns new keys of a customer, sealed by a root key of the test's own.
func Keys(t testing.TB, customer string) *seal.Keys {
	t.Helper()
	root, err := seal.File{Path: filepath.Join(t.TempDir(), "root.key"), Make: true}.Root(func() (bool, error) { return false, nil })
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := root.NewKeys(customer)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := root.Keys(customer, sealed)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// Empty returns a customer's new database as CreateDatabase made it, on PostgreSQL opened as
// the customer's own role.
func Empty(t testing.TB, setting string) *store.DB {
	t.Helper()
	create(t, setting)
	return open(t, setting)
}

// create makes the customer's database in the place that setting names.
func create(t testing.TB, setting string) (p *store.Place, where string) {
	t.Helper()
	p, err := store.ParsePlace(setting)
	if err == nil {
		where, err = p.CreateDatabase(context.Background(), "one")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p, where
}

// open opens the customer's database in the place that setting names, on PostgreSQL as the
// customer's own role.
func open(t testing.TB, setting string) *store.DB {
	t.Helper()
	ctx := context.Background()
	p, err := store.ParsePlace(setting)
	if err != nil {
		t.Fatal(err)
	}
	where, err := p.CreateDatabase(ctx, "one")
	if !errs.Is(err, errs.Conflict) {
		t.Fatalf("the database is not there: %v", err)
	}
	as := store.Login{ID: "one", Password: "secret"}
	if err := p.Secure(ctx, where, as); err != nil {
		t.Fatal(err)
	}
	db, err := p.OpenAs(ctx, where, as)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Registry returns a new registry in the place that setting names.
func Registry(t testing.TB, setting string) *store.Registry {
	t.Helper()
	p, err := store.ParsePlace(setting)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Registry(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// Run holds an engine to the contract. setting returns a new place for each
// call, on that engine.
func Run(t *testing.T, setting func(t *testing.T) string) {
	tenant := func(f func(*testing.T, *store.DB)) func(*testing.T) {
		return func(t *testing.T) { f(t, Tenant(t, setting(t))) }
	}
	// First, because dropping a database writes all others of the server to disk.
	t.Run("place", func(t *testing.T) { testPlace(t, setting(t)) })
	t.Run("update", tenant(testUpdate))
	t.Run("update_fails", tenant(testUpdateFails))
	t.Run("update_ignores_a_failure", tenant(testUpdateIgnoresFailure))
	t.Run("update_panics", tenant(testUpdatePanics))
	t.Run("update_ends_its_goroutine", tenant(testUpdateGoexit))
	t.Run("update_cancelled", tenant(testUpdateCancelled))
	t.Run("updates_together", tenant(testUpdatesTogether))
	t.Run("signal", tenant(testSignal))
	t.Run("view_is_a_snapshot", tenant(testViewSnapshot))
	t.Run("view_does_not_write", tenant(testViewWrites))
	t.Run("tx_after_its_end", tenant(testTxEnded))
	t.Run("check", tenant(testCheck))
	t.Run("close", tenant(testClose))
	t.Run("shut", tenant(testShut))
	t.Run("follow", func(t *testing.T) { testFollow(t, Tenant(t, setting(t)), Tenant(t, setting(t))) })
	t.Run("migrate", func(t *testing.T) { testMigrate(t, Empty(t, setting(t))) })
	t.Run("migrate_newer", func(t *testing.T) { testMigrateNewer(t, Empty(t, setting(t))) })
	t.Run("migrate_turns", func(t *testing.T) { testMigrateTurns(t, Empty(t, setting(t))) })
	t.Run("migrate_fails", func(t *testing.T) { testMigrateFails(t, Empty(t, setting(t))) })
	t.Run("registry", func(t *testing.T) { testRegistry(t, Registry(t, setting(t))) })
	t.Run("registry_conflicts", func(t *testing.T) { testRegistryConflicts(t, Registry(t, setting(t))) })
}
