// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"errors"
	"fmt"
	"path"
	"testing"
	"time"

	"verlof/backup"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/tenant"
)

// TestPrunedBeside: keys are replaced and the older ones taken away by a command while a server runs that has the customer and the
// registry open. What the server copies from then on is sealed with the keys that are left, or it would be lost with the disk.
func TestPrunedBeside(t *testing.T) {
	y := newYard(t)
	at, now, ctx := y.copies.Depot, time.Now(), t.Context()
	open := func() *tenant.Directory {
		y.copies = &backup.Copies{Depot: at, Now: func() time.Time { now = now.Add(time.Second); return now }}
		return y.open()
	}
	server := open()
	row := must(Sample(ctx, server, tenant.New{Slug: "acme", Name: "Acme", Hosts: []string{"acme.localhost"}, Language: "en"}, 3, 1, day))
	w := tenant.Why{By: "op", Reason: "seen"}
	command := open()
	must(command.RotateKeys(ctx, "acme", w))
	must(command.PruneKeys(ctx, "acme", must(command.NewestKey(ctx, "acme")), w))
	must(command.RotateRoot(ctx, w))
	must(command.PruneRoot(ctx, must(command.RootState(ctx)).Newest, w))
	if err := command.Close(); err != nil {
		t.Fatal(err)
	}
	pruned := now

	// Nobody came to a customer meanwhile: a change of the registry itself is the first.
	err := errors.Join(server.Note(ctx, "acme", "noted", "", w), with(ctx, server, "acme", func(c *tenant.Tenant) error {
		return c.DB().Update(ctx, func(tx *store.Tx) error { return tx.SetMeta("test.beside", "1") })
	}))
	if err != nil {
		t.Fatal(err)
	}
	fresh := open()
	_, key, err := fresh.CopyKey(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	for id, key := range map[string]seal.Wrapper{tenant.RegistryID: fresh.RegistryKey(), row.ID: key} {
		opened(t, at, id, key, pruned)
	}
}

// opened demands that a database has records that were put after a moment, and that a key opens them.
func opened(t *testing.T, at backup.Depot, id string, key seal.Wrapper, after time.Time) {
	t.Helper()
	n := 0
	for _, o := range must(at.List(t.Context(), id+"/log")) {
		var first, last, micros int64
		if _, err := fmt.Sscanf(path.Base(o.Name), "%x-%x-%x.", &first, &last, &micros); err != nil {
			t.Fatal(err)
		}
		if time.UnixMicro(micros).Before(after) {
			continue
		}
		n++
		src := must(at.Get(t.Context(), o.Name))
		if _, err := seal.NewReader(key, o.Name, src); err != nil {
			t.Errorf("%s: %v", o.Name, err)
		}
		_ = src.Close()
	}
	if n == 0 {
		t.Errorf("%s: nothing was put", id)
	}
}
