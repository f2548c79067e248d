// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
)

func (h *house) change(current, wanted string) (identity.Entry, error) {
	return h.ChangePassword(h.t.Context(), identity.Change{Person: "ana", Current: current, New: wanted, Visitor: from(home)})
}

func TestChangePassword(t *testing.T) {
	h := newHouse(t)
	here, there := h.ana(from(home)), h.ana(from(far))
	e, err := h.ChangePassword(t.Context(), identity.Change{
		Person: "ana", Current: password, New: another,
		Visitor: identity.Visitor{From: from(home).From, Session: here.Token, Device: here.Device},
	})
	h.must(err)
	h.signedIn(e.Token, true)
	h.signedIn(here.Token, false)
	h.signedIn(there.Token, false)
	_, err = h.try(anaMail, password, from(home))
	refused(t, err, errs.Unauthenticated, "identity.error.sign_in")
	if _, err := h.try(anaMail, another, from(home)); err != nil {
		t.Error(err)
	}
	if n := len(h.letters(identity.KindChanged)); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
}

func TestChangePasswordRefuses(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(home))
	_, err := h.change(another, another)
	refused(t, err, errs.Invalid, "identity.error.current")
	if f := errs.As(err).Field; f != "current" {
		t.Errorf("at field %q", f)
	}
	_, err = h.change(password, "kort")
	refused(t, err, errs.Invalid, "identity.error.password.short")
	if f := errs.As(err).Field; f != "password" {
		t.Errorf("at field %q", f)
	}
	for range 4 {
		_, err = h.change(another, another)
		refused(t, err, errs.Invalid, "identity.error.current")
	}
	_, err = h.change(password, another)
	mustWait(t, err)
	h.signedIn(e.Token, true)
	h.pass(30 * time.Second)
	if _, err = h.change(password, another); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestSetPassword(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(home))
	before := h.Hasher.Computed()
	hash, err := h.Hasher.Hash(t.Context(), "demo")
	h.must(err)
	h.must(h.SetPassword(t.Context(), hash, "ana", "ben", "cas", "eva"))
	if n := h.Hasher.Computed() - before; n != 1 {
		t.Errorf("%d hashes for four persons, want 1", n)
	}
	h.signedIn(e.Token, false)
	for _, email := range []string{anaMail, benMail, "cas@example.com", "eva@example.com"} {
		if _, err := h.try(email, "demo", from(home)); err != nil {
			t.Errorf("%s: %v", email, err)
		}
	}
	if err := h.SetPassword(t.Context(), "demo", "ana"); err == nil {
		t.Error("a password in the clear was taken for a hash")
	}
	if err := h.SetPassword(t.Context(), hash, "nobody"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a password of nobody: %v", err)
	}
}

func TestBlock(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(home))
	h.must(h.Block(t.Context(), "ana"))
	h.signedIn(e.Token, false)
	_, err := h.try(anaMail, password, from(home))
	refused(t, err, errs.Unauthenticated, "identity.error.sign_in")
	h.must(h.Unblock(t.Context(), "ana"))
	h.signedIn(e.Token, false)
	h.ana(from(home))
	h.must(h.Block(t.Context(), "cas"))
	h.must(h.Unblock(t.Context(), "cas"))
	h.must(h.Invite(t.Context(), "cas"))
	if err := h.Block(t.Context(), "eva"); !errs.Is(err, errs.NotFound) {
		t.Errorf("blocked an account that is not there: %v", err)
	}
}

func TestCheckPassword(t *testing.T) {
	s := identity.New(nil, nil, nil, "Verlof", "Acme Logistics")
	jan := people.Person{Email: "jan.de.vries@transport-noord.example", GivenName: "Jan-Willem", FamilyName: "de Vries", Number: "100482"}
	tests := []struct{ password, want string }{
		{"vier lepels in de tuin", ""},
		{"x7#kQ9!mZ2$vB4&", ""},
		{"Jan eet graag warme oliebollen", ""},
		{"zomer in een blauwe caravan", ""},
		{"ключ лежит под ковриком", ""},
		{"☂☃☕♞✈☎♫☯✂☀☁★☘☠", "short"},
		{"☂☃☕♞✈☎♫☯✂☀☁★☘☠☢♥", ""},
		{"veertien teken", "short"},
		{"vijftien tekens", ""},
		{"", "short"},
		{"een tab\tin het midden", "characters"},
		{"niet\xff geldig in utf-8", "characters"},
		{string(make([]byte, 20)), "characters"},
		{"passwordpassword", "common"},
		{"Password123456789!", "common"},
		{"P@ssw0rdP@ssw0rd", "common"},
		{"Welkom2026Welkom2026", "common"},
		{"welkom-welkom-welkom", "common"},
		{"Zomer2026Zomer2026!", "common"},
		{"administrator123456", "common"},
		{"123456789012345", "common"},
		{"987654321098765", "common"},
		{"aaaaaaaaaaaaaaaaaaaa", "common"},
		{"abcdefghijklmnop", "common"},
		{"ababababababababab", "common"},
		{"xk7xk7xk7xk7xk7xk7", "common"},
		{"qwertyuiopasdfghjkl", "common"},
		{"1qaz2wsx1qaz2wsx", "common"},
		{"correct horse battery staple", "common"},
		{"verlofverlofverlof", "common"},
		{"lhbjkjubz2957704", "common"}, // of the list
		{"jan.de.vries@transport-noord.example", "personal"},
		{"transport-noord-2026", "personal"},
		{"JanWillemDeVries", "personal"},
		{"devriesdevries1975", "personal"},
		{"vriesjanwillem!!", "personal"},
		{"100482-100482-100482", "common"},
		{"100482jan100482jan", "personal"},
		{"AcmeLogistics2026!", "personal"},
		{"@cme Log1st1cs 2026", "personal"},
	}
	for _, tt := range tests {
		t.Run(tt.password, func(t *testing.T) {
			err := s.CheckPassword(tt.password, jan, identity.MinPassword)
			if tt.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			refused(t, err, errs.Invalid, "identity.error.password."+tt.want)
		})
	}
	long := "een zin die maar niet ophoudt "
	for len(long) <= identity.MaxPassword {
		long += long
	}
	refused(t, s.CheckPassword(long, jan, identity.MinPassword), errs.Invalid, "identity.error.password.long")
	if err := s.CheckPassword(long[:identity.MaxPassword], jan, identity.MinPassword); err != nil {
		t.Errorf("refused at the limit: %v", err)
	}
}

// TestBeside: beside a second factor a password may be short, but not one that many had.
func TestBeside(t *testing.T) {
	s := identity.New(nil, nil, nil)
	for password, want := range map[string]bool{"xk7vqm4z": true, "samantha": false, "MERCEDES": false, "liverpoo": false, "xk7vqm4": false} {
		if err := s.CheckPassword(password, people.Person{}, identity.MinBeside); (err == nil) != want {
			t.Errorf("%s: %v", password, err)
		}
	}
}

// TestPasswordLasts: a password opens after years as it did on the first day. (ASVS 5.0, 6.2.10.)
func TestPasswordLasts(t *testing.T) {
	h := newHouse(t)
	h.pass(10 * 365 * 24 * time.Hour)
	h.signedIn(h.ana(from("192.0.2.1")).Token, true)
}
