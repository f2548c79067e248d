// SPDX-License-Identifier: Apache-2.0

package web

import (
	"bytes"
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/events"
	"verlof/identity"
	"verlof/identity/bureau"
	"verlof/identity/openid"
	"verlof/identity/sso"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/tenant/tenanttest"
	"verlof/web/demo"
	"verlof/web/page"
)

// password is everybody's in these tests.
const password = "seven quiet herons walk"

// world is an installation with two customers, alike in everything but their
// names and ids.
type world struct {
	*testing.T
	dir     *tenant.Directory
	log     bytes.Buffer
	handler http.Handler
	acme    *customer
	globex  *customer
}

// customer is one customer of the world. Ids begin with its name.
type customer struct {
	*tenant.Tenant
	host string
	id   func(name string) string // "ana" -> "acme-ana"

	pending  string // a request of carla's that waits for bram; esra is to do the work
	sick     string // a report of her sickness, where a test has made one
	notice   string // a letter to carla on leave that ends
	approved string // carla's leave in August
	past     string // carla's leave of last year
	closed   string // a collective leave that ana booked for carla
	settled  string // what payroll settled: December 2025
	change   string // a day off that ana added, on record
	byHand   string // a line that ana wrote into a balance of lars
	upload   string // a file that ana imports, where a test has handed one in
	standIn  string // esra, for bram
	rule     string // for leave of more than 20 days
	limit    string // no leave in the last week of 2026
	app      string // an application that signs people in
	hook     string // a webhook
	sent     string // a message to it
	before   string // a past state that can be looked at, where a test has opened one
	bureau   string // that ana has asked
	served   string // a customer that has asked this one
	sso      string // a provider that people could sign in with, which is off
}

// now is the moment at which these tests happen: a Monday.
var now = time.Date(2026, 3, 16, 9, 30, 0, 0, time.UTC)

func newWorld(t *testing.T, demo *demo.Demo) *world {
	t.Helper()
	return newWorldAt(t, demo, func() time.Time { return now })
}

// newWorldAt is newWorld with a clock of its own.
func newWorldAt(t *testing.T, demo *demo.Demo, clock func() time.Time) *world {
	t.Helper()
	w := &world{T: t, dir: ready.Open(t, clock)}
	w.acme, w.globex = w.copied("acme"), w.copied("globex")
	w.handler = New(Config{Tenants: w.dir, Pasts: w.dir, Log: slog.New(slog.NewJSONHandler(&w.log, nil)), Now: clock, Demo: demo})
	return w
}

// ready is the installation as every world begins, and filled its customers, closed.
var (
	ready = tenanttest.Installation{At: now, Fill: func(t testing.TB, d *tenant.Directory) {
		w := &world{T: t.(*testing.T), dir: d}
		w.customer("acme", "Acme Bikes", "#0f766e")
		w.customer("globex", "Globex Gardens", "#b45309")
	}}
	filled = map[string]customer{}
)

// customer makes a customer and closes it.
func (w *world) customer(slug, name, accent string) {
	w.Helper()
	c := customer{host: slug + ".example.test", id: func(name string) string { return slug + "-" + name }}
	_, err := w.dir.Create(w.Context(), tenant.New{Slug: slug, Name: name, Hosts: []string{c.host}, Language: "en", Accent: accent})
	if err != nil {
		w.Fatal(err)
	}
	var release func()
	if c.Tenant, release, err = w.dir.ByHost(w.Context(), c.host); err != nil {
		w.Fatal(err)
	}
	c.fill(w)
	release()
	filled[slug] = c
}

// copied opens this world's copy of a customer.
func (w *world) copied(slug string) *customer {
	w.Helper()
	c := filled[slug]
	c.Tenant = tenanttest.Held(w, w.dir, c.host)
	return &c
}

// session is that of somebody who has just proved who they are.
func (c *customer) session(who string) identity.Session {
	return identity.Session{Person: people.ID(c.id(who)), Proven: now}
}

