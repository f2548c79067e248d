// SPDX-License-Identifier: Apache-2.0

//go:build !race

package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"verlof/internal/browsertest"
	"verlof/internal/totp"
	"verlof/operate"
)

// TestPasskey walks with a browser and a device: an app and a passkey are set up, each is
// the second step, the passkey signs in alone, a lost device is made up for by a recovery
// code, and a passkey opens nothing at another site, nor from one. Then a passkey is demanded.
// (ASVS 5.0, 6.3.3, 6.4.4.)
func TestPasskey(t *testing.T) {
	t.Parallel()
	r := newRunning(t)
	var codes []string
	for i, v := range []browsertest.View{browsertest.Desk, browsertest.Phone.InDark().In("nl")} {
		t.Run(v.String(), func(t *testing.T) {
			k := &keyWalk{r.tab(t, v, "acme", role(i)), r.person("acme", role(i)).Email}
			k.Device(true)
			app := k.setUpApp()
			codes = k.keepCodes()
			k.addPasskey()
			k.signOut()
			k.secondByApp(app)
			k.signOut()
			k.secondByPasskey()
			k.stepUp()
			k.signOut()
			k.Follow("form[action='/sign-in/passkey'] button")
			k.in("by passkey alone")
			k.signOut()
			k.elsewhere(r.site("birch"))
			k.relayed(visit(t, "acme.localhost", r.address), strings.Replace(r.site("acme"), "//", "//news.", 1))
			k.NoDevice()
			k.recover(codes[0])
			k.in("by recovery code")
		})
	}
	t.Run("demanded", func(t *testing.T) { // of the manager, who lost a device above
		k := &keyWalk{r.tab(t, browsertest.Desk, "acme", administrator), r.person("acme", administrator).Email}
		k.Device(true)
		k.addPasskey()
		k.visit("/manage/sign-in")
		k.Click("#passkey-manager")
		k.Follow("form[action='/manage/sign-in'] button.primary")
		k.Inspect("sign-in-passkey-demanded")

		m := &keyWalk{r.tab(t, browsertest.Phone.In("nl"), "acme", nobody), r.person("acme", manager).Email}
		m.Device(true)
		m.recover(codes[1])
		if !strings.Contains(m.URL(), "/account/enrol") {
			t.Fatalf("the recovery code leads to %s", m.URL())
		}
		m.Inspect("enrol-passkey")
		m.Follow("a[href^='/account/passkeys/new']")
		m.Type("#f-name", "New device")
		m.Follow("form[data-passkey] button")
		m.in("by a new passkey")
		m.stepUp()
		m.signOut()
		m.half()
		m.Inspect("second-step-passkey")
		m.Follow("form[action='/sign-in/second/passkey'] button")
		m.in("by password and passkey")
	})
}

// keyWalk is somebody with a device.
type keyWalk struct {
	*tab
	email string
}

// phone is an authenticator app. A code is good for a step before it and one after it.
type phone struct {
	secret totp.Secret
	last   int64 // step of the code that was shown last
}

// code returns one that was not shown before, and is good however long the machine takes.
func (p *phone) code() string {
	p.last = max(p.last+1, totp.StepAt(time.Now().Add(10*time.Second))-1)
	return p.secret.Code(p.last)
}

func (k *keyWalk) setUpApp() *phone {
	k.t.Helper()
	k.visit("/account/security")
	k.Inspect("security-none")
	k.Follow("form[action='/account/app/start'] button")
	k.Click("details.more > summary")
	k.Inspect("app-started")
	secret, err := totp.ParseSecret(strings.ReplaceAll(k.Text(".secret"), " ", ""))
	if err != nil {
		k.t.Fatal(err)
	}
	p := &phone{secret: secret}
	k.Type("#f-code", p.code())
	k.Follow("form[action='/account/app'] button")
	return p
}

// keepCodes returns the recovery codes that are shown.
func (k *keyWalk) keepCodes() []string {
	k.t.Helper()
	k.Inspect("recovery-codes")
	codes := browsertest.Eval[[]string](k.Page, `[...document.querySelectorAll(".codes li")].map((li) => li.textContent)`)
	if len(codes) != 10 {
		k.t.Fatalf("%d recovery codes", len(codes))
	}
	k.Follow("main a.btn.primary")
	return codes
}

