// SPDX-License-Identifier: Apache-2.0

package web

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/identity"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
	"verlof/store/storetest"
	"verlof/tenant"
)

// The routes of calendar feeds with what asks for them: see matrix_test.go and slips_test.go.
func init() {
	maps.Copy(exemplars, feedExemplars)
	maps.Copy(sheets, feedSheets)
}

var feedExemplars = map[string]exemplar{
	"GET /account/feeds":               {path: "/account/feeds"},
	"POST /account/feeds":              {path: "/account/feeds", form: []string{"team", "{id:sales}"}, other: http.StatusUnprocessableEntity, own: http.StatusUnprocessableEntity},
	"POST /account/feeds/{id}/replace": {path: "/account/feeds/none/replace", other: http.StatusNotFound},
	"POST /account/feeds/{id}/revoke":  {path: "/account/feeds/none/revoke", other: http.StatusNotFound},
	"GET /feeds/{secret}/calendar.ics": {path: "/feeds/none/calendar.ics", other: http.StatusNotFound, own: http.StatusNotFound},

	"POST /manage/sign-in/{id}/feeds/{feed}/revoke": {path: "/manage/sign-in/{id:carla}/feeds/none/revoke", other: http.StatusNotFound, own: http.StatusNotFound},
}

var feedSheets = map[string]sheet{
	"/account/feeds": {who: "carla", path: "/account/feeds", boxes: []box{{name: "team", value: "acme-sales", kind: pick, optional: true},
		{name: "holidays", value: "yes", kind: tick, optional: true}}},
	"/account/feeds/{id}/replace":              {who: "carla", path: "/account/feeds/{feed}/replace"},
	"/account/feeds/{id}/revoke":               {who: "carla", path: "/account/feeds/{feed}/revoke"},
	"/manage/sign-in/{id}/feeds/{feed}/revoke": {who: "ana", path: "/manage/sign-in/{carla}/feeds/{feed}/revoke"},
}

var feedAddress = regexp.MustCompile(`value="https?://[^/]*(/feeds/vlf_cal_[0-9A-Za-z]{38}/calendar\.ics)"`)

// feed makes a calendar feed on its page, and returns its address.
func (b *browser) feed(pairs ...string) string {
	b.w.Helper()
	return addressIn(b.w.T, b.post("/account/feeds", pairs...))
}

func addressIn(t *testing.T, a *httptest.ResponseRecorder) string {
	t.Helper()
	found := feedAddress.FindStringSubmatch(bodyOf(a))
	if a.Code != http.StatusOK || found == nil {
		t.Fatalf("no address: %d %.2000s", a.Code, bodyOf(a))
	}
	return found[1]
}

// entries returns the titles of a calendar, each with its first day, folded lines put together.
func entries(t *testing.T, a *httptest.ResponseRecorder) map[string]string {
	t.Helper()
	if a.Code != http.StatusOK || a.Header().Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("%d %v %s", a.Code, a.Header(), a.Body)
	}
	all, from := map[string]string{}, ""
	for line := range strings.SplitSeq(strings.ReplaceAll(bodyOf(a), "\r\n ", ""), "\r\n") {
		if day, ok := strings.CutPrefix(line, "DTSTART"); ok {
			from = strings.TrimPrefix(day, ";VALUE=DATE:")
		}
		if title, ok := strings.CutPrefix(line, "SUMMARY:"); ok {
			all[from+" "+title] = line
		}
	}
	return all
}

func wantEntries(t *testing.T, got map[string]string, want ...string) {
	t.Helper()
	for _, w := range want {
		if _, ok := got[w]; !ok {
			t.Errorf("lacks %q: %v", w, got)
		}
	}
}

