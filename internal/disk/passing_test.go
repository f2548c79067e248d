// SPDX-License-Identifier: Apache-2.0

//go:build unix

package disk

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestClearPassing: what a killed process left goes, at any depth, with all that is in it. What somebody works on stays until it
// is done, and everything else stays.
func TestClearPassing(t *testing.T) {
	root := t.TempDir()
	below := filepath.Join(root, "tenants", "acme")
	left, file, kept := filepath.Join(root, ".whole-1"), filepath.Join(below, ".image-1"), filepath.Join(below, "data.db")
	err := errors.Join(os.MkdirAll(below, 0o700), os.Mkdir(left, 0o700))
	for _, path := range []string{filepath.Join(left, "data.db"), file, kept} {
		err = errors.Join(err, os.WriteFile(path, nil, 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	folder, err := PassingFolder(below, ".plain-")
	if err != nil {
		t.Fatal(err)
	}
	draft, passing, err := PassingFile(root, ".restore-")
	if err != nil {
		t.Fatal(err)
	}
	if err := draft.Close(); err != nil { // its name is to be another one yet
		t.Fatal(err)
	}
	cleared, held, err := ClearPassing(root)
	slices.Sort(held)
	want := []string{passing.Path, folder.Path}
	slices.Sort(want)
	if err != nil || !slices.Equal(cleared, []string{left, file}) || !slices.Equal(held, want) {
		t.Errorf("cleared %q, held %q, %v", cleared, held, err)
	}
	for path, want := range map[string]bool{left: false, file: false, kept: true, folder.Path: true, passing.Path: true} {
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) == want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := errors.Join(folder.Clear(), passing.Clear()); err != nil {
		t.Error(err)
	}
	if cleared, held, err = ClearPassing(root); len(cleared)+len(held) > 0 || err != nil {
		t.Errorf("once they are done: cleared %q, held %q, %v", cleared, held, err)
	}
	if _, err := PassingFolder(root, ".unknown-"); err == nil {
		t.Error("made under a name that nobody clears")
	}
}
