// SPDX-License-Identifier: Apache-2.0

//go:build unix

package disk

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"
)

// TestLockFolder: a folder is held by one, others wait, and no longer than they have time.
func TestLockFolder(t *testing.T) {
	dir := t.TempDir()
	first, err := LockFolder(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 3*lockPause)
	defer cancel()
	if _, err := LockFolder(short, dir); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("had by two: %v", err)
	}
	second := make(chan *os.File, 1)
	go func() {
		f, err := LockFolder(t.Context(), dir)
		if err != nil {
			t.Error(err)
		}
		second <- f
	}()
	time.Sleep(2 * lockPause)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if f := <-second; f != nil {
		_ = f.Close()
	}
	if _, err := LockFolder(t.Context(), dir+"/none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
