// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"verlof/errs"
	"verlof/store"
)

var errOwn = errors.New("the function's own")

// add writes a fact down once.
func add(db *store.DB, key string) error {
	return db.Update(context.Background(), func(tx *store.Tx) error { return tx.AddMeta(key, "there") })
}

// wantMeta checks what a new View reads under key.
func wantMeta(t *testing.T, db *store.DB, key, want string) {
	t.Helper()
	err := db.View(context.Background(), func(tx *store.Tx) error {
		got, err := tx.Meta(key)
		if got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func testUpdate(t *testing.T, db *store.DB) {
	err := db.Update(context.Background(), func(tx *store.Tx) error {
		if err := tx.SetMeta("a", "1"); err != nil {
			return err
		}
		return tx.SetMeta("a", "2")
	})
	if err != nil {
		t.Fatal(err)
	}
	wantMeta(t, db, "a", "2")
}

func testUpdateFails(t *testing.T, db *store.DB) {
	err := db.Update(context.Background(), func(tx *store.Tx) error {
		return errors.Join(tx.SetMeta("a", "1"), errOwn)
	})
	if !errors.Is(err, errOwn) {
		t.Errorf("error %v, want the function's own", err)
	}
	wantMeta(t, db, "a", "")
}

func testUpdateIgnoresFailure(t *testing.T, db *store.DB) {
	if err := add(db, "a"); err != nil {
		t.Fatal(err)
	}
	err := db.Update(context.Background(), func(tx *store.Tx) error {
		_ = tx.SetMeta("b", "1")
		_ = tx.AddMeta("a", "1") // taken
		_ = tx.SetMeta("c", "1")
		return nil
	})
	if e := errs.As(err); err == nil || e.Kind != errs.Conflict || e.Field != "key" {
		t.Errorf("error %v, want Conflict at key", err)
	}
	wantMeta(t, db, "b", "")
	wantMeta(t, db, "c", "")
}

func testUpdatePanics(t *testing.T, db *store.DB) {
	func() {
		defer func() {
			if got := recover(); got != errOwn {
				t.Errorf("recovered %v, want the function's own value", got)
			}
		}()
		_ = db.Update(context.Background(), func(tx *store.Tx) error {
			_ = tx.SetMeta("a", "1")
			panic(errOwn)
		})
	}()
	wantMeta(t, db, "a", "")
	if err := add(db, "b"); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

func testUpdateGoexit(t *testing.T, db *store.DB) {
	var wait sync.WaitGroup
	wait.Go(func() {
		_ = db.Update(context.Background(), func(tx *store.Tx) error {
			_ = tx.SetMeta("a", "1")
			runtime.Goexit()
			return nil
		})
	})
	wait.Wait()
	wantMeta(t, db, "a", "")
	if err := add(db, "b"); err != nil {
		t.Errorf("after an end: %v", err)
	}
}

func testUpdateCancelled(t *testing.T, db *store.DB) {
	ctx, cancel := context.WithCancel(context.Background())
	err := db.Update(ctx, func(tx *store.Tx) error {
		_ = tx.SetMeta("a", "1")
		cancel()
		return tx.SetMeta("b", "1")
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled halfway: %v", err)
	}
	called := false
	err = db.Update(ctx, func(*store.Tx) error { called = true; return nil })
	if called || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: called %v, %v", called, err)
	}
	wantMeta(t, db, "a", "")
	if err := add(db, "c"); err != nil {
		t.Errorf("after a cancelled update: %v", err)
	}
}

// testUpdatesTogether runs many updates at once. Every third fails, in one of
// three ways; none may take another with it.
func testUpdatesTogether(t *testing.T, db *store.DB) {
	if err := add(db, "taken"); err != nil {
		t.Fatal(err)
	}
	const workers, each = 16, 12
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := range each {
				key := fmt.Sprintf("%d-%d", w, i)
				if err, fails := mixed(db, key, i), i%3 == 2; (err != nil) != fails {
					t.Errorf("%s: %v", key, err)
				}
			}
		})
	}
	wait.Wait()
	for w := range workers {
		for i := range each {
			want := "there"
			if i%3 == 2 {
				want = ""
			}
			wantMeta(t, db, fmt.Sprintf("%d-%d", w, i), want)
		}
	}
	if err := db.Check(context.Background()); err != nil {
		t.Error(err)
	}
	s := db.Stats()
	if want := uint64(1 + workers*each*2/3); s.Updates != want {
		t.Errorf("%d updates counted, want %d", s.Updates, want)
	}
	t.Logf("%d updates in %d commits", s.Updates, s.Commits)
}

// mixed adds key, and fails in the way that i says.
func mixed(db *store.DB, key string, i int) (err error) {
	defer func() {
		if recover() != nil {
			err = errOwn
		}
	}()
	return db.Update(context.Background(), func(tx *store.Tx) error {
		if err := tx.AddMeta(key, "there"); err != nil {
			return err
		}
		switch i % 9 {
		case 2:
			return errOwn
		case 5:
			return tx.AddMeta("taken", "again")
		case 8:
			panic(errOwn)
		}
		return nil
	})
}

func testSignal(t *testing.T, db *store.DB) {
	var signalled atomic.Int32
	db.OnSignal(func() {
		signalled.Add(1)
		wantMeta(t, db, "a", "1")
	})
	work := func(result error) error {
		return db.Update(context.Background(), func(tx *store.Tx) error {
			tx.Signal()
			tx.Signal()
			return errors.Join(tx.SetMeta("a", "1"), result)
		})
	}
	if err := work(errOwn); err == nil {
		t.Error("no error")
	}
	if signalled.Load() != 0 {
		t.Error("signalled although nothing was kept")
	}
	if err := work(nil); err != nil {
		t.Fatal(err)
	}
	if signalled.Load() != 1 {
		t.Errorf("signalled %d times, want once", signalled.Load())
	}
}

func testViewSnapshot(t *testing.T, db *store.DB) {
	err := db.View(context.Background(), func(tx *store.Tx) error {
		before, err := tx.Meta("a")
		if err != nil {
			return err
		}
		if err := add(db, "a"); err != nil {
			return err
		}
		after, err := tx.Meta("a")
		if before != "" || after != "" {
			t.Errorf("one View saw %q, then %q", before, after)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wantMeta(t, db, "a", "there")
}

func testViewWrites(t *testing.T, db *store.DB) {
	err := db.View(context.Background(), func(tx *store.Tx) error { return tx.SetMeta("a", "1") })
	if err == nil {
		t.Error("a View could write")
	}
	wantMeta(t, db, "a", "")
}

func testTxEnded(t *testing.T, db *store.DB) {
	var kept *store.Tx
	if err := db.Update(context.Background(), func(tx *store.Tx) error { kept = tx; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := kept.SetMeta("a", "1"); err == nil {
		t.Error("a Tx worked after its end")
	}
	wantMeta(t, db, "a", "")
}

func testCheck(t *testing.T, db *store.DB) {
	if err := db.Check(context.Background()); err != nil {
		t.Error(err)
	}
}

func testClose(t *testing.T, db *store.DB) {
	inside, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.Update(context.Background(), func(tx *store.Tx) error {
			close(inside)
			runtime.Gosched()
			return tx.SetMeta("a", "1")
		})
	}()
	<-inside
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Errorf("running when closed: %v", err)
	}
	if n := db.Stats().Connections; n != 0 {
		t.Errorf("%d connections after Close", n)
	}
	if err := add(db, "b"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("after Close: %v, want Unavailable", err)
	}
}
