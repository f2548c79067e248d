// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// inboxPage holds the requests that wait for the visitor.
type inboxPage struct {
	Frame template.Page
	Form  *page.Form
	Lines []waitingLine
	All   int // of which the oldest are shown

	Duties []dutyLine // work of others that waits for a word
	Agreed []dutyLine // and what the visitor has agreed to do
	Claims []view.ClaimLine

	order []string // ids of what is to be decided, as the page has it
	next  string   // what is to be decided next, after what was decided a moment ago
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
	Due     string // until when an answer is due, and what follows without one
	By      string // the same, short
	Step    string // which of several waits
	As      string // in which right the visitor decides, where it is not their own
	Warned  []string
	Held    bool   // nobody may approve it yet
	Covers  string // who does the work
	Was     string // when the leave was to be before the request was changed
}

// showInbox handles GET /inbox.
func showInbox(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderInbox(w, r, t, page.BlankForm(r), nil)
}

func renderInbox(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, failed map[string]string) error {
	v := page.VisitOf(r)
	waiting, all, err := t.Leave.Inbox(r.Context(), v.Person, inboxShown)
	if err != nil {
		return err
	}
	claims, err := t.Leave.WaitingClaims(r.Context(), v.Person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := inboxPage{Frame: page.Frame(w, r, v.Lang.T("web.inbox.title")), Form: f}
	p.Frame.Path, p.Frame.Scripts = "/inbox", []string{"select-all.js"}
	p.All = all
	for _, one := range waiting {
		line := waitingLineOf(v.Lang, one)
		line.As = view.AsOf(v.Lang, org, &one.Handling)
		line.Asked = v.Lang.DateTime(one.Request.AskedAt, v.Zone)
		line.Chosen, line.Problem = f.Has("request", line.ID), failed[line.ID]
		p.Lines, p.order = append(p.Lines, line), append(p.order, line.ID)
	}
	if err := cmp.Or(p.noteFailed(r, t, failed), p.fillDuties(r, t, f)); err != nil {
		return err
	}
	for _, c := range claims {
		line := view.ClaimLineOf(v, c)
		if c.ID == r.PathValue("id") { // it could not be refused: what was typed stays
			line.Reason = f.Text("reason")
		}
		p.Claims, p.order = append(p.Claims, line), append(p.order, line.ID)
	}
	if p.Frame.Flash != nil {
		p.next = r.URL.Query().Get("next")
	}
	return page.Render(w, r, f.Status(), inboxView(p))
}

// back is where one goes on once a request or a claim is decided: at what stands below it in the
// list, or above the last. Where that was decided meanwhile too, the notice has the focus.
func (p *inboxPage) back(id string) string {
	next := slices.Index(p.order, id) + 1
	if next == len(p.order) {
		next -= 2
	}
	if next < 0 {
		return "/inbox"
	}
	return page.WithQuery("/inbox", "next", p.order[next]) + "#" + waitsAt(p.order[next])
}

// toInbox reports whether an address leads back to the inbox.
func toInbox(back string) bool { return back == "/inbox" || strings.HasPrefix(back, "/inbox?") }

// waitsAt is the id of what has the focus once it is next.
func waitsAt(id string) string { return "waits-" + id }

// told has the next that is to be decided told with what became of the one before.
func (p *inboxPage) told(id string) templ.Attributes {
	if id != p.next {
		return nil
	}
	return templ.Attributes{"aria-describedby": template.SaidID}
}

func waitingLineOf(l *lang.Locale, w leave.Waiting) waitingLine {
	return waitingLine{
		ID: w.Request.ID, Person: w.Person, Type: w.Type, Dates: view.SpanText(l, w.Request.Span), Note: w.Request.Note,
		Cost: costOf(l, w.Type, w.Request.Charges, nil, w.Years), Away: awayLines(l, w.Away),
		Due: view.DueOf(l, &w.Handling), By: byOf(l, &w.Handling), Step: view.StepOf(l, &w.Handling), Held: w.Held,
		Warned: append(view.BreachTexts(l, w.Breaches), view.CoverTexts(l, w.Person.Name(), &w.Covering)...), Covers: coversText(l, &w.Covering), Was: wasText(l, &w.Was),
	}
}

// wasText says when leave was to be before the request was changed; nothing where it was not.
func wasText(l *lang.Locale, was *leave.Request) string {
	if was.From.IsZero() {
		return ""
	}
	return l.T("web.inbox.was", "dates", view.SpanText(l, was.Span))
}

// byOf says until when an answer is due; nothing where none is.
func byOf(l *lang.Locale, h *leave.Handling) string {
	if h.AnswerBy.IsZero() {
		return ""
	}
	return l.T("web.inbox.by", "date", h.AnswerBy)
}

// below is what stands below the person's name: until when an answer is due, or since when
// the request waits.
func (x waitingLine) below() string {
	if x.By != "" {
		return x.By
	}
	return x.Asked
}

// says tells the request from the others for those who hear its buttons.
func (x waitingLine) says() string { return x.Person.Name() + ", " + x.Dates }

// coversText says who does the work of somebody on leave; nothing where nobody was named.
func coversText(l *lang.Locale, c *leave.Covering) string {
	n := len(c.Substitutes)
	if n == 0 || c.Substitutes[n-1].Who.ID == "" {
		return ""
	}
	s := c.Substitutes[n-1]
	return l.T("substitute.title") + ": " + s.Who.Name() + " · " + view.AnswerBadge(l, s.Answer).Text
}

// decide handles POST /inbox: several requests at once, each for itself.
func decide(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v, yes := page.VisitOf(r), f.Text("decision") == "approve"
	if !yes && f.Text("decision") != "refuse" {
		return errs.New(errs.Invalid, "")
	}
	if !f.Fine() {
		return renderInbox(w, r, t, f, nil)
	}
	outcomes, err := t.Leave.DecideAll(r.Context(), v.Person, f.Values["request"], yes, f.Text("reason"))
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return renderInbox(w, r, t, f, nil)
	}
	failed := map[string]string{}
	for _, o := range outcomes {
		if o.Err == nil {
			continue
		}
		failed[o.ID] = page.Sentence(v.Lang, o.Err, v.Number)
	}
	if len(failed) == 0 {
		return page.Done(w, r, "/inbox", map[bool]string{true: "all-approved", false: "all-refused"}[yes])
	}
	return renderInbox(w, r, t, f, failed)
}

