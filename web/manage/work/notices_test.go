// SPDX-License-Identifier: Apache-2.0

package work

import (
	"testing"

	"verlof/internal/lang"
	"verlof/leave"
)

// TestNoticeState: a letter to somebody without an email address is on no way: it waits to be opened here.
func TestNoticeState(t *testing.T) {
	for _, c := range []struct {
		proof  leave.Proof
		mailed bool
		want   string
	}{
		{leave.Proof{At: 1}, true, "On its way"},
		{leave.Proof{At: 1}, false, "Not opened yet"},
		{leave.Proof{At: 1, Read: 2}, false, "Read"},
		{leave.Proof{At: 1, Delivered: 2}, true, "Delivered"},
		{leave.Proof{At: 1, Delivered: 2}, false, "Delivered"}, // they had an address then
		{leave.Proof{At: 1, GaveUp: 2}, true, "Undeliverable"},
	} {
		if _, got := noticeState(lang.For("en"), leave.Notice{ID: "x", Proof: c.proof}, c.mailed); got != c.want {
			t.Errorf("%+v, mailed %t: %s, want %s", c.proof, c.mailed, got, c.want)
		}
	}
}