// TestOwnFeed: whoever has the address, and nothing else, reads the leave of its person; it says
// nothing of sickness, and stands in no log and no row.
func TestOwnFeed(t *testing.T) {
	w := newWorld(t, nil)
	carla := people.ID(w.acme.id("carla"))
	if _, err := w.acme.Leave.ReportSick(t.Context(), carla, leave.SickAsk{Person: carla, From: calendar.MustParse("2026-03-16")}); err != nil {
		t.Fatal(err)
	}
	self := w.at(w.acme, "carla")
	if form := bodyOf(self.get("/account/feeds")); !strings.Contains(form, `<option value="own" selected>`) || strings.Contains(form, `<option value="">`) {
		t.Errorf("a browser would not send this form: %s", form)
	}
	address := self.feed("team", "own", "holidays", "yes")
	app := w.at(w.acme, "")
	a := app.get(address)
	got := entries(t, a)
	wantEntries(t, got, "20260427 King's Day", "20261224 Christmas Eve (half a day)")
	text := bodyOf(a)
	for _, want := range []string{"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n", "STATUS:TENTATIVE\r\n", "STATUS:CONFIRMED\r\n", "UID:" + w.acme.pending + "@" + w.acme.host + "\r\n", "UID:" + w.acme.approved + "@"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Sick") || strings.Contains(text, "Away") || strings.Contains(text, "DATE:20260316") {
		t.Errorf("it tells of sickness:\n%s", text)
	}
	if h := a.Header(); h.Get("Cache-Control") != "private, no-cache" || h.Get("Referrer-Policy") != "no-referrer" || len(a.Result().Cookies()) > 0 {
		t.Errorf("%v", h)
	}
	plain := w.at(w.acme, "carla").feed()
	if got := entries(t, app.get(plain)); len(got) == 0 || strings.Contains(bodyOf(app.get(plain)), "King") {
		t.Errorf("without public holidays: %v", got)
	}
	secret := strings.Split(address, "/")[2]
	if strings.Contains(w.log.String(), secret) || !strings.Contains(w.log.String(), "/feeds/{secret}/calendar.ics") {
		t.Errorf("the log: %s", w.log.String())
	}
	for _, row := range storetest.Rows(t, w.dsn(w.acme)) {
		if strings.Contains(row, secret) {
			t.Errorf("a row holds the secret: %s", row)
		}
	}
	if b := w.at(w.globex, ""); b.get(address).Code != http.StatusNotFound {
		t.Error("the address opens something of another customer")
	}
}

// dsn is where the database of a customer is.
func (w *world) dsn(c *customer) string {
	w.Helper()
	info, err := w.dir.Show(w.Context(), strings.TrimSuffix(c.host, ".example.test"))
	if err != nil {
		w.Fatal(err)
	}
	dsn, err := w.dir.Place.DSN(info.Database)
	if err != nil {
		w.Fatal(err)
	}
	return dsn
}

// TestFeedAtTwoNames: at each name of the customer a feed is the same, entry by entry.
func TestFeedAtTwoNames(t *testing.T) {
	w := newWorld(t, nil)
	address, app := w.at(w.acme, "carla").feed(), w.at(w.acme, "")
	if _, err := w.dir.Rename(t.Context(), "acme", tenant.Names{Main: "new.example.test"}, tenant.Why{}); err != nil {
		t.Fatal(err)
	}
	one := app.get(address)
	app.host = "new.example.test"
	if two := app.get(address); one.Code != http.StatusOK || bodyOf(one) != bodyOf(two) || one.Header().Get("ETag") != two.Header().Get("ETag") {
		t.Errorf("%d and %d, tags %s and %s", one.Code, two.Code, one.Header().Get("ETag"), two.Header().Get("ETag"))
	}
}

// TestFeedAgain: an app that has what is in a feed is sent nothing, until something changes.
func TestFeedAgain(t *testing.T) {
	clock := now
	w := newWorldAt(t, nil, func() time.Time { return clock })
	address, app := w.at(w.acme, "carla").feed(), w.at(w.acme, "")
	first := app.get(address)
	asks := func(header, value string) int {
		app.headers = map[string]string{header: value}
		defer func() { app.headers = map[string]string{} }()
		return app.get(address).Code
	}
	clock = clock.Add(3 * time.Hour)
	again := app.get(address)
	if again.Header().Get("ETag") != first.Header().Get("ETag") || bodyOf(again) != bodyOf(first) || first.Header().Get("Last-Modified") != now.Format(http.TimeFormat) {
		t.Errorf("three hours later: %v, first %v", again.Header(), first.Header())
	}
	if got := asks("If-None-Match", first.Header().Get("ETag")); got != http.StatusNotModified {
		t.Errorf("the same tag: %d", got)
	}
	if got := asks("If-Modified-Since", first.Header().Get("Last-Modified")); got != http.StatusNotModified {
		t.Errorf("not changed since: %d", got)
	}
	list, err := w.acme.Programs.Feeds(t.Context(), people.ID(w.acme.id("carla")))
	if err != nil || len(list) != 1 || !list[0].Used.Equal(clock) {
		t.Errorf("last fetched: %+v, %v", list, err)
	}
	if err := w.acme.Leave.Withdraw(t.Context(), people.ID(w.acme.id("carla")), w.acme.pending); err != nil {
		t.Fatal(err)
	}
	if got := asks("If-None-Match", first.Header().Get("ETag")); got != http.StatusOK || strings.Contains(bodyOf(app.get(address)), w.acme.pending) {
		t.Errorf("withdrawn leave is still there: %d", got)
	}
	if got := asks("If-Modified-Since", first.Header().Get("Last-Modified")); got != http.StatusOK {
		t.Errorf("changed since: %d", got)
	}
}

