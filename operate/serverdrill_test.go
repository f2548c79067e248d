// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"fmt"
	"testing"
	"time"

	"verlof/store"
)

// TestUnlike: a table is as it was before or after; one that stood still and is otherwise is damage, and
// one that went on is not compared.
func TestUnlike(t *testing.T) {
	for _, c := range []struct {
		have, before, after string
		wrong               string
		all                 bool
	}{
		{"a", "a", "a", "[]", true},
		{"a", "a", "b", "[]", true},
		{"b", "a", "b", "[]", true},
		{"c", "a", "b", "[]", false},
		{"b", "a", "a", "[t]", true},
		{"", "a", "a", "[t]", true},
	} {
		table := func(digest string) map[string]string { return map[string]string{"t": digest} }
		if wrong, all := unlike(table(c.have), table(c.before), table(c.after)); fmt.Sprint(wrong) != c.wrong || all != c.all {
			t.Errorf("%+v: %v, %v", c, wrong, all)
		}
	}
}

// TestLogs: changes that no segment was handed on after are behind, since the last look at which there
// were none; a server that nobody writes to is not, however long ago it handed on.
func TestLogs(t *testing.T) {
	start := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	at := func(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }
	var s seenLog
	for _, c := range []struct {
		now, handed int // minutes
		next        int64
		behind      time.Time
	}{
		{0, -9, 100, time.Time{}},
		{1, -9, 100, time.Time{}},
		{2, -9, 105, at(1)},
		{3, -9, 105, at(1)},
		{4, 3, 105, time.Time{}},
		{5, 3, 107, at(4)},
		{6, 3, 109, at(4)},
		{7, 5, 111, at(5)},
		{8, 8, 111, time.Time{}},
	} {
		if h := s.look(store.Archived{On: true, At: at(c.handed), Now: at(c.now), Next: c.next}); !h.Behind.Equal(c.behind) {
			t.Errorf("%+v: behind since %v", c, h.Behind)
		}
	}
	if h := s.look(store.Archived{At: at(8), Now: at(9), Next: 111}); !h.At.IsZero() {
		t.Errorf("a server that hands nothing on: %+v", h)
	}
}
