// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"strings"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/webauthn/webauthntest"
	"verlof/people"
)

const host = "acme.example.com"

// keyring registers a passkey of the holder of a session.
func (h *house) keyring(e identity.Entry) (*webauthntest.Key, identity.Confirmed) {
	h.t.Helper()
	h.Host, h.Name = host, "Acme"
	k := webauthntest.New("https://"+host, host, webauthntest.ES256)
	c, err := h.register(e, k)
	h.must(err)
	return k, c
}

func (h *house) register(e identity.Entry, k *webauthntest.Key) (identity.Confirmed, error) {
	h.t.Helper()
	v := browser(e, office)
	q, err := h.AskToRegister(h.t.Context(), e.Session, v)
	h.must(err)
	v.Question = q.Token
	return h.Register(h.t.Context(), e.Session, "laptop", k.Create(q.Options), v)
}

// TestTooManyPasskeys: two who are asked while there is room for one do not both get past.
func TestTooManyPasskeys(t *testing.T) {
	h := newHouse(t)
	h.Host, h.Name = host, "Acme"
	e := h.ana(from(office))
	ask := func() func() error {
		v := browser(e, office)
		q, err := h.AskToRegister(t.Context(), e.Session, v)
		h.must(err)
		v.Question = q.Token
		return func() error {
			k := webauthntest.New("https://"+host, host, webauthntest.ES256)
			c, err := h.Register(t.Context(), e.Session, "laptop", k.Create(q.Options), v)
			if err == nil {
				e = c.Entry
			}
			return err
		}
	}
	for range identity.MaxPasskeys - 1 {
		h.must(ask()())
		h.pass(time.Minute)
	}
	first, second := ask(), ask()
	h.must(first())
	refused(t, second(), errs.Conflict, "identity.error.many_passkeys")
}

// visit is a browser that holds nothing, at the customer's host.
func visit(address string) identity.Visitor {
	v := from(address)
	v.Host = host
	return v
}

// withKey signs in with a passkey.
func (h *house) withKey(k *webauthntest.Key, v identity.Visitor) (identity.Entry, error) {
	h.t.Helper()
	q, err := h.AskToSignIn(h.t.Context(), v)
	h.must(err)
	v.Question = q.Token
	return h.SignInWithPasskey(h.t.Context(), k.Get(q.Options), v)
}

