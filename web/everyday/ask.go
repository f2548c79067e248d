// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"cmp"
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
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// askPage is where somebody asks for leave.
type askPage struct {
	Frame    template.Page
	Form     *page.Form
	Whose    view.Subject
	Types    []template.Option
	Type     leave.Type // the one chosen
	Calendar template.Calendar
	Preview  previewPart
	Parts    bool          // a part of a day is asked for
	Change   leave.Request // the leave that is changed, or the request that waits; zero: none

	Substitute template.Choice // who does the work; without options nobody is asked for
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
	Problem string   // why it would be refused
	Way     view.Way // who would decide
	Free    bool     // days are only given back, and nobody need decide
	Warned  []string
	Clipped []string       // days of which not all hours asked are worked, and which are
	Wants   string         // what is still to be filled in
	Block   template.Flash // what the days make of a block; no text: nothing
}

// showAsk handles GET /leave/new. What the query fills in is previewed.
func showAsk(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return renderAsk(w, r, t, f)
}

// postAsk handles POST /leave/new: it asks for the leave, or shows what it would
// cost where that button was pressed.
func postAsk(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if f.Text("do") == "show" {
		return renderAsk(w, r, t, f)
	}
	f.Date("from") // asked for now: without it the form is wrong
	ask := readAsk(f, page.VisitOf(r).Person)
	if f.Fine() {
		made, err := t.Leave.Submit(r.Context(), page.VisitOf(r).Person, ask)
		if err == nil {
			return page.Done(w, r, "/requests/"+made.ID, sent(&made))
		}
		if !f.Refuse(atField(err)) {
			return err
		}
	}
	return renderAsk(w, r, t, f)
}

// sent says what became of what was asked for.
func sent(r *leave.Request) string {
	if r.Revises != "" {
		return "revised-" + string(r.State)
	}
	return "asked-" + string(r.State)
}

// showPreview handles GET /leave/new/preview: a fragment for preview.js.
func showPreview(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := previewOf(r.Context(), page.VisitOf(r), t, f)
	if err != nil {
		return err
	}
	return page.Render(w, r, f.Status(), previewView(p))
}

