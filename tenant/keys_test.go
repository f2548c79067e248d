// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"bytes"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/seal"
	"verlof/store/migration"
	"verlof/tenant"
)

// keeper is a KMS that takes its time: once calls meanwhile while it wraps.
type keeper struct {
	once      *sync.Once
	meanwhile func()
}

func (k keeper) Wrap(plain []byte) ([]byte, error) {
	k.once.Do(k.meanwhile)
	return bytes.Clone(plain), nil
}

func (k keeper) Unwrap(wrapped []byte) ([]byte, error) { return bytes.Clone(wrapped), nil }

// TestRootAtOnce: a command that changes the root key while another one does waits for it, and no key goes with which something
// is sealed.
func TestRootAtOnce(t *testing.T) {
	rotate := func(d *tenant.Directory) error {
		_, err := d.RotateRoot(ctx, tenant.Why{})
		return err
	}
	prune := func(d *tenant.Directory) error {
		root, err := d.RootState(ctx)
		if err == nil {
			_, err = d.PruneRoot(ctx, root.Newest, tenant.Why{})
		}
		return err
	}
	for name, first := range map[string]func(*tenant.Directory) error{"prune": prune, "rotate": rotate} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			setting, k := "sqlite:"+dir, keeper{once: &sync.Once{}}
			file := func() seal.File { return seal.File{Path: filepath.Join(dir, "root.key"), Make: true, KMS: k} }
			k.once.Do(func() {}) // nothing happens beside the first key
			other := directory(t, setting, tenant.Options{RootKey: file()}, "acme")
			done := make(chan error, 1)
			k = keeper{&sync.Once{}, func() {
				ended := make(chan error, 1)
				go func() { ended <- rotate(other) }()
				select {
				case err := <-ended:
					done <- err
				case <-time.After(300 * time.Millisecond): // it waits
					go func() { done <- <-ended }()
				}
			}}
			if err := first(reopen(t, setting, tenant.Options{RootKey: file()})); err != nil {
				t.Errorf("the first: %v", err)
			}
			if err := <-done; err != nil {
				t.Errorf("the second: %v", err)
			}
			fresh := reopen(t, setting, tenant.Options{RootKey: file()})
			if states, err := fresh.KeyStates(ctx); err != nil || len(states) != 1 {
				t.Errorf("what opens afterwards: %v, %v", states, err)
			}
		})
	}
}

// TestPruneRoot_replaced: older root keys stay where the one that copies were sealed with is not the newest any more.
func TestPruneRoot_replaced(t *testing.T) {
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{}, "acme")
	copied, err := d.RootState(ctx)
	if err == nil {
		_, err = d.RotateRoot(ctx, tenant.Why{})
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.PruneRoot(ctx, copied.Newest, tenant.Why{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("another is the newest: %v, want a conflict", err)
	}
	if now, err := d.RootState(ctx); err != nil || now.Older != 1 {
		t.Errorf("%+v, %v, want the older one there", now, err)
	}
}

// TestPruneKeys_replaced: a customer's older keys stay where the one that copies were sealed with is not the newest any more.
func TestPruneKeys_replaced(t *testing.T) {
	setting := "sqlite:" + t.TempDir()
	d := directory(t, setting, tenant.Options{}, "acme")
	copied, err := d.NewestKey(ctx, "acme")
	if err == nil {
		_, err = reopen(t, setting, tenant.Options{RootKey: d.RootKey}).RotateKeys(ctx, "acme", tenant.Why{})
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.PruneKeys(ctx, "acme", copied, tenant.Why{}); !errs.Is(err, errs.Conflict) || errs.As(err).Hint == "" {
		t.Errorf("another is the newest: %v, want a conflict", err)
	}
	keys := func(want int) {
		t.Helper()
		if now, err := d.KeyStates(ctx); err != nil || now[0].Keys != want || now[0].Newest != copied+1 {
			t.Errorf("%+v, %v, want %d keys", now, err, want)
		}
	}
	keys(2)
	if _, err := d.PruneKeys(ctx, "acme", copied+1, tenant.Why{}); err != nil {
		t.Error(err)
	}
	keys(1)
}

// TestRotateKeys_newer: a program that does not know all of a database leaves the customer's keys and its record as they are.
func TestRotateKeys_newer(t *testing.T) {
	setting := "sqlite:" + t.TempDir()
	d := directory(t, setting, tenant.Options{}, "acme")
	release(t, good)
	if run, err := reopen(t, setting, tenant.Options{RootKey: d.RootKey}).BringUp(ctx, "acme", "anna"); err != nil || run == nil {
		t.Fatalf("brought up to date: %v, %v", run, err)
	}
	migration.Tenant = known // the release before goes on
	before, err := d.Log(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.RotateKeys(ctx, "acme", tenant.Why{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("by the release before: %v, want a conflict", err)
	}
	if now, err := d.KeyStates(ctx); err != nil || now[0].Keys != 1 {
		t.Errorf("%+v, %v, want no new key", now, err)
	}
	if after, err := d.Log(ctx, "acme"); err != nil || len(after) != len(before) {
		t.Errorf("%d acts on record, %v, want %d", len(after), err, len(before))
	}
}
