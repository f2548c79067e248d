// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"verlof/identity"
	"verlof/internal/totp"
	"verlof/internal/webauthn/webauthntest"
	"verlof/people"
)

// proof is what somebody in a test proves who they are with.
type proof string

// The proofs. Mila is the one who has a second factor.
const (
	byKey   proof = "key"     // nobody is signed in; mila has a passkey
	half    proof = "half"    // mila has given her password
	whole   proof = "whole"   // mila is signed in, in a browser that is trusted
	started proof = "started" // the person is setting up an app
	newKey  proof = "new key" // the person is making a passkey
	others  proof = "others"  // somebody else has a second factor
)

// guard is mila's second factors.
type guard struct {
	app   totp.Secret
	key   *webauthntest.Key
	codes []string
	entry identity.Entry
}

// next returns the code that her app shows half a minute from now: that of now was taken.
func (g *guard) next() string { return g.app.Code(totp.StepAt(now) + 1) }

// guard gives mila an app and a passkey.
func (c *customer) guard(w *world) *guard {
	w.Helper()
	ctx := w.Context()
	must := func(err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	v := identity.Visitor{Agent: "Firefox", Host: c.host}
	e, err := c.Identity.SignIn(ctx, identity.Attempt{Email: "mila@" + c.host, Password: password, Visitor: v})
	must(err)
	v.Session, v.Device = e.Token, e.Device
	begun, err := c.Identity.StartApp(ctx, e.Session)
	must(err)
	g := &guard{key: webauthntest.New(w.origin(c), c.host, webauthntest.ES256)}
	g.app, err = totp.ParseSecret(begun.Secret())
	must(err)
	done, err := c.Identity.ConfirmApp(ctx, e.Session, g.app.Code(totp.StepAt(now)), v)
	must(err)
	g.codes, v.Session = done.Codes, done.Token
	q, err := c.Identity.AskToRegister(ctx, done.Session, v)
	must(err)
	v.Question = q.Token
	done, err = c.Identity.Register(ctx, done.Session, "Phone", g.key.Create(q.Options), v)
	must(err)
	g.entry = done.Entry
	return g
}

// origin is that of the pages of a customer.
func (w *world) origin(c *customer) string {
	if c.Identity.Plain {
		return "http://" + c.host
	}
	return "https://" + c.host
}

// signIn gives mila's password, and no more.
func (g *guard) signIn(b *browser) *httptest.ResponseRecorder {
	return b.post("/sign-in", "email", "mila@"+b.host, "password", password, "next", "/balance")
}

// prepare brings a form's person to where the form can be sent, and fills in what only then
// can be known.
func (a *attempt) prepare(t *testing.T) {
	t.Helper()
	g := a.acme.guard(a.world)
	switch a.proof {
	case half:
		g.signIn(a.browser)
	case whole:
		g.signIn(a.browser)
		if got := a.browser.post("/sign-in/second", "code", g.codes[0], "remember", "on"); got.Code != http.StatusSeeOther {
			t.Fatalf("second step: %d", got.Code)
		}
	case started:
		a.browser.post("/account/app/start")
		text := regexp.MustCompile(`class="secret"[^>]*>([A-Z2-7 ]+)<`).FindStringSubmatch(a.browser.get("/account/app").Body.String())
		if text == nil {
			t.Fatal("no secret is shown")
		}
		var err error
		if g.app, err = totp.ParseSecret(strings.ReplaceAll(text[1], " ", "")); err != nil {
			t.Fatal(err)
		}
	case newKey:
		g.key = webauthntest.New(a.origin(a.acme), a.acme.host, webauthntest.ES256)
	}
	for i := range a.boxes {
		switch b := &a.boxes[i]; {
		case b.value == "code":
			b.value = g.next()
		case b.name == "answer" && a.proof == newKey:
			b.value = string(g.key.Create(a.browser.post(b.value).Body.Bytes()))
		case b.name == "answer":
			b.value = string(g.key.Get(a.browser.post(b.value).Body.Bytes()))
		}
	}
	sec, err := a.acme.Identity.Security(t.Context(), people.ID(a.acme.id("mila")))
	if err != nil {
		t.Fatal(err)
	}
	device := ""
	if len(sec.Trusted) > 0 {
		device = string(sec.Trusted[0].Digest)
	}
	a.path = strings.NewReplacer("{factor}", sec.App.ID, "{device}", device, "{mila}", a.acme.id("mila")).Replace(a.path)
}

// TestSecondStep: after the password, every page leads to the second step, and after that to
// where the person wanted to go.
func TestSecondStep(t *testing.T) {
	w := newWorld(t, nil)
	g := w.acme.guard(w)
	b := w.at(w.acme, "")
	if a := g.signIn(b); a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/sign-in/second?next=%2Fbalance" {
		t.Fatalf("%d to %q", a.Code, a.Header().Get("Location"))
	}
	for _, path := range []string{"/", "/account", "/account/security", "/account/enrol", "/account/app", "/manage"} {
		if a := b.get(path); a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header().Get("Location"), "/sign-in/second") {
			t.Errorf("%s: %d to %q", path, a.Code, a.Header().Get("Location"))
		}
	}
	if a := b.post("/account/app/start"); a.Code != http.StatusUnauthorized {
		t.Errorf("set up from there: %d", a.Code)
	}
	holds(t, b.get("/sign-in/second?next=%2Fbalance"), 200, "Mila", `name="code"`, `value="/balance"`, `data-passkey="/sign-in/second/ask"`)
	holds(t, b.get("/sign-in/second?with=recovery"), 200, "Recovery code")
	holds(t, b.post("/sign-in/second", "code", "000000", "next", "/balance"), 422, "This code is not right", `value="/balance"`)
	if a := b.post("/sign-in/second", "code", g.next(), "next", "//evil.example"); a.Header().Get("Location") != "/" {
		t.Errorf("sent to %q", a.Header().Get("Location"))
	}
	holds(t, b.get("/account/security"), 200, "Authenticator app", "Phone", "10 codes are left.")
}

