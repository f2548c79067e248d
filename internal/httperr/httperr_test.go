// SPDX-License-Identifier: Apache-2.0

package httperr

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"verlof/errs"
)

// TestOurs: the log hears of our own faults and of what the operator can put right, with what to do; not of what whoever asked
// did, nor of what passes by itself.
func TestOurs(t *testing.T) {
	full := &errs.Error{Kind: errs.Unavailable, Err: errors.New("disk full"), Hint: "make room on the disk"}
	for _, tt := range []struct {
		err  error
		ours bool
	}{
		{errors.New("out of order"), true},
		{full, true},
		{errs.New(errs.Unavailable, "store.error.again"), false},
		{errs.Operator("name another", "wrong name"), false},
		{errs.New(errs.Forbidden, ""), false},
	} {
		if got := Ours(tt.err); got != tt.ours {
			t.Errorf("%v: %t", tt.err, got)
		}
	}
	var b bytes.Buffer
	Log(t.Context(), slog.New(slog.NewTextHandler(&b, nil)), "n1", full)
	for _, s := range []string{"level=ERROR", "number=n1", "disk full", "make room on the disk"} {
		if !strings.Contains(b.String(), s) {
			t.Errorf("the log lacks %q: %s", s, b.String())
		}
	}
}