// TestTeamFeed: a feed of a team says of each member what its person may know at that moment, and of
// sickness nothing to anybody.
func TestTeamFeed(t *testing.T) {
	w := newWorld(t, nil)
	c, day := w.acme, calendar.MustParse("2026-09-07")
	esra, bram := people.ID(c.id("esra")), people.ID(c.id("bram"))
	for _, step := range []func() error{
		func() error {
			_, err := c.Leave.Submit(t.Context(), esra, leave.Ask{Person: esra, Type: "sick", Span: leave.Span{From: day, To: day}})
			return err
		},
		func() error {
			_, err := c.Leave.ReportSick(t.Context(), bram, leave.SickAsk{Person: people.ID(c.id("dirk")), From: calendar.MustParse("2026-03-16")})
			return err
		},
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	app := w.at(c, "")
	mate, boss := w.at(c, "carla").feed("team", c.id("sales")), w.at(c, "bram").feed("team", c.id("sales"))
	seen := app.get(mate)
	wantEntries(t, entries(t, seen), "20260907 Esra Yildiz: Away", "20260316 Dirk Aalders: Away")
	if !strings.Contains(bodyOf(seen), "UID:"+c.pending) {
		t.Error("her own leave has another name")
	}
	known := app.get(boss)
	wantEntries(t, entries(t, known), "20260907 Esra Yildiz: Sickness", "20260316 Dirk Aalders: Away")
	for _, one := range strings.Split(bodyOf(known), "BEGIN:VEVENT") {
		if mine := strings.Contains(one, "Bram de Wit"); strings.Contains(one, "TRANSP:OPAQUE") && !mine && !strings.Contains(one, "VCALENDAR") {
			t.Errorf("leave of others blocks time: %s", one)
		}
	}
	if a := w.at(c, "carla").post("/account/feeds", "team", c.id("support")); a.Code != http.StatusUnprocessableEntity {
		t.Errorf("a feed of a team that she may not see: %d", a.Code)
	}
	team := people.Team{ID: c.id("sales"), Name: "Sales", Members: []people.ID{bram}, Managers: []people.ID{bram}}
	if _, err := c.People.SaveTeam(t.Context(), people.ID(c.id("ana")), team); err != nil {
		t.Fatal(err)
	}
	if got := app.get(mate); got.Code != http.StatusNotFound {
		t.Errorf("she left the team: %d", got.Code)
	}
}

// TestFeedEnds: an address opens nothing, and says so in the same bytes, once it was replaced or
// revoked, or its person may have none or not sign in.
func TestFeedEnds(t *testing.T) {
	carla := func(c *customer) people.ID { return people.ID(c.id("carla")) }
	policy := func(p identity.Policy) func(*testing.T, *world, string) error {
		return func(t *testing.T, w *world, _ string) error {
			return w.acme.Identity.ChangePolicy(t.Context(), w.acme.session("ana"), p)
		}
	}
	for name, end := range map[string]func(t *testing.T, w *world, id string) error{
		"revoked": func(t *testing.T, w *world, id string) error {
			if a := w.at(w.acme, "carla").post("/account/feeds/" + id + "/revoke"); a.Code != http.StatusSeeOther {
				t.Errorf("revoke: %d", a.Code)
			}
			return nil
		},
		"revoked_by_keeper": func(t *testing.T, w *world, id string) error {
			ana := w.at(w.acme, "ana")
			if a := ana.get("/manage/sign-in/" + w.acme.id("carla")); !strings.Contains(bodyOf(a), "My leave") || strings.Contains(bodyOf(a), access.FeedPrefix) {
				t.Errorf("the page of carla's sign-in: %s", bodyOf(a))
			}
			if a := ana.post("/manage/sign-in/" + w.acme.id("carla") + "/feeds/" + id + "/revoke"); a.Code != http.StatusSeeOther {
				t.Errorf("revoke: %d", a.Code)
			}
			return nil
		},
		"replaced": func(t *testing.T, w *world, id string) error {
			fresh := addressIn(t, w.at(w.acme, "carla").post("/account/feeds/"+id+"/replace"))
			if a := w.at(w.acme, "").get(fresh); a.Code != http.StatusOK {
				t.Errorf("the new address: %d", a.Code)
			}
			return nil
		},
		"for_nobody": policy(identity.Policy{Feeds: identity.FeedsForNone}),
		"demanded": func(t *testing.T, w *world, _ string) error {
			return w.acme.Identity.Store.Update(t.Context(), func(tx identity.Tx) error {
				return tx.SaveSignInPolicy(identity.DefaultPolicy().Demand("everybody"))
			})
		},
		"blocked": func(t *testing.T, w *world, _ string) error {
			return w.acme.Identity.Block(t.Context(), carla(w.acme))
		},
		"inactive": func(t *testing.T, w *world, _ string) error {
			r, err := w.acme.People.Record(t.Context(), carla(w.acme), carla(w.acme))
			if err != nil {
				return err
			}
			r.Person.Active = false
			return w.acme.People.SavePerson(t.Context(), people.ID(w.acme.id("ana")), r.Person)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			address, app := w.at(w.acme, "carla").feed(), w.at(w.acme, "")
			list, err := w.acme.Programs.Feeds(t.Context(), carla(w.acme))
			if err != nil || app.get(address).Code != http.StatusOK {
				t.Fatal(err)
			}
			if err := end(t, w, list[0].ID); err != nil {
				t.Fatal(err)
			}
			never := app.get("/feeds/vlf_cal_none/calendar.ics")
			if a := app.get(address); a.Code != http.StatusNotFound || bodyOf(a) != bodyOf(never) || len(a.Header()) != len(never.Header()) {
				t.Errorf("%d %q %v, want as for an address that never was: %q %v", a.Code, bodyOf(a), a.Header(), bodyOf(never), never.Header())
			}
		})
	}
}

