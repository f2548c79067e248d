// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"net/http"
	"slices"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// standInsPage is where somebody, or an administrator for them, names who decides
// while they are away.
type standInsPage struct {
	Frame  template.Page
	Form   *form
	Whose  subject
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
	today, err := t.Leave.Today(r.Context(), visitOf(r).person)
	if err != nil {
		return err
	}
	return renderStandIns(w, r, t, blankForm(r, "person", r.URL.Query().Get("person"), "from", today.String()))
}

// saveStandIn handles POST /stand-ins.
func saveStandIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	x := leave.StandIn{Person: f.whose(visitOf(r)), By: people.ID(f.text("stand_in")), From: f.dateOr("from", 0), To: f.dateOr("to", 0)}
	saved, err := f.attempt(func() error { return t.Leave.SaveStandIn(r.Context(), visitOf(r).person, x) })
	if saved {
		return done(w, r, standInsPath(visitOf(r), x.Person), "stand-in-saved")
	}
	if err != nil {
		return err
	}
	return renderStandIns(w, r, t, f)
}

// endStandIn handles POST /stand-ins/{id}/end.
func endStandIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := t.Leave.EndStandIn(r.Context(), visitOf(r).person, r.PathValue("id")); err != nil {
		return err
	}
	return done(w, r, standInsPath(visitOf(r), f.whose(visitOf(r))), "stand-in-ended")
}

func standInsPath(v *visit, person people.ID) string {
	if person == v.person {
		return "/stand-ins"
	}
	return withQuery("/stand-ins", "person", string(person))
}

func renderStandIns(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *form) error {
	v, ctx := visitOf(r), r.Context()
	who := f.whose(v)
	rec, err := t.People.Record(ctx, v.person, who)
	if err != nil {
		return err
	}
	if who != v.person && !v.viewer.IsAdministrator() {
		return errNothing
	}
	p := standInsPage{Form: f, Whose: subjectOf(v, rec.Person)}
	if p.Cards, err = coversOf(ctx, v, t, who); err != nil {
		return err
	}
	if p.Choose, err = colleagues(ctx, v, t, who); err != nil {
		return err
	}
	p.Frame = frame(w, r, p.Whose.title(v.lang, "web.standins.title", "web.standins.title.of"))
	p.Frame.Path = standInsPath(v, who)
	return render(w, r, f.status(), standInsView(p))
}

// colleagues are those who may be chosen: whom the visitor may see, but one.
func colleagues(ctx context.Context, v *visit, t *tenant.Tenant, but people.ID) ([]template.Option, error) {
	all, err := t.People.People(ctx, v.person)
	all = slices.DeleteFunc(all, func(p people.Person) bool { return !p.Active || p.ID == but })
	out := []template.Option{{Text: v.lang.T("web.standins.choose")}}
	for _, p := range all {
		out = append(out, template.Option{Value: string(p.ID), Text: p.Name()})
	}
	return out, err
}

func coversOf(ctx context.Context, v *visit, t *tenant.Tenant, who people.ID) (coverCards, error) {
	own, others, err := t.Leave.StandIns(ctx, v.person, who)
	c := coverCards{L: v.lang}
	for _, x := range own {
		c.Own = append(c.Own, coverLineOf(v.lang, x, x.Deputy))
	}
	for _, x := range others {
		c.Others = append(c.Others, coverLineOf(v.lang, x, x.For))
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
