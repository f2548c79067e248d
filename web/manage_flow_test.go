// SPDX-License-Identifier: Apache-2.0

package web

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/identity/openid"
	"verlof/people"
	"verlof/web/page"
)

// adminActs are what somebody who keeps people and rules does, one after the other.
var adminActs = []struct {
	name   string
	path   string   // sent to with form, else asked for
	form   []string // nil: a GET
	status int
	then   string // asked for afterwards
	says   []string
	not    []string
}{
	{"find", "/manage/people?find=nair", nil, 200, "", []string{"Gita Nair", "1 person"}, []string{"Carla"}},
	{"find_team", "/manage/people?team=acme-sales", nil, 200, "", []string{"Carla", "Bram"}, []string{"Gita"}},
	{"nobody_left", "/manage/people?who=gone", nil, 200, "", []string{"Nobody found"}, []string{"Carla"}},
	{"several_faults", "/manage/people/new", []string{"email", "nora@", "number", "C", "from", "2026-04-01"}, 422, "",
		[]string{"6 things are not right yet", "Fill in a name", "not an email address", "Somebody else has this employee number"}, nil},
	{"add", "/manage/people/new", []string{"given", "Nora", "family", "Smit", "email", "nora@acme.test", "location", "utrecht", "from", "2026-04-01",
		"pattern", "three", "package", "all", "team", "acme-sales", "invite", "yes"}, 303, "/manage/people?find=nora",
		[]string{"Nora Smit", "Begins 1 Apr 2026", "Three days", "Sales", "added and invited"}, nil},
	{"leaves", "/manage/people/acme-esra/employments/eacme-esra", []string{"from", "2022-09-01", "to", "2026-03-10"}, 303, "/manage/people?who=gone",
		[]string{"Esra Yildiz", "Left 10 Mar 2026"}, nil},
	{"overlap", "/manage/people/acme-kim/employments/new", []string{"from", "2023-01-01"}, 409, "", []string{"overlaps: from 1 Jan 2022"}, nil},
	{"last_administrator", "/manage/people/acme-ana/edit", []string{"family", "Almeida", "location", "utrecht", "active", "yes"}, 409,
		"/manage/people/acme-ana", []string{"Administrator"}, nil},
	{"another_pattern", "/manage/people/acme-carla/contracts/new", []string{"from", "2026-07-01", "pattern", "four", "package", "all"}, 303,
		"/manage/people/acme-carla", []string{"30 Jun 2026", "4 days a week, 32:00 h"}, nil},
	{"no_manager", "/manage/teams/acme-sales", []string{"name", "Sales", "members", "acme-carla"}, 303, "/manage",
		[]string{"1 team without a manager"}, nil},
	{"own_day", "/manage/days/new", []string{"date", "2026-05-15", "name", "Bridge day", "off", "full", "location", "utrecht"}, 303,
		"/manage/locations/utrecht?year=2026", []string{"Bridge day", "Your own", "Koningsdag"}, nil},
	{"set", "/manage/holidays/sets/early", []string{"name", "Early home", "locations", "utrecht"}, 303, "/manage/holidays?year=2027",
		[]string{"Early home", "Holiday set of Utrecht", "No days in 2027"}, nil},
	{"day_of_a_set", "/manage/days/new", []string{"date", "2026-12-31", "name", "Old year", "off", "afternoon", "location", "set:early", "yearly", "on"}, 303,
		"/manage/locations/utrecht?year=2029", []string{"Old year"}, nil},
	{"other_place", "/manage/locations/berlin?year=2029", nil, 200, "", nil, []string{"Old year"}},
	{"feast", "/manage/days/new", []string{"date", "2026-01-01", "feast", "kings-day", "off", "informative", "location", "utrecht"}, 303,
		"/manage/holidays?year=2027", []string{"King's Day", "Tuesday 27 April 2027", "For information"}, nil},
	{"feast_twice", "/manage/days/new", []string{"date", "2027-01-01", "feast", "kings-day", "off", "full", "location", "utrecht"}, 409, "",
		[]string{"changed here already"}, nil},
	{"set_kept", "/manage/holidays/sets/early/delete", []string{"x", ""}, 409, "", []string{"Utrecht still uses"}, nil},
	{"location_keeps_its_sets", "/manage/locations/utrecht", nil, 200, "", []string{`value="early" checked`}, nil},
	{"copied", "/manage/holidays/copy", []string{"where", "utrecht", "year", "2026"}, 303, "/manage/holidays?year=2027", []string{"Saturday 15 May 2027"}, nil},
	{"pattern_by_day", "/manage/patterns/new", []string{"name", "In turn", "weeks", "2", "anchor", "2026-01-05", "w1-mon", "7:36", "w1-fri", "08:00-12:00",
		"w2-wed", "8:00"}, 303, "/manage/patterns", []string{"In turn"}, nil},
	{"pattern_overnight", "/manage/patterns/new", []string{"name", "Night", "weeks", "1", "w1-mon", "22:00-06:00", "w1-tue", "8:00"}, 422, "",
		[]string{"runs past midnight", `value="22:00-06:00"`, `value="8:00"`, `href="#f-w1-mon"`}, nil},
	{"pattern_without_a_beginning", "/manage/patterns/new", []string{"name", "Turns", "weeks", "2", "w1-mon", "8:00"}, 422, "", []string{`href="#f-anchor"`}, nil},
	{"pattern_more_weeks", "/manage/patterns/new?name=Turns&weeks=8&w1-mon=7:12", nil, 200, "", []string{"Week 8", `value="7:12"`}, nil},
	{"not_there", "/manage/locations/berlin?year=2026", nil, 200, "", []string{"Karfreitag"}, []string{"Bridge day", "Koningsdag"}},
	{"pattern_shown", "/manage/patterns/preview?pattern=" + url.QueryEscape("mon-wed 7:36; thu morning"), nil, 200, "", []string{"3.5 days a week, 26:48 h"}, []string{"<html"}},
	{"pattern_wrong", "/manage/patterns/preview?pattern=never", nil, 200, "", []string{"begins with days"}, []string{"<html"}},
	{"type_added", "/manage/types/new", []string{"name", "Study leave", "colour", "4", "unit", "days", "counting", "working", "entitled", "yes"}, 303, "/manage/types",
		[]string{"say under Packages how much"}, nil},
	{"type_in_use", "/manage/types/sick", []string{"name", "Sickness", "colour", "5", "unit", "hours", "counting", "working"}, 409, "",
		[]string{"its unit stays"}, nil},
	{"retire", "/manage/types/special", []string{"name", "Special leave", "colour", "6", "unit", "days", "counting", "working", "retired", "yes"}, 303,
		"/manage/types", []string{"No longer offered"}, nil},
	{"no_longer_offered", "/leave/new", nil, 200, "", []string{"Holiday"}, []string{"Special leave"}},
	{"example", "/manage/policies/example?type=holiday&amount=24&per=year&full_time=5&accrual=year&moment=start&proration=months&carry=none&joins=2026-07-01&pattern=three",
		nil, 200, "", []string{"<b>7.2</b>", "24 × 3/5 × 6/12", "joins on 1 Jul 2026"}, []string{"<html"}},
	{"example_wrong", "/manage/policies/example?type=holiday&amount=24&per=year&accrual=year&moment=start&proration=months&carry=none&joins=soon&pattern=three",
		nil, 200, "", []string{"not a date"}, nil},
	{"policy_not_saved", "/manage/policies/p1?amount=33&per=year&accrual=year&moment=start&proration=months&carry=none&joins=2026-01-01&pattern=full", nil, 200,
		"/people/acme-noor/balance", []string{"25"}, []string{"33 days"}},
	{"level_added", "/manage/policies/p1", append([]string{"row", "+level", "level0_after", "60", "level0_amount", "26"}, more(terms, "amount", "33")...), 200,
		"/people/acme-noor/balance", []string{"25"}, []string{"33 days"}},
	{"tried_with_what_is_wrong", "/manage/policies/p1", append([]string{"row", "+try", "joins", "2026-01-01", "pattern", "full"}, more(terms, "amount", "much")...), 422, "",
		[]string{`id="f-amount-error"`, `href="#f-amount"`}, nil},
	{"level_taken_out", "/manage/policies/p1", append([]string{"row", "-level0", "level0_after", "60", "level0_amount", "26"}, terms...), 200, "",
		[]string{`value="+level" autofocus`, `<details class="more sect" open><summary>More by`}, nil},
	{"level_of_a_pot_taken_out", "/manage/policies/p1", append([]string{"row", "-pot1_level0", "pot1_amount", "7", "pot1_per", "year", "pot1_level0_after", "60"}, terms...), 200, "",
		[]string{`value="+pot1_level" autofocus`, `<details class="card pot mapping" open>`}, nil},
	{"reason_added", "/manage/policies/p1", append([]string{"row", "+longer"}, terms...), 200, "", []string{`name="longer0_who" autofocus`}, nil},
	{"tried", "/manage/policies/p1", append([]string{"row", "+try", "joins", "2026-01-01", "pattern", "full"}, terms...), 200, "", []string{`value="+try" autofocus`}, nil},
	{"pot_added", "/manage/policies/p1", append([]string{"row", "+pot"}, terms...), 200, "", []string{`name="pot1_amount"`, "Pot 2", "autofocus"}, []string{`role="alert"`}},
	{"pot_taken_out", "/manage/policies/p1", append([]string{"row", "-pot1", "pot1_amount", "7.25", "pot2_amount", "8", "pot2_per", "year", "pot2_carry", "all"}, terms...), 200, "",
		[]string{`name="pot1_amount" type="text" value="8"`}, []string{"Pot 3", "7.25"}},
	{"fault_of_a_pot", "/manage/policies/p1", append([]string{"pot1_amount", "7", "pot1_per", "year", "pot1_carry", "all", "pot1_bonus0_amount", "1", "pot1_bonus0_by", "age", "pot1_bonus0_at", "150"}, terms...),
		422, "", []string{`href="#f-pot1_bonus0_at"`, `id="f-pot1_bonus0_at-error"`}, nil},
	{"policy", "/manage/policies/p1", append([]string{"from", "2015-01-01"}, more(terms, "amount", "33")...), 303, "/people/acme-noor/balance", []string{"33 days"}, nil},
	{"followed", "/manage/packages/all/policies/new", append([]string{"from", "2015-01-01"}, terms...), 409, "", []string{"from the same day"}, nil},
	{"law", "/manage/laws/NL", []string{"name", "Dutch", "rule-holiday", "yes", "type-holiday", "holiday", "extra", "5"}, 303, "/manage/packages",
		[]string{"Dutch", "NL: as in the law"}, nil},
	{"law_in_use", "/manage/laws", nil, 200, "", []string{"Netherlands", "2 Aug 2022"}, []string{"policy: the law changed"}},
	{"settings", "/manage/settings", []string{"name", "Acme Cycles", "accent", "#7e22ce", "language", "nl"}, 303, "/", []string{"Acme Cycles", "/static/theme/7e22ce."}, nil},
	{"colour_shown", "/manage/settings/preview?accent=%23ffd400", nil, 200, "", []string{"/static/theme/ffd400."}, []string{"<html"}},
	{"colour_of_another_kind", "/manage/settings/preview?accent=%22%3E%3Cscript%3E", nil, 200, "", []string{"/static/theme/2f5fd0."}, []string{"<script"}},
}

