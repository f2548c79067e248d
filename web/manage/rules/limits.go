// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/http"
	"strconv"
	"strings"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// limitsPage lists when leave is too much for the work.
type limitsPage struct {
	Frame template.Page
	Lines []limitLine
}

// limitLine is one limit of the list.
type limitLine struct {
	ID, Name, What, About, When string
	Warn, Past                  bool
}

// showLimits handles GET /manage/limits.
func showLimits(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	how, book, org, err := rulesOf(r.Context(), v, t)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := limitsPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.limits"), "/manage/limits")}
	for i := range how.Limits {
		p.Lines = append(p.Lines, limitLineOf(v.Lang, org, book, &how.Limits[i], today))
	}
	return page.Render(w, r, http.StatusOK, limitsView(p))
}

func limitLineOf(l *lang.Locale, org *people.Organisation, book *leave.Rulebook, x *leave.Limit, today calendar.Date) limitLine {
	line := limitLine{ID: x.ID, Name: x.Name, Warn: x.Warn, Past: !x.To.IsZero() && x.To < today, When: l.T("admin.limits.always")}
	if !x.From.IsZero() || !x.To.IsZero() {
		line.When = l.Range(x.From, x.To)
	}
	line.What = l.T("admin.limit." + string(x.Kind))
	if x.Kind != leave.Blocked {
		number := strconv.Itoa(x.Number)
		if x.Percent {
			number = l.T("web.percent", "percent", x.Number)
		}
		line.What = l.T("admin.limits.what."+string(x.Kind), "number", number)
	}
	var about []string
	if x.Team != "" {
		about = append(about, l.T("approval.team", "name", view.TeamName(org, x.Team)))
	}
	if x.Location != "" {
		about = append(about, org.Locations[x.Location].Name)
	}
	if len(x.Types) > 0 {
		about = append(about, view.TypeNames(book, x.Types))
	}
	if len(about) == 0 {
		about = append(about, l.T("admin.limits.everybody"))
	}
	line.About = strings.Join(about, " · ")
	return line
}

// limitPage is where a limit is added or changed.
type limitPage struct {
	Frame     template.Page
	Form      *page.Form
	ID        string // empty for a new one
	Types     []template.Option
	Teams     []template.Option
	Locations []template.Option
}

func (p *limitPage) path() string {
	if p.ID == "" {
		return "/manage/limits/new"
	}
	return "/manage/limits/" + p.ID
}

// showLimit handles GET /manage/limits/new and GET /manage/limits/{id}.
func showLimit(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := page.BlankForm(r, "limit", string(leave.Blocked))
	if id := r.PathValue("id"); id != "" {
		how, err := t.Leave.Procedure(r.Context(), page.VisitOf(r).Person)
		if err != nil {
			return err
		}
		x, err := the(how.Limits, func(x leave.Limit) bool { return x.ID == id })
		if err != nil {
			return err
		}
		fillLimit(f, &x)
	}
	return renderLimit(w, r, t, f)
}

func fillLimit(f *page.Form, x *leave.Limit) {
	f.Values["types"] = x.Types
	for name, text := range map[string]string{"name": x.Name, "limit": string(x.Kind), "team": x.Team, "location": x.Location} {
		f.Values.Set(name, text)
	}
	if x.Kind != leave.Blocked {
		f.Values.Set("staff", strconv.Itoa(x.Number))
	}
	for name, d := range map[string]calendar.Date{"from": x.From, "to": x.To} {
		if !d.IsZero() {
			f.Values.Set(name, d.String())
		}
	}
	for name, is := range map[string]bool{"percent": x.Percent, "warn": x.Warn} {
		if is {
			f.Values.Set(name, "yes")
		}
	}
}

// saveLimit handles POST to the same addresses.
func saveLimit(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	x := leave.Limit{ID: r.PathValue("id"), Name: f.Text("name"), Kind: leave.LimitKind(f.Text("limit")), Types: f.Values["types"],
		Team: f.Text("team"), Location: f.Text("location"), From: f.DateOr("from", 0), To: f.DateOr("to", 0),
		Number: f.Number("staff"), Percent: f.Has("percent", "yes"), Warn: f.Has("warn", "yes")}
	saved, err := f.Attempt(func() error {
		_, err := t.Leave.SaveLimit(r.Context(), page.VisitOf(r).Person, x)
		return err
	})
	if saved {
		return page.Done(w, r, "/manage/limits", "limit-saved")
	}
	if err != nil {
		return err
	}
	return renderLimit(w, r, t, f)
}

// deleteLimit handles POST /manage/limits/{id}/delete.
func deleteLimit(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Leave.DeleteLimit(r.Context(), page.VisitOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, "/manage/limits", "limit-deleted")
}

func renderLimit(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	l := page.VisitOf(r).Lang
	how, book, org, err := rulesOf(r.Context(), page.VisitOf(r), t)
	if err != nil {
		return err
	}
	locations, err := t.People.Locations(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return err
	}
	p := limitPage{Form: f, ID: r.PathValue("id"), Types: typeChoices(f, book), Teams: teamChoices(l, org),
		Locations: append([]template.Option{{Text: l.T("admin.everywhere")}}, view.LocationOptions(locations)...)}
	title := l.T("admin.limits.add")
	if p.ID != "" {
		x, err := the(how.Limits, func(x leave.Limit) bool { return x.ID == p.ID })
		if err != nil {
			return err
		}
		title = x.Name
	}
	p.Frame = page.ManageFrame(w, r, title, p.path())
	return page.Render(w, r, f.Status(), limitView(p))
}

// kinds are what a limit may hold to.
func (p *limitPage) kinds() template.Choice {
	var values []string
	for _, k := range leave.LimitKinds {
		values = append(values, string(k))
	}
	c := p.Form.Cards("limit", values...)
	c.Short = true
	return c
}
