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
	return held(f, syscall.LOCK_EX)
}

// TryLock is Lock that does not wait: it reports ErrHeld where somebody else holds the file.
func TryLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if f, err = held(f, syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrHeld
	}
	return f, err
}

// LockFolder is Lock for a folder, in which it leaves nothing.
func LockFolder(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return held(f, syscall.LOCK_EX)
}

func held(f *os.File, how int) (*os.File, error) {
	var err error
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
