// SPDX-License-Identifier: Apache-2.0

package web

import (
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"verlof/leave"
	"verlof/people"
	"verlof/web/page"
)

// says fails unless an answer has a status and says some things.
func says(t *testing.T, a *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	body := html.UnescapeString(bodyOf(a))
	if a.Code != status {
		t.Fatalf("%d, want %d: %s", a.Code, status, body)
	}
	for _, s := range texts {
		if !strings.Contains(body, s) {
			t.Errorf("does not say %q: %s", s, body)
		}
	}
}

// TestForecast: a day off that changes approved leave is shown with whom it concerns before
// it is made; it wants a reason; back keeps what was typed; and then it stands in the log,
// and in the balance of whom it concerns.
func TestForecast(t *testing.T) {
	w := newWorld(t, nil)
	ana := w.at(w.acme, "ana")
	day := []string{"date", "2026-08-07", "name", "Bridge & day", "off", "full", "location", "utrecht"}
	asked := ana.post("/manage/days/new", day...)
	says(t, asked, http.StatusOK, "What this changes", "Bridge & day added on 7 Aug 2026", "1 person", "Carla Fonseca", "3–14 Aug 2026: 10 → 9 days",
		`<b class="gain">+1</b>`, "Save the change", `name="change_tell" value="on" checked`)
	if log := ana.get(page.ChangesPath); !strings.Contains(bodyOf(log), "No changes") {
		t.Error("what was only looked at is on record")
	}

	typed := typedIn(asked)
	says(t, ana.post("/manage/days/new", append(typed, "change_reason", " ", "change", "save")...), http.StatusUnprocessableEntity,
		"Give a reason", `href="#f-change_reason"`, "Carla Fonseca", `value="Bridge & day"`, `name="change_tell" value="on" aria-describedby`)
	says(t, ana.post("/manage/days/new", append(typed, "change_reason", "so", "change", "back")...), http.StatusOK,
		`name="name"`, `value="Bridge & day"`, `value="2026-08-07"`, "Add a day")
	says(t, ana.post("/manage/days/new", append(more(typed, "change_mark", "0"), "change_reason", "so", "change", "save")...), http.StatusConflict,
		"no longer does what you saw", "so</textarea>")

	says(t, ana.post("/manage/days/new", append(typed, "change_reason", "The works council agreed", "change", "save")...), http.StatusSeeOther)
	log := ana.get(page.ChangesPath)
	says(t, log, http.StatusOK, "Bridge & day added on 7 Aug 2026", "The works council agreed", "1 person", "Ana Almeida")
	entry := regexp.MustCompile(page.ChangesPath + `/[0-9a-z]+`).FindString(bodyOf(log))
	says(t, ana.get(entry), http.StatusOK, "The works council agreed", "Carla Fonseca", "3–14 Aug 2026: 10 → 9 days")
	says(t, ana.get(page.ChangesPath+"?kind=policy"), http.StatusOK, "No changes")

	carla := w.at(w.acme, "carla")
	says(t, carla.get("/balance?at=2026-12-31"), http.StatusOK, "Correction", "7 Aug 2026 became a public holiday", "changed on")
	says(t, carla.get("/requests/"+w.acme.approved), http.StatusOK, "7 Aug 2026 became a public holiday", "9 days")
	for _, path := range []string{page.ChangesPath, entry} {
		says(t, carla.get(path), http.StatusForbidden)
	}
}

// TestForecastOfRemoval: what a button removes is shown first as well; back leads to where
// the button is.
func TestForecastOfRemoval(t *testing.T) {
	w := newWorld(t, nil)
	ana := w.at(w.acme, "ana")
	asked := ana.post("/manage/policies/p1/delete", "x", "")
	says(t, asked, http.StatusOK, "Policy for Holiday in Everybody from 1 Jan 2015 removed", "Carla Fonseca", "Save the change")
	back := ana.post("/manage/policies/p1/delete", append(typedIn(asked), "change", "back")...)
	if back.Code != http.StatusSeeOther || back.Header().Get("Location") != "/manage/policies/p1" {
		t.Errorf("back leads to %d %s", back.Code, back.Header().Get("Location"))
	}
	says(t, ana.post("/manage/policies/p1/delete", append(typedIn(asked), "change_reason", "Wrong one", "change", "save")...), http.StatusSeeOther)
	says(t, ana.get("/manage/policies/p1"), http.StatusNotFound)
}

