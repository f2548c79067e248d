// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verlof/errs"
	"verlof/internal/pgtest"
	"verlof/tenant"
)

// TestShelf: what processes share can be read by all of them, also once the root key is another one, and not in the registry.
func TestShelf(t *testing.T) {
	for _, setting := range []string{"sqlite:" + t.TempDir(), pgtest.URL(t)} {
		d := reopen(t, setting, tenant.Options{})
		other := reopen(t, setting, tenant.Options{RootKey: d.RootKey})
		want := func(want string) {
			t.Helper()
			if got, err := other.Shelf().Get(ctx, "acme.test"); err != nil || string(got) != want {
				t.Errorf("read %q, %v", got, err)
			}
		}
		if _, err := d.Shelf().Get(ctx, "acme.test"); !errs.Is(err, errs.NotFound) {
			t.Errorf("before anything is there: %v", err)
		}
		for _, content := range []string{"a certificate", "the next"} {
			if err := d.Shelf().Put(ctx, "acme.test", []byte(content)); err != nil {
				t.Fatal(err)
			}
			want(content)
		}
		if dir, ok := strings.CutPrefix(setting, "sqlite:"); ok {
			openly(t, dir, "the next")
		}
		if _, err := d.RotateRoot(ctx, tenant.Why{}); err != nil {
			t.Fatal(err)
		}
		want("the next")
		if err := d.Shelf().Put(ctx, "acme.test", []byte("the third")); err != nil {
			t.Fatal(err)
		}
		want("the third")
		if err := d.Shelf().Delete(ctx, "acme.test"); err != nil {
			t.Fatal(err)
		}
		if _, err := other.Shelf().Get(ctx, "acme.test"); !errs.Is(err, errs.NotFound) {
			t.Errorf("taken away: %v", err)
		}
	}
}

// openly looks whether a text stands in any file of a folder.
func openly(t *testing.T, dir, text string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "registry*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no registry in %s: %v", dir, err)
	}
	for _, f := range files {
		if content, err := os.ReadFile(f); err != nil || bytes.Contains(content, []byte(text)) {
			t.Errorf("%s holds %q, %v", f, text, err)
		}
	}
}