// noteFailed says above the list that something in it could not be decided, and what is not in it any more, since somebody else
// decided meanwhile.
func (p *inboxPage) noteFailed(r *http.Request, t *tenant.Tenant, failed map[string]string) error {
	l := p.Frame.L
	for _, id := range slices.Sorted(maps.Keys(failed)) {
		if slices.ContainsFunc(p.Lines, func(x waitingLine) bool { return x.ID == id }) {
			p.Form.Note(http.StatusConflict, l.T("web.inbox.failed"))
			continue
		}
		d, err := t.Leave.Detail(r.Context(), page.VisitOf(r).Person, id)
		switch {
		case errs.Is(err, errs.NotFound):
			p.Form.Note(http.StatusConflict, failed[id])
		case err != nil:
			return err
		default:
			p.Form.Note(http.StatusConflict, l.T("web.inbox.gone", "name", d.Person.Name(), "dates", view.SpanText(l, d.Request.Span),
				"state", l.T("ui.status."+string(d.Request.State)), "why", failed[id]))
		}
	}
	return nil
}

// awayCount says how many others of the team are away.
func awayCount(l *lang.Locale, away []awayLine) string {
	if len(away) == 0 {
		return l.T("web.inbox.away.nobody")
	}
	return l.T("web.inbox.away", "count", len(away))
}

// lead says how much waits; nothing where the page says so itself.
func (p *inboxPage) lead() string {
	all := p.All + len(p.Claims) + len(p.Duties)
	switch {
	case all == 0:
		return ""
	case p.All > len(p.Lines):
		return p.Frame.L.T("web.inbox.lead.oldest", "count", p.All, "shown", len(p.Lines))
	}
	return p.Frame.L.T("web.inbox.lead", "count", all)
}
