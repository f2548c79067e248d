// SPDX-License-Identifier: Apache-2.0

package web

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity"
	"verlof/identity/openid"
	"verlof/identity/sso"
	"verlof/internal/relying/relyingtest"
	"verlof/leave"
	"verlof/people"
)

// contoso is a world in which acme's people sign in with a provider, which is told who is
// at the browser there.
type contoso struct {
	*world
	there *relyingtest.Provider
	id    string
}

// newContoso starts a provider that decides on acme's mail addresses, which change may
// change.
func newContoso(t *testing.T, change func(*sso.Provider)) *contoso {
	t.Helper()
	c := &contoso{world: newWorld(t, nil)}
	c.there = relyingtest.New(t, func() time.Time { return now }, nil)
	c.is("carla")
	c.id = c.add(change)
	return c
}

func (c *contoso) add(change func(*sso.Provider)) string {
	c.Helper()
	p := sso.Provider{Name: "Contoso", Issuer: c.there.URL, ClientID: relyingtest.ClientID, Secret: relyingtest.Secret, Domains: []string{c.acme.host}, On: true}
	if change != nil {
		change(&p)
	}
	id, err := c.acme.SSO.Save(c.Context(), c.acme.session("ana"), p)
	if err != nil {
		c.Fatal(err)
	}
	return id
}

// is says who is at the browser there, and in which groups they are.
func (c *contoso) is(who string, groups ...string) {
	if groups == nil {
		groups = []string{}
	}
	c.there.Person = map[string]any{"sub": "there-" + who, "email": who + "@" + c.acme.host, "email_verified": true, "given_name": "Quinn", "family_name": "Zand", "groups": groups}
}

// asks goes to the provider and returns the address with its answer.
func (c *contoso) asks(b *browser, path string) string {
	c.Helper()
	a := b.get(path)
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header().Get("Location"), c.there.URL+"/authorize?") {
		c.Fatalf("%s: %d to %q\n%s", path, a.Code, a.Header().Get("Location"), bodyOf(a))
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := client.Get(a.Header().Get("Location"))
	if err != nil {
		c.Fatal(err)
	}
	_ = got.Body.Close()
	u, err := url.Parse(got.Header.Get("Location"))
	if err != nil || !strings.HasSuffix(u.Path, "/return") || !strings.HasPrefix(u.Host, b.host) {
		c.Fatalf("sent back to %v, %v", u, err)
	}
	return u.RequestURI()
}

// signIn signs in with the provider, in a browser of its own.
func (c *contoso) signIn() (*browser, *httptest.ResponseRecorder) {
	c.Helper()
	b := c.at(c.acme, "")
	return b, b.get(c.asks(b, "/sso/"+c.id+"?next=%2Fbalance"))
}

// enters reports whether an answer let somebody in.
func enters(a *httptest.ResponseRecorder) bool {
	return a.Code == http.StatusSeeOther && a.Header().Get("Location") == "/balance"
}

