// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
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

// TestDestroy_closing: a database that is just being closed puts last files beside it while it is taken away. Nothing of it is
// left all the same.
func TestDestroy_closing(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		p, err := ParsePlace("sqlite:" + dir)
		if err != nil {
			t.Fatal(err)
		}
		own := filepath.Join(dir, "tenants", "01jq3v7w5n8k2m4p6r9t1x3z5b")
		if err := os.MkdirAll(own, 0o700); err != nil {
			t.Fatal(err)
		}
		closed, begun := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(closed)
			for i := range 2000 {
				if err := os.WriteFile(filepath.Join(own, fmt.Sprint(i)), nil, 0o600); err != nil {
					return // the folder is gone
				}
				if i == 100 {
					close(begun)
				}
			}
		}()
		<-begun
		err = p.Destroy(t.Context(), "01jq3v7w5n8k2m4p6r9t1x3z5b", "sqlite:tenants/01jq3v7w5n8k2m4p6r9t1x3z5b/data.db")
		<-closed
		if _, gone := os.Stat(own); err != nil || !os.IsNotExist(gone) {
			t.Fatalf("%v, %v", err, gone)
		}
	}
}
