// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"context"
	"net/http"
	"slices"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// standInsPage is where somebody, or an administrator for them, names who decides
// while they are away.
type standInsPage struct {
	Frame  template.Page
	Form   *page.Form
	Whose  view.Subject
	Cards  coverCards
	Choose []template.Option
}

// coverCards list who stands in for a person, and for whom the person does.
type coverCards struct {
	L           *lang.Locale
	Own, Others []coverLine
	Manage      string // where they are kept; empty on that page
}

// coverLine is one stand-in.
type coverLine struct {
	ID, Name, Key string
	Days          string
	Now           string // in force, and until when; empty where it is not
}

// showStandIns handles GET /stand-ins.
func showStandIns(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	today, err := t.Leave.Today(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return err
	}
	return renderStandIns(w, r, t, page.BlankForm(r, "person", r.URL.Query().Get("person"), "from", today.String()))
}

// saveStandIn handles POST /stand-ins.
func saveStandIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	x := leave.StandIn{Person: f.Whose(page.VisitOf(r)), By: people.ID(f.Text("stand_in")), From: f.DateOr("from", 0), To: f.DateOr("to", 0)}
	saved, err := f.Attempt(func() error { return t.Leave.SaveStandIn(r.Context(), page.VisitOf(r).Person, x) })
	if saved {
		return page.Done(w, r, standInsPath(page.VisitOf(r), x.Person), "stand-in-saved")
	}
	if err != nil {
		return err
	}
	return renderStandIns(w, r, t, f)
}

// endStandIn handles POST /stand-ins/{id}/end.
func endStandIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := t.Leave.EndStandIn(r.Context(), page.VisitOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, standInsPath(page.VisitOf(r), f.Whose(page.VisitOf(r))), "stand-in-ended")
}

func standInsPath(v *page.Visit, person people.ID) string {
	if person == v.Person {
		return "/stand-ins"
	}
	return page.WithQuery("/stand-ins", "person", string(person))
}

func renderStandIns(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v, ctx := page.VisitOf(r), r.Context()
	who := f.Whose(v)
	rec, err := t.People.Record(ctx, v.Person, who)
	if err != nil {
		return err
	}
	if who != v.Person && !v.Viewer.Has(people.KeepYears) {
		return page.ErrNothing
	}
	p := standInsPage{Form: f, Whose: view.SubjectOf(v, rec.Person)}
	if p.Cards, err = coversOf(ctx, v, t, who); err != nil {
		return err
	}
	if p.Choose, err = colleagues(ctx, v, t, who); err != nil {
		return err
	}
	p.Frame = page.Frame(w, r, p.Whose.Title(v.Lang, "web.standins.title", "web.standins.title.of"))
	p.Frame.Path = standInsPath(v, who)
	return page.Render(w, r, f.Status(), standInsView(p))
}

// colleagues are those who may be chosen: whom the visitor may see, but one.
func colleagues(ctx context.Context, v *page.Visit, t *tenant.Tenant, but people.ID) ([]template.Option, error) {
	all, err := t.People.People(ctx, v.Person)
	all = slices.DeleteFunc(all, func(p people.Person) bool { return !p.Active || p.ID == but })
	out := []template.Option{{Text: v.Lang.T("web.standins.choose"), Prompt: true}}
	for _, p := range all {
		out = append(out, template.Option{Value: string(p.ID), Text: p.Name()})
	}
	return out, err
}

func coversOf(ctx context.Context, v *page.Visit, t *tenant.Tenant, who people.ID) (coverCards, error) {
	own, others, err := t.Leave.StandIns(ctx, v.Person, who)
	c := coverCards{L: v.Lang}
	for _, x := range own {
		c.Own = append(c.Own, coverLineOf(v.Lang, x, x.Deputy))
	}
	for _, x := range others {
		c.Others = append(c.Others, coverLineOf(v.Lang, x, x.For))
	}
	return c, err
}

func coverLineOf(l *lang.Locale, c leave.Cover, who people.Person) coverLine {
	x := coverLine{ID: c.ID, Name: who.Name(), Key: string(who.ID), Days: l.Range(c.From, c.To)}
	if c.Now {
		x.Now = l.T("web.standins.now", "date", c.Until)
	}
	return x
}
