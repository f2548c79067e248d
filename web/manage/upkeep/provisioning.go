// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/identity/provision"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// shownEntries is how many of the latest requests of the directory a page shows.
const shownEntries = 20

// provisioningPage is where the customer's directory is connected, and what it does.
type provisioningPage struct {
	Frame     template.Page
	Form      *page.Form // the rules
	TokenForm *page.Form // a new token
	Secret    string     // of a token that was just made; else empty
	Address   string     // of SCIM
	Tokens    []serviceToken
	State     provision.State
	Locations []template.Option
	Patterns  []template.Option
	Packages  []template.Option
	All       bool // the visitor keeps people and rules too
	org       *people.Organisation
	visit     *page.Visit
}

// serviceToken is a token of the directory.
type serviceToken struct{ ID, Name, Until, Used string }

// tokenPeriods are for how many days a token can be made.
var tokenPeriods = []int{90, 180, 365}

// usualPeriod is for how many days a token is made where nobody says otherwise.
const usualPeriod = "180"

// showProvisioning handles GET /manage/provisioning.
func showProvisioning(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := rulesForm(r, t)
	if err != nil {
		return err
	}
	return renderProvisioning(w, r, t, provisioningPage{Form: f, TokenForm: page.BlankForm(r, "days", usualPeriod)})
}

// rulesForm is a form with the rules as they are.
func rulesForm(r *http.Request, t *tenant.Tenant) (*page.Form, error) {
	rules, err := t.Provision.Rules(r.Context())
	if err != nil {
		return nil, err
	}
	f := page.BlankForm(r, "directory", rules.Name, "location", rules.Location, "pattern", rules.Pattern, "package", rules.Package)
	for name, on := range map[string]bool{"groups": rules.Groups, "departments": rules.Departments, "confirm": rules.Confirm, "invite": rules.Invite} {
		if on {
			f.Values.Set(name, "yes")
		}
	}
	return f, nil
}

// saveProvisioning handles POST /manage/provisioning: the rules.
func saveProvisioning(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	rules, err := t.Provision.Rules(r.Context())
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	rules.Name = f.Text("directory")
	rules.Groups, rules.Departments = f.Has("groups", "yes"), f.Has("departments", "yes")
	rules.Confirm, rules.Invite = f.Has("confirm", "yes"), f.Has("invite", "yes")
	if v.Viewer.IsAdministrator() { // who keeps no people is not shown these
		rules.Location, rules.Pattern, rules.Package = f.Text("location"), f.Text("pattern"), f.Text("package")
	}
	saved, err := f.Attempt(func() error { return t.Provision.SaveRules(r.Context(), v.Person, rules) })
	if saved {
		return page.Done(w, r, page.ProvisioningPath, "provisioning-saved")
	}
	if err != nil {
		return err
	}
	return renderProvisioning(w, r, t, provisioningPage{Form: f, TokenForm: page.BlankForm(r, "days", usualPeriod)})
}

// makeServiceToken handles POST /manage/provisioning/tokens. The answer shows the secret,
// this once.
func makeServiceToken(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	wish := access.Wish{Name: f.Text("name"), Scopes: []access.Scope{access.SCIM}, Expires: v.Now().AddDate(0, 0, f.Number("days"))}
	p := provisioningPage{TokenForm: f}
	made, err := f.Attempt(func() (err error) {
		_, p.Secret, err = t.Programs.MakeServiceToken(r.Context(), v.Person, wish)
		return err
	})
	if err != nil {
		return err
	}
	if made {
		p.TokenForm = page.BlankForm(r, "days", usualPeriod)
	}
	if p.Form, err = rulesForm(r, t); err != nil {
		return err
	}
	return renderProvisioning(w, r, t, p)
}

// revokeServiceToken handles POST /manage/provisioning/tokens/{id}/revoke.
func revokeServiceToken(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Programs.RevokeServiceToken(r.Context(), page.VisitOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, page.ProvisioningPath, "token-revoked")
}

