// SPDX-License-Identifier: Apache-2.0

// Package gate owns counting how often something is asked for, in the memory of one process. It
// refuses to say what is counted, and what whoever comes too often is told.
package gate

import (
	"sync"
	"time"
)

// Limit is how often: so many at once, and one more each Every. A process counts for itself.
type Limit struct {
	Burst int
	Every time.Duration
}

// Gates count by a key. The zero value has counted nothing yet.
type Gates struct {
	mu    sync.Mutex
	empty map[string]time.Time // by key: when nothing of the burst is used any more
	next  int                  // at how many keys those that did not come lately are forgotten
}

// many is from how many keys on those that did not come lately are forgotten: then again
// whenever there are twice as many as were left, so that a key costs the same however
// many come.
const many = 10_000

// Take counts once. It returns how many more there may be at once, how long until
// all may, and how long to wait where there may be none: then this one is not
// counted.
func (g *Gates) Take(l Limit, key string, now time.Time) (left int, reset, wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.empty == nil {
		g.empty = map[string]time.Time{}
	}
	if len(g.empty) > max(g.next, many) {
		g.forget(now)
	}
	until := g.empty[key]
	if until.Before(now) {
		until = now
	}
	full := time.Duration(l.Burst) * l.Every
	if used := until.Sub(now); used > full-l.Every {
		return 0, used, used - (full - l.Every)
	}
	until = until.Add(l.Every)
	g.empty[key] = until
	used := until.Sub(now)
	return int((full - used) / l.Every), used, 0
}

// forget drops the keys of which nothing is used any more.
func (g *Gates) forget(now time.Time) {
	for k, t := range g.empty {
		if !t.After(now) {
			delete(g.empty, k)
		}
	}
	g.next = 2 * len(g.empty)
}
