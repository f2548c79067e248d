// SPDX-License-Identifier: Apache-2.0

package sick

import (
	"context"
	"net/http"
	"strconv"

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

// sickPage is where somebody is reported sick.
type sickPage struct {
	Frame   template.Page
	Form    *page.Form
	Persons []template.Option // whom the visitor may report; empty: themselves alone
	Private bool              // a note may be written
}

// showSick handles GET /sick.
func showSick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return err
	}
	if f.Text("from") == "" {
		f.Values.Set("from", today.String())
	}
	return renderSick(w, r, t, f)
}

// reportSick handles POST /sick.
func reportSick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	ask := leave.SickAsk{Person: f.Whose(v), From: f.Date("from"), To: f.DateOr("to", 0), Expected: f.DateOr("expected", 0), Note: f.Text("note")}
	var report leave.SickReport
	saved, err := f.Attempt(func() (err error) {
		report, err = t.Leave.ReportSick(r.Context(), v.Person, ask)
		return err
	})
	if saved {
		return page.Done(w, r, page.AbsencePath(report.ID), "sick-reported")
	}
	if err != nil {
		return err
	}
	return renderSick(w, r, t, f)
}

func renderSick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	if who := f.Whose(v); !v.Viewer.MayReportSick(who) || org.Records[who] == nil {
		return errs.New(errs.NotFound, "people.error.no_person")
	}
	p := sickPage{Form: f, Private: v.Viewer.MaySeeSickness(f.Whose(v))}
	for _, id := range org.Order {
		if who := org.Person(id); who.Active && v.Viewer.MayReportSick(id) {
			p.Persons = append(p.Persons, template.Option{Value: string(id), Text: who.Name()})
		}
	}
	if len(p.Persons) < 2 {
		p.Persons = nil
	}
	if f.Text("person") == "" {
		f.Values.Set("person", string(v.Person))
	}
	p.Frame = page.Frame(w, r, v.Lang.T("web.sick.title"))
	return page.Render(w, r, f.Status(), sickView(p))
}

// sickField is a field of the pages about sickness.
func sickField(f *page.Form, name string) template.Input {
	return template.Input{Name: name, Label: f.Lang.T("web.sick.field." + name), Value: f.Text(name), Error: f.At(name)}
}

func (p *sickPage) person() template.Choice {
	return template.Choice{Name: "person", Label: p.Frame.L.T("web.col.person"), Value: p.Form.Text("person"), Options: p.Persons,
		Required: true, Error: p.Form.At("person")}
}

func (p *sickPage) from() template.Input {
	i := sickField(p.Form, "from")
	i.Required = true
	return i
}

func (p *sickPage) note() template.Input { return noteField(p.Form) }

// last is the last day of the sickness.
func (p *absencePage) last() template.Input {
	i := sickField(p.Form, "to")
	i.Required = true
	return i
}

// partly is the day from which the person works in part again.
func (p *absencePage) partly() template.Input {
	i := sickField(p.Form, "partly")
	i.Name, i.Value, i.Error, i.Required = "step", p.Form.Text("step"), p.Form.At("step"), true
	return i
}

// share is how much they work from then on.
func (p *absencePage) share() template.Input {
	i := sickField(p.Form, "percent")
	i.Label, i.Type, i.Short, i.Required = p.Frame.L.T("web.sick.field.share"), "number", true, true
	i.Hint = p.Frame.L.T("web.sick.partly.hint")
	return i
}

func (p *correctPage) from() template.Input {
	i := sickField(p.Form, "from")
	i.Required = true
	return i
}

func noteField(f *page.Form) template.Input {
	i := sickField(f, "note")
	i.Rows, i.Hint = 3, f.Lang.T("web.sick.note.hint")
	return i
}

// absencePage is one report of sickness, as far as the visitor may see it.
type absencePage struct {
	Frame template.Page
	Form  *page.Form
	D     leave.SickDetail
	Whose view.Subject
	Steps []view.RequestStep
	Notes []view.RequestStep
	Back  []template.Fact
}

// showAbsence handles GET /absences/{id}.
func showAbsence(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderAbsence(w, r, t, page.BlankForm(r))
}