// TestPasskeyAlone: a passkey signs in by itself, as both factors.
func TestPasskeyAlone(t *testing.T) {
	h := newHouse(t)
	k, c := h.keyring(h.ana(from(office)))
	h.signedIn(c.Token, true)
	if len(c.Codes) != 10 {
		t.Errorf("%d recovery codes", len(c.Codes))
	}
	h.demand("everybody")
	e, err := h.withKey(k, visit(abroad))
	h.must(err)
	h.signedIn(e.Token, true)
	if e.Session.Person != "ana" || e.Session.Means != identity.ByPasskey || e.Device == "" {
		t.Errorf("%+v", e.Session)
	}
	h.must(h.NeedProof(t.Context(), e.Session))
	sec, err := h.Security(t.Context(), "ana")
	if err != nil || len(sec.Passkeys) != 1 || sec.Passkeys[0].Name != "laptop" || sec.Passkeys[0].Used.IsZero() || sec.Passkeys[0].Secret != "" {
		t.Errorf("%+v, %v", sec.Passkeys, err)
	}
	silent := *k
	silent.Handle = nil
	if _, err := h.withKey(&silent, visit(abroad)); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a passkey that does not say whose it is: %v", err)
	}
	for name, close := range map[string]func(){
		"blocked": func() { h.must(h.Block(t.Context(), "ana")) },
		"left":    func() { h.must(h.Unblock(t.Context(), "ana")); h.store.SavePerson(inactive(ana)) },
	} {
		close()
		if _, err := h.withKey(k, visit(abroad)); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPasskeyAsSecond: after the password, a passkey is the second step, and no other
// person's is.
func TestPasskeyAsSecond(t *testing.T) {
	h := newHouse(t)
	k, _ := h.keyring(h.ana(from(office)))
	ben, err := h.try(benMail, password, from(office))
	h.must(err)
	other, _ := h.keyring(ben)
	step := func(k *webauthntest.Key) (identity.Entry, error) {
		v := visit(abroad)
		v.Session = h.half(v).Token
		q, err := h.AskForSecond(t.Context(), v)
		h.must(err)
		v.Question = q.Token
		return h.SecondWithPasskey(t.Context(), k.Get(q.Options), v)
	}
	_, err = step(other)
	refused(t, err, errs.Unauthenticated, "identity.error.passkey")
	e, err := step(k)
	h.must(err)
	h.signedIn(e.Token, true)
}

// TestPasskeyStepsUp opens the dangerous acts without password.
func TestPasskeyStepsUp(t *testing.T) {
	h := newHouse(t)
	k, c := h.keyring(h.ana(from(office)))
	h.pass(time.Hour)
	v := browser(c.Entry, office)
	q, err := h.AskToStepUp(t.Context(), v)
	h.must(err)
	v.Question = q.Token
	up, err := h.StepUpWithPasskey(t.Context(), k.Get(q.Options), v)
	h.must(err)
	h.must(h.NeedProof(t.Context(), up.Session))
	h.signedIn(c.Token, false)
	h.signedIn(up.Token, true)
}

// TestPasskeyRefused: the wrong site, moment, purpose, person and copy. (ASVS 5.0, 6.7.1,
// 6.7.2.)
func TestPasskeyRefused(t *testing.T) {
	h := newHouse(t)
	k, c := h.keyring(h.ana(from(office)))
	for name, change := range map[string]func(*webauthntest.Key){
		"wrong_origin": func(k *webauthntest.Key) { k.Origin = "https://acme.example.net" },
		"wrong_host":   func(k *webauthntest.Key) { k.Site = "birch.example.com" },
		"not_unlocked": func(k *webauthntest.Key) { k.Flags = 0x01 },
		"a_copy":       func(k *webauthntest.Key) { k.Count = 0 },
		"of_a_person_who_is_not": func(k *webauthntest.Key) {
			k.Handle = []byte("somebody else")
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := h.withKey(k, visit(abroad)); err != nil {
				t.Fatal(err)
			}
			bad := *k
			change(&bad)
			_, err := h.withKey(&bad, visit(abroad))
			refused(t, err, errs.Unauthenticated, "identity.error.passkey")
		})
	}
	_, err := h.withKey(webauthntest.New("https://"+host, host, webauthntest.ES256), visit(abroad))
	refused(t, err, errs.Unauthenticated, "identity.error.passkey_unknown")

	ask := func() (identity.Visitor, []byte) {
		v := visit(abroad)
		q, err := h.AskToSignIn(t.Context(), v)
		h.must(err)
		v.Question = q.Token
		return v, q.Options
	}
	v, options := ask()
	answer := k.Get(options)
	_, err = h.SignInWithPasskey(t.Context(), answer, v)
	h.must(err)
	_, err = h.SignInWithPasskey(t.Context(), answer, v)
	refused(t, err, errs.Unauthenticated, "identity.error.question") // it counts once

	v, options = ask()
	answer = k.Get(options)
	other, _ := ask()
	_, err = h.SignInWithPasskey(t.Context(), answer, other)
	refused(t, err, errs.Unauthenticated, "identity.error.passkey") // to another question
	h.pass(h.Limits.Question)
	_, err = h.SignInWithPasskey(t.Context(), answer, v)
	refused(t, err, errs.Unauthenticated, "identity.error.question") // too late

	v, options = ask()
	v.Session = c.Token
	_, err = h.StepUpWithPasskey(t.Context(), k.Get(options), v)
	refused(t, err, errs.Unauthenticated, "identity.error.question") // asked for something else
	for _, text := range []string{"", "null", "{", `{"id":5}`} {
		v, _ := ask()
		if _, err := h.SignInWithPasskey(t.Context(), []byte(text), v); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestPasskeyHost: passkeys are bound to the customer's host name.
func TestPasskeyHost(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(office))
	h.Host = host
	for at, want := range map[string]bool{host: true, host + ":8443": true, "ACME.example.com": true,
		"birch.example.com": false, "example.com": false, "": false, "acme.example.com.evil.example": false} {
		v := from(office)
		v.Host = at
		if got := h.HasPasskeys(v); got != want {
			t.Errorf("%q: %t", at, got)
		}
		if _, err := h.AskToRegister(t.Context(), e.Session, v); (err == nil) != want {
			t.Errorf("%q: asked to register: %v", at, err)
		}
	}
}

// TestRegisterPasskey: with a fresh proof, under a name, once, and removed again.
func TestRegisterPasskey(t *testing.T) {
	h := newHouse(t)
	k, c := h.keyring(h.ana(from(office)))
	same := *k
	_, err := h.register(c.Entry, &same)
	refused(t, err, errs.Conflict, "identity.error.passkey_known")
	ben, err := h.try(benMail, password, from(office))
	h.must(err)
	_, err = h.register(ben, &same)
	refused(t, err, errs.Conflict, "identity.error.passkey_known")
	h.pass(time.Second)
	second := webauthntest.New("https://"+host, host, webauthntest.EdDSA)
	more, err := h.register(c.Entry, second)
	if err != nil || more.Codes != nil {
		t.Fatalf("a second one: %d codes, %v", len(more.Codes), err)
	}
	for _, name := range []string{"", "   ", "a\tb", strings.Repeat("x", 61)} {
		_, err := h.Register(t.Context(), more.Session, name, nil, browser(more.Entry, office))
		refused(t, err, errs.Invalid, "identity.error.passkey_name")
	}
	sec, err := h.Security(t.Context(), "ana")
	h.must(err)
	h.must(h.Remove(t.Context(), more.Session, sec.Passkeys[0].ID))
	_, err = h.withKey(k, visit(abroad))
	refused(t, err, errs.Unauthenticated, "identity.error.passkey_unknown")
	_, err = h.withKey(second, visit(abroad))
	h.must(err)
	h.pass(h.Limits.Fresh)
	if _, err := h.AskToRegister(t.Context(), more.Session, browser(more.Entry, office)); !identity.Stale(err) {
		t.Errorf("without a fresh proof: %v", err)
	}
	var none people.ID
	if got, err := h.Security(t.Context(), "ana"); err != nil || got.Records[0].By == none || len(got.Records) < 3 {
		t.Errorf("records: %+v, %v", got.Records, err)
	}
}
