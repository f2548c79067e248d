// SPDX-License-Identifier: Apache-2.0

package clamd_test

import (
	"bytes"
	"testing"

	"verlof/errs"
	"verlof/internal/clamd"
	"verlof/internal/clamd/clamdtest"
)

// TestScan: malware is found wherever it stands, and what could not be looked at is not sound.
func TestScan(t *testing.T) {
	setting, stop := clamdtest.Serve(t)
	s, err := clamd.Parse(setting)
	if err != nil || s.String() != setting {
		t.Fatalf("%v: %v", s, err)
	}
	long := bytes.Repeat([]byte("x"), 64<<10-7) // the word lies across two chunks
	for _, c := range []struct {
		name, found string
		data        []byte
		unknown     bool
	}{
		{"empty", "", nil, false},
		{"sound", "", []byte("email,lastname"), false},
		{"malware", clamdtest.Name, []byte("a" + clamdtest.Malware), false},
		{"across chunks", clamdtest.Name, append(long, clamdtest.Malware...), false},
		{"too long for the daemon", "", bytes.Repeat([]byte("x"), 3<<20), true},
	} {
		found, err := s.Scan(t.Context(), c.data)
		if found != c.found || (err != nil) != c.unknown {
			t.Errorf("%s: %q, %v", c.name, found, err)
		}
	}
	stop()
	if _, err := s.Scan(t.Context(), []byte("sound")); err == nil {
		t.Error("a daemon that is not there finds all sound")
	}
}

func TestParse(t *testing.T) {
	if s, err := clamd.Parse("tcp:127.0.0.1:3310"); err != nil || s.Network != "tcp" || s.Address != "127.0.0.1:3310" {
		t.Errorf("%v, %v", s, err)
	}
	for _, none := range []string{"", "clamd", "unix:", "unix:clamd.ctl", "tcp:127.0.0.1", "udp:127.0.0.1:3310"} {
		if _, err := clamd.Parse(none); errs.As(err) == nil || errs.As(err).Hint == "" {
			t.Errorf("%q: %v, without a hint", none, err)
		}
	}
}
