// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"
	"strings"

	"verlof/web/template"
)

// The cookies that keep what a browser prefers.
const (
	themeCookie    = "verlof-theme"
	languageCookie = "verlof-language"
)

// frame returns what the frame around a page needs. It takes the sentence that
// the request before has left, so a page calls it once.
func frame(w http.ResponseWriter, r *http.Request, title string) template.Page {
	v := visitOf(r)
	p := template.Page{
		L: v.lang, Title: title, Path: r.URL.RequestURI(), Theme: preference(r, themeCookie),
		Customer: template.Customer{Name: v.settings.Name, Accent: v.settings.Accent},
		Demo:     v.demo,
	}
	if r.Method != http.MethodGet {
		p.Path = "/"
	}
	if text := takeFlash(w, r); text != "" {
		p.Flash = &template.Flash{Tone: template.Good, Text: text}
	}
	if v.signedIn() {
		p.Main, p.Admin, p.Person = navigation(v, r.URL.Path, waiting(r)), administration(v, r.URL.Path), menuOf(v)
	}
	return p
}

// preference returns what a browser keeps under a name, where it is a plain word.
func preference(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil || strings.Trim(c.Value, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return c.Value
}

// navigation is what everybody does here, and managers.
func navigation(v *visit, path string, waiting int) []template.NavItem {
	l := v.lang
	items := []template.NavItem{
		{Icon: "home", Label: l.T("web.nav.home"), Href: "/"},
		{Icon: "chart", Label: l.T("web.nav.calendar"), Href: "/calendar"},
		{Icon: "leave", Label: l.T("web.nav.mine"), Href: "/requests"},
	}
	if v.decides() || waiting > 0 {
		items = append(items, template.NavItem{Icon: "inbox", Label: l.T("web.nav.inbox"), Href: "/inbox", Count: waiting})
	} else {
		items = append(items, template.NavItem{Icon: "balance", Label: l.T("web.nav.balance"), Href: "/balance"})
	}
	return mark(items, path)
}

// waiting returns how many requests wait for the visitor's decision. A page does
// not fail for want of this number.
func waiting(r *http.Request) int {
	v := visitOf(r)
	n, err := v.tenant.Leave.WaitingCount(r.Context(), v.person)
	if err != nil {
		v.Log.WarnContext(r.Context(), "count of waiting requests", "number", v.number, "error", err)
	}
	return n
}

// within marks another line of the navigation than that of the address.
func within(p template.Page, path string) template.Page {
	for i := range p.Main {
		p.Main[i].Current = p.Main[i].Href == path
	}
	return p
}

// administration is what those do who lead or keep others' leave.
func administration(v *visit, path string) []template.NavItem {
	var items []template.NavItem
	if v.decides() {
		items = append(items, template.NavItem{Icon: "people", Label: v.lang.T("web.nav.people"), Href: "/people"})
	}
	switch {
	case v.viewer.IsSicknessOfficer():
		items = append(items, template.NavItem{Icon: "info", Label: v.lang.T("web.nav.sickness"), Href: "/sickness"})
	case v.viewer.MaySeeSickFigures(v.settings):
		items = append(items, template.NavItem{Icon: "info", Label: v.lang.T("web.nav.sickness"), Href: figuresPath})
	}
	return mark(append(items, adminItems(v)...), path)
}

// places says which line of the navigation an address belongs to, where that is
// not the beginning of the address itself.
var places = map[string]string{"/away": "/calendar", "/leave": "/requests", "/balance": "/requests", "/claims": "/requests", "/sick": "/requests"}

// mark marks the line that path belongs to.
func mark(items []template.NavItem, path string) []template.NavItem {
	at := func(p string) int {
		return slices.IndexFunc(items, func(n template.NavItem) bool {
			return n.Href == p || n.Href != "/" && strings.HasPrefix(p, n.Href+"/")
		})
	}
	i := at(path)
	for from, to := range places {
		if i < 0 && (path == from || strings.HasPrefix(path, from+"/")) {
			i = at(to)
		}
	}
	if i >= 0 {
		items[i].Current = true
	}
	return items
}

// menuOf fills the menu of the person who is signed in.
func menuOf(v *visit) *template.Person {
	return &template.Person{
		Name: v.viewer.Name(), Mail: v.viewer.Email, Key: string(v.person),
		Links: []template.Link{
			{Text: v.lang.T("web.nav.balance"), Href: "/balance", Icon: "balance"},
			{Text: v.lang.T("web.nav.sick"), Href: "/sick/history", Icon: "clock"},
			{Text: v.lang.T("web.nav.account"), Href: "/account", Icon: "lock"},
		},
	}
}
