// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"cmp"
	"net/http"
	"slices"

	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// rolesPage lists the roles: those that every customer has, and its own.
type rolesPage struct {
	Frame template.Page
	Keeps bool // the reader may make and change roles
	Every []roleLine
	Own   []roleLine
}

// roleLine is one role with what it allows and who holds it.
type roleLine struct {
	ID, Name, About string // ID is empty for a role that every customer has
	Over            string
	Rights          []string
	Holders         []people.Person
}

// rolePath is the address of one of the customer's own roles.
func rolePath(id string) string { return page.RolesPath + "/" + id }

// showRoles handles GET /manage/roles.
func showRoles(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := rolesPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.roles"), page.RolesPath), Keeps: v.Viewer.Has(people.KeepRoles)}
	for _, role := range people.AllRoles.Each() {
		name := role.Names()[0]
		p.Every = append(p.Every, roleLine{Name: v.Lang.T("admin.role." + name), About: v.Lang.T("admin.role." + name + ".hint"),
			Over: v.Lang.T("admin.roles.everybody"), Rights: view.RightWords(v.Lang, role.Rights()),
			Holders: holders(org, func(p *people.Person) bool { return p.Roles.Has(role) })})
	}
	for _, role := range org.Roles {
		p.Own = append(p.Own, roleLine{ID: role.ID, Name: role.Name, About: role.About, Over: overWords(v.Lang, org, &role),
			Rights:  view.RightWords(v.Lang, role.Rights.Whole()),
			Holders: holders(org, func(p *people.Person) bool { return slices.Contains(p.Custom, role.ID) })})
	}
	return page.Render(w, r, http.StatusOK, rolesView(p))
}

// holders returns those who are active and hold a role, by name: the customer's own, then those
// of bureaus.
func holders(org *people.Organisation, holds func(*people.Person) bool) []people.Person {
	var out []people.Person
	for _, id := range org.Order {
		if p := org.Person(id); p.Active && holds(&p) {
			out = append(out, p)
		}
	}
	for _, p := range org.Guests {
		if p.Active && holds(&p) {
			out = append(out, p)
		}
	}
	return out
}

// overWords says over whom a role is.
func overWords(l *lang.Locale, org *people.Organisation, role *people.Role) string {
	if role.Everybody {
		return l.T("admin.roles.everybody")
	}
	var names []string
	for _, t := range org.Teams {
		if slices.Contains(role.Teams, t.ID) {
			names = append(names, t.Name)
		}
	}
	if len(names) == 0 {
		return l.T("admin.roles.nobody")
	}
	return l.List(names...)
}

// rolePage is where one of the customer's own roles is made or changed.
type rolePage struct {
	Frame template.Page
	Form  *page.Form
	ID    string // empty for a new one
	Teams []people.Team
}

func (p *rolePage) path() string {
	if p.ID == "" {
		return page.RolesPath + "/new"
	}
	return rolePath(p.ID)
}

// showRole handles GET /manage/roles/new and GET /manage/roles/{id}.
func showRole(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := page.BlankForm(r, "over", "everybody")
	if id := r.PathValue("id"); id != "" {
		role, err := findRole(r, t, id)
		if err != nil {
			return err
		}
		f = drawRole(r, &role).Form()
	}
	return renderRole(w, r, t, f)
}

func findRole(r *http.Request, t *tenant.Tenant, id string) (people.Role, error) {
	roles, err := t.People.Roles(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return people.Role{}, err
	}
	i := slices.IndexFunc(roles, func(x people.Role) bool { return x.ID == id })
	if i < 0 {
		return people.Role{}, page.ErrNothing
	}
	return roles[i], nil
}

// saveRole handles POST to the same addresses. It asks for a fresh proof.
func saveRole(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	if err := t.Identity.NeedProof(r.Context(), v.Proof); err != nil {
		return err
	}
	role := people.Role{ID: r.PathValue("id"), Name: f.Text("name"), About: f.Text("about"), Everybody: f.Text("over") == "everybody",
		Rights: people.ParseRights(f.Values["rights"]), Teams: f.Values["teams"]}
	draw := func() (*page.Drawn, error) {
		if role.ID == "" {
			return nil, nil
		}
		now, err := findRole(r, t, role.ID)
		return drawRole(r, &now), err
	}
	return page.AsDrawn(r, t, f, draw, func(r *http.Request) error {
		saved, err := f.Attempt(func() error {
			_, err := t.People.SaveRole(r.Context(), v.Person, role)
			return err
		})
		if saved {
			return page.Done(w, r, page.RolesPath, "role-saved")
		}
		if err != nil {
			return err
		}
		return renderRole(w, r, t, f)
	})
}

