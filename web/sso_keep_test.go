// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/sso"
	"verlof/people"
)

// linked ties somebody to the provider that is off, and returns who.
func (c *customer) linked(w *world) string {
	w.Helper()
	if err := c.SSO.Store.Update(w.Context(), func(tx sso.Tx) error {
		return tx.SaveSSOLink(sso.Link{Provider: c.sso, Subject: "kim", Person: people.ID(c.id("kim")), Made: now, Used: now})
	}); err != nil {
		w.Fatal(err)
	}
	return c.id("kim")
}

// TestProviderUnlink: somebody whom the provider has under another name now is tied anew;
// what its groups gave is taken meanwhile, and the page says what that is.
func TestProviderUnlink(t *testing.T) {
	c := newContoso(t, func(p *sso.Provider) {
		p.Groups, p.Rules = "groups", []sso.Rule{{Group: "hr", Role: people.Administrator}, {Group: "shop", Team: "acme-workshop"}}
	})
	c.is("carla", "hr", "shop")
	b, a := c.signIn()
	if !enters(a) {
		t.Fatalf("%d", a.Code)
	}
	c.is("carla")
	c.there.Person["sub"] = "somebody-new"
	c.refuses("already linked to another sign-in")
	ana, path := c.at(c.acme, "ana"), "/manage/sso/"+c.id
	holds(t, ana.get(path), 200, "Who signs in with it", "Carla Fonseca", "Administrator, Workshop", "16 Mar 2026")
	unlink := path + "/people/" + c.acme.id("carla") + "/unlink"
	holds(t, ana.post(unlink), 303)
	holds(t, ana.post(unlink), 404)
	if a := b.get("/balance"); a.Code != http.StatusSeeOther || c.person("carla").Roles != 0 || c.inTeam("workshop", "carla") {
		t.Errorf("%d, roles %v", a.Code, c.person("carla").Roles.Names())
	}
	if _, a := c.signIn(); !enters(a) {
		t.Errorf("tied anew: %d", a.Code)
	}
}

