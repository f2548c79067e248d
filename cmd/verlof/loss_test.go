// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io/fs"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"verlof/store"
)

// TestLoss kills the server while it takes bookings and takes its disk away, all but the root
// key: what comes back from the depot has every booking that was acknowledged.
func TestLoss(t *testing.T) {
	t.Parallel()
	losses := rounds("VERLOF_LOSSES", 3)
	for name, depot := range map[string]string{"folder": "folder:" + t.TempDir(), "s3": newBucket(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loseAndRecover(t, depot, losses)
		})
	}
}

// newBucket returns a depot in a store that speaks S3.
func newBucket(t *testing.T) string {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("copies"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return "s3://KEY:SECRET@" + strings.TrimPrefix(server.URL, "http://") + "/copies/verlof?plain=true"
}

func loseAndRecover(t *testing.T, depot string, losses int) {
	v := newVictim(t)
	v.flags = []string{"--copy", depot}
	crowd := v.signIn(t, 8)
	rng := rand.New(rand.NewPCG(3, 4))
	acknowledged := map[string]bool{}
	for n := range losses {
		v.start(t)
		for _, id := range v.bookUntilKilled(t, crowd, time.Duration(300+rng.IntN(300))*time.Millisecond, true) {
			acknowledged[id] = true
		}
		v.lose(t)
		told := must(t, "recover", "--data", v.settings.Data, "--from", depot, "--json")
		v.open(t)
		v.check(t, acknowledged)
		if t.Failed() {
			if dir, ok := strings.CutPrefix(depot, "folder:"); ok {
				_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, _ error) error { t.Log("kept: ", path); return nil })
			}
			t.Fatalf("after loss %d: recovered %s", n+1, told)
		}
	}
	t.Logf("%d bookings were acknowledged before %d losses", len(acknowledged), losses)
	if len(acknowledged) < losses {
		t.Errorf("only %d bookings in %d rounds: the server was killed at rest", len(acknowledged), losses)
	}
	must(t, "backup", "verify", "--data", v.settings.Data, "--copy", depot)
	must(t, "backup", "drill", "--data", v.settings.Data, "--copy", depot)
}

// lose takes everything away that is on the disk but the root key.
func (v *victim) lose(t *testing.T) {
	t.Helper()
	if err := v.db.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(v.settings.Data)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == "root.key" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(v.settings.Data, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
}

// open looks at the customer's database anew.
func (v *victim) open(t *testing.T) {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+v.db.File())
	if err != nil {
		t.Fatal(err)
	}
	v.db = db
	t.Cleanup(func() { _ = db.Close() })
}
