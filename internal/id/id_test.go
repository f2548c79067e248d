// SPDX-License-Identifier: Apache-2.0

package id

import (
	"strings"
	"testing"
	"time"
)

func TestNewSortsByTime(t *testing.T) {
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	last := ""
	for i := range 2000 {
		s := New(now.Add(time.Duration(i) * time.Microsecond))
		if len(s) != 26 || s <= last {
			t.Fatalf("id %d is %q after %q", i, s, last)
		}
		last = s
	}
	if far := New(now.AddDate(1000, 0, 0)); far <= last {
		t.Errorf("an id of the year 3026 (%s) sorts before one of 2026 (%s)", far, last)
	}
}

func TestNeverTwice(t *testing.T) {
	now := time.Now()
	seen := map[string]bool{}
	for range 10000 {
		for _, s := range []string{New(now), Token()} {
			if seen[s] {
				t.Fatalf("%s came twice", s)
			}
			if strings.Trim(s, "0123456789abcdefghjkmnpqrstvwxyz") != "" {
				t.Fatalf("%s leaves Crockford's alphabet", s)
			}
			seen[s] = true
		}
	}
	if n := len(Token()); n != 52 {
		t.Errorf("a token has %d characters, want 52", n)
	}
}

// TestIs: what is no id of ours cannot name a row.
func TestIs(t *testing.T) {
	if s := New(time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)); !Is(s) {
		t.Errorf("%s is none", s)
	}
	for _, s := range []string{"", "mine", Token(), strings.ToUpper(New(time.Now())), New(time.Now())[1:]} {
		if Is(s) {
			t.Errorf("%q is one", s)
		}
	}
}
