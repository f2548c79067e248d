// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"verlof/errs"
)

// cutShort is a database as a power cut left it.
type cutShort struct {
	dir   string
	acked int64 // how many changes had been acknowledged
}

// often returns how much of a long test is to be done.
func often(name string, ordinary int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return ordinary
}

// powerCuts runs write many times, which makes change number n and returns when it is
// acknowledged, and cuts the power at random operations of the disk.
func powerCuts(t *testing.T, f *faultDisk, changes int64, write func(n int64)) (cuts []cutShort) {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	root := t.TempDir()
	var acked atomic.Int64
	f.each = func() {
		if rng.IntN(4) > 0 {
			return
		}
		dir := filepath.Join(root, strconv.Itoa(len(cuts)))
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Error(err)
		}
		if err := f.cut(dir, rng); err != nil {
			t.Error(err)
		}
		cuts = append(cuts, cutShort{dir, acked.Load()})
	}
	for n := range changes {
		write(n)
		acked.Add(1)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.each = nil
	return cuts
}

// lostIn returns how many changes are missing in a database that a power cut left. It must be
// whole.
func lostIn(t *testing.T, c cutShort, name string) (lost int64) {
	t.Helper()
	db, err := Open(context.Background(), "sqlite:"+filepath.Join(c.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Check(context.Background()); err != nil {
		t.Fatalf("after a power cut: %v", err)
	}
	there := map[string]bool{}
	err = db.View(context.Background(), func(tx *Tx) error {
		return each(tx, qIDs, value[string], func(id *string) error { there[*id] = true; return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range c.acked {
		if !there[fmt.Sprint(n)] {
			lost++
		}
	}
	return lost
}

// TestPowerCut cuts the power at any operation of the disk, with what was not synced lost or
// torn: what was acknowledged is there, and the database is whole. The same with
// synchronous=NORMAL loses some, or the disk is not what it says.
func TestPowerCut(t *testing.T) {
	changes := int64(often("VERLOF_POWER", 60))
	db := openSQLite(t)
	path := db.address
	if err := db.disconnect(); err != nil {
		t.Fatal(err)
	}
	f := newFaultDisk(t, filepath.Dir(path))
	cuts := powerCuts(t, f, changes, func(n int64) {
		if err := addPad(db, fmt.Sprint(n)); err != nil {
			t.Fatal(err)
		}
		if n%20 == 19 { // what is in the log goes to the file
			if err := db.disconnect(); err != nil {
				t.Fatal(err)
			}
		}
	})
	for i, c := range cuts {
		if lost := lostIn(t, c, filepath.Base(path)); lost > 0 {
			t.Errorf("cut %d: %d of %d acknowledged changes are lost", i, lost, c.acked)
		}
	}
	t.Logf("%d power cuts in %d changes", len(cuts), changes)
	if int64(len(cuts)) < changes/2 {
		t.Errorf("only %d cuts: the disk is not in between", len(cuts))
	}

	normal, err := sql.Open("sqlite", "file:"+path+"?_journal_mode=WAL&_synchronous=NORMAL")
	if err != nil {
		t.Fatal(err)
	}
	defer normal.Close()
	normal.SetMaxOpenConns(1)
	for _, text := range []string{"DELETE FROM pad", "PRAGMA wal_checkpoint(TRUNCATE)"} { // the rows from before are gone from the disk, too
		if _, err := normal.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	var lost int64
	for _, c := range powerCuts(t, f, changes, func(n int64) {
		if _, err := normal.Exec("INSERT INTO pad (id) VALUES (?)", fmt.Sprint(n)); err != nil {
			t.Fatal(err)
		}
	}) {
		lost += lostIn(t, c, filepath.Base(path))
	}
	if lost == 0 {
		t.Error("nothing is lost with synchronous=NORMAL: the cuts cut nothing")
	}
}

// TestFailNth fails each operation of the disk once, and from each on all of them: a change
// that was acknowledged is there, one that was not is there whole or not at all, the database
// is whole, and where the disk is well again changes go on.
func TestFailNth(t *testing.T) {
	db := openSQLite(t)
	if err := db.disconnect(); err != nil {
		t.Fatal(err)
	}
	empty, err := os.ReadFile(db.address)
	if err != nil {
		t.Fatal(err)
	}
	for _, all := range []bool{false, true} {
		step := 1
		if all {
			step = often("VERLOF_FAIL_STEP", 4)
		}
		n := 1
		for ; ; n += step {
			if !failAt(t, empty, n, all) || t.Failed() {
				break
			}
		}
		t.Logf("operations 1 to %d failed, all after them: %v", n-1, all)
		if n < 20 {
			t.Errorf("only %d operations: the disk is not in between", n)
		}
	}
}

// failAt fails an operation of a small story, and reports whether there was such a one.
func failAt(t *testing.T, empty []byte, n int, all bool) bool {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.db")
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := Open(context.Background(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var acked []string
	refused := 0
	t.Run("fails", func(t *testing.T) { // the disk is as before after it
		f := newFaultDisk(t, filepath.Dir(db.address))
		f.fail, f.all = n, all
		for i := range 6 {
			id := fmt.Sprint(i)
			err := db.Update(context.Background(), func(tx *Tx) error {
				if err := put(id + "a")(tx); err != nil {
					return err
				}
				return put(id + "b")(tx)
			})
			if err == nil {
				acked = append(acked, id)
			} else {
				refused++
			}
			if i == 3 {
				_ = db.disconnect() // may fail: what follows opens anew
			}
		}
		if f.ops < n {
			n = 0
		}
		_ = db.disconnect()
	})
	if !all && refused > 1 {
		t.Errorf("operation %d failed once, and %d changes were refused", n, refused)
	}
	holds(t, db, acked, n)
	return n > 0
}

// holds demands that a database is whole, with both rows of each change or none, and that it
// goes on.
func holds(t *testing.T, db *DB, acked []string, n int) {
	t.Helper()
	if err := db.Check(context.Background()); err != nil {
		t.Errorf("operation %d failed: %v", n, err)
	}
	there := map[string]bool{}
	err := db.View(context.Background(), func(tx *Tx) error {
		return each(tx, qIDs, value[string], func(id *string) error { there[*id] = true; return nil })
	})
	if err != nil {
		t.Errorf("operation %d failed: %v", n, err)
	}
	for i := range 6 {
		if id := fmt.Sprint(i); there[id+"a"] != there[id+"b"] {
			t.Errorf("operation %d failed: half of change %s is there", n, id)
		}
	}
	for _, id := range acked {
		if !there[id+"a"] {
			t.Errorf("operation %d failed: change %s was acknowledged and is lost", n, id)
		}
	}
	if err := addPad(db, "after"); err != nil {
		t.Errorf("operation %d failed, and nothing goes on: %v", n, err)
	}
}

// TestFull has no room on the disk for a while: changes are refused with a sentence that says
// so, looks go on, and so do changes once there is room.
func TestFull(t *testing.T) {
	db := openSQLite(t)
	if err := db.disconnect(); err != nil {
		t.Fatal(err)
	}
	asked := false
	db.OnLost(func(context.Context, error) (*DB, func(), error) { asked = true; return nil, nil, errMine })
	f := newFaultDisk(t, filepath.Dir(db.address))
	if err := addPad(db, "before"); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		f.full = true
		err := addPad(db, fmt.Sprint(i))
		if e := errs.As(err); e == nil || e.Kind != errs.Unavailable || e.Public != "store.error.full" || e.Hint == "" {
			t.Errorf("no room: %v", err)
		}
		err = db.View(context.Background(), func(tx *Tx) error {
			ids, err := all(tx, qIDs, value[string])
			if len(ids) != 1+i {
				t.Errorf("%d rows are seen, want %d", len(ids), 1+i)
			}
			return err
		})
		if err != nil {
			t.Errorf("no room, and nobody sees anything: %v", err)
		}
		f.full = false
		if err := addPad(db, fmt.Sprint("room", i)); err != nil {
			t.Errorf("there is room again: %v", err)
		}
	}
	if asked {
		t.Error("a full disk is taken for a lost one")
	}
}

// TestFull_closed has no room on the disk while a database that nobody used is opened: that is told as
// a full disk too, and never taken for a lost one, which would have everybody moved to the spare folder.
func TestFull_closed(t *testing.T) {
	db := openSQLite(t)
	asked := false
	db.OnLost(func(context.Context, error) (*DB, func(), error) { asked = true; return nil, nil, errMine })
	if err := db.disconnect(); err != nil {
		t.Fatal(err)
	}
	f := newFaultDisk(t, filepath.Dir(db.address))
	f.full, f.none = true, true
	err := db.View(context.Background(), func(tx *Tx) error {
		_, err := all(tx, qIDs, value[string])
		return err
	})
	if e := errs.As(err); e == nil || e.Public != "store.error.full" || asked {
		t.Errorf("no room to open it: %v; taken for lost: %v", err, asked)
	}
	f.full, f.none = false, false
	if err := addPad(db, "room"); err != nil {
		t.Errorf("there is room again: %v", err)
	}
}
