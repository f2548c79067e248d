// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"sync"
	"testing"
	"time"

	"verlof/leave"
)

// TestChange_order: two updates of what changes seldom wait for one another, and never for each other: on PostgreSQL one of them
// would be run again, after a second.
func TestChange_order(t *testing.T) {
	db := openPostgres(t)
	save := func(tx *Tx, id string) error { return tx.SavePackage(leave.Package{ID: id, Name: id}) }
	var runs [2]int
	var began, all sync.WaitGroup
	began.Add(1)
	first := sync.OnceFunc(began.Done)
	for i, f := range []func(*Tx) error{
		func(tx *Tx) error {
			if err := save(tx, "a"); err != nil {
				return err
			}
			first()
			time.Sleep(100 * time.Millisecond) // so that the other one comes as far as it can
			return save(tx, "b")
		},
		func(tx *Tx) error {
			began.Wait()
			return save(tx, "b")
		},
	} {
		all.Go(func() {
			if err := db.Update(context.Background(), func(tx *Tx) error { runs[i]++; return f(tx) }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if runs != [2]int{1, 1} {
		t.Errorf("run %v times", runs)
	}
}