func renderAbsence(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	d, err := t.Leave.SickDetail(r.Context(), v.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	if f.Text("to") == "" {
		f.Values.Set("to", max(d.Report.From, d.Today.AddDays(-1)).String())
	}
	if f.Text("step") == "" {
		f.Values.Set("step", max(d.Report.From.AddDays(1), d.Today).String())
	}
	if f.Text("expected") == "" && !d.Report.Expected.IsZero() && f.Fine() {
		f.Values.Set("expected", d.Report.Expected.String())
	}
	p := absencePage{Form: f, D: d, Whose: view.SubjectOf(v, d.Person)}
	for _, c := range d.Changes {
		p.Steps = append(p.Steps, view.RequestStep{At: v.Lang.DateTime(c.At, v.Zone), Status: sickStatus[c.What],
			Text: v.Lang.T("web.sick.step."+string(c.What), "name", org.Person(c.By).Name()), Note: sickState(v.Lang, &c.After)})
	}
	for _, n := range d.Notes {
		p.Notes = append(p.Notes, view.RequestStep{At: v.Lang.DateTime(n.At, v.Zone), Text: org.Person(n.By).Name(), Note: n.Text})
	}
	for _, b := range d.Back {
		p.Back = append(p.Back, template.Fact{Name: view.SpanText(v.Lang, b.Span), Text: b.Type.Name + ": " + explain.Plain(v.Lang, b.Amount, b.Type.Unit)})
	}
	p.Frame = page.Within(page.Frame(w, r, v.Lang.T("web.absence.title")), "")
	p.Frame.Path = page.AbsencePath(d.Report.ID)
	return page.Render(w, r, f.Status(), absenceView(p))
}

// sickStatus is the colour of what was done to a report.
var sickStatus = map[leave.SickAct]template.Status{leave.SickReported: template.Pending, leave.SickRecovered: template.Approved,
	leave.SickPartly: template.Pending, leave.SickCorrected: template.Pending, leave.SickWithdrawn: template.Withdrawn}

// sickState says in a line how a report stands.
func sickState(l *lang.Locale, r *leave.SickReport) string {
	s := l.T("web.sick.from", "date", r.From)
	if !r.To.IsZero() {
		s = l.Range(r.From, r.To)
	}
	if r.To.IsZero() && !r.Expected.IsZero() {
		s += ", " + l.T("web.sick.expected", "date", r.Expected)
	}
	for _, step := range r.Recovery {
		s += ", " + l.T("web.sick.works", "percent", step.Percent, "date", step.From)
	}
	if r.Certified {
		s += ", " + certificate(l, r)
	}
	if r.Agreed {
		s += ", " + l.T("web.sick.agreed")
	}
	return s
}

func certificate(l *lang.Locale, r *leave.SickReport) string {
	switch {
	case !r.Certified:
		return l.T("web.sick.certified.no")
	case r.NoteUntil.IsZero():
		return l.T("web.sick.certified.yes")
	}
	return l.T("web.sick.certified.until", "date", r.NoteUntil)
}

// title says who is away; that it is sickness it says to those who may know.
func (p *absencePage) title() string {
	l := p.Frame.L
	switch {
	case p.Whose.Own:
		return l.T("web.absence.own", "date", p.D.Report.From)
	case p.D.Known:
		return l.T("web.absence.sick", "name", p.D.Person.Name())
	}
	return l.T("web.absence.away", "name", p.D.Person.Name())
}

// facts are the absence in a few words, and to those who may know them its particulars.
func (p *absencePage) facts() []template.Fact {
	l, r := p.Frame.L, &p.D.Report
	facts := []template.Fact{{Name: l.T("web.sick.field.from"), Text: l.DateLong(r.From)}}
	switch {
	case !r.To.IsZero():
		facts = append(facts, template.Fact{Name: l.T("web.sick.field.to"), Text: l.DateLong(r.To)})
	case r.Expected.IsZero():
		facts = append(facts, template.Fact{Name: l.T("web.sick.field.expected"), Text: l.T("web.sick.unknown")})
	default:
		facts = append(facts, template.Fact{Name: l.T("web.sick.field.expected"), Text: l.DateLong(r.Expected)})
	}
	if !p.D.Full {
		return facts
	}
	facts = append(facts, template.Fact{Name: l.T("web.sick.days"), Text: l.T("unit.days", "count", p.D.Days)},
		template.Fact{Name: l.T("web.sick.note"), Text: certificate(l, r)})
	if n := r.WorksOn(p.D.Today); n > 0 && r.Until(p.D.Today) >= p.D.Today {
		facts = append(facts, template.Fact{Name: l.T("web.sick.works.now"), Text: l.T("web.percent", "percent", n)})
	}
	return facts
}

// crumbs lead back to where the visitor follows sickness.
func (p *absencePage) crumbs(officer bool) []template.Link {
	l := p.Frame.L
	switch {
	case p.Whose.Own:
		return []template.Link{{Text: l.T("web.nav.sick"), Href: "/sick/history"}}
	case officer:
		return []template.Link{{Text: l.T("web.nav.sickness"), Href: "/sickness"}}
	}
	return []template.Link{{Text: l.T("web.away.title"), Href: "/away"}}
}

// recoverSick handles POST /absences/{id}/recover.
func recoverSick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleSick(w, r, t, "sick-recovered", func(ctx context.Context, by people.ID, id string, f *page.Form) error {
		return t.Leave.RecoverSick(ctx, by, id, f.DateOr("to", 0))
	})
}

