// SPDX-License-Identifier: Apache-2.0

package disk

import (
	"errors"
	"os"
	"sync"
	"time"
)

// ErrHangs says that a disk does not answer: what was asked of it may be done later, or never.
var ErrHangs = errors.New("the disk does not answer")

// trials are attempts that may not come back, by what was asked for. Each holds a thread, so once one has taken too long
// there is no other.
var trials struct {
	sync.Mutex
	since map[string]time.Time
}

// TryWithin is Try for a disk that may never answer: then it reports ErrHangs once the limit is
// over, and for as long as that attempt does not come back at once.
func TryWithin(dir string, limit time.Duration) error {
	return Within(dir, limit, func() error { return Try(dir) })
}

// Stat returns what os.Stat reports of a path, by which one sees whether something is there, or ErrHangs once the limit is over.
func Stat(path string, limit time.Duration) error {
	return Within(path, limit, func() error {
		_, err := os.Stat(path)
		return err
	})
}

// Within returns what ask does, which asks a disk for a path, or ErrHangs once the limit is over: then, and until ask comes
// back, it says so at once to whoever asks for the same path.
func Within(path string, limit time.Duration, ask func() error) error {
	trials.Lock()
	since, stuck := trials.since[path]
	if stuck && time.Since(since) >= limit {
		trials.Unlock()
		return ErrHangs
	}
	if trials.since == nil {
		trials.since = map[string]time.Time{}
	}
	if !stuck {
		since = time.Now()
		trials.since[path] = since
	}
	trials.Unlock()
	done := make(chan error, 1)
	go func() {
		err := ask()
		trials.Lock()
		if trials.since[path].Equal(since) {
			delete(trials.since, path)
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
