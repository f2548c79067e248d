// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strings"
	"testing"
)

// TestTakeBackByHand: the list is narrowed by name, type and year; a line is taken back
// with a reason, stands there with the one that took it back, and offers it no more.
func TestTakeBackByHand(t *testing.T) {
	w := newWorld(t, nil)
	ana := w.at(w.acme, "ana")
	undo := "/manage/adjustments/" + w.acme.byHand + "/undo"
	for query, found := range map[string]bool{"": true, "?find=lars": true, "?find=carla": false, "?type=overtime&year=2026": true, "?type=holiday": false, "?year=2025": false} {
		if body := ana.get("/manage/adjustments" + query).Body.String(); strings.Contains(body, "Stayed late") != found || strings.Contains(body, undo) != found {
			t.Errorf("%q: found %t, want %t", query, !found, found)
		}
	}
	if a := ana.post(undo, "reason", " "); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "Give a reason") {
		t.Errorf("without a reason: %d", a.Code)
	}
	if a := ana.post(undo, "reason", "Somebody else did"); a.Code != http.StatusSeeOther {
		t.Fatalf("taken back: %d %s", a.Code, a.Body)
	}
	body := ana.get("/manage/adjustments").Body.String()
	for _, want := range []string{"Stayed late", "Somebody else did", "Taken back: it no longer counts.", "Takes back +0:30 h (Stayed late)."} {
		if !strings.Contains(body, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if strings.Contains(body, "/undo\"") {
		t.Error("a line that is taken back is offered again")
	}
	if a := ana.post(undo, "reason", "Once more"); a.Code != http.StatusConflict {
		t.Errorf("once more: %d", a.Code)
	}
	if body := ana.get("/people/" + w.acme.id("lars") + "/balance").Body.String(); !strings.Contains(body, "taken back: Somebody else did") {
		t.Error("the balance does not say so")
	}
}
