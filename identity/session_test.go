// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/identity"
)

func TestSessionEnds(t *testing.T) {
	const hour = time.Hour
	tests := []struct {
		name string
		uses []time.Duration // pauses, a page read after each
		want bool
	}{
		{"just_before_idle", []time.Duration{8*hour - time.Second}, true},
		{"idle", []time.Duration{8 * hour}, false},
		{"kept_alive", []time.Duration{7 * hour, 7 * hour, 7 * hour}, true},
		{"idle_after_use", []time.Duration{7 * hour, 8 * hour}, false},
		{"just_before_absolute", slices.Concat(slices.Repeat([]time.Duration{6 * hour}, 55), []time.Duration{6*hour - time.Second}), true},
		{"absolute", slices.Repeat([]time.Duration{6 * hour}, 56), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			e := h.ana(from(home))
			for i, pause := range tt.uses {
				h.pass(pause)
				h.signedIn(e.Token, tt.want || i < len(tt.uses)-1)
			}
		})
	}
}

// TestReadingIsNotWriting reads a page each minute for an hour.
func TestReadingIsNotWriting(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(home))
	h.store.TakeTrace()
	for range 60 {
		h.pass(time.Minute)
		h.signedIn(e.Token, true)
	}
	writes := 0
	for _, call := range h.store.TakeTrace() {
		if call == "Update" {
			writes++
		}
	}
	if writes != 12 {
		t.Errorf("%d writes in an hour, want 12", writes)
	}
}

// readOnly is a customer that takes no writes.
type readOnly struct{ identity.Store }

func (readOnly) Update(context.Context, func(identity.Tx) error) error {
	return errs.New(errs.Unavailable, "error.unavailable")
}

func TestReadOnlyCustomerMayBeRead(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(home))
	h.pass(time.Hour)
	h.Store = readOnly{h.store}
	h.signedIn(e.Token, true)
	if err := h.SignOut(t.Context(), e.Token); !errs.Is(err, errs.Unavailable) {
		t.Errorf("sign out of a read-only customer: %v", err)
	}
}

func TestSessionOfAnotherCustomer(t *testing.T) {
	h, other := newHouse(t), newHouse(t)
	e := h.ana(from(home))
	other.signedIn(e.Token, false)
	other.signedIn("", false)
	h.signedIn(e.Token, true)
}

func TestLeaverIsOut(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(home))
	gone := ana
	gone.Active = false
	h.store.SavePerson(gone)
	h.signedIn(e.Token, false)
}

func TestSignOut(t *testing.T) {
	h := newHouse(t)
	here, there := h.ana(from(home)), h.ana(from(far))
	h.must(h.SignOut(t.Context(), here.Token))
	h.must(h.SignOut(t.Context(), here.Token))
	h.signedIn(here.Token, false)
	h.signedIn(there.Token, true)
}

func TestSessions(t *testing.T) {
	h := newHouse(t)
	old := h.ana(identity.Visitor{From: netip.MustParseAddr("::ffff:192.0.2.1"), Agent: "Fire\x00fox\xff" + strings.Repeat("é", 300)})
	h.pass(time.Hour)
	h.ana(from(far))
	h.pass(7 * time.Hour) // the first has ended
	h.ana(from(home))
	list, err := h.Sessions(t.Context(), "ana")
	h.must(err)
	var got []string
	for _, s := range list {
		got = append(got, fmt.Sprint(s.Created.Hour(), " ", s.From))
	}
	if d := cmp.Diff([]string{"17 " + home, "10 " + far}, got); d != "" {
		t.Errorf("sessions (-want +got)\n%s", d)
	}
	if want := "Firefox" + strings.Repeat("é", 193); old.Session.Agent != want || old.Session.From.String() != home {
		t.Errorf("agent %q from %v", old.Session.Agent, old.Session.From)
	}
}

func TestRevoke(t *testing.T) {
	h := newHouse(t)
	here, there := h.ana(from(home)), h.ana(from(far))
	bens, err := h.try(benMail, password, from(far))
	h.must(err)
	refused(t, h.Revoke(t.Context(), "ana", bens.Session.ID), errs.NotFound, "identity.error.session")
	refused(t, h.Revoke(t.Context(), "ana", ""), errs.NotFound, "identity.error.session")
	h.must(h.Revoke(t.Context(), "ana", there.Session.ID))
	h.signedIn(there.Token, false)
	h.signedIn(here.Token, true)
	h.signedIn(bens.Token, true)
}

func TestRevokeAll(t *testing.T) {
	h := newHouse(t)
	here, there := h.ana(from(home)), h.ana(from(far))
	bens, err := h.try(benMail, password, from(far))
	h.must(err)
	h.must(h.RevokeAll(t.Context(), "ana", here.Session.ID, false))
	h.signedIn(here.Token, true)
	h.signedIn(there.Token, false)
	h.must(h.RevokeAll(t.Context(), "ana", "", false))
	h.signedIn(here.Token, false)
	h.signedIn(bens.Token, true)
}

func TestSessionsAndDevicesAreBounded(t *testing.T) {
	h := newHouse(t)
	var tokens []string
	for range 50 {
		tokens = append(tokens, h.ana(from(home)).Token)
		h.pass(time.Second)
	}
	for i, token := range tokens {
		h.signedIn(token, i >= 30)
	}
	h.must(h.store.View(t.Context(), func(tx identity.Tx) error {
		devices, err := tx.Devices("ana")
		if len(devices) != 10 {
			t.Errorf("%d devices, want 10", len(devices))
		}
		return err
	}))
}

// request is a browser's, with the cookies that an answer gave it.
func request(w *httptest.ResponseRecorder) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	for _, c := range w.Result().Cookies() {
		r.AddCookie(c)
	}
	return r
}

func TestCookies(t *testing.T) {
	h := newHouse(t)
	w := httptest.NewRecorder()
	e := h.ana(from(home))
	h.Keep(w, e)
	want := []string{
		"__Host-verlof-session=" + e.Token + "; Path=/; HttpOnly; Secure; SameSite=Lax",
		"__Host-verlof-device=" + e.Device + "; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax",
	}
	if d := cmp.Diff(want, w.Header()["Set-Cookie"]); d != "" {
		t.Errorf("cookies (-want +got)\n%s", d)
	}
	r := request(w)
	if p, err := h.Person(r); err != nil || p != "ana" {
		t.Errorf("person %q, %v", p, err)
	}
	v := h.Visitor(r, netip.MustParseAddr(home))
	if v.Session != e.Token || v.Device != e.Device {
		t.Errorf("visitor %+v", v)
	}
	w = httptest.NewRecorder()
	h.Drop(w)
	if got := w.Header().Get("Set-Cookie"); got != "__Host-verlof-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax" {
		t.Errorf("dropped by %q", got)
	}
}

func TestCookiesWithoutTLS(t *testing.T) {
	h := newHouse(t)
	h.Plain = true
	w := httptest.NewRecorder()
	h.Keep(w, h.ana(from(home)))
	if p, err := h.Person(request(w)); err != nil || p != "ana" {
		t.Errorf("person %q, %v", p, err)
	}
	h.Plain = false
	_, err := h.Person(request(w))
	refused(t, err, errs.Unauthenticated, "identity.error.signed_out")
	_, err = h.Person(httptest.NewRequest("GET", "/", nil))
	refused(t, err, errs.Unauthenticated, "identity.error.signed_out")
}
