// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// holds fails unless a page has a status and holds all of some texts.
func holds(t *testing.T, a *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if a.Code != status {
		t.Errorf("status %d, want %d", a.Code, status)
	}
	for _, s := range texts {
		if !strings.Contains(a.Body.String(), s) {
			t.Errorf("no %q in the page", s)
		}
	}
}

// lacks fails where a page holds one of some texts.
func lacks(t *testing.T, a *httptest.ResponseRecorder, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(a.Body.String(), s) {
			t.Errorf("%q in the page", s)
		}
	}
}

// TestMainFlow asks for leave, decides on it and looks at what came of it, as
// three people, without JavaScript.
func TestMainFlow(t *testing.T) {
	w := newWorld(t, nil)
	carla, bram, ana := w.at(w.acme, "carla"), w.at(w.acme, "bram"), w.at(w.acme, "ana")

	holds(t, carla.get("/leave/new"), 200, "16 days left", "Choose days")
	form := []string{"type", "holiday", "from", "2026-06-01", "to", "2026-06-05", "note", "To the sea"}
	days := func() int { return strings.Count(carla.get("/requests?year=2026").Body.String(), `<b class="own`) }
	before := days()
	show := carla.post("/leave/new", append(form, "do", "show")...)
	holds(t, show, 200, "5 days", "<dd>16</dd>", "<dd>11</dd>", "To the sea")

	sent := carla.post("/leave/new", form...)
	if sent.Code != http.StatusSeeOther {
		t.Fatalf("send: %d %s", sent.Code, sent.Body)
	}
	page := sent.Header().Get("Location")
	holds(t, carla.get(page), 200, "The request is sent", "To the sea", "Withdraw the request")
	lacks(t, carla.get(page), "The request is sent", ">Approve<")

	holds(t, bram.get("/"), 200, "One more is waiting")
	holds(t, bram.get("/inbox"), 200, "Carla Fonseca", "To the sea", "<dd>11</dd>")
	refused := bram.post(page + "/refuse")
	holds(t, refused, http.StatusUnprocessableEntity, "Give a reason")
	holds(t, bram.post(page+"/approve", "reason", "Enjoy", "back", "/inbox"), http.StatusSeeOther)
	holds(t, bram.get("/inbox"), 200, "The request is approved")
	holds(t, bram.post(page+"/approve", "back", "/inbox"), http.StatusConflict, "decided", `<a href="/inbox">To decide</a>`)

	holds(t, carla.get(page), 200, "Bram de Wit approved it", "Enjoy")
	holds(t, carla.get("/balance?at=2026-06-30"), 200, "1–5 Jun 2026", "Carried over from 2025")
	holds(t, carla.get("/calendar?month=2026-06"), 200, "Holiday", page)
	holds(t, ana.get("/away?date=2026-06-03"), 200, "Carla Fonseca", "Holiday")

	if n := days(); n != before+5 {
		t.Errorf("the year shows %d days of leave, before the request %d", n, before)
	}

	holds(t, carla.post(page+"/cancel"), http.StatusSeeOther)
	lacks(t, ana.get("/away?date=2026-06-03"), "Carla Fonseca")
	if n := days(); n != before {
		t.Errorf("the year shows %d days of leave after it was cancelled, before the request %d", n, before)
	}
}

// TestAskAgain asks anew for leave that came to nothing: the page is filled in as it was.
func TestAskAgain(t *testing.T) {
	w := newWorld(t, nil)
	carla := w.at(w.acme, "carla")
	sent := carla.post("/leave/new", "type", "special", "from", "2026-06-01", "to", "2026-06-03", "last", "morning", "note", "To the sea")
	page := sent.Header().Get("Location")
	again := "/leave/new?again=" + strings.TrimPrefix(page, "/requests/")
	lacks(t, carla.get(page), again)
	holds(t, carla.post(page+"/withdraw"), http.StatusSeeOther)
	holds(t, carla.get(page), 200, again)
	lacks(t, w.at(w.acme, "ana").get(page), again)
	holds(t, carla.get(again), 200, "Ask for leave", `value="2026-06-01"`, `value="2026-06-03"`, `value="morning" selected`, "To the sea", "2.5 days")
	holds(t, w.at(w.acme, "esra").get(again), http.StatusNotFound)
}

