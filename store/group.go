// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"verlof/people"
)

// Bounds of what is committed together, so that the first of a batch does not
// wait for all who come after it.
const (
	batchSize  = 64
	batchLimit = 5 * time.Millisecond
)

var (
	savepoint  = control("SAVEPOINT one")
	release    = control("RELEASE one")
	rollbackTo = control("ROLLBACK TO one")
)

var errUndone = errors.New("undone with another change")

// group lets updates of one SQLite database share a commit. Making a commit
// safe on disk takes longer than most updates, and there is one writer: so who
// comes first leads. It runs its own update and then, in the same transaction,
// those that queued up meanwhile, and commits for all. Nobody waits for a
// partner to arrive: what shares a commit is what queued up while another ran.
//
// An update that panics does so where it was asked for, and takes nobody along.
type group struct {
	db    *DB
	size  int           // of a batch, at most
	limit time.Duration // no update joins a batch that is older

	mu    sync.Mutex
	taken bool      // somebody leads
	queue []*waiter // first come first
}

// waiter is an update in the queue, and what came of it.
type waiter struct {
	ctx   context.Context
	fn    func(*Tx) error
	again bool // it was undone with another one
	// told is sent the batch that it was in, once the fate of that is known; or nil: lead.
	told chan *batch

	tx       *Tx
	err      error
	panicked any // what fn panicked with in the goroutine of another one, and where
}

// batch is the transaction of some updates.
type batch struct {
	db    *DB
	c     *conn // nil before the first begin and after a failure
	open  bool  // a transaction is open
	start time.Time
	ran   []*waiter
	kept  int  // of those, the ones whose changes are in the transaction
	wary  bool // one of them was undone before, which is enough
	saved bool // there is a savepoint before the one that runs

	err      error // why it was not committed
	vanished bool  // it was given up before the commit
	culprit  *Tx   // the failed update for which it was
}

// update runs fn among others, again if another one took the transaction down.
func (g *group) update(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	for n := 1; ; n++ {
		w := &waiter{ctx: ctx, fn: fn, again: n > 1, told: make(chan *batch, 1)}
		b, err := g.join(w)
		if err != nil {
			return nil, err
		}
		if w.panicked != nil {
			panic(w.panicked)
		}
		if b.err == nil || w.tx != nil && w.tx == b.culprit {
			return w.tx, w.err
		}
		// Also where fn failed: it may have seen what is undone now.
		if !b.vanished || n == attempts {
			return w.tx, b.err
		}
	}
}

// join has w run in a batch, and leads it if nobody does. It returns when the fate of the
// batch is known, or when the context ends before it was w's turn.
func (g *group) join(w *waiter) (*batch, error) {
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	g.mu.Lock()
	if !g.taken {
		g.taken = true
		g.mu.Unlock()
		return g.lead(w), nil
	}
	g.queue = append(g.queue, w)
	g.mu.Unlock()
	select {
	case b := <-w.told:
		if b == nil {
			b = g.lead(w)
		}
		return b, nil
	case <-w.ctx.Done():
	}
	g.mu.Lock()
	i := slices.Index(g.queue, w)
	if i >= 0 {
		g.queue = slices.Delete(g.queue, i, i+1)
	}
	g.mu.Unlock()
	if i >= 0 {
		return nil, w.ctx.Err()
	}
	b := <-w.told
	if b == nil {
		g.follow()
		return nil, w.ctx.Err()
	}
	return b, nil
}

// lead runs w and what waits, while there is room, and commits.
func (g *group) lead(w *waiter) *batch {
	b := &batch{db: g.db, start: time.Now()}
	defer g.follow()
	defer b.finish()
	b.run(w)
	for g.room(b) {
		next := g.next()
		if next == nil {
			break
		}
		b.runAside(next)
	}
	return b
}

// next takes the first out of the queue; nil where nobody waits.
func (g *group) next() (w *waiter) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) > 0 {
		w = g.queue[0]
		g.queue = slices.Delete(g.queue, 0, 1)
	}
	return w
}

