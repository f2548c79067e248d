// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/tenant"
)

// slowToRest is a carrier whose disk is not done with a database that is closed until the gate is open.
type slowToRest struct{ begun, gate chan struct{} }

func (s slowToRest) Committed(bool) error { return nil }

func (s slowToRest) Rested() {
	s.begun <- struct{}{}
	<-s.gate
}

// TestClose_hangs: while databases are closed on a disk that is not done with them, nobody else waits: neither where the directory
// closes them nor where who used one last does.
func TestClose_hangs(t *testing.T) {
	slow := slowToRest{make(chan struct{}), make(chan struct{})}
	setting := "sqlite:" + t.TempDir()
	made := directory(t, setting, tenant.Options{}, "acme", "birch")
	d := reopen(t, setting, tenant.Options{Place: made.Place, RootKey: made.RootKey, OnOpen: func(id string, _ func() seal.Wrapper, db *store.DB) {
		if id != tenant.RegistryID {
			db.CarryWith(slow)
		}
	}})
	use := func(slug string) func() {
		t.Helper()
		_, release, err := d.BySlug(ctx, slug)
		if err != nil {
			t.Fatal(err)
		}
		return release
	}
	answers := func(when string) {
		t.Helper()
		done := make(chan error, 1)
		go func() {
			d.Stats()
			_, _, err := d.BySlug(ctx, "acme")
			done <- err
		}()
		select {
		case err := <-done:
			if !errs.Is(err, errs.Unavailable) {
				t.Errorf("%s: %v", when, err)
			}
		case <-time.After(3 * time.Second):
			t.Errorf("%s: who asks is kept waiting", when)
		}
	}
	use("acme")()
	release := use("birch")
	closed := make(chan error, 1)
	go func() { closed <- d.Close() }()
	<-slow.begun
	answers("the directory closes what nobody uses")
	go release()
	<-slow.begun
	answers("who used it last closes it")
	close(slow.gate)
	if err := <-closed; err != nil {
		t.Error(err)
	}
}
