// SPDX-License-Identifier: Apache-2.0

package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/web/template"
)

// section is a part of the administration: its words are "admin." + key in the
// catalogues.
type section struct {
	group           group
	key, icon, path string
}

// group is which sections belong together: its name is "admin.group." + group.
type group string

// The groups, in the order in which the administration shows them.
const (
	whoWorks  group = "who"    // people, and where and when they work
	whichLaws group = "rules"  // what leave there is, and who decides on it
	leaveWork group = "leave"  // what is to be done about leave, for many at once
	upkeep    group = "upkeep" // data and settings
)

var groups = []group{whoWorks, whichLaws, leaveWork, upkeep}

// sections are the parts of the administration in the order of their tabs.
var sections = []section{
	{whoWorks, "people", "person", "/manage/people"},
	{whoWorks, "teams", "people", "/manage/teams"},
	{whoWorks, "locations", "globe", "/manage/locations"},
	{whoWorks, "holidays", "calendar", "/manage/holidays"},
	{whoWorks, "patterns", "clock", "/manage/patterns"},
	{whichLaws, "types", "leave", "/manage/types"},
	{whichLaws, "packages", "balance", "/manage/packages"},
	{whichLaws, "approval", "check", "/manage/approval"},
	{whichLaws, "limits", "ban", "/manage/limits"},
	{whichLaws, "laws", "law", "/manage/laws"},
	{leaveWork, "overview", "balance", overviewPath},
	{leaveWork, "collective", "people", collectivePath},
	{leaveWork, "notices", "mail", "/manage/notices"},
	{leaveWork, "leavers", "person", "/manage/leavers"},
	{leaveWork, "trades", "balance", "/manage/trades"},
	{upkeep, "import", "upload", "/manage/import"},
	{upkeep, "settings", "gear", "/manage/settings"},
}

func sectionOf(key string) section {
	for _, s := range sections {
		if s.key == key {
			return s
		}
	}
	return section{}
}

// sectionsIn returns the sections of a group.
func sectionsIn(g group) []section {
	var out []section
	for _, s := range sections {
		if s.group == g {
			out = append(out, s)
		}
	}
	return out
}

// title is the section's name, for a tab or a page.
func (s section) title(l *lang.Locale) string { return l.T("admin." + s.key) }

// link leads to the section's list, from its pages.
func (s section) link(l *lang.Locale) template.Link {
	return template.Link{Text: s.title(l), Href: s.path}
}

// adminTabs leads between the sections of a section's group.
func adminTabs(l *lang.Locale, here string) []template.Link {
	var out []template.Link
	for _, s := range sectionsIn(sectionOf(here).group) {
		k := s.link(l)
		k.Current = s.key == here
		out = append(out, k)
	}
	return out
}

// adminCrumbs lead back from a page of the administration, through further pages.
func adminCrumbs(l *lang.Locale, through ...template.Link) []template.Link {
	return append([]template.Link{{Text: l.T("admin.title"), Href: "/manage"}}, through...)
}

// adminItems is what administrators and system managers find in the navigation.
func adminItems(v *visit) []template.NavItem {
	switch {
	case v.viewer.IsAdministrator():
		return []template.NavItem{{Icon: "gear", Label: v.lang.T("admin.title"), Href: "/manage"}}
	case v.viewer.IsSystemManager():
		return []template.NavItem{{Icon: "gear", Label: v.lang.T("admin.settings"), Href: "/manage/settings"}}
	}
	return nil
}

// adminFrame returns the frame of a page of the administration.
func adminFrame(w http.ResponseWriter, r *http.Request, title, path string) template.Page {
	p := frame(w, r, title)
	p.Path, p.Styles = path, []string{"admin.css"}
	return p
}

// mend is like refuse for an error that may hold several, each for a field.
func (f *form) mend(err error) bool {
	for _, one := range several(err) {
		if !f.refuse(one) {
			return false
		}
	}
	return true
}

// attempt does something where nothing is wrong with the form so far, and reports
// whether it is done. What is wrong and can be mended is on the form afterwards;
// an error is not for the form.
func (f *form) attempt(do func() error) (finished bool, err error) {
	if !f.fine() {
		return false, nil
	}
	if err := do(); err != nil {
		if f.mend(err) {
			return false, nil
		}
		return false, err
	}
	return true, nil
}

// several returns the errors that errors.Join holds together in err, or err.
func several(err error) []error {
	for e := err; e != nil; e = errors.Unwrap(e) {
		many, ok := e.(interface{ Unwrap() []error })
		if !ok {
			continue
		}
		var all []error
		for _, one := range many.Unwrap() {
			all = append(all, several(one)...)
		}
		return all
	}
	return []error{err}
}

// field is a field with what was typed and what is wrong with it; its label is
// "admin.field." + name in the catalogues.
func (f *form) field(name string) template.Input {
	return template.Input{Name: name, Label: f.lang.T("admin.field." + name), Value: f.text(name), Error: f.at(name)}
}

// need is a field that must be filled in.
func (f *form) need(name string) template.Input {
	i := f.field(name)
	i.Required = true
	return i
}

// day is a field for a date: what was typed, in the form that date inputs read.
func (f *form) day(name string) template.Input {
	i := f.field(name)
	if d, err := f.lang.ParseDate(i.Value); err == nil {
		i.Value = d.String()
	}
	return i
}

// choice is a choice with what was chosen and what is wrong with it.
func (f *form) choice(name string, options []template.Option) template.Choice {
	return template.Choice{Name: name, Label: f.lang.T("admin.field." + name), Value: f.text(name), Options: options,
		Required: true, Error: f.at(name)}
}

// tick is a checkbox that sends value under name.
func (f *form) tick(name, value, label string) template.Tick {
	return template.Tick{Name: name, Value: value, Label: label, Checked: f.has(name, value), Error: f.at(name)}
}

// paginate returns the lines of one page, the first being 1, and the way to those
// before and after it.
func paginate[T any](lines []T, page string, at func(page string) string) ([]T, template.Pages) {
	n, _ := strconv.Atoi(page)
	n = max(1, min(n, (len(lines)-1)/perPage+1))
	total, from := len(lines), (n-1)*perPage
	to := min(from+perPage, total)
	p := template.Pages{From: min(from+1, total), To: to, Total: total}
	if n > 1 {
		p.Before = at(strconv.Itoa(n - 1))
	}
	if to < total {
		p.After = at(strconv.Itoa(n + 1))
	}
	return lines[from:to], p
}

// about says to a screen reader what a button or link of a line is about.
func about(verb, thing string) templ.Attributes {
	return templ.Attributes{"aria-label": verb + ": " + thing}
}

// errNothing answers for what is not there.
var errNothing = errs.New(errs.NotFound, "")
