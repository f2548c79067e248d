// SPDX-License-Identifier: Apache-2.0

//go:build unix

package disk

import (
	"errors"
	"os"
	"syscall"
)

// Lock opens the file at path, which it makes for us alone where there is none, and waits
// until no other process, and nobody else in this one, holds it so. Closing the file lets go.
func Lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return held(f)
}

// LockFolder is Lock for a folder, in which it leaves nothing.
func LockFolder(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return held(f)
}

func held(f *os.File) (*os.File, error) {
	var err error
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
