// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"net/http"
	"slices"

	"verlof/leave"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// adminHomePage leads to the sections of the administration.
type adminHomePage struct {
	Frame  template.Page
	First  *firstSteps // nil when they are done
	Groups []sectionGroup
}

// sectionGroup is sections that belong together.
type sectionGroup struct {
	Title    string
	Sections []sectionCard
}

// sectionCard is a section with what is in it.
type sectionCard struct {
	page.Section
	Count int // of things; -1: nothing to count
	Note  string
	Warn  string // what is missing
}

// showAdmin handles GET /manage.
func showAdmin(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	counts := map[string]int{"people": 0, "teams": len(org.Teams), "locations": len(org.Locations),
		"patterns": len(org.Patterns), "types": len(book.Types), "packages": len(book.Packages)}
	for _, rec := range org.Records {
		if presenceOf(rec, today).counts() {
			counts["people"]++
		}
	}
	p := adminHomePage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.title"), "/manage")}
	for _, g := range page.Groups {
		p.add(v, g, counts)
	}
	if v.Viewer.IsAdministrator() {
		never, err := uninvited(ctx, t)
		if err != nil {
			return err
		}
		p.First = firstStepsOf(v, org, counts["people"], len(never))
		waiting, err := t.Provision.Waiting(ctx, v.Person)
		if err != nil {
			return err
		}
		p.warn(v, "joiners", waiting.Count(), "admin.joiners.waiting")
	}
	p.warn(v, "people", uncovered(org, today), "admin.people.uncovered")
	p.warn(v, "teams", unled(org), "admin.teams.unled")
	p.warn(v, "packages", ungranted(book), "admin.packages.ungranted")
	return page.Render(w, r, http.StatusOK, adminHomeView(p))
}

// add puts the sections of a group on the page, those with a count with it.
func (p *adminHomePage) add(v *page.Visit, g page.Group, counts map[string]int) {
	out := sectionGroup{Title: v.Lang.T("admin.group." + string(g))}
	for _, s := range page.SectionsIn(v, g) {
		card := sectionCard{Section: s, Count: -1, Note: v.Lang.T("admin." + s.Key + ".note")}
		if n, ok := counts[s.Key]; ok {
			card.Count = n
		}
		out.Sections = append(out.Sections, card)
	}
	if len(out.Sections) > 0 {
		p.Groups = append(p.Groups, out)
	}
}

// warn says on a section's card how much is missing there.
func (p *adminHomePage) warn(v *page.Visit, key string, n int, sentence string) {
	for _, g := range p.Groups {
		for i := range g.Sections {
			if g.Sections[i].Key == key && n > 0 {
				g.Sections[i].Warn = v.Lang.T(sentence, "count", n)
			}
		}
	}
}

// ungranted counts the packages that grant nothing.
func ungranted(book *leave.Rulebook) int {
	n := 0
	for _, p := range book.Packages {
		if !slices.ContainsFunc(book.Policies, func(x leave.Policy) bool { return x.Package == p.ID }) {
			n++
		}
	}
	return n
}
