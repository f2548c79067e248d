// SPDX-License-Identifier: Apache-2.0

package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// passing begins the names of what is there while a process works on it: folders and files beside databases. A folder in which a
// database is brought up to date cannot be among them: that holds it itself.
var passing = []string{".whole-", ".image-", ".pack-", ".restore-", ".plain-"}

// errNotPassing says that ClearPassing would not find what is to be made.
var errNotPassing = errors.New("not a name of what passes")

// Passing is a folder or file that is there while a process works on it. That process holds it: what a killed one left
// is held by nobody, and ClearPassing takes it away.
type Passing struct {
	Path string
	held *os.File // nil where files cannot be held: it is never cleared then
}

// PassingFolder makes a folder for us alone, whose name begins so.
func PassingFolder(dir, begins string) (*Passing, error) {
	return pass(begins, func() (string, error) { return os.MkdirTemp(dir, begins+"*") })
}

// PassingFile makes a file for us alone, whose name begins so, and opens it.
func PassingFile(dir, begins string) (*os.File, *Passing, error) {
	var f *os.File
	p, err := pass(begins, func() (path string, err error) {
		if f != nil { // it was cleared before it was held
			_ = f.Close()
		}
		if f, err = os.CreateTemp(dir, begins+"*"); err != nil {
			return "", err
		}
		return f.Name(), nil
	})
	return f, p, err
}

func pass(begins string, create func() (string, error)) (*Passing, error) {
	if !slices.Contains(passing, begins) {
		return nil, errNotPassing
	}
	for {
		path, err := create()
		if err != nil {
			return nil, err
		}
		f, err := LockFolder(context.Background(), path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err == nil && !sameAs(f, path):
			_ = f.Close()
			continue
		}
		return &Passing{path, f}, nil
	}
}

// sameAs reports whether what is open is still there under its name.
func sameAs(f *os.File, path string) bool {
	is, err := f.Stat()
	there, gone := os.Lstat(path)
	return err == nil && gone == nil && os.SameFile(is, there)
}

// Done takes it away as well as it can: what is left is cleared later.
func (p *Passing) Done() { _ = p.Clear() }

// Clear takes it away.
func (p *Passing) Clear() error {
	err := os.RemoveAll(p.Path)
	if p.held != nil {
		err = errors.Join(err, p.held.Close())
	}
	return err
}

// ClearPassing takes away what killed processes left in a folder and those below it, and returns what that was and what is there
// still because somebody works on it.
func ClearPassing(root string) (cleared, held []string, err error) {
	var failed []error
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // somebody was faster
		case err != nil:
			failed = append(failed, err)
			return nil
		case !slices.ContainsFunc(passing, func(begins string) bool { return strings.HasPrefix(e.Name(), begins) }) || path == root:
			return nil
		}
		switch err := clearOne(path); {
		case err == nil:
			cleared = append(cleared, path)
		case errors.Is(err, ErrHeld):
			held = append(held, path)
		case !errors.Is(err, fs.ErrNotExist):
			failed = append(failed, err)
		}
		if e.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	return cleared, held, errors.Join(append(failed, err)...)
}

// clearOne takes away what nobody holds, and holds it meanwhile. It reports ErrHeld.
func clearOne(path string) error {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	f, err := LockFolder(now, path)
	if errors.Is(err, context.Canceled) {
		return ErrHeld
	}
	if err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(path), f.Close())
}
