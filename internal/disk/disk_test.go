// SPDX-License-Identifier: Apache-2.0

package disk

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// TestCreate: a new file is all there and ours alone, one that is there stays as it is, and what
// was made in part is taken away.
func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new")
	broken := errors.New("broken")
	if err := Create(path, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("a source that breaks off: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of a source that broke off there is: %v", err)
	}
	if err := Create(path, strings.NewReader("whole")); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, strings.NewReader("other")); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another: %v", err)
	}
	text, err := os.ReadFile(path)
	info, failed := os.Stat(path)
	if err != nil || failed != nil || string(text) != "whole" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q, %v, %v, %v", text, info, err, failed)
	}
}

// TestSettle: a file that was written gets its name, unless that is another's.
func TestSettle(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	if err := os.WriteFile(from, []byte("first"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Settle(from, to); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(from, []byte("second"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Settle(from, to); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another: %v", err)
	}
	if text, err := os.ReadFile(to); err != nil || string(text) != "first" {
		t.Errorf("%q, %v", text, err)
	}
}
