// SPDX-License-Identifier: Apache-2.0

package web

import (
	"bytes"
	"html"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
)

// The routes of past states with what asks for them: see matrix_test.go.
func init() {
	maps.Copy(exemplars, map[string]exemplar{
		"GET /manage/pasts":            {path: "/manage/pasts"},
		"GET /manage/pasts/{id}":       {path: "/manage/pasts/{before}", other: http.StatusNotFound},
		"GET /manage/pasts/{id}/back":  {path: "/manage/pasts/{before}/back?kind=request&thing={pending}&person={id:carla}", other: http.StatusNotFound, own: http.StatusNotFound}, // it is as it was
		"POST /manage/pasts/{id}/back": {path: "/manage/pasts/{before}/back", form: []string{"kind", "request", "thing", "{pending}", "person", "{id:carla}", "reason", "x"}, other: http.StatusNotFound},
		"GET /manage/pasts/{id}/look":  {path: "/manage/pasts/{before}/look", other: http.StatusNotFound, own: http.StatusSeeOther},
		"GET " + tenant.StepOverPath:   {path: tenant.StepOverPath + "?pass=x", other: http.StatusNotFound, own: http.StatusNotFound}, // of past states only
	})
	sheets["/manage/pasts/{id}/back"] = sheet{who: "ana", path: "/manage/pasts/{before}/back?kind=line&thing={came}&person={carla}", boxes: []box{{name: "reason", value: "A mistake"}}}
	doings["/manage/pasts/{id}/back"] = doing{why: "programs see no past states"}
}

// past is a past state of a customer as a test knows it.
type past struct {
	tenant.OpenPast
	file string // of its database
}

// before lets a customer be looked at as it is at the moment.
func (w *world) before(c *customer) past {
	w.Helper()
	where, path, err := w.dir.Place.Beside(c.ID, "before")
	if err == nil {
		err = c.DB().CopyTo(w.Context(), path)
	}
	if err != nil {
		w.Fatal(err)
	}
	o, err := w.dir.OpenPast(w.Context(), c.Slug, tenant.NewPast{Database: where, Host: c.Slug + "--20260316t0930.example.test", Kind: tenant.KindRestored,
		State: now, For: time.Hour}, tenant.Why{By: "olga", Reason: "to see"})
	if err != nil {
		w.Fatal(err)
	}
	c.before = o.ID
	return past{o, path}
}

// follow opens an address with a browser of its own.
func (w *world) follow(address string) *browser {
	w.Helper()
	u, err := url.Parse(address)
	if err != nil {
		w.Fatal(err)
	}
	b := &browser{w: w, host: u.Host, cookies: map[string]*http.Cookie{}, headers: map[string]string{}}
	if a := b.get(u.RequestURI()); a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/" {
		w.Fatalf("%s: %d %s", u.Path, a.Code, bodyOf(a))
	}
	return b
}

// TestPast: an operator looks at a past state by a link that is good for once, sees all of
// it, and changes nothing; those who looked are on record.
func TestPast(t *testing.T) {
	m := newMatrix(t, nil)
	p := m.opened(t)
	link, err := m.dir.PastLink(t.Context(), p.OpenPast, "olga")
	if err != nil {
		t.Fatal(err)
	}
	olga := m.follow(link)
	u, _ := url.Parse(link)
	again := &browser{w: m.world, host: u.Host, cookies: map[string]*http.Cookie{}, headers: map[string]string{}}
	if a := again.get(u.RequestURI()); a.Code != http.StatusNotFound || len(again.cookies) > 0 {
		t.Errorf("the link a second time: %d, %v", a.Code, again.cookies)
	}
	for path, want := range map[string]string{"/": "This is how it was on 16 Mar 2026 at 09:30:00 UTC.", "/people": "Zeldenrust", "/balances": "Zeldenrust"} {
		if a := olga.get(path); a.Code != http.StatusOK || !strings.Contains(bodyOf(a), want) || !strings.Contains(bodyOf(a), `class="past"`) {
			t.Errorf("%s: %d, without %q:\n%s", path, a.Code, want, bodyOf(a))
		}
	}
	if a := olga.get("/sickness"); a.Code != http.StatusForbidden {
		t.Errorf("an operator reads who was sick: %d", a.Code)
	}
	carla := m.acme.id("carla")
	olga.get("/leave/new?person=" + carla + "&note=secret")
	olga.post("/leave/new", "person", carla, "type", "holiday")
	looks, err := m.acme.Looks(t.Context(), people.ID(m.acme.id("ana")), p.ID, 10)
	var pages []string
	for _, l := range looks {
		if l.Who != "olga" {
			t.Errorf("%s looked", l.Who)
		}
		pages = append(pages, l.Page)
	}
	slices.Sort(pages)
	want := []string{"/", "/balances", "/leave/new?person=" + carla, "/people", "/sickness", "POST /leave/new"}
	if diff := cmp.Diff(want, pages); err != nil || diff != "" {
		t.Errorf("on record: %v\n%s", err, diff)
	}
}

