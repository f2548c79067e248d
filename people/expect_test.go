// SPDX-License-Identifier: Apache-2.0

package people

import (
	"testing"

	"verlof/errs"
)

type revised int64

func (r revised) Revision() (int64, error) { return int64(r), nil }

// TestExpected: a change is made only at the revision that was read.
func TestExpected(t *testing.T) {
	missed := 0
	ctx := Expecting(t.Context(), 7, func() { missed++ })
	if err := Expected(ctx, revised(8)); err != nil || missed != 0 {
		t.Errorf("as expected: %v", err)
	}
	if err := Expected(ctx, revised(9)); !errs.Is(err, errs.Conflict) || missed != 1 {
		t.Errorf("somebody was faster: %v, missed %d", err, missed)
	}
	if err := Expected(t.Context(), revised(9)); err != nil {
		t.Errorf("nothing expected: %v", err)
	}
}
