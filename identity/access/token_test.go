// SPDX-License-Identifier: Apache-2.0

package access

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/errs"
)

// TestSecret: a secret looks like what scanners search for, and one wrong character
// tells.
func TestSecret(t *testing.T) {
	shape := regexp.MustCompile(`^vlf_pat_[0-9A-Za-z]{38}$`)
	seen := map[string]bool{}
	for range 1000 {
		s := newSecret(Prefix)
		if !shape.MatchString(s) || !Genuine(s) || seen[s] {
			t.Fatalf("%q", s)
		}
		seen[s] = true
		i := len(Prefix) + len(seen)%38
		wrong := s[:i] + string(alphabet[(strings.IndexByte(alphabet, s[i])+1)%62]) + s[i+1:]
		if Genuine(wrong) {
			t.Fatalf("%q passes for %q", wrong, s)
		}
	}
}

func TestWish(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	good := Wish{Name: "Payroll", Scopes: []Scope{LeaveRead, LeaveRead}, Expires: now.AddDate(1, 0, 0)}
	if w, err := good.check(now); err != nil || !slices.Equal(w.Scopes, []Scope{LeaveRead}) {
		t.Fatalf("%+v, %v", w, err)
	}
	for name, change := range map[string]func(*Wish){
		"no_name":       func(w *Wish) { w.Name = " " },
		"long_name":     func(w *Wish) { w.Name = strings.Repeat("é", 101) },
		"control":       func(w *Wish) { w.Name = "a\x00b" },
		"no_scope":      func(w *Wish) { w.Scopes = nil },
		"unknown_scope": func(w *Wish) { w.Scopes = []Scope{LeaveRead, "admin"} },
		"past":          func(w *Wish) { w.Expires = now },
		"too_late":      func(w *Wish) { w.Expires = now.AddDate(1, 0, 2) },
	} {
		w := good
		change(&w)
		if _, err := w.check(now); !errs.Is(err, errs.Invalid) || errs.As(err).Field == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
