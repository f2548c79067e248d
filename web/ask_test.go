// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"testing"
)

// TestKept has sessions end while forms are filled in: what was typed comes back, to be sent again, and passwords do not.
func TestKept(t *testing.T) {
	w := newWorld(t, nil)
	gone := w.at(w.acme, "")
	a := gone.post("/leave/new", "type", "holiday", "from", "2026-06-15", "note", `Kept "<b>"`)
	holds(t, a, http.StatusUnauthorized, "What you typed is still here", `action="/leave/new"`, `name="from" value="2026-06-15"`,
		`value="Kept &#34;&lt;b&gt;&#34;"`, `href="/sign-in"`, `target="_blank"`)
	wellFormed(t, a.Body.Bytes())

	a = gone.post("/account/password", "current", "old old old old", "password", "new new new new")
	lacks(t, a, "old old", "new new")
	if a.Code != http.StatusUnauthorized {
		t.Errorf("a password signed out: status %d", a.Code)
	}
	lacks(t, gone.post("/sign-out"), "What you typed")
	lacks(t, w.at(w.acme, "carla").post("/requests/none/withdraw", "note", "mine"), "What you typed")
}

// TestClipped asks for hours of which some are not worked: the page says which are.
func TestClipped(t *testing.T) {
	w := newWorld(t, nil)
	carla := w.at(w.acme, "carla")
	const path = "/leave/new?type=holiday&from=2026-06-15&to=2026-06-15&first=hours&first-from=11:00&first-to="
	holds(t, carla.get(path+"15:00"), http.StatusOK, "Only working hours cost leave", "15 Jun 2026")
	a := carla.get(path + "12:00")
	holds(t, a, http.StatusOK, "1:00 h")
	lacks(t, a, "Only working hours")
}

// TestFarAhead looks and asks thousands of years ahead, which would take minutes to work out.
func TestFarAhead(t *testing.T) {
	w := newWorld(t, nil)
	ana := w.at(w.acme, "ana")
	for _, path := range []string{"/balance?at=9999-12-31", "/balances?at=9999-12-31", "/people/acme-carla/balance?at=2100-01-01"} {
		holds(t, ana.get(path), http.StatusUnprocessableEntity, "more than 40 years ahead")
	}
	holds(t, ana.get("/leave/new?type=holiday&from=9999-12-01&to=9999-12-02"), http.StatusUnprocessableEntity, "more than 40 years ahead")
	holds(t, ana.get("/balance?at=2060-01-01"), http.StatusOK)
}
