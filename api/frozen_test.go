// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"verlof/tenant"
)

// TestFrozen: of a customer that is frozen programs read everything, and whatever they change is answered 503 with the reason
// and when to come again. Nothing is told to have happened. After that they go on.
func TestFrozen(t *testing.T) {
	w := newWorld(t)
	w.prepare()
	why, before := tenant.Why{By: "op", Reason: "test"}, w.lastEvent()
	ask := func(day string) reply {
		return w.call(w.acme, w.acme.tokens["carla"], http.MethodPost, "/requests", `{"person":"acme-carla","type":"holiday","from":"`+day+`"}`)
	}
	if r := ask("2026-11-02"); r.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", r.StatusCode, r.text) // its event has no number yet
	}
	if err := w.dir.Freeze(t.Context(), "acme", tenant.Hold{Reason: "We count."}, why); err != nil {
		t.Fatal(err)
	}
	refused, read := 0, 0
	for _, d := range w.operations() {
		x := w.exemplar(d.id)
		r := w.try(d, w.acme, w.acme.tokens[x.may[0]], w.address(d.id, x), x.body)
		switch {
		case d.method == http.MethodGet && r.StatusCode == http.StatusOK:
			read++
		case d.method == http.MethodGet:
			t.Errorf("%s: %d %s", d.id, r.StatusCode, r.text)
		case r.StatusCode == http.StatusServiceUnavailable:
			refused++
			var p Problem
			if err := json.Unmarshal([]byte(r.text), &p); err != nil || !strings.Contains(p.Detail, "We count.") || r.Header.Get("Retry-After") == "" {
				t.Errorf("%s: Retry-After %q, %s", d.id, r.Header.Get("Retry-After"), r.text)
			}
			if kind := r.Header.Get("Content-Type"); kind != "application/problem+json" {
				t.Errorf("%s: %s", d.id, kind)
			}
		case r.StatusCode < 300 && silentOperations[d.id] == "" && d.id != "prepareProviderKey": // which is there already
			t.Errorf("%s: %d, though nothing can be changed", d.id, r.StatusCode)
		case r.StatusCode >= 500:
			t.Errorf("%s: %d %s", d.id, r.StatusCode, r.text)
		}
	}
	if refused < 40 || read < 20 {
		t.Errorf("the test shows little: %d changes were refused, %d answers were read", refused, read)
	}
	if err := w.dir.Thaw(t.Context(), "acme", why); err != nil {
		t.Fatal(err)
	}
	if now := w.lastEvent(); now <= before || now > before+2 {
		t.Errorf("%d things are told to have happened, want the request of before", now-before)
	}
	if r := ask("2026-11-03"); r.StatusCode != http.StatusCreated {
		t.Errorf("after thawing: %d %s", r.StatusCode, r.text)
	}
}
