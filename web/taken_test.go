// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/people"
)

// TestTaken: payroll and those who lead see what approved leave costs in a time, as a page and as a
// file: the days in it alone.
func TestTaken(t *testing.T) {
	w := newWorld(t, nil)
	bram, carla := w.at(w.acme, "bram"), w.at(w.acme, "carla")
	for _, c := range []struct {
		path       string
		want, lack []string
	}{
		{"/taken?from=2026-08-01&to=2026-08-31", []string{"/requests/" + w.acme.approved, "3–14 Aug 2026", ">10<", ">80:00<", "1 person"}, []string{"of this"}},
		{"/taken?from=2026-08-10&to=2026-08-31&team=" + w.acme.id("sales"), []string{"of this: 10–14 Aug 2026", ">5<", ">40:00<"}, nil},
		{"/taken?from=2026-08-01&to=2026-08-31&type=special", []string{"No approved leave in this time"}, []string{w.acme.approved}},
		{"/taken", []string{"March 2026", "February 2026", "All of 2026"}, []string{w.acme.pending}},
	} {
		a := bram.get(c.path)
		body := a.Body.String()
		for _, s := range c.want {
			if a.Code != http.StatusOK || !strings.Contains(body, s) {
				t.Errorf("GET %s: %d, lacks %q", c.path, a.Code, s)
			}
		}
		for _, s := range c.lack {
			if strings.Contains(body, s) {
				t.Errorf("GET %s holds %q", c.path, s)
			}
		}
	}
	file := bram.get("/taken/file?from=2026-08-10&to=2026-08-31").Body.String()
	if !strings.Contains(file, "Carla Fonseca,Sales,Holiday,2026-08-10,2026-08-14,5,40") {
		t.Errorf("the file is\n%s", file)
	}
	dutch := w.at(w.acme, "bram")
	dutch.headers["Accept-Language"] = "nl"
	if file := dutch.get("/taken/file?from=2026-08-10&to=2026-08-31").Body.String(); !strings.Contains(file, "Carla Fonseca;Sales;Holiday;2026-08-10;2026-08-14;5;40") {
		t.Errorf("the file for whoever reads Dutch, whose spreadsheet has decimal commas, is\n%s", file)
	}
	if a := bram.get("/taken?from=2026-08-31&to=2026-08-01"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "at most ten years apart") {
		t.Errorf("from the last day to the first: %d", a.Code)
	}
	if a := carla.get("/taken"); a.Code != http.StatusForbidden {
		t.Errorf("an employee: %d", a.Code)
	}
}

// settle settles December 2025, and returns the settlement.
func (c *customer) settle(w *world) string {
	w.Helper()
	ana, december := people.ID(c.id("ana")), calendar.MonthOf(2025, 12)
	s, err := c.Leave.SettleLeave(w.Context(), ana, december, c.settleMark(w, december))
	if err != nil {
		w.Fatal(err)
	}
	return s.ID
}

// settleMark returns the mark of what settling a time would tell.
func (c *customer) settleMark(w *world, in calendar.Range) string {
	w.Helper()
	p, err := c.Leave.PreviewSettlement(w.Context(), people.ID(c.id("ana")), in)
	if err != nil {
		w.Fatal(err)
	}
	return p.Mark
}

