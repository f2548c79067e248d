// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"verlof/internal/disk"
)

// hung is a database whose disk does not return from making a commit safe.
type hung struct {
	*DB
	disk  *faultDisk
	gate  chan struct{} // closed: it returns
	other *DB           // in force once this one is lost
	mu    sync.Mutex
	asked []error // why it was taken for lost
}

func newHung(t *testing.T, answers error) *hung {
	t.Helper()
	h := &hung{DB: openSQLite(t), other: openSQLite(t), gate: make(chan struct{})}
	if err := h.disconnect(); err != nil {
		t.Fatal(err)
	}
	h.disk = newFaultDisk(t, filepath.Dir(h.address))
	if err := addPad(h.DB, "before"); err != nil {
		t.Fatal(err)
	}
	h.patience, h.probe = 20*time.Millisecond, func(string, time.Duration) error { return answers }
	h.OnLost(func(_ context.Context, cause error) (*DB, func(), error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.asked = append(h.asked, cause)
		return h.other, func() {}, nil
	})
	h.disk.mu.Lock()
	h.disk.hang = h.gate
	h.disk.mu.Unlock()
	return h
}

// crowd makes changes at the same time, none of which is refused.
func (h *hung) crowd(t *testing.T) {
	t.Helper()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if err := addPad(h.DB, fmt.Sprint(i)); err != nil {
				t.Errorf("change %d: %v", i, err)
			}
		})
	}
	all.Wait()
}

// hasAll demands that a database has what the crowd changed.
func hasAll(t *testing.T, db *DB) {
	t.Helper()
	err := db.View(context.Background(), func(tx *Tx) error {
		ids, err := all(tx, qIDs, value[string])
		for i := range 8 {
			if !slices.Contains(ids, fmt.Sprint(i)) {
				t.Errorf("change %d was acknowledged and is lost", i)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestHang has the disk neither fail nor answer: changes that were under way, and those that come, are made
// in the database that takes its place, and nobody waits for the disk.
func TestHang(t *testing.T) {
	h := newHung(t, disk.ErrHangs)
	h.crowd(t)
	if len(h.asked) == 0 || !errors.Is(h.asked[0], disk.ErrHangs) || !Lost(h.asked[0]) {
		t.Fatalf("taken for lost: %v", h.asked)
	}
	hasAll(t, h.other)
	close(h.gate) // it answers again, and nobody asks it
	for h.hangs.Load() {
		time.Sleep(time.Millisecond)
	}
	before := h.Stats().Commits
	if err := addPad(h.DB, "again"); err != nil || h.Stats().Commits != before {
		t.Errorf("a change is made on the disk that was given up: %v", err)
	}
}

// TestSlow waits for a disk that is slow, and answers.
func TestSlow(t *testing.T) {
	h := newHung(t, nil)
	time.AfterFunc(5*h.patience, func() { close(h.gate) })
	h.crowd(t)
	if len(h.asked) > 0 {
		t.Errorf("it is taken for lost: %v", h.asked)
	}
	hasAll(t, h.DB)
}
