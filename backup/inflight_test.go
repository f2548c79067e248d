// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// indexAs reads the head of the write-ahead log's index, or puts one back. Between writing a
// commit into the log and publishing it there SQLite waits for the disk: who is killed meanwhile, or
// loses power, never made it.
func indexAs(t *testing.T, path string, head []byte) []byte {
	t.Helper()
	f, err := os.OpenFile(path+"-shm", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	was := make([]byte, 96)
	_, err = f.ReadAt(was, 0)
	if err == nil && head != nil {
		_, err = f.WriteAt(head, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	return was
}

// TestInFlight has a commit stand in the log that is never made, while an image is put, an upkeep is
// done, or another process copies after it. What is committed in its place is what comes back, be it
// shorter or longer, and whether or not the copy knows a place in the log that is no more.
func TestInFlight(t *testing.T) {
	ctx := context.Background()
	const insert = "INSERT INTO note (text, pad) VALUES ('x', zeroblob(?))"
	looks := map[string]func(*live) error{
		"image":  func(l *live) error { return l.log.TakeImage(ctx) },
		"upkeep": func(l *live) error { _, _, err := l.log.current(ctx); return err },
	}
	for look, at := range looks {
		for size, pads := range map[string][2]int{"shorter": {50_000, 10}, "longer": {10, 50_000}} {
			for _, later := range []bool{false, true} {
				name := look + "_" + size
				if later {
					name += "_another_process"
				}
				t.Run(name, func(t *testing.T) {
					c := newClock()
					copies := &Copies{Depot: folder{t.TempDir()}, Now: c.Now}
					keys := newKeys(t, newRoot(t), "acme")
					l := openLive(t, filepath.Join(t.TempDir(), "data.db"), copies, "acme", keys)
					defer l.rest()
					check := func(when string) {
						t.Helper()
						got, _, err := restored(t, Kept{copies.Depot, "acme", keys}, c.Now())
						if want := content(t, l.path); err != nil || got != want {
							t.Errorf("%s: %s, %v; want %s", when, got, err, want)
						}
					}
					before := errors.Join(l.write(noteTable), l.write(insert, 10))
					head := indexAs(t, l.path, nil)
					if _, err := l.w.ExecContext(ctx, insert, pads[0]); err != nil {
						t.Fatal(err)
					}
					indexAs(t, l.path, head)
					c.step(time.Second)
					if err := errors.Join(before, at(l)); err != nil {
						t.Fatal(err)
					}
					check("in flight")
					if later {
						l.log = (&Copies{Depot: copies.Depot, Now: c.Now}).Of("acme", l, l.log.sealer)
					}
					for range 2 {
						c.step(time.Second)
						if err := l.write(insert, pads[1]); err != nil {
							t.Fatal(err)
						}
						check("after it")
					}
				})
			}
		}
	}
}

// begunAnew makes an index say that SQLite has begun the log anew, whose first page is not written yet:
// so it is for a moment before a commit, and for long where the process is killed in that moment.
func begunAnew(head []byte) []byte {
	next := bytes.Clone(head[:indexHead])
	binary.NativeEndian.PutUint32(next[16:], 0) // frames
	binary.BigEndian.PutUint32(next[32:], binary.BigEndian.Uint32(next[32:])+1)
	binary.BigEndian.PutUint32(next[36:], 0x5eed)
	native := walFile{order: binary.NativeEndian}
	for n, word := range native.sum([2]uint32{}, next[:40]) {
		binary.NativeEndian.PutUint32(next[40+4*n:], word)
	}
	return slices.Concat(next, next, make([]byte, 4)) // and nothing of it is in the file
}

// TestBegunAnew has a commit that was never made stand in a log that SQLite is about to begin anew: what is
// committed is the file alone, and what comes after goes on from there.
func TestBegunAnew(t *testing.T) {
	c := newClock()
	copies := &Copies{Depot: folder{t.TempDir()}, Now: c.Now}
	keys := newKeys(t, newRoot(t), "acme")
	l := openLive(t, filepath.Join(t.TempDir(), "data.db"), copies, "acme", keys)
	defer l.rest()
	const insert = "INSERT INTO note (text, pad) VALUES ('x', zeroblob(?))"
	check := func(when string) {
		t.Helper()
		got, _, err := restored(t, Kept{copies.Depot, "acme", keys}, c.Now())
		if want := content(t, l.path); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", when, got, err, want)
		}
	}
	if err := errors.Join(l.write(noteTable), l.write(insert, 10)); err != nil {
		t.Fatal(err)
	}
	err := l.Frozen(func() error { // a reader: the log is not begun anew meanwhile
		if err := l.write("PRAGMA wal_checkpoint(FULL)"); err != nil {
			return err
		}
		_, err := l.w.ExecContext(t.Context(), insert, 50_000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	indexAs(t, l.path, begunAnew(indexAs(t, l.path, nil)))
	c.step(time.Second)
	if err := l.Flush(); err != nil {
		t.Fatal(err)
	}
	check("begun anew")
	for n := range 3 {
		c.step(time.Second)
		if err := l.write(insert, 20_000*n); err != nil {
			t.Fatal(err)
		}
		check("after it")
	}
}

// TestForgottenLog: what a copy knows of the log is not there any more, as after a loss of power
// that took what the depot has. It goes on with an image.
func TestForgottenLog(t *testing.T) {
	c := newClock()
	copies := &Copies{Depot: folder{t.TempDir()}, Now: c.Now}
	keys := newKeys(t, newRoot(t), "acme")
	l := openLive(t, filepath.Join(t.TempDir(), "data.db"), copies, "acme", keys)
	defer l.rest()
	const insert = "INSERT INTO note (text, pad) VALUES ('x', zeroblob(?))"
	before := errors.Join(l.write(noteTable), l.write(insert, 10))
	head := indexAs(t, l.path, nil)
	if err := errors.Join(before, l.write(insert, 50_000)); err != nil {
		t.Fatal(err)
	}
	indexAs(t, l.path, head)
	for n := range 12 {
		c.step(time.Second)
		if err := l.write(insert, 10*n); err != nil {
			t.Fatal(err)
		}
		got, _, err := restored(t, Kept{copies.Depot, "acme", keys}, c.Now())
		if want := content(t, l.path); err != nil || got != want {
			t.Fatalf("after %d: %s, %v; want %s", n, got, err, want)
		}
	}
}
