// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// personPage shows one person to those who keep people: who they are, how they
// work and how they sign in.
type personPage struct {
	Frame       template.Page
	Form        *page.Form // what went wrong with an act of this page
	Person      people.Person
	Badges      []view.Badge
	Leave       bool // the reader may see why they are away
	StandIns    bool // the reader may say who decides in their place
	Teams       []people.Team
	Leads       map[string]bool // ids of the teams they lead
	Location    string
	Timeline    timeline
	Employments []employmentLine
	Contracts   []contractLine
	Kept        keptCard
	KeptManager string // name of whom the directory calls the person's manager
}

// employmentLine is a period of employment.
type employmentLine struct {
	ID, From, To, Length string
	State                view.Badge
}

// contractLine is a contract line with the day until which it holds.
type contractLine struct {
	ID, From, Until string
	Pattern, Week   string
	Package         string
	Place           string // empty: the customer has one place of work at most
	State           view.Badge
}

// personURL is the address of a person's page.
func personURL(id people.ID) templ.SafeURL { return templ.SafeURL(page.PersonPath(id)) }

// showPerson handles GET /manage/people/{id}.
func showPerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderPerson(w, r, t, page.BlankForm(r))
}

func renderPerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v, ctx := page.VisitOf(r), r.Context()
	rec, err := t.People.Record(ctx, v.Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	patterns, err := t.People.Patterns(ctx, v.Person)
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
	p := personPage{Form: f, Person: rec.Person, Location: org.Locations[rec.Person.Location].Name, Leads: map[string]bool{}}
	p.Leave, p.StandIns = v.Viewer.MaySeeReason(rec.Person.ID), rec.Person.ID == v.Person || v.Viewer.Has(people.KeepYears)
	p.fillTeams(org)
	if b, ok := presenceOf(&rec, today).badge(v.Lang); ok {
		p.Badges = append(p.Badges, b)
	}
	p.Badges = append(p.Badges, roleBadges(v.Lang, rec.Person, len(p.Leads) > 0)...)
	p.fillWork(v.Lang, &rec, org, today, patterns, book)
	if p.Kept, err = keptOf(r, t, rec.Person.ID); err != nil {
		return err
	}
	p.KeptManager = org.Person(p.Kept.User.Manager).Name()
	p.Frame = page.ManageFrame(w, r, rec.Person.Name(), page.PersonPath(rec.Person.ID))
	return page.Render(w, r, f.Status(), personView(p))
}

// fillWork shows when, what and where somebody works, the latter where there is more than one place.
func (p *personPage) fillWork(l *lang.Locale, rec *people.Record, org *people.Organisation, today calendar.Date, patterns []people.Pattern, book *leave.Rulebook) {
	p.Employments = employmentLines(l, rec, today)
	p.Contracts = contractLines(l, rec, today, patterns, book)
	for i := range p.Contracts {
		if len(org.Locations) > 1 {
			p.Contracts[i].Place = org.Locations[rec.Contracts[i].Location].Name
		}
	}
	moved := slices.ContainsFunc(rec.Contracts, func(c people.Contract) bool { return c.Location != rec.Contracts[0].Location })
	p.Timeline = timelineOf(l, rec, today, func(c people.Contract) string {
		name := view.PatternName(patterns, c.Pattern)
		if moved {
			name += ", " + org.Locations[c.Location].Name
		}
		return name
	})
}

func (p *personPage) fillTeams(org *people.Organisation) {
	p.Teams = teamsOf(org)[p.Person.ID]
	for _, t := range p.Teams {
		if slices.Contains(t.Managers, p.Person.ID) {
			p.Leads[t.ID] = true
		}
	}
}

func employmentLines(l *lang.Locale, r *people.Record, today calendar.Date) []employmentLine {
	var out []employmentLine
	for _, e := range r.Employments {
		x := employmentLine{ID: e.ID, From: l.Date(e.From), To: l.T("admin.open_end"), State: stateOf(l, e.Range(), today)}
		if !e.To.IsZero() {
			x.To = l.Date(e.To)
		}
		x.Length = lengthOf(l, e.Range(), today)
		out = append(out, x)
	}
	return out
}

// stateOf names where a range of days stands today.
func stateOf(l *lang.Locale, r calendar.Range, today calendar.Date) view.Badge {
	switch {
	case r.Contains(today):
		return view.Badge{Tone: template.Good, Text: l.T("admin.now")}
	case r.From > today:
		return view.Badge{Tone: template.Info, Text: l.T("admin.later")}
	}
	return view.Badge{Text: l.T("admin.past")}
}

// lengthOf says how long somebody has worked here: in years, or in months where
// it is less than one.
func lengthOf(l *lang.Locale, r calendar.Range, today calendar.Date) string {
	to := r.To
	if to.IsZero() || to > today {
		to = today
	}
	months := 0
	for r.From.AddMonths(months+1) <= to.AddDays(1) {
		months++
	}
	if months >= 12 {
		return l.T("admin.years", "count", months/12)
	}
	return l.T("admin.months", "count", months)
}

func contractLines(l *lang.Locale, r *people.Record, today calendar.Date, patterns []people.Pattern, book *leave.Rulebook) []contractLine {
	var out []contractLine
	for i, c := range r.Contracts {
		holds := calendar.Range{From: c.From}
		if i+1 < len(r.Contracts) {
			holds.To = r.Contracts[i+1].From.AddDays(-1)
		} else if e, known := r.LastEmployment(); known && e.To >= c.From {
			holds.To = e.To
		}
		x := contractLine{ID: c.ID, From: l.Date(c.From), Until: l.T("admin.until_next"), State: stateOf(l, holds, today),
			Pattern: view.PatternName(patterns, c.Pattern), Package: view.PackageName(book, c.Package)}
		if !holds.To.IsZero() {
			x.Until = l.Date(holds.To)
		}
		if p, ok := book.Patterns[c.Pattern]; ok {
			x.Week = view.WeekOf(l, p)
		}
		out = append(out, x)
	}
	return out
}

// sendLink handles POST /manage/people/{id}/sign-in: an invitation, or a link to
// choose a new password for those who have one.
func sendLink(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	if err := v.Viewer.Need(people.KeepPeople); err != nil {
		return err
	}
	rec, err := t.People.Record(ctx, v.Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := t.Identity.SendReset(ctx, rec.Person.ID); err != nil {
		f := page.BlankForm(r)
		if !f.Mend(err) {
			return err
		}
		return renderPerson(w, r, t, f)
	}
	return page.Done(w, r, page.PersonPath(rec.Person.ID), "link-sent")
}
