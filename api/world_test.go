// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/identity/access"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/tenant/tenanttest"
)

// world is an installation with two customers, alike in everything but their names
// and ids.
type world struct {
	*testing.T
	log     bytes.Buffer
	handler http.Handler
	dir     *tenant.Directory
	now     time.Time
	acme    *customer
	globex  *customer
	ids     map[string]string // what prepare made, by name
	made    map[string]string // tokens of ana's, by their scopes
}

// customer is one customer of the world. Ids begin with its name.
type customer struct {
	*tenant.Tenant
	host   string
	tokens map[string]string // of each person, with every scope
}

// monday is when these tests happen.
var monday = time.Date(2026, 3, 16, 9, 30, 0, 0, time.UTC)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, now: monday}
	clock := func() time.Time { return w.now }
	dir := ready.Open(t, clock)
	w.dir = dir
	w.handler = New(Config{Tenants: dir, Log: slog.New(slog.NewJSONHandler(&w.log, nil)), Now: clock,
		Authenticators: []Authenticator{lately{w}, Personal{}, OAuth{}}, Limit: Limit{Burst: 1 << 20, Every: time.Microsecond}})
	w.acme, w.globex = w.copied(dir, "acme"), w.copied(dir, "globex")
	return w
}

// ready is the installation as every world begins, and filled its customers, closed.
var (
	ready = tenanttest.Installation{At: monday, Fill: func(t testing.TB, d *tenant.Directory) {
		w := &world{T: t.(*testing.T), now: monday}
		w.customer(d, "acme")
		w.customer(d, "globex")
	}}
	filled = map[string]customer{}
)

// lately takes a personal token with "lately." before it as one whose person has just
// signed in, as the token of an application tells.
type lately struct{ *world }

func (lately) Takes(token string) bool { return strings.HasPrefix(token, "lately.") }

func (l lately) Authenticate(r *http.Request, t *tenant.Tenant, token string) (Caller, error) {
	c, err := Personal{}.Authenticate(r, t, strings.TrimPrefix(token, "lately."))
	c.Proved = l.now
	return c, err
}

// staff are the people of a customer: ana is administrator, bram leads carla and
// dirk, fay is sickness officer, sam is system manager, aud is auditor, pay is payroll, and
// nobody leads noor.
var staff = []struct {
	name  string
	roles people.Roles
}{{"ana", people.Administrator}, {"bram", 0}, {"carla", 0}, {"dirk", 0}, {"fay", people.SicknessOfficer}, {"sam", people.SystemManager}, {"noor", 0},
	{"aud", people.Auditor}, {"pay", people.Payroll}}

// customer makes a customer and closes it.
func (w *world) customer(dir *tenant.Directory, slug string) {
	w.Helper()
	c := customer{host: slug + ".example.test", tokens: map[string]string{}}
	if _, err := dir.Create(w.Context(), tenant.New{Slug: slug, Name: strings.ToUpper(slug), Hosts: []string{c.host}, Language: "en", Accent: "#0f766e"}); err != nil {
		w.Fatal(err)
	}
	t, release, err := dir.ByHost(w.Context(), c.host)
	if err != nil {
		w.Fatal(err)
	}
	defer release()
	c.Tenant = t
	if err := t.Leave.Store.Update(w.Context(), func(tx leave.Tx) error { return fill(tx, slug) }); err != nil {
		w.Fatal(err)
	}
	hash, err := t.Identity.Hasher.Hash(w.Context(), "seven quiet herons walk")
	w.must(err)
	for _, s := range staff {
		if s.name != "dirk" { // who never chose one
			w.must(t.Identity.SetPassword(w.Context(), hash, c.person(s.name)))
		}
		c.tokens[s.name] = w.token(&c, s.name, access.Scopes()...)
	}
	filled[slug] = c
}

// copied opens this world's copy of a customer.
func (w *world) copied(dir *tenant.Directory, slug string) *customer {
	w.Helper()
	c := filled[slug]
	c.Tenant = tenanttest.Held(w, dir, c.host)
	c.tokens = maps.Clone(c.tokens)
	return &c
}

// must ends the test where something that it stands on does not work.
func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) token(c *customer, name string, scopes ...access.Scope) string {
	w.Helper()
	_, secret, err := c.Programs.Make(w.Context(), c.person(name), access.Wish{Name: name, Scopes: scopes, Expires: w.now.AddDate(0, 6, 0)})
	if err != nil {
		w.Fatal(err)
	}
	return secret
}

// tokenID makes a token and returns its id.
func (w *world) tokenID(c *customer, name string) string {
	w.Helper()
	t, _, err := c.Programs.Make(w.Context(), c.person(name), access.Wish{Name: name, Scopes: access.Scopes(), Expires: w.now.AddDate(0, 1, 0)})
	if err != nil {
		w.Fatal(err)
	}
	return t.ID
}

