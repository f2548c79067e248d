// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"context"
	"testing"
	"time"

	"verlof/errs"
	"verlof/tenant"
)

// TestReadFile: one file of a customer is read at a time, and few of all customers.
func TestReadFile(t *testing.T) {
	slugs := []string{"acme", "birch", "cedar", "dogwood"}
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{}, slugs...)
	read := func(slug string) (func(), error) {
		c, release, err := d.BySlug(ctx, slug)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		return c.ReadFile(short)
	}
	var ends []func()
	for i, slug := range slugs {
		end, err := read(slug)
		if want := i == len(slugs)-1; (err != nil) != want || want && !errs.Is(err, errs.Unavailable) {
			t.Fatalf("file %d: %v", i+1, err)
		}
		ends = append(ends, end)
	}
	ends[0]()
	again, err := read("dogwood")
	if err != nil {
		t.Fatalf("once one is done: %v", err)
	}
	again()
	if _, err := read("birch"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a second one of a customer: %v", err)
	}
	ends[1]()
	if _, err := read("birch"); err != nil {
		t.Errorf("once the first of a customer is done: %v", err)
	}
}
