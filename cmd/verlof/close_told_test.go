// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"strings"
	"testing"

	"verlof/errs"
)

// TestToldOfClosing: who closes a customer and fails is told of the mails that have left, beside what
// else there is to do.
func TestToldOfClosing(t *testing.T) {
	fails := errs.Operator("thaw it first", "customer acme is frozen")
	if err := toldOfClosing(fails, "acme", 0); !errors.Is(err, fails) || errs.As(err).Hint != "thaw it first" {
		t.Errorf("with nobody told: %v, %q", err, errs.As(err).Hint)
	}
	got := errs.As(toldOfClosing(fails, "acme", 2))
	if got.Kind != errs.As(fails).Kind || !strings.HasPrefix(got.Hint, "thaw it first; 2 system managers of acme were written to already") {
		t.Errorf("%v: %v, %q", got.Kind, got, got.Hint)
	}
}
