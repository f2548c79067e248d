// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"io/fs"
	"path/filepath"
	"testing"
	"time"
)

// TestBackupNow_held: what is kept of a customer is taken away when it is old enough, by hand too; not under a
// legal hold.
func TestBackupNow_held(t *testing.T) {
	t.Parallel()
	depot := t.TempDir()
	s := settings{Data: t.TempDir(), Copy: "folder:" + depot, Plain: true, Listen: "127.0.0.1:0", BaseDomain: "localhost", MaxOpen: 10, MaxConnections: 4, Idle: time.Minute}
	if err := s.fill(); err != nil {
		t.Fatal(err)
	}
	on := []string{"--data", s.Data, "--copy", s.Copy}
	verlof := func(args ...string) { t.Helper(); must(t, append(args, on...)...) }
	verlof("tenant", "create", "acme", "--name", "Acme", "--admin", "anna@acme.example", "--print-link")
	s.CopyDays = -1 // all but the newest is old enough
	kept := func() (n int) {
		t.Helper()
		verlof("user", "invite", "anna@acme.example", "--tenant", "acme", "--print-link")
		c := &backupNow{copyWork: copyWork{settings: s, Slugs: []string{"acme"}}}
		if err := c.Run(t.Context(), &console{out: io.Discard, err: io.Discard}, &layers{}); err != nil {
			t.Fatal(err)
		}
		_ = filepath.WalkDir(depot, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && filepath.Base(filepath.Dir(filepath.Dir(path))) != "registry" {
				n++
			}
			return err
		})
		return n
	}
	kept()
	if before, after := kept(), kept(); after > before {
		t.Errorf("%d objects, then %d: nothing is taken away", before, after)
	}
	verlof("tenant", "hold", "acme", "--reason", "case 118")
	before := kept()
	if after := kept(); after <= before {
		t.Errorf("%d objects under a legal hold, then %d", before, after)
	}
}