func (c *customer) person(name string) people.ID { return people.ID(c.Slug + "-" + name) }

// fill makes the rules and the people.
func fill(tx leave.Tx, slug string) error {
	year := calendar.MustParse("2015-01-01")
	terms := leave.Terms{Amount: exact.Int(25), FullTime: exact.Int(5), Accrual: leave.AtYearStart, Proration: leave.ByMonths,
		Trade: leave.TradeRule{Buy: exact.Int(5), Sell: exact.Int(5)}}
	hours := leave.Terms{Amount: exact.Int(40 * 60), FullTime: exact.Int(40 * 60), Accrual: leave.MonthStart, Proration: leave.ByMonths,
		Overtime: leave.OvertimeRule{Factors: []int{100, 150}}}
	steps := []error{
		tx.SaveLocation(people.Location{ID: "utrecht", Name: "Utrecht", Region: "NL", TimeZone: "Europe/Amsterdam"}),
		tx.SavePattern(people.Pattern{ID: "full", Name: "Full time", Pattern: calendar.MustParsePattern("mon-fri 08:30-12:30 13:00-17:00")}),
		tx.SavePackage(leave.Package{ID: "all", Name: "Everybody"}),
		tx.SaveType(leave.Type{ID: "holiday", Name: "Holiday", Colour: 1, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true}),
		tx.SaveType(leave.Type{ID: "lieu", Name: "Time for time", Colour: 3, Unit: leave.Hours, Counting: leave.WorkingTime, Entitled: true, Order: 1}),
		tx.SaveType(leave.Type{ID: "care", Name: "Care", Colour: 5, Unit: leave.Days, Counting: leave.WorkingTime, Private: true, Order: 2}),
		tx.SavePolicy(leave.Policy{ID: "p1", Package: "all", Type: "holiday", From: year, Terms: terms}),
		tx.SavePolicy(leave.Policy{ID: "p2", Package: "all", Type: "lieu", From: year, Terms: hours}),
		tx.SaveHolidaySet(people.HolidaySet{ID: "early", Name: "Early home"}),
		tx.SaveOwnDay(people.OwnDay{ID: "eve", Date: calendar.MustParse("2026-12-24"), Name: "Christmas Eve", Off: calendar.AfternoonOff}),
	}
	id := func(name string) people.ID { return people.ID(slug + "-" + name) }
	for i, s := range staff {
		steps = append(steps,
			tx.SavePerson(people.Person{ID: id(s.name), Number: string(rune('a' + i)), Email: s.name + "@" + slug + ".example", GivenName: strings.ToUpper(s.name[:1]) + s.name[1:],
				FamilyName: "Tester", Location: "utrecht", Roles: s.roles, Active: true}),
			tx.SaveEmployment(people.Employment{ID: slug + "-e-" + s.name, Person: id(s.name), From: calendar.MustParse("2020-01-01")}),
			tx.SaveContract(people.Contract{ID: slug + "-c-" + s.name, Person: id(s.name), From: calendar.MustParse("2020-01-01"), Pattern: "full", Package: "all"}))
	}
	steps = append(steps, tx.SaveTeam(people.Team{ID: "sales", Name: "Sales", Managers: []people.ID{id("bram")}, Members: []people.ID{id("bram"), id("carla"), id("dirk")}}),
		tx.SaveTeam(people.Team{ID: "board", Name: "Board", Members: []people.ID{id("sam")}}))
	for _, err := range steps {
		if err != nil {
			return err
		}
	}
	return nil
}

// reply is what came back.
type reply struct {
	*http.Response
	text string
}

// json reads the body into v.
func (r reply) json(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.text), v); err != nil {
		t.Fatalf("%v in %s", err, r.text)
	}
}

func (r reply) field(name string) string {
	var m map[string]any
	_ = json.Unmarshal([]byte(r.text), &m)
	s, _ := m[name].(string)
	return s
}

// call sends a request to a customer as a person with a token. header are name,
// value pairs.
func (w *world) call(c *customer, token, method, path, body string, header ...string) reply {
	w.Helper()
	r := httptest.NewRequestWithContext(w.Context(), method, "http://"+c.host+Root+path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return reply{rec.Result(), rec.Body.String()}
}

// as calls acme as one of its people.
func (w *world) as(name, method, path, body string, header ...string) reply {
	w.Helper()
	return w.call(w.acme, w.acme.tokens[name], method, path, body, header...)
}

// want calls and fails unless the status is as wanted.
func (w *world) want(status int, name, method, path, body string, header ...string) reply {
	w.Helper()
	r := w.as(name, method, path, body, header...)
	if r.StatusCode != status {
		w.Errorf("%s %s as %s: %d, want %d: %s", method, path, name, r.StatusCode, status, r.text)
	}
	return r
}
