// SPDX-License-Identifier: Apache-2.0

package web

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/sso"
	"verlof/internal/saml"
	"verlof/internal/saml/samltest"
	"verlof/people"
)

// fabrikam is a world in which acme's people sign in with a provider that speaks SAML.
type fabrikam struct {
	*contoso
	there *samltest.Provider
}

// newFabrikam starts a provider that decides on acme's mail addresses, which change may
// change.
func newFabrikam(t *testing.T, change func(*sso.Provider)) *fabrikam {
	t.Helper()
	f := &fabrikam{contoso: &contoso{world: newWorld(t, nil)}, there: samltest.New(func() time.Time { return now })}
	f.is("carla")
	f.id = f.acme.addSAML(f.world, f.there, change)
	return f
}

// addSAML adds a provider that speaks SAML and is on.
func (c *customer) addSAML(w *world, there *samltest.Provider, change func(*sso.Provider)) string {
	w.Helper()
	c.ownKeys(w)
	ctx, ana := w.Context(), c.session("ana")
	p := sso.Provider{Kind: sso.SAML, Name: "Fabrikam"}
	var err error
	if p.ID, err = c.SSO.Save(ctx, ana, p); err != nil {
		w.Fatal(err)
	}
	if err := c.SSO.SetMetadata(ctx, ana, p.ID, "", []byte(there.Metadata())); err != nil {
		w.Fatal(err)
	}
	k, err := c.SSO.Provider(ctx, ana.Person, p.ID)
	if err != nil {
		w.Fatal(err)
	}
	k.Domains, k.Unsaid, k.On = []string{c.host}, true, true
	if change != nil {
		change(&k.Provider)
	}
	if _, err := c.SSO.Save(ctx, ana, k.Provider); err != nil {
		w.Fatal(err)
	}
	return p.ID
}

// ownKeys gives a customer keys that were made before: it takes a while.
func (c *customer) ownKeys(w *world) {
	w.Helper()
	for i, k := range samltest.OwnKeys(w) {
		private, err := k.Private()
		if err != nil {
			w.Fatal(err)
		}
		if err := c.SSO.Store.Update(w.Context(), func(tx sso.Tx) error {
			return tx.SaveSSOKey(sso.Key{ID: []string{"own", "next"}[i], Private: base64.StdEncoding.EncodeToString(private),
				Certificate: base64.StdEncoding.EncodeToString(k.Certificate.Raw), State: []sso.KeyState{sso.KeyUsed, sso.KeyNext}[i], Made: now})
		}); err != nil {
			w.Fatal(err)
		}
	}
}

// is says who is at the browser there, and in which groups they are.
func (f *fabrikam) is(who string, groups ...string) {
	f.there.NameID = "there-" + who
	f.there.Attributes = map[string][]string{"email": {who + "@" + f.acme.host}, "givenname": {"Quinn"}, "surname": {"Zand"}, "groups": groups}
}

// asks goes to the provider with a browser.
func (f *fabrikam) asks(b *browser, path string) samltest.Question {
	f.Helper()
	a := b.get(path)
	if a.Code != http.StatusSeeOther {
		f.Fatalf("%s: %d\n%s", path, a.Code, bodyOf(a))
	}
	return f.there.Read(f, a.Header().Get("Location"))
}

