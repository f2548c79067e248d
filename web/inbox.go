// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// inboxPage holds the requests that wait for the visitor.
type inboxPage struct {
	Frame template.Page
	Form  *form
	Lines []waitingLine
	All   int // of which the oldest are shown

	Claims []claimLine
}

// inboxShown is how many requests the page holds; the next appear as these are
// decided.
const inboxShown = 50

// waitingLine is one request with what its decider wants to know.
type waitingLine struct {
	ID      string
	Person  people.Person
	Type    leave.Type
	Dates   string
	Note    string
	Asked   string
	Cost    costView
	Away    []awayLine
	Chosen  bool
	Problem string // why it could not be decided a moment ago
	Due     string // until when an answer is due
	Step    string // which of several waits
	As      string // in which right the visitor decides, where it is not their own
	Warned  []string
}

// showInbox handles GET /inbox.
func showInbox(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderInbox(w, r, t, blankForm(r), nil)
}

func renderInbox(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *form, failed map[string]string) error {
	v := visitOf(r)
	waiting, err := t.Leave.Inbox(r.Context(), v.person)
	if err != nil {
		return err
	}
	claims, err := t.Leave.WaitingClaims(r.Context(), v.person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := inboxPage{Frame: frame(w, r, v.lang.T("web.inbox.title")), Form: f}
	p.Frame.Path, p.Frame.Scripts = "/inbox", []string{"select-all.js"}
	p.All = len(waiting)
	for _, one := range waiting[:min(len(waiting), inboxShown)] {
		line := waitingLineOf(v.lang, one)
		line.As = asOf(v.lang, org, &one.Handling)
		line.Asked = v.lang.DateTime(one.Request.AskedAt, v.zone)
		line.Chosen, line.Problem = f.has("request", line.ID), failed[line.ID]
		p.Lines = append(p.Lines, line)
	}
	for _, c := range claims {
		line := claimLineOf(v, c)
		if c.ID == r.PathValue("id") { // it could not be refused: what was typed stays
			line.Reason = f.text("reason")
		}
		p.Claims = append(p.Claims, line)
	}
	return render(w, r, f.status(), inboxView(p))
}

func waitingLineOf(l *lang.Locale, w leave.Waiting) waitingLine {
	return waitingLine{
		ID: w.Request.ID, Person: w.Person, Type: w.Type, Dates: spanText(l, w.Request.Span), Note: w.Request.Note,
		Cost: costOf(l, w.Type, w.Request.Charges, nil, w.Years), Away: awayLines(l, w.Away),
		Due: dueOf(l, &w.Handling), Step: stepOf(l, &w.Handling), Warned: breachTexts(l, w.Breaches),
	}
}

// decide handles POST /inbox: several requests at once, each for itself.
func decide(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	v, yes := visitOf(r), f.text("decision") == "approve"
	if !yes && f.text("decision") != "refuse" {
		return errs.New(errs.Invalid, "")
	}
	if !f.fine() {
		return renderInbox(w, r, t, f, nil)
	}
	outcomes, err := t.Leave.DecideAll(r.Context(), v.person, f.values["request"], yes, f.text("reason"))
	if err != nil {
		if !f.refuse(err) {
			return err
		}
		return renderInbox(w, r, t, f, nil)
	}
	failed := map[string]string{}
	for _, o := range outcomes {
		if o.Err == nil {
			continue
		}
		failed[o.ID] = sentence(v.lang, o.Err, v.number)
		f.note(http.StatusConflict, v.lang.T("web.inbox.failed"))
	}
	if len(failed) == 0 {
		return done(w, r, "/inbox", map[bool]string{true: "all-approved", false: "all-refused"}[yes])
	}
	return renderInbox(w, r, t, f, failed)
}

// lead says how many requests wait; nothing where the page says so itself.
func (p *inboxPage) lead() string {
	switch {
	case p.All == 0:
		return ""
	case p.All > len(p.Lines):
		return p.Frame.L.T("web.inbox.lead.oldest", "count", p.All, "shown", len(p.Lines))
	}
	return p.Frame.L.T("web.inbox.lead", "count", p.All)
}
