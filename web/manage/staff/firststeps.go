// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"verlof/people"
	"verlof/web/page"
	"verlof/web/template"
)

// firstSteps is what a new customer's administration begins with. It goes by itself when
// somebody else works there and somebody decides.
type firstSteps struct {
	Start []template.Link // what stands ready to be looked at
	Steps []firstStep
	Note  string // how many are done
}

// firstStep is done once. Its words are "admin.first." + Key, and ".text" after it.
type firstStep struct {
	Key   string
	Done  bool
	Links []template.Link
}

// firstStepsOf returns the first steps of a customer for which so many people work, of whom so
// many were never invited: nil when all are done, or for a visitor who may not take them.
func firstStepsOf(v *page.Visit, org *people.Organisation, here, uninvited int) *firstSteps {
	if !v.Viewer.IsAdministrator() {
		return nil
	}
	l := v.Lang
	f := &firstSteps{Steps: []firstStep{
		{"people", here > 1, []template.Link{
			{Text: l.T("admin.first.import"), Href: page.ImportPath, Icon: "upload"},
			{Text: l.T("admin.first.add"), Href: "/manage/people/new", Icon: "plus"}}},
		{"decide", unled(org) < len(org.Teams), []template.Link{
			{Text: l.T("admin.first.team"), Href: "/manage/teams/new", Icon: "plus"}}},
		{"invite", here > 1 && uninvited < here-1, []template.Link{
			{Text: l.T("admin.first.list"), Href: "/manage/people", Icon: "mail"}}},
	}}
	done := 0
	for _, s := range f.Steps {
		if s.Done {
			done++
		}
	}
	if done == len(f.Steps) {
		return nil
	}
	f.Note = l.T("admin.first.done", "done", done, "count", len(f.Steps))
	f.Start = []template.Link{
		{Text: l.T("admin.packages"), Href: "/manage/packages"},
		{Text: l.T("admin.locations"), Href: "/manage/locations"},
		{Text: l.T("admin.patterns"), Href: "/manage/patterns"}}
	return f
}