func (c *contoso) person(who string) people.Person {
	c.Helper()
	org, err := c.acme.People.Organisation(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	return org.Person(people.ID(c.acme.id(who)))
}

func (c *contoso) inTeam(team, who string) bool {
	c.Helper()
	org, err := c.acme.People.Organisation(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	return slices.ContainsFunc(org.Teams, func(t people.Team) bool {
		return t.ID == c.acme.id(team) && slices.Contains(t.Members, people.ID(c.acme.id(who)))
	})
}

func TestProviderSignIn(t *testing.T) {
	c := newContoso(t, nil)
	b := c.at(c.acme, "")
	holds(t, b.get("/sign-in?next=%2Fbalance"), 200, "Sign in with Contoso", "/sso/"+c.id+"?next=%2Fbalance", "Or with your account here", `name="password"`)
	holds(t, b.post("/sign-in", "email", "carla@"+c.acme.host), 200, "You sign in with Contoso", "email=carla")
	holds(t, b.post("/sign-in", "email", "carla@elsewhere.test"), 401, "Type your password")
	asked, err := url.Parse(b.get("/sso/" + c.id).Header().Get("Location"))
	if q := asked.Query(); err != nil || q.Get("scope") != "openid profile email" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" {
		t.Errorf("asked with %v, %v", asked, err)
	}
	b, a := c.signIn()
	if !enters(a) {
		t.Fatalf("%d to %q\n%s", a.Code, a.Header().Get("Location"), bodyOf(a))
	}
	holds(t, b.get("/balance"), 200)
	holds(t, b.get("/account"), 200, "Carla")

	// From now on the subject counts, and no address.
	c.there.Person["email"], c.there.Person["email_verified"] = "ana@"+c.acme.host, false
	if b, a = c.signIn(); !enters(a) {
		t.Fatalf("with another address: %d", a.Code)
	}
	holds(t, b.get("/account"), 200, "Carla")
}

// TestProviderOnce: an answer is taken once, in the browser that asked, at the provider that
// was asked, by the customer whose question it was.
func TestProviderOnce(t *testing.T) {
	c := newContoso(t, nil)
	ours := func(p *sso.Provider) { p.Name, p.Domains = "Twin", nil }
	twin := c.add(ours)
	b := c.at(c.acme, "")
	back := c.asks(b, "/sso/"+c.id)
	refused := "belongs to another browser"
	holds(t, c.at(c.acme, "").get(back), 401, refused)
	holds(t, b.get(back), 401, refused) // the question is spent

	back = c.asks(b, "/sso/"+c.id)
	holds(t, b.get(strings.Replace(back, c.id, twin, 1)), 401, refused)

	back = c.asks(b, "/sso/"+c.id)
	stranger := c.at(c.globex, "")
	stranger.cookies = b.cookies
	if a := stranger.get(back); a.Code != http.StatusUnauthorized || strings.Contains(bodyOf(a), "Contoso") {
		t.Errorf("another customer: %d", a.Code)
	}

	back = c.asks(b, "/sso/"+c.id)
	kept := *b.cookies["verlof-provider"]
	if a := b.get(back); a.Code != http.StatusSeeOther {
		t.Fatalf("%d", a.Code)
	}
	b.cookies["verlof-provider"] = &kept
	holds(t, b.get(back), 401, refused)

	c.there.Fails = "access_denied"
	holds(t, b.get(c.asks(b, "/sso/"+c.id)), 401, "did not let you through", "Try again")
}

// TestProviderWho: whom a provider vouches for is nobody here, or somebody it does not
// decide on, or who may not sign in.
func TestProviderWho(t *testing.T) {
	c := newContoso(t, nil)
	c.is("carla")
	if _, a := c.signIn(); !enters(a) {
		t.Fatalf("%d", a.Code)
	}
	c.stops("dirk", false)
	c.leaves("esra", calendar.DateOf(now).AddDays(-7))
	c.must(c.acme.Identity.Block(c.Context(), people.ID(c.acme.id("gita"))))
	for _, x := range []struct {
		who, says string
		there     func(claims map[string]any)
	}{
		{"quinn", "Nobody here has your email address", nil},
		{"bram", "really yours", func(claims map[string]any) { claims["email_verified"] = false }},
		{"bram", "really yours", func(claims map[string]any) { delete(claims, "email_verified") }},
		{"bram", "did not give your email address", func(claims map[string]any) { delete(claims, "email") }},
		{"bram", "does not decide on", func(claims map[string]any) { claims["email"] = "bram@elsewhere.test" }},
		{"dirk", "cannot sign in here any more", nil},
		{"esra", "cannot sign in here any more", nil},
		{"gita", "not open", nil},
		{"carla", "already linked to another sign-in", func(claims map[string]any) { claims["sub"] = "somebody-new" }},
	} {
		c.is(x.who)
		if x.there != nil {
			x.there(c.there.Person)
		}
		c.refuses(x.says)
	}
	c.must(c.acme.SSO.Store.Update(t.Context(), func(tx sso.Tx) error { // the domain goes over to another provider
		p, err := tx.SSOProvider(c.id)
		p.Domains = nil
		return firstOf(err, tx.SaveSSOProvider(p))
	}))
	c.is("bram")
	c.refuses("does not decide on")
	c.id = c.add(func(p *sso.Provider) { p.Name = "Second" })
	c.is("carla")
	c.refuses("already linked to another sign-in")
}

// refuses signs in, and fails where somebody is let in.
func (c *contoso) refuses(says string) {
	c.Helper()
	b, a := c.signIn()
	if a.Code != http.StatusForbidden || !strings.Contains(bodyOf(a), says) {
		c.Errorf("%v: %d to %q, not %q", c.there.Person, a.Code, a.Header().Get("Location"), says)
	}
	if a := b.get("/balance"); a.Code != http.StatusSeeOther {
		c.Errorf("let in all the same: %d", a.Code)
	}
}

func firstOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *contoso) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// stops has somebody be a person who may not sign in.
func (c *contoso) stops(who string, active bool) {
	c.Helper()
	p := c.person(who)
	p.Active = active
	c.must(c.acme.People.SavePerson(c.Context(), people.ID(c.acme.id("ana")), p))
}