// TestProviderRights: who keeps sign-in only may prepare a provider, and neither switch one
// on nor have groups give anything.
func TestProviderRights(t *testing.T) {
	c := newContoso(t, nil)
	p := c.person("hugo")
	p.Roles = people.SystemManager
	c.must(c.acme.People.SavePerson(t.Context(), people.ID(c.acme.id("ana")), p))
	hugo, ctx := c.acme.session("hugo"), t.Context()
	plain := sso.Provider{Name: "Prepared", Issuer: "https://id.example.test"}
	id, err := c.acme.SSO.Save(ctx, hugo, plain)
	c.must(err)
	for name, x := range map[string]struct {
		by   identity.Session
		what sso.Provider
		want errs.Kind
	}{
		"on":       {hugo, sso.Provider{ID: id, Name: "Prepared", Issuer: plain.Issuer, ClientID: "x", On: true}, errs.Forbidden},
		"rules":    {hugo, sso.Provider{ID: id, Name: "Prepared", Issuer: plain.Issuer, Groups: "g", Rules: []sso.Rule{{Group: "a", Role: people.Administrator}}}, errs.Forbidden},
		"off":      {hugo, sso.Provider{ID: c.id, Name: "Contoso", Issuer: c.there.URL}, errs.Forbidden},
		"employee": {c.acme.session("dirk"), plain, errs.Forbidden},
		"stale":    {identity.Session{Person: hugo.Person, Proven: now.Add(-time.Hour)}, plain, errs.Forbidden},
		"insecure": {hugo, sso.Provider{Name: "x", Issuer: "http://id.example.test"}, errs.Invalid},
		"domain":   {hugo, sso.Provider{Name: "x", Issuer: plain.Issuer, Domains: []string{c.acme.host}}, errs.Conflict},
		"joins":    {hugo, sso.Provider{Name: "x", Issuer: plain.Issuer, Joins: true, Location: "berlin"}, errs.Invalid},
		"no_team":  {c.acme.session("ana"), sso.Provider{Name: "x", Issuer: plain.Issuer, Groups: "g", Rules: []sso.Rule{{Group: "a", Team: "none"}}}, errs.Invalid},
		"nothing":  {c.acme.session("ana"), sso.Provider{Name: "x", Issuer: plain.Issuer, Groups: "g", Rules: []sso.Rule{{Group: "a"}}}, errs.Invalid},
		"unknown":  {hugo, sso.Provider{ID: "none", Name: "x", Issuer: plain.Issuer}, errs.NotFound},
	} {
		if _, err := c.acme.SSO.Save(ctx, x.by, x.what); !errs.Is(err, x.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.acme.SSO.Delete(ctx, hugo, c.id); !errs.Is(err, errs.Forbidden) {
		t.Errorf("delete one that is on: %v", err)
	}
	c.must(c.acme.SSO.Delete(ctx, hugo, id))
}

// TestProviderTry: a provider is tried out before it is on; nothing changes.
func TestProviderTry(t *testing.T) {
	c := newContoso(t, func(p *sso.Provider) {
		p.On, p.Groups, p.Rules = false, "groups", []sso.Rule{{Group: "hr", Role: people.Administrator}, {Group: "shop", Team: "acme-workshop"}}
	})
	c.is("carla", "hr", "shop")
	ana := c.at(c.acme, "ana")
	try := "/manage/sso/" + c.id + "/try"
	holds(t, ana.get(c.asks(ana, try)), 200, "Signing in works", "Carla Fonseca, by email address", "hr, shop", "Administrator, Workshop", "there-carla")
	if c.person("carla").Roles != 0 {
		t.Error("a role was given")
	}
	c.is("quinn")
	holds(t, ana.get(c.asks(ana, try)), 200, "you would not be let in", "Nobody here has your email address")
	back := c.asks(ana, try)
	if a := c.at(c.acme, "dirk").get(back); a.Code != http.StatusUnauthorized {
		t.Errorf("somebody else sees it: %d", a.Code)
	}
	c.there.Alter = func(_, claims map[string]any) { claims["aud"] = "another" }
	holds(t, ana.get(c.asks(ana, try)), 401, "could not accept")
}

// TestProviderPages: a provider is added and changed on its pages; its secret is shown to
// nobody.
func TestProviderPages(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "ana")
	a := b.post("/manage/sso/new", "name", "Fabrikam", "issuer", "https://id.fabrikam.test")
	path := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(path, "/manage/sso/") {
		t.Fatalf("%d %s", a.Code, bodyOf(a))
	}
	holds(t, b.get(path), 200, "http://"+w.acme.host+"/sso/"+strings.TrimPrefix(path, "/manage/sso/")+"/return", "Redirect address")
	form := []string{"name", "Fabrikam", "issuer", "https://id.fabrikam.test", "client", "c-1", "secret", "very-hidden", "domains", "fabrikam.test @Fabrikam.Example",
		"groups", "groups", "group-1", "Staff", "gives-1", "team:acme-sales", "on", "yes"}
	holds(t, b.post(path, form...), 303)
	page := b.get(path)
	holds(t, page, 200, "There is one. Leave this empty", "fabrikam.example", `value="Staff"`, `value="team:acme-sales" selected`, "Try it out")
	if strings.Contains(bodyOf(page), "very-hidden") {
		t.Error("the secret is shown")
	}
	holds(t, b.get("/manage/sso"), 200, "Fabrikam", "https://id.fabrikam.test")
	form[7] = ""
	holds(t, b.post(path, form...), 303)
	secret := func() string {
		k, err := w.acme.SSO.Provider(t.Context(), people.ID(w.acme.id("ana")), strings.TrimPrefix(path, "/manage/sso/"))
		if err != nil {
			t.Fatal(err)
		}
		return k.Secret
	}
	if secret() != "very-hidden" {
		t.Errorf("left empty: %q", secret())
	}
	form[5] = "c-2"
	holds(t, b.post(path, form...), 303)
	if secret() != "" {
		t.Error("the secret of one client goes to another")
	}
	holds(t, b.post(path, "name", "Fabrikam", "issuer", "https://id.fabrikam.test", "on", "yes", "group-0", "x"), 422, "Without the client ID", "Rule 1 needs a group", "Say which claim")
}

// providerBoxes are what a provider of the customer's own is made of.
var providerBoxes = []box{
	{name: "name", value: "Fabrikam"}, {name: "issuer", value: "https://login.example.test", kind: words}, {name: "client", value: "a-client", optional: true},
	{name: "domains", value: "fabrikam.test", optional: true}, {name: "groups", value: "groups", optional: true},
	{name: "levels", value: "high", optional: true}, {name: "scopes", value: "groups", optional: true},
	{name: "unsaid", value: "yes", kind: tick, optional: true}, {name: "both", value: "yes", kind: tick, optional: true},
	{name: "on", value: "yes", kind: tick, optional: true},
	{name: "group-0", value: "staff"}, {name: "gives-0", value: "role:administrator", kind: pick},
}