// TestAdministration goes through the work of somebody who keeps people and rules:
// what is sent, what answers, and what a page then says.
func TestAdministration(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "ana")
	for _, tt := range adminActs {
		t.Run(tt.name, func(t *testing.T) {
			a := b.get(tt.path)
			if tt.form != nil {
				a = b.agrees(tt.path, b.fill(tt.path, tt.form...))
			}
			if a.Code != tt.status {
				t.Fatalf("%d, want %d: %s", a.Code, tt.status, a.Body)
			}
			if tt.then != "" {
				a = b.get(tt.then)
			}
			text := html.UnescapeString(bodyOf(a))
			for _, s := range tt.says {
				if !strings.Contains(text, s) {
					t.Errorf("does not say %q: %s", s, text)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(text, s) {
					t.Errorf("says %q", s)
				}
			}
		})
	}
}

// more returns the pairs of a form with another value for one name.
func more(pairs []string, name, value string) []string {
	out := append([]string(nil), pairs...)
	for i := 0; i < len(out); i += 2 {
		if out[i] == name {
			out[i+1] = value
		}
	}
	return out
}

// TestSystemManager keeps the settings and nothing else.
func TestSystemManager(t *testing.T) {
	w := newWorld(t, nil)
	org, err := w.acme.People.Organisation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dirk := org.Person(people.ID(w.acme.id("dirk")))
	dirk.Roles = people.SystemManager
	if err := w.acme.People.SavePerson(t.Context(), people.ID(w.acme.id("ana")), dirk); err != nil {
		t.Fatal(err)
	}
	b := w.at(w.acme, "dirk")
	for path, want := range map[string]int{"/manage/settings": 200, "/manage/settings/preview": 200, "/manage": 200, "/manage/people": 403, "/manage/import": 403} {
		if a := b.get(path); a.Code != want {
			t.Errorf("%s: %d, want %d", path, a.Code, want)
		}
	}
	page := bodyOf(b.get("/manage/settings"))
	if !strings.Contains(page, "one place only") {
		t.Error("is not told that the data is kept once, where no second place is set")
	}
	if strings.Contains(page, `href="/manage/people"`) || strings.Contains(page, `href="/manage"`) {
		t.Error("is led to what they may not see")
	}
	if !strings.Contains(bodyOf(b.get("/")), `href="/manage/settings"`) {
		t.Error("is not led to the settings")
	}
	if strings.Contains(bodyOf(w.at(w.acme, "carla").get("/")), `href="/manage`) {
		t.Error("an employee is led to the administration")
	}
}

