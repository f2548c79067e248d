// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// quota bounds the connections of all databases on one server together: those in
// use and those that lie idle. Who waits is served in order. An idle connection
// of one database makes room for another's, so that a customer who was busy a
// moment ago keeps nobody waiting. A nil quota bounds nothing.
type quota struct {
	slots   *semaphore.Weighted
	waiting atomic.Int64

	mu    sync.Mutex
	pools []*pool // that have connections, the one that opened one last at the end
}

func newQuota(connections int) *quota {
	return &quota{slots: semaphore.NewWeighted(int64(connections))}
}

// take waits for the right to open one connection.
func (q *quota) take(ctx context.Context) error {
	if q == nil || q.slots.TryAcquire(1) {
		return nil
	}
	// Whoever puts a connection back from here on sees that somebody waits, and
	// what was put back before is found here: none lies idle meanwhile.
	q.waiting.Add(1)
	defer q.waiting.Add(-1)
	q.reclaim()
	return q.slots.Acquire(ctx, 1)
}

// give returns the right to n connections.
func (q *quota) give(n int) {
	if q != nil {
		q.slots.Release(int64(n))
	}
}

// wanted reports whether somebody waits.
func (q *quota) wanted() bool { return q != nil && q.waiting.Load() > 0 }

// reclaim closes one idle connection, of the database that has opened none for
// the longest time.
func (q *quota) reclaim() {
	q.mu.Lock()
	pools := slices.Clone(q.pools)
	q.mu.Unlock()
	for _, p := range pools {
		if p.closeIdle() {
			return
		}
	}
}

// opened notes that p has opened a connection.
func (q *quota) opened(p *pool) {
	if q != nil {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.pools = append(without(q.pools, p), p)
	}
}

// closed notes that p has none left.
func (q *quota) closed(p *pool) {
	if q != nil {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.pools = without(q.pools, p)
	}
}

func without(pools []*pool, p *pool) []*pool {
	return slices.DeleteFunc(pools, func(o *pool) bool { return o == p })
}
