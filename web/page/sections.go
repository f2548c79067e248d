// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/http"
	"slices"

	"verlof/internal/lang"
	"verlof/people"
	"verlof/web/template"
)

// Section is a part of the administration: its words are "admin." + key in the
// catalogues.
type Section struct {
	group           Group
	Key, Icon, Path string
	right           people.Right // what it takes to see it
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
	{whoWorks, "people", "person", "/manage/people", people.SeeSetup},
	{whoWorks, "joiners", "inbox", "/manage/joiners", people.KeepPeople},
	{whoWorks, "roles", "lock", RolesPath, people.SeeRecord},
	{whoWorks, "teams", "people", "/manage/teams", people.SeeSetup},
	{whoWorks, "locations", "globe", "/manage/locations", people.SeeSetup},
	{whoWorks, "holidays", "calendar", "/manage/holidays", people.SeeSetup},
	{whoWorks, "patterns", "clock", "/manage/patterns", people.SeeSetup},
	{whichLaws, "types", "leave", "/manage/types", people.SeeSetup},
	{whichLaws, "packages", "balance", "/manage/packages", people.SeeSetup},
	{whichLaws, "approval", "check", "/manage/approval", people.SeeSetup},
	{whichLaws, "limits", "ban", "/manage/limits", people.SeeSetup},
	{whichLaws, "laws", "law", "/manage/laws", people.SeeSetup},
	{leaveWork, "overview", "balance", OverviewPath, people.SeeLeave},
	{leaveWork, "adjustments", "pen", "/manage/adjustments", people.SeeReports},
	{leaveWork, "collective", "people", CollectivePath, people.SeeLeave},
	{leaveWork, "notices", "mail", "/manage/notices", people.SeeReports},
	{leaveWork, "yearend", "lock", "/manage/years", people.SeeReports},
	{leaveWork, "leavers", "person", "/manage/leavers", people.SeeReports},
	{leaveWork, "trades", "balance", "/manage/trades", people.SeeReports},
	{upkeep, "changes", "undo", ChangesPath, people.SeeRecord},
	{upkeep, "import", "upload", "/manage/import", people.KeepPeople},
	{upkeep, "provisioning", "undo", ProvisioningPath, people.KeepSignIn},
	{upkeep, "second", "lock", SignInPolicyPath, people.SeeSignIn},
	{upkeep, "sso", "globe", ProvidersPath, people.KeepSignIn},
	{upkeep, "applications", "screen", "/manage/applications", people.KeepSignIn},
	{upkeep, "webhooks", "mail", "/manage/webhooks", people.KeepSignIn},
	{upkeep, "pasts", "clock", PastsPath, people.KeepSignIn},
	{upkeep, "settings", "gear", "/manage/settings", people.KeepSettings},
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

// SectionsOf returns the sections that a visitor may see.
func SectionsOf(v *Visit) []Section {
	return slices.DeleteFunc(slices.Clone(sections), func(s Section) bool {
		all := s.right == people.SeeLeave && !v.Viewer.Has(people.SeeLeave) // who leads a team finds these under People
		sweeping := s.Path == ImportPath || s.Key == "joiners"              // they change anything of many
		return all || sweeping && !v.Viewer.IsAdministrator() || !v.Viewer.HasAny(s.right)
	})
}

// SectionsIn returns the sections of a group that a visitor may see.
func SectionsIn(v *Visit, g Group) []Section {
	return slices.DeleteFunc(SectionsOf(v), func(s Section) bool { return s.group != g })
}

// Title is the section's name, for a tab or a page.
func (s Section) Title(l *lang.Locale) string { return l.T("admin." + s.Key) }

// Link leads to the section's list, from its pages.
func (s Section) Link(l *lang.Locale) template.Link {
	return template.Link{Text: s.Title(l), Href: s.Path}
}

// ManageTabs leads between the sections of a section's group that the reader of a page may see.
func ManageTabs(p template.Page, here string) []template.Link {
	var out []template.Link
	for _, s := range sections {
		if s.group == SectionOf(here).group && slices.Contains(p.Sections, s.Key) {
			k := s.Link(p.L)
			k.Current = s.Key == here
			out = append(out, k)
		}
	}
	return out
}

// ManageCrumbs lead back from a page of the administration, through further pages.
func ManageCrumbs(l *lang.Locale, through ...template.Link) []template.Link {
	return append([]template.Link{{Text: l.T("admin.title"), Href: "/manage"}}, through...)
}

// adminItems is what those find in the navigation who see how all is set up or see reports, and
// system managers.
func adminItems(v *Visit) []template.NavItem {
	n := len(SectionsOf(v))
	switch {
	case v.Viewer.IsSystemManager() && !v.Viewer.Has(people.SeeSetup):
		return []template.NavItem{{Icon: "gear", Label: v.Lang.T("admin.settings"), Href: "/manage/settings"},
			{Icon: "lock", Label: v.Lang.T("admin.second"), Href: SignInPolicyPath},
			{Icon: "globe", Label: v.Lang.T("admin.sso"), Href: ProvidersPath},
			{Icon: "screen", Label: v.Lang.T("admin.applications"), Href: "/manage/applications"},
			{Icon: "undo", Label: v.Lang.T("admin.provisioning"), Href: ProvisioningPath},
			{Icon: "mail", Label: v.Lang.T("admin.webhooks"), Href: "/manage/webhooks"},
			{Icon: "clock", Label: v.Lang.T("admin.pasts"), Href: PastsPath}}
	case n > 0:
		return []template.NavItem{{Icon: "gear", Label: v.Lang.T("admin.title"), Href: "/manage"}}
	}
	return nil
}

// ManageFrame returns the frame of a page of the administration.
func ManageFrame(w http.ResponseWriter, r *http.Request, title, path string) template.Page {
	p := Frame(w, r, title)
	p.Path, p.Styles = path, []string{"admin.css"}
	for _, s := range SectionsOf(VisitOf(r)) {
		p.Sections = append(p.Sections, s.Key)
	}
	return p
}
