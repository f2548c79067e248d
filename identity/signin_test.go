// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/identitytest"
)

// TestRefusalsLookAlike holds every refusal against that of an unknown address:
// the same sentence, the same reads and writes, the same number of hashes.
func TestRefusalsLookAlike(t *testing.T) {
	type look struct {
		Trace  []string
		Hashes int64
	}
	of := func(email, password string) (l look) {
		h := newHouse(t)
		before := h.Hasher.Computed()
		_, err := h.try(email, password, from("192.0.2.1"))
		refused(t, err, errs.Unauthenticated, "identity.error.sign_in")
		return look{h.store.TakeTrace(), h.Hasher.Computed() - before}
	}
	want := of("nobody@example.com", password)
	if want.Hashes != 1 {
		t.Errorf("an unknown address costs %d hashes, want 1", want.Hashes)
	}
	tests := []struct{ name, email, password string }{
		{"wrong_password", anaMail, another},
		{"password_of_another_case", anaMail, strings.ToUpper(password)},
		{"empty_password", anaMail, ""},
		{"huge_password", anaMail, strings.Repeat("a", 100_000)},
		{"broken_password", anaMail, "\xff\xfe\x00"},
		{"invited", "cas@example.com", ""},
		{"invited_with_a_password", "cas@example.com", password},
		{"blocked", "dia@example.com", password},
		{"no_account", "eva@example.com", password},
		{"inactive", "fay@example.com", password},
		{"empty_address", "", password},
		{"no_address", "ana", password},
		{"broken_address", "ana\x00@example.com", password},
		{"huge_address", strings.Repeat("a", 1000) + "@example.com", password},
		{"address_with_a_comment", anaMail + " (ana)", password},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(want, of(tt.email, tt.password)); d != "" {
				t.Errorf("can be told from an unknown address (-unknown +this):\n%s", d)
			}
		})
	}
}

func TestSignInSameAddressSamePassword(t *testing.T) {
	h := newHouse(t)
	hash, err := h.Hasher.Hash(t.Context(), "een caf\u00e9 aan het water")
	h.must(err)
	h.must(h.SetPassword(t.Context(), hash, "ben"))
	tests := []struct{ name, email, password string }{
		{"as_it_is", benMail, "een caf\u00e9 aan het water"},
		{"capitals", "BEN@Example.COM", "een caf\u00e9 aan het water"},
		{"spaces_around", "  " + benMail + "\t", "een caf\u00e9 aan het water"},
		{"decomposed_password", benMail, "een cafe\u0301 aan het water"},
		{"hard_spaces", benMail, "een caf\u00e9\u00a0aan het water"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := h.try(tt.email, tt.password, from("192.0.2.1"))
			if err != nil || e.Session.Person != "ben" {
				t.Errorf("got %q, %v", e.Session.Person, err)
			}
		})
	}
}

// TestFixation plants a token in the browser before its owner signs in.
func TestFixation(t *testing.T) {
	h := newHouse(t)
	mallory, err := h.try(benMail, password, from("192.0.2.66"))
	h.must(err)
	for name, planted := range map[string]string{"made_up": "planted", "of_a_session": mallory.Token} {
		t.Run(name, func(t *testing.T) {
			v := from("192.0.2.1")
			v.Session, v.Device = planted, mallory.Device
			e := h.ana(v)
			if e.Token == planted || e.Device == mallory.Device {
				t.Error("what the browser brought was adopted")
			}
			h.signedIn(planted, false)
			h.signedIn(e.Token, true)
		})
	}
}

func TestTokenIsNotKept(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from("192.0.2.1"))
	h.signedIn(e.Token, true)
	h.signedIn(string(e.Session.Digest), false)
	h.signedIn(e.Session.ID, false)
	if len(e.Token) < 43 || strings.Contains(string(e.Session.Digest), e.Token) {
		t.Errorf("token %q, digest %q", e.Token, e.Session.Digest)
	}
}

func TestSignInRehashes(t *testing.T) {
	h := newHouse(t)
	h.Hasher = identity.NewHasher(identity.Params{Memory: 32, Time: 2, Threads: 1}, 1, time.Second)
	for i, want := range []int64{2, 1} {
		before := h.Hasher.Computed()
		h.ana(from("192.0.2.1"))
		if got := h.Hasher.Computed() - before; got != want {
			t.Errorf("sign-in %d computed %d hashes, want %d", i, got, want)
		}
	}
	h.must(h.store.View(t.Context(), func(tx identity.Tx) error {
		a, err := tx.Account("ana")
		if !strings.Contains(string(a.Password), "m=32,t=2") {
			t.Errorf("the stored hash has the old parameters")
		}
		return err
	}))
}

