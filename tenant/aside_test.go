// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/seal"
	"verlof/leave"
	"verlof/store"
	"verlof/tenant"
)

// TestLook_leftBehind: what is changed in a database that was left behind is refused, and not made in the one in force.
func TestLook_leftBehind(t *testing.T) {
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{}, "acme")
	m, err := d.Move(ctx, "acme", "sqlite:"+t.TempDir(), short, tenant.Why{By: "anna"})
	if err != nil {
		t.Fatal(err)
	}
	packages := func(c *tenant.Tenant) (n int) {
		t.Helper()
		err := c.Leave.Store.View(ctx, func(tx leave.Tx) error {
			list, err := tx.Packages()
			n = len(list)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	c, release, err := d.BySlug(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	before := packages(c)
	err = d.Look(ctx, "acme", m.From, func(old *tenant.Tenant) error {
		return old.Leave.Store.Update(ctx, func(tx leave.Tx) error { return tx.SavePackage(leave.Package{ID: "new", Name: "New"}) })
	})
	if !errs.Is(err, errs.Unavailable) || packages(c) != before {
		t.Errorf("%v; %d packages, %d before", err, packages(c), before)
	}
}

// TestReplace_cut: who gives up while the database in use is being opened has replaced nothing: others may go on to
// change it.
func TestReplace_cut(t *testing.T) {
	setting := "sqlite:" + t.TempDir()
	d := directory(t, setting, tenant.Options{}, "acme")
	c, release, err := d.BySlug(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	where, path, err := d.Place.Beside(c.ID, "other")
	if err == nil {
		err = c.DB().CopyTo(ctx, path)
	}
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithCancel(ctx)
	defer cancel()
	console := reopen(t, setting, tenant.Options{Place: d.Place, RootKey: d.RootKey, OnOpen: func(id string, _ func() seal.Wrapper, _ *store.DB) {
		if id != tenant.RegistryID {
			cancel()
			time.Sleep(50 * time.Millisecond)
		}
	}})
	if _, err := console.Replace(short, "acme", where, tenant.Why{By: "anna"}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if info, err := d.Show(ctx, "acme"); err != nil || info.Database == where {
		t.Errorf("in use: %s, %v", info.Database, err)
	}
}
