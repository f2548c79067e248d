// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
	"verlof/store"
)

// testShut: a shut database refuses what people keep, lets itself be read and opened again,
// and, only frozen, takes what signing in writes.
func testShut(t *testing.T, db *store.DB) {
	ctx := context.Background()
	rename := func(name string) error {
		return db.Update(ctx, func(tx *store.Tx) error { return tx.SaveSettings(people.Settings{Name: name, Language: "en"}) })
	}
	count := func() error { // what signing in writes
		return db.Update(ctx, func(tx *store.Tx) error {
			return tx.SaveTally(identity.Tally{Key: "k", Failures: 1, Last: time.UnixMicro(1), Expires: time.UnixMicro(2)})
		})
	}
	name := func() (name string) {
		err := db.View(ctx, func(tx *store.Tx) error {
			s, err := tx.Settings()
			name = s.Name
			return err
		})
		if err != nil {
			t.Error(err)
		}
		return name
	}
	if err := rename("before"); err != nil {
		t.Fatal(err)
	}
	for _, why := range []store.Shut{store.ShutFrozen, store.ShutMoved, store.ShutFrozen} {
		if err := db.Shut(ctx, why); err != nil {
			t.Fatalf("shut %s: %v", why, err)
		}
		if err := rename(string(why)); !errs.Is(err, errs.Unavailable) || errs.As(err).Public != "store.error."+string(why) {
			t.Errorf("changed while %s: %v, want unavailable with its sentence", why, err)
		}
		if err := count(); (err == nil) != (why == store.ShutFrozen) {
			t.Errorf("signed in while %s: %v", why, err)
		}
		if got := name(); got != "before" {
			t.Errorf("%s: the name is %q", why, got)
		}
	}
	if err := db.Shut(ctx, ""); err != nil {
		t.Fatal(err)
	}
	if err := rename("after"); err != nil || name() != "after" {
		t.Errorf("opened again: %q, %v", name(), err)
	}
}

// testFollow: a change that comes too late for a database that moved is made in the one in
// force, and so is all that follows.
func testFollow(t *testing.T, old, next *store.DB) {
	ctx := context.Background()
	released := make(chan bool, 1)
	old.OnMoved(func(context.Context) (*store.DB, func(), error) { return next, func() { released <- true }, nil })
	if err := old.Shut(ctx, store.ShutMoved); err != nil {
		t.Fatal(err)
	}
	set := func(tx *store.Tx) error { return tx.SetMeta("mark", "late") }
	if err := old.Update(ctx, set); err != nil {
		t.Fatalf("a late change: %v", err)
	}
	for name, db := range map[string]*store.DB{"by the old": old, "by the new": next} {
		var got string
		err := db.View(ctx, func(tx *store.Tx) (err error) {
			got, err = tx.Meta("mark")
			return err
		})
		if err != nil || got != "late" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if err := old.Close(); err != nil {
		t.Error(err)
	}
	<-released
}

// testRegistryActs: an act changes a customer and stands on record, and one that was
// decided on an older state does neither.
func testRegistryActs(t *testing.T, r *store.Registry) {
	ctx := context.Background()
	row, err := r.Tenant(ctx, "t1")
	if err != nil {
		t.Fatal(err)
	}
	act := store.Act{ID: "a1", At: time.UnixMicro(5).UTC(), Kind: "renamed", By: "op", Reason: "merger", Detail: "acme -> bolt"}
	stale := row
	row.Slug, row.State = "bolt", store.StateReadOnly
	if err := r.Change(ctx, row, []string{"bolt.example", "acme.example"}, act); err != nil {
		t.Fatal(err)
	}
	late := act
	late.ID, stale.Slug = "a2", "late"
	if err := r.Change(ctx, stale, nil, late); !errs.Is(err, errs.NotFound) {
		t.Errorf("decided on an older state: %v, want not found", err)
	}
	row.Revision++
	taken := row
	taken.Slug, late.ID = "zoo", "a3"
	if err := r.Change(ctx, taken, nil, late); !errs.Is(err, errs.Conflict) || errs.As(err).Field != "slug" {
		t.Errorf("a short name that is taken: %v, want conflict", err)
	}
	got, err := r.TenantByHost(ctx, "bolt.example")
	if diff := cmp.Diff(row, got); err != nil || diff != "" {
		t.Errorf("changed: %v\n%s", err, diff)
	}
	if _, err := r.TenantByHost(ctx, "leave.acme.example"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a host name that was not kept: %v, want not found", err)
	}
	acts, err := r.Acts(ctx, "t1")
	if diff := cmp.Diff([]store.Act{act}, acts); err != nil || diff != "" {
		t.Errorf("on record: %v\n%s", err, diff)
	}
}
