// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// editPage is where a person is added or changed.
type editPage struct {
	Frame     template.Page
	Form      *page.Form
	Person    people.Person // zero for a new one
	Locations []template.Option
	Place     string // where they work by their contract lines, which alone say so; empty: they have none
	Languages []template.Option
	Patterns  []template.Option // for a new one
	Packages  []template.Option
	Teams     []template.Option
	Roles     []people.Role // the customer's own
}

// New reports whether the page adds somebody.
func (p *editPage) New() bool { return p.Person.ID == "" }

// showNewPerson handles GET /manage/people/new.
func showNewPerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	today, err := t.Leave.Today(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return err
	}
	most, err := view.UsualOf(r.Context(), t)
	if err != nil {
		return err
	}
	return renderEdit(w, r, t, people.Person{}, page.BlankForm(r, "from", today.String(), "invite", "yes",
		"pattern", most.Pattern, "package", most.Pkg, "location", most.Location))
}

// addPerson handles POST /manage/people/new. Roles ask for a fresh proof.
func addPerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	n := people.Newcomer{
		Person: readPerson(f, people.Person{}), Employment: people.Employment{From: f.DateOr("from", 0)},
		Contract: people.Contract{Pattern: f.Text("pattern"), Package: f.Text("package")},
	}
	if people.Delicate(people.Person{}, n.Person) {
		if err := t.Identity.NeedProof(r.Context(), page.VisitOf(r).Proof); err != nil {
			return err
		}
	}
	if team := f.Text("team"); team != "" {
		n.Teams = []string{team}
	}
	var id people.ID
	added, err := f.Attempt(func() (err error) {
		id, err = t.People.AddPerson(r.Context(), page.VisitOf(r).Person, n)
		return err
	})
	if added {
		return welcome(w, r, t, id, f.Has("invite", "yes"))
	}
	if err != nil {
		return err
	}
	return renderEdit(w, r, t, people.Person{}, f)
}

// welcome invites somebody who was added, where that is wanted. They stay added
// when no invitation can be sent: their page says why.
func welcome(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, id people.ID, invite bool) error {
	if !invite {
		return page.Done(w, r, page.PersonPath(id), "person-added")
	}
	if err := t.Identity.Invite(r.Context(), id); err != nil {
		if !page.BlankForm(r).Mend(err) {
			return err
		}
		return page.Done(w, r, page.PersonPath(id), "person-added-uninvited")
	}
	return page.Done(w, r, page.PersonPath(id), "person-invited")
}

// showEditPerson handles GET /manage/people/{id}/edit.
func showEditPerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	rec, err := t.People.Record(r.Context(), page.VisitOf(r).Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	d, err := drawPerson(r, t, &rec)
	if err != nil {
		return err
	}
	return renderEdit(w, r, t, rec.Person, d.Form())
}

// drawPerson is a person as their form shows them.
func drawPerson(r *http.Request, t *tenant.Tenant, rec *people.Record) (*page.Drawn, error) {
	v, p := page.VisitOf(r), rec.Person
	d := page.Draw(v.Lang)
	d.Text("given", "", p.GivenName)
	d.Text("family", "", p.FamilyName)
	d.Text("email", "", p.Email)
	d.Text("number", "", p.Number)
	if len(rec.Contracts) == 0 {
		places, err := placeOptions(r.Context(), v, t)
		if err != nil {
			return nil, err
		}
		d.Choice("location", "", p.Location, places)
	}
	d.Choice("language", "", p.Language, languageOptions(v))
	d.Date("born", "", p.Born)
	for _, name := range people.AllRoles.Names() {
		role, _ := people.ParseRole(name)
		d.Tick(name, v.Lang.T("admin.role."+name), p.Roles&role != 0)
	}
	custom, err := t.People.Roles(r.Context(), v.Person)
	if err != nil {
		return nil, err
	}
	d.Many("custom", v.Lang.T("admin.person.may"), p.Custom, func(id string) string {
		i := slices.IndexFunc(custom, func(x people.Role) bool { return x.ID == id })
		if i < 0 {
			return id
		}
		return custom[i].Name
	}).At = "roles"
	d.Tick("active", v.Lang.T("admin.person.active"), p.Active)
	return d, nil
}