// TestPast_takes_nothing: each page of today is there for a system manager; each form is
// refused by the database, and not a byte of it changes. Nobody signs in, and no program is
// answered.
func TestPast_takes_nothing(t *testing.T) {
	m := newMatrix(t, nil)
	p := m.opened(t)
	ana := m.at(m.acme, "ana")
	there := m.follow(ana.get("/manage/pasts/" + p.ID + "/look").Header().Get("Location"))
	was := m.read(p.file)
	m.routes(t, func(t *testing.T, rt page.Route, e exemplar) {
		a := e.send(there, rt.Method)
		asks := rt.Access.AsksWho() && rt.Access != page.Public
		switch {
		case rt.Method == http.MethodPost && a.Code < 400 && a.Code != http.StatusOK: // a preview is an answer to a form too
			t.Errorf("taken: %d", a.Code)
		case rt.Method == http.MethodGet && asks && a.Code >= 500 && e.own < 500:
			t.Errorf("%d:\n%s", a.Code, bodyOf(a))
		case rt.Access == page.Program && a.Code < 400:
			t.Errorf("a program is answered: %d", a.Code)
		case rt.Access == page.Public && rt.Method == http.MethodGet && a.Code == http.StatusOK:
			t.Errorf("open to everybody: %d", a.Code)
		}
	})
	if !bytes.Equal(was, m.read(p.file)) {
		t.Error("the database has changed")
	}
	if a := there.fill("/manage/settings", "name", "Other", "accent", "#2f5fd0", "language", "en"); a.Code != http.StatusForbidden || !strings.Contains(bodyOf(a), "nothing can be changed here") {
		t.Errorf("a form: %d %s", a.Code, bodyOf(a))
	}
	then, release, err := m.dir.PastByHost(t.Context(), p.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	err = then.Leave.Store.Update(t.Context(), func(tx leave.Tx) error { return tx.SaveLocation(people.Location{ID: "x"}) })
	if !errs.Is(err, errs.Forbidden) {
		t.Errorf("a change past all pages: %v", err)
	}
	if _, _, err := m.dir.ByHost(t.Context(), p.Host); !errs.Is(err, errs.NotFound) {
		t.Errorf("programs find it: %v", err)
	}
}

// TestPast_who: those who keep the system step over, for as long as they are signed in and
// keep that right; nobody else does.
func TestPast_who(t *testing.T) {
	m := newMatrix(t, nil)
	p := m.opened(t)
	look := "/manage/pasts/" + p.ID + "/look"
	for who, want := range map[string]int{"bram": http.StatusForbidden, "quirina": http.StatusForbidden} {
		if a := m.at(m.acme, who).get(look); a.Code != want {
			t.Errorf("%s: %d", who, a.Code)
		}
	}
	if a := m.at(m.globex, "ana").get(look); a.Code != http.StatusNotFound {
		t.Errorf("another customer's: %d", a.Code)
	}
	ana := m.at(m.acme, "ana")
	there := m.follow(ana.get(look).Header().Get("Location"))
	if a := there.get("/"); a.Code != http.StatusOK {
		t.Fatalf("ana looks: %d", a.Code)
	}
	nobody := &browser{w: m.world, host: p.Host, cookies: map[string]*http.Cookie{}, headers: map[string]string{}}
	if a := nobody.get("/"); a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header().Get("Location"), "/sign-in") {
		t.Errorf("without a link: %d %s", a.Code, a.Header().Get("Location"))
	}
	if a := nobody.get("/sign-in"); a.Header().Get("Location") != "http://"+m.acme.host+"/manage/pasts" {
		t.Errorf("signs in there: %d %s", a.Code, a.Header().Get("Location"))
	}
	live := ana.cookies
	nobody.cookies = live
	if a := nobody.get("/"); a.Code != http.StatusSeeOther {
		t.Errorf("with the session of today: %d", a.Code)
	}
	ana.post("/sign-out")
	if a := there.get("/"); a.Code != http.StatusSeeOther {
		t.Errorf("ana looks, signed out: %d", a.Code)
	}
	there = m.follow(m.at(m.acme, "ana").get(look).Header().Get("Location"))
	if err := m.dir.EndPast(t.Context(), "acme", p.Database, tenant.Why{By: "olga"}); err != nil {
		t.Fatal(err)
	}
	if a := there.get("/"); a.Code != http.StatusNotFound {
		t.Errorf("after its end: %d", a.Code)
	}
}