// brings sends an answer as a form of another site does: without cookies. It returns where
// the browser is sent.
func (f *fabrikam) brings(host, id, state, form string) *httptest.ResponseRecorder {
	f.Helper()
	b := &browser{w: f.world, host: host, cookies: map[string]*http.Cookie{}, headers: map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://idp.example.test"}}
	return b.post("/sso/"+id+"/return", "SAMLResponse", form, "RelayState", state)
}

// answers sends the answer to a question, and the browser to where that leads.
func (f *fabrikam) answers(b *browser, q samltest.Question, spoil func(*samltest.Shape)) *httptest.ResponseRecorder {
	f.Helper()
	a := f.brings(b.host, f.id, q.State, f.there.Answer(f, q, spoil))
	if a.Code != http.StatusSeeOther || len(a.Result().Cookies()) > 0 {
		f.Fatalf("%d, %v\n%s", a.Code, a.Result().Cookies(), bodyOf(a))
	}
	return b.get(a.Header().Get("Location"))
}

// signIn signs in with the provider, in a browser of its own.
func (f *fabrikam) signIn(spoil func(*samltest.Shape)) (*browser, *httptest.ResponseRecorder) {
	f.Helper()
	b := f.at(f.acme, "")
	return b, f.answers(b, f.asks(b, "/sso/"+f.id+"?next=%2Fbalance"), spoil)
}

// TestSAMLSignIn: who a provider of SAML vouches for is signed in, and known by its name for
// them from then on; what groups give comes and goes.
func TestSAMLSignIn(t *testing.T) {
	f := newFabrikam(t, func(p *sso.Provider) {
		p.Groups, p.Rules = "groups", []sso.Rule{{Group: "hr", Role: people.Administrator}, {Group: "shop", Team: "acme-workshop"}}
	})
	f.is("carla", "hr", "shop")
	b, a := f.signIn(nil)
	if !enters(a) {
		t.Fatalf("%d to %q\n%s", a.Code, a.Header().Get("Location"), bodyOf(a))
	}
	holds(t, b.get("/account"), 200, "Carla")
	if !f.person("carla").Roles.Has(people.Administrator) || !f.inTeam("workshop", "carla") {
		t.Error("groups gave nothing")
	}
	f.is("carla")
	f.there.Attributes["email"] = []string{"ana@" + f.acme.host} // the name counts, and no address
	if b, a = f.signIn(nil); !enters(a) {
		t.Fatalf("%d", a.Code)
	}
	holds(t, b.get("/account"), 200, "Carla")
	if f.person("carla").Roles != 0 || f.inTeam("workshop", "carla") {
		t.Error("what groups gave stays")
	}
	f.is("quinn")
	if _, a = f.signIn(nil); a.Code != http.StatusForbidden {
		t.Errorf("somebody who is nobody here: %d", a.Code)
	}
	k := samltest.OwnKeys(t)[0]
	f.is("carla")
	if _, a = f.signIn(func(s *samltest.Shape) { s.Seal = samltest.Seal(k.Certificate, false) }); !enters(a) {
		t.Errorf("sealed: %d", a.Code)
	}
}

// TestSAMLOnce: an answer is taken once, in the browser that asked, at the provider that was
// asked, by the customer whose question it was.
func TestSAMLOnce(t *testing.T) {
	f := newFabrikam(t, nil)
	refused := "belongs to another browser"
	b, path := f.at(f.acme, ""), "/sso/"+f.id+"?next=%2Fbalance"
	holds(t, f.answers(f.at(f.acme, ""), f.asks(b, path), nil), 401, refused) // no browser can be signed in as somebody else

	q := f.asks(b, path)
	kept, form := *b.cookies["verlof-provider"], f.there.Answer(t, q, nil)
	for range 2 { // the first counts; what comes later changes nothing
		f.brings(b.host, f.id, q.State, form)
		f.brings(b.host, f.id, q.State, "spoilt")
	}
	back := "/sso/" + f.id + "/return?state=" + q.State
	if a := b.get(back); !enters(a) {
		t.Fatalf("%d", a.Code)
	}
	b.cookies["verlof-provider"] = &kept
	holds(t, b.get(back), 401, refused)
	f.brings(b.host, f.id, q.State, form)
	holds(t, b.get(back), 401, refused)

	q = f.asks(b, path)
	f.brings(b.host, f.id, q.State, "spoilt")
	f.brings(b.host, f.id, q.State, f.there.Answer(t, q, nil))
	holds(t, b.get("/sso/"+f.id+"/return?state="+q.State), 401, "could not accept")

	q = f.asks(b, path)
	holds(t, b.get("/sso/"+f.id+"/return?state="+q.State), 401, "could not accept") // nothing came yet

	q = f.asks(b, path)
	stranger := f.at(f.globex, "")
	stranger.cookies = b.cookies
	a := f.brings(f.globex.host, f.id, q.State, f.there.Answer(t, q, nil))
	holds(t, stranger.get(a.Header().Get("Location")), 401, refused)

	twin := f.acme.addSAML(f.world, f.there, func(p *sso.Provider) { p.Name, p.Domains = "Twin", nil })
	q = f.asks(b, path)
	f.brings(b.host, twin, q.State, f.there.Answer(t, q, nil))
	holds(t, b.get("/sso/"+f.id+"/return?state="+q.State), 401, "could not accept")
}

// TestSAMLTaken: an assertion that was taken for one question is taken for no other, even
// where a provider would answer with it again.
func TestSAMLTaken(t *testing.T) {
	f := newFabrikam(t, nil)
	same := func(s *samltest.Shape) {
		s.ID = "_same"
	}
	if _, a := f.signIn(same); !enters(a) {
		t.Fatalf("%d", a.Code)
	}
	_, a := f.signIn(same)
	holds(t, a, 401, "could not accept")
}

// TestSAMLSpoilt: what is wrong is told to who tried the provider out, and to nobody else.
func TestSAMLSpoilt(t *testing.T) {
	f := newFabrikam(t, nil)
	ana := f.at(f.acme, "ana")
	for name, x := range map[string]struct {
		spoil func(*samltest.Shape)
		says  string
	}{
		"audience":   {func(s *samltest.Shape) { s.Audience = "https://other.example.test" }, "meant for another service"},
		"unsigned":   {func(s *samltest.Shape) { s.Sign = false }, "assertion is not signed"},
		"recipient":  {func(s *samltest.Shape) { s.Recipient = "https://other.example.test" }, "may not be brought here"},
		"other_time": {func(s *samltest.Shape) { s.ConfirmedUntil = now.Add(-time.Hour) }, "had expired when it came"},
		"huge": {func(s *samltest.Shape) {
			s.Text = func(x string) string { return x + strings.Repeat(" ", saml.MaxAnswer) }
		}, "not a plain SAML response"},
	} {
		t.Run(name, func(t *testing.T) {
			holds(t, f.answers(ana, f.asks(ana, "/manage/sso/"+f.id+"/try"), x.spoil), 401, "could not accept", x.says, "Back to the settings")
			_, a := f.signIn(x.spoil)
			holds(t, a, 401, "could not accept", "Try again")
			if strings.Contains(bodyOf(a), x.says) {
				t.Error("told to who wants to sign in")
			}
		})
	}
	flood := f.brings(f.acme.host, f.id, "x", strings.Repeat("A", 4*saml.MaxAnswer))
	if flood.Code != http.StatusSeeOther {
		t.Errorf("a flood: %d", flood.Code)
	}
	holds(t, f.answers(ana, f.asks(ana, "/manage/sso/"+f.id+"/try"), nil), 200, "Signing in works", "Carla Fonseca, by email address", "there-carla", "AuthnContextClassRef")
}

// TestSAMLUnasked: a sign-in that the provider began is a wish at most, and never goes round
// in circles.
func TestSAMLUnasked(t *testing.T) {
	unasked := func(f *fabrikam, state string) *httptest.ResponseRecorder {
		q := samltest.Question{Entity: f.acme.SSO.Entity(f.id), Return: f.acme.SSO.Return(f.id)}
		return f.brings(f.acme.host, f.id, state, f.there.Answer(f, q, nil))
	}
	f := newFabrikam(t, nil)
	holds(t, f.at(f.acme, "").get(unasked(f, "").Header().Get("Location")), 401, "Start again")

	f = newFabrikam(t, func(p *sso.Provider) { p.Unasked = true })
	b := f.at(f.acme, "")
	to := unasked(f, "/balance").Header().Get("Location")
	if to != "/sso/"+f.id+"?from=provider&next=%2Fbalance" {
		t.Fatalf("sent to %s", to)
	}
	f.asks(b, to)
	holds(t, b.get(to), 401, "could not accept") // asked twice: it does not hear
	b.cookies = map[string]*http.Cookie{}
	q := f.asks(b, to)
	if a := f.answers(b, q, nil); !enters(a) {
		t.Errorf("%d to %q", a.Code, a.Header().Get("Location"))
	}
	if to := unasked(f, "https://evil.example.test").Header().Get("Location"); strings.Contains(to, "evil") {
		t.Errorf("sent to %s", to)
	}
}

// TestSAMLSecond: the provider's word for a second factor counts where the customer says so.
func TestSAMLSecond(t *testing.T) {
	f := newFabrikam(t, func(p *sso.Provider) { p.Both, p.Levels = true, []string{"urn:example:high"} })
	f.must(f.acme.Identity.Store.Update(t.Context(), func(tx identity.Tx) error {
		return tx.SaveSignInPolicy(identity.DefaultPolicy().Demand("everybody"))
	}))
	for level, want := range map[string]bool{"urn:oasis:names:tc:SAML:2.0:ac:classes:Password": false, "urn:example:high": true, "https://refeds.org/profile/mfa": true} {
		f.there.Level = level
		if _, a := f.signIn(nil); enters(a) != want {
			t.Errorf("%s: %d to %q", level, a.Code, a.Header().Get("Location"))
		}
	}
}

// TestSAMLAgain: who signed in with a provider proves there once more who they are, just now
// and as the same person.
func TestSAMLAgain(t *testing.T) {
	f := newFabrikam(t, nil)
	f.is("ana")
	b, a := f.signIn(nil)
	if !enters(a) {
		t.Fatalf("%d", a.Code)
	}
	again := "/sso/" + f.id + "?again=yes&next=%2Fmanage%2Fsign-in"
	holds(t, b.post("/manage/sign-in", "remember", "20"), 403, "Confirm with Fabrikam")
	f.there.Quiet = true
	holds(t, f.answers(b, f.asks(b, again), nil), 401, "could not accept")
	f.there.Quiet = false
	f.is("carla")
	if a := f.answers(b, f.asks(b, again), nil); a.Code == http.StatusSeeOther {
		t.Error("somebody else proved it")
	}
	f.is("ana")
	if a := f.answers(b, f.asks(b, again), nil); a.Header().Get("Location") != "/manage/sign-in" {
		t.Fatalf("%d to %q", a.Code, a.Header().Get("Location"))
	}
	if a := b.post("/manage/sign-in", "remember", "20"); a.Code != http.StatusSeeOther {
		t.Errorf("after the proof: %d", a.Code)
	}
}

// TestSAMLPages: a provider is added, told of and changed on its pages.
func TestSAMLPages(t *testing.T) {
	w := newWorld(t, nil)
	w.acme.ownKeys(w)
	there := samltest.New(func() time.Time { return now })
	b := w.at(w.acme, "ana")
	holds(t, b.get("/manage/sso/new?kind=saml"), 200, "upload what it publishes")
	a := b.post("/manage/sso/new", "name", "Fabrikam", "kind", "saml")
	path := a.Header().Get("Location")
	id := strings.TrimPrefix(path, "/manage/sso/")
	if a.Code != http.StatusSeeOther || id == path {
		t.Fatalf("%d %s", a.Code, bodyOf(a))
	}
	holds(t, b.get(path), 200, "http://"+w.acme.host+"/sso/"+id+"/return", "http://"+w.acme.host+"/sso/"+id+"/metadata", "metadata is not here yet")
	holds(t, b.post(path, "name", "Fabrikam", "on", "yes"), 422, "Without the provider")
	holds(t, b.get(path+"/metadata"), 200, "Address of the metadata")
	sent := func(source, file string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, path+"/metadata", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"source\"\r\n\r\n"+source+
			"\r\n--x\r\nContent-Disposition: form-data; name=\"metadata\"; filename=\"m.xml\"\r\n\r\n"+file+"\r\n--x--\r\n"))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		return b.do(r)
	}
	holds(t, sent("", ""), 422, "Give the address of the metadata")
	holds(t, sent("", "<a/>"), 422, "cannot be used")
	holds(t, sent("http://127.0.0.1:1/metadata", ""), 422, "Nothing could be fetched", `value="http://127.0.0.1:1/metadata"`)
	if a := sent("", there.Metadata()); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, bodyOf(a))
	}
	holds(t, b.get(path), 200, there.Issuer, "https://idp.example.test/sso?app=7", "CN=there", "Try it out")
	form := []string{"name", "Fabrikam", "domains", "fabrikam.test", "subject", "uid", "unasked", "yes", "on", "yes"}
	holds(t, b.post(path, form...), 303)
	holds(t, b.get("/manage/sso"), 200, "SAML 2.0", there.Issuer, "Our SAML certificates")
	k, err := w.acme.SSO.Provider(t.Context(), people.ID(w.acme.id("ana")), id)
	if err != nil || !k.On || k.Subject != "uid" || !k.Unasked || len(k.Certificates) != 1 || k.Issuer != there.Issuer || k.Kind != sso.SAML {
		t.Errorf("%+v, %v", k, err)
	}
	public := w.at(w.acme, "").get("/sso/" + id + "/metadata")
	holds(t, public, 200, `entityID="http://`+w.acme.host+"/sso/"+id+`/metadata"`)
	if kind := public.Header().Get("Content-Type"); !strings.HasPrefix(kind, "application/samlmetadata+xml") {
		t.Errorf("metadata is %s", kind)
	}
	holds(t, w.at(w.acme, "").get("/sso/"+w.acme.sso+"/metadata"), 404)
}