// readAsk reads what is asked for. Without a last day it is the first; a time
// that is filled in means hours, whatever else is chosen.
func readAsk(f *page.Form, self people.ID) leave.Ask {
	a := leave.Ask{Person: self, Type: f.Text("type"), Note: f.Text("note"), Replaces: f.Text("change"), Revises: f.Text("revise"),
		Substitute: people.ID(f.Text("substitute"))}
	if p := f.Text("person"); p != "" {
		a.Person = people.ID(p)
	}
	a.From = f.DateOr("from", 0)
	a.To = f.DateOr("to", a.From)
	a.First, a.Last = f.Portion("first"), f.Portion("last")
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

func renderAsk(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v, ctx := page.VisitOf(r), r.Context()
	who := v.Viewer.Person
	if id := people.ID(f.Text("person")); id != "" && id != who.ID {
		record, err := t.People.Record(ctx, v.Person, id)
		if err != nil {
			return err
		}
		who = record.Person
	}
	p := askPage{Form: f, Whose: view.SubjectOf(v, who)}
	if err := p.fillChange(ctx, v, t); err != nil {
		return err
	}
	if err := p.fillAgain(ctx, v, t); err != nil {
		return err
	}
	if err := p.fillTypes(ctx, v, t); err != nil {
		return err
	}
	if err := p.fillCalendar(ctx, v, t); err != nil {
		return err
	}
	if err := p.fillSubstitutes(ctx, v, t); err != nil {
		return err
	}
	var err error
	if p.Preview, err = previewOf(ctx, v, t, f); err != nil {
		return err
	}
	p.Parts = strings.Trim(f.Text("first")+f.Text("last"), "whole") != "" || f.Text("first-from")+f.Text("last-from") != ""
	p.Frame = page.Frame(w, r, p.Whose.Title(v.Lang, "web.ask.title", "web.ask.title.for"))
	p.Frame.Path = p.Whose.Ask()
	if p.Change.ID != "" {
		p.Frame.Title = v.Lang.T(p.changing()+".title", "dates", view.SpanText(v.Lang, p.Change.Span))
	}
	p.Frame.Scripts = []string{"range.js", "preview.js"}
	return page.Render(w, r, f.Status(), askView(p))
}

// fillChange finds the leave that is to be changed, or the request that waits, and begins with
// it as it is.
func (p *askPage) fillChange(ctx context.Context, v *page.Visit, t *tenant.Tenant) error {
	id := cmp.Or(p.Form.Text("revise"), p.Form.Text("change"))
	if id == "" {
		return nil
	}
	d, err := t.Leave.Detail(ctx, v.Person, id)
	if err != nil {
		return err
	}
	p.Change, p.Whose = d.Request, view.SubjectOf(v, d.Person)
	if p.revises() && !p.Form.Values.Has("note") {
		p.Form.Values.Set("note", d.Request.Note)
	}
	if !p.Form.Values.Has("substitute") { // a day that is chosen in the calendar brings neither along
		p.Form.Values.Set("substitute", string(d.Request.Covered()))
	}
	if p.Form.Text("type") == "" || p.keepsType() {
		p.Form.Values.Set("type", d.Request.Type)
	}
	p.begin(&d.Request)
	return nil
}

// revises reports whether what is changed is a request that waits.
func (p *askPage) revises() bool { return p.Form.Text("revise") != "" }

// keepsType reports whether what is changed keeps its type: approved leave does, and a change of it.
func (p *askPage) keepsType() bool {
	return p.Change.ID != "" && (!p.revises() || p.Change.Replaces != "")
}

// changing is the key of what the page says of what is changed.
func (p *askPage) changing() string {
	if p.revises() {
		return "web.revise"
	}
	return "web.change"
}

// send is what the button says that sends the form.
func (p *askPage) send() string {
	if p.revises() {
		return p.Frame.L.T("web.revise.send")
	}
	return p.Frame.L.T("web.ask.do")
}

// fillAgain begins with leave that came to nothing, as it was asked for.
func (p *askPage) fillAgain(ctx context.Context, v *page.Visit, t *tenant.Tenant) error {
	id := p.Form.Text("again")
	if id == "" || p.Form.Text("type") != "" {
		return nil
	}
	d, err := t.Leave.Detail(ctx, v.Person, id)
	if err != nil {
		return err
	}
	p.Form.Values.Set("type", d.Request.Type)
	p.Form.Values.Set("note", d.Request.Note)
	p.begin(&d.Request)
	return nil
}

// begin fills in the days of a request where none are filled in yet.
func (p *askPage) begin(r *leave.Request) {
	if p.Form.Text("from")+p.Form.Text("to") != "" {
		return
	}
	p.Form.Values.Set("from", r.From.String())
	p.Form.Values.Set("to", r.To.String())
	p.Form.SetPortion("first", r.First)
	p.Form.SetPortion("last", r.Last)
	p.Form.Values.Set("substitute", string(r.Covered()))
}

// fillTypes offers the types of leave with what is left of each, and chooses the
// likely one where none is chosen.
func (p *askPage) fillTypes(ctx context.Context, v *page.Visit, t *tenant.Tenant) error {
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, p.Whose.Person.ID)
	if err != nil {
		return err
	}
	statements, err := t.Leave.BalancesWithout(ctx, v.Person, p.Whose.Person.ID, today, p.Form.Text("revise"))
	if err != nil {
		return err
	}
	offered := typesOffered(book.Types, statements, p.offers)
	p.Types = typeOptions(v.Lang, offered, statements)
	if likely, ok := leave.Likely(offered, statements); ok && p.Form.Text("type") == "" {
		p.Form.Values.Set("type", likely.ID)
	}
	p.Type, _ = book.Type(p.Form.Text("type"))
	return nil
}

// offers reports whether a type that may be asked for, or may not, is offered: what is changed
// may keep its type when nobody else may ask for it any more, and approved leave has to.
func (p *askPage) offers(t *leave.Type, may bool) bool {
	if p.keepsType() {
		return t.ID == p.Change.Type
	}
	return may || t.ID == p.Change.Type
}

// typesOffered are the types that may be asked for: those without entitlement,
// and those that the person is entitled to, as offers has it.
func typesOffered(types []leave.Type, statements []leave.Statement, offers func(t *leave.Type, may bool) bool) (offered []leave.Type) {
	for _, t := range types {
		entitled := slices.ContainsFunc(statements, func(s leave.Statement) bool { return s.Type.ID == t.ID })
		if offers(&t, !t.Retired && (!t.Entitled || entitled)) {
			offered = append(offered, t)
		}
	}
	return offered
}

