// SPDX-License-Identifier: Apache-2.0

package totp

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestVectors are those of RFC 6238, appendix B, for SHA-1, cut to six digits, and those of
// RFC 4226, appendix D.
func TestVectors(t *testing.T) {
	s := Secret("12345678901234567890")
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := s.Code(StepAt(time.Unix(at, 0))); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
	for step, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := s.Code(int64(step)); got != want {
			t.Errorf("step %d: %s, want %s", step, got, want)
		}
	}
}

// TestMatch takes a clock that is a step wrong and nothing else, and no code twice.
func TestMatch(t *testing.T) {
	s, now := NewSecret(), time.Date(2026, 3, 3, 9, 0, 10, 0, time.UTC)
	here := StepAt(now)
	for _, tt := range []struct {
		name  string
		typed string
		last  int64
		want  bool
	}{
		{"this_step", s.Code(here), 0, true},
		{"the_step_before", s.Code(here - 1), 0, true},
		{"the_step_after", s.Code(here + 1), 0, true},
		{"two_before", s.Code(here - 2), 0, false},
		{"two_after", s.Code(here + 2), 0, false},
		{"taken", s.Code(here), here, false},
		{"older_than_the_taken", s.Code(here - 1), here, false},
		{"newer_than_the_taken", s.Code(here + 1), here, true},
		{"another_secret", NewSecret().Code(here + 7), 0, false},
		{"nothing", "", 0, false},
		{"too_long", s.Code(here) + "0", 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			step, ok := s.Match(tt.typed, now, tt.last)
			if ok != tt.want || ok && s.Code(step) != tt.typed {
				t.Errorf("got %d, %t", step, ok)
			}
		})
	}
}

func TestURI(t *testing.T) {
	s := Secret("12345678901234567890")
	u, err := url.Parse(s.URI("Acme: B.V. & co", "ana+x@example.com"))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Acme  B.V. & co:ana+x@example.com" || q.Get("secret") != "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" {
		t.Errorf("%s: %+v", u, q)
	}
	if q.Get("issuer") != "Acme: B.V. & co" || len(q) != 2 || strings.Contains(u.RawQuery, "+") {
		t.Errorf("the app reads %q", u.RawQuery)
	}
	if again, err := ParseSecret(s.String()); err != nil || again.String() != s.String() {
		t.Errorf("read again: %v, %v", again, err)
	}
	for _, bad := range []string{"", "GEZDGNBV", "1ezdgnbvgy3tqojqgezdgnbvgy3tqojq"} {
		if _, err := ParseSecret(bad); err == nil {
			t.Errorf("%q was read as a secret", bad)
		}
	}
}
