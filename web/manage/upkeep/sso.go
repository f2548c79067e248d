// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"verlof/calendar"
	"verlof/identity/sso"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

const providersPath = page.ProvidersPath

// providersPage lists the customer's own providers that people sign in with.
type providersPage struct {
	Frame template.Page
	Lines []sso.Kept
	Only  bool // there is no other way in
	All   bool // the visitor keeps people and rules too
	Now   time.Time
	Keys  bool // there are keys for providers of SAML
}

// showProviders handles GET /manage/sso.
func showProviders(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	p := providersPage{All: v.Viewer.IsAdministrator(), Now: v.Now()}
	var err error
	if p.Lines, err = t.SSO.Providers(r.Context(), v.Person); err != nil {
		return err
	}
	policy, err := t.Identity.Policy(r.Context())
	if err != nil {
		return err
	}
	p.Keys = slices.ContainsFunc(p.Lines, func(k sso.Kept) bool { return k.Kind == sso.SAML })
	p.Only, p.Frame = policy.Only, page.ManageFrame(w, r, v.Lang.T("admin.sso"), providersPath)
	return page.Render(w, r, http.StatusOK, providersView(p))
}

// providerPage is where a provider is added or changed.
type providerPage struct {
	Frame  template.Page
	Form   *page.Form
	Kept   sso.Kept // without an ID for a new one
	Return string   // where the provider's answers go
	Places []template.Option
	Gives  []template.Option // what a rule can give
	Rows   int               // rules that can be filled in
	All    bool

	Linked []linkedLine
	Pages  template.Pages

	Logout string // where the provider tells of the end of a session
	After  string // where it sends people who signed out there
	Entity string // our name for a provider of SAML
	Now    time.Time
}

// linkedLine is somebody who signs in with a provider.
type linkedLine struct{ ID, Name, Mail, Gave, Used string }

// linkedLineOf says what a provider's groups gave somebody.
func linkedLineOf(v *page.Visit, x sso.Linked) linkedLine {
	var gave []string
	for _, role := range x.Roles.Names() {
		gave = append(gave, v.Lang.T("admin.role."+role))
	}
	for _, team := range x.Given {
		gave = append(gave, team.Name)
	}
	return linkedLine{ID: string(x.Who.ID), Name: x.Who.Name(), Mail: cmp.Or(x.Email, x.Who.Email), Gave: strings.Join(gave, ", "),
		Used: v.Lang.Date(calendar.DateOf(x.Used.In(v.Zone)))}
}

// unlink handles POST /manage/sso/{id}/people/{person}/unlink.
func unlink(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	id := r.PathValue("id")
	if err := t.SSO.Unlink(r.Context(), page.VisitOf(r).Proof, id, people.ID(r.PathValue("person"))); err != nil {
		return err
	}
	return page.Done(w, r, providersPath+"/"+id, "unlinked")
}

func (p *providerPage) path() string {
	if p.Kept.ID == "" {
		return providersPath + "/new"
	}
	return providersPath + "/" + p.Kept.ID
}

// spareRules is how many empty rules stand under those that there are.
const spareRules = 2

// showNewProvider handles GET /manage/sso/new.
func showNewProvider(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderProvider(w, r, t, providerPage{Form: page.BlankForm(r, "kind", r.URL.Query().Get("kind"))})
}

// addProvider handles POST /manage/sso/new. What it is and does is filled in on the page
// that follows, where the address for the answers stands.
func addProvider(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	var id string
	added, err := f.Attempt(func() (err error) {
		want := sso.Provider{Kind: sso.Kind(f.Text("kind")), Name: f.Text("name"), Issuer: f.Text("issuer")}
		want.Unsaid = want.Kind == sso.SAML // which never says it
		id, err = t.SSO.Save(r.Context(), page.VisitOf(r).Proof, want)
		return err
	})
	if added {
		return page.Done(w, r, providersPath+"/"+id, "provider-added")
	}
	if err != nil {
		return err
	}
	return renderProvider(w, r, t, providerPage{Form: f})
}

// showProvider handles GET /manage/sso/{id}.
func showProvider(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, err := providerOf(r, t)
	if err != nil {
		return err
	}
	k := p.Kept
	p.Form = page.BlankForm(r, "name", k.Name, "issuer", k.Issuer, "client", k.ClientID, "domains", strings.Join(k.Domains, "\n"),
		"groups", k.Groups, "scopes", strings.Join(k.Scopes, " "), "levels", strings.Join(k.Levels, "\n"), "location", k.Location, "subject", k.Subject)
	for name, on := range map[string]bool{"sign_out": k.SignOut, "unasked": k.Unasked, "unsaid": k.Unsaid, "both": k.Both, "joins": k.Joins, "on": k.On} {
		if on {
			p.Form.Values.Set(name, "yes")
		}
	}
	for i, rule := range k.Rules {
		p.Form.Values.Set(ruleField("group", i), rule.Group)
		p.Form.Values.Set(ruleField("gives", i), giftOf(rule))
	}
	return renderProvider(w, r, t, p)
}

