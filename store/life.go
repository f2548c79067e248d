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
// there have been none for a while. Nothing is waited for while it is locked.
type life struct {
	mu      sync.Mutex
	nobody  sync.Cond // users is 0, and nothing rests
	users   int
	used    bool // since the timer was set
	closed  bool
	resting chan struct{} // closed once the connections are; nil: they are not being closed
	timer   *time.Timer   // running while connections may be open
	idle    time.Duration
	release func() error
}

func (l *life) init(release func() error) {
	l.nobody.L = &l.mu
	l.idle = idleAfter
	l.release = release
}

// enter counts a user in, or returns what is to be waited for before that is tried again: the connections are being
// closed, which takes a disk. It reports Unavailable once closed.
func (l *life) enter() (rests <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errs.New(errs.Unavailable, "").Because(errClosed)
	}
	if l.resting != nil {
		return l.resting, nil
	}
	l.users++
	l.used = true
	return nil, nil
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
func (l *life) reap() {
	if !l.rest() {
		return
	}
	_ = l.release() // the next user opens anew and meets what is wrong
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.resting)
	l.resting = nil
	l.nobody.Broadcast()
}

// rest reports whether the connections are to be closed now: until they are, nobody enters.
func (l *life) rest() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return false
	case l.users > 0 || l.used:
		l.used = false
		l.timer.Reset(l.idle)
		return false
	}
	l.timer, l.resting = nil, make(chan struct{})
	return true
}

// close waits until there are no users, and lets go of the connections for good.
func (l *life) close() error {
	l.mu.Lock()
	l.closed = true
	for l.users > 0 || l.resting != nil {
		l.nobody.Wait()
	}
	if l.timer != nil {
		l.timer.Stop()
	}
	l.mu.Unlock()
	return l.release()
}
