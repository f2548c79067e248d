// SPDX-License-Identifier: Apache-2.0

package store

import (
	"sync"
	"time"

	"verlof/errs"
)

// idleAfter is how long a database keeps its connections without being used,
// at least; up to twice as long at most.
const idleAfter = time.Minute

// life counts the users of a database, and lets go of its connections when
// there have been none for a while.
type life struct {
	mu      sync.Mutex
	nobody  sync.Cond // users is 0
	users   int
	used    bool // since the timer was set
	closed  bool
	timer   *time.Timer // running while connections may be open
	idle    time.Duration
	release func() error
}

func (l *life) init(release func() error) {
	l.nobody.L = &l.mu
	l.idle = idleAfter
	l.release = release
}

// enter counts a user in. It reports Unavailable once closed.
func (l *life) enter() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errs.New(errs.Unavailable, "").Because(errClosed)
	}
	l.users++
	l.used = true
	return nil
}

// leave counts a user out.
func (l *life) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.users--
	if l.users == 0 {
		l.nobody.Broadcast()
	}
	if l.timer == nil && !l.closed {
		l.timer = time.AfterFunc(l.idle, l.reap)
	}
}

// reap lets go of the connections if nobody used them since it last looked.
// Whoever enters meanwhile waits until they are closed.
func (l *life) reap() {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
	case l.users > 0 || l.used:
		l.used = false
		l.timer.Reset(l.idle)
	default:
		l.timer = nil
		_ = l.release() // the next user opens anew and meets what is wrong
	}
}

func (l *life) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for l.users > 0 {
		l.nobody.Wait()
	}
	if l.timer != nil {
		l.timer.Stop()
	}
	return l.release()
}