// crew are the people of a customer: who, in which team, where, since when and
// how they work.
var crew = []struct{ given, family, team, location, since, pattern string }{
	{"Ana", "Almeida", "office", "utrecht", "2019-02-01", "full"}, // administrator
	{"Bram", "de Wit", "sales", "utrecht", "2018-05-01", "full"},  // leads sales
	{"Carla", "Fonseca", "sales", "utrecht", "2021-01-01", "full"},
	{"Dirk", "Aalders", "sales", "utrecht", "2026-02-16", "three"},
	{"Esra", "Yildiz", "sales", "utrecht", "2022-09-01", "full"},
	{"Finn", "Brandt", "support", "berlin", "2017-01-01", "full"}, // leads support
	{"Gita", "Nair", "support", "berlin", "2020-03-01", "four"},
	{"Hugo", "Lang", "support", "berlin", "2023-06-01", "full"},
	{"Iris", "van den Berg", "support", "utrecht", "2024-04-15", "three"},
	{"Jonas", "Keller", "workshop", "berlin", "2015-08-01", "full"}, // leads the workshop
	{"Kim", "Ouwerkerk", "workshop", "utrecht", "2022-01-01", "full"},
	{"Lars", "Petersen", "workshop", "berlin", "2021-10-01", "four"},
	{"Mila", "Horvat", "workshop", "berlin", "2023-02-01", "full"},
	{"Noor", "Bakker", "", "utrecht", "2025-05-01", "full"},
}

func (c *customer) fill(w *world) {
	w.Helper()
	if err := c.Leave.Store.Update(w.Context(), c.write); err != nil {
		w.Fatal(err)
	}
	hash, err := c.Identity.Hasher.Hash(w.Context(), password)
	if err != nil {
		w.Fatal(err)
	}
	var all []people.ID
	for _, s := range crew {
		if s.given != "Lars" { // who was never invited
			all = append(all, people.ID(c.id(strings.ToLower(s.given))))
		}
	}
	if err := c.Identity.SetPassword(w.Context(), hash, all...); err != nil {
		w.Fatal(err)
	}
	c.history(w)
	c.procedure(w)
	app, _, err := c.OpenID.Register(w.Context(), people.ID(c.id("ana")), openid.Client{Name: "Intranet", Kind: openid.Confidential,
		Redirects: []string{"https://intranet.example.test/back"}, Scope: "openid email", Subjects: openid.SubjectPublic})
	if err != nil {
		w.Fatal(err)
	}
	c.app = app.ID
	if _, err := c.OpenID.Rotate(w.Context()); err != nil { // the key that signs takes long to make
		w.Fatal(err)
	}
	err = c.OpenID.Store.Update(w.Context(), func(tx openid.Tx) error {
		return tx.SaveConsent(openid.Consent{Person: people.ID(c.id("carla")), Client: app.ID, Scope: "openid email", At: now})
	})
	if err != nil {
		w.Fatal(err)
	}
	hook, err := c.Events.Add(w.Context(), people.ID(c.id("ana")), events.Wish{URL: "https://payroll.example.test/in", Description: "Payroll"})
	if err != nil {
		w.Fatal(err)
	}
	c.hook = hook.ID
	if err := c.Events.Test(w.Context(), people.ID(c.id("ana")), hook.ID); err != nil {
		w.Fatal(err)
	}
	sent, err := c.Events.Deliveries(w.Context(), people.ID(c.id("ana")), hook.ID)
	if err != nil {
		w.Fatal(err)
	}
	c.sent = sent[0].ID
	c.ask(w)
	if c.sso, err = c.SSO.Save(w.Context(), c.session("ana"), sso.Provider{Name: "Contoso", Issuer: "https://login.example.test", ClientID: "verlof"}); err != nil {
		w.Fatal(err)
	}
}

// ask has ana ask a bureau, and another customer ask this one.
func (c *customer) ask(w *world) {
	w.Helper()
	var err error
	c.bureau, err = c.Bureaus.Admit(w.Context(), c.session("ana"), bureau.Admission{Host: "bureau.example.test", Roles: people.Payroll,
		Whom: bureau.Whom{All: true}, Reason: "Keeps our leave", Until: calendar.On(2026, 12, 31)})
	if err != nil {
		w.Fatal(err)
	}
	c.served = c.id("served")
	err = c.Bureaus.Take(w.Context(), bureau.Terms{ID: c.served, Customer: "elsewhere", Name: "Elsewhere", Site: "https://elsewhere.example.test", Roles: []string{"payroll"},
		Whom: bureau.Whom{All: true}, Reason: "Keeps our leave", Until: calendar.On(2026, 12, 31), Ends: now.AddDate(1, 0, 0), State: bureau.Offered, Version: 1})
	if err != nil {
		w.Fatal(err)
	}
}

