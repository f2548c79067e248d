// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
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

// group lets updates of one SQLite database share a commit. Making a commit
// safe on disk takes longer than most updates, and there is one writer: so the
// transaction is handed, still open, from each update to the next that waits,
// and the last one commits for all. Nobody waits for a partner to arrive: what
// shares a commit is what queued up while another ran.
//
// Each update runs in its caller's goroutine, so a panic rises where it belongs.
type group struct {
	db    *DB
	size  int           // of a batch, at most
	limit time.Duration // no update joins a batch that is older

	mu    sync.Mutex
	taken bool          // somebody holds the turn
	queue []chan *batch // who waits for it, first come first
}

// batch is a transaction on its way from update to update. Only the holder of
// the turn touches it, until done is closed.
type batch struct {
	db    *DB
	c     *conn // nil before the first begin and after a failure
	open  bool  // a transaction is open
	start time.Time
	ran   int // updates
	kept  int // of those, the ones whose changes are in the transaction

	done     chan struct{} // closed when the fate of all is known
	err      error         // why it was not committed
	vanished bool          // SQLite gave it up before the commit
	culprit  *Tx           // the failed update at which it did
}

// update runs fn among others, again if another one took the transaction down.
func (g *group) update(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	for n := 1; ; n++ {
		b, err := g.turn(ctx)
		if err != nil {
			return nil, err
		}
		tx, err := g.take(ctx, b, fn)
		<-b.done
		if b.err == nil || tx != nil && tx == b.culprit {
			return tx, err
		}
		// Also where fn failed: it may have seen what is undone now.
		if !b.vanished || n == attempts {
			return tx, b.err
		}
	}
}

// take runs fn in b and passes b on, also when fn panics.
func (g *group) take(ctx context.Context, b *batch, fn func(*Tx) error) (tx *Tx, err error) {
	defer g.pass(b)
	if err := b.begin(ctx); err != nil {
		return nil, err
	}
	ok := false
	defer func() { b.end(tx, ok) }()
	tx = &Tx{ctx: ctx, c: b.c, sealer: &b.db.sealer, lookers: &b.db.lookers, writes: true}
	err = tx.run(fn)
	ok = err == nil
	return tx, err
}

// turn waits until it is the caller's turn to write, or its context ends.
func (g *group) turn(ctx context.Context) (*batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g.mu.Lock()
	if !g.taken {
		g.taken = true
		g.mu.Unlock()
		return newBatch(g.db), nil
	}
	mine := make(chan *batch, 1)
	g.queue = append(g.queue, mine)
	g.mu.Unlock()
	select {
	case b := <-mine:
		return b, nil
	case <-ctx.Done():
		g.forgo(mine)
		return nil, ctx.Err()
	}
}

// forgo leaves the queue, or passes on the turn if it came meanwhile.
func (g *group) forgo(mine chan *batch) {
	g.mu.Lock()
	i := slices.Index(g.queue, mine)
	if i >= 0 {
		g.queue = slices.Delete(g.queue, i, i+1)
	}
	g.mu.Unlock()
	if i < 0 {
		g.pass(<-mine)
	}
}

// pass hands the turn to the next in the queue: with b when b has room, with a
// new batch after b is committed when it has not.
func (g *group) pass(b *batch) {
	if g.room(b) && g.hand(b) {
		return
	}
	b.finish()
	if !g.hand(newBatch(g.db)) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.taken = false
	}
}

// hand gives b and the turn to the first in the queue, if there is one.
func (g *group) hand(b *batch) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		return false
	}
	g.queue[0] <- b
	g.queue = slices.Delete(g.queue, 0, 1)
	return true
}

func (g *group) waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.queue)
}

func newBatch(db *DB) *batch {
	return &batch{db: db, start: time.Now(), done: make(chan struct{})}
}

// room reports whether one more update may join.
func (g *group) room(b *batch) bool {
	return b.ran < g.size && time.Since(b.start) < g.limit && (b.c == nil || !b.c.broken)
}

// begin makes ready for one more update. What others did before it is
// protected by a savepoint; the first has nothing to protect.
func (b *batch) begin(ctx context.Context) (err error) {
	b.ran++
	if b.db.hangs.Load() {
		return errHangs
	}
	if b.kept > 0 {
		return b.control(savepoint)
	}
	if b.c == nil {
		b.c, _, err = b.db.writers.begin(ctx, b.db.d.beginWrite)
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
	case ok && b.kept == 0:
		b.kept = 1
	case ok:
		if b.control(release) == nil {
			b.kept++
		}
	case b.kept == 0:
		b.open = false
		_ = b.control(b.db.d.rollback)
	case b.control(rollbackTo) != nil:
		b.culprit = tx
	default:
		_ = b.control(release)
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

// finish commits and tells everybody.
func (b *batch) finish() {
	defer close(b.done)
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
		b.err = b.db.carry(b.c)
	}
}