func languageOptions(v *page.Visit) []template.Option {
	return append([]template.Option{{Text: v.Lang.T("admin.language.customer")}}, view.LanguageOptions()...)
}

// savePerson handles POST /manage/people/{id}/edit.
func savePerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	var rec people.Record
	draw := func() (_ *page.Drawn, err error) {
		if rec, err = t.People.Record(r.Context(), page.VisitOf(r).Person, people.ID(r.PathValue("id"))); err != nil {
			return nil, err
		}
		return drawPerson(r, t, &rec)
	}
	return page.AsDrawn(r, t, f, draw, func(r *http.Request) error { return savePersonAs(w, r, t, f, &rec) })
}

// savePersonAs saves somebody who was as rec says.
func savePersonAs(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, rec *people.Record) error {
	p := readPerson(f, rec.Person)
	p.Active = f.Has("active", "yes")
	if f.Fine() && people.Delicate(rec.Person, p) {
		if err := t.Identity.NeedProof(r.Context(), page.VisitOf(r).Proof); err != nil {
			return err
		}
	}
	return view.Change(w, r, t, f, leave.SavingPerson(p), view.Asker{
		Done:  func(string) error { return page.Done(w, r, page.PersonPath(p.ID), "person-saved") },
		Again: func() error { return renderEdit(w, r, t, rec.Person, f) },
	})
}

// readPerson returns p with what the form says of it.
func readPerson(f *page.Form, p people.Person) people.Person {
	p.GivenName, p.FamilyName, p.Email, p.Number = f.Text("given"), f.Text("family"), f.Text("email"), f.Text("number")
	p.Language, p.Location = f.Text("language"), f.Text("location")
	p.Born = f.DateOr("born", 0)
	p.Roles, p.Custom = 0, slices.Sorted(slices.Values(f.Values["custom"]))
	for _, name := range people.AllRoles.Names() {
		if role, ok := people.ParseRole(name); ok && f.Has(name, "yes") {
			p.Roles |= role
		}
	}
	return p
}

func renderEdit(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, who people.Person, f *page.Form) error {
	p := editPage{Form: f, Person: who}
	v := page.VisitOf(r)
	if err := p.fill(r.Context(), v, t); err != nil {
		return err
	}
	if p.New() {
		p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.person.add"), "/manage/people/new")
	} else {
		p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.person.edit", "name", who.Name()), page.PersonPath(who.ID)+"/edit")
	}
	return page.Render(w, r, f.Status(), editView(p))
}

func (p *editPage) fill(ctx context.Context, v *page.Visit, t *tenant.Tenant) error {
	var err error
	if r := v.Org.Records[p.Person.ID]; r != nil && len(r.Contracts) > 0 {
		p.Place = cmp.Or(v.Org.Locations[p.Person.Location].Name, v.Lang.T("admin.none"))
	} else if p.Locations, err = placeOptions(ctx, v, t); err != nil {
		return err
	}
	p.Languages = languageOptions(v)
	if p.Roles, err = t.People.Roles(ctx, v.Person); err != nil || !p.New() {
		return err
	}
	if p.Patterns, p.Packages, err = view.ContractOptions(ctx, v, t); err != nil {
		return err
	}
	teams, err := t.People.Teams(ctx, v.Person)
	p.Teams = []template.Option{{Text: v.Lang.T("admin.none")}}
	for _, team := range teams {
		p.Teams = append(p.Teams, template.Option{Value: team.ID, Text: team.Name})
	}
	return err
}

// placeOptions are the places at which somebody may work.
func placeOptions(ctx context.Context, v *page.Visit, t *tenant.Tenant) ([]template.Option, error) {
	locations, err := t.People.Locations(ctx, v.Person)
	if len(locations) == 0 {
		return []template.Option{{Text: v.Lang.T("admin.none")}}, err
	}
	return view.LocationOptions(locations), err
}