// TestSAMLKeys: a new certificate is published before it signs, and the one before still
// opens what is sealed for it.
func TestSAMLKeys(t *testing.T) {
	f := newFabrikam(t, nil)
	ana, two := f.at(f.acme, "ana"), samltest.OwnKeys(t)
	holds(t, ana.get("/manage/sso/keys"), 200, "In use", "Next", "BEGIN CERTIFICATE")
	holds(t, ana.post("/manage/sso/keys"), 303) // one waits already
	holds(t, ana.get("/sso/"+f.id+"/metadata"), 200, base64.StdEncoding.EncodeToString(two[0].Certificate.Raw), base64.StdEncoding.EncodeToString(two[1].Certificate.Raw))
	holds(t, ana.post("/manage/sso/keys/own/delete"), 404)
	holds(t, ana.post("/manage/sso/keys/use"), 303)
	holds(t, ana.post("/manage/sso/keys/use"), 404)
	for i := range two {
		if _, a := f.signIn(func(s *samltest.Shape) { s.Seal = samltest.Seal(two[i].Certificate, true) }); !enters(a) {
			t.Errorf("sealed for key %d: %d", i, a.Code)
		}
	}
	holds(t, ana.post("/manage/sso/keys/own/delete"), 303)
	if _, a := f.signIn(func(s *samltest.Shape) { s.Seal = samltest.Seal(two[0].Certificate, true) }); enters(a) {
		t.Error("a key that is removed opens")
	}
	hugo := f.person("hugo")
	hugo.Roles = people.SystemManager
	f.must(f.acme.People.SavePerson(t.Context(), people.ID(f.acme.id("ana")), hugo))
	if err := f.acme.SSO.PrepareKey(t.Context(), f.acme.session("hugo")); !errs.Is(err, errs.Forbidden) {
		t.Errorf("who keeps sign-in only makes a key: %v", err)
	}
}

