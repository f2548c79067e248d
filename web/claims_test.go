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
	again := bram.post("/claims/"+id+"/approve", "back", "/inbox")
	if body := bodyOf(again); again.Code != http.StatusConflict || !strings.Contains(body, "Carla Fonseca, Overtime, ") || !strings.Contains(body, " (Approved): This request has been decided") {
		t.Errorf("approved twice: %d, and it is not said what", again.Code)
	}
	if body := carla.get("/balance").Body.String(); !strings.Contains(body, "+3:00") {
		t.Error("what was approved is not in the balance")
	}
}

// TestTradesFile: the file for payroll says when leave was bought as programs read it, and hours as the other files do.
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
	if body := bodyOf(w.at(w.acme, "ana").get("/manage/trades/list.csv")); !strings.Contains(body, ",2026-03-16,2,") || !strings.HasSuffix(strings.TrimSpace(body), ",2026-03-16T09:30:00Z") {
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

// TestFinalPay: HR records on a leaver's page what was paid out as the page says it, once; the page, the list and
// the balance say so.
func TestFinalPay(t *testing.T) {
	m := newWorld(t, nil)
	ana, path := m.at(m.acme, "ana"), "/manage/leavers/"+m.acme.id("carla")
	balance := "/people/" + m.acme.id("carla") + "/balance?at=2026-03-31"
	lacks(t, ana.get(balance), "counts as paid out")
	m.acme.leaving(m, "2026-12-31")
	holds(t, ana.get(balance), 200, "A line of 31 Dec 2026, the last day, that takes off what is left counts as paid out with the final pay")
	lacks(t, ana.get(path), path+"/final-pay")
	m.acme.leaving(m, "2026-03-31")
	asked := ana.get(path)
	holds(t, asked, 200, "Final pay", `action="`+path+`/final-pay"`, "To pay out")
	form := typedIn(asked)
	lacks(t, m.at(m.acme, "ana").get("/manage/leavers"), "final pay:")
	holds(t, ana.post(path+"/final-pay", form...), http.StatusUnprocessableEntity, "Give a reason")
	form = append(form, "reason", "Pay slip of March")
	sent := ana.post(path+"/final-pay", form...)
	holds(t, sent, http.StatusSeeOther)
	holds(t, ana.get(sent.Header().Get("Location")), 200, "The final pay is recorded", "Paid out with the final pay", "Pay slip of March", "recorded by Ana Almeida")
	lacks(t, ana.get(path), path+"/final-pay")
	holds(t, ana.post(path+"/final-pay", form...), http.StatusConflict, "is no longer what you saw")
	holds(t, ana.get("/manage/leavers"), 200, "final pay: ")
	holds(t, ana.get(balance), 200, "Pay slip of March")
}

// TestAfterTheLastDay: who left is not offered leave as before, but HR may enter what was taken earlier, and finds the statement.
func TestAfterTheLastDay(t *testing.T) {
	w := newWorld(t, nil)
	ana, balance := w.at(w.acme, "ana"), "/people/"+w.acme.id("carla")+"/balance"
	holds(t, ana.get(balance), 200, "Ask for leave")
	w.acme.leaving(w, "2026-03-01")
	papers := `href="/manage/leavers/` + w.acme.id("carla") + `"`
	for _, path := range []string{balance, "/people/" + w.acme.id("carla") + "/requests", "/people/" + w.acme.id("carla") + "/claims"} {
		holds(t, ana.get(path), 200, "Enter leave taken before", papers)
		lacks(t, ana.get(path), "Ask for leave")
	}
	lacks(t, w.at(w.acme, "bram").get(balance), "/manage/leavers/")

	r, err := w.acme.People.Record(t.Context(), people.ID(w.acme.id("ana")), people.ID(w.acme.id("carla")))
	if err == nil {
		r.Person.Active = false // shut out since: nothing can be booked
		err = w.acme.People.SavePerson(t.Context(), people.ID(w.acme.id("ana")), r.Person)
	}
	if err != nil {
		t.Fatal(err)
	}
	holds(t, ana.get(balance), 200, papers)
	lacks(t, ana.get(balance), "Enter leave taken before")
}

// leaving gives carla a last day, and returns the replacer of {leaver} and of {due}, what she is to be paid then.
func (c *customer) leaving(w *world, last string) *strings.Replacer {
	w.Helper()
	ctx, ana, carla := w.Context(), people.ID(c.id("ana")), people.ID(c.id("carla"))
	r, err := c.People.Record(ctx, ana, carla)
	if err == nil {
		e := r.Employments[0]
		e.To = calendar.MustParse(last)
		_, err = c.People.SaveEmployment(ctx, ana, e)
	}
	var x leave.Leaver
	if err == nil {
		x, err = c.Leave.Leaver(ctx, ana, carla, "")
	}
	if err != nil {
		w.Fatal(err)
	}
	due := x.Due()
	return strings.NewReplacer("{leaver}", string(carla), "{due}", "holiday "+due["holiday"].String()+";overtime "+due["overtime"].String())
}