// TestSettlements: payroll settles a month by its page. What is cancelled afterwards is told on the page of that month, as a
// correction of the next, and in no file that was told before.
func TestSettlements(t *testing.T) {
	w := newWorldAt(t, nil, func() time.Time { return now.Add(time.Hour) }) // after what was settled before
	ana := w.at(w.acme, "ana")
	look := func(path string, want ...string) {
		t.Helper()
		a := ana.get(path)
		for _, s := range want {
			if a.Code != http.StatusOK || !strings.Contains(a.Body.String(), s) {
				t.Errorf("GET %s: %d, lacks %q", path, a.Code, s)
			}
		}
	}
	december := settlements + "/" + w.acme.settled
	look(settlements, "Settle January 2026")
	look("/taken?from=2026-03-01&to=2026-03-31", "This time is not settled for payroll yet.", settlements+"/new?from=2026-03-01&amp;to=2026-03-31")
	look(settlements+"/new?from=2026-03-01&to=2026-03-31", "Settle March 2026", "Kim", "18–27 Mar 2026", `name="mark"`)

	march := calendar.MonthOf(2026, 3)
	a := ana.post(settlements, "from", "2026-03-01", "to", "2026-03-31", "mark", "stale")
	if body := a.Body.String(); a.Code != http.StatusConflict || !strings.Contains(body, "Something changed meanwhile") || !strings.Contains(body, "Kim") {
		t.Errorf("a mark of before: %d", a.Code)
	}
	a = ana.post(settlements, "from", "2026-03-01", "to", "2026-03-31", "mark", w.acme.settleMark(w, march))
	made := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(made, settlements+"/") {
		t.Fatalf("settle: %d to %q", a.Code, made)
	}
	made, _, _ = strings.Cut(made, "?")
	before := ana.get(made + "/file").Body.String()
	if body := ana.get(settlements).Body.String(); strings.Contains(body, "Settle April 2026") {
		t.Error("a month that has not begun is offered")
	}
	look("/taken?from=2026-03-01&to=2026-03-31", "March 2026 was settled by", "See what was told")

	home := func(who string) string { return bodyOf(w.at(w.acme, who).get("/")) }
	if strings.Contains(home("ana"), "what payroll has settled") {
		t.Error("home tells of changes before there are any")
	}

	kim := w.acme.pieceOf(w, "kim", march)
	if err := w.acme.Leave.Cancel(w.Context(), people.ID(w.acme.id("ana")), kim, ""); err != nil {
		t.Fatal(err)
	}
	look("/taken?from=2026-03-01&to=2026-03-31", "Since then 1 thing changed", "See what changed")
	look("/", "1 thing changed in what payroll has settled", settlements+"/new?from=2026-03-01&amp;to=2026-03-31")
	if strings.Contains(home("bram"), "what payroll has settled") {
		t.Error("home tells those who do not settle")
	}
	look(settlements+"/new?from=2026-04-01&to=2026-04-30", "Corrections", "March 2026", "8 days told, now 0 days", "-8", "Cancelled")
	if after := ana.get(made + "/file").Body.String(); after != before || !strings.Contains(before, "Holiday,2026-03-18,2026-03-27,8,64") {
		t.Errorf("the file was\n%s\nand is\n%s", before, after)
	}
	if a := ana.post(december+"/undo", "reason", "too early"); a.Code != http.StatusConflict || !strings.Contains(a.Body.String(), "A later settlement stands on this one") {
		t.Errorf("one before the last is taken back: %d", a.Code)
	}
	if a := ana.post(made+"/undo", "reason", "too early"); a.Code != http.StatusSeeOther {
		t.Errorf("take the last back: %d", a.Code)
	}
	look(settlements, "Taken back", "December 2025", "March 2026")
	look(made, "too early", "Taken back")
}

const settlements = "/taken/settlements"

// pieceOf returns the first leave of somebody in a time.
func (c *customer) pieceOf(w *world, who string, in calendar.Range) string {
	w.Helper()
	lines, err := c.Leave.Taken(w.Context(), people.ID(c.id("ana")), in, "")
	if err != nil {
		w.Fatal(err)
	}
	for _, x := range lines {
		if x.Person.ID == people.ID(c.id(who)) {
			return x.Request.ID
		}
	}
	w.Fatalf("%s has no leave in %s", who, in)
	return ""
}

// TestFilesInGerman has the files of balances and of a leave year say in the reader's language in what a type is kept.
func TestFilesInGerman(t *testing.T) {
	w := newWorld(t, nil)
	ana := w.at(w.acme, "ana")
	ana.post("/account/language", "lang", "de", "back", "/")
	for _, path := range []string{"/balances/file", "/manage/years/2025-12-31/file"} {
		if file := ana.get(path).Body.String(); !strings.Contains(file, ";Tage;") || strings.Contains(file, ";days;") {
			t.Errorf("%s:\n%s", path, file)
		}
	}
}