// leaves ends somebody's employment on a day.
func (c *contoso) leaves(who string, last calendar.Date) {
	c.Helper()
	c.must(c.acme.Leave.Store.Update(c.Context(), func(tx leave.Tx) error {
		r, err := tx.Record(people.ID(c.acme.id(who)))
		if err != nil {
			return err
		}
		e := r.Employments[len(r.Employments)-1]
		e.To = last
		return tx.SaveEmployment(e)
	}))
}

// TestProviderLastDay: somebody's last day is over when it is over where they work.
func TestProviderLastDay(t *testing.T) {
	c := newContoso(t, nil)
	c.must(c.acme.Leave.Store.Update(t.Context(), func(tx leave.Tx) error {
		p := c.person("carla")
		p.Location = "pago"
		return firstOf(tx.SaveLocation(people.Location{ID: "pago", Name: "Pago Pago", TimeZone: "Pacific/Pago_Pago"}), tx.SavePerson(p))
	}))
	yesterday := calendar.DateOf(now).AddDays(-1) // there it is still that day
	c.leaves("carla", yesterday)
	if _, a := c.signIn(); !enters(a) {
		t.Errorf("on the last day: %d %s", a.Code, bodyOf(a))
	}
	c.leaves("carla", yesterday.AddDays(-1))
	c.refuses("cannot sign in here any more")
}

// TestProviderUnsaid: where the customer says so, an address counts that nobody called
// verified, and one that was called unverified still does not.
func TestProviderUnsaid(t *testing.T) {
	c := newContoso(t, func(p *sso.Provider) { p.Unsaid = true })
	c.there.Person["email_verified"] = false
	if _, a := c.signIn(); a.Code != http.StatusForbidden {
		t.Errorf("unverified: %d", a.Code)
	}
	delete(c.there.Person, "email_verified")
	if _, a := c.signIn(); !enters(a) {
		t.Errorf("not said: %d", a.Code)
	}
}

func TestProviderJoins(t *testing.T) {
	c := newContoso(t, func(p *sso.Provider) { p.Joins, p.Location = true, "berlin" })
	c.is("quinn")
	for range 2 {
		b, a := c.signIn()
		if !enters(a) {
			t.Fatalf("%d %s", a.Code, bodyOf(a))
		}
		holds(t, b.get("/account"), 200, "Quinn Zand")
	}
	all, err := c.acme.People.People(t.Context(), people.ID(c.acme.id("ana")))
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(p people.Person) bool { return p.GivenName != "Quinn" })
	if len(all) != 1 || all[0].Location != "berlin" || all[0].Roles != 0 || all[0].Email != "quinn@"+c.acme.host {
		t.Errorf("added: %+v", all)
	}
}

// TestProviderGroups: what groups give comes and goes with them; what was given by hand
// stays, and so do an unknown list of groups and the last administrator.
func TestProviderGroups(t *testing.T) {
	c := newContoso(t, func(p *sso.Provider) {
		p.Groups = "groups"
		p.Rules = []sso.Rule{{Group: "hr", Role: people.Administrator}, {Group: "it", Role: people.SystemManager}, {Group: "shop", Team: "acme-workshop"}, {Group: "sell", Team: "acme-sales"}}
	})
	step := func(roles people.Roles, workshop, sales bool) {
		t.Helper()
		if _, a := c.signIn(); !enters(a) {
			t.Fatalf("%d %s", a.Code, bodyOf(a))
		}
		if got := c.person("carla"); got.Roles != roles || c.inTeam("workshop", "carla") != workshop || c.inTeam("sales", "carla") != sales {
			t.Errorf("%v, workshop %t, sales %t", got.Roles.Names(), c.inTeam("workshop", "carla"), c.inTeam("sales", "carla"))
		}
	}
	step(0, false, true)
	c.is("carla", "hr", "shop", "sell", "others")
	step(people.Administrator, true, true)
	c.there.Person["_claim_names"] = map[string]any{"groups": "src1"}
	c.there.Person["_claim_sources"] = map[string]any{"src1": map[string]any{"endpoint": "https://graph.example.test/groups"}}
	delete(c.there.Person, "groups")
	step(people.Administrator, true, true)

	p := c.person("carla")
	p.Roles |= people.SicknessOfficer
	c.must(c.acme.People.SavePerson(t.Context(), people.ID(c.acme.id("ana")), p))
	c.is("carla", "it")
	step(people.SystemManager|people.SicknessOfficer, false, true)
	c.is("carla")
	step(people.SicknessOfficer, false, true) // she was of sales before any group said so

	c.is("carla", "hr")
	step(people.Administrator|people.SicknessOfficer, false, true)
	ana := c.person("ana")
	ana.Roles = people.SystemManager
	c.must(c.acme.People.SavePerson(t.Context(), people.ID(c.acme.id("carla")), ana))
	c.is("carla")
	step(people.Administrator|people.SicknessOfficer, false, true) // somebody must be left
}

