// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"verlof/internal/seal"
	"verlof/store"
	"verlof/tenant"
)

// TestReplace_cutShortWithCopies: whoever replaced a database was killed before that had its end. The customer opens all the same, changes
// are made in the database that is in force, and it is that one which is copied from then on: also where what was brought back there
// is the newest copy there was, that of a database which was left for this very one.
func TestReplace_cutShortWithCopies(t *testing.T) {
	for name, own := range map[string]bool{"not_in_force_yet": false, "brought_back": true} {
		t.Run(name, func(t *testing.T) {
			setting := "sqlite:" + t.TempDir()
			made := directory(t, setting, tenant.Options{}, "acme")
			info, err := made.Show(ctx, "acme")
			if err != nil {
				t.Fatal(err)
			}
			db := at(t, made, "acme.example.org").DB()
			to, path := info.Database, db.File()
			if !own {
				if to, path, err = made.Place.Beside(info.ID, "other"); err == nil {
					err = db.CopyTo(ctx, path)
				}
			}
			if err == nil {
				err = db.LeaveFor(ctx, store.Left{To: to, By: "op", Reason: "mended"})
			}
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			var carried string
			d := reopen(t, setting, tenant.Options{Place: made.Place, RootKey: made.RootKey, OnOpen: func(id string, _ func() seal.Wrapper, db *store.DB) {
				mu.Lock()
				defer mu.Unlock()
				if id != tenant.RegistryID {
					carried = db.File()
				}
			}})
			short, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			_, release, err := d.BySlug(short, "acme")
			if err != nil {
				t.Fatalf("opened: %v", err)
			}
			release()
			if err := ask(at(t, d, "acme.example.org"), "2027-06-01"); err != nil {
				t.Errorf("a change after it: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			if carried != path {
				t.Errorf("copied is %s, want %s", carried, path)
			}
		})
	}
}