// TestSystemManager_and_directory: who keeps the sign-in lets no directory in, which could
// give an administrator another mail address; all else about programs they do.
func TestSystemManager_and_directory(t *testing.T) {
	w := newWorld(t, nil)
	org, err := w.acme.People.Organisation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ana, dirk := people.ID(w.acme.id("ana")), people.ID(w.acme.id("dirk"))
	keeper := org.Person(dirk)
	keeper.Roles = people.SystemManager
	if err := w.acme.People.SavePerson(t.Context(), ana, keeper); err != nil {
		t.Fatal(err)
	}
	service := func(by people.ID, scope openid.Scope) (openid.Client, error) {
		c, _, err := w.acme.OpenID.Register(t.Context(), by, openid.Client{Name: "Robot", Kind: openid.Service, Scope: scope, Subjects: openid.SubjectPublic})
		return c, err
	}
	directory, err := service(ana, openid.Scope(access.SCIM))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := service(dirk, openid.Scope(access.LeaveRead))
	if err != nil {
		t.Errorf("a service without: %v", err)
	}
	if _, err := w.acme.OpenID.AddSecret(t.Context(), dirk, plain.ID); err != nil {
		t.Errorf("its secret: %v", err)
	}
	save := func(c openid.Client) error { return w.acme.OpenID.SaveClient(t.Context(), dirk, c) }
	wider, narrower := plain, directory
	wider.Scope, narrower.Scope = openid.Scope(access.SCIM), openid.Scope(access.LeaveRead)
	for what, err := range map[string]error{
		"a token": func() error {
			_, _, err := w.acme.Programs.MakeServiceToken(t.Context(), dirk, access.Wish{Name: "Entra", Scopes: []access.Scope{access.SCIM}, Expires: now.AddDate(0, 1, 0)})
			return err
		}(),
		"a service":      func() error { _, err := service(dirk, openid.Scope(access.SCIM)); return err }(),
		"a wider one":    save(wider),
		"another's keys": save(narrower),
		"another secret": func() error { _, err := w.acme.OpenID.AddSecret(t.Context(), dirk, directory.ID); return err }(),
	} {
		if !errs.Is(err, errs.Forbidden) || errs.As(err).Public != "access.error.directory" {
			t.Errorf("%s for the directory: %v", what, err)
		}
	}
	const box, form = `value="scim"`, `action="/manage/provisioning/tokens"`
	for who, sees := range map[string]bool{"ana": true, "dirk": false} {
		b := w.at(w.acme, who)
		if strings.Contains(bodyOf(b.get("/manage/applications/new")), box) != sees || strings.Contains(bodyOf(b.get("/manage/provisioning")), form) != sees {
			t.Errorf("%s is offered it: want %t", who, sees)
		}
	}
}