// TestEnterAnew cancels leave that was booked on the wrong type: HR and the manager enter it anew for the person as it was.
func TestEnterAnew(t *testing.T) {
	w := newWorld(t, nil)
	ana, page := w.at(w.acme, "ana"), "/requests/"+w.acme.approved
	again := "/leave/new?again=" + w.acme.approved + "&amp;person=" + w.acme.id("carla")
	lacks(t, ana.get(page), again)
	holds(t, ana.post(page+"/cancel", "reason", "On the wrong type"), http.StatusSeeOther)
	holds(t, ana.get(page), 200, again)
	lacks(t, w.at(w.acme, "esra").get(page), again)
	holds(t, ana.get(strings.ReplaceAll(again, "&amp;", "&")), 200, "Ask for leave for Carla Fonseca", `value="2026-08-03"`, `value="2026-08-14"`)
}

// TestRevise changes a request that waits: the form is filled in with it, also after a day is chosen in
// the calendar; its days are free for the change, which the manager sees beside what was.
func TestRevise(t *testing.T) {
	w := newWorld(t, nil)
	carla, bram := w.at(w.acme, "carla"), w.at(w.acme, "bram")
	old := carla.post("/leave/new", "type", "holiday", "from", "2026-06-01", "to", "2026-06-03", "last", "morning", "note", "To the sea").Header().Get("Location")
	id := strings.TrimPrefix(old, "/requests/")
	form := "/leave/new?revise=" + id
	holds(t, carla.get(old), 200, form)
	lacks(t, bram.get(old), form)
	holds(t, carla.get(form), 200, "Change request: 1 Jun – 3 Jun 2026 (morning)", `name="revise" value="`+id+`"`, `value="2026-06-03"`, `value="morning" selected`,
		"To the sea", "Send the change", "Nothing changes", "16 days left", "<dd>16</dd>", "<dd>2.5</dd>")
	holds(t, carla.get(form+"&type=holiday&from=2026-06-01&to=2026-06-04"), 200, "To the sea", "<dd>16</dd>", "<dd>4</dd>")
	taken := "Holiday, pending"
	holds(t, carla.get("/leave/new?from=2026-06-01"), 200, taken)
	lacks(t, carla.get(form), taken)
	holds(t, w.at(w.acme, "esra").get(form), http.StatusNotFound)

	same := []string{"revise", id, "type", "holiday", "from", "2026-06-01", "to", "2026-06-03", "last", "morning", "note", "To the sea"}
	holds(t, carla.post("/leave/new", same...), http.StatusConflict, "Nothing changes: this is what the request asks for already.")
	sent := carla.post("/leave/new", more(same, "to", "2026-06-04")...)
	holds(t, sent, http.StatusSeeOther)
	now := sent.Header().Get("Location")
	holds(t, carla.get(now), 200, "The change is sent", "Before the change", `href="`+old+`"`)
	holds(t, carla.get(old), 200, "Carla Fonseca changed it", "Changed by", `href="`+now+`"`)
	lacks(t, carla.get(old), "Ask again", form)
	holds(t, bram.get("/inbox"), 200, "Changed. Before: 1 Jun – 3 Jun 2026 (morning)")
	holds(t, bram.post(old+"/approve"), http.StatusConflict, "This request was changed meanwhile.")
	holds(t, carla.post("/leave/new", more(same, "to", "2026-06-05")...), http.StatusConflict, "This request was changed meanwhile.")
	holds(t, bram.post(now+"/approve"), http.StatusSeeOther)
}