// TestProviderSecond: the provider's word for a second factor counts where the customer
// says so; else its own second step follows.
func TestProviderSecond(t *testing.T) {
	c := newContoso(t, func(p *sso.Provider) { p.Both, p.Levels = true, []string{"high"} })
	c.must(c.acme.Identity.Store.Update(t.Context(), func(tx identity.Tx) error {
		return tx.SaveSignInPolicy(identity.DefaultPolicy().Demand("everybody"))
	}))
	asked := func() bool {
		t.Helper()
		_, a := c.signIn()
		if !enters(a) && !strings.HasPrefix(a.Header().Get("Location"), "/account/enrol") {
			t.Fatalf("%d to %q", a.Code, a.Header().Get("Location"))
		}
		return !enters(a)
	}
	if !asked() {
		t.Error("nothing was said of a second factor, and none was asked for")
	}
	for claim, value := range map[string]any{"amr": []string{"pwd", "mfa"}, "acr": "high"} {
		c.is("carla")
		c.there.Person[claim] = value
		if asked() {
			t.Errorf("%s: a second factor was asked for", claim)
		}
	}
	c.is("carla")
	c.there.Person["amr"], c.there.Person["acr"] = []string{"pwd"}, "low"
	if !asked() {
		t.Error("of one factor")
	}
}

