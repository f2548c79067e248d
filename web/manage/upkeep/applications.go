// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/identity/access"
	"verlof/identity/openid"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// fresh asks for a fresh proof of who somebody is before they change how programs come in.
func fresh(h page.Handler) page.Handler {
	return func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
		if err := t.Identity.NeedProof(r.Context(), page.VisitOf(r).Proof); err != nil {
			return err
		}
		return h(w, r, t)
	}
}

const applicationsPath = "/manage/applications"

// applicationsPage lists the programs that sign people in here or call the API.
type applicationsPage struct {
	Frame template.Page
	Lines []openid.Client
	All   bool // the visitor keeps people and rules too
}

// showApplications handles GET /manage/applications.
func showApplications(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	list, err := t.OpenID.Clients(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := applicationsPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.applications"), applicationsPath), Lines: list, All: v.Viewer.IsAdministrator()}
	return page.Render(w, r, http.StatusOK, applicationsView(p))
}

// applicationPage is where a program is registered or changed.
type applicationPage struct {
	Frame   template.Page
	Form    *page.Form
	Client  openid.Client // without an ID for a new one
	Secrets []openid.Secret
	For     []people.Person // in whose name it may act
	Secret  string          // just made: shown once
	Issuer  string
	All     bool
	Zone    *time.Location // of the visitor
}

func (p *applicationPage) path() string {
	if p.Client.ID == "" {
		return applicationsPath + "/new"
	}
	return applicationsPath + "/" + p.Client.ID
}

// signsIn reports whether people sign in at the program in a browser.
func (p *applicationPage) signsIn() bool {
	return p.Client.ID == "" || p.Client.Kind == openid.Confidential || p.Client.Kind == openid.Public
}

// made is the day of a secret.
func (p *applicationPage) made(s openid.Secret) string {
	return p.Frame.L.Date(calendar.DateOf(s.Made.In(p.Zone)))
}

// proves reports whether the program can prove who it is.
func (p *applicationPage) proves() bool {
	return p.Client.ID == "" || p.Client.Kind == openid.Confidential || p.Client.Kind == openid.Service
}

// lines is a field with an address on each line.
func (p *applicationPage) lines(name string) template.Input {
	i := p.Form.Field(name)
	i.Rows, i.Hint = 3, p.Frame.L.T("admin.applications."+name+".hint")
	return i
}

// showNewApplication handles GET /manage/applications/new.
func showNewApplication(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := page.BlankForm(r, "kind", string(openid.Confidential))
	f.Values["scope"] = []string{openid.ScopeOpenID, openid.ScopeProfile, openid.ScopeEmail}
	return renderApplication(w, r, t, applicationPage{Form: f})
}

// showApplication handles GET /manage/applications/{id}.
func showApplication(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, err := applicationOf(r, t)
	if err != nil {
		return err
	}
	c := p.Client
	p.Form = page.BlankForm(r, "name", c.Name, "redirects", strings.Join(c.Redirects, "\n"), "post_logout", strings.Join(c.PostLogout, "\n"), "logout", c.Logout, "keys", strings.Join(c.Keys, "\n"))
	p.Form.Values["scope"] = c.Scope.List()
	for name, on := range map[string]bool{"pairwise": c.Subjects == openid.SubjectPairwise, "trusted": c.Trusted, "inspects": c.Inspects, "pushes": c.Pushes, "bound": c.Bound, "disabled": !c.Disabled.IsZero()} {
		if on {
			p.Form.Values.Set(name, "yes")
		}
	}
	return renderApplication(w, r, t, p)
}

func applicationOf(r *http.Request, t *tenant.Tenant) (p applicationPage, err error) {
	p.Client, p.Secrets, err = t.OpenID.Client(r.Context(), page.VisitOf(r).Person, r.PathValue("id"))
	return p, err
}

// fillIn puts what was filled in into a program.
func fillIn(f *page.Form, c *openid.Client) {
	c.Name, c.Logout = f.Text("name"), f.Text("logout")
	c.Redirects, c.PostLogout = strings.Fields(f.Text("redirects")), strings.Fields(f.Text("post_logout"))
	c.Keys = keysIn(f.Text("keys"))
	c.Scope = openid.Scope(strings.Join(f.Values["scope"], " "))
	c.Trusted, c.Inspects = f.Has("trusted", "yes"), f.Has("inspects", "yes")
	c.Pushes, c.Bound = f.Has("pushes", "yes"), f.Has("bound", "yes")
	c.Subjects = openid.SubjectPublic
	if f.Has("pairwise", "yes") {
		c.Subjects = openid.SubjectPairwise
	}
}

// keysIn returns what stands in the field for public keys: one text with a key in it, a set or
// PEM; or keys as Verlof writes them, one on each line.
func keysIn(text string) []string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		if lines[i] = strings.TrimSpace(line); !strings.HasPrefix(lines[i], "{") || !strings.HasSuffix(lines[i], "}") {
			lines = []string{text}
			break
		}
	}
	return slices.DeleteFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// addApplication handles POST /manage/applications/new. The answer holds the secret, which