// write makes the rules and the people.
func (c *customer) write(tx leave.Tx) error {
	year := calendar.MustParse("2015-01-01")
	terms := leave.Terms{
		Amount: exact.Int(25), FullTime: exact.Int(5), Accrual: leave.AtYearStart, Proration: leave.ByMonths,
		Rounding:  leave.Rounding{Mode: leave.RoundHalfUp, Step: exact.New(1, 2)},
		CarryOver: leave.CarryOver{Max: exact.Int(5), Expires: leave.MonthDay{Month: time.July, Day: 1}},
	}
	for _, step := range []error{
		tx.SaveLocation(people.Location{ID: "utrecht", Name: "Utrecht", Region: "NL", TimeZone: "Europe/Amsterdam"}),
		tx.SaveLocation(people.Location{ID: "berlin", Name: "Berlin", Region: "DE-BE", TimeZone: "Europe/Berlin"}),
		tx.SavePattern(people.Pattern{ID: "full", Name: "Full time", Pattern: calendar.MustParsePattern("mon-fri 08:30-12:30 13:00-17:00")}),
		tx.SavePattern(people.Pattern{ID: "four", Name: "Four days", Pattern: calendar.MustParsePattern("mon-tue thu-fri 08:30-12:30 13:00-17:00")}),
		tx.SavePattern(people.Pattern{ID: "three", Name: "Three days", Pattern: calendar.MustParsePattern("mon-wed 08:30-12:30 13:00-17:00")}),
		tx.SavePackage(leave.Package{ID: "all", Name: "Everybody"}),
		tx.SaveType(leave.Type{ID: "holiday", Name: "Holiday", Colour: 1, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true,
			Substitute: leave.MaySubstitute}),
		tx.SaveType(leave.Type{ID: "overtime", Name: "Time for time", Colour: 3, Unit: leave.Hours, Counting: leave.WorkingTime, Entitled: true, Order: 1}),
		tx.SaveType(leave.Type{ID: "sick", Name: "Sickness", Colour: 5, Unit: leave.Days, Counting: leave.WorkingTime, Private: true, Unapproved: true, Order: 2}),
		tx.SaveType(leave.Type{ID: "special", Name: "Special leave", Colour: 6, Unit: leave.Days, Counting: leave.WorkingTime, Order: 3}),
		tx.SavePolicy(leave.Policy{ID: "p1", Package: "all", Type: "holiday", From: year, Terms: terms}),
		tx.SavePolicy(leave.Policy{ID: "p2", Package: "all", Type: "overtime", From: year, Terms: leave.Terms{
			Amount: exact.Int(40 * 60), FullTime: exact.Int(40 * 60), Accrual: leave.MonthStart, Proration: leave.ByMonths,
			Overtime: leave.OvertimeRule{Factors: []int{100, 150}}}}),
		tx.SaveHolidaySet(people.HolidaySet{ID: "early", Name: "Early home"}),
		tx.SaveHolidaySet(people.HolidaySet{ID: "spare", Name: "Spare"}),
		tx.SaveOwnDay(people.OwnDay{ID: "eve", Date: calendar.MustParse("2026-12-24"), Name: "Christmas Eve", Off: calendar.AfternoonOff}),
	} {
		if step != nil {
			return step
		}
	}
	teams := map[string]*people.Team{}
	for i, s := range crew {
		if err := c.employ(tx, i, s.given, s.family, s.location, s.since, s.pattern); err != nil {
			return err
		}
		if s.team == "" {
			continue
		}
		if teams[s.team] == nil {
			teams[s.team] = &people.Team{ID: c.id(s.team), Name: strings.ToUpper(s.team[:1]) + s.team[1:]}
		}
		teams[s.team].Members = append(teams[s.team].Members, people.ID(c.id(strings.ToLower(s.given))))
	}
	for team, manager := range map[string]string{"sales": "bram", "support": "finn", "workshop": "jonas", "office": "ana"} {
		teams[team].Managers = []people.ID{people.ID(c.id(manager))}
		if err := tx.SaveTeam(*teams[team]); err != nil {
			return err
		}
	}
	if err := tx.SaveCustomRole(people.Role{ID: c.id("sales"), Name: "Readers", Rights: people.Set(people.SeeLeave), Teams: []string{c.id("sales")}}); err != nil {
		return err
	}
	noor := people.ID(c.id("noor")) // has been here before, and will work otherwise
	if err := tx.SaveEmployment(people.Employment{ID: "second", Person: noor, From: calendar.MustParse("2020-01-01"), To: calendar.MustParse("2020-12-31")}); err != nil {
		return err
	}
	return tx.SaveContract(people.Contract{ID: "later", Person: noor, From: calendar.MustParse("2030-01-01"), Pattern: "four", Package: "all"})
}