func providerOf(r *http.Request, t *tenant.Tenant) (p providerPage, err error) {
	p.Kept, err = t.SSO.Provider(r.Context(), page.VisitOf(r).Person, r.PathValue("id"))
	return p, err
}

// saveProvider handles POST /manage/sso/{id}.
func saveProvider(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := providerOf(r, t)
	if err != nil {
		return err
	}
	p.Form = f
	want := sso.Provider{ID: p.Kept.ID, Name: f.Text("name"), Issuer: f.Text("issuer"), ClientID: f.Text("client"), Secret: f.Text("secret"),
		Domains: strings.Fields(f.Text("domains")), Unsaid: f.Has("unsaid", "yes"), Both: f.Has("both", "yes"), Levels: strings.Fields(f.Text("levels")),
		Groups: f.Text("groups"), Scopes: strings.Fields(f.Text("scopes")), Joins: f.Has("joins", "yes"), Location: f.Text("location"),
		On: f.Has("on", "yes"), Rules: rulesIn(f), Subject: f.Text("subject"), Unasked: f.Has("unasked", "yes"), SignOut: f.Has("sign_out", "yes")}
	if p.Kept.Kind == sso.SAML { // what it publishes is on a page of its own
		want.Issuer, want.Target, want.Certificates, want.Source = p.Kept.Issuer, p.Kept.Target, p.Kept.Certificates, p.Kept.Source
	}
	f.TypeAgain("secret")
	saved, err := f.Attempt(func() error {
		_, err := t.SSO.Save(r.Context(), page.VisitOf(r).Proof, want)
		return err
	})
	if saved {
		return page.Done(w, r, p.path(), "provider-saved")
	}
	if err != nil {
		return err
	}
	return renderProvider(w, r, t, p)
}

// deleteProvider handles POST /manage/sso/{id}/delete.
func deleteProvider(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.SSO.Delete(r.Context(), page.VisitOf(r).Proof, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, providersPath, "provider-deleted")
}

func renderProvider(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, p providerPage) error {
	v := page.VisitOf(r)
	title := p.Kept.Name
	if p.Kept.ID == "" {
		title = v.Lang.T("admin.sso.add")
	} else {
		org, err := t.People.Organisation(r.Context())
		if err != nil {
			return err
		}
		p.Return, p.Entity, p.Now = t.SSO.Return(p.Kept.ID), t.SSO.Entity(p.Kept.ID), v.Now()
		p.Logout, p.After = t.SSO.Told(p.Kept.ID), t.SSO.SignedOut()
		p.Places = append([]template.Option{{Text: v.Lang.T("admin.sso.choose")}}, view.LocationOptions(view.LocationsByName(org))...)
		p.Gives = giftOptions(v, org)
		p.Rows = len(rulesIn(p.Form)) + spareRules
		linked, err := t.SSO.People(r.Context(), v.Person, p.Kept.ID)
		if err != nil {
			return err
		}
		linked, p.Pages = page.Paginate(linked, r.URL.Query().Get("page"), func(number string) string { return page.WithQuery(p.path(), "page", number) })
		for _, x := range linked {
			p.Linked = append(p.Linked, linkedLineOf(v, x))
		}
	}
	p.All, p.Frame = v.Viewer.IsAdministrator(), page.ManageFrame(w, r, title, p.path())
	return page.Render(w, r, p.Form.Status(), providerView(p))
}

// crumbs lead back to the list.
func (p *providerPage) crumbs() []template.Link {
	return crumbs(p.Frame.L, p.All, page.SectionOf("sso").Link(p.Frame.L))
}

// ruleField names a field of the rule in a row.
func ruleField(name string, row int) string { return name + "-" + strconv.Itoa(row) }

// What a rule gives is a role or a team, by its name or id after one of these.
const (
	givesRole = "role:"
	givesTeam = "team:"
)

func giftOf(r sso.Rule) string {
	if r.Team != "" {
		return givesTeam + r.Team
	}
	return givesRole + strings.Join(r.Role.Names(), "")
}

