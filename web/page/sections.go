// SPDX-License-Identifier: Apache-2.0

package page

import (
	"context"
	"net/http"
	"slices"
	"strings"

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
	keep            people.Right // what it takes to change what is in it; right: nothing is changed there by others
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
	{whoWorks, "people", "person", "/manage/people", people.SeeSetup, people.KeepPeople},
	{whoWorks, "joiners", "inbox", "/manage/joiners", people.KeepPeople, people.KeepPeople},
	{whoWorks, "roles", "lock", RolesPath, people.SeeRecord, people.KeepRoles},
	{whoWorks, "bureaus", "globe", BureausPath, people.SeeRecord, people.KeepRoles},
	{whoWorks, "teams", "people", "/manage/teams", people.SeeSetup, people.KeepPeople},
	{whoWorks, "locations", "globe", "/manage/locations", people.SeeSetup, people.KeepPeople},
	{whoWorks, "holidays", "calendar", "/manage/holidays", people.SeeSetup, people.KeepPeople},
	{whoWorks, "patterns", "clock", "/manage/patterns", people.SeeSetup, people.KeepPeople},
	{whichLaws, "types", "leave", "/manage/types", people.SeeSetup, people.KeepRules},
	{whichLaws, "packages", "balance", "/manage/packages", people.SeeSetup, people.KeepRules},
	{whichLaws, "approval", "check", "/manage/approval", people.SeeSetup, people.KeepRules},
	{whichLaws, "limits", "ban", "/manage/limits", people.SeeSetup, people.KeepRules},
	{whichLaws, "laws", "law", "/manage/laws", people.SeeSetup, people.KeepRules},
	{leaveWork, "overview", "balance", OverviewPath, people.SeeLeave, people.SeeLeave},
	{leaveWork, "taken", "calendar", TakenPath, people.SeeLeave, people.SeeLeave},
	{leaveWork, "adjustments", "pen", "/manage/adjustments", people.SeeReports, people.KeepBalances},
	{leaveWork, "collective", "people", CollectivePath, people.SeeLeave, people.DecideLeave},
	{leaveWork, "notices", "mail", "/manage/notices", people.SeeReports, people.KeepYears},
	{leaveWork, "yearend", "lock", "/manage/years", people.SeeReports, people.KeepYears},
	{leaveWork, "leavers", "person", "/manage/leavers", people.SeeReports, people.SeeReports},
	{leaveWork, "trades", "balance", "/manage/trades", people.SeeReports, people.SeeReports},
	{upkeep, "changes", "undo", ChangesPath, people.SeeRecord, people.SeeRecord},
	{upkeep, "import", "upload", "/manage/import", people.KeepPeople, people.KeepPeople},
	{upkeep, "provisioning", "undo", ProvisioningPath, people.KeepSignIn, people.KeepSignIn},
	{upkeep, "second", "lock", SignInPolicyPath, people.SeeSignIn, people.KeepSignIn},
	{upkeep, "sso", "globe", ProvidersPath, people.KeepSignIn, people.KeepSignIn},
	{upkeep, "applications", "screen", "/manage/applications", people.KeepSignIn, people.KeepSignIn},
	{upkeep, "webhooks", "mail", "/manage/webhooks", people.KeepSignIn, people.KeepSignIn},
	{upkeep, "pasts", "clock", PastsPath, people.KeepSignIn, people.KeepSignIn},
	{upkeep, "export", "download", ExportPath, people.KeepPeople, people.KeepPeople},
	{upkeep, "settings", "gear", "/manage/settings", people.KeepSettings, people.KeepSettings},
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
		all := s.right == people.SeeLeave && !v.Viewer.Has(people.SeeLeave)            // who leads a team finds these under People
		sweeping := s.Path == ImportPath || s.Path == ExportPath || s.Key == "joiners" // they change or hold anything of many
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

// AccountCrumbs lead back from a page of somebody's own account.
func AccountCrumbs(l *lang.Locale) []template.Link {
	return []template.Link{{Text: l.T("web.nav.account"), Href: "/account"}}
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

// partOf says under which section's address pages stand that have another beginning.
var partOf = map[string]string{"/manage/policies/": "/manage/packages", "/manage/days/": "/manage/holidays"}

// sectionAt returns the section that an address belongs to; false where there is none.
func sectionAt(path string) (Section, bool) {
	for from, to := range partOf {
		if strings.HasPrefix(path, from) {
			path = to
		}
	}
	for _, s := range sections {
		if rest, ok := strings.CutPrefix(path, s.Path); ok && (rest == "" || rest[0] == '/' || rest[0] == '?') {
			return s, true
		}
	}
	return Section{}, false
}

// readOnly says why the visitor can change nothing at an address of the administration; empty
// where they can.
func readOnly(v *Visit, path string) string {
	s, ok := sectionAt(path)
	if !ok || s.right == s.keep || v.Viewer.HasAny(s.keep) {
		return ""
	}
	return v.Lang.T("admin.read_only", "right", v.Lang.T("people.right."+s.keep.String()))
}

// Verb is the word of a button that leads to a page with a form: to change what is there, or to
// look at it for those who may not.
func Verb(ctx context.Context, l *lang.Locale, href string) string {
	if template.May(ctx, http.MethodPost, href) {
		return l.T("admin.change")
	}
	return l.T("admin.look")
}

// ManageFrame returns the frame of a page of the administration.
func ManageFrame(w http.ResponseWriter, r *http.Request, title, path string) template.Page {
	p := Frame(w, r, title)
	p.ReadOnly = readOnly(VisitOf(r), r.URL.Path)
	p.Path, p.Styles = path, []string{"admin.css"}
	for _, s := range SectionsOf(VisitOf(r)) {
		p.Sections = append(p.Sections, s.Key)
	}
	return p
}
