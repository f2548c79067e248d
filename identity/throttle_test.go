// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
)

// home is where ana signs in on the day before; far is somebody else.
const home, far = "192.0.2.1", "198.51.100.9"

// attacked returns a house whose ana has signed in from home, and her browser.
func attacked(t *testing.T) (h *house, known identity.Visitor) {
	h = newHouse(t)
	known = from(home)
	known.Device = h.ana(known).Device
	h.pass(24 * time.Hour)
	h.store.TakeTrace()
	return h, known
}

// guess tries wrong passwords until one has to wait, at most n, and returns how
// many were heard.
func (h *house) guess(n int, email string, place func(i int) identity.Visitor) int {
	h.t.Helper()
	for i := range n {
		_, err := h.try(email, another, place(i))
		if errs.Is(err, errs.TooMany) {
			return i
		}
		refused(h.t, err, errs.Unauthenticated, "identity.error.sign_in")
	}
	return n
}

func at(address string) func(int) identity.Visitor {
	return func(int) identity.Visitor { return from(address) }
}

// everywhere is a guesser who owns as many networks as they like.
func everywhere(i int) identity.Visitor {
	return from(fmt.Sprintf("2001:db8:%x:%x::1", i/256, i%256*256))
}

func TestPair(t *testing.T) {
	h, known := attacked(t)
	if n := h.guess(100, anaMail, at(far)); n != 5 {
		t.Fatalf("%d guesses were heard, want 5", n)
	}
	_, err := h.try(anaMail, password, from(far))
	mustWait(t, err)
	h.ana(known)      // on her device
	h.ana(from(home)) // at home with a new browser

	waits := []int{}
	for range 9 {
		_, err := h.try(anaMail, another, from(far))
		waits = append(waits, identity.RetryAfter(err))
		h.pass(time.Duration(identity.RetryAfter(err)) * time.Second)
		_, err = h.try(anaMail, another, from(far))
		refused(t, err, errs.Unauthenticated, "identity.error.sign_in")
	}
	if want := []int{30, 60, 120, 240, 480, 960, 1920, 3600, 3600}; !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v seconds", waits, want)
	}
	h.pass(24 * time.Hour)
	h.ana(from(far)) // forgotten
}

// TestWaitingCostsNothing demands that who must wait causes neither a hash nor a
// write.
func TestWaitingCostsNothing(t *testing.T) {
	h, _ := attacked(t)
	h.guess(100, anaMail, at(far))
	h.store.TakeTrace()
	before := h.Hasher.Computed()
	for range 50 {
		_, err := h.try(anaMail, another, from(far))
		mustWait(t, err)
	}
	if n := h.Hasher.Computed() - before; n != 0 {
		t.Errorf("%d hashes", n)
	}
	if slices.Contains(h.store.TakeTrace(), "Update") {
		t.Error("a write transaction")
	}
}

// TestManyNetworks guesses at one person from everywhere.
func TestManyNetworks(t *testing.T) {
	h, known := attacked(t)
	if n := h.guess(1000, anaMail, everywhere); n != 20 {
		t.Errorf("%d guesses were heard, want 20", n)
	}
	heard := 0
	for i := range 24 * 60 {
		h.pass(time.Minute)
		heard += h.guess(1, anaMail, func(int) identity.Visitor { return everywhere(2000 + i) })
	}
	if heard != 4*24 {
		t.Errorf("%d guesses were heard in the day after, want 96", heard)
	}
	_, err := h.try(anaMail, password, from(far))
	mustWait(t, err)
	h.ana(known)
	h.ana(from(home))
	if _, err := h.try(benMail, password, from("203.0.113.5")); err != nil {
		t.Errorf("an attack on ana keeps ben out: %v", err)
	}
}

// TestOneNetwork tries the same password at everybody.
func TestOneNetwork(t *testing.T) {
	h, known := attacked(t)
	heard := 0
	for i := range 300 {
		heard += h.guess(1, fmt.Sprintf("p%d@example.com", i), at(home))
	}
	if heard != 100 {
		t.Errorf("%d guesses were heard, want 100", heard)
	}
	_, err := h.try(benMail, password, from(home))
	mustWait(t, err)
	h.ana(known)
	if _, err := h.try(benMail, password, from(far)); err != nil {
		t.Errorf("ben cannot sign in from elsewhere: %v", err)
	}
	h.pass(2 * time.Minute)
	if _, err := h.try(benMail, password, from(home)); err != nil {
		t.Errorf("the network does not recover: %v", err)
	}
}

