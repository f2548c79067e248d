// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/totp"
	"verlof/people"
)

const (
	office = "192.0.2.1"
	abroad = "203.0.113.9"
)

// phone is an authenticator app with the clock of a house.
type phone struct {
	h      *house
	secret totp.Secret
}

// code returns what the phone shows now.
func (p phone) code() string { return p.secret.Code(totp.StepAt(p.h.now())) }

// next waits for the phone to show another code and returns it.
func (p phone) next() string {
	p.h.pass(30 * time.Second)
	return p.code()
}

// browser is the one that holds a session.
func browser(e identity.Entry, address string) identity.Visitor {
	v := from(address)
	v.Session, v.Device, v.Host = e.Token, e.Device, host
	return v
}

// enrol sets up an app for the holder of a session.
func (h *house) enrol(e identity.Entry) (phone, identity.Confirmed) {
	h.t.Helper()
	started, err := h.StartApp(h.t.Context(), e.Session)
	h.must(err)
	secret, err := totp.ParseSecret(started.Secret())
	h.must(err)
	p := phone{h, secret}
	c, err := h.ConfirmApp(h.t.Context(), e.Session, p.code(), browser(e, office))
	h.must(err)
	return p, c
}

// protected returns a house in which ana has an app.
func protected(t *testing.T) (*house, phone, identity.Confirmed) {
	t.Helper()
	h := newHouse(t)
	p, c := h.enrol(h.ana(from(office)))
	return h, p, c
}

// half signs ana in with the password, after which a second step must be awaited.
func (h *house) half(v identity.Visitor) identity.Entry {
	h.t.Helper()
	e := h.ana(v)
	if e.Session.Stage != identity.SecondStep || e.Device != "" {
		h.t.Fatalf("after the password: stage %s, device %q", e.Session.Stage, e.Device)
	}
	h.signedIn(e.Token, false)
	return e
}

// second takes the second step.
func (h *house) second(e identity.Entry, code string, v identity.Visitor) (identity.Entry, error) {
	v.Session = e.Token
	return h.Second(h.t.Context(), identity.Step{Code: code, Visitor: v})
}

// TestSecondFactor: with an app set up, the password alone opens nothing, and a code is the
// way in. (ASVS 5.0, 6.3.3.)
func TestSecondFactor(t *testing.T) {
	h, p, c := protected(t)
	h.signedIn(c.Token, true)
	if len(c.Codes) != 10 || c.Session.Means != identity.ByApp {
		t.Errorf("set up: %d recovery codes, by %s", len(c.Codes), c.Session.Means)
	}
	e := h.half(from(abroad))
	if all, err := h.Sessions(t.Context(), "ana"); err != nil || len(all) != 1 {
		t.Errorf("a sign-in that waits is listed as a session: %d, %v", len(all), err)
	}
	for _, wrong := range []string{"", "000000", "12345", "not a code", strings.Repeat("9", 1000)} {
		_, err := h.second(e, wrong, from(abroad))
		refused(t, err, errs.Invalid, "identity.error.code")
		h.pass(time.Minute)
	}
	code := p.next()
	in, err := h.second(e, code[:3]+" "+code[3:], from(abroad))
	h.must(err)
	h.signedIn(in.Token, true)
	h.signedIn(e.Token, false)
	if in.Token == e.Token || in.Session.Digest == e.Session.Digest || in.Device == "" || in.Session.Means != identity.ByApp {
		t.Errorf("the session was not renewed: %+v", in.Session)
	}
	_, err = h.second(e, p.next(), from(abroad))
	refused(t, err, errs.Unauthenticated, "identity.error.signed_out")
}

