// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"net/http"

	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// editPage is where a person is added or changed.
type editPage struct {
	Frame     template.Page
	Form      *form
	Person    people.Person // zero for a new one
	Locations []template.Option
	Languages []template.Option
	Patterns  []template.Option // for a new one
	Packages  []template.Option
	Teams     []template.Option
}

// New reports whether the page adds somebody.
func (p *editPage) New() bool { return p.Person.ID == "" }

// showNewPerson handles GET /manage/people/new.
func showNewPerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	today, err := t.Leave.Today(r.Context(), visitOf(r).person)
	if err != nil {
		return err
	}
	most, err := usualOf(r.Context(), t)
	if err != nil {
		return err
	}
	return renderEdit(w, r, t, people.Person{}, blankForm(r, "from", today.String(), "invite", "yes",
		"pattern", most.pattern, "package", most.pkg, "location", most.location))
}

// addPerson handles POST /manage/people/new.
func addPerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := people.Newcomer{
		Person: readPerson(f, people.Person{}), Employment: people.Employment{From: f.dateOr("from", 0)},
		Contract: people.Contract{Pattern: f.text("pattern"), Package: f.text("package")},
	}
	if team := f.text("team"); team != "" {
		n.Teams = []string{team}
	}
	var id people.ID
	added, err := f.attempt(func() (err error) {
		id, err = t.People.AddPerson(r.Context(), visitOf(r).person, n)
		return err
	})
	if added {
		return welcome(w, r, t, id, f.has("invite", "yes"))
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
		return done(w, r, personPath(id), "person-added")
	}
	if err := t.Identity.Invite(r.Context(), id); err != nil {
		if !blankForm(r).mend(err) {
			return err
		}
		return done(w, r, personPath(id), "person-added-uninvited")
	}
	return done(w, r, personPath(id), "person-invited")
}

// showEditPerson handles GET /manage/people/{id}/edit.
func showEditPerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	rec, err := t.People.Record(r.Context(), visitOf(r).person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := rec.Person
	f := blankForm(r, "given", p.GivenName, "family", p.FamilyName, "email", p.Email, "number", p.Number,
		"language", p.Language, "location", p.Location)
	if !p.Born.IsZero() {
		f.values.Set("born", p.Born.String())
	}
	for _, role := range p.Roles.Names() {
		f.values.Set(role, "yes")
	}
	if p.Active {
		f.values.Set("active", "yes")
	}
	return renderEdit(w, r, t, p, f)
}

// savePerson handles POST /manage/people/{id}/edit.
func savePerson(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	v, ctx := visitOf(r), r.Context()
	rec, err := t.People.Record(ctx, v.person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := readPerson(f, rec.Person)
	p.Active = f.has("active", "yes")
	saved, err := f.attempt(func() error { return t.People.SavePerson(ctx, v.person, p) })
	if saved {
		return done(w, r, personPath(p.ID), "person-saved")
	}
	if err != nil {
		return err
	}
	return renderEdit(w, r, t, rec.Person, f)
}

// readPerson returns p with what the form says of it.
func readPerson(f *form, p people.Person) people.Person {
	p.GivenName, p.FamilyName, p.Email, p.Number = f.text("given"), f.text("family"), f.text("email"), f.text("number")
	p.Language, p.Location = f.text("language"), f.text("location")
	p.Born = f.dateOr("born", 0)
	p.Roles = 0
	for _, name := range people.AllRoles.Names() {
		if role, ok := people.ParseRole(name); ok && f.has(name, "yes") {
			p.Roles |= role
		}
	}
	return p
}

func renderEdit(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, who people.Person, f *form) error {
	p := editPage{Form: f, Person: who}
	v := visitOf(r)
	if err := p.fill(r.Context(), v, t); err != nil {
		return err
	}
	if p.New() {
		p.Frame = adminFrame(w, r, v.lang.T("admin.person.add"), "/manage/people/new")
	} else {
		p.Frame = adminFrame(w, r, v.lang.T("admin.person.edit", "name", who.Name()), personPath(who.ID)+"/edit")
	}
	return render(w, r, f.status(), editView(p))
}

func (p *editPage) fill(ctx context.Context, v *visit, t *tenant.Tenant) error {
	locations, err := t.People.Locations(ctx, v.person)
	if err != nil {
		return err
	}
	for _, l := range locations {
		p.Locations = append(p.Locations, template.Option{Value: l.ID, Text: l.Name})
	}
	if len(locations) == 0 {
		p.Locations = []template.Option{{Text: v.lang.T("admin.none")}}
	}
	p.Languages = append([]template.Option{{Text: v.lang.T("admin.language.customer")}}, languageOptions()...)
	if !p.New() {
		return nil
	}
	if p.Patterns, p.Packages, err = contractOptions(ctx, v, t); err != nil {
		return err
	}
	teams, err := t.People.Teams(ctx, v.person)
	p.Teams = []template.Option{{Text: v.lang.T("admin.none")}}
	for _, team := range teams {
		p.Teams = append(p.Teams, template.Option{Value: team.ID, Text: team.Name})
	}
	return err
}
