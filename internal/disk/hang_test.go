// SPDX-License-Identifier: Apache-2.0

package disk

import (
	"errors"
	"testing"
	"time"
)

// TestTryWithin waits for a disk that does not answer once, and asks it again when it does.
func TestTryWithin(t *testing.T) {
	gate, asked := make(chan struct{}), make(chan struct{}, 9)
	slow := func(string) error { asked <- struct{}{}; <-gate; return nil }
	if err := tryWithin("a", time.Millisecond, slow); !errors.Is(err, ErrHangs) || !Broken(err) {
		t.Errorf("a disk that does not answer: %v", err)
	}
	start := time.Now()
	if err := tryWithin("a", time.Millisecond, slow); !errors.Is(err, ErrHangs) || len(asked) != 1 {
		t.Errorf("again: %v, asked %d times, after %v", err, len(asked), time.Since(start))
	}
	if err := tryWithin("b", time.Minute, func(string) error { return nil }); err != nil {
		t.Errorf("another disk: %v", err)
	}
	close(gate)
	for { // the attempt that nobody waits for comes back
		if err := tryWithin("a", time.Minute, func(string) error { return nil }); err == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