// TestPast_asToday: what somebody sees is decided by their roles of today, who was not there
// then among them.
func TestPast_asToday(t *testing.T) {
	m := newMatrix(t, nil)
	p := m.opened(t)
	org, err := m.acme.People.Organisation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kim := org.Person(people.ID(m.acme.id("kim")))
	kim.Roles = people.SystemManager
	err = m.acme.Leave.Store.Update(t.Context(), func(tx leave.Tx) error { return tx.SavePerson(kim) })
	if err != nil {
		t.Fatal(err)
	}
	there := m.follow(m.at(m.acme, "kim").get("/manage/pasts/" + p.ID + "/look").Header().Get("Location"))
	if a := there.get("/manage/settings"); a.Code != http.StatusOK {
		t.Errorf("a system manager since: %d", a.Code)
	}
	if a := there.get("/balances"); a.Code != http.StatusForbidden {
		t.Errorf("who sees no leave of others sees it then: %d", a.Code)
	}
}

func (m *matrix) opened(t *testing.T) past {
	t.Helper()
	list, err := m.acme.Pasts(t.Context(), people.ID(m.acme.id("ana")))
	if err != nil || len(list) != 1 {
		t.Fatalf("past states: %v, %v", err, list)
	}
	_, path, err := m.dir.Place.Beside(m.acme.ID, "before")
	if err != nil {
		t.Fatal(err)
	}
	return past{list[0], path}
}

func (w *world) read(path string) []byte {
	w.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		w.Fatal(err)
	}
	return text
}

// came writes a line by hand for carla, after a past state was opened, and returns its id.
func (c *customer) came(w *world) string {
	w.Helper()
	w.before(c)
	ana, carla := people.ID(c.id("ana")), people.ID(c.id("carla"))
	line := leave.Adjustment{Person: carla, Type: "holiday", Date: calendar.MustParse("2026-02-02"), Amount: exact.Int(2), Reason: "Twice by mistake"}
	if err := c.Leave.Adjust(w.Context(), ana, line, false); err != nil {
		w.Fatal(err)
	}
	lines, err := c.Leave.ByHand(w.Context(), ana)
	if err != nil {
		w.Fatal(err)
	}
	for _, x := range lines {
		if x.Line.Reason == line.Reason {
			return x.Line.ID
		}
	}
	w.Fatal("no line")
	return ""
}