// TestImport brings in a file: nothing is written before it is accepted, what is
// refused comes back, and doing it again changes nothing.
func TestImport(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "ana")
	file := "email;lastname;name;department;hired\nnora@acme.test;Smit;Nora;Sales;2026-04-01\nbad@;Young;Pat;Sales;2026-04-01\n"
	hand := func() string {
		t.Helper()
		a := b.do(sheets["/manage/import"].request(page.ImportPath, url.Values{"file": {file}}))
		if a.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", a.Code, a.Body)
		}
		return a.Header().Get("Location")
	}
	has := func(path, text string) bool { return strings.Contains(html.UnescapeString(bodyOf(b.get(path))), text) }

	to := hand()
	if !has(to, "“bad@” is not an email address.") || !has(to+"?show=add", "Nora Smit") || has(to+"?show=add", "Pat Young") {
		t.Errorf("the plan: %s", b.get(to).Body)
	}
	digest := digestField.FindStringSubmatch(bodyOf(b.get(to)))[1]
	if a := b.post(to+"/accept", "digest", digest); a.Code != 422 || has("/manage/people?find=nora", "Nora Smit") {
		t.Errorf("refused lines were not held against it: %d", a.Code)
	}
	if a := b.get(to + "/mend"); a.Code != 200 || !strings.Contains(bodyOf(a), "bad@") || strings.Contains(bodyOf(a), "nora@") ||
		!strings.Contains(a.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("to mend: %d %s", a.Code, a.Body)
	}
	if a := b.post(to, "kind", "people", "kind_before", "people", "column1", "email", "column2", "email"); a.Code != 422 {
		t.Errorf("two columns for one field: %d", a.Code)
	}
	if a := b.post(to, "kind", "people", "kind_before", "people", "column1", "email", "column2", "family", "column3", "given",
		"column4", "team", "column5", "hired", "pattern", "three"); a.Code != 303 || !has(to, "Working pattern: Three days") {
		t.Errorf("options: %d %s", a.Code, b.get(to).Body)
	}
	if a := b.post(to+"/accept", "digest", digest, "leave_out", "yes"); a.Code != 409 {
		t.Errorf("an older plan was written: %d", a.Code)
	}
	digest = digestField.FindStringSubmatch(bodyOf(b.get(to)))[1]
	if a := b.post(to+"/accept", "digest", digest, "leave_out", "yes"); a.Code != 303 || !has("/manage/people?find=nora", "Nora Smit") || !has(to, "The import is done.") {
		t.Errorf("accept: %d %s", a.Code, a.Body)
	}
	if a := b.post(to+"/accept", "digest", digest, "leave_out", "yes"); a.Code != 303 {
		t.Errorf("accepted by a double click: %d", a.Code)
	}
	page := b.get(to).Body.String()
	for _, gone := range []string{`name="digest"`, `name="kind"`} {
		if strings.Contains(page, gone) {
			t.Errorf("what is written can be changed: %s", gone)
		}
	}
	if again := hand(); !has(again, "There is nothing to import") {
		t.Errorf("again: %s", b.get(again).Body)
	}
	if a := w.at(w.acme, "bram").get(to); a.Code != 403 {
		t.Errorf("somebody else: %d", a.Code)
	}
}