// expectSick handles POST /absences/{id}/expect.
func expectSick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleSick(w, r, t, "sick-saved", func(ctx context.Context, by people.ID, id string, f *page.Form) error {
		return t.Leave.ExpectSick(ctx, by, id, f.DateOr("expected", 0))
	})
}

// partlySick handles POST /absences/{id}/partly.
func partlySick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleSick(w, r, t, "sick-saved", func(ctx context.Context, by people.ID, id string, f *page.Form) error {
		return t.Leave.PartlySick(ctx, by, id, leave.Recovery{From: f.DateOr("step", 0), Percent: f.Number("percent")})
	})
}

// agreeSick handles POST /absences/{id}/agree.
func agreeSick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleSick(w, r, t, "sick-saved", func(ctx context.Context, by people.ID, id string, f *page.Form) error {
		return t.Leave.AgreeSick(ctx, by, id, f.Has("agreed", "yes"))
	})
}

// withdrawSick handles POST /absences/{id}/withdraw.
func withdrawSick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleSick(w, r, t, "sick-withdrawn", func(ctx context.Context, by people.ID, id string, _ *page.Form) error {
		return t.Leave.WithdrawSick(ctx, by, id)
	})
}

// addSickNote handles POST /absences/{id}/notes.
func addSickNote(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleSick(w, r, t, "sick-note", func(ctx context.Context, by people.ID, id string, f *page.Form) error {
		return t.Leave.AddSickNote(ctx, by, id, f.Text("note"))
	})
}

// settleSick does something to a report and shows it, with what is wrong where it could not
// be done.
func settleSick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, flash string,
	do func(ctx context.Context, by people.ID, id string, f *page.Form) error) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	for _, name := range []string{"to", "expected", "step"} {
		f.DateOr(name, 0) // what is no date is told before anything is done
	}
	saved, err := f.Attempt(func() error { return do(r.Context(), page.VisitOf(r).Person, id, f) })
	switch {
	case saved:
		return page.Done(w, r, page.AbsencePath(id), flash)
	case err != nil:
		return err
	}
	return renderAbsence(w, r, t, f)
}

// freeSteps is how many steps of recovery a form has room for beside those that are there.
const freeSteps = 6

// sickSteps is how many steps of recovery a form shows: all that are there, and as long as a report has room for them some free ones.
func sickSteps(d *leave.SickDetail) int {
	n := len(d.Report.Recovery)
	return max(n, min(n+freeSteps, leave.MaxRecovery))
}

// correctPage is where a sickness officer corrects a report.
type correctPage struct {
	Frame template.Page
	Form  *page.Form
	D     leave.SickDetail
}

// showCorrectSick handles GET /absences/{id}/correct.
func showCorrectSick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	d, err := t.Leave.SickDetail(r.Context(), page.VisitOf(r).Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	return renderCorrect(w, r, d, drawCorrect(page.VisitOf(r), &d).Form())
}