// TestSignInSeals: a hash that rests as it did before hashes were sealed is written
// once more, the same, by the next sign-in and by no other.
func TestSignInSeals(t *testing.T) {
	h := newHouse(t)
	h.store.Bare("ana")
	before := h.Hasher.Computed()
	if _, err := h.try(anaMail, another, from("192.0.2.1")); err == nil {
		t.Fatal("a wrong password was let in")
	}
	for i, want := range []bool{true, false} {
		h.store.TakeTrace()
		h.ana(from("192.0.2.1"))
		if got := slices.Contains(h.store.TakeTrace(), "SaveAccount"); got != want {
			t.Errorf("sign-in %d wrote the account: %t, want %t", i, got, want)
		}
	}
	if got := h.Hasher.Computed() - before; got != 3 {
		t.Errorf("three attempts computed %d hashes", got)
	}
}

// meddler runs something between two transactions of a Service.
type meddler struct {
	*identitytest.Store
	updates int
	before  map[int]func()
}

func (m *meddler) Update(ctx context.Context, f func(identity.Tx) error) error {
	m.updates++
	if do := m.before[m.updates]; do != nil {
		do()
	}
	return m.Store.Update(ctx, f)
}

// TestSignInMeanwhile changes the account after the password was found right and
// before the session opens.
func TestSignInMeanwhile(t *testing.T) {
	tests := map[string]func(h *house, owner *identity.Service){
		"password_changed": func(h *house, owner *identity.Service) {
			hash, err := h.Hasher.Hash(t.Context(), another)
			h.must(err)
			h.must(owner.SetPassword(t.Context(), hash, "ana"))
		},
		"blocked": func(h *house, owner *identity.Service) { h.must(owner.Block(t.Context(), "ana")) },
		"left": func(h *house, owner *identity.Service) {
			gone := ana
			gone.Active = false
			h.store.SavePerson(gone)
		},
	}
	for name, meanwhile := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			owner := *h.Service
			h.Store = &meddler{Store: h.store, before: map[int]func(){2: func() { meanwhile(h, &owner) }}}
			_, err := h.try(anaMail, password, from("192.0.2.1"))
			refused(t, err, errs.Unauthenticated, "identity.error.sign_in")
		})
	}
}

// TestSignInTwice: two who sign in at once with the right password both come in, though one
// of them replaces the hash that has become weak.
func TestSignInTwice(t *testing.T) {
	h := newHouse(t)
	h.Hasher = identity.NewHasher(identity.Params{Memory: 32, Time: 2, Threads: 1}, 1, time.Second)
	first := *h.Service
	h.Store = &meddler{Store: h.store, before: map[int]func(){2: func() {
		_, err := first.SignIn(t.Context(), identity.Attempt{Email: anaMail, Password: password, Visitor: from("192.0.2.1")})
		h.must(err)
	}}}
	e, err := h.try(anaMail, password, from("192.0.2.2"))
	h.must(err)
	h.signedIn(e.Token, true)
}

// TestBusy fills every slot for hashing: who comes then is told to come back and
// is charged nothing.
func TestBusy(t *testing.T) {
	h := newHouse(t)
	h.Hasher = identity.NewHasher(identity.DefaultParams, 1, time.Millisecond)
	started, done := make(chan struct{}), make(chan struct{})
	h.Store = &meddler{Store: h.store, before: map[int]func(){1: func() { close(started); <-done }}}
	go h.try(benMail, another, from("192.0.2.2"))
	<-started
	_, err := h.try(anaMail, password, from("192.0.2.1"))
	refused(t, err, errs.TooMany, "identity.error.busy")
	if n := h.store.Tallies(); n != 0 {
		t.Errorf("%d tallies, want none", n)
	}
	close(done)
}

// TestElsewhere: a person hears of a sign-in with another browser at another place, and of
// no other. (ASVS 5.0, 6.3.5.)
func TestElsewhere(t *testing.T) {
	h := newHouse(t)
	told := 0
	for _, tt := range []struct {
		name string
		v    identity.Visitor
		more int
	}{
		{"for_the_first_time", from(office), 0},
		{"another_browser_at_the_same_place", from(office), 0},
		{"another_place", from(abroad), 1},
		{"the_other_place_again", from(abroad), 0},
	} {
		h.pass(time.Hour)
		h.ana(tt.v)
		told += tt.more
		if l := h.letters(identity.KindElsewhere); len(l) != told || told > 0 && l[0].Person.ID != "ana" {
			t.Errorf("%s: %d letters, want %d", tt.name, len(l), told)
		}
	}
	known := h.ana(from(office))
	h.ana(browser(known, "198.51.100.7"))
	if _, err := h.try(anaMail, another, from("198.51.100.99")); err == nil {
		t.Error("let in")
	}
	if l := h.letters(identity.KindElsewhere); len(l) != told {
		t.Errorf("a known browser on the way, or a wrong password: %d letters, want %d", len(l), told)
	}
}
