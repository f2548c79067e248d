// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// personPage shows one person to those who keep people: who they are, how they
// work and how they sign in.
type personPage struct {
	Frame       template.Page
	Form        *form // what went wrong with an act of this page
	Person      people.Person
	Badges      []badge
	Teams       []people.Team
	Leads       map[string]bool // ids of the teams they lead
	Location    string
	Timeline    timeline
	Employments []employmentLine
	Contracts   []contractLine
}

// employmentLine is a period of employment.
type employmentLine struct {
	ID, From, To, Length string
	State                badge
}

// contractLine is a contract line with the day until which it holds.
type contractLine struct {
	ID, From, Until string
	Pattern, Week   string
	Package         string
	State           badge
}

// personURL is the address of a person's page.
func personURL(id people.ID) templ.SafeURL { return templ.SafeURL(personPath(id)) }

// showPerson handles GET /manage/people/{id}.
func showPerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderPerson(w, r, t, blankForm(r))
}

func renderPerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *form) error {
	v, ctx := visitOf(r), r.Context()
	rec, err := t.People.Record(ctx, v.person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	patterns, err := t.People.Patterns(ctx, v.person)
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
	p := personPage{Form: f, Person: rec.Person, Location: org.Locations[rec.Person.Location].Name, Leads: map[string]bool{}}
	p.fillTeams(org)
	if b, ok := presenceOf(&rec, today).badge(v.lang); ok {
		p.Badges = append(p.Badges, b)
	}
	p.Badges = append(p.Badges, roleBadges(v.lang, rec.Person, len(p.Leads) > 0)...)
	p.Employments = employmentLines(v.lang, &rec, today)
	p.Contracts = contractLines(v.lang, &rec, today, patterns, book)
	p.Timeline = timelineOf(v.lang, &rec, today, func(c people.Contract) string { return patternName(patterns, c.Pattern) })
	p.Frame = adminFrame(w, r, rec.Person.Name(), personPath(rec.Person.ID))
	return render(w, r, f.status(), personView(p))
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
func stateOf(l *lang.Locale, r calendar.Range, today calendar.Date) badge {
	switch {
	case r.Contains(today):
		return badge{Tone: template.Good, Text: l.T("admin.now")}
	case r.From > today:
		return badge{Tone: template.Info, Text: l.T("admin.later")}
	}
	return badge{Text: l.T("admin.past")}
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
		}
		x := contractLine{ID: c.ID, From: l.Date(c.From), Until: l.T("admin.until_next"), State: stateOf(l, holds, today),
			Pattern: patternName(patterns, c.Pattern), Package: packageName(book, c.Package)}
		if !holds.To.IsZero() {
			x.Until = l.Date(holds.To)
		}
		if p, ok := book.Patterns[c.Pattern]; ok {
			x.Week = weekOf(l, p)
		}
		out = append(out, x)
	}
	return out
}

// sendLink handles POST /manage/people/{id}/sign-in: an invitation, or a link to
// choose a new password for those who have one.
func sendLink(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := visitOf(r), r.Context()
	if err := v.viewer.NeedSystemManager(); err != nil {
		return err
	}
	rec, err := t.People.Record(ctx, v.person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := t.Identity.SendReset(ctx, rec.Person.ID); err != nil {
		f := blankForm(r)
		if !f.mend(err) {
			return err
		}
		return renderPerson(w, r, t, f)
	}
	return done(w, r, personPath(rec.Person.ID), "link-sent")
}