// drawCorrect is a report as its form shows it.
func drawCorrect(v *page.Visit, d *leave.SickDetail) *page.Drawn {
	say := func(name string, args ...any) string { return v.Lang.T("web.sick.field."+name, args...) }
	out := page.Draw(v.Lang)
	if n := len(d.Changes); n > 0 {
		out.By = v.Org.Person(d.Changes[n-1].By).Name()
	}
	out.Date("from", say("from"), d.Report.From)
	out.Date("to", say("to"), d.Report.To)
	out.Date("expected", say("expected"), d.Report.Expected)
	out.Tick("certified", say("certified"), d.Report.Certified)
	out.Date("note_until", say("note_until"), d.Report.NoteUntil)
	out.Tick("agreed", say("agreed"), d.Report.Agreed)
	for i := range sickSteps(d) {
		var step leave.Recovery
		percent := ""
		if i < len(d.Report.Recovery) {
			step = d.Report.Recovery[i]
			percent = strconv.Itoa(step.Percent)
		}
		label := say("step", "number", i+1)
		out.Date("step"+strconv.Itoa(i), label, step.From)
		out.Text("percent"+strconv.Itoa(i), label+", "+say("percent"), percent)
	}
	return out
}

// correctSick handles POST /absences/{id}/correct.
func correctSick(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v, id := page.VisitOf(r), r.PathValue("id")
	var d leave.SickDetail
	draw := func() (_ *page.Drawn, err error) {
		if d, err = t.Leave.SickDetail(r.Context(), v.Person, id); err != nil {
			return nil, err
		}
		return drawCorrect(v, &d), nil
	}
	return page.AsDrawn(r, t, f, draw, func(r *http.Request) error {
		to := readCorrect(f, sickSteps(&d))
		saved, err := f.Attempt(func() error { return t.Leave.CorrectSick(r.Context(), v.Person, id, d.Last(), to) })
		if saved {
			return page.Done(w, r, page.AbsencePath(id), "sick-saved")
		}
		if err != nil {
			return err
		}
		return renderCorrect(w, r, d, f)
	})
}

// readCorrect returns the report that a form says, with room for so many steps.
func readCorrect(f *page.Form, steps int) leave.SickReport {
	to := leave.SickReport{Expected: f.DateOr("expected", 0), Sickness: leave.Sickness{From: f.Date("from"), To: f.DateOr("to", 0),
		Certified: f.Has("certified", "yes"), NoteUntil: f.DateOr("note_until", 0), Agreed: f.Has("agreed", "yes")}}
	for i := range steps {
		n := strconv.Itoa(i)
		if date := f.DateOr("step"+n, 0); !date.IsZero() {
			to.Recovery = append(to.Recovery, leave.Recovery{From: date, Percent: f.Number("percent" + n)})
		}
	}
	return to
}

func renderCorrect(w http.ResponseWriter, r *http.Request, d leave.SickDetail, f *page.Form) error {
	p := correctPage{Frame: page.Within(page.Frame(w, r, f.Lang.T("web.sick.correct")), "/sickness"), Form: f, D: d}
	p.Frame.Path = page.AbsencePath(d.Report.ID)
	return page.Render(w, r, f.Status(), correctView(p))
}

// tick is one of the form's ticks.
func (p *correctPage) tick(name string) template.Tick {
	t := p.Form.Tick(name, "yes", p.Frame.L.T("web.sick.field."+name))
	t.Hint = p.Frame.L.T("web.sick.field." + name + ".hint")
	return t
}

// step returns the day of a step of recovery.
func (p *correctPage) step(i int) template.Input {
	name := "step" + strconv.Itoa(i)
	return template.Input{Name: name, Label: p.Frame.L.T("web.sick.field.step", "number", i+1), Value: p.Form.Text(name),
		Error: p.Form.At(name), Short: true}
}

// part returns how much is worked from a step on.
func (p *correctPage) part(i int) template.Input {
	name := "percent" + strconv.Itoa(i)
	return template.Input{Name: name, Label: p.Frame.L.T("web.sick.field.percent"), Value: p.Form.Text(name), Error: p.Form.At(name),
		Short: true, Type: "number"}
}