// typeOptions are types to choose from, with what is left of each.
func typeOptions(l *lang.Locale, types []leave.Type, statements []leave.Statement) []template.Option {
	left := map[string]string{}
	for i := range statements {
		s := &statements[i]
		left[s.Type.ID] = l.T("web.ask.left", "amount", explain.Plain(l, s.Available, s.Unit))
	}
	options := make([]template.Option, len(types))
	for i, t := range types {
		note := left[t.ID]
		if !t.Entitled {
			note = l.T("web.ask.free")
		}
		options[i] = template.Option{Value: t.ID, Text: t.Name, Note: note, Colour: t.Colour}
	}
	return options
}

// previewOf works out what the filled in days cost. What is wrong with them is
// said in the form, and in the preview.
func previewOf(ctx context.Context, v *page.Visit, t *tenant.Tenant, f *page.Form) (previewPart, error) {
	p := previewPart{L: v.Lang, Own: true}
	ask := readAsk(f, v.Person)
	malformed := !f.Fine() && f.Code != http.StatusConflict
	if ask.From.IsZero() || ask.Type == "" || malformed {
		p.Problem = f.First()
		return p, nil
	}
	found, err := t.Leave.Preview(ctx, v.Person, ask)
	if err != nil {
		if !f.Refuse(atField(err)) {
			return p, err
		}
		p.Problem = f.First()
		return p, nil
	}
	if err := p.fill(ctx, v, t, &found); err != nil {
		return p, err
	}
	if !f.Fine() { // the form says why
		p.Problem = ""
	}
	return p, nil
}

func (p *previewPart) fill(ctx context.Context, v *page.Visit, t *tenant.Tenant, found *leave.Preview) error {
	p.Asked, p.Own, p.Name = true, found.Person.ID == v.Person, found.Person.Name()
	p.Type, p.Dates = found.Type, view.SpanText(v.Lang, found.Span)
	p.Cost = costOf(v.Lang, found.Type, found.Charges, found.Skipped, found.Years)
	for _, c := range found.Clipped {
		p.Clipped = append(p.Clipped, v.Lang.T("web.preview.clipped", "date", c.Date, "times", view.TimesOf(c.Work)))
	}
	p.Away = awayLines(v.Lang, found.Away)
	switch {
	case found.Problem == nil:
	case unchanged(found.Problem):
		p.Wants = page.Sentence(v.Lang, found.Problem, v.Number)
	default:
		p.Problem = page.Sentence(v.Lang, found.Problem, v.Number)
	}
	p.Free = found.Problem == nil && len(found.Stages) == 0 && !found.Type.Unapproved
	p.Warned = append(view.BreachTexts(v.Lang, found.Warned), view.CoverTexts(v.Lang, p.nameOf(), &found.Covering)...)
	if found.Type.Substitute == leave.MustSubstitute && len(found.Substitutes) == 0 {
		p.Wants = v.Lang.T("leave.error.substitute_missing")
	}
	p.fillBlock(v.Lang, found)
	if p.Problem != "" || len(found.Stages) == 0 {
		return nil
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	p.Way = view.WayOf(v.Lang, org, book, leave.Progress{Rule: found.Rule, Stages: found.Stages}, true)
	for i := range p.Way.Steps {
		p.Way.Steps[i].Status = "" // nothing waits before it is asked
	}
	return err
}

// unchanged reports whether all that speaks against a change is that it is none yet, as when the form is opened.
func unchanged(problem error) bool {
	key := errs.As(problem).Public
	return key == "leave.error.no_revision" || key == "leave.error.no_change"
}

// nameOf is whose leave it is; empty for the visitor's own.
func (p *previewPart) nameOf() string {
	if p.Own {
		return ""
	}
	return p.Name
}

// dateValue returns a date of the form as a date field takes it; what cannot be
// read stays as it was typed.
func (p *askPage) dateValue(name string) string {
	if d := p.shown(name); !d.IsZero() {
		return d.String()
	}
	return p.Form.Text(name)
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