func renderProvisioning(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, p provisioningPage) error {
	v, ctx := page.VisitOf(r), r.Context()
	p.visit, p.All, p.Address = v, v.Viewer.IsAdministrator(), t.OpenID.Issuer+"/scim/v2"
	tokens, err := t.Programs.ServiceTokens(ctx, v.Person)
	if err != nil {
		return err
	}
	for _, x := range tokens {
		p.Tokens = append(p.Tokens, serviceTokenOf(v, x))
	}
	if p.State, err = t.Provision.State(ctx, v.Person, shownEntries); err != nil {
		return err
	}
	if p.org, err = t.People.Organisation(ctx); err != nil {
		return err
	}
	if err := p.fillOptions(r, t); err != nil {
		return err
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.provisioning"), page.ProvisioningPath)
	return page.Render(w, r, max(p.Form.Status(), p.TokenForm.Status()), provisioningView(p))
}

func serviceTokenOf(v *page.Visit, x access.ServiceToken) serviceToken {
	s := serviceToken{ID: x.ID, Name: x.Name, Used: v.Lang.T("web.tokens.never"),
		Until: v.Lang.T("web.tokens.until", "time", v.Lang.DateTime(x.Expires.UnixMicro(), v.Zone))}
	if !x.Used.IsZero() {
		s.Used = v.Lang.T("web.tokens.used", "time", v.Lang.DateTime(x.Used.UnixMicro(), v.Zone))
	}
	return s
}

// fillOptions fills what a new person may begin with.
func (p *provisioningPage) fillOptions(r *http.Request, t *tenant.Tenant) error {
	if !p.All {
		return nil
	}
	v, ctx := p.visit, r.Context()
	locations, err := t.People.Locations(ctx, v.Person)
	if err != nil {
		return err
	}
	usual := template.Option{Text: v.Lang.T("admin.provisioning.usual")}
	p.Locations = append([]template.Option{usual}, view.LocationOptions(locations)...)
	patterns, packages, err := view.ContractOptions(ctx, v, t)
	p.Patterns, p.Packages = append([]template.Option{usual}, patterns...), append([]template.Option{usual}, packages...)
	return err
}

// tick is a rule that is on or off.
func (p *provisioningPage) tick(name string) template.Tick {
	t := p.Form.Tick(name, "yes", p.Frame.L.T("admin.provisioning."+name))
	t.Hint = p.Frame.L.T("admin.provisioning." + name + ".hint")
	return t
}

// periods is a choice of how long a token lets the directory in.
func (p *provisioningPage) periods() template.Choice {
	c := template.Choice{Name: "days", Label: p.Frame.L.T("web.tokens.for"), Value: p.TokenForm.Text("days"), Required: true, Short: true,
		Error: cmp.Or(p.TokenForm.At("days"), p.TokenForm.At("expires"))}
	for _, n := range tokenPeriods {
		c.Options = append(c.Options, template.Option{Value: strconv.Itoa(n), Text: p.Frame.L.T("web.tokens.days", "count", n)})
	}
	return c
}

// facts are what goes into the directory's own settings, and what there is of it here.
func (p *provisioningPage) facts() []template.Fact {
	l := p.Frame.L
	return []template.Fact{{Name: l.T("admin.provisioning.address"), Text: p.Address},
		{Name: l.T("admin.provisioning.users"), Text: l.T("admin.provisioning.users.count", "count", p.State.Users, "detached", p.State.Detached)}}
}

// means says what belonging to a group means.
func (p *provisioningPage) means(g provision.Group) string {
	return groupMeans(p.Frame.L, p.org, g.Use)
}

func groupMeans(l *lang.Locale, org *people.Organisation, u provision.Use) string {
	team := slices.IndexFunc(org.Teams, func(t people.Team) bool { return t.ID == u.Team })
	switch {
	case u.Purpose == provision.Role:
		return l.T("admin.group.role.is", "role", l.T("admin.role."+u.Role))
	case team >= 0:
		return l.T("admin.group."+string(u.Purpose)+".is", "team", org.Teams[team].Name)
	}
	return l.T("admin.group.nothing")
}

// entryWords says what the directory asked.
func (p *provisioningPage) entryWords(e provision.Entry) string {
	key := "admin.provisioning.did." + e.Method + "." + e.Kind
	if !p.Frame.L.Has(key) {
		key = "admin.provisioning.did.other"
	}
	return p.Frame.L.T(key, "who", p.subject(e))
}

// subject names whom or what a request is about.
func (p *provisioningPage) subject(e provision.Entry) string {
	if name := p.org.Person(people.ID(e.Subject)).Name(); name != "" {
		return name
	}
	for _, g := range p.State.Groups {
		if g.ID == e.Subject {
			return g.Name
		}
	}
	return e.Subject
}

// why says why a request was refused.
func (p *provisioningPage) why(e provision.Entry) string {
	if e.Reason == "" || !p.Frame.L.Has(e.Reason) {
		return e.Detail
	}
	args := make([]any, len(e.Args))
	for i, s := range e.Args {
		args[i] = s
		if n, err := strconv.Atoi(s); err == nil && i%2 == 1 {
			args[i] = n
		}
	}
	return p.Frame.L.T(e.Reason, args...)
}

// when is the time of a request.
func (p *provisioningPage) when(e provision.Entry) string {
	return p.Frame.L.DateTime(e.At.UnixMicro(), p.visit.Zone)
}

// groupPage is where what a group means is chosen.
type groupPage struct {
	Frame template.Page
	Form  *page.Form
	Group provision.Group
	Teams []template.Option
	Names []string // of its members
}

func groupPath(id string) string { return page.ProvisioningPath + "/groups/" + id }

// showGroup handles GET /manage/provisioning/groups/{id}.
func showGroup(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	g, err := t.Provision.Group(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	f := page.BlankForm(r, "purpose", cmp.Or(string(g.Purpose), nothing), "team", g.Team, "role", g.Role)
	return renderGroup(w, r, t, f, g)
}

// nothing is the purpose of a group that has none, in a form.
const nothing = "nothing"

// saveGroup handles POST /manage/provisioning/groups/{id}. A group that gives a role wants
// a fresh proof of who says so.
func saveGroup(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	g, err := t.Provision.Group(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	use := provision.Use{Purpose: provision.Purpose(f.Text("purpose")), Team: f.Text("team"), Role: f.Text("role")}
	switch use.Purpose {
	case nothing:
		use.Purpose = provision.Nothing
	case provision.Nothing: // nothing was chosen
		f.Refuse(errs.New(errs.Invalid, "provision.error.purpose").At("purpose"))
	}
	if use.Purpose == provision.Role || g.Purpose == provision.Role {
		if err := t.Identity.NeedProof(r.Context(), v.Proof); err != nil {
			return err
		}
	}
	saved, err := f.Attempt(func() error { return t.Provision.UseGroup(r.Context(), v.Person, g.ID, use) })
	if saved {
		return page.Done(w, r, page.ProvisioningPath, "group-saved")
	}
	if err != nil {
		return err
	}
	return renderGroup(w, r, t, f, g)
}

func renderGroup(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, g provision.Group) error {
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := groupPage{Form: f, Group: g, Teams: []template.Option{{Text: f.Lang.T("admin.none")}}}
	for _, team := range org.Teams {
		p.Teams = append(p.Teams, template.Option{Value: team.ID, Text: team.Name})
	}
	for _, m := range g.Members {
		p.Names = append(p.Names, org.Person(m).Name())
	}
	slices.Sort(p.Names)
	p.Frame = page.ManageFrame(w, r, f.Lang.T("admin.group.title", "name", g.Name), groupPath(g.ID))
	return page.Render(w, r, f.Status(), groupView(p))
}

// purposes is a choice of what the group means.
func (p *groupPage) purposes() template.Choice {
	c := template.Choice{Name: "purpose", Label: p.Frame.L.T("admin.group.purpose"), Value: p.Form.Text("purpose"), Required: true, Error: p.Form.At("purpose")}
	for _, x := range provision.Purposes() {
		name := cmp.Or(string(x), nothing)
		c.Options = append(c.Options, template.Option{Value: name, Text: p.Frame.L.T("admin.group." + name), Note: p.Frame.L.T("admin.group." + name + ".hint")})
	}
	return c
}

// roles is a choice of the role that the group gives.
func (p *groupPage) roles() template.Choice {
	list := []template.Option{{Text: p.Frame.L.T("admin.none")}}
	for _, name := range people.AllRoles.Names() {
		list = append(list, template.Option{Value: name, Text: p.Frame.L.T("admin.role." + name)})
	}
	return p.which("role", list)
}

func (p *groupPage) teams() template.Choice { return p.which("team", p.Teams) }

// which is a choice that one of the purposes asks for.
func (p *groupPage) which(name string, options []template.Option) template.Choice {
	return template.Choice{Name: name, Label: p.Frame.L.T("admin.group." + name + ".which"), Value: p.Form.Text(name), Options: options, Error: p.Form.At(name)}
}
