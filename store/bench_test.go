// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkRaw is the anchor: durable inserts one after the other, straight
// through database/sql, each a commit of its own, or each in a transaction.
func BenchmarkRaw(b *testing.B) {
	for name, around := range map[string][]string{"insert": {"", ""}, "transaction": {"BEGIN IMMEDIATE", "COMMIT"}} {
		b.Run(name, func(b *testing.B) { rawInserts(b, around) })
	}
}

func rawInserts(b *testing.B, around []string) {
	db := openFresh(b, "sqlite:"+b.TempDir())
	ctx := context.Background()
	c, _, err := db.writers.get(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer db.writers.put(c)
	var steps []*sql.Stmt
	for _, text := range []string{around[0], qPad.text, around[1]} {
		s, err := c.PrepareContext(ctx, text)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		steps = append(steps, s)
	}
	args := [3][]any{1: {"", "x", 0, true, nil, nil, nil}}
	for i := 0; b.Loop(); i++ {
		args[1][0] = fmt.Sprint(i)
		for n, s := range steps {
			if _, err := s.ExecContext(ctx, args[n]...); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkUpdate is the same insert through Update, from so many sides.
func BenchmarkUpdate(b *testing.B) {
	for _, sides := range []int{1, 16} {
		b.Run(fmt.Sprint(sides), func(b *testing.B) {
			db := openFresh(b, "sqlite:"+b.TempDir())
			var next atomic.Int64
			before := db.Stats()
			b.ResetTimer()
			var wait sync.WaitGroup
			for range sides {
				wait.Go(func() {
					for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
						if err := addPad(db, fmt.Sprint(i)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wait.Wait()
			after := db.Stats()
			b.ReportMetric(float64(after.Updates-before.Updates)/float64(after.Commits-before.Commits), "updates/commit")
		})
	}
}

// BenchmarkView is one row by its key, in a View of its own and beside others
// in one View.
func BenchmarkView(b *testing.B) {
	db := openFresh(b, "sqlite:"+b.TempDir())
	if err := addPad(db, "a"); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	look := func(tx *Tx) error { _, err := one(tx, qGet, padRow, "a"); return err }
	b.Run("own", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := db.View(ctx, look); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("shared", func(b *testing.B) {
		b.ReportAllocs()
		err := db.View(ctx, func(tx *Tx) error {
			for b.Loop() {
				if err := look(tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	})
}