// follow has the next in the queue lead.
func (g *group) follow() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.taken = len(g.queue) > 0; g.taken {
		g.queue[0].told <- nil
		g.queue = slices.Delete(g.queue, 0, 1)
	}
}

func (g *group) waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.queue)
}

// room reports whether one more update may join.
func (g *group) room(b *batch) bool {
	return !b.vanished && len(b.ran) < g.size && time.Since(b.start) < g.limit && (b.c == nil || !b.c.broken)
}

// run runs an update among the others of the batch.
func (b *batch) run(w *waiter) {
	b.ran = append(b.ran, w)
	if w.err = b.begin(w); w.err != nil {
		return
	}
	w.err = errEnded // where fn does not return
	defer func() { b.end(w.tx, w.err == nil) }()
	w.tx = &Tx{ctx: w.ctx, c: b.c, sealer: &b.db.sealer, lookers: &b.db.lookers, writes: true}
	w.err = w.tx.run(w.fn)
}

// runAside is run for an update of another goroutine, where it is to panic if it does.
func (b *batch) runAside(w *waiter) {
	defer func() {
		if p := recover(); p != nil {
			w.panicked = fmt.Sprintf("%v\n%s", p, debug.Stack())
		}
	}()
	b.run(w)
}

// begin makes ready for one more update.
func (b *batch) begin(w *waiter) (err error) {
	if b.db.hangs.Load() {
		return errHangs
	}
	b.wary = b.wary || w.again
	if b.saved = b.wary && b.kept > 0; b.saved {
		return b.control(savepoint)
	}
	if b.kept > 0 {
		return nil
	}
	if b.c == nil {
		b.c, _, err = b.db.writers.begin(w.ctx, b.db.d.beginWrite)
	} else {
		err = b.control(b.db.d.beginWrite)
	}
	if b.open = err == nil; b.open {
		b.c.recall()
	}
	return err
}

// end keeps what the update did, or undoes it.
func (b *batch) end(tx *Tx, ok bool) {
	if !ok {
		defer tx.undone()
	}
	switch {
	case b.saved:
		b.settle(tx, ok)
	case ok:
		b.kept++
	case b.kept == 0:
		b.open = false
		_ = b.control(b.db.d.rollback)
	case tx.touched():
		b.undo(tx)
	}
}

// settle is end where there is a savepoint.
func (b *batch) settle(tx *Tx, ok bool) {
	if !ok && b.control(rollbackTo) != nil {
		b.culprit = tx
		return
	}
	if b.control(release) == nil && ok {
		b.kept++
	}
}

// undo gives up the transaction, in which tx has failed half way. Such updates are rare: a savepoint before each,
// for which SQLite copies every page that it changes, would cost all of them more. The others run again, and
// are not undone by another one any more.
func (b *batch) undo(tx *Tx) {
	if b.control(b.db.d.rollback) == nil {
		b.err, b.vanished = errUndone, true
	}
	b.open, b.culprit = false, tx
	for _, w := range b.ran {
		if w.tx != nil {
			w.tx.undone()
		}
	}
}

// control sends a statement that steers the transaction. It fails when SQLite
// has given the transaction up, as it may when the disk is full: what was in it
// is gone, and the connection is closed.
func (b *batch) control(q *statement) error {
	_, err := b.c.exec(context.Background(), q)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", q.name, b.db.d.wrap(err))
	b.c.broken = true
	if b.kept > 0 {
		b.err, b.vanished = err, true
	}
	return err
}

// finish commits, and tells all but the leader.
func (b *batch) finish() {
	defer func() {
		for _, w := range b.ran[1:] {
			w.told <- b
		}
	}()
	if b.c == nil {
		return
	}
	if b.c.broken || !b.open {
		b.db.writers.put(b.c)
		return
	}
	var back bool
	if back, b.err = b.db.commit(b.c); !back {
		return
	}
	defer b.db.writers.put(b.c)
	if b.err == nil {
		b.db.commits.Add(1)
		for _, w := range b.ran {
			if w.err == nil && w.tx.changed {
				people.NoteChange(w.ctx)
			}
		}
		b.err = b.db.carry(b.c)
	}
}