// TestEnrolFirst: of whom a second factor is demanded who has none, sets one up before
// anything else.
func TestEnrolFirst(t *testing.T) {
	w := newWorld(t, nil)
	err := w.acme.Identity.Store.Update(t.Context(), func(tx identity.Tx) error {
		return tx.SaveSignInPolicy(identity.DefaultPolicy().Demand("everybody"))
	})
	if err != nil {
		t.Fatal(err)
	}
	b := w.at(w.acme, "carla")
	for _, path := range []string{"/", "/balance", "/account", "/account/security", "/step-up"} {
		if a := b.get(path); a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header().Get("Location"), "/account/enrol") {
			t.Errorf("%s: %d to %q", path, a.Code, a.Header().Get("Location"))
		}
	}
	holds(t, b.get("/account/enrol?next=%2Fbalance"), 200, "Your organisation asks for more than a password", "/account/app/start", "/account/passkeys/new?next=%2Fbalance", `name="next" value="/balance"`)
	s := sheets["/account/app"]
	a := &attempt{world: w, sheet: s, browser: b}
	a.boxes = []box{{name: "code", value: "code"}}
	a.prepare(t)
	holds(t, b.post("/account/app", "code", a.boxes[0].value, "next", "/balance"), 200, "Your recovery codes", "I have kept them", `href="/balance"`)
	holds(t, b.get("/balance"), 200)
}

// TestPasskeyFirst: of whom a passkey is demanded, shows the app that they have and makes a
// passkey; pages offer nothing that would not let them in.
func TestPasskeyFirst(t *testing.T) {
	w := newWorld(t, nil)
	g := w.acme.guard(w)
	err := w.acme.Identity.Store.Update(t.Context(), func(tx identity.Tx) error {
		return tx.SaveSignInPolicy(identity.DefaultPolicy().DemandPasskey("everybody"))
	})
	if err != nil {
		t.Fatal(err)
	}
	b := w.at(w.acme, "carla")
	a := b.get("/account/enrol")
	holds(t, a, 200, "Your organisation requires a passkey", "/account/passkeys/new")
	lacks(t, a, "/account/app/start")
	holds(t, b.post("/account/app/start"), 409, "an app would not let you in")
	holds(t, b.get("/account/passkeys/new"), 200, "Switch it on for this site")

	m := w.at(w.acme, "")
	g.signIn(m)
	a = m.get("/sign-in/second?next=%2Fbalance")
	holds(t, a, 200, `data-passkey="/sign-in/second/ask"`, "Recovery code")
	lacks(t, a, "as your authenticator app shows them now", `name="remember"`)
	holds(t, m.post("/sign-in/second", "code", g.next(), "next", "/balance"), 422, "This code is not right")
	if a := m.post("/sign-in/second", "code", g.codes[0], "next", "/balance"); a.Code != http.StatusSeeOther {
		t.Errorf("by recovery code: %d", a.Code)
	}
	if a := m.get("/balance"); !strings.HasPrefix(a.Header().Get("Location"), "/account/enrol") {
		t.Errorf("after the recovery code: %d to %q", a.Code, a.Header().Get("Location"))
	}
}

