// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// peoplePage lists those whose leave the visitor looks after.
type peoplePage struct {
	Frame template.Page
	Find  string
	Lines []personLine
	Pages template.Pages
}

// personLine is one person of the list.
type personLine struct {
	view.Subject
	Teams string
	Ends  string // that the employment ends soon; empty where it does not
}

// showPeople handles GET /people.
func showPeople(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	all, err := t.People.People(r.Context(), v.Person)
	if err != nil {
		return err
	}
	teams, err := t.People.Teams(r.Context(), v.Person)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(r.Context(), v.Person)
	if err != nil {
		return err
	}
	leaving, err := t.People.Leaving(r.Context(), v.Person, calendar.Range{From: today, To: today.AddDays(endsSoon)})
	if err != nil {
		return err
	}
	q := r.URL.Query()
	p := newPeoplePage(v, all, teams, leaving, q.Get("find"), q.Get("page"))
	p.Frame = page.Frame(w, r, v.Lang.T("web.people.title"))
	return page.Render(w, r, http.StatusOK, peopleView(p))
}

// endsSoon is within how many days an employment ends that is worth a word.
const endsSoon = 60

// newPeoplePage shows those whose reasons v may see, and of them those whose name
// or number holds what is looked for.
func newPeoplePage(v *page.Visit, all []people.Person, teams []people.Team, leaving map[people.ID]calendar.Date, find, page string) peoplePage {
	p := peoplePage{Find: strings.TrimSpace(find)}
	in := view.TeamNames(teams)
	for _, one := range all {
		if one.ID == v.Person || !v.Viewer.MaySeeReason(one.ID) {
			continue
		}
		if view.Matches(one, p.Find) {
			line := personLine{Subject: view.SubjectOf(v, one), Teams: v.Lang.List(in[one.ID]...)}
			if last, ends := leaving[one.ID]; ends {
				line.Ends = v.Lang.T("web.people.ends", "date", last)
			}
			p.Lines = append(p.Lines, line)
		}
	}
	p.turn(page)
	return p
}

// turn keeps the lines of one page, the first being 1.
func (p *peoplePage) turn(number string) {
	p.Lines, p.Pages = page.Paginate(p.Lines, number, func(number string) string {
		return page.WithQuery("/people", "find", p.Find, "page", number)
	})
}

// named adds the person to what a link says to a screen reader.
func (x *personLine) named(l *lang.Locale, key string) templ.Attributes {
	return templ.Attributes{"aria-label": l.T(key) + ": " + x.Person.Name()}
}

// subjectOf returns somebody as the subject of a page, with what is known of them today.
func subjectOf(ctx context.Context, v *page.Visit, t *tenant.Tenant, who people.Person) (view.Subject, error) {
	s := view.SubjectOf(v, who)
	org, err := t.People.Organisation(ctx)
	if err != nil || s.Own {
		return s, err
	}
	today, err := t.Leave.Today(ctx, v.Person) // who left may be shut out, and then has none
	s.Know(v, org, today)
	return s, err
}
