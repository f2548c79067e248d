// SPDX-License-Identifier: Apache-2.0

package gate

import (
	"strconv"
	"testing"
	"time"
)

// TestTake: who comes too often waits, another does not, and afterwards they may come again.
func TestTake(t *testing.T) {
	var g Gates
	now, l := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Limit{Burst: 3, Every: time.Second}
	for i := range 3 {
		if left, _, wait := g.Take(l, "a", now); wait != 0 || left != 2-i {
			t.Errorf("time %d: left %d, wait %v", i, left, wait)
		}
	}
	if _, _, wait := g.Take(l, "a", now); wait != time.Second {
		t.Errorf("one too many waits %v", wait)
	}
	if _, _, wait := g.Take(l, "b", now); wait != 0 {
		t.Errorf("another waits %v", wait)
	}
	if left, _, wait := g.Take(l, "a", now.Add(time.Second)); wait != 0 || left != 0 {
		t.Errorf("a second later: left %d, wait %v", left, wait)
	}
}

// TestTakeOfMany: however many come at once, one more costs no look at all of them, and those that did not come lately go.
func TestTakeOfMany(t *testing.T) {
	var g Gates
	now, l := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Limit{Burst: 1, Every: time.Minute}
	swept := 0
	for i := range 10 * many {
		before := g.next
		g.Take(l, strconv.Itoa(i), now)
		if g.next != before {
			swept++
		}
	}
	if swept > 5 || g.next < 5*many {
		t.Errorf("all were looked at %d times, the next time at %d", swept, g.next)
	}
	later := now.Add(2 * time.Minute)
	for i := range 20 * many {
		g.Take(l, strconv.Itoa(10*many+i), later)
	}
	if _, there := g.empty["0"]; there {
		t.Error("who came once is never forgotten")
	}
}
