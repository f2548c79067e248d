// SPDX-License-Identifier: Apache-2.0

package disk

import (
	"errors"
	"testing"
	"time"
)

// TestWithin waits for a disk that does not answer once, and asks it again when it does.
func TestWithin(t *testing.T) {
	gate, asked := make(chan struct{}), make(chan struct{}, 9)
	slow := func() error { asked <- struct{}{}; <-gate; return nil }
	if err := Within("a", time.Millisecond, slow); !errors.Is(err, ErrHangs) || !Broken(err) {
		t.Errorf("a disk that does not answer: %v", err)
	}
	start := time.Now()
	if err := Within("a", time.Millisecond, slow); !errors.Is(err, ErrHangs) || len(asked) != 1 {
		t.Errorf("again: %v, asked %d times, after %v", err, len(asked), time.Since(start))
	}
	if err := Within("b", time.Minute, func() error { return nil }); err != nil {
		t.Errorf("another disk: %v", err)
	}
	close(gate)
	for { // the attempt that nobody waits for comes back
		if err := Within("a", time.Minute, func() error { return nil }); err == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
