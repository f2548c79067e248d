// SPDX-License-Identifier: Apache-2.0

//go:build !race

package main

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/internal/browsertest"
	"verlof/web"
)

// sight is a page in a state worth looking at, by somebody for whom it is meant.
type sight struct {
	name   string // of its pictures
	who    role
	path   string // {person} and the like: see ids
	status int    // 0: 200
}

// sights has an entry for every page of the site; a route that answers GET and is
// not here fails the test.
var sights = map[string][]sight{
	"/sign-in":            {{"sign-in", nobody, "/sign-in", 0}},
	"/forgot":             {{"forgot", nobody, "/forgot", 0}},
	"/reset/{token}":      {{"reset", nobody, "{reset}", 0}},
	"/invitation/{token}": {{"invitation", nobody, "/invitation/unknown", 404}},

	"/{$}": {{"home", employee, "/", 0}, {"home-manager", manager, "/", 0}, {"home-administrator", administrator, "/", 0}},
	"/leave/new": {{"ask", employee, "/leave/new", 0}, {"ask-filled", employee, "/leave/new?from={free}&to={free}", 0},
		{"ask-too-much", employee, "/leave/new?from={free}&to={late}", 0}, {"ask-for", manager, "/leave/new?person={person}", 0}},
	"/leave/new/preview": nil, // a part of the page before

	"/requests":      {{"requests", employee, "/requests", 0}, {"requests-none", employee, "/requests?year=2001", 0}},
	"/requests/{id}": {{"request", employee, "{request}", 0}, {"request-decide", manager, "{waiting}", 0}},
	"/inbox":         {{"inbox", manager, "/inbox", 0}},
	"/calendar":      {{"month", manager, "/calendar", 0}, {"month-all", administrator, "/calendar", 0}, {"month-employee", employee, "/calendar", 0}},
	"/away":          {{"away", manager, "/away", 0}, {"away-nobody", employee, "/away?date=2001-01-01", 0}},

	"/balance":              {{"balance", employee, "/balance", 0}, {"balance-later", employee, "/balance?at={late}", 0}},
	"/people":               {{"people", manager, "/people", 0}, {"people-all", administrator, "/people", 0}, {"people-none", administrator, "/people?find=nobody", 0}},
	"/people/{id}/balance":  {{"person-balance", administrator, "/people/{person}/balance", 0}},
	"/people/{id}/requests": {{"person-requests", manager, "/people/{person}/requests", 0}},
	"/account":              {{"account", employee, "/account", 0}},

	"/robots.txt": nil, // no page
	"/static/":    nil, // no page
	"/":           {{"nothing", employee, "/nowhere", 404}, {"nothing-signed-out", nobody, "/nowhere", 404}},

	"/demo/mail":  {{"mail", manager, "/demo/mail", 0}},
	"/styleguide": {{"styleguide", employee, "/styleguide", 0}},
	"403":         {{"not-for-you", employee, "/inbox", 403}},
}

// TestPages opens every page as those for whom it is meant, on a desk and on a
// phone, in light and in dark: axe finds no violation, nothing is wider than the
// screen, no page complains, and none weighs more than it may. Pictures of all lie
// in the output folder.
func TestPages(t *testing.T) {
	r := newRunning(t)
	ids := r.ids("acme")
	for _, v := range []browsertest.View{browsertest.Desk, browsertest.Phone} {
		tabs := map[role]*tab{}
		for _, pattern := range slices.Sorted(maps.Keys(sights)) {
			for _, s := range sights[pattern] {
				if tabs[s.who] == nil {
					tabs[s.who] = r.tab(t, v, "acme", s.who)
				}
				s.look(t, tabs[s.who], ids)
			}
		}
	}
}

// maxWeight is what a page may weigh over the wire with all that it loads, in
// bytes.
const maxWeight = 100_000

// look opens a page as one who was never here, and looks at it.
func (s sight) look(t *testing.T, p *tab, ids *strings.Replacer) {
	t.Helper()
	address := p.site + ids.Replace(s.path)
	if n := p.Weigh(address); n > maxWeight {
		t.Errorf("%s (%s) weighs %d bytes", s.name, p.View(), n)
	}
	if got := p.Goto(address); got != cmp.Or(s.status, http.StatusOK) {
		t.Errorf("%s (%s): %d", s.name, p.View(), got)
	}
	p.Inspect(s.name)
}

// ids fills in what the paths of sights leave open.
func (r *running) ids(slug string) *strings.Replacer {
	r.Helper()
	self, boss := r.client(slug, employee), r.client(slug, manager)
	free := calendar.DateOf(time.Now()).AddYears(2).Monday()
	self.post("/forgot", "email", r.person(slug, colleague).Email)
	return strings.NewReplacer("{person}", string(r.person(slug, employee).ID),
		"{request}", r.find(self, "/requests", `href="(/requests/[0-9a-z-]+)"`),
		"{waiting}", r.find(boss, "/inbox", `href="(/requests/[0-9a-z-]+)"`),
		"{free}", free.String(), "{late}", free.AddMonths(3).String(), "{reset}", r.mailed(slug, "/reset/"))
}

// TestSights holds the table above to the routes.
func TestSights(t *testing.T) {
	var patterns []string
	for _, rt := range web.Routes() {
		if rt.Method == http.MethodPost {
			continue
		}
		patterns = append(patterns, rt.Pattern)
		if _, ok := sights[rt.Pattern]; !ok {
			t.Errorf("nobody looks at %s: say in sights who does", rt.Pattern)
		}
	}
	for pattern := range sights {
		if !slices.Contains(patterns, pattern) && !slices.Contains([]string{"/demo/mail", "/styleguide", "403"}, pattern) {
			t.Errorf("%s is no page", pattern)
		}
	}
}