func (k *keyWalk) addPasskey() {
	k.t.Helper()
	k.visit("/account/passkeys/new")
	k.Type("#f-name", "My device")
	k.Follow("form[data-passkey] button")
	if k.Has(".codes") {
		k.Follow("main a.btn.primary")
	}
	if !strings.Contains(k.Text("main"), "My device") {
		k.t.Error("the passkey is not listed")
	}
	k.Inspect("security")
}

func (k *keyWalk) signOut() {
	k.t.Helper()
	k.visit("/account")
	// the form lies in a menu
	browsertest.Eval[any](k.Page, `document.querySelector("form[action='/sign-out']").submit()`)
	k.Wait("form[action='/sign-in']")
}

// half gives the password, after which the second step is awaited.
func (k *keyWalk) half() {
	k.t.Helper()
	k.visit("/sign-in")
	k.signIn(k.email, operate.DemoPassword)
	if !strings.Contains(k.URL(), "/sign-in/second") {
		k.t.Fatalf("the password leads to %s", k.URL())
	}
}

// in fails unless somebody is signed in.
func (k *keyWalk) in(how string) {
	k.t.Helper()
	if k.URL() != k.site+"/" {
		k.t.Errorf("%s: at %s", how, k.URL())
	}
}

func (k *keyWalk) secondByApp(p *phone) {
	k.t.Helper()
	k.half()
	k.Inspect("second-step")
	k.Type("#f-code", p.code())
	k.Follow("form[action='/sign-in/second'] button")
	k.in("by app")
}

func (k *keyWalk) secondByPasskey() {
	k.t.Helper()
	k.half()
	k.Follow("form[action='/sign-in/second/passkey'] button")
	k.in("by password and passkey")
}

func (k *keyWalk) stepUp() {
	k.t.Helper()
	k.visit("/step-up?proof-next=%2Faccount%2Fsecurity")
	k.Inspect("step-up-passkey")
	k.Follow("form[data-passkey] button")
	if k.URL() != k.site+"/account/security" {
		k.t.Errorf("the proof leads to %s", k.URL())
	}
}

// elsewhere offers the passkey to another customer's site, which it does not know.
func (k *keyWalk) elsewhere(site string) {
	k.t.Helper()
	k.Tolerate("NotAllowedError")
	k.Goto(site + "/sign-in")
	k.Click("form[data-passkey] button")
	k.Wait("form[data-passkey] [role=alert]")
	if !strings.HasPrefix(k.URL(), site+"/sign-in") {
		k.t.Errorf("the passkey of one customer leads to %s of another", k.URL())
	}
}

func (k *keyWalk) recover(code string) {
	k.t.Helper()
	k.half()
	if k.Has("a[href*='with=recovery']") { // else the field is there already
		k.Follow("a[href*='with=recovery']")
	}
	k.Inspect("second-step-recovery")
	k.Type("#f-code", code)
	k.Follow("form[action='/sign-in/second'] button")
}

// askKey has the passkey of the browser answer a question of another page, as passkey.js does.
const askKey = `(async (asked) => {
	const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
	const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
	const { rawId, response: r } = await navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: [] } });
	return JSON.stringify({ id: text(rawId), response: { clientDataJSON: text(r.clientDataJSON),
		authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: text(r.userHandle) } });
})`

// relayed has a false site, whose host name lies below the right one so that the browser lets it
// use the passkey, pass on what the right site asks. from is the machine of whoever is behind it.
func (k *keyWalk) relayed(from *browser, falseSite string) {
	k.t.Helper()
	k.Tolerate("404")
	for site, want := range map[string]int{falseSite: http.StatusUnauthorized, k.site: http.StatusOK} {
		k.Goto(site + "/sign-in")
		status, asked := from.post("/sign-in/passkey/ask")
		if status != http.StatusOK {
			k.t.Fatalf("asked: %d", status)
		}
		answer := browsertest.Eval[string](k.Page, askKey+"("+asked+")")
		if !strings.Contains(answer, "userHandle") {
			k.t.Fatalf("at %s the passkey says %s", site, answer)
		}
		if status, page := from.post("/sign-in/passkey", "answer", answer, "next", "/account"); status != want || (want == http.StatusOK) != strings.Contains(page, "/sign-out") {
			k.t.Errorf("with an answer that was given at %s: %d", site, status)
		}
	}
}
