// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/leave/scenario"
	"verlof/people"
)

// claiming lets everybody at acme earn time off in the type "hours".
func claiming(w *world) {
	w.Helper()
	typ := leave.Type{ID: "lieu", Name: "In lieu", Colour: 2, Unit: leave.Hours, Counting: leave.WorkingTime, Entitled: true, Order: 9}
	terms, err := scenario.ParsePolicy(typ, "0 hours a year, overtime at 100 150 %, buys up to 8 hours")
	if err == nil {
		err = w.acme.Leave.Store.Update(w.Context(), func(tx leave.Tx) error {
			if err := tx.SaveType(typ); err != nil {
				return err
			}
			return tx.SavePolicy(leave.Policy{ID: "lieu", Package: "all", Type: "lieu", Terms: terms})
		})
	}
	if err != nil {
		w.Fatal(err)
	}
}

// TestOvertime: reported with what was typed kept where it is wrong, decided in the
// inbox, and then in the balance.
func TestOvertime(t *testing.T) {
	w := newWorld(t, nil)
	claiming(w)
	carla, bram := w.at(w.acme, "carla"), w.at(w.acme, "bram")
	wrong := carla.post("/claims/new", "kind", "overtime", "type", "lieu", "date", "2026-02-28", "start", "20:00", "end", "18:00", "factor", "150", "note", "Stocktaking")
	if body := wrong.Body.String(); wrong.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "later than the start") || !strings.Contains(body, "Stocktaking") {
		t.Errorf("backwards: %d\n%s", wrong.Code, body)
	}
	sent := carla.post("/claims/new", "kind", "overtime", "type", "lieu", "date", "2026-02-28", "start", "18:00", "end", "20:00", "factor", "150", "note", "Stocktaking")
	if sent.Code != http.StatusSeeOther || sent.Header().Get("Location") != "/claims" {
		t.Fatalf("sent: %d %s", sent.Code, sent.Body)
	}
	if body := carla.get("/balance").Body.String(); strings.Contains(body, "3:00") {
		t.Error("what waits is in the balance already")
	}
	if body := bram.get("/").Body.String(); !strings.Contains(body, "One more is waiting") {
		t.Error("home is silent about what waits beside the three requests that it shows")
	}
	body := bram.get("/inbox").Body.String()
	for _, want := range []string{"Stocktaking", "+3:00", "18:00–20:00"} {
		if !strings.Contains(body, want) {
			t.Errorf("the inbox lacks %q", want)
		}
	}
	id, _, _ := strings.Cut(after(body, `action="/claims/`), "/approve")
	if refused := bram.post("/claims/"+id+"/refuse", "back", "/inbox"); refused.Code != http.StatusUnprocessableEntity || !strings.Contains(refused.Body.String(), "Give a reason") {
		t.Errorf("refused without a reason: %d", refused.Code)
	}
	if a := bram.post("/claims/"+id+"/approve", "back", "/inbox"); a.Code != http.StatusSeeOther {
		t.Fatalf("approve: %d %s", a.Code, a.Body)
	}
	if body := carla.get("/balance").Body.String(); !strings.Contains(body, "+3:00") {
		t.Error("what was approved is not in the balance")
	}
}

// TestTradesFile: the file for payroll says when leave was bought as programs read it.
func TestTradesFile(t *testing.T) {
	w := newWorld(t, nil)
	claiming(w)
	carla := people.ID(w.acme.id("carla"))
	c, err := w.acme.Leave.FileClaim(t.Context(), carla, leave.Claim{Person: carla, Kind: leave.ClaimPurchase, Type: "lieu", Date: calendar.MustParse("2026-03-16"), Amount: exact.Int(120)})
	if err == nil {
		err = w.acme.Leave.DecideClaim(t.Context(), people.ID(w.acme.id("bram")), c.ID, true, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	if body := bodyOf(w.at(w.acme, "ana").get("/manage/trades/list.csv")); !strings.Contains(body, ";2026-03-16;") || !strings.HasSuffix(strings.TrimSpace(body), ";2026-03-16T09:30:00Z") {
		t.Errorf("%s", body)
	}
}

func after(s, mark string) string {
	_, rest, _ := strings.Cut(s, mark)
	return rest
}

// TestPaper: the statement of a leaver is a PDF, for administrators alone.
func TestPaper(t *testing.T) {
	m := newMatrix(t, nil)
	path := "/manage/leavers/" + m.acme.id("carla") + "/statement.pdf"
	a := m.at(m.acme, "ana").get(path)
	if a.Code != http.StatusOK || a.Header().Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.Body.String(), "%PDF-") {
		t.Errorf("%d %s", a.Code, a.Header())
	}
	if a := m.at(m.acme, "bram").get(path); a.Code != http.StatusForbidden {
		t.Errorf("for a manager: %d", a.Code)
	}
}