// TestCodeCountsOnce: a code that opened something opens nothing more, nor does an older
// one, in whatever order they come. (ASVS 5.0, 6.5.1.)
func TestCodeCountsOnce(t *testing.T) {
	h, p, _ := protected(t)
	_, err := h.second(h.half(from(abroad)), p.code(), from(abroad))
	refused(t, err, errs.Invalid, "identity.error.code") // it confirmed the app
	older := p.next()
	code := p.next()
	_, err = h.second(h.half(from(abroad)), code, from(abroad))
	h.must(err)
	for _, used := range []string{code, older} {
		_, err = h.second(h.half(from(abroad)), used, from(abroad))
		refused(t, err, errs.Invalid, "identity.error.code")
	}
	h.pass(time.Hour)
	code = p.code()
	e, f := h.half(from(abroad)), h.half(from(office))
	wins := 0
	var wait sync.WaitGroup
	var mu sync.Mutex
	for _, half := range []identity.Entry{e, f} {
		wait.Go(func() {
			if _, err := h.second(half, code, from(abroad)); err == nil {
				mu.Lock()
				wins++
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	if wins != 1 {
		t.Errorf("one code opened %d sessions", wins)
	}
}

// TestSecondStepEnds: a sign-in does not wait for ever, and not for somebody who may no
// longer sign in or has another password by now.
func TestSecondStepEnds(t *testing.T) {
	for name, meanwhile := range map[string]func(*house){
		"too_late": func(h *house) { h.pass(h.Limits.Second) },
		"blocked":  func(h *house) { h.must(h.Block(h.t.Context(), "ana")) },
		"left":     func(h *house) { h.store.SavePerson(inactive(ana)) },
		"another_password": func(h *house) {
			hash, err := h.Hasher.Hash(h.t.Context(), another)
			h.must(err)
			h.must(h.SetPassword(h.t.Context(), hash, "ana"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, p, _ := protected(t)
			e := h.half(from(abroad))
			meanwhile(h)
			_, err := h.second(e, p.next(), from(abroad))
			refused(t, err, errs.Unauthenticated, "identity.error.signed_out")
		})
	}
}

// TestGuessingCodes: who knows the password may guess few codes, from however many
// networks, and does not keep the owner's known browser out. (ASVS 5.0, 6.3.1.)
func TestGuessingCodes(t *testing.T) {
	h, p, c := protected(t)
	waits := 0
	for i := range 40 {
		v := from("198.51.100." + string(rune('1'+i%9)))
		e, err := h.try(anaMail, password, v)
		if err == nil {
			_, err = h.second(e, "000000", v)
		}
		if errs.Is(err, errs.TooMany) {
			waits++
		}
	}
	if waits < 35 {
		t.Errorf("%d of 40 guesses had to wait", waits)
	}
	_, err := h.second(h.half(from(abroad)), p.code(), from(abroad))
	mustWait(t, err)
	own := browser(c.Entry, office)
	own.Session = ""
	if _, err := h.second(h.half(own), p.next(), own); err != nil {
		t.Errorf("the owner is locked out of a known browser: %v", err)
	}
}

// TestResetsBringNoGuesses: who reads a mailbox does not get guesses at the second factor anew with
// every link to another password, and the owner's way in by mail stays.
func TestResetsBringNoGuesses(t *testing.T) {
	h, p, _ := protected(t)
	heard := 0
	for range 6 {
		e, err := h.Redeem(t.Context(), identity.Redemption{Token: h.resetLink(anaMail), Password: another, Visitor: from(abroad)})
		h.must(err)
		v := from(abroad)
		v.Device = e.Device
		for range 5 {
			half, err := h.try(anaMail, another, v)
			h.must(err)
			if _, err = h.second(half, "000000", v); errs.Is(err, errs.Invalid) {
				heard++
			}
		}
		h.pass(21 * time.Minute) // another link may be asked for
	}
	if heard > 10 { // five, and one with each link later
		t.Errorf("%d guesses at a code were heard", heard)
	}
	h.pass(24 * time.Hour)
	e, err := h.Redeem(t.Context(), identity.Redemption{Token: h.resetLink(anaMail), Password: another, Visitor: from(office)})
	h.must(err)
	v := from(office)
	v.Device = e.Device
	half, err := h.try(anaMail, another, v)
	h.must(err)
	in, err := h.second(half, p.next(), v)
	h.must(err)
	h.signedIn(in.Token, true)
}

// TestWaitingEndsNobody: sign-ins that wait push out each other and no session.
func TestWaitingEndsNobody(t *testing.T) {
	h, p, c := protected(t)
	first := h.half(from(abroad))
	for range 2 * h.Limits.Sessions {
		h.pass(time.Second)
		h.half(from(abroad))
	}
	h.signedIn(c.Token, true)
	if _, err := h.second(first, p.next(), from(abroad)); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("the first of many still waits: %v", err)
	}
}

// TestTrustedBrowser: a browser that is trusted needs no code until its time is over, the
// policy forbids it, it is no longer trusted, or it is another browser. It is no proof for
// dangerous acts.
func TestTrustedBrowser(t *testing.T) {
	trust := func(t *testing.T) (*house, phone, identity.Visitor) {
		h, p, _ := protected(t)
		v := from(abroad)
		e := h.half(v)
		v.Session = e.Token
		in, err := h.Second(t.Context(), identity.Step{Code: p.next(), Remember: true, Visitor: v})
		h.must(err)
		return h, p, identity.Visitor{From: v.From, Agent: v.Agent, Device: in.Device}
	}
	h, _, v := trust(t)
	e := h.ana(v)
	if e.Session.Stage != identity.SignedIn || e.Session.Means != identity.ByDevice {
		t.Fatalf("a trusted browser: %s by %s", e.Session.Stage, e.Session.Means)
	}
	if !identity.Stale(h.NeedProof(t.Context(), e.Session)) {
		t.Error("a trusted browser opens the dangerous acts")
	}
	sec, err := h.Security(t.Context(), "ana")
	if err != nil || len(sec.Trusted) != 1 || sec.Trusted[0].Agent != "Firefox" {
		t.Errorf("trusted browsers: %+v, %v", sec.Trusted, err)
	}
	for name, until := range map[string]func(*house, identity.Visitor){
		"time_is_over": func(h *house, _ identity.Visitor) { h.pass(31 * 24 * time.Hour) },
		"policy_forbids_it": func(h *house, _ identity.Visitor) {
			h.must(h.store.Update(t.Context(), func(tx identity.Tx) error { return tx.SaveSignInPolicy(identity.Policy{}) }))
		},
		"policy_shortens_it": func(h *house, _ identity.Visitor) {
			h.store.SavePerson(people.Person{ID: "ben", Email: benMail, Active: true, Roles: people.SystemManager})
			ben, err := h.try(benMail, password, from(office))
			h.must(err)
			h.must(h.ChangePolicy(t.Context(), ben.Session, identity.Policy{Remember: 29}))
		},
		"distrusted": func(h *house, v identity.Visitor) {
			h.must(h.Distrust(t.Context(), "ana", identity.DigestOf(v.Device)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, _, v := trust(t)
			until(h, v)
			h.half(v)
		})
	}
	h.half(from(abroad)) // same network, no cookie
	if err := h.Distrust(t.Context(), "ben", identity.DigestOf(v.Device)); !errs.Is(err, errs.NotFound) {
		t.Errorf("distrusted by somebody else: %v", err)
	}
	if e := h.ana(v); e.Session.Stage != identity.SignedIn {
		t.Error("somebody else had ana's browser distrusted")
	}
}

// TestRecoveryCodes: each of the codes is a second factor once, is told of, and dies with
// a new set. (ASVS 5.0, 6.5.1 and 6.5.2.)
func TestRecoveryCodes(t *testing.T) {
	h, p, c := protected(t)
	h.must(h.store.View(t.Context(), func(tx identity.Tx) error {
		r, err := tx.Recovery("ana")
		for _, kept := range r.Codes {
			for _, shown := range c.Codes {
				if !strings.HasPrefix(string(kept), "$argon2id$") || strings.Contains(string(kept), strings.ReplaceAll(shown, "-", "")) {
					t.Errorf("kept as %s", kept)
				}
			}
		}
		return err
	}))
	e, err := h.second(h.half(from(abroad)), " "+strings.ToUpper(c.Codes[3])+" ", from(abroad))
	h.must(err)
	if e.Session.Means != identity.ByRecovery {
		t.Errorf("signed in by %s", e.Session.Means)
	}
	if l := h.letters(identity.KindCodeUsed); len(l) != 1 || l[0].Person.ID != "ana" || l[0].Token != "" {
		t.Errorf("letters: %+v", l)
	}
	_, err = h.second(h.half(from(abroad)), c.Codes[3], from(abroad))
	refused(t, err, errs.Invalid, "identity.error.code")
	sec, err := h.Security(t.Context(), "ana")
	if err != nil || sec.Codes != 9 {
		t.Errorf("%d codes left, %v", sec.Codes, err)
	}
	again, err := h.NewCodes(t.Context(), e.Session)
	if err != nil || len(again) != 10 {
		t.Fatalf("new codes: %d, %v", len(again), err)
	}
	_, err = h.second(h.half(from(abroad)), c.Codes[4], from(abroad))
	refused(t, err, errs.Invalid, "identity.error.code")
	_, err = h.second(h.half(from(abroad)), again[4], from(abroad))
	h.must(err)
	h.pass(h.Limits.Fresh)
	if _, err := h.NewCodes(t.Context(), e.Session); !identity.Stale(err) {
		t.Errorf("new codes without a fresh proof: %v", err)
	}
	_ = p
}

// TestRecoveryCodeTogether: of two that use one code at once, one wins.
func TestRecoveryCodeTogether(t *testing.T) {
	h, _, c := protected(t)
	halves := []identity.Entry{h.half(from(abroad)), h.half(from(office))}
	results := make([]error, len(halves))
	var wait sync.WaitGroup
	for i, half := range halves {
		wait.Go(func() { _, results[i] = h.second(half, c.Codes[0], from(abroad)) })
	}
	wait.Wait()
	if (results[0] == nil) == (results[1] == nil) {
		t.Errorf("results %v", errors.Join(results...))
	}
}

// TestSetUpApp: what is set up counts once it was confirmed, by the person, with a fresh
// proof, and in time.
func TestSetUpApp(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(office))
	_, err := h.ConfirmApp(t.Context(), e.Session, "123456", browser(e, office))
	refused(t, err, errs.NotFound, "identity.error.not_started")
	first, err := h.StartApp(t.Context(), e.Session)
	h.must(err)
	started, err := h.StartedApp(t.Context(), e.Session)
	if err != nil || started.Secret() != first.Secret() {
		t.Errorf("the secret is not the one that was made: %v", err)
	}
	_, err = h.ConfirmApp(t.Context(), e.Session, "000000", browser(e, office))
	refused(t, err, errs.Invalid, "identity.error.first_code")
	if again := h.ana(from(abroad)); again.Session.Stage != identity.SignedIn {
		t.Error("an app that was not confirmed already counts")
	}
	second, err := h.StartApp(t.Context(), e.Session)
	if err != nil || second.Secret() == first.Secret() {
		t.Errorf("started again: %v", err)
	}
	old, err := totp.ParseSecret(first.Secret())
	h.must(err)
	_, err = h.ConfirmApp(t.Context(), e.Session, phone{h, old}.code(), browser(e, office))
	refused(t, err, errs.Invalid, "identity.error.first_code")
	h.pass(h.Limits.Fresh)
	if _, err := h.StartApp(t.Context(), e.Session); !identity.Stale(err) {
		t.Errorf("started without a fresh proof: %v", err)
	}
	if _, err := h.StartedApp(t.Context(), e.Session); !identity.Stale(err) {
		t.Errorf("the secret is shown without a fresh proof: %v", err)
	}
}

// TestAnotherApp takes the place of the one before, which goes on until then, and leaves
// the recovery codes alone.
func TestAnotherApp(t *testing.T) {
	h, old, c := protected(t)
	fresh := c.Entry
	started, err := h.StartApp(t.Context(), fresh.Session)
	h.must(err)
	_, err = h.second(h.half(from(abroad)), old.next(), from(abroad))
	h.must(err)
	secret, err := totp.ParseSecret(started.Secret())
	h.must(err)
	again, err := h.ConfirmApp(t.Context(), fresh.Session, phone{h, secret}.code(), browser(fresh, office))
	if err != nil || again.Codes != nil {
		t.Fatalf("%d new recovery codes, %v", len(again.Codes), err)
	}
	_, err = h.second(h.half(from(abroad)), old.next(), from(abroad))
	refused(t, err, errs.Invalid, "identity.error.code")
	_, err = h.second(h.half(from(abroad)), phone{h, secret}.next(), from(abroad))
	h.must(err)
}

// TestRemoveFactor: with the last factor go recovery codes and trusted browsers; where it
// must stay, it stays.
func TestRemoveFactor(t *testing.T) {
	h, _, c := protected(t)
	sec, err := h.Security(t.Context(), "ana")
	h.must(err)
	if sec.App == nil || sec.App.Secret != "" {
		t.Fatalf("the app, without its secret: %+v", sec.App)
	}
	ben, err := h.try(benMail, password, from(office))
	h.must(err)
	refused(t, h.Remove(t.Context(), ben.Session, sec.App.ID), errs.NotFound, "identity.error.factor")
	h.demand("everybody")
	refused(t, h.Remove(t.Context(), c.Session, sec.App.ID), errs.Conflict, "identity.error.last_factor")
	h.demand()
	h.must(h.Remove(t.Context(), c.Session, sec.App.ID))
	if e := h.ana(from(abroad)); e.Session.Stage != identity.SignedIn {
		t.Errorf("without a factor: stage %s", e.Session.Stage)
	}
	sec, err = h.Security(t.Context(), "ana")
	if err != nil || sec.Codes != 0 || sec.Protected() {
		t.Errorf("what is left: %+v, %v", sec, err)
	}
	if l := h.letters(identity.KindFactorRemoved); len(l) != 1 {
		t.Errorf("%d letters", len(l))
	}
}

// TestShortPassword: beside a second factor a password may be short, and then stands
// nowhere alone. (ASVS 5.0, 6.2.1; NIST SP 800-63B-4, section 3.1.1.2.)
func TestShortPassword(t *testing.T) {
	const short = "kx7%qTz2"
	h := newHouse(t)
	e := h.ana(from(office))
	change := identity.Change{Person: "ana", Current: password, New: short, Visitor: browser(e, office)}
	_, err := h.ChangePassword(t.Context(), change)
	refused(t, err, errs.Invalid, "identity.error.password.short")
	p, c := h.enrol(e)
	change.Visitor = browser(c.Entry, office)
	change.New = short[:7]
	_, err = h.ChangePassword(t.Context(), change)
	refused(t, err, errs.Invalid, "identity.error.password.short")
	change.New = short
	in, err := h.ChangePassword(t.Context(), change)
	h.must(err)
	sec, err := h.Security(t.Context(), "ana")
	h.must(err)
	refused(t, h.Remove(t.Context(), in.Session, sec.App.ID), errs.Conflict, "identity.error.short_alone")
	h.must(h.ResetFactorsFor(t.Context(), "ana"))
	alone, err := h.try(anaMail, short, from(office))
	if err != nil || alone.Session.Stage != identity.Enrolment {
		t.Errorf("a short password alone: stage %s, %v", alone.Session.Stage, err)
	}
	h.signedIn(alone.Token, false)
	_, in2 := h.enrol(alone)
	h.signedIn(in2.Token, true)
	_ = p
}
