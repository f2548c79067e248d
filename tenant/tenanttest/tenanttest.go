// SPDX-License-Identifier: Apache-2.0

// Package tenanttest owns the opening of an installation for tests of rooms that
// know customers and no database. It refuses to fill it: what a test needs it
// writes itself.
package tenanttest

import (
	"path/filepath"
	"testing"
	"time"

	"verlof/identity/identitytest"
	"verlof/internal/outside"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/tenant"
)

// Open returns a directory without customers, on SQLite, in a folder that ends
// with the test. Passwords are hashed cheaply and cookies travel without TLS.
func Open(t testing.TB, now func() time.Time) *tenant.Directory {
	t.Helper()
	dir := t.TempDir()
	place, err := store.ParsePlace("sqlite:" + dir)
	if err != nil {
		t.Fatal(err)
	}
	d, err := tenant.Open(t.Context(), tenant.Options{Place: place, RootKey: seal.File{Path: filepath.Join(dir, "root.key"), Make: true}, Now: now,
		Hasher: identitytest.Hasher(), Plain: true,
		Reach: outside.Reach{Local: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the directory: %v", err)
		}
	})
	return d
}
