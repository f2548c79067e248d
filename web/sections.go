// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"

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
