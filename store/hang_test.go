// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/errs"
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
	h.patience, h.glance, h.probe = 20*time.Millisecond, 20*time.Millisecond, func(string, time.Duration) error { return answers }
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

// TestHang_alone has no database take the place of the one whose disk does not answer: changes end, none is acknowledged, and
// they are made again once the disk is back.
func TestHang_alone(t *testing.T) {
	h := newHung(t, disk.ErrHangs)
	h.rescuer.Store(nil)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			if err := addPad(h.DB, fmt.Sprint(i)); !errs.Is(err, errs.Unavailable) || !Lost(err) {
				t.Errorf("change %d: %v", i, err)
			}
		})
	}
	all.Wait()
	h.answers()
	for h.hangs.Load() {
		time.Sleep(time.Millisecond)
	}
	if err := addPad(h.DB, "again"); err != nil {
		t.Errorf("a change once the disk is back: %v", err)
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

// mute has no read return, and nothing of the database be in memory.
func (h *hung) mute(t *testing.T) {
	t.Helper()
	h.disk.mu.Lock()
	h.disk.hang = nil
	h.disk.mu.Unlock()
	if err := h.disconnect(); err != nil {
		t.Fatal(err)
	}
	h.disk.mu.Lock()
	h.disk.mute = h.gate
	h.disk.mu.Unlock()
}

// answers has the disk come back.
func (h *hung) answers() {
	h.probe = func(string, time.Duration) error { return nil }
	close(h.gate)
}

// lookAt returns the ids that a database has, as a page does that is asked for once more when it is told to.
func lookAt(db *DB) (ids []string, err error) {
	for range 2 {
		var found []string
		err = db.View(context.Background(), func(tx *Tx) (err error) {
			found, err = all(tx, qIDs, value[string])
			return err
		})
		if !Again(err) {
			return found, err
		}
	}
	return nil, err
}

// TestHang_looks has reads come back from the disk no more: whoever was looking is told to look again, and sees the database
// that takes its place; so does everybody who comes. What comes back late goes no further.
func TestHang_looks(t *testing.T) {
	h := newHung(t, disk.ErrHangs)
	if err := addPad(h.other, "there"); err != nil {
		t.Fatal(err)
	}
	h.mute(t)
	start := time.Now()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if ids, err := lookAt(h.DB); err != nil || !slices.Equal(ids, []string{"there"}) {
				t.Errorf("saw %v, %v", ids, err)
			}
		})
	}
	all.Wait()
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if len(h.asked) != 1 || !errors.Is(h.asked[0], disk.ErrHangs) || !Lost(h.asked[0]) {
		t.Errorf("taken for lost: %v", h.asked)
	}
	h.answers()
	if err := h.Close(); err != nil { // waits for those
		t.Error(err)
	}
}

// TestSlow_looks waits for reads that are slow, where the disk answers.
func TestSlow_looks(t *testing.T) {
	h := newHung(t, nil)
	h.mute(t)
	time.AfterFunc(5*h.glance, func() { close(h.gate) })
	if ids, err := lookAt(h.DB); err != nil || !slices.Equal(ids, []string{"before"}) || len(h.asked) > 0 {
		t.Errorf("saw %v, %v; taken for lost: %v", ids, err, h.asked)
	}
}

// TestLook_panics has what goes wrong in a look that is watched go wrong where it was begun.
func TestLook_panics(t *testing.T) {
	db := openSQLite(t)
	db.Watch()
	defer func() {
		if p := fmt.Sprint(recover()); !strings.Contains(p, "planted") || !strings.Contains(p, "TestLook_panics") {
			t.Errorf("told: %s", p)
		}
	}()
	_ = db.View(context.Background(), func(*Tx) error { panic("planted") })
}

// TestHang_rests has a database at rest not come to the end of closing its connections: whoever comes looks at, and changes,
// the database that takes its place, and figures are told meanwhile.
func TestHang_rests(t *testing.T) {
	h := newHung(t, disk.ErrHangs)
	go func() {
		h.life.reap() // sees that it was used
		h.life.reap()
	}()
	for resting := false; !resting; time.Sleep(time.Millisecond) {
		h.life.mu.Lock()
		resting = h.life.resting != nil
		h.life.mu.Unlock()
	}
	if err := addPad(h.DB, "late"); err != nil {
		t.Error(err)
	}
	if ids, err := lookAt(h.DB); err != nil || !slices.Equal(ids, []string{"late"}) {
		t.Errorf("saw %v, %v", ids, err)
	}
	h.Stats()
	h.answers()
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}

// TestHang_closes has a database be closed while a look in it does not come back: nobody waits for that, and it is closed when it
// does.
func TestHang_closes(t *testing.T) {
	h := newHung(t, disk.ErrHangs)
	h.mute(t)
	if _, err := lookAt(h.DB); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); !errors.Is(err, disk.ErrHangs) || !errs.Is(err, errs.Unavailable) {
		t.Errorf("closed: %v", err)
	}
	close(h.gate)
	for h.Stats().Connections > 0 {
		time.Sleep(time.Millisecond)
	}
}

// TestHang_slowRest waits for connections that are being closed, where the disk answers.
func TestHang_slowRest(t *testing.T) {
	h := newHung(t, nil)
	time.AfterFunc(5*h.glance, func() { close(h.gate) })
	h.life.reap()
	go h.life.reap()
	if err := addPad(h.DB, "late"); err != nil || len(h.asked) > 0 {
		t.Errorf("%v; taken for lost: %v", err, h.asked)
	}
	wantIDs(t, h.DB, "[before late]")
}

// TestHang_opens has a disk not say whether a file is there: who opens it is told so, and who opens it again at once. Another
// file is opened meanwhile.
func TestHang_opens(t *testing.T) {
	lost, other := openSQLite(t).address, openSQLite(t).address
	gate := make(chan struct{})
	was, within := stat, openTime
	back := make(chan struct{})
	stat = func(path string, limit time.Duration) error {
		if path != lost {
			return was(path, limit)
		}
		return disk.Within(path, limit, func() error {
			defer close(back)
			<-gate
			return nil
		})
	}
	openTime = 20 * time.Millisecond
	defer func() { close(gate); <-back; stat, openTime = was, within }()
	for range 2 {
		if _, err := openFile(lost); !Lost(err) || !errs.Is(err, errs.Unavailable) || errs.As(err).Hint == "" {
			t.Errorf("opened: %v", err)
		}
	}
	db, err := openFile(other)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(addPad(db, "there"), db.Close()); err != nil {
		t.Error(err)
	}
}
