// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"net/netip"
	"sync"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/identitytest"
	"verlof/people"
)

const (
	anaMail  = "ana.prins@example.com"
	benMail  = "ben@example.com"
	password = "vier lepels in de tuin"
	another  = "een kast vol regenjassen"
)

// house is one customer with a clock that the test moves.
type house struct {
	*identity.Service
	t     *testing.T
	store *identitytest.Store
	mu    sync.Mutex
	time  time.Time
}

var ana = people.Person{ID: "ana", Email: anaMail, GivenName: "Ana", FamilyName: "Prins", Active: true}

// newHouse returns a customer with five persons: ana and ben have the password,
// cas is invited, dia blocked, and eva has no account. fay has the password and
// is no longer active; gus has the password and no mail address.
func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, time: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)}
	h.store = identitytest.NewStore(ana,
		people.Person{ID: "ben", Email: benMail, Active: true},
		people.Person{ID: "cas", Email: "cas@example.com", Active: true},
		people.Person{ID: "dia", Email: "dia@example.com", Active: true},
		people.Person{ID: "eva", Email: "eva@example.com", Active: true},
		people.Person{ID: "fay", Email: "fay@example.com", Active: true},
		people.Person{ID: "gus", Active: true})
	h.Service = identity.New(h.store, identitytest.Hasher(), h.now, "Verlof", "Acme")
	hash, err := h.Hasher.Hash(t.Context(), password)
	h.must(err)
	h.must(h.SetPassword(t.Context(), hash, "ana", "ben", "dia", "fay", "gus"))
	h.must(h.Invite(t.Context(), "cas"))
	h.must(h.Block(t.Context(), "dia"))
	h.store.SavePerson(people.Person{ID: "fay", Email: "fay@example.com"})
	h.store.TakeTrace()
	return h
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.time
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.time = h.time.Add(d)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// from is a browser at an address.
func from(address string) identity.Visitor {
	return identity.Visitor{From: netip.MustParseAddr(address), Agent: "Firefox"}
}

// try signs in.
func (h *house) try(email, password string, v identity.Visitor) (identity.Entry, error) {
	return h.SignIn(context.Background(), identity.Attempt{Email: email, Password: password, Visitor: v})
}

// ana signs ana in, which must work.
func (h *house) ana(v identity.Visitor) identity.Entry {
	h.t.Helper()
	e, err := h.try(anaMail, password, v)
	if err != nil {
		h.t.Fatalf("ana cannot sign in: %v", err)
	}
	return e
}

// refused demands an error of a kind with a sentence.
func refused(t *testing.T, err error, k errs.Kind, public string) {
	t.Helper()
	if !errs.Is(err, k) || errs.As(err).Public != public {
		t.Errorf("got %v, want %v %s", err, k, public)
	}
}

// mustWait demands that an attempt came too soon.
func mustWait(t *testing.T, err error) {
	t.Helper()
	if !errs.Is(err, errs.TooMany) || identity.RetryAfter(err) < 1 {
		t.Errorf("got %v, want to have to wait", err)
	}
}

// signedIn demands that a token opens a session, or that it does not.
func (h *house) signedIn(token string, want bool) {
	h.t.Helper()
	_, err := h.Authenticate(context.Background(), token)
	if want && err != nil {
		h.t.Errorf("the session is gone: %v", err)
	}
	if !want {
		refused(h.t, err, errs.Unauthenticated, "identity.error.signed_out")
	}
}

// letters writes all mails of a kind that wait, and returns what they say.
func (h *house) letters(kind string) (all []identity.Letter) {
	h.t.Helper()
	for _, m := range h.store.Outbox() {
		if m.Kind != kind {
			continue
		}
		l, err := h.Letter(h.t.Context(), m.Kind, m.Payload)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		h.must(err)
		all = append(all, l)
	}
	return all
}