// TestAllAtOnce sends guesses together: no more are heard than one by one.
func TestAllAtOnce(t *testing.T) {
	h, _ := attacked(t)
	before := h.Hasher.Computed()
	var group sync.WaitGroup
	for range 60 {
		group.Go(func() { h.try(anaMail, another, from(far)) })
	}
	group.Wait()
	if n := h.Hasher.Computed() - before; n != 5 {
		t.Errorf("%d guesses were heard, want 5", n)
	}
}

// TestStolenDevice guesses with the cookie of a known device: it has a brake of its
// own, for the one person who is known on it.
func TestStolenDevice(t *testing.T) {
	h, known := attacked(t)
	stolen := func(int) identity.Visitor { v := from(far); v.Device = known.Device; return v }
	if n := h.guess(100, anaMail, stolen); n != 5 {
		t.Errorf("%d guesses were heard, want 5", n)
	}
	h.ana(from(home))
	if n := h.guess(100, benMail, stolen); n != 5 {
		t.Errorf("%d guesses at ben were heard, want 5", n)
	}
	if _, err := h.try(benMail, password, stolen(0)); !errs.Is(err, errs.TooMany) {
		t.Errorf("ana's device opens ben's brakes: %v", err)
	}
}

// TestRightPasswordsAreFree signs a whole office in through one address.
func TestRightPasswordsAreFree(t *testing.T) {
	h := newHouse(t)
	for i := range 300 {
		if _, err := h.try(benMail, password, from(home)); err != nil {
			t.Fatalf("sign-in %d: %v", i, err)
		}
	}
	for range 50 { // who mistypes now and then
		h.guess(4, benMail, at(far))
		if _, err := h.try(benMail, password, from(far)); err != nil {
			t.Fatal(err)
		}
		h.pass(6 * time.Hour)
	}
}

// TestLockedOutOwner has neither a known device nor a known network, while an
// attack goes on. The mailbox is the way in.
func TestLockedOutOwner(t *testing.T) {
	h := newHouse(t)
	h.guess(1000, anaMail, everywhere)
	_, err := h.try(anaMail, password, from(far))
	mustWait(t, err)
	h.must(h.RequestReset(t.Context(), anaMail, from(far)))
	letter := h.letters(identity.KindReset)[0]
	e, err := h.Redeem(t.Context(), identity.Redemption{Token: letter.Token, Password: another, Visitor: from(far)})
	h.must(err)
	v := from(far)
	v.Device = e.Device
	if _, err := h.try(anaMail, another, v); err != nil {
		t.Errorf("after the reset: %v", err)
	}
}

// TestTalliesAreBounded guesses at everybody from everywhere, with room for few.
func TestTalliesAreBounded(t *testing.T) {
	h, known := attacked(t)
	h.Limits.Tallies = 30
	heard := 0
	for i := range 400 {
		heard += h.guess(1, fmt.Sprintf("p%d@example.com", i), func(int) identity.Visitor { return everywhere(i) })
	}
	if heard > 10+1+100 {
		t.Errorf("%d guesses were heard when the tallies were full, want at most 111", heard)
	}
	if n := h.store.Tallies(); n > 30+3 {
		t.Errorf("%d tallies, want at most 33", n)
	}
	if n := h.guess(100, anaMail, func(int) identity.Visitor { return known }); n != 5 {
		t.Errorf("%d guesses on a known device were heard, want 5", n)
	}
	h.pass(24 * time.Hour)
	h.ana(known)
	h.ana(from(far))
	h.pass(48 * time.Hour)
	h.guess(1, benMail, at(far))
	if n := h.store.Tallies(); n != 3 {
		t.Errorf("%d tallies, want the newest 3: the old ones are not forgotten", n)
	}
}

func TestNetworks(t *testing.T) {
	tests := []struct {
		name, a, b string
		same       bool
	}{
		{"ipv4_neighbour", "192.0.2.1", "192.0.2.2", false},
		{"ipv4_mapped", "192.0.2.1", "::ffff:192.0.2.1", true},
		{"ipv6_same_home", "2001:db8:0:1::1", "2001:db8:0:ff::9", true},
		{"ipv6_other_home", "2001:db8:0:1::1", "2001:db8:0:100::1", false},
		{"ipv6_zone", "fe80::1%eth0", "fe80::1", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.guess(5, anaMail, at(tt.a))
			_, err := h.try(anaMail, another, from(tt.b))
			if got := errs.Is(err, errs.TooMany); got != tt.same {
				t.Errorf("counted together: %v, want %v", got, tt.same)
			}
		})
	}
}
