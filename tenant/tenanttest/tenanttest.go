// SPDX-License-Identifier: Apache-2.0

// Package tenanttest owns the opening of an installation for tests of rooms that
// know customers and no database. It refuses to say what is in it: what a test needs
// it writes itself.
package tenanttest

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"verlof/identity/identitytest"
	"verlof/internal/outside"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/tenant"
)

// Installation is one on SQLite that the first test to ask for it fills, and of which every
// test gets a copy for itself: with the ids, the secrets and the keys of the one that was
// filled. To fill it takes ten times as long as to copy it.
type Installation struct {
	// Fill writes what every test begins with. It keeps nothing of the directory open,
	// which is closed behind it.
	Fill func(t testing.TB, d *tenant.Directory)
	At   time.Time // the moment at which that happens

	mu    sync.Mutex
	files map[string][]byte // by path in the folder
}

// Open returns the directory of a copy, in a folder that ends with the test. Passwords
// are hashed cheaply and cookies travel without TLS.
func (i *Installation) Open(t testing.TB, now func() time.Time) *tenant.Directory {
	t.Helper()
	dir := t.TempDir()
	for path, text := range i.filled(t) {
		path = filepath.Join(dir, path)
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	d := open(t, dir, now)
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the directory: %v", err)
		}
	})
	return d
}

// open opens the installation in a folder, or makes one.
func open(t testing.TB, dir string, now func() time.Time) *tenant.Directory {
	t.Helper()
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
	return d
}

// filled returns the files of the installation that was filled.
func (i *Installation) filled(t testing.TB) map[string][]byte {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.files != nil {
		return i.files
	}
	dir := t.TempDir()
	d := open(t, dir, func() time.Time { return i.At })
	i.Fill(t, d)
	if err := d.Close(); err != nil { // empties the logs into the files
		t.Fatal(err)
	}
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err == nil {
			files[rel], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	i.files = files
	return files
}

// Held returns the customer at a host name, open until the test ends.
func Held(t testing.TB, d *tenant.Directory, host string) *tenant.Tenant {
	t.Helper()
	c, release, err := d.ByHost(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return c
}
