// SPDX-License-Identifier: Apache-2.0

package work

import (
	"net/http"
	"strings"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/id"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// collectivesPage lists collective leave.
type collectivesPage struct {
	Frame  template.Page
	Crumbs []template.Link
	Admin  bool
	Lines  []collectiveLine
}

// collectiveLine is one collective leave of the list.
type collectiveLine struct {
	leave.CollectiveLine
	Dates, People string
	State         view.Badge
}

// showCollectives handles GET /collective.
func showCollectives(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	all, err := t.Leave.Collectives(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := collectivesPage{Admin: v.Viewer.IsAdministrator(), Crumbs: collectiveCrumbs(v, false)}
	for _, x := range all {
		p.Lines = append(p.Lines, collectiveLineOf(v.Lang, x))
	}
	p.Frame = collectiveFrame(w, r, v.Lang.T("admin.collective"), page.CollectivePath)
	return page.Render(w, r, http.StatusOK, collectivesView(p))
}

func collectiveLineOf(l *lang.Locale, x leave.CollectiveLine) collectiveLine {
	line := collectiveLine{CollectiveLine: x, Dates: view.SpanText(l, x.Span), People: l.T("unit.people", "count", x.People),
		State: view.Badge{Tone: template.Good, Text: l.T("web.collective.stands")}}
	if x.Undone() {
		line.State = view.Badge{Text: l.T("web.collective.undone")}
	}
	return line
}

// collectiveFrame returns the frame of a page about collective leave: a part of the
// administration for those who have one.
func collectiveFrame(w http.ResponseWriter, r *http.Request, title, path string) template.Page {
	p := page.ManageFrame(w, r, title, path)
	from := "/people" // as the crumbs say
	if page.VisitOf(r).Viewer.IsAdministrator() {
		from = "/manage"
	}
	for i := range p.Admin {
		p.Admin[i].Current = p.Admin[i].Href == from
	}
	return p
}

// collectiveCrumbs lead back from a page about collective leave.
func collectiveCrumbs(v *page.Visit, list bool) []template.Link {
	crumbs := []template.Link{{Text: v.Lang.T("web.people.title"), Href: "/people"}}
	if v.Viewer.IsAdministrator() {
		crumbs = page.ManageCrumbs(v.Lang)
	}
	if list {
		crumbs = append(crumbs, page.SectionOf("collective").Link(v.Lang))
	}
	return crumbs
}

// collectiveForm is where somebody says what leave many are to have.
type collectiveForm struct {
	Frame     template.Page
	Form      *page.Form
	Crumbs    []template.Link
	Types     []template.Option
	Teams     []template.Tick
	Locations []template.Tick
	People    []people.Person
}

// showNewCollective handles GET /collective/new.
func showNewCollective(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return renderCollectiveForm(w, r, t, f)
}

// previewCollective handles POST /collective/new: it shows what would happen, or
// the form again.
func previewCollective(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if readCollective(f); f.Text("do") == "edit" || !f.Fine() {
		return renderCollectiveForm(w, r, t, f)
	}
	return renderCollectiveReview(w, r, t, f)
}

// bookCollective handles POST /collective: it books for those who are ticked, or
// shows again what would happen.
func bookCollective(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	ask := readCollective(f)
	ask.Choice = leave.Choice{}
	for _, one := range f.Values["part"] {
		ask.Choice.People = append(ask.Choice.People, people.ID(one))
	}
	var made leave.Collective
	booked, err := f.Attempt(func() (err error) {
		made, err = t.Leave.BookCollective(r.Context(), page.VisitOf(r).Person, ask)
		return err
	})
	switch {
	case booked:
		return page.Done(w, r, page.CollectivePath+"/"+made.ID, "collective-booked")
	case err != nil:
		return err
	case f.Code == http.StatusConflict || len(f.Wrong) == 1 && f.At("who") != "":
		return renderCollectiveReview(w, r, t, f)
	}
	return renderCollectiveForm(w, r, t, f)
}

// readCollective reads what leave is to be booked, and for whom.
func readCollective(f *page.Form) leave.CollectiveAsk {
	a := leave.CollectiveAsk{Key: f.Text("key"), Type: f.Text("type"), Reason: f.Text("reason")}
	a.From = f.Date("from")
	a.To = f.DateOr("to", a.From)
	a.First, a.Last = f.Portion("first"), f.Portion("last")
	a.Choice = leave.Choice{Everybody: f.Has("everybody", "yes"), Teams: f.Values["team"], Locations: f.Values["location"]}
	for _, one := range f.Values["person"] {
		a.Choice.People = append(a.Choice.People, people.ID(one))
	}
	return a
}

func renderCollectiveForm(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v, ctx := page.VisitOf(r), r.Context()
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	p := collectiveForm{Form: f, Crumbs: collectiveCrumbs(v, true)}
	for _, x := range book.Types {
		if !x.Retired {
			p.Types = append(p.Types, template.Option{Value: x.ID, Text: x.Name, Colour: x.Colour})
		}
	}
	at := p.fill(v, org)
	if v.Viewer.IsAdministrator() {
		places, err := t.People.Locations(ctx, v.Person)
		if err != nil {
			return err
		}
		for _, x := range places {
			p.Locations = append(p.Locations, p.group("location", x.ID, x.Name, at[x.ID]))
		}
	}
	p.Frame = collectiveFrame(w, r, v.Lang.T("web.collective.new"), page.CollectivePath+"/new")
	return page.Render(w, r, f.Status(), collectiveFormView(p))
}

// fill offers those whose leave the visitor decides, and their teams, and returns
// how many of them work where.
func (p *collectiveForm) fill(v *page.Visit, org *people.Organisation) map[string]int {
	at := map[string]int{}
	for _, who := range org.Order {
		if one := org.Person(who); one.Active && v.Viewer.MayAskFor(who) {
			p.People = append(p.People, one)
			at[org.LocationOn(who, org.Today(who, v.Now()))]++
		}
	}
	for _, x := range org.Teams {
		if v.Viewer.OverTeam(people.AskLeave, x.ID) {
			p.Teams = append(p.Teams, p.group("team", x.ID, x.Name, len(x.Members)))
		}
	}
	return at
}

// group is a tick for so many people at once.
func (p *collectiveForm) group(name, value, label string, count int) template.Tick {
	t := p.Form.Tick(name, value, label)
	t.Hint = p.Form.Lang.T("unit.people", "count", count)
	return t
}

// chosenOne reports whether people are chosen one by one.
func (p *collectiveForm) chosenOne() bool { return len(p.Form.Values["person"]) > 0 }

// everybody is a tick for all of them.
func (p *collectiveForm) everybody() template.Tick {
	return p.group("everybody", "yes", p.Frame.L.T("web.collective.everybody"), len(p.People))
}

// day is a field for a date.
func (p *collectiveForm) day(name, label string, required bool) template.Input {
	i := p.Form.Day(name)
	i.Label, i.Required = p.Frame.L.T(label), required
	return i
}

// part is a choice of the part of a day that many can be away.
func (p *collectiveForm) part(name, label string) template.Choice {
	c := template.Choice{Name: name, Label: p.Frame.L.T(label), Value: p.Form.Text(name), Required: true, Error: p.Form.At(name)}
	for _, part := range []string{"whole", "morning", "afternoon"} {
		c.Options = append(c.Options, template.Option{Value: part, Text: p.Frame.L.T("portion." + part)})
	}
	return c
}

// lead says that nothing is booked yet.
func (p *collectiveReview) lead() string {
	if len(p.Rows) == 0 {
		return p.Frame.L.T("web.collective.review.nobody")
	}
	return p.Frame.L.T("web.collective.review.lead")
}

func (p *collectiveReview) facts() []template.Fact {
	l := p.Frame.L
	return []template.Fact{
		{Name: l.T("web.col.type"), Value: template.TypeTag(p.Type.Colour, p.Type.Name)},
		{Name: l.T("web.col.when"), Text: p.Dates},
		{Name: l.T("web.field.reason"), Text: p.Form.Text("reason")},
	}
}

func (p *collectivePage) facts() []template.Fact {
	l := p.Frame.L
	facts := []template.Fact{
		{Name: l.T("web.col.type"), Value: template.TypeTag(p.D.Type.Colour, p.D.Type.Name)},
		{Name: l.T("web.collective.by"), Text: p.Booked},
	}
	if p.Undone != "" {
		facts = append(facts, template.Fact{Name: l.T("web.collective.undone"), Text: p.Undone})
	}
	if p.D.UndoReason != "" {
		facts = append(facts, template.Fact{Name: l.T("web.field.reason"), Text: p.D.UndoReason})
	}
	return facts
}

// collectiveReview shows what a collective leave would do before it is booked.
type collectiveReview struct {
	Frame  template.Page
	Form   *page.Form
	Crumbs []template.Link
	Type   leave.Type
	Dates  string
	Key    string
	Rows   []collectiveRow // who can be booked
	Not    []collectiveRow // who cannot
	Cost   string
}

// collectiveRow is one person of a collective leave in words.
type collectiveRow struct {
	Person        people.Person
	Cost, Also    string
	Before, After string // empty: nothing is deducted
	Chosen        bool
	Why           string // it cannot be booked
	Href          string // of the request
	State         template.Status
	Warned        string // of limits that it goes beyond, and may
}

// collectiveKept are the fields that the review keeps for booking and for going
// back.
var collectiveKept = []string{"type", "from", "to", "first", "last", "reason", "everybody", "team", "location", "person"}

func renderCollectiveReview(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	ask := readCollective(f)
	changed := !f.Fine()
	found, err := t.Leave.PreviewCollective(r.Context(), v.Person, ask)
	if err != nil {
		if !f.Mend(err) {
			return err
		}
		return renderCollectiveForm(w, r, t, f)
	}
	p := collectiveReview{Form: f, Crumbs: collectiveCrumbs(v, true), Type: found.Type, Dates: view.SpanText(v.Lang, ask.Span), Key: ask.Key}
	if p.Key == "" {
		p.Key = id.New(v.Now())
	}
	for _, x := range found.Rows {
		row := collectiveRowOf(v, found.Type, &x)
		row.Chosen = !changed || f.Has("part", string(x.Person.ID))
		if row.Why == "" {
			p.Rows = append(p.Rows, row)
		} else {
			p.Not = append(p.Not, row)
		}
	}
	p.Cost = explain.Plain(v.Lang, found.Cost, found.Type.Unit)
	p.Frame = collectiveFrame(w, r, v.Lang.T("web.collective.review"), page.CollectivePath+"/new")
	p.Frame.Scripts = []string{"select-all.js"}
	return page.Render(w, r, f.Status(), collectiveReviewView(p))
}

func collectiveRowOf(v *page.Visit, t leave.Type, x *leave.CollectiveRow) collectiveRow {
	l := v.Lang
	row := collectiveRow{Person: x.Person, Cost: explain.Plain(l, x.Cost, t.Unit)}
	if t.Unit == leave.Days {
		row.Also = l.T("explain.hours", "time", l.HoursOf(exact.Int(int64(x.Minutes))))
	}
	if t.Entitled && !x.Cost.IsZero() {
		row.Before, row.After = explain.Plain(l, x.Before, t.Unit), explain.Plain(l, x.After, t.Unit)
	}
	row.Warned = strings.Join(view.BreachTexts(l, x.Warned), " ")
	if x.Problem != nil {
		row.Why = page.Sentence(l, x.Problem, v.Number)
		if e := errs.As(x.Problem); e.Public == "leave.error.overlap" { // what to do is for the person alone
			row.Why = l.T("web.collective.away", e.Args...)
		}
	}
	return row
}

// collectivePage is one collective leave with everybody in it.
type collectivePage struct {
	Frame  template.Page
	Form   *page.Form
	Crumbs []template.Link
	D      leave.CollectiveDetail
	Line   collectiveLine
	Rows   []collectiveRow
	Booked string // by whom and when
	Undone string
}

// showCollective handles GET /collective/{id}.
func showCollective(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderCollective(w, r, t, page.BlankForm(r))
}

// undoCollective handles POST /collective/{id}/undo.
func undoCollective(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	at := r.PathValue("id")
	undone, err := f.Attempt(func() error {
		return t.Leave.UndoCollective(r.Context(), page.VisitOf(r).Person, at, f.Text("reason"))
	})
	if undone {
		return page.Done(w, r, page.CollectivePath+"/"+at, "collective-undone")
	}
	if err != nil {
		return err
	}
	return renderCollective(w, r, t, f)
}

func renderCollective(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	d, err := t.Leave.CollectiveDetail(r.Context(), v.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := collectivePage{Form: f, D: d, Line: collectiveLineOf(v.Lang, d.CollectiveLine), Crumbs: collectiveCrumbs(v, true)}
	p.Booked = v.Lang.T("web.collective.booked", "name", d.By.Name(), "at", v.Lang.DateTime(d.At, v.Zone))
	if d.Undone() {
		p.Undone = v.Lang.T("web.collective.undone_by", "name", d.UndoneBy.Name(), "at", v.Lang.DateTime(d.UndoneAt, v.Zone))
	}
	for _, x := range d.Rows {
		p.Rows = append(p.Rows, collectiveRow{Person: x.Person, Cost: explain.Plain(v.Lang, x.Cost, d.Type.Unit),
			Href: "/requests/" + x.Request.ID, State: template.Status(x.Request.State)})
	}
	p.Frame = collectiveFrame(w, r, p.Line.Dates, page.CollectivePath+"/"+d.ID)
	return page.Render(w, r, f.Status(), collectiveView(p))
}
