// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/http"
	"slices"
	"strings"

	"verlof/web/template"
)

// The cookies that keep what a browser prefers.
const (
	ThemeCookie    = "verlof-theme"
	LanguageCookie = "verlof-language"
)

// Frame returns what the frame around a page needs. It takes the sentence that
// the request before has left, so a page calls it once.
func Frame(w http.ResponseWriter, r *http.Request, title string) template.Page {
	v := VisitOf(r)
	p := template.Page{
		L: v.Lang, Title: title, Path: r.URL.RequestURI(), Theme: Preference(r, ThemeCookie),
		Customer: template.Customer{Name: v.Settings.Name, Accent: v.Settings.Accent},
		Demo:     v.Demo,
	}
	if r.Method != http.MethodGet {
		p.Path = "/"
	}
	if v.Tenant != nil && v.Tenant.Past != nil {
		p.Past = past(v)
	}
	if v.Tenant != nil && v.Tenant.Hold != nil {
		key, args := v.Tenant.Hold.Sentence()
		p.Notice = &template.Flash{Tone: template.Warn, Text: v.Lang.T(key, args...)}
	}
	if text := takeFlash(w, r); text != "" {
		p.Flash = &template.Flash{Tone: template.Good, Text: text}
	}
	if v.SignedIn() {
		p.Waits = waiting(r)
		p.Main, p.Admin, p.Person = navigation(v, r.URL.Path, p.Waits), administration(v, r.URL.Path), menuOf(v)
	}
	return p
}

// past says of which moment a page is.
func past(v *Visit) *template.Past {
	key, args := v.Tenant.Past.Sentence(v.Zone)
	return &template.Past{Text: v.Lang.T(key, args...), Now: v.Tenant.Past.Now + PastsPath}
}

// Preference returns what a browser keeps under a name, where it is a plain word.
func Preference(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil || strings.Trim(c.Value, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return c.Value
}

// navigation is what everybody does here, and managers.
func navigation(v *Visit, path string, waiting int) []template.NavItem {
	l := v.Lang
	if v.Viewer.Bureau != nil {
		return mark(guestNavigation(v, waiting), path)
	}
	items := []template.NavItem{
		{Icon: "home", Label: l.T("web.nav.home"), Href: "/"},
		{Icon: "chart", Label: l.T("web.nav.calendar"), Href: "/calendar"},
		{Icon: "leave", Label: l.T("web.nav.mine"), Href: "/requests"},
	}
	if v.Decides() || waiting > 0 {
		items = append(items, template.NavItem{Icon: "inbox", Label: l.T("web.nav.inbox"), Href: "/inbox", Count: waiting})
	} else {
		items = append(items, template.NavItem{Icon: "balance", Label: l.T("web.nav.balance"), Href: "/balance"})
	}
	return mark(items, path)
}

// waiting returns how much waits for the visitor's decision or answer. A page does
// not fail for want of this number.
func waiting(r *http.Request) int {
	v := VisitOf(r)
	n, err := v.Tenant.Leave.WaitingCount(r.Context(), v.Person)
	if err != nil {
		v.Log.WarnContext(r.Context(), "count of waiting requests", "number", v.Number, "error", err)
	}
	return n
}

// Within marks another line of the navigation than that of the address.
func Within(p template.Page, path string) template.Page {
	for i := range p.Main {
		p.Main[i].Current = p.Main[i].Href == path
	}
	return p
}

// administration is what those do who lead or keep others' leave.
func administration(v *Visit, path string) []template.NavItem {
	var items []template.NavItem
	if v.Viewer.SeesLeave() {
		items = append(items, template.NavItem{Icon: "people", Label: v.Lang.T("web.nav.people"), Href: "/people"})
	}
	switch {
	case v.Viewer.IsSicknessOfficer():
		items = append(items, template.NavItem{Icon: "info", Label: v.Lang.T("web.nav.sickness"), Href: "/sickness"})
	case v.Viewer.MaySeeSickFigures(v.Settings):
		items = append(items, template.NavItem{Icon: "info", Label: v.Lang.T("web.nav.sickness"), Href: FiguresPath})
	}
	return mark(append(append(items, adminItems(v)...), between(v)...), path)
}

// guestNavigation is what somebody of a bureau does here: nothing is about themselves.
func guestNavigation(v *Visit, waiting int) []template.NavItem {
	items := []template.NavItem{{Icon: "chart", Label: v.Lang.T("web.nav.calendar"), Href: "/calendar"}}
	if v.Decides() || waiting > 0 {
		items = append(items, template.NavItem{Icon: "inbox", Label: v.Lang.T("web.nav.inbox"), Href: "/inbox", Count: waiting})
	}
	return items
}

// between leads those who serve other customers to them, and back.
func between(v *Visit) []template.NavItem {
	if b := v.Viewer.Bureau; b != nil {
		return []template.NavItem{{Icon: "undo", Label: v.Lang.T("web.nav.bureau", "name", b.Name), Href: b.Site + ServePath}}
	}
	if v.Serves {
		return []template.NavItem{{Icon: "globe", Label: v.Lang.T("web.serve"), Href: ServePath}}
	}
	return nil
}

// GuestHome is where somebody of a bureau begins: what waits for them, or what they may see.
func GuestHome(v *Visit) string {
	switch {
	case v.Decides():
		return "/inbox"
	case v.Viewer.SeesLeave():
		return "/people"
	case len(SectionsOf(v)) > 0:
		return "/manage"
	}
	return "/calendar"
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
func menuOf(v *Visit) *template.Person {
	if b := v.Viewer.Bureau; b != nil {
		return &template.Person{Name: v.Viewer.Name(), Mail: b.Mail, Key: string(v.Person),
			Links: []template.Link{{Text: v.Lang.T("web.nav.bureau", "name", b.Name), Href: b.Site + ServePath, Icon: "undo"}}}
	}
	return &template.Person{
		Name: v.Viewer.Name(), Mail: v.Viewer.Email, Key: string(v.Person),
		Links: []template.Link{
			{Text: v.Lang.T("web.nav.balance"), Href: "/balance", Icon: "balance"},
			{Text: v.Lang.T("web.nav.sick"), Href: "/sick/history", Icon: "clock"},
			{Text: v.Lang.T("web.nav.account"), Href: "/account", Icon: "lock"},
		},
	}
}
