// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"
	"time"

	"verlof/errs"
)

// TestOffsite_late: changes that have waited for the third place for longer than promised are told of
// where copies are looked at, with an error that an alarm can hang on.
func TestOffsite_late(t *testing.T) {
	s := settings{Data: t.TempDir(), Copy: "folder:" + t.TempDir(), Plain: true, Listen: "127.0.0.1:0", BaseDomain: "localhost", MaxOpen: 10, MaxConnections: 4, Idle: time.Minute}
	if err := s.fill(); err != nil {
		t.Fatal(err)
	}
	must(t, "tenant", "create", "acme", "--name", "Acme", "--data", s.Data, "--copy", s.Copy)
	must(t, "backup", "now", "--data", s.Data, "--copy", s.Copy)
	s.Offsite, s.OffsiteWithin = "folder:"+t.TempDir(), time.Nanosecond // nothing was put there
	status := func() (string, error) {
		var out, notes strings.Builder
		c := &backupStatus{copyWork{settings: s}}
		err := c.Run(t.Context(), &console{out: &out, err: &notes})
		return out.String(), err
	}
	out, err := status()
	if !errs.Is(err, errs.Unavailable) || !strings.Contains(err.Error(), "registry, acme") || strings.Count(out, " LATE, others wait since 20") != 2 {
		t.Errorf("%v\n%s", err, out)
	}
	must(t, "backup", "now", "--data", s.Data, "--copy", s.Copy, "--offsite", s.Offsite)
	must(t, "tenant", "list", "--data", s.Data, "--copy", s.Copy)
	if out, err := status(); err != nil || strings.Contains(out, "LATE") {
		t.Errorf("after all was put there: %v\n%s", err, out)
	}
}
