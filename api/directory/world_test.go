// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"verlof/api"
	"verlof/calendar"
	"verlof/identity/access"
	"verlof/identity/provision"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/tenant/tenanttest"
)

// world is an installation with two customers whose directories are connected.
type world struct {
	testing.TB
	handler      http.Handler
	now          time.Time
	acme, globex *customer
}

// customer is one of them. Its administrator is ana; carla works there, and is in the team
// Sales; noor was entered by hand too, without a contract.
type customer struct {
	*tenant.Tenant
	host, token string
}

var monday = time.Date(2026, 3, 16, 9, 30, 0, 0, time.UTC)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, now: monday}
	clock := func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }
	dir := ready.Open(t, clock)
	w.handler = New(Config{Tenants: dir, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), Now: clock, Limit: api.Limit{Burst: 1 << 20, Every: time.Microsecond}})
	w.acme, w.globex = w.copied(dir, "acme"), w.copied(dir, "globex")
	return w
}

// ready is the installation as every world begins, and filled its customers, closed.
var (
	ready = tenanttest.Installation{At: monday, Fill: func(t testing.TB, d *tenant.Directory) {
		w := &world{TB: t, now: monday}
		w.customer(d, "acme")
		w.customer(d, "globex")
	}}
	filled = map[string]customer{}
)

// customer makes a customer and closes it.
func (w *world) customer(dir *tenant.Directory, slug string) {
	w.Helper()
	c := customer{host: slug + ".example.test"}
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
	_, c.token, err = t.Programs.MakeServiceToken(w.Context(), c.person("ana"), access.Wish{Name: "Entra", Scopes: []access.Scope{access.SCIM}, Expires: w.now.AddDate(0, 6, 0)})
	if err != nil {
		w.Fatal(err)
	}
	filled[slug] = c
}

// copied opens this world's copy of a customer.
func (w *world) copied(dir *tenant.Directory, slug string) *customer {
	w.Helper()
	c := filled[slug]
	c.Tenant = tenanttest.Held(w, dir, c.host)
	return &c
}

func (c *customer) person(name string) people.ID { return people.ID(c.Slug + "-" + name) }

func fill(tx leave.Tx, slug string) error {
	day := calendar.MustParse("2020-01-01")
	steps := []error{
		tx.SaveLocation(people.Location{ID: "utrecht", Name: "Utrecht", Region: "NL", TimeZone: "Europe/Amsterdam"}),
		tx.SavePattern(people.Pattern{ID: "full", Name: "Full time", Pattern: calendar.MustParsePattern("mon-fri 08:30-12:30 13:00-17:00")}),
		tx.SavePackage(leave.Package{ID: "all", Name: "Everybody"}),
	}
	for _, name := range []string{"ana", "carla", "noor"} {
		id, roles := people.ID(slug+"-"+name), people.Roles(0)
		if name == "ana" {
			roles = people.Administrator
		}
		steps = append(steps, tx.SavePerson(people.Person{ID: id, Number: name, Email: name + "@" + slug + ".example", GivenName: strings.ToUpper(name[:1]) + name[1:],
			FamilyName: "Tester", Location: "utrecht", Roles: roles, Active: true}))
		if name != "noor" {
			steps = append(steps, tx.SaveEmployment(people.Employment{ID: "e-" + name, Person: id, From: day}),
				tx.SaveContract(people.Contract{ID: "c-" + name, Person: id, From: day, Pattern: "full", Package: "all"}))
		}
	}
	steps = append(steps, tx.SaveTeam(people.Team{ID: "sales", Name: "Sales", Members: []people.ID{people.ID(slug + "-carla")}}),
		tx.SaveTeam(people.Team{ID: "board", Name: "Board"}))
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

// send sends a request as acme's directory, with pairs of header names and values.
func (w *world) send(method, path, body string, header ...string) reply {
	w.Helper()
	r := httptest.NewRequest(method, Root+path, strings.NewReader(body))
	r.Host = w.acme.host
	r.Header.Set("Authorization", "Bearer "+w.acme.token)
	if body != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		switch header[i] {
		case "Host":
			r.Host = header[i+1]
		default:
			r.Header.Set(header[i], header[i+1])
		}
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	got := reply{rec.Result(), rec.Body.String()}
	if got.StatusCode >= 500 && got.StatusCode != http.StatusNotImplemented {
		w.Errorf("%s %s: %d %s", method, path, got.StatusCode, got.text)
	}
	return got
}

// want sends a request and reads what comes back, which must have a status.
func (w *world) want(status int, method, path, body string, header ...string) map[string]any {
	w.Helper()
	got := w.send(method, path, body, header...)
	if got.StatusCode != status {
		w.Fatalf("%s %s: %d, want %d: %s", method, path, got.StatusCode, status, got.text)
	}
	out := map[string]any{}
	if got.text != "" {
		if err := json.NewDecoder(bytes.NewReader([]byte(got.text))).Decode(&out); err != nil {
			w.Fatalf("%s %s: %v: %s", method, path, err, got.text)
		}
		if kind := got.Header.Get("Content-Type"); kind != contentType {
			w.Errorf("%s %s: sent as %s", method, path, kind)
		}
	}
	return out
}

// rules sets how acme follows its directory.
func (w *world) rules(r provision.Rules) {
	w.Helper()
	if err := w.acme.Provision.SaveRules(w.Context(), w.acme.person("ana"), r); err != nil {
		w.Fatal(err)
	}
}

// org is acme's organisation now.
func (w *world) org() *people.Organisation {
	w.Helper()
	org, err := w.acme.People.Organisation(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return org
}

// members are the names of those in a team of acme's.
func (w *world) members(team string) string {
	w.Helper()
	org := w.org()
	for _, t := range org.Teams {
		if t.Name == team {
			var list []string
			for _, m := range t.Members {
				list = append(list, org.Person(m).GivenName)
			}
			return strings.Join(list, " ")
		}
	}
	return "no team"
}
