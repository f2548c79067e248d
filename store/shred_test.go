// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"os"
	"testing"
)

// TestShred_instead writes the registry anew that is in force, and not the one that was lost.
func TestShred_instead(t *testing.T) {
	ctx := context.Background()
	open := func() (*Place, *Registry) {
		p, err := ParsePlace("sqlite:" + t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Registry(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return p, r
	}
	lost, r := open()
	_, other := open()
	r.Instead(other)
	t.Cleanup(func() { _ = r.Close() })
	if err := os.Remove(lost.RegistryFile()); err != nil {
		t.Fatal(err)
	}
	if err := r.Shred(ctx); err != nil {
		t.Error(err)
	}
}
