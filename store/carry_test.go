// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// carried counts what a carrier is told.
type carried struct {
	mu      sync.Mutex
	commits int
	alone   []bool
	rested  int
	err     error
}

func (c *carried) Committed(alone bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commits++
	c.alone = append(c.alone, alone)
	return c.err
}

func (c *carried) Rested() { c.rested++ }

// TestCarry tells a carrier of each commit before the updater, whether somebody else wrote
// meanwhile, and what it could not carry is no success.
func TestCarry(t *testing.T) {
	db, c := openSQLite(t), &carried{}
	db.CarryWith(c)
	for i := range 3 {
		if err := addPad(db, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		if c.commits != i+1 {
			t.Errorf("update %d is acknowledged, and the carrier knows of %d commits", i+1, c.commits)
		}
	}
	other, err := openFile(db.address)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(addPad(other, "other"), other.Close(), addPad(db, "after"), addPad(db, "last")); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(c.alone[1:]); got != "[true true false true]" {
		t.Errorf("alone: %s, and the fourth commit came after another's", got)
	}
	c.err = errors.New("the depot is gone")
	before := c.commits
	if err := addPad(db, "lost"); !errors.Is(err, c.err) {
		t.Errorf("the carrier failed: %v", err)
	}
	if err := db.View(context.Background(), func(*Tx) error { return nil }); err != nil || c.commits != before+1 {
		t.Errorf("a look is carried: %d commits, %v", c.commits-before, err)
	}
	if err := db.Close(); err != nil || c.rested == 0 {
		t.Errorf("closed: the carrier is told %d times, %v", c.rested, err)
	}
}

// TestCarryTogether tells a carrier once of what was committed together.
func TestCarryTogether(t *testing.T) {
	db, c := openSQLite(t), &carried{}
	db.CarryWith(c)
	before := db.Stats().Commits
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			if err := addPad(db, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if commits := int(db.Stats().Commits - before); c.commits != commits {
		t.Errorf("%d commits, and the carrier is told of %d", commits, c.commits)
	}
}

// TestFrozen lets nobody write the log anew while a state is held, and everybody write.
func TestFrozen(t *testing.T) {
	db := openSQLite(t)
	if err := addPad(db, "first"); err != nil {
		t.Fatal(err)
	}
	salts := func() string {
		b, err := os.ReadFile(db.File() + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%x", b[16:24])
	}
	checkpoint := func() {
		c, _, err := db.writers.get(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer db.writers.put(c)
		var busy, log, moved int
		if err := c.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &log, &moved); err != nil {
			t.Fatal(err)
		}
	}
	before := salts()
	err := db.Frozen(context.Background(), func() error {
		for i := range 5 {
			if err := addPad(db, fmt.Sprint(i)); err != nil {
				return err
			}
			checkpoint()
		}
		if salts() != before {
			t.Error("the log was written anew while a state was held")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	checkpoint()
	if err := addPad(db, "after"); err != nil {
		t.Fatal(err)
	}
	if salts() == before {
		t.Error("the log is not written anew: the test proves nothing")
	}
}

// TestCopyTo makes a file that holds the same, for us alone, over what was left of an attempt and over nothing else. One that
// does not come to its end leaves none.
func TestCopyTo(t *testing.T) {
	db := openSQLite(t)
	if err := addPad(db, "first"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "it's a copy.db")
	cut, cancel := context.WithCancel(context.Background())
	cancel()
	if err := db.CopyTo(cut, path); err == nil {
		t.Error("cut short, and no error")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := os.WriteFile(path+".part", []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := db.CopyTo(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	if err := db.CopyTo(context.Background(), path); !errors.Is(err, os.ErrExist) {
		t.Errorf("over a copy: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("beside it: %v, %v", left, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	other, err := openFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := errors.Join(other.Check(context.Background()), addPad(other, "second")); err != nil {
		t.Error(err)
	}
}