func (c *customer) employ(tx leave.Tx, i int, given, family, location, since, pattern string) error {
	id := people.ID(c.id(strings.ToLower(given)))
	p := people.Person{ID: id, Number: string(rune('A' + i)), Email: strings.ToLower(given) + "@" + c.host,
		GivenName: given, FamilyName: family, Location: location, Active: true}
	if given == "Ana" {
		p.Roles = people.AllRoles
	}
	from := calendar.MustParse(since)
	if err := tx.SavePerson(p); err != nil {
		return err
	}
	if err := tx.SaveEmployment(people.Employment{ID: "e" + string(id), Person: id, From: from}); err != nil {
		return err
	}
	return tx.SaveContract(people.Contract{ID: "c" + string(id), Person: id, From: from, Pattern: pattern, Package: "all"})
}

// history makes requests as people make them.
func (c *customer) history(w *world) {
	w.Helper()
	c.past = c.leave(w, "carla", "holiday", "2025-07-21", "2025-08-08", "bram")
	c.leave(w, "carla", "holiday", "2025-12-22", "2025-12-31", "bram")
	c.leave(w, "esra", "holiday", "2026-03-12", "2026-03-18", "bram")
	c.leave(w, "hugo", "special", "2026-03-16", "2026-03-16", "finn")
	c.leave(w, "gita", "sick", "2026-03-16", "2026-03-20", "")
	c.leave(w, "kim", "holiday", "2026-03-18", "2026-03-27", "jonas")
	c.leave(w, "lars", "holiday", "2026-03-05", "2026-03-10", "")
	c.approved = c.leave(w, "carla", "holiday", "2026-08-03", "2026-08-14", "bram")
	c.pending = c.leave(w, "carla", "holiday", "2026-03-23", "2026-03-25", "")
	if err := c.Leave.NameSubstitute(w.Context(), people.ID(c.id("carla")), c.pending, people.ID(c.id("esra"))); err != nil {
		w.Fatal(err)
	}
	c.leave(w, "dirk", "holiday", "2026-03-25", "2026-03-25", "")
	c.leave(w, "esra", "overtime", "2026-04-02", "2026-04-02", "")
	c.leave(w, "bram", "holiday", "2026-05-11", "2026-05-15", "ana")
	closed, err := c.Leave.BookCollective(w.Context(), people.ID(c.id("ana")), leave.CollectiveAsk{Type: "special", Reason: "Inventory",
		Span:   leave.Span{From: calendar.MustParse("2026-10-05"), To: calendar.MustParse("2026-10-05")},
		Choice: leave.Choice{People: []people.ID{people.ID(c.id("carla"))}}})
	if err != nil {
		w.Fatal(err)
	}
	c.closed, c.settled = closed.ID, c.settle(w)
	line := leave.Adjustment{Person: people.ID(c.id("lars")), Type: "overtime", Date: calendar.MustParse("2026-01-05"), Amount: exact.Int(30), Reason: "Stayed late"}
	if err := c.Leave.Adjust(w.Context(), people.ID(c.id("ana")), line, false); err != nil {
		w.Fatal(err)
	}
	lines, err := c.Leave.ByHand(w.Context(), people.ID(c.id("ana")))
	if err != nil {
		w.Fatal(err)
	}
	c.byHand = lines[0].Line.ID
}