// TestForecastOfFixed: a leave year that is fixed by hand has its reason already.
func TestForecastOfFixed(t *testing.T) {
	w := newWorld(t, nil)
	ana := w.at(w.acme, "ana")
	path := "/people/" + w.acme.id("carla") + "/fixed"
	form := []string{"fix_type", "holiday", "fix_year", "2026", "fix_amount", "30", "fix_reason", "Agreed at hiring"}
	says(t, ana.post(path, more(form, "fix_reason", "")...), http.StatusUnprocessableEntity, `href="#f-fix_reason"`)
	asked := ana.post(path, form...)
	says(t, asked, http.StatusOK, "What this changes", "Agreed at hiring</textarea>", "Carla Fonseca")
	says(t, ana.agrees(path, asked), http.StatusSeeOther)
}

// TestForecast_names_new_types: who takes over a law sees of which leave there would be more, though no such type is there yet.
func TestForecast_names_new_types(t *testing.T) {
	w := newWorld(t, nil)
	ana := w.at(w.acme, "ana")
	text := bodyOf(ana.post("/manage/laws/NL", "package", "all", "rule-short-care", "yes", "rule-long-care", "yes"))
	for _, name := range []string{"Short-term care leave", "Long-term care leave"} {
		if n := strings.Count(text, "</span>"+name); n < 2 { // in the sums, and for a person
			t.Errorf("%s is named %d times: %s", name, n, text)
		}
	}
}

// TestForecast_says_what_stops: who is moved to a package without overtime can report none any longer, and that is looked at before
// it happens, though no balance changes. Who leaves is not said to lose it.
func TestForecast_says_what_stops(t *testing.T) {
	w := newWorld(t, nil)
	claiming(w)
	book, err := w.acme.Leave.Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = w.acme.Leave.Store.Update(t.Context(), func(tx leave.Tx) error {
		if err := tx.SavePackage(leave.Package{ID: "bare", Name: "Bare"}); err != nil {
			return err
		}
		for _, p := range book.Policies {
			if p.Type == "lieu" {
				continue
			}
			p.ID, p.Package = "bare-"+p.ID, "bare"
			if err := tx.SavePolicy(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ana, path := w.at(w.acme, "ana"), "/manage/people/"+w.acme.id("carla")+"/contracts/new"
	line := []string{"from", "2026-05-01", "pattern", "full", "package", "bare"}
	asked := ana.post(path, line...)
	says(t, asked, http.StatusOK, "1 person", "No longer from 1 May 2026: reporting overtime for ‘In lieu’ (Carla Fonseca).", "buying ‘In lieu’ (Carla Fonseca)")
	if strings.Contains(bodyOf(asked), "selling") {
		t.Error("says that selling stops, which nobody could")
	}
	typed := typedIn(asked)
	says(t, ana.post(path, append(typed, "change_reason", " ", "change", "save")...), http.StatusUnprocessableEntity, "Give a reason")
	says(t, ana.post(path, append(typed, "change_reason", "Another contract", "change", "save")...), http.StatusSeeOther)

	org, err := w.acme.People.Organisation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bram := w.acme.id("bram")
	job := org.Records[people.ID(bram)].Employments[0]
	left := ana.post("/manage/people/"+bram+"/employments/"+job.ID, "from", job.From.String(), "to", "2026-06-30")
	says(t, left, http.StatusOK, "What this changes")
	if strings.Contains(bodyOf(left), "No longer from") {
		t.Error("says of who leaves that they can report no overtime")
	}
}