// TestToTheLastEighth adds up: what leave costs by the hour is not rounded.
func TestToTheLastEighth(t *testing.T) {
	w := newWorld(t, nil)
	carla := w.at(w.acme, "carla")
	form := []string{"type", "holiday", "from", "2026-06-15", "first", "hours", "first-from", "09:00", "first-to", "12:00"}
	holds(t, carla.post("/leave/new", append(form, "do", "show")...), 200, "<dd>16</dd>", "<dd>3/8</dd>", "<dd>15 5/8</dd>")
	page := carla.post("/leave/new", form...).Header().Get("Location")
	holds(t, carla.get("/balance"), 200, "15 5/8 <small>")
	holds(t, carla.get(page), 200, "<dd>15 5/8</dd>")
}

// TestBalanceAsked shows what leave does to the balance for as long as that is asked, and no
// balance beside leave that is over.
func TestBalanceAsked(t *testing.T) {
	w := newWorld(t, nil)
	carla, bram := w.at(w.acme, "carla"), w.at(w.acme, "bram")
	for from, shown := range map[string]bool{"2026-01-06": false, "2026-06-16": true} {
		page := carla.post("/leave/new", "type", "holiday", "from", from).Header().Get("Location")
		holds(t, bram.get(page), 200, "Balance of 2026")
		holds(t, bram.post(page+"/approve"), http.StatusSeeOther)
		if got := strings.Contains(carla.get(page).Body.String(), "Balance of 2026"); got != shown {
			t.Errorf("%s is approved, and a balance shows: %t", from, got)
		}
	}
}

// TestWarnedToday looks at other days: what lapses soon is said of today alone.
func TestWarnedToday(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "carla")
	holds(t, b.get("/balance"), 200, "by 30 Jun 2026, or it lapses")
	for _, at := range []string{"2025-12-31", "2026-12-31"} {
		lacks(t, b.get("/balance?at="+at), "or it lapses")
	}
}

func TestWhatIsTypedIsKept(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "carla")
	a := b.post("/leave/new", "type", "special", "from", "2026-03-24", "to", "2026-03-27", "first", "afternoon", "note", "<b>moving</b>")
	holds(t, a, http.StatusConflict, "There is leave already", `value="2026-03-24"`, `value="2026-03-27"`,
		"&lt;b&gt;moving&lt;/b&gt;", `value="afternoon" selected`, `href="#f-from"`)
	a = b.post("/leave/new", "type", "holiday", "from", "31 February", "note", "keep me")
	holds(t, a, http.StatusUnprocessableEntity, "This is not a date", "keep me")
	a = b.post("/leave/new", "type", "holiday")
	holds(t, a, http.StatusUnprocessableEntity, "Fill in a date")
	a = b.post("/sign-in", "email", "carla@acme.example.test", "password", "not this one at all")
	holds(t, a, http.StatusUnauthorized, "carla@acme.example.test")
	lacks(t, a, "not this one at all")
}

func TestPreview(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "carla")
	get := func(query string) *httptest.ResponseRecorder { return b.get("/leave/new/preview?" + query) }
	holds(t, get(""), 200, "Choose days")
	a := get("type=holiday&from=2026-04-01&to=2026-04-10")
	holds(t, a, 200, "7 days", "56:00 h", "Easter Monday", "free day", "Esra Yildiz", "Balance of 2026, in days", "<dd>9</dd>")
	lacks(t, a, "<html", "<main")
	holds(t, get("type=holiday&from=2026-04-01&first=morning"), 200, "0.5 days", "4:00 h")
	holds(t, get("type=holiday&from=2026-04-01&first=hours&first-from=09:00&first-to=10:00"), 200, "1:00 h")
	holds(t, get("type=holiday&from=2026-03-20&to=2026-03-26"), 200, "There is leave already")
	holds(t, get("type=holiday&from=2026-06-01&to=2026-07-31"), 200, "not enough leave")
	holds(t, get("type=holiday&from=2026-04-10&to=2026-04-01"), 422, "lies before the first")
	holds(t, get("type=holiday&from=soon"), 422, "not a date")
	holds(t, get("type=nothing&from=2026-04-01"), 422, "Choose a type")
	holds(t, get("type=holiday&from=2026-04-01&first=hours&first-from=10:00&first-to=09:00"), 422, "both times")
	holds(t, get("person=acme-hugo&type=holiday&from=2026-04-01"), 404)
}

