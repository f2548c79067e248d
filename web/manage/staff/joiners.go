// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"cmp"
	"net/http"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity/provision"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

const joinersPath = "/manage/joiners"

// joinersPage is what HR has to do for those who join, move and leave.
type joinersPage struct {
	Frame   template.Page
	Form    *page.Form // what went wrong with an act of this page
	Waiting provision.Waiting
	names   func(people.ID) string
	zone    *time.Location
	by      string // what the directory is called
}

// showJoiners handles GET /manage/joiners.
func showJoiners(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderJoiners(w, r, t, page.BlankForm(r))
}

func renderJoiners(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v, ctx := page.VisitOf(r), r.Context()
	waiting, err := t.Provision.Waiting(ctx, v.Person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	rules, err := t.Provision.Rules(ctx)
	if err != nil {
		return err
	}
	p := joinersPage{Form: f, Waiting: waiting, zone: v.Zone, by: directoryName(v, rules),
		names: func(id people.ID) string { return org.Person(id).Name() }}
	p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.joiners"), joinersPath)
	return page.Render(w, r, f.Status(), joinersView(p))
}

// directoryName is what a page calls the directory.
func directoryName(v *page.Visit, rules provision.Rules) string {
	return cmp.Or(rules.Name, v.Lang.T("provision.directory"))
}

// since says when the directory let somebody in or shut them out; who was entered by hand
// or came from a file has no such day.
func (p *joinersPage) since(key string, u provision.User) string {
	if !u.Known {
		return p.Frame.L.T("admin.joiners.by_hand")
	}
	return p.Frame.L.T(key, "directory", p.by, "date", calendar.DateOf(u.Since.In(p.zone)))
}

// joins says who somebody is who joins.
func (p *joinersPage) joins(j provision.Joiner) string {
	switch {
	case j.Again:
		return p.since("admin.joiners.again", j.User)
	case j.Employment.ID != "":
		return p.Frame.L.T("admin.joiners.employed", "date", j.Employment.From)
	}
	return p.since("admin.joiners.in", j.User)
}

// address is where a joiner is given a contract.
func (p *joinersPage) address(j provision.Joiner) string {
	if j.Again {
		return page.PersonPath(j.Person.ID) + "/employments/new"
	}
	return joinersPath + "/" + string(j.Person.ID)
}

// ends is where a leaver is given a last day, which is the day they were shut out as long
// as nobody says otherwise.
func (p *joinersPage) ends(x provision.Leaver) string {
	to := page.PersonPath(x.Person.ID) + "/employments/" + x.Employment.ID
	if x.User.Known {
		to += "?to=" + calendar.DateOf(x.User.Since.In(p.zone)).String()
	}
	return to
}

// move says from where to where somebody goes.
func (p *joinersPage) move(m provision.Move) string { return moveWords(p.Frame.L, m) }

// done says what became of a move, when and by whom.
func (p *joinersPage) done(m provision.Move) string {
	day := calendar.DateOf(m.Done.In(p.zone))
	if m.By == "" {
		return p.Frame.L.T("admin.move."+string(m.State)+".rule", "date", day)
	}
	return p.Frame.L.T("admin.move."+string(m.State)+".by", "date", day, "name", p.names(m.By))
}

// confirmMove handles POST /manage/joiners/moves/{id}/confirm.
func confirmMove(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleMove(w, r, t, "move-made", t.Provision.Confirm(r.Context(), page.VisitOf(r).Person, r.PathValue("id")))
}

// dropMove handles POST /manage/joiners/moves/{id}/drop.
func dropMove(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleMove(w, r, t, "move-dropped", t.Provision.Drop(r.Context(), page.VisitOf(r).Person, r.PathValue("id")))
}

func settleMove(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, flash string, err error) error {
	if err == nil {
		return page.Done(w, r, joinersPath, flash)
	}
	f := page.BlankForm(r)
	if !f.Mend(err) {
		return err
	}
	return renderJoiners(w, r, t, f)
}

// joinerPage is where somebody who joins gets a first contract line.
type joinerPage struct {
	Frame    template.Page
	Form     *page.Form
	Joiner   provision.Joiner
	Location string
	Patterns []template.Option
	Packages []template.Option
	Places   []template.Option
}

// showJoiner handles GET /manage/joiners/{id}.
func showJoiner(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	rules, err := t.Provision.Rules(ctx)
	if err != nil {
		return err
	}
	most, err := view.UsualOf(ctx, t)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	return renderJoiner(w, r, t, page.BlankForm(r, "from", today.String(), "pattern", cmp.Or(rules.Pattern, most.Pattern),
		"package", cmp.Or(rules.Package, most.Pkg), "location", v.Org.LocationOn(people.ID(r.PathValue("id")), today)))
}

// hire handles POST /manage/joiners/{id}.
func hire(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	e := people.Employment{Person: people.ID(r.PathValue("id")), From: f.DateOr("from", 0)}
	hired, err := f.Attempt(func() error {
		return t.People.Hire(r.Context(), page.VisitOf(r).Person, e, people.Contract{Pattern: f.Text("pattern"), Package: f.Text("package"), Location: f.Text("location")})
	})
	if hired {
		return page.Done(w, r, joinersPath, "joiner-hired")
	}
	if err != nil {
		return err
	}
	return renderJoiner(w, r, t, f)
}

func renderJoiner(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v, ctx := page.VisitOf(r), r.Context()
	rec, err := t.People.Record(ctx, v.Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if len(rec.Contracts) > 0 && f.Fine() {
		return errs.New(errs.NotFound, "people.error.has_contract")
	}
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	p := joinerPage{Form: f, Joiner: provision.Joiner{Person: rec.Person}, Location: org.Locations[rec.Person.Location].Name}
	if n := len(rec.Employments); n > 0 {
		p.Joiner.Employment = rec.Employments[n-1]
	}
	if p.Patterns, p.Packages, err = view.ContractOptions(ctx, v, t); err != nil {
		return err
	}
	if p.Places, err = placeOptions(ctx, v, t); err != nil {
		return err
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.joiner.title", "name", rec.Person.Name()), joinersPath+"/"+string(rec.Person.ID))
	return page.Render(w, r, f.Status(), joinerView(p))
}

// hired is the first day of the employment.
func (p *joinerPage) hired() template.Input {
	i := p.Form.Day("from")
	i.Label, i.Required = p.Frame.L.T("admin.field.hired"), true
	return i
}

// facts are what is known of the person already.
func (p *joinerPage) facts() []template.Fact {
	l, who := p.Frame.L, p.Joiner.Person
	facts := []template.Fact{{Name: l.T("admin.field.email"), Text: cmp.Or(who.Email, l.T("admin.none"))},
		{Name: l.T("admin.field.number"), Text: cmp.Or(who.Number, l.T("admin.none"))}}
	if len(p.Places) < 2 {
		facts = append(facts, template.Fact{Name: l.T("admin.field.location"), Text: cmp.Or(p.Location, l.T("admin.none"))})
	}
	if p.Joiner.Employment.ID != "" {
		facts = append(facts, template.Fact{Name: l.T("admin.field.hired"), Text: l.Date(p.Joiner.Employment.From)})
	}
	return facts
}
