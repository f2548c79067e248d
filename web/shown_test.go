// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"verlof/leave"
	"verlof/people"
	"verlof/web/template"
)

// TestShown walks through the site as somebody of each role, and with each right alone: what
// a page leads to can be opened, and no form on it is refused to whom it is shown.
func TestShown(t *testing.T) {
	w := newWorld(t, nil)
	w.importing(w.acme)
	for _, r := range people.AllRoles.Each() {
		w.shown(t, "noor", r.Names()[0], people.Person{Roles: r}, 2)
	}
	for r := range people.AllRights.All() {
		role := people.Role{ID: "one-" + r.String(), Name: r.String(), Rights: people.Set(r), Everybody: true}
		if r.OverPersons() {
			role.Everybody, role.Teams = false, []string{w.acme.id("workshop")}
		}
		w.keep(func(tx leave.Tx) error { return tx.SaveCustomRole(role) })
		w.shown(t, "noor", r.String(), people.Person{Custom: []string{role.ID}}, 1)
	}
	for _, who := range []string{"dirk", "bram", "ana"} {
		w.shown(t, who, who, w.person(who), 1)
	}
}

func (w *world) keep(f func(tx leave.Tx) error) {
	w.Helper()
	if err := w.acme.Leave.Store.Update(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

func (w *world) person(who string) people.Person {
	w.Helper()
	org, err := w.acme.People.Organisation(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return org.Person(people.ID(w.acme.id(who)))
}

// shown walks through acme's site as somebody with the roles of another.
func (w *world) shown(t *testing.T, who, name string, roles people.Person, each int) {
	t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
		p := w.person(who)
		p.Roles, p.Custom = roles.Roles, roles.Custom
		w.keep(func(tx leave.Tx) error { return tx.SavePerson(p) })
		walk := &walk{t: t, b: w.at(w.acme, who), each: each, seen: map[string]int{}}
		walk.open("/")
		for _, f := range walk.forms {
			if a := walk.b.post(f.action, f.pairs...); a.Code == http.StatusForbidden || a.Code == http.StatusMethodNotAllowed {
				t.Errorf("%s shows a form to %s that is refused: %d", f.page, f.action, a.Code)
			}
		}
		if len(walk.forms) == 0 || len(walk.seen) < 10 {
			t.Errorf("%d forms on %d pages: hardly a site", len(walk.forms), len(walk.seen))
		}
	})
}

// walk is somebody on their way through the pages.
type walk struct {
	t     *testing.T
	b     *browser
	each  int            // how many pages of a kind are opened
	seen  map[string]int // how often pages of one kind were opened, and forms met
	forms []sentForm
}

// sentForm is a form as it stands on a page.
type sentForm struct {
	page, action string
	pairs        []string
}

// sortOf is what pages and forms of different ids have in common.
func sortOf(method string, u *url.URL) string {
	r, _ := http.NewRequest(method, u.Path, nil) //nolint:noctx // it is never sent
	_, pattern := kinds.Handler(r)
	return pattern
}

// kinds knows the route of each address.
var kinds = func() *http.ServeMux {
	mux := http.NewServeMux()
	for _, rt := range Routes() {
		mux.Handle(rt.Method+" "+rt.Pattern, http.NotFoundHandler())
	}
	return mux
}()

// open reads a page and goes on from there.
func (k *walk) open(path string) {
	at, err := url.Parse(path)
	if err != nil {
		k.t.Fatal(err)
	}
	if at.Fragment != "" || at.Host != "" || strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/api/v1/") {
		return
	}
	n := sortOf(http.MethodGet, at)
	if k.seen[n]++; k.seen[n] > k.each {
		return
	}
	a := k.b.get(at.RequestURI())
	if a.Code >= http.StatusBadRequest && a.Code != http.StatusServiceUnavailable { // a provider that does not answer
		k.t.Errorf("a page leads to %s: %d", path, a.Code)
	}
	if !strings.HasPrefix(a.Header().Get("Content-Type"), "text/html") {
		return
	}
	k.read(at, a)
}

// read notes the forms of a page and follows its links.
func (k *walk) read(at *url.URL, a *httptest.ResponseRecorder) {
	doc, err := html.Parse(strings.NewReader(bodyOf(a)))
	if err != nil {
		k.t.Fatal(err)
	}
	var links []string
	for n := range doc.Descendants() {
		switch {
		case n.Data == "a":
			if to, err := at.Parse(attr(n, "href")); err == nil {
				links = append(links, to.String())
			}
		case n.Data == "form" && attr(n, "method") == "post":
			k.note(at.Path, attr(n, "action"), n)
		}
	}
	for _, l := range links {
		k.open(l)
	}
}

// note keeps the first form of each kind, and what its buttons send elsewhere.
func (k *walk) note(page, action string, form *html.Node) {
	to, err := url.Parse(action)
	if err != nil || slices.Contains([]string{template.ThemePath, template.LanguagePath, template.SignOutPath}, action) {
		return
	}
	n := sortOf(http.MethodPost, to)
	if k.seen[n]++; k.seen[n] > 1 {
		return
	}
	f := sentForm{page: page, action: action}
	for n := range form.Descendants() {
		if n.Type != html.ElementNode || attr(n, "name") == "" {
			continue
		}
		switch {
		case n.Data == "input" && !slices.Contains([]string{"checkbox", "radio"}, attr(n, "type")), n.Data == "input" && has(n, "checked"):
			f.pairs = append(f.pairs, attr(n, "name"), attr(n, "value"))
		case n.Data == "button" && has(n, "formaction"):
			k.note(page, attr(n, "formaction"), form)
		}
	}
	k.forms = append(k.forms, f)
}
