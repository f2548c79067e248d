// SPDX-License-Identifier: Apache-2.0

// Package disk owns what it takes for a file and its name to survive a power cut, and for a
// file to be one process's at a time. It refuses to write over what is there.
package disk

import (
	"cmp"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// ErrHeld says that somebody else holds a file; see TryLock.
var ErrHeld = errors.New("somebody else holds it")

// Create makes a file that only we may read of all that from gives, and returns when a power
// cut cannot undo it. It reports os.ErrExist where there is one of that name; what was made in
// part is taken away.
func Create(path string, from io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return SyncFolder(filepath.Dir(path))
}

// Settle gives a file that was written another name in its folder, and returns when a power cut can undo neither. It
// reports os.ErrExist where there is one of that name.
func Settle(from, to string) error {
	if _, err := os.Lstat(to); !errors.Is(err, os.ErrNotExist) {
		return cmp.Or[error](err, &os.PathError{Op: "rename", Path: to, Err: os.ErrExist})
	}
	f, err := os.OpenFile(from, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(to))
}

// SyncFolder makes the names in a folder safe: those that were made, and those that
// were taken away.
func SyncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
