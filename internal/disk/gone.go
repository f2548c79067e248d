// SPDX-License-Identifier: Apache-2.0

package disk

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Gone says that what lies on a disk cannot be read or written any more, and that what was to
// be done there was not done.
type Gone struct{ Err error }

func (g *Gone) Error() string { return "the disk is gone: " + g.Err.Error() }

// Unwrap returns what the disk answered.
func (g *Gone) Unwrap() error { return g.Err }

// Broken reports whether an error is one of a disk that fails or is not there: not one that is
// full.
func Broken(err error) bool {
	if Full(err) {
		return false
	}
	for _, e := range []error{ErrHangs, fs.ErrNotExist, syscall.EIO, syscall.ENXIO, syscall.ENODEV, syscall.EROFS, syscall.ENOTDIR, syscall.EBADF} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// Full reports whether an error says that there is no room on a disk.
func Full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// Try writes a file in a folder, and returns why that cannot be done.
func Try(dir string) error {
	f, err := os.CreateTemp(dir, ".try-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 4096))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}