// procedure names a stand-in, makes a rule of who decides and blocks some days.
func (c *customer) procedure(w *world) {
	w.Helper()
	ana, bram, ctx := people.ID(c.id("ana")), people.ID(c.id("bram")), w.Context()
	err := c.Leave.SaveStandIn(ctx, bram, leave.StandIn{Person: bram, By: people.ID(c.id("esra")), From: calendar.MustParse("2026-01-01")})
	if err == nil {
		c.rule, err = c.Leave.SaveApprovalRule(ctx, ana, leave.ApprovalRule{Name: "Sabbatical", Over: 20,
			Steps: []leave.Step{{Who: leave.AnyManager, Within: 5}, {Who: leave.Administrators}}})
	}
	if err == nil {
		c.limit, err = c.Leave.SaveLimit(ctx, ana, leave.Limit{Name: "Stocktaking", Kind: leave.Blocked,
			From: calendar.MustParse("2026-12-28"), To: calendar.MustParse("2026-12-31")})
	}
	if err == nil {
		var how *leave.Procedure
		if how, err = c.Leave.Procedure(ctx, ana); err == nil {
			c.standIn = how.StandIns[0].ID
		}
	}
	if err != nil {
		w.Fatal(err)
	}
}

// leave asks for leave and, where a decider is named, has it approved.
func (c *customer) leave(w *world, who, typ, from, to, decider string) string {
	w.Helper()
	id := people.ID(c.id(who))
	r, err := c.Leave.Submit(w.Context(), id, leave.Ask{Person: id, Type: typ, Note: "Visiting family", Span: leave.Span{
		From: calendar.MustParse(from), To: calendar.MustParse(to)}})
	if err != nil {
		w.Fatalf("%s %s %s: %v", who, typ, from, err)
	}
	if decider != "" {
		if err := c.Leave.Approve(w.Context(), people.ID(c.id(decider)), r.ID, ""); err != nil {
			w.Fatalf("%s %s %s: %v", who, typ, from, err)
		}
	}
	return r.ID
}

// browser is a browser at one customer's site, with its cookies.
type browser struct {
	w       *world
	host    string
	cookies map[string]*http.Cookie
	headers map[string]string
}

// at returns a browser at a customer's site, signed in where a person is named.
func (w *world) at(c *customer, who string) *browser {
	w.Helper()
	b := &browser{w: w, host: c.host, cookies: map[string]*http.Cookie{}, headers: map[string]string{}}
	if who != "" {
		a := b.post("/sign-in", "email", who+"@"+c.host, "password", password)
		if a.Code != http.StatusSeeOther {
			w.Fatalf("sign in as %s: %d %s", who, a.Code, a.Body)
		}
	}
	return b
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	return b.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) post(path string, pairs ...string) *httptest.ResponseRecorder {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(q.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// fill sends a form as the page that it stands on was drawn just now.
func (b *browser) fill(path string, pairs ...string) *httptest.ResponseRecorder {
	return b.post(path, append(slices.Clone(pairs), b.drawn(path)...)...)
}

// drawn is what the form at a path carries of the record that it was drawn from; empty: it carries nothing.
func (b *browser) drawn(path string) []string {
	pairs := typedIn(b.get(path))
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == page.FieldDrawn {
			return pairs[i : i+2]
		}
	}
	return nil
}

// agrees gives a reason and saves, where an answer says what a change would do; any other
// answer it returns.
func (b *browser) agrees(path string, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	if a.Code != http.StatusOK || !strings.Contains(bodyOf(a), `name="change_mark"`) {
		return a
	}
	return b.post(path, append(typedIn(a), "change_reason", "Agreed in April", "change", "save")...)
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// typedIn returns what a page keeps of a form that was filled in, as names and values.
func typedIn(a *httptest.ResponseRecorder) []string {
	var pairs []string
	for _, m := range hiddenField.FindAllStringSubmatch(bodyOf(a), -1) {
		pairs = append(pairs, html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return pairs
}

func (b *browser) do(r *http.Request) *httptest.ResponseRecorder {
	r = r.WithContext(context.Background())
	r.Host, r.RemoteAddr = b.host, "192.0.2.7:4711"
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	for k, v := range b.headers {
		r.Header.Set(k, v)
	}
	a := httptest.NewRecorder()
	b.w.handler.ServeHTTP(a, r)
	for _, c := range a.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
	return a
}

// deviceCode returns the code that a device shows.
func (c *customer) deviceCode(w *world) string {
	w.Helper()
	device, _, err := c.OpenID.Register(w.Context(), people.ID(c.id("ana")), openid.Client{Name: "Display", Kind: openid.Device, Scope: "openid", Subjects: openid.SubjectPublic})
	if err != nil {
		w.Fatal(err)
	}
	codes, err := c.OpenID.Device(w.Context(), device, url.Values{"scope": {"openid"}})
	if err != nil {
		w.Fatal(err)
	}
	return codes.User
}
