// SPDX-License-Identifier: Apache-2.0

package tenanttest

import (
	"context"
	"path/filepath"
	"testing"

	"verlof/internal/disk"
	"verlof/leave"
	"verlof/store"
	"verlof/tenant"
)

// Lost returns what somebody meets who was reading in a customer's database while that was lost, and another
// took its place. The customer itself is as it was.
func Lost(t testing.TB, d *tenant.Directory, slug string) (met error) {
	t.Helper()
	c, release, err := d.BySlug(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := c.DB().CopyTo(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	err = d.Look(t.Context(), slug, "sqlite:"+path, func(broken *tenant.Tenant) error {
		broken.DB().OnLost(func(context.Context, error) (*store.DB, func(), error) { return c.DB(), func() {}, nil })
		met = broken.Leave.Store.View(t.Context(), func(tx leave.Tx) error {
			if _, err := tx.Types(); err != nil {
				return err
			}
			return &disk.Gone{Err: disk.ErrHangs}
		})
		return nil
	})
	if err != nil || !tenant.Again(met) {
		t.Fatalf("nothing was lost: %v, %v", met, err)
	}
	return met
}
