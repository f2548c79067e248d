// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"context"
	"net/http"
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

// requestPage is one request: what it costs, what happened to it, and what the
// visitor may do with it.
type requestPage struct {
	Frame  template.Page
	Form   *page.Form // of a decision
	D      leave.Detail
	Whose  view.Subject
	Dates  string
	Who    string // empty on one's own request
	Steps  []view.RequestStep
	Cost   costView
	Away   []awayLine
	Way    view.Way // who decides
	As     string   // in which right the visitor decides, where it is not their own
	Warned []string

	Substitute substituteCard
}

// showRequest handles GET /requests/{id}.
func showRequest(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderRequest(w, r, t, page.BlankForm(r))
}

func renderRequest(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	d, err := t.Leave.Detail(r.Context(), v.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := newRequestPage(v, d, f)
	p.fillWay(v.Lang, org, book)
	if err := p.fillSubstitute(r.Context(), v, t); err != nil {
		return err
	}
	p.Frame = page.Frame(w, r, p.Whose.Title(v.Lang, "web.request.title", "web.request.title.of"))
	p.Frame.Path = "/requests/" + d.Request.ID
	switch {
	case p.fromInbox():
		p.Frame = page.Within(p.Frame, "/inbox")
	case !p.Whose.Own:
		p.Frame = page.Within(p.Frame, "")
	}
	return page.Render(w, r, f.Status(), requestView(p))
}

func newRequestPage(v *page.Visit, d leave.Detail, f *page.Form) requestPage {
	p := requestPage{
		Form: f, D: d, Whose: view.SubjectOf(v, d.Person), Dates: view.SpanText(v.Lang, d.Request.Span), Steps: stepsOf(v, d),
		Cost: costOf(v.Lang, d.Type, d.Request.Costs(), d.Skipped, d.Years),
		Away: awayLines(v.Lang, d.Away),
	}
	for _, why := range d.Request.Corrected() {
		p.Cost.Later = append(p.Cost.Later, strings.Join(explain.Reasons(v.Lang, why), "; "))
	}
	if !p.Whose.Own {
		p.Who = d.Person.Name()
	}
	return p
}

// fillWay says who decides on a request that waits, or has on one that several had
// to. History says the rest.
func (p *requestPage) fillWay(l *lang.Locale, org *people.Organisation, book *leave.Rulebook) {
	waits := p.D.Request.State == leave.Pending
	p.As, p.Warned = view.AsOf(l, org, &p.D.Handling), append(view.BreachTexts(l, p.D.Breaches), view.CoverTexts(l, p.Who, &p.D.Covering)...)
	if waits || len(p.D.Stages) > 1 {
		p.Way = view.WayOf(l, org, book, p.D.Progress, waits)
	}
	if last := len(p.Steps) - 1; last > 0 {
		for _, s := range p.D.Stages {
			for _, d := range s.Decisions {
				if d.As != leave.OwnRight && d.By == p.D.Request.DecidedBy && d.At == p.D.Request.DecidedAt {
					p.Steps[last].Text = view.DecisionText(l, org, d)
				}
			}
		}
	}
}

// mayAskAgain reports whether the visitor may ask anew for leave of their own that came to
// nothing, or for somebody whose leave was cancelled: booked on the wrong type, perhaps.
func (p *requestPage) mayAskAgain() bool {
	state := p.D.Request.State
	came := state == leave.Withdrawn || state == leave.Refused || state == leave.Cancelled
	return came && p.D.Next.ID == "" && (p.Whose.Own || p.Whose.Asks && state == leave.Cancelled)
}

// again is where it is asked for anew.
func (p *requestPage) again() string { return p.askInstead("again") }

// change is where a change of the leave is asked for.
func (p *requestPage) change() string {
	return p.askInstead("change")
}

// revise is where something else is asked for in place of the request.
func (p *requestPage) revise() string { return p.askInstead("revise") }

func (p *requestPage) askInstead(how string) string {
	if p.Whose.Own {
		return page.WithQuery("/leave/new", how, p.D.Request.ID)
	}
	return page.WithQuery("/leave/new", how, p.D.Request.ID, "person", string(p.D.Person.ID))
}

// was is the request as it stood before it was changed.
func (p *requestPage) was() (template.Fact, bool) {
	l, q := p.Frame.L, p.D.Was
	f := template.Fact{Name: l.T("web.revise.was"), Text: view.SpanText(l, q.Span)}
	if q.ID != "" {
		f.Value = textLink(f.Text, "/requests/"+q.ID)
	}
	return f, !q.From.IsZero()
}

// linked are the leave that a change is of, the change of a leave, and the day by
// which an answer is due.
func (p *requestPage) linked() []template.Fact {
	l := p.Frame.L
	var facts []template.Fact
	if q := p.D.Old; q.ID != "" {
		facts = append(facts, template.Fact{Name: l.T("web.change.of"), Value: textLink(view.SpanText(l, q.Span), "/requests/"+q.ID)})
	}
	if was, ok := p.was(); ok {
		facts = append(facts, was)
	}
	if q := p.D.Next; q.ID != "" {
		facts = append(facts, template.Fact{Name: l.T("web.change.by"), Value: textLink(view.SpanText(l, q.Span), "/requests/"+q.ID)})
	}
	switch {
	case p.D.Overdue:
		facts = append(facts, template.Fact{Name: l.T("approval.answer"), Text: l.T("approval.overdue", "date", p.D.AnswerBy)})
	case !p.D.AnswerBy.IsZero():
		facts = append(facts, template.Fact{Name: l.T("approval.answer"), Text: l.T("approval.answer_by", "date", p.D.AnswerBy)})
	}
	return facts
}

// fromInbox reports whether the inbox is where one goes on: the visitor decides, or was about to there while somebody else did.
func (p *requestPage) fromInbox() bool { return p.D.MayDecide || toInbox(p.Form.Text("back")) }

// crumbs lead back to the lists that hold the request.
func (p *requestPage) crumbs() []template.Link {
	l := p.Frame.L
	if p.fromInbox() {
		return []template.Link{{Text: l.T("web.nav.inbox"), Href: "/inbox"}}
	}
	return append(p.Whose.Crumbs(l), template.Link{
		Text: p.Whose.Title(l, "web.requests.title", "web.requests.title.of"), Href: p.Whose.Path("requests"),
	})
}

// facts are the request in a few words.
func (p *requestPage) facts() []template.Fact {
	l := p.Frame.L
	facts := []template.Fact{
		{Name: l.T("web.col.type"), Value: template.TypeTag(p.D.Type.Colour, p.D.Type.Name)},
		{Name: l.T("web.col.when"), Text: p.Dates},
		{Name: l.T("web.col.cost"), Text: p.Cost.Sum()},
	}
	if p.D.Collective {
		facts = append(facts, template.Fact{Name: l.T("web.collective.open"), Value: textLink(p.Dates, page.CollectivePath+"/"+p.D.Request.Collective)})
	}
	facts = append(facts, p.linked()...)
	if p.D.Request.Note != "" {
		facts = append(facts, template.Fact{Name: l.T("web.field.note"), Text: p.D.Request.Note})
	}
	return facts
}

// stepsOf tells what happened to a request, first things first.
func stepsOf(v *page.Visit, d leave.Detail) []view.RequestStep {
	l, r := v.Lang, d.Request
	asked := view.RequestStep{
		Status: template.Pending, At: l.DateTime(r.AskedAt, v.Zone), Note: r.Note,
		Text: l.T("web.step.asked", "name", d.Person.Name()),
	}
	if d.AskedBy.ID != d.Person.ID && d.AskedBy.ID != "" {
		asked.Text = l.T("web.step.asked_for", "name", d.AskedBy.Name(), "person", d.Person.Name())
	}
	steps := []view.RequestStep{asked}
	if r.Collective != "" {
		steps[0] = view.RequestStep{Status: template.Approved, At: asked.At, Text: l.T("web.step.collective", "name", d.AskedBy.Name()), Note: r.Reason}
		if r.State == leave.Approved {
			return steps
		}
		steps[0].Note = ""
	}
	if r.State == leave.Pending || r.DecidedAt == 0 {
		return steps
	}
	done := view.RequestStep{Status: template.Status(r.State), At: l.DateTime(r.DecidedAt, v.Zone), Note: r.Reason}
	switch {
	case r.State == leave.Approved && d.Type.Unapproved && r.DecidedAt == r.AskedAt:
		done.Text = l.T("web.step.unapproved")
	case d.Next.Revises == r.ID:
		done.Text = l.T("web.step.revised", "name", d.Decider.Name())
	default:
		done.Text = l.T("web.step."+string(r.State), "name", d.Decider.Name())
	}
	return append(steps, done)
}

// withdraw handles POST /requests/{id}/withdraw.
func withdraw(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settle(w, r, t, "withdrawn", func(ctx context.Context, by people.ID, id, _ string) error {
		return t.Leave.Withdraw(ctx, by, id)
	})
}

// cancel handles POST /requests/{id}/cancel.
func cancel(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settle(w, r, t, "cancelled", t.Leave.Cancel)
}

// approve handles POST /requests/{id}/approve.
func approve(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settle(w, r, t, "approved", t.Leave.Approve)
}

// refuse handles POST /requests/{id}/refuse.
func refuse(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settle(w, r, t, "refused", t.Leave.Refuse)
}

// settle does something to a request and goes back to where it was asked for, or
// shows the request again with what is wrong.
func settle(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, flash string,
	do func(ctx context.Context, by people.ID, id, reason string) error) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if !f.Fine() {
		return renderRequest(w, r, t, f)
	}
	id := r.PathValue("id")
	err = do(r.Context(), page.VisitOf(r).Person, id, f.Text("reason"))
	switch {
	case err == nil:
		return settled(w, r, t, id, flash, f.Text("back"))
	case !f.Refuse(err):
		return err
	}
	return renderRequest(w, r, t, f)
}

// settled goes back to where something was asked for, and says what came of it. Whoever
// decided at one step of several may not know of the request any more.
func settled(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, id, flash, back string) error {
	d, err := t.Leave.Detail(r.Context(), page.VisitOf(r).Person, id)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	if flash == "approved" && d.Request.State == leave.Pending {
		flash = "forwarded"
	}
	switch {
	case back != "":
		return page.Done(w, r, page.LocalPath(back), flash)
	case err != nil:
		return page.Done(w, r, "/inbox", flash)
	}
	return page.Done(w, r, "/requests/"+id, flash)
}
