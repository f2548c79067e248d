// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// askPage is where somebody asks for leave.
type askPage struct {
	Frame    template.Page
	Form     *form
	Whose    subject
	Types    []template.Option
	Type     leave.Type // the one chosen
	Calendar template.Calendar
	Preview  previewPart
	Parts    bool          // a part of a day is asked for
	Change   leave.Request // the leave that is changed; zero: none
}

// previewPart is what the days that are filled in would cost.
type previewPart struct {
	L       *lang.Locale
	Asked   bool // days are filled in
	Own     bool
	Name    string // whose leave it is
	Dates   string
	Type    leave.Type
	Cost    costView
	Away    []awayLine
	Problem string  // why it would be refused
	Way     wayView // who would decide
	Free    bool    // days are only given back, and nobody need decide
	Warned  []string
}

// showAsk handles GET /leave/new. What the query fills in is previewed.
func showAsk(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	return renderAsk(w, r, t, f)
}

// postAsk handles POST /leave/new: it asks for the leave, or shows what it would
// cost where that button was pressed.
func postAsk(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if f.text("do") == "show" {
		return renderAsk(w, r, t, f)
	}
	f.date("from") // asked for now: without it the form is wrong
	ask := readAsk(f, visitOf(r).person)
	if f.fine() {
		made, err := t.Leave.Submit(r.Context(), visitOf(r).person, ask)
		if err == nil {
			return done(w, r, "/requests/"+made.ID, "asked-"+string(made.State))
		}
		if !f.refuse(atField(err)) {
			return err
		}
	}
	return renderAsk(w, r, t, f)
}

// showPreview handles GET /leave/new/preview: a fragment for preview.js.
func showPreview(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	p, err := previewOf(r.Context(), visitOf(r), t, f)
	if err != nil {
		return err
	}
	return render(w, r, f.status(), previewView(p))
}

// readAsk reads what is asked for. Without a last day it is the first; a time
// that is filled in means hours, whatever else is chosen.
func readAsk(f *form, self people.ID) leave.Ask {
	a := leave.Ask{Person: self, Type: f.text("type"), Note: f.text("note"), Replaces: f.text("change")}
	if p := f.text("person"); p != "" {
		a.Person = people.ID(p)
	}
	a.From = f.dateOr("from", 0)
	a.To = f.dateOr("to", a.From)
	a.First, a.Last = f.portion("first"), f.portion("last")
	return a
}

// atField names the field of our form that an error of leave belongs to.
func atField(err error) error {
	e := errs.As(err)
	switch e.Field {
	case "portion", "hours":
		return e.At("first")
	}
	return err
}

func renderAsk(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *form) error {
	v, ctx := visitOf(r), r.Context()
	who := v.viewer.Person
	if id := people.ID(f.text("person")); id != "" && id != who.ID {
		record, err := t.People.Record(ctx, v.person, id)
		if err != nil {
			return err
		}
		who = record.Person
	}
	p := askPage{Form: f, Whose: subjectOf(v, who)}
	if err := p.fillChange(ctx, v, t); err != nil {
		return err
	}
	if err := p.fillTypes(ctx, v, t); err != nil {
		return err
	}
	if err := p.fillCalendar(ctx, v, t); err != nil {
		return err
	}
	var err error
	if p.Preview, err = previewOf(ctx, v, t, f); err != nil {
		return err
	}
	p.Parts = strings.Trim(f.text("first")+f.text("last"), "whole") != "" || f.text("first-from")+f.text("last-from") != ""
	p.Frame = frame(w, r, p.Whose.title(v.lang, "web.ask.title", "web.ask.title.for"))
	p.Frame.Path = p.Whose.ask()
	if p.Change.ID != "" {
		p.Frame.Title = v.lang.T("web.change.title", "dates", spanText(v.lang, p.Change.Span))
	}
	p.Frame.Scripts = []string{"range.js", "preview.js"}
	return render(w, r, f.status(), askView(p))
}

// fillChange finds the leave that is to be changed, and begins with it as it is.
func (p *askPage) fillChange(ctx context.Context, v *visit, t *tenant.Tenant) error {
	id := p.Form.text("change")
	if id == "" {
		return nil
	}
	d, err := t.Leave.Detail(ctx, v.person, id)
	if err != nil {
		return err
	}
	p.Change, p.Whose = d.Request, subjectOf(v, d.Person)
	p.Form.values.Set("type", d.Request.Type)
	if p.Form.text("from")+p.Form.text("to") == "" {
		p.Form.values.Set("from", d.Request.From.String())
		p.Form.values.Set("to", d.Request.To.String())
		p.Form.setPortion("first", d.Request.First)
		p.Form.setPortion("last", d.Request.Last)
	}
	return nil
}