// TestFeedForAll: a customer may let those have feeds of whom more than a password is demanded.
func TestFeedForAll(t *testing.T) {
	p := identity.Policy{Feeds: identity.FeedsForAll}.Demand("everybody")
	who := people.Person{ID: "a"}
	if !p.AllowsFeeds(who, false) {
		t.Error("everybody is not everybody")
	}
	for name, p := range map[string]identity.Policy{"second": {Second: identity.Those{Everybody: true}}, "passkey": {Passkey: identity.Those{Everybody: true}},
		"provider": {Only: true}, "manager": {Second: identity.Those{Managers: true}}, "nobody": {Feeds: identity.FeedsForNone}} {
		if p.AllowsFeeds(who, true) {
			t.Errorf("%s: a feed is allowed", name)
		}
	}
	if !(identity.Policy{Second: identity.Those{Managers: true}}).AllowsFeeds(who, false) {
		t.Error("nothing is demanded of who leads nobody")
	}
}

// TestFeedTooOften: an app that fetches without a pause is told to wait.
func TestFeedTooOften(t *testing.T) {
	w := newWorld(t, nil)
	address, app := w.at(w.acme, "carla").feed(), w.at(w.acme, "")
	for i := range 40 {
		a := app.get(address)
		switch {
		case a.Code == http.StatusTooManyRequests && a.Header().Get("Retry-After") != "":
			if i < 20 {
				t.Errorf("after %d times", i)
			}
			return
		case a.Code != http.StatusOK:
			t.Fatalf("%d", a.Code)
		}
	}
	t.Error("nobody stops it")
}

// TestFeedSuspended: the address of a customer out of service tells no more than any other.
func TestFeedSuspended(t *testing.T) {
	w := newWorld(t, nil)
	address := w.at(w.acme, "carla").feed()
	if err := w.dir.Suspend(t.Context(), "acme", tenant.Why{By: "op", Reason: "unpaid"}); err != nil {
		t.Fatal(err)
	}
	a, other := w.at(w.acme, "").get(address), w.at(w.acme, "").get("/feeds/none/calendar.ics")
	if a.Code != other.Code || a.Code == http.StatusOK {
		t.Errorf("%d, another address %d", a.Code, other.Code)
	}
}