func TestOnBehalf(t *testing.T) {
	w := newWorld(t, nil)
	bram := w.at(w.acme, "bram")
	holds(t, bram.get("/leave/new?person=acme-dirk"), 200, "Ask for leave for Dirk Aalders", `name="person" value="acme-dirk"`)
	a := bram.post("/leave/new", "person", "acme-dirk", "type", "sick", "from", "2026-03-16", "to", "2026-03-17")
	holds(t, a, http.StatusSeeOther)
	holds(t, bram.get(a.Header().Get("Location")), 200, "The leave is booked", "Dirk Aalders")
	holds(t, w.at(w.acme, "dirk").get("/away"), 200, "Dirk Aalders")
	holds(t, bram.get("/leave/new?person=acme-kim"), 404)
}

func TestReasonsStayHidden(t *testing.T) {
	w := newWorld(t, nil)
	a := w.at(w.acme, "hugo").get("/away")
	holds(t, a, 200, "Gita Nair")
	lacks(t, a, "Sickness", "Esra Yildiz")
	holds(t, w.at(w.acme, "finn").get("/away"), 200, "Gita Nair", "Sickness")
	chart := w.at(w.acme, "hugo").get("/calendar")
	holds(t, chart, 200, "Gita Nair", "Away")
	lacks(t, chart, "Sickness", "Kim Ouwerkerk")
}

func TestDecideSeveral(t *testing.T) {
	w := newWorld(t, nil)
	bram := w.at(w.acme, "bram")
	holds(t, bram.post("/inbox", "decision", "approve"), 422, "Choose at least one")
	holds(t, bram.post("/inbox", "decision", "refuse", "request", w.acme.pending), 409, "Give a reason")
	holds(t, bram.post("/inbox", "request", w.acme.pending), 422)
	a := bram.post("/inbox", "decision", "approve", "request", w.acme.pending, "request", w.acme.approved)
	holds(t, a, 409, "Carla Fonseca, 3–14 Aug 2026 (Approved): This request has been decided or taken back already.")
	lacks(t, a, "who-"+w.acme.pending, "See below why")
	rest, _, err := w.acme.Leave.Inbox(t.Context(), "acme-bram", 100)
	if err != nil || len(rest) != 2 {
		t.Fatalf("%d wait, %v", len(rest), err)
	}
	done := bram.post("/inbox", "decision", "refuse", "reason", "Stocktaking", "request", rest[0].Request.ID, "request", rest[1].Request.ID)
	holds(t, done, http.StatusSeeOther)
	holds(t, bram.get("/inbox"), 200, "The selected requests are refused", "Nothing is waiting for you")
}

func TestAdjust(t *testing.T) {
	w := newWorld(t, nil)
	ana := w.at(w.acme, "ana")
	post := func(pairs ...string) *httptest.ResponseRecorder {
		return ana.post("/people/acme-kim/adjustments", pairs...)
	}
	holds(t, post("type", "holiday", "date", "2026-03-01", "amount", "lots", "reason", "x"), 422, "not an amount", `value="lots"`)
	holds(t, post("type", "holiday", "date", "2026-03-01", "amount", "1", "reason", ""), 422, "Give a reason")
	holds(t, post("type", "holiday", "date", "2026-03-01", "amount", "-1,5", "reason", "Overbooked in 2025"), 303)
	holds(t, post("type", "overtime", "date", "2026-03-01", "amount", "4:30", "until", "2026-02-01", "reason", "Fair"), 422, "The last day lies before the day", `value="4:30"`)
	holds(t, post("type", "overtime", "date", "2026-03-01", "amount", "4:30", "until", "soon", "reason", "Fair"), 422, `value="soon"`)
	holds(t, post("type", "overtime", "date", "2026-03-01", "amount", "4:30", "until", "2026-09-30", "class", "extra", "reason", "Fair"), 422, "Leave the kind open")
	holds(t, post("type", "overtime", "date", "2026-03-01", "amount", "4:30", "until", "2026-09-30", "reason", "Fair in March"), 303)
	holds(t, w.at(w.acme, "kim").get("/balance"), 200, "−1.5 days", "Overbooked in 2025", "+4:30 h", "Fair in March", "30 Sep")
	holds(t, w.at(w.acme, "jonas").post("/people/acme-kim/adjustments", "type", "holiday"), 403)
}