// fillTypes offers the types of leave with what is left of each, and chooses the
// first where none is chosen.
func (p *askPage) fillTypes(ctx context.Context, v *visit, t *tenant.Tenant) error {
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, p.Whose.Person.ID)
	if err != nil {
		return err
	}
	statements, err := t.Leave.Balances(ctx, v.person, p.Whose.Person.ID, today)
	if err != nil {
		return err
	}
	p.Types = typeOptions(v.lang, book.Types, statements)
	if p.Form.text("type") == "" && len(p.Types) > 0 {
		p.Form.values.Set("type", p.Types[0].Value)
	}
	p.Type, _ = book.Type(p.Form.text("type"))
	if p.Change.ID != "" { // a change keeps the type
		p.Types = slices.DeleteFunc(p.Types, func(o template.Option) bool { return o.Value != p.Change.Type })
	}
	return nil
}

// typeOptions are the types that may be asked for: those without entitlement,
// and those that the person is entitled to.
func typeOptions(l *lang.Locale, types []leave.Type, statements []leave.Statement) []template.Option {
	left := map[string]string{}
	for i := range statements {
		s := &statements[i]
		left[s.Type.ID] = l.T("web.ask.left", "amount", explain.Plain(l, s.Available, s.Unit))
	}
	var options []template.Option
	for _, t := range types {
		note, entitled := left[t.ID]
		if t.Retired || t.Entitled && !entitled {
			continue
		}
		if !t.Entitled {
			note = l.T("web.ask.free")
		}
		options = append(options, template.Option{Value: t.ID, Text: t.Name, Note: note, Colour: t.Colour})
	}
	return options
}

// previewOf works out what the filled in days cost. What is wrong with them is
// said in the form, and in the preview.
func previewOf(ctx context.Context, v *visit, t *tenant.Tenant, f *form) (previewPart, error) {
	p := previewPart{L: v.lang, Own: true}
	ask := readAsk(f, v.person)
	malformed := !f.fine() && f.code != http.StatusConflict
	if ask.From.IsZero() || ask.Type == "" || malformed {
		p.Problem = f.first()
		return p, nil
	}
	found, err := t.Leave.Preview(ctx, v.person, ask)
	if err != nil {
		if !f.refuse(atField(err)) {
			return p, err
		}
		p.Problem = f.first()
		return p, nil
	}
	if err := p.fill(ctx, v, t, &found); err != nil {
		return p, err
	}
	if !f.fine() { // the form says why
		p.Problem = ""
	}
	return p, nil
}

func (p *previewPart) fill(ctx context.Context, v *visit, t *tenant.Tenant, found *leave.Preview) error {
	p.Asked, p.Own, p.Name = true, found.Person.ID == v.person, found.Person.Name()
	p.Type, p.Dates = found.Type, spanText(v.lang, found.Span)
	p.Cost = costOf(v.lang, found.Type, found.Charges, found.Skipped, found.Years)
	p.Away = awayLines(v.lang, found.Away)
	if found.Problem != nil {
		p.Problem = sentence(v.lang, found.Problem, v.number)
	}
	p.Free = found.Problem == nil && len(found.Stages) == 0 && !found.Type.Unapproved
	p.Warned = breachTexts(v.lang, found.Warned)
	if p.Problem != "" || len(found.Stages) == 0 {
		return nil
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	p.Way = wayOf(v.lang, org, book, leave.Progress{Rule: found.Rule, Stages: found.Stages}, true)
	for i := range p.Way.Steps {
		p.Way.Steps[i].Status = "" // nothing waits before it is asked
	}
	return err
}

// dateValue returns a date of the form as a date field takes it; what cannot be
// read stays as it was typed.
func (p *askPage) dateValue(name string) string {
	if d := p.shown(name); !d.IsZero() {
		return d.String()
	}
	return p.Form.text(name)
}

// parts are the parts of a day that can be asked for.
func (p *askPage) parts() []template.Option {
	l := p.Frame.L
	return []template.Option{
		{Value: "whole", Text: l.T("portion.whole")},
		{Value: "morning", Text: l.T("portion.morning")},
		{Value: "afternoon", Text: l.T("portion.afternoon")},
		{Value: "hours", Text: l.T("web.ask.hours")},
	}
}