// TestSAMLBound: what people are known by does not change under them.
func TestSAMLBound(t *testing.T) {
	f := newFabrikam(t, nil)
	if _, a := f.signIn(nil); !enters(a) {
		t.Fatalf("%d", a.Code)
	}
	ctx, ana := t.Context(), f.acme.session("ana")
	k, err := f.acme.SSO.Provider(ctx, ana.Person, f.id)
	f.must(err)
	k.Subject = "uid"
	if _, err := f.acme.SSO.Save(ctx, ana, k.Provider); !errs.Is(err, errs.Conflict) {
		t.Errorf("another attribute: %v", err)
	}
	f.there.Issuer = "https://idp.example.test/other"
	if err := f.acme.SSO.SetMetadata(ctx, ana, f.id, "", []byte(f.there.Metadata())); !errs.Is(err, errs.Conflict) {
		t.Errorf("another issuer: %v", err)
	}
	hugo := f.person("hugo")
	hugo.Roles = people.SystemManager
	f.must(f.acme.People.SavePerson(ctx, ana.Person, hugo))
	if err := f.acme.SSO.SetMetadata(ctx, f.acme.session("hugo"), f.id, "https://idp.example.test", nil); !errs.Is(err, errs.Forbidden) {
		t.Errorf("who keeps sign-in only gives a provider that is on another certificate: %v", err)
	}
	q, err := url.Parse("/sso/" + f.id)
	f.must(err)
	if a := f.at(f.acme, "").get(q.Path + "/return?state=" + strings.Repeat("x", 5000)); a.Code != http.StatusUnauthorized {
		t.Errorf("a long state: %d", a.Code)
	}
}
