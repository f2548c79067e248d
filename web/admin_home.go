// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"

	"verlof/leave"
	"verlof/tenant"
	"verlof/web/template"
)

// adminHomePage leads to the sections of the administration.
type adminHomePage struct {
	Frame    template.Page
	Sections []sectionCard
}

// sectionCard is a section with what is in it.
type sectionCard struct {
	section
	Count int // of things; -1: nothing to count
	Note  string
	Warn  string // what is missing
}

// showAdmin handles GET /manage.
func showAdmin(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := visitOf(r), r.Context()
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.person)
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
	p := adminHomePage{Frame: adminFrame(w, r, v.lang.T("admin.title"), "/manage")}
	for _, s := range sections {
		card := sectionCard{section: s, Count: -1, Note: v.lang.T("admin." + s.key + ".note")}
		if n, ok := counts[s.key]; ok {
			card.Count = n
		}
		p.Sections = append(p.Sections, card)
	}
	p.warn(v, "people", uncovered(org, today), "admin.people.uncovered")
	p.warn(v, "teams", unled(org), "admin.teams.unled")
	p.warn(v, "packages", ungranted(book), "admin.packages.ungranted")
	return render(w, r, http.StatusOK, adminHomeView(p))
}

// warn says on a section's card how much is missing there.
func (p *adminHomePage) warn(v *visit, key string, n int, sentence string) {
	for i := range p.Sections {
		if p.Sections[i].key == key && n > 0 {
			p.Sections[i].Warn = v.lang.T(sentence, "count", n)
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