// TestProviderOnly: where the provider is the only way in, passwords and sessions of
// passwords are worth nothing, but for people who manage sign-in and have a second factor.
func TestProviderOnly(t *testing.T) {
	c := newContoso(t, nil)
	policy := func(change func(*identity.Policy)) {
		t.Helper()
		c.must(c.acme.Identity.Store.Update(t.Context(), func(tx identity.Tx) error {
			p := identity.DefaultPolicy()
			change(&p)
			return tx.SaveSignInPolicy(p)
		}))
	}
	dirk, ana := c.at(c.acme, "dirk"), c.at(c.acme, "ana")
	holds(t, ana.get("/manage/sign-in"), 200, "Only with a provider of your own")
	holds(t, ana.post("/manage/sign-in", "remember", "30", "only", "yes"), 422, "First set up a second factor yourself")
	policy(func(p *identity.Policy) { p.Only = true })
	if a := dirk.get("/balance"); a.Code != http.StatusSeeOther {
		t.Errorf("a session of a password goes on: %d", a.Code)
	}
	b := c.at(c.acme, "")
	a := b.get("/sign-in")
	holds(t, a, 200, "Sign in with Contoso", "for people who manage sign-in")
	if strings.Contains(bodyOf(a), `name="password"`) {
		t.Error("fields for a password are shown")
	}
	for _, who := range []string{"dirk", "ana"} {
		holds(t, b.post("/sign-in", "email", who+"@"+c.acme.host, "password", password), 401, "This email address and password do not belong to an open account")
	}
	b, a = c.signIn()
	if !enters(a) {
		t.Fatalf("with the provider: %d", a.Code)
	}
	holds(t, b.get("/balance"), 200)
	err := c.acme.SSO.Delete(t.Context(), c.acme.session("ana"), c.id)
	if !errs.Is(err, errs.Conflict) {
		t.Errorf("the only way in is removed: %v", err)
	}

	c.must(c.acme.Identity.Store.Update(t.Context(), func(tx identity.Tx) error {
		return tx.SaveFactor(identity.Factor{ID: "f", Person: people.ID(c.acme.id("ana")), Kind: identity.App, Secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", Confirmed: true, Added: now})
	}))
	keeper := c.at(c.acme, "")
	if a := keeper.post("/sign-in", "email", "ana@"+c.acme.host, "password", password); !strings.HasPrefix(a.Header().Get("Location"), "/sign-in/second") {
		t.Errorf("who keeps sign-in: %d to %q", a.Code, a.Header().Get("Location"))
	}
}

// TestProviderGone: a provider that is switched off or removed vouches for nobody.
func TestProviderGone(t *testing.T) {
	for name, end := range map[string]func(c *contoso) error{
		"off": func(c *contoso) error {
			_, err := c.acme.SSO.Save(c.Context(), c.acme.session("ana"), sso.Provider{ID: c.id, Name: "Contoso", Issuer: c.there.URL, ClientID: relyingtest.ClientID})
			return err
		},
		"removed": func(c *contoso) error { return c.acme.SSO.Delete(c.Context(), c.acme.session("ana"), c.id) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newContoso(t, func(p *sso.Provider) {
				p.Groups, p.Rules = "groups", []sso.Rule{{Group: "hr", Role: people.Administrator}}
			})
			c.is("carla", "hr")
			b, a := c.signIn()
			if !enters(a) || !c.person("carla").Roles.Has(people.Administrator) {
				t.Fatalf("%d", a.Code)
			}
			waits := c.at(c.acme, "")
			back := c.asks(waits, "/sso/"+c.id)
			c.must(end(c))
			if a := b.get("/balance"); a.Code != http.StatusSeeOther {
				t.Errorf("the session goes on: %d", a.Code)
			}
			if a := waits.get(back); a.Code == http.StatusSeeOther {
				t.Error("an answer is still taken")
			}
			if a := b.get("/sso/" + c.id); a.Code != http.StatusNotFound {
				t.Errorf("still asked: %d", a.Code)
			}
			if name == "removed" && c.person("carla").Roles != 0 {
				t.Error("what its groups gave stays")
			}
		})
	}
}

// TestProviderAgain: who signed in with a provider proves there once more who they are,
// just now and as the same person.
func TestProviderAgain(t *testing.T) {
	c := newContoso(t, nil)
	c.is("ana")
	b, a := c.signIn()
	if !enters(a) {
		t.Fatalf("%d", a.Code)
	}
	again := "/sso/" + c.id + "?again=yes&next=%2Fmanage%2Fsign-in"
	holds(t, b.post("/manage/sign-in", "remember", "20"), 403, "Is it still you?", "Confirm with Contoso", "/sso/"+c.id+"?again=yes")
	c.there.Quiet = true
	holds(t, b.get(c.asks(b, again)), 401, "could not accept")
	c.there.Quiet = false
	c.is("carla")
	if a := b.get(c.asks(b, again)); a.Code == http.StatusSeeOther {
		t.Error("somebody else proved it")
	}
	c.is("ana")
	if a := b.get(c.asks(b, again)); a.Header().Get("Location") != "/manage/sign-in" {
		t.Fatalf("%d to %q", a.Code, a.Header().Get("Location"))
	}
	if a := b.post("/manage/sign-in", "remember", "20"); a.Code != http.StatusSeeOther {
		t.Errorf("after the proof: %d", a.Code)
	}
}

// TestProviderAnew: an application that wants to know lately who somebody is gets no answer for having
// been signed in at a provider for an hour; the page that signs in has them prove it there.
func TestProviderAnew(t *testing.T) {
	c := newContoso(t, nil)
	app, _, err := c.acme.OpenID.Register(c.Context(), people.ID(c.acme.id("ana")), openid.Client{Name: "App", Kind: openid.Public,
		Redirects: []string{"https://app.example/back"}, Scope: "openid", Subjects: openid.SubjectPublic})
	if err != nil {
		t.Fatal(err)
	}
	b, a := c.signIn()
	if !enters(a) {
		t.Fatalf("%d", a.Code)
	}
	ask := openid.AuthorizePath + "?" + url.Values{"client_id": {app.ID}, "redirect_uri": {"https://app.example/back"}, "response_type": {"code"}, "scope": {"openid"},
		"max_age": {"600"}, "code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"}}.Encode()
	a = b.get(ask)
	if to := a.Header().Get("Location"); a.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in?") {
		t.Fatalf("answered %d to %q", a.Code, to)
	}
	page := b.get(a.Header().Get("Location"))
	_, door, found := strings.Cut(bodyOf(page), `href="/sso/`)
	door, _, _ = strings.Cut(door, `"`)
	if door = html.UnescapeString("/sso/" + door); !found || !strings.Contains(door, "anew=yes") {
		t.Fatalf("the door is %q", door)
	}
	a = b.get(c.asks(b, door))
	if to := a.Header().Get("Location"); a.Code != http.StatusSeeOther || !strings.HasPrefix(to, openid.AuthorizePath) {
		t.Fatalf("after the proof: %d to %q", a.Code, to)
	}
	holds(t, b.get(a.Header().Get("Location")), 200, "App") // which is asked for consent
}
