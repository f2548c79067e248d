// SPDX-License-Identifier: Apache-2.0

package events

import (
	"strings"
	"testing"
	"time"
)

// TestSign holds to a signature that was computed by others: the example of the
// specification of Standard Webhooks.
func TestSign(t *testing.T) {
	const want = "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
	got := Secret("whsec_plJ3nmyCDGBKInavdOK15jsl").Sign("msg_loFOjxBNrRLzqYUf", time.Unix(1731705121, 0), `{"event_type":"ping","data":{"success":true}}`)
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestSignatures: while a secret is changed both sign, and afterwards the new one alone.
func TestSignatures(t *testing.T) {
	at := time.Unix(1731705121, 0)
	h := Webhook{Secret: NewSecret(), Older: NewSecret(), Until: at.Add(time.Hour)}
	both := strings.Fields(h.signatures("m", at, "{}"))
	if len(both) != 2 || both[0] != h.Secret.Sign("m", at, "{}") || both[1] != h.Older.Sign("m", at, "{}") {
		t.Errorf("got %v while the secret is changed", both)
	}
	if after := strings.Fields(h.signatures("m", at.Add(time.Hour), "{}")); len(after) != 1 {
		t.Errorf("got %v afterwards", after)
	}
}

// TestFilter: a type is chosen by its name or its kind, and by nothing that only looks alike.
func TestFilter(t *testing.T) {
	for _, tt := range []struct {
		filter Filter
		typ    string
		want   bool
	}{
		{nil, "team.added", true},
		{Filter{"team.added"}, "team.added", true},
		{Filter{"team.added"}, "team.changed", false},
		{Filter{"leave.*"}, "leave.request.approved", true},
		{Filter{"leave.request.*"}, "leave.claim.asked", false},
		{Filter{"person*"}, "person.added", false},
		{Filter{"*"}, "person.added", false},
	} {
		if got := tt.filter.Takes(tt.typ); got != tt.want {
			t.Errorf("%v takes %s: %v", tt.filter, tt.typ, got)
		}
	}
	if one, bad := (Filter{"team.*", "teams.*"}).unknown(); !bad || one != "teams.*" {
		t.Errorf("unknown: %q %v", one, bad)
	}
	sick := Webhook{State: HookOn}
	if sick.Wants("sickness.reported") || !sick.Wants("team.added") {
		t.Error("a webhook that chose nothing hears of sickness, or not of the rest")
	}
}