// TestProofKeepsForm: a form that needs a fresh proof waits for it and is sent then, as it
// was filled in; secrets are typed again.
func TestProofKeepsForm(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "ana")
	path := "/manage/people/" + w.acme.id("carla") + "/edit"
	form := []string{"given", "Carla", "family", "Fonseca", "email", "carla@" + w.acme.host, "location", "utrecht", "active", "yes", "system-manager", "yes"}
	fresh := w.acme.Identity.Limits.Fresh
	w.acme.Identity.Limits.Fresh = 0
	holds(t, b.fill(path, append(form[:len(form)-2:len(form)-2], "number", "77")...), 303)
	form = append(form, "number", "77")
	form = append(form, b.drawn(path)...)
	a := b.post(path, append(form, "password", "not into the page")...)
	holds(t, a, 403, "Is it still you?", "What you filled in is kept", `name="system-manager" value="yes"`, `name="proof-next" value="`+path+`"`)
	if strings.Contains(a.Body.String(), "not into the page") {
		t.Error("a password was written into a page")
	}
	joins := []string{"given", "Nora", "location", "utrecht", "from", "2026-04-01", "pattern", "full", "package", "all", "auditor", "yes"}
	holds(t, b.post("/manage/people/new", joins...), 403, "Is it still you?", `name="auditor" value="yes"`)
	w.acme.Identity.Limits.Fresh = fresh
	proof := append(form, "proof-again", "yes", "proof-next", path)
	holds(t, b.post("/step-up", append(proof, "proof-password", "wrong")...), 422, "This is not your current password", `name="system-manager" value="yes"`)
	a = b.post("/step-up", append(proof, "proof-password", password)...)
	if a.Code != http.StatusTemporaryRedirect || a.Header().Get("Location") != path {
		t.Fatalf("%d to %q", a.Code, a.Header().Get("Location"))
	}
	holds(t, b.post(path, append(proof, "proof-password", password)...), 303)
	v, err := w.acme.People.Viewer(t.Context(), people.ID(w.acme.id("carla")))
	if err != nil || !v.IsSystemManager() {
		t.Errorf("the role was not given: %v", err)
	}
}

// TestKeptWithoutSecrets: what a provider gave somebody to keep, and codes that let somebody in, are in
// no page that keeps a form, and a form that lacks them for that says so instead of keeping the old ones.
func TestKeptWithoutSecrets(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "ana")
	path := b.post("/manage/sso/new", "name", "Fabrikam", "issuer", "https://id.fabrikam.test").Header().Get("Location")
	form := []string{"name", "Fabrikam", "issuer", "https://id.fabrikam.test", "client", "c-1"}
	typed := append(form[:6:6], "secret", "the-first")
	holds(t, b.post(path, typed...), 303)
	typed[7] = "the-next"
	fresh := w.acme.Identity.Limits.Fresh
	w.acme.Identity.Limits.Fresh = 0
	a := b.post(path, typed...)
	holds(t, a, 403, "Is it still you?", `name="client" value="c-1"`, `name="left-out" value="secret"`)
	lacks(t, a, "the-next")
	w.acme.Identity.Limits.Fresh = fresh
	kept := append(form[:6:6], "left-out", "secret")
	holds(t, b.post("/step-up", append(kept, "proof-again", "yes", "proof-next", path, "proof-password", password)...), 307)
	holds(t, b.post(path, kept...), 422, "is secret, so no page has kept it")
	holds(t, b.post(path, append(kept, "secret", "the-next")...), 303)
	k, err := w.acme.SSO.Provider(t.Context(), people.ID(w.acme.id("ana")), strings.TrimPrefix(path, "/manage/sso/"))
	if err != nil || k.Secret != "the-next" {
		t.Errorf("the secret is %q, %v", k.Secret, err)
	}
	nobody := w.at(w.acme, "")
	a = nobody.post(path, append(typed, "code", "123456", "proof-code", "654321", "proof-password", "a password")...)
	holds(t, a, 401, "What you typed is still here", `name="client" value="c-1"`, `name="left-out" value="code"`)
	lacks(t, a, "the-next", "123456", "654321", "a password")
}
