// SPDX-License-Identifier: Apache-2.0

package disk

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestWithin waits for a disk that does not answer once, and asks it again when it does.
func TestWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, asked := make(chan struct{}), 0
		slow := func() error { asked++; <-gate; return nil }
		start := time.Now()
		for range 2 {
			if err := Within("a", time.Second, slow); !errors.Is(err, ErrHangs) || !Broken(err) {
				t.Errorf("a disk that does not answer: %v", err)
			}
		}
		synctest.Wait()
		if took := time.Since(start); asked != 1 || took != time.Second {
			t.Errorf("asked %d times, for %v", asked, took)
		}
		if err := Within("b", time.Second, func() error { return nil }); err != nil {
			t.Errorf("another disk: %v", err)
		}
		close(gate)
		synctest.Wait() // the attempt that nobody waits for comes back
		if err := Within("a", time.Second, func() error { return nil }); err != nil {
			t.Errorf("once it answers: %v", err)
		}
	})
}