// TestCompare: what went and what came since is told, who did it and when, with the balances
// that follow; a single thing is had back by new acts, which are refused as any other.
func TestCompare(t *testing.T) {
	w := newWorld(t, nil)
	c, ctx := w.acme, t.Context()
	came := c.came(w)
	ana, carla := people.ID(c.id("ana")), people.ID(c.id("carla"))
	if err := c.Leave.Cancel(ctx, ana, c.approved, "Not needed"); err != nil {
		t.Fatal(err)
	}
	b := w.at(c, "ana")
	path := "/manage/pasts/" + c.before
	body := bodyOf(b.get(path))
	for _, want := range []string{"Carla Fonseca", "3–14 Aug 2026", "Approved", "Cancelled", "Twice by mistake", "+2 days", "Ana Almeida, 16 Mar 2026"} {
		if !strings.Contains(body, want) {
			t.Errorf("not told: %q", want)
		}
	}
	if strings.Contains(body, "Lars Petersen") || strings.Contains(bodyOf(b.get(path+"?person="+c.id("lars"))), "Aug 2026") {
		t.Error("told of somebody of whom nothing is otherwise")
	}
	if a := b.post(path+"/back", "kind", "request", "thing", c.approved, "person", string(carla)); a.Code != http.StatusUnprocessableEntity || !strings.Contains(bodyOf(a), "Give a reason") {
		t.Errorf("without a reason: %d", a.Code)
	}
	for kind, thing := range map[string]string{"request": c.approved, "line": came} {
		if a := b.post(path+"/back", "kind", kind, "thing", thing, "person", string(carla), "reason", "It was a mistake"); a.Code != http.StatusSeeOther {
			t.Fatalf("have the %s back: %d %s", kind, a.Code, bodyOf(a))
		}
		if a := b.post(path+"/back", "kind", kind, "thing", thing, "person", string(carla), "reason", "Once more"); a.Code != http.StatusConflict && a.Code != http.StatusUnprocessableEntity {
			t.Errorf("have the %s back twice: %d", kind, a.Code)
		}
	}
	mine, err := c.Leave.Mine(ctx, carla, carla)
	if err != nil {
		t.Fatal(err)
	}
	august := 0
	for _, r := range mine {
		if r.From == calendar.MustParse("2026-08-03") && r.State == leave.Approved {
			august++
		}
	}
	if august != 1 {
		t.Errorf("carla has her leave in August %d times", august)
	}
	d, err := c.Compare(ctx, ana, c.before, "")
	if err != nil || len(d.Persons) != 1 || len(d.Persons[0].Balances) != 0 {
		t.Errorf("afterwards: %v, %+v", err, d.Persons)
	}
	if a := b.get(path); strings.Contains(bodyOf(a), "Bring back for") || !strings.Contains(bodyOf(a), "asked for again") {
		t.Errorf("what was had back is offered again:\n%s", bodyOf(a))
	}
	if a := w.at(c, "bram").get(path); a.Code != http.StatusForbidden {
		t.Errorf("who leads a team compares: %d", a.Code)
	}
}

// TestCompare_work: a last day that was set since is told with who set it, and its form is
// filled in as it was; saved after its forecast, nothing is different any more.
func TestCompare_work(t *testing.T) {
	w := newWorld(t, nil)
	w.before(w.acme)
	b, work := w.at(w.acme, "ana"), "/manage/people/acme-esra/employments/eacme-esra"
	save := func(fields ...string) {
		t.Helper()
		a := b.post(work, fields...)
		if a.Code == http.StatusOK { // the forecast
			a = b.post(work, append(typedIn(a), "change_reason", "It was a mistake", "change", "save")...)
		}
		says(t, a, http.StatusSeeOther)
	}
	save("from", "2022-09-01", "to", "2026-12-31")
	path := "/manage/pasts/" + w.acme.before
	a := b.get(path)
	says(t, a, http.StatusOK, "Employment", "from 1 Sep 2022", "1 Sep 2022 – 31 Dec 2026", "Ana Almeida, ")
	back := html.UnescapeString(regexp.MustCompile(`href="(/manage/people/[^"]+then[^"]+)"`).FindStringSubmatch(bodyOf(a))[1])
	form := b.get(back)
	says(t, form, http.StatusOK, "Filled in as it was on", `value="2022-09-01"`)
	if strings.Contains(bodyOf(form), "2026-12-31") {
		t.Error("the last day of now is filled in")
	}
	save("from", "2022-09-01", "to", "")
	says(t, b.get(path), http.StatusOK, "Everything is as it was")
}