// rulesIn reads the rules that were filled in, in order; empty rows are none.
func rulesIn(f *page.Form) (rules []sso.Rule) {
	for i := range sso.MaxRules + spareRules {
		group, gives := f.Text(ruleField("group", i)), f.Text(ruleField("gives", i))
		if group == "" && gives == "" {
			continue
		}
		r := sso.Rule{Group: group}
		if name, ok := strings.CutPrefix(gives, givesRole); ok {
			r.Role, _ = people.ParseRole(name) // what is no role is refused by the rule
		}
		if id, ok := strings.CutPrefix(gives, givesTeam); ok {
			r.Team = id
		}
		rules = append(rules, r)
	}
	return rules
}

// giftOptions are what a group can give: roles, then teams.
func giftOptions(v *page.Visit, org *people.Organisation) []template.Option {
	all := []template.Option{{Text: v.Lang.T("admin.sso.choose")}}
	for _, role := range people.AllRoles.Names() {
		all = append(all, template.Option{Value: givesRole + role, Text: v.Lang.T("admin.sso.gives.role", "name", v.Lang.T("admin.role."+role))})
	}
	for _, team := range org.Teams {
		all = append(all, template.Option{Value: givesTeam + team.ID, Text: v.Lang.T("admin.sso.gives.team", "name", team.Name)})
	}
	return all
}

// group and gives are the fields of the rule in a row.
func (p *providerPage) group(row int) template.Input {
	return template.Input{Name: ruleField("group", row), Label: p.Frame.L.T("admin.sso.group"), Value: p.Form.Text(ruleField("group", row))}
}

func (p *providerPage) gives(row int) template.Choice {
	return template.Choice{Name: ruleField("gives", row), Label: p.Frame.L.T("admin.sso.gives"), Options: p.Gives, Value: p.Form.Text(ruleField("gives", row))}
}

// issuer is the address of the provider.
func (p *providerPage) issuer() template.Input {
	i := p.Form.Need("issuer")
	i.Type, i.Hint = "url", p.Frame.L.T("admin.sso.issuer.hint")
	return i
}

// secret is never shown again: left empty, the one that is there stays.
func (p *providerPage) secret() template.Input {
	i := p.Form.Field("secret")
	i.Type, i.Value, i.Autocomplete = "password", "", "off"
	if p.Kept.Secret != "" {
		i.Hint = p.Frame.L.T("admin.sso.secret.kept")
	}
	return i
}

// hinted is a field with a hint of its own, of so many lines where more than one.
func (p *providerPage) hinted(name string, rows int) template.Input {
	i := p.Form.Field(name)
	i.Hint, i.Rows = p.Frame.L.T("admin.sso."+name+".hint"), rows
	if p.saml() && (name == "groups" || name == "levels") {
		i.Label, i.Hint = p.Frame.L.T("admin.field."+name+".saml"), p.Frame.L.T("admin.sso."+name+".hint.saml")
	}
	i.Attrs = templ.Attributes{"autocapitalize": "none", "spellcheck": "false"}
	return i
}

// tick is a setting that is on or off.
func (p *providerPage) tick(name string) template.Tick {
	t := p.Form.Tick(name, "yes", p.Frame.L.T("admin.sso."+name))
	t.Hint = p.Frame.L.T("admin.sso." + name + ".hint")
	return t
}

// providerBadges say how a provider stands.
func (p *providersPage) badges(k sso.Kept) (badges []view.Badge) {
	l := p.Frame.L
	badges = []view.Badge{{Tone: template.Good, Text: l.T("admin.sso.is_on")}}
	if !k.On {
		badges = []view.Badge{{Tone: template.Warn, Text: l.T("admin.sso.off")}}
	}
	if at, soon := k.Ends(p.Now); soon {
		badges = append(badges, view.Badge{Tone: template.Bad, Text: l.T("admin.sso.ends", "date", l.Date(calendar.DateOf(at)))})
	}
	return badges
}

// spoken are the names of what providers speak.
var spoken = map[sso.Kind]string{sso.OpenID: "OpenID Connect", sso.SAML: "SAML 2.0"}

// saml reports whether the provider speaks SAML, or is to.
func (p *providerPage) saml() bool {
	if p.Kept.ID == "" {
		return p.Form.Text("kind") == string(sso.SAML)
	}
	return p.Kept.Kind == sso.SAML
}

// kinds are the pages on which a provider is added.
func (p *providerPage) kinds() []template.Link {
	return []template.Link{{Text: spoken[sso.OpenID], Href: providersPath + "/new", Current: !p.saml()},
		{Text: spoken[sso.SAML], Href: providersPath + "/new?kind=saml", Current: p.saml()}}
}
