// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"testing"
)

// TestSettle: customers that are copies of one are served as any other.
func TestSettle(t *testing.T) {
	dir := t.TempDir()
	hosts, err := settle(t.Context(), dir, 3)
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWorld(t.Context(), "sqlite:"+dir, 0, restIdle)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.visit(t.Context(), hosts), w.Close()); err != nil {
		t.Error(err)
	}
}