func TestPasswordAndSessions(t *testing.T) {
	w := newWorld(t, nil)
	here, there := w.at(w.acme, "carla"), w.at(w.acme, "carla")
	holds(t, w.at(w.acme, "").get("/sign-in"), 200, `type="password"`, `autocomplete="current-password"`)
	holds(t, here.get("/account"), 200, "This browser", "Sign out everywhere else")
	holds(t, here.post("/account/password", "current", "", "password", "x"), 422, "Fill in your current password")
	holds(t, here.post("/account/password", "current", password, "password", "short"), 422, "too short")
	holds(t, here.post("/account/sessions/end-others"), 303)
	holds(t, there.get("/"), 303)
	holds(t, here.post("/account/password", "current", password, "password", "nine slow otters dream"), 303)
	holds(t, here.get("/account"), 200, "Your password is changed")
	holds(t, here.post("/sign-out"), 303)
	holds(t, here.get("/account"), 303)
}

// TestPasswordAndTokens: who changes the own password is told of the tokens that would stay, and may end them.
func TestPasswordAndTokens(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "carla")
	page := bodyOf(b.get("/account"))
	if strings.Contains(page, "that I made for") {
		t.Error("somebody without tokens is asked about them")
	}
	holds(t, b.post("/account/tokens", "name", "Night run", "days", "30", "scopes", "leave:read"), 200, "vlf_pat_")
	holds(t, b.get("/account"), 200, "Also end the access token that I made for a script", `name="tokens"`)
	holds(t, b.post("/account/password", "current", password, "password", "nine slow otters dream"), 303)
	holds(t, b.get("/account/tokens"), 200, "Night run")
	holds(t, b.post("/account/password", "current", "nine slow otters dream", "password", "seven quiet herons run", "tokens", "yes"), 303)
	if strings.Contains(bodyOf(b.get("/account/tokens")), "Night run") {
		t.Error("the token is there still")
	}
	holds(t, b.get("/account/security"), 200, "Access token made: Night run", "Access token ended: Night run")
}

func TestInvitation(t *testing.T) {
	w := newWorld(t, nil)
	letter, err := w.acme.Identity.Issue(t.Context(), "acme-hugo")
	if err != nil {
		t.Fatal(err)
	}
	b := w.at(w.acme, "")
	holds(t, b.get("/reset/"+letter.Token), 200, "Hugo Lang")
	holds(t, b.post("/reset/"+letter.Token, "password", "short"), 422, "too short", "Hugo Lang")
	holds(t, b.post("/reset/"+letter.Token, "password", "nine slow otters dream"), 303)
	holds(t, b.get("/reset/"+letter.Token), 404, "This link has been used")
	holds(t, b.post("/sign-in", "email", "hugo@acme.example.test", "password", "nine slow otters dream", "next", "/balance"), 303)
	holds(t, b.get("/sign-in?next=//evil.example"), 303)
}

