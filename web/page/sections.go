// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/http"

	"verlof/internal/lang"
	"verlof/web/template"
)

// Section is a part of the administration: its words are "admin." + key in the
// catalogues.
type Section struct {
	group           Group
	Key, Icon, Path string
}

// Group is which sections belong together: its name is "admin.group." + group.
type Group string

// The groups, in the order in which the administration shows them.
const (
	whoWorks  Group = "who"    // people, and where and when they work
	whichLaws Group = "rules"  // what leave there is, and who decides on it
	leaveWork Group = "leave"  // what is to be done about leave, for many at once
	upkeep    Group = "upkeep" // data and settings
)

// Groups are all groups in the order in which the administration shows them.
var Groups = []Group{whoWorks, whichLaws, leaveWork, upkeep}

// sections are the parts of the administration in the order of their tabs.
var sections = []Section{
	{whoWorks, "people", "person", "/manage/people"},
	{whoWorks, "joiners", "inbox", "/manage/joiners"},
	{whoWorks, "teams", "people", "/manage/teams"},
	{whoWorks, "locations", "globe", "/manage/locations"},
	{whoWorks, "holidays", "calendar", "/manage/holidays"},
	{whoWorks, "patterns", "clock", "/manage/patterns"},
	{whichLaws, "types", "leave", "/manage/types"},
	{whichLaws, "packages", "balance", "/manage/packages"},
	{whichLaws, "approval", "check", "/manage/approval"},
	{whichLaws, "limits", "ban", "/manage/limits"},
	{whichLaws, "laws", "law", "/manage/laws"},
	{leaveWork, "overview", "balance", OverviewPath},
	{leaveWork, "adjustments", "pen", "/manage/adjustments"},
	{leaveWork, "collective", "people", CollectivePath},
	{leaveWork, "notices", "mail", "/manage/notices"},
	{leaveWork, "yearend", "lock", "/manage/years"},
	{leaveWork, "leavers", "person", "/manage/leavers"},
	{leaveWork, "trades", "balance", "/manage/trades"},
	{upkeep, "changes", "undo", ChangesPath},
	{upkeep, "import", "upload", "/manage/import"},
	{upkeep, "provisioning", "undo", ProvisioningPath},
	{upkeep, "second", "lock", SignInPolicyPath},
	{upkeep, "sso", "globe", ProvidersPath},
	{upkeep, "applications", "screen", "/manage/applications"},
	{upkeep, "settings", "gear", "/manage/settings"},
}

// SectionOf returns the section of that key; the zero Section where there is none.
func SectionOf(key string) Section {
	for _, s := range sections {
		if s.Key == key {
			return s
		}
	}
	return Section{}
}

// SectionsIn returns the sections of a group.
func SectionsIn(g Group) []Section {
	var out []Section
	for _, s := range sections {
		if s.group == g {
			out = append(out, s)
		}
	}
	return out
}

// Title is the section's name, for a tab or a page.
func (s Section) Title(l *lang.Locale) string { return l.T("admin." + s.Key) }

// Link leads to the section's list, from its pages.
func (s Section) Link(l *lang.Locale) template.Link {
	return template.Link{Text: s.Title(l), Href: s.Path}
}

// ManageTabs leads between the sections of a section's group.
func ManageTabs(l *lang.Locale, here string) []template.Link {
	var out []template.Link
	for _, s := range SectionsIn(SectionOf(here).group) {
		k := s.Link(l)
		k.Current = s.Key == here
		out = append(out, k)
	}
	return out
}

// ManageCrumbs lead back from a page of the administration, through further pages.
func ManageCrumbs(l *lang.Locale, through ...template.Link) []template.Link {
	return append([]template.Link{{Text: l.T("admin.title"), Href: "/manage"}}, through...)
}

// adminItems is what administrators and system managers find in the navigation.
func adminItems(v *Visit) []template.NavItem {
	switch {
	case v.Viewer.IsAdministrator():
		return []template.NavItem{{Icon: "gear", Label: v.Lang.T("admin.title"), Href: "/manage"}}
	case v.Viewer.IsSystemManager():
		return []template.NavItem{{Icon: "gear", Label: v.Lang.T("admin.settings"), Href: "/manage/settings"},
			{Icon: "lock", Label: v.Lang.T("admin.second"), Href: SignInPolicyPath},
			{Icon: "globe", Label: v.Lang.T("admin.sso"), Href: ProvidersPath},
			{Icon: "screen", Label: v.Lang.T("admin.applications"), Href: "/manage/applications"},
			{Icon: "undo", Label: v.Lang.T("admin.provisioning"), Href: ProvisioningPath}}
	}
	return nil
}

// ManageFrame returns the frame of a page of the administration.
func ManageFrame(w http.ResponseWriter, r *http.Request, title, path string) template.Page {
	p := Frame(w, r, title)
	p.Path, p.Styles = path, []string{"admin.css"}
	return p
}
