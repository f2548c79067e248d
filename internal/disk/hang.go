// SPDX-License-Identifier: Apache-2.0

package disk

import (
	"errors"
	"sync"
	"time"
)

// ErrHangs says that a disk does not answer: what was asked of it may be done later, or never.
var ErrHangs = errors.New("the disk does not answer")

// trials are attempts that nobody waits for any more, by folder. Each holds a thread, so there
// is one at most.
var trials struct {
	sync.Mutex
	since map[string]time.Time
}

// TryWithin is Try for a disk that may never answer: then it reports ErrHangs once the limit is
// over, and for as long as that attempt does not come back at once.
func TryWithin(dir string, limit time.Duration) error { return tryWithin(dir, limit, Try) }

func tryWithin(dir string, limit time.Duration, try func(string) error) error {
	trials.Lock()
	since, stuck := trials.since[dir]
	if stuck && time.Since(since) >= limit {
		trials.Unlock()
		return ErrHangs
	}
	if trials.since == nil {
		trials.since = map[string]time.Time{}
	}
	if !stuck {
		since = time.Now()
		trials.since[dir] = since
	}
	trials.Unlock()
	done := make(chan error, 1)
	go func() {
		err := try(dir)
		trials.Lock()
		if trials.since[dir].Equal(since) {
			delete(trials.since, dir)
		}
		trials.Unlock()
		done <- err
	}()
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case err := <-done:
		return err
	case <-late.C:
		return ErrHangs
	}
}
