// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/pgtest"
)

// bounded returns databases of customers on a PostgreSQL server to which one
// process may have so many connections.
func bounded(t *testing.T, connections, customers int) (*Place, []*DB) {
	t.Helper()
	ctx := context.Background()
	p, err := ParsePlace(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	p.Bound(connections)
	var all []*DB
	for i := range customers {
		where, err := p.CreateDatabase(ctx, fmt.Sprintf("c%d", i))
		if err != nil {
			t.Fatal(err)
		}
		db, err := p.Open(ctx, where)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		send(t, db, padTable)
		all = append(all, db)
	}
	return p, all
}

func connections(all []*DB) (n int) {
	for _, db := range all {
		n += db.Stats().Connections
	}
	return n
}

// TestQuota has many sides of many customers write at once over few connections:
// all of it is written, and there are never more connections than allowed.
func TestQuota(t *testing.T) {
	const most, customers, sides, each = 3, 5, 4, 5
	p, all := bounded(t, most, customers)
	var work, watch sync.WaitGroup
	done := make(chan struct{})
	watch.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
				if n := connections(all); n > most {
					t.Errorf("%d connections, %d are allowed", n, most)
				}
			}
		}
	})
	for _, db := range all {
		for side := range sides {
			work.Go(func() {
				for i := range each {
					if err := addPad(db, fmt.Sprintf("%d-%02d", side, i)); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	work.Wait()
	close(done)
	watch.Wait()
	for _, db := range all {
		if n := count(t, db); n != sides*each {
			t.Errorf("%d written, want %d", n, sides*each)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := connections(all); n != 0 {
		t.Errorf("%d connections after all is closed", n)
	}
	if !p.quota.slots.TryAcquire(most) {
		t.Error("some connections were never given back")
	}
}

func count(t *testing.T, db *DB) (n int) {
	t.Helper()
	err := db.View(context.Background(), func(tx *Tx) error {
		ids, err := all(tx, qIDs, value[string])
		n = len(ids)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

// hold occupies a connection of db until the returned function is called.
func hold(t *testing.T, db *DB) (free func()) {
	t.Helper()
	held, end, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		if err := db.View(context.Background(), func(*Tx) error { close(held); <-end; return nil }); err != nil {
			t.Error(err)
		}
	}()
	<-held
	return func() { close(end); <-ended }
}

// TestQuota_waiting: who waits does so no longer than its context, in order, and
// an idle connection of another customer keeps nobody waiting.
func TestQuota_waiting(t *testing.T) {
	p, all := bounded(t, 1, 3)
	for _, db := range all { // each leaves an idle connection that makes room for the next
		if err := addPad(db, "a"); err != nil {
			t.Fatal(err)
		}
	}
	free := hold(t, all[0])
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := all[1].View(ctx, func(*Tx) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no connection within the time: %v", err)
	}
	order := make(chan int, 2)
	var wait sync.WaitGroup
	for i, db := range all[1:] {
		wait.Go(func() {
			if err := db.View(context.Background(), func(*Tx) error { order <- i; return nil }); err != nil {
				t.Error(err)
			}
		})
		for p.quota.waiting.Load() != int64(i+1) {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(5 * time.Millisecond) // from counted to queued
	}
	free()
	wait.Wait()
	if first, second := <-order, <-order; first != 0 || second != 1 {
		t.Errorf("served in the order %d, %d", first, second)
	}
}

// TestQuota_refused: a connection that cannot be opened is not counted.
func TestQuota_refused(t *testing.T) {
	p, err := ParsePlace("postgres://nobody@127.0.0.1:1/none?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	p.Bound(1)
	for range 3 {
		db, err := p.Open(context.Background(), "postgres:none_one")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		if err := addPad(db, "a"); !errs.Is(err, errs.Unavailable) || ctx.Err() != nil {
			t.Errorf("no server: %v, want Unavailable", err)
		}
		cancel()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if !p.quota.slots.TryAcquire(1) {
		t.Error("a failed connection is counted")
	}
}