// drawRole is a role as its form shows it.
func drawRole(r *http.Request, role *people.Role) *page.Drawn {
	v := page.VisitOf(r)
	d := page.Draw(v.Lang)
	d.Text("name", "", role.Name)
	d.Text("about", "", role.About)
	over, key := "everybody", "admin.roles.everybody"
	if !role.Everybody {
		over, key = "teams", "admin.roles.some"
	}
	d.Choice("over", v.Lang.T("admin.rights.over"), over, []template.Option{{Value: over, Text: v.Lang.T(key)}})
	d.Many("rights", v.Lang.T("admin.rights.right"), role.Rights.Names(), func(name string) string {
		if right, ok := people.ParseRight(name); ok {
			return view.RightName(v.Lang, right)
		}
		return name
	})
	d.Many("teams", v.Lang.T("admin.roles.teams"), role.Teams, func(id string) string {
		if i := slices.IndexFunc(v.Org.Teams, func(t people.Team) bool { return t.ID == id }); i >= 0 {
			return v.Org.Teams[i].Name
		}
		return id
	}).At = "over"
	return d
}

// deleteRole handles POST /manage/roles/{id}/delete. It asks for a fresh proof.
func deleteRole(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	if err := t.Identity.NeedProof(r.Context(), v.Proof); err != nil {
		return err
	}
	f := page.BlankForm(r)
	gone, err := f.Attempt(func() error { return t.People.DeleteRole(r.Context(), v.Person, r.PathValue("id")) })
	if gone {
		return page.Done(w, r, page.RolesPath, "role-deleted")
	}
	if err != nil {
		return err
	}
	role, err := findRole(r, t, r.PathValue("id"))
	if err != nil {
		return err
	}
	again := drawRole(r, &role).Form()
	again.Code, again.Wrong = f.Code, f.Wrong
	return renderRole(w, r, t, again)
}

func renderRole(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := rolePage{Form: f, ID: r.PathValue("id"), Teams: org.Teams}
	title := f.Lang.T("admin.roles.add")
	if p.ID != "" {
		role, err := findRole(r, t, p.ID)
		if err != nil {
			return err
		}
		title = role.Name
	}
	p.Frame = page.ManageFrame(w, r, title, p.path())
	return page.Render(w, r, f.Status(), roleView(p))
}

// rightsPage says what one person may and why, and who may what about them.
type rightsPage struct {
	Frame  template.Page
	People []template.Option
	Person people.Person
	May    []view.AccessLine
	Others []view.AccessLine
}

// showRights handles GET /manage/rights.
func showRights(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	p := rightsPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.rights"), page.RightsPath)}
	for _, id := range org.Order {
		if one := org.Person(id); one.Active {
			p.People = append(p.People, template.Option{Value: string(id), Text: one.Name()})
		}
	}
	for _, one := range org.Guests {
		if one.Active {
			p.People = append(p.People, template.Option{Value: string(one.ID), Text: one.Name()})
		}
	}
	who := cmp.Or(people.ID(r.URL.Query().Get("person")), v.Person)
	grants, err := t.People.Grants(ctx, v.Person, who)
	if err != nil {
		return err
	}
	others, err := t.People.Accesses(ctx, v.Person, who)
	if err != nil {
		return err
	}
	p.Person = org.Person(who)
	p.May, p.Others = view.GrantLines(v.Lang, grants), view.AccessLines(v.Lang, others)
	return page.Render(w, r, http.StatusOK, rightsView(p))
}

// rightsFile handles GET /manage/rights/list.csv.
func rightsFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	all, err := t.People.AllGrants(r.Context(), v.Person)
	if err != nil {
		return err
	}
	return page.SendTable(w, r, "rights.csv", func(yield func([]string) bool) {
		head := []string{"web.col.person", "web.field.email", "admin.rights.right", "admin.rights.over", "admin.rights.why"}
		for i := range head {
			head[i] = v.Lang.T(head[i])
		}
		if !yield(head) {
			return
		}
		for _, a := range all {
			for _, g := range a.Grants {
				for right := range g.Rights.All() {
					if !yield([]string{a.Person.Name(), a.Person.Email, view.RightName(v.Lang, right), view.OverOf(v.Lang, &g), view.WhyOf(v.Lang, &g)}) {
						return
					}
				}
			}
		}
	})
}
