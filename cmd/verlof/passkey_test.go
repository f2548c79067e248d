// SPDX-License-Identifier: Apache-2.0

//go:build !race

package main

import (
	"strings"
	"testing"
	"time"

	"verlof/internal/browsertest"
	"verlof/internal/totp"
	"verlof/operate"
)

// TestPasskey walks with a browser and a device: an app and a passkey are set up, each is
// the second step, the passkey signs in alone, a lost device is made up for by a recovery
// code, and a passkey opens nothing at another customer's site. (ASVS 5.0, 6.3.3, 6.4.4.)
func TestPasskey(t *testing.T) {
	r := newRunning(t)
	for i, v := range []browsertest.View{browsertest.Desk, browsertest.Phone.In("nl")} {
		t.Run(v.String(), func(t *testing.T) {
			k := &keyWalk{r.tab(t, v, "acme", role(i)), r.person("acme", role(i)).Email}
			k.Device(true)
			secret := k.setUpApp()
			code := k.keepCodes()
			k.addPasskey()
			k.signOut()
			k.secondByApp(secret)
			k.signOut()
			k.secondByPasskey()
			k.stepUp()
			k.signOut()
			k.Follow("form[action='/sign-in/passkey'] button")
			k.in("by passkey alone")
			k.signOut()
			k.elsewhere(r.site("birch"))
			k.NoDevice()
			k.recover(code)
		})
	}
}

// keyWalk is somebody with a device.
type keyWalk struct {
	*tab
	email string
}

func (k *keyWalk) setUpApp() totp.Secret {
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
	k.Type("#f-code", secret.Code(totp.StepAt(time.Now())-1)) // a clock that is late, so that the next code is left
	k.Follow("form[action='/account/app'] button")
	return secret
}

// keepCodes returns the first of the recovery codes that are shown.
func (k *keyWalk) keepCodes() string {
	k.t.Helper()
	k.Inspect("recovery-codes")
	code := k.Text(".codes li")
	if n := k.Count(".codes li"); n != 10 {
		k.t.Errorf("%d recovery codes", n)
	}
	k.Follow("main a.btn.primary")
	return code
}

func (k *keyWalk) addPasskey() {
	k.t.Helper()
	k.visit("/account/passkeys/new")
	k.Type("#f-name", "My device")
	k.Follow("form[data-passkey] button")
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

func (k *keyWalk) secondByApp(secret totp.Secret) {
	k.t.Helper()
	k.half()
	k.Inspect("second-step")
	k.Type("#f-code", secret.Code(totp.StepAt(time.Now())))
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
	k.Follow("a[href*='with=recovery']")
	k.Inspect("second-step-recovery")
	k.Type("#f-code", code)
	k.Follow("form[action='/sign-in/second'] button")
	k.in("by recovery code")
}
