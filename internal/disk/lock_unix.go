// SPDX-License-Identifier: Apache-2.0

//go:build unix

package disk

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
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

// lockPause is how long whoever waits for a folder rests between two looks whether it is free.
const lockPause = 20 * time.Millisecond

// LockFolder is Lock for a folder, in which it leaves nothing, or for a file that is there. It waits no longer than ctx.
func LockFolder(ctx context.Context, path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	look := time.NewTicker(lockPause)
	defer look.Stop()
	for {
		err := flock(f, syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(err, f.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), f.Close())
		case <-look.C:
		}
	}
}

func held(f *os.File, how int) (*os.File, error) {
	if err := flock(f, how); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func flock(f *os.File, how int) (err error) {
	for {
		if err = syscall.Flock(int(f.Fd()), how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