// nobody sees again.
func addApplication(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	p := applicationPage{Form: f}
	c := openid.Client{Kind: openid.Kind(f.Text("kind"))}
	fillIn(f, &c)
	made, err := f.Attempt(func() (err error) {
		c, p.Secret, err = t.OpenID.Register(r.Context(), page.VisitOf(r).Person, c)
		return err
	})
	switch {
	case err != nil:
		return err
	case made && p.Secret == "":
		return page.Done(w, r, applicationsPath+"/"+c.ID, "application-added")
	case made:
		p.Client = c
		return renderSecret(w, r, t, p)
	}
	return renderApplication(w, r, t, p)
}

// saveApplication handles POST /manage/applications/{id}.
func saveApplication(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := applicationOf(r, t)
	if err != nil {
		return err
	}
	p.Form = f
	c := p.Client
	fillIn(f, &c)
	switch off := f.Has("disabled", "yes"); {
	case !off:
		c.Disabled = time.Time{}
	case c.Disabled.IsZero():
		c.Disabled = t.OpenID.Now()
	}
	saved, err := f.Attempt(func() error { return t.OpenID.SaveClient(r.Context(), page.VisitOf(r).Person, c) })
	if saved {
		return page.Done(w, r, applicationsPath, "application-saved")
	}
	if err != nil {
		return err
	}
	return renderApplication(w, r, t, p)
}

// addSecret handles POST /manage/applications/{id}/secrets.
func addSecret(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, err := applicationOf(r, t)
	if err != nil {
		return err
	}
	if p.Secret, err = t.OpenID.AddSecret(r.Context(), page.VisitOf(r).Person, p.Client.ID); err != nil {
		return err
	}
	return renderSecret(w, r, t, p)
}

// deleteSecret handles POST /manage/applications/{id}/secrets/{secret}/delete.
func deleteSecret(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	id := r.PathValue("id")
	if err := t.OpenID.DeleteSecret(r.Context(), page.VisitOf(r).Person, id, r.PathValue("secret")); err != nil {
		return err
	}
	return page.Done(w, r, applicationsPath+"/"+id, "secret-deleted")
}

// deleteApplication handles POST /manage/applications/{id}/delete.
func deleteApplication(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.OpenID.DeleteClient(r.Context(), page.VisitOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, applicationsPath, "application-deleted")
}

func renderApplication(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, p applicationPage) error {
	title := p.Client.Name
	if p.Client.ID == "" {
		title = p.Form.Lang.T("admin.applications.add")
	}
	p.Frame, p.Issuer = page.ManageFrame(w, r, title, p.path()), t.OpenID.Issuer
	p.All, p.Zone = page.VisitOf(r).Viewer.IsAdministrator(), page.VisitOf(r).Zone
	if p.Client.ID != "" {
		var err error
		if p.For, err = actsFor(r, t, p.Client.ID); err != nil {
			return err
		}
	}
	return page.Render(w, r, p.Form.Status(), applicationView(p))
}

// actsFor returns in whose name a program may act.
func actsFor(r *http.Request, t *tenant.Tenant, client string) ([]people.Person, error) {
	list, err := t.OpenID.AgreementsWith(r.Context(), page.VisitOf(r).Person, client)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	org, err := t.People.Organisation(r.Context())
	var out []people.Person
	for i := range list {
		if err == nil {
			out = append(out, org.Person(list[i].Person))
		}
	}
	return out, err
}

func renderSecret(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, p applicationPage) error {
	p.Frame, p.Issuer = page.ManageFrame(w, r, p.Client.Name, p.path()), t.OpenID.Issuer
	p.All = page.VisitOf(r).Viewer.IsAdministrator()
	return page.Render(w, r, http.StatusOK, secretView(p))
}

// crumbs lead back to the list, and for those who keep all of it to the administration.
func (p *applicationPage) crumbs() []template.Link {
	return crumbs(p.Frame.L, p.All, page.SectionOf("applications").Link(p.Frame.L))
}

// kinds are what a program may be.
func (p *applicationPage) kinds() template.Choice {
	c := template.Choice{Name: "kind", Label: p.Frame.L.T("admin.applications.kind"), Value: p.Form.Text("kind"), Required: true, Error: p.Form.At("kind")}
	for _, k := range openid.Kinds() {
		key := "admin.applications.kind." + string(k)
		c.Options = append(c.Options, template.Option{Value: string(k), Text: p.Frame.L.T(key), Note: p.Frame.L.T(key + ".hint")})
	}
	return c
}

// person are the scopes that say something of a person, program those of the API.
func (p *applicationPage) person() []template.Tick { return p.scopes(true) }

func (p *applicationPage) program() []template.Tick { return p.scopes(false) }

func (p *applicationPage) scopes(person bool) (list []template.Tick) {
	for _, name := range openid.Scopes() {
		if name == string(access.SCIM) && !p.All && !p.Form.Has("scope", name) {
			continue // it would be refused
		}
		if slices.Contains(openid.PersonScopes(), name) == person {
			list = append(list, template.Tick{Name: "scope", Value: name, Label: p.Frame.L.T("openid.scope." + name), Checked: p.Form.Has("scope", name)})
		}
	}
	return list
}

// facts are what goes into the program's own configuration.
func (p *applicationPage) facts() []template.Fact {
	l := p.Frame.L
	facts := []template.Fact{
		{Name: l.T("admin.applications.issuer"), Text: p.Issuer},
		{Name: l.T("admin.applications.id"), Text: p.Client.ID},
	}
	if p.Secret != "" {
		facts = append(facts, template.Fact{Name: l.T("admin.applications.secret"), Text: p.Secret})
	}
	return facts
}