func TestForgotSaysTheSame(t *testing.T) {
	w := newWorld(t, nil)
	known := w.at(w.acme, "").post("/forgot", "email", "carla@acme.example.test")
	unknown := w.at(w.acme, "").post("/forgot", "email", "nobody@acme.example.test")
	holds(t, known, 200, "If there is an account")
	if known.Body.String() != unknown.Body.String() {
		t.Error("the answers differ")
	}
	holds(t, w.at(w.acme, "").post("/forgot"), 422, "Fill in your email address")
}

func TestSignInTooOften(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "")
	var a *httptest.ResponseRecorder
	for range 8 {
		a = b.post("/sign-in", "email", "carla@acme.example.test", "password", "wrong wrong wrong wrong")
	}
	holds(t, a, http.StatusTooManyRequests, "tried too often", "carla@acme.example.test")
	if a.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// TestApprovalFlow has long leave decided in two steps, the first by a stand-in, and
// then changed, as the people see it. The link of a mail leads through the sign-in.
func TestApprovalFlow(t *testing.T) {
	w := newWorld(t, nil)
	carla, ana, esra := w.at(w.acme, "carla"), w.at(w.acme, "ana"), w.at(w.acme, "esra")
	more := ana.post("/manage/approval/new", "name", "Longer", "step1", "manager", "steps", "2", "do", "step")
	holds(t, more, 200, `value="Longer"`, `name="step3"`)
	if strings.Contains(more.Body.String(), `name="step4"`) || strings.Contains(ana.get("/manage/approval").Body.String(), "Longer") {
		t.Error("one more step was asked for, and two came, or the rule was saved")
	}
	holds(t, ana.post("/manage/approval/new", "name", "Long", "types", "holiday", "over", "3", "step1", "manager", "step2", "administrator"), 303)
	holds(t, ana.get("/manage/approval"), 200, "Long", "longer than 3 working days", "A manager", "An administrator")
	holds(t, ana.post("/manage/limits/new", "name", "Two at work", "limit", "presence", "staff", "3", "team", "acme-sales", "warn", "yes"), 303)
	holds(t, carla.get("/leave/new/preview?type=holiday&from=2026-12-28"), 200, "Stocktaking: no leave from 28 Dec 2026")

	form := []string{"type", "holiday", "from", "2026-06-01", "to", "2026-06-05"}
	holds(t, carla.post("/leave/new", append(form, "do", "show")...), 200, "Who decides", "Bram de Wit", "By the rule “Long”: Holiday, longer than 3 working days.")
	page := carla.post("/leave/new", form...).Header().Get("Location")
	holds(t, esra.get(page), 404)

	w.acme.leave(w, "bram", "special", "2026-03-16", "2026-03-17", "ana")
	holds(t, esra.get("/inbox"), 200, "You decide for Bram de Wit, who is away.", "Step 1 of 2")
	holds(t, esra.get("/account"), 200, "In force until 17 Mar 2026")
	holds(t, esra.post(page+"/approve"), 303)
	holds(t, esra.get(page), 200, "Esra Yildiz agreed, standing in for Bram de Wit.")
	holds(t, esra.post(page+"/approve"), 403)
	mailed := w.at(w.acme, "").get(page)
	holds(t, mailed, 303)
	if to := mailed.Header().Get("Location"); to != "/sign-in?next="+url.QueryEscape(page) {
		t.Errorf("the link of a mail leads to %s", to)
	}
	holds(t, ana.post(page+"/approve"), 303)
	holds(t, carla.get(page), 200, "Ana Almeida approved it", "Change this leave")

	change := "/leave/new?change=" + strings.TrimPrefix(page, "/requests/")
	holds(t, carla.get(change), 200, "Change leave: 1–5 Jun 2026", `value="2026-06-05"`)
	shorter := carla.post("/leave/new", "change", strings.TrimPrefix(page, "/requests/"), "type", "holiday", "from", "2026-06-01", "to", "2026-06-02")
	holds(t, shorter, 303)
	holds(t, carla.get(page), 200, "Changed by", "1–2 Jun 2026")
	holds(t, carla.get(shorter.Header().Get("Location")), 200, "Change of", "1–5 Jun 2026")
}
