// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
)

// redeem chooses a password with a link.
func (h *house) redeem(token, password string) error {
	_, err := h.Redeem(context.Background(), identity.Redemption{Token: token, Password: password, Visitor: from(home)})
	return err
}

// resetLink asks for a reset and returns the token that the last mail carries.
func (h *house) resetLink(email string) string {
	h.t.Helper()
	h.must(h.RequestReset(h.t.Context(), email, from(far)))
	box := h.store.Outbox()
	last := box[len(box)-1]
	l, err := h.Letter(h.t.Context(), last.Kind, last.Payload)
	h.must(err)
	return l.Token
}

// gone demands that a link no longer works, and changes nothing.
func (h *house) gone(token string) {
	h.t.Helper()
	_, err := h.Holder(context.Background(), token)
	refused(h.t, err, errs.NotFound, "identity.error.link")
	before := h.Hasher.Computed()
	refused(h.t, h.redeem(token, another), errs.NotFound, "identity.error.link")
	if h.Hasher.Computed() != before {
		h.t.Error("a dead link cost a hash")
	}
}

func TestInvitation(t *testing.T) {
	h := newHouse(t)
	h.must(h.Invite(t.Context(), "eva"))
	letters := h.letters(identity.KindInvited)
	if len(letters) != 2 || letters[0].Person.ID != "cas" || letters[1].Person.ID != "eva" {
		t.Fatalf("letters %+v", letters)
	}
	eva := letters[1]
	if want := h.now().Add(14 * 24 * time.Hour); !eva.Expires.Equal(want) {
		t.Errorf("works until %v, want %v", eva.Expires, want)
	}
	p, err := h.Holder(t.Context(), eva.Token)
	if err != nil || p.ID != "eva" {
		t.Errorf("holder %q, %v", p.ID, err)
	}
	h.must(h.redeem(eva.Token, another))
	if _, err := h.try("eva@example.com", another, from(home)); err != nil {
		t.Errorf("sign in: %v", err)
	}
	h.gone(eva.Token)
	refused(t, h.Invite(t.Context(), "eva"), errs.Conflict, "identity.error.has_account")
	if changed := h.letters(identity.KindChanged); len(changed) != 1 || changed[0].Person.ID != "eva" || changed[0].Token != "" {
		t.Errorf("told of the change: %+v", changed)
	}
}

// TestInviteAll: many are invited at once, nobody twice, and nobody who has an account, may not
// sign in or has no address, even where the list that was asked for holds them.
func TestInviteAll(t *testing.T) {
	h := newHouse(t)
	h.store.SavePerson(people.Person{ID: "ida", Email: "ida@example.com", Active: true})
	h.store.SavePerson(people.Person{ID: "jon", Active: true})
	never, err := h.Uninvited(t.Context())
	h.must(err)
	if len(never) != 2 || never[0].ID != "eva" || never[1].ID != "ida" {
		t.Errorf("never invited: %+v", never)
	}
	everybody := []people.ID{"ana", "cas", "dia", "eva", "fay", "gus", "ida", "jon", "nobody"}
	for _, want := range []int{2, 0} {
		if n, err := h.InviteAll(t.Context(), everybody); err != nil || n != want {
			t.Errorf("%d invited, want %d: %v", n, want, err)
		}
	}
	var told []people.ID
	for _, l := range h.letters(identity.KindInvited) {
		told = append(told, l.Person.ID)
	}
	if !slices.Equal(told, []people.ID{"cas", "eva", "ida"}) {
		t.Errorf("letters to %v", told)
	}
}

func TestInviteRefuses(t *testing.T) {
	h := newHouse(t)
	box := len(h.store.Outbox())
	tests := []struct {
		name   string
		person people.ID
		kind   errs.Kind
		public string
	}{
		{"nobody", "nobody", errs.NotFound, ""},
		{"has_password", "ana", errs.Conflict, "identity.error.has_account"},
		{"blocked", "dia", errs.Conflict, "identity.error.blocked"},
		{"inactive", "fay", errs.Conflict, "identity.error.inactive"},
		{"no_address", "gus", errs.Invalid, "identity.error.no_address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { refused(t, h.Invite(t.Context(), tt.person), tt.kind, tt.public) })
	}
	if n := len(h.store.Outbox()); n != box {
		t.Errorf("%d mails came of refusals", n-box)
	}
}

// TestRedeemEndsEverything changes a password that somebody else knew: their
// session, and what their browser was known for, is gone.
func TestRedeemEndsEverything(t *testing.T) {
	h := newHouse(t)
	v := from(far)
	thief := h.ana(v)
	v.Device = thief.Device
	h.must(h.redeem(h.resetLink(anaMail), "drie stoelen op het dak"))
	h.signedIn(thief.Token, false)
	_, err := h.try(anaMail, password, v)
	refused(t, err, errs.Unauthenticated, "identity.error.sign_in")
	h.guess(1000, anaMail, everywhere)
	_, err = h.try(anaMail, password, v)
	mustWait(t, err)
	if _, err := h.try(anaMail, "drie stoelen op het dak", from(home)); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestLinkDies(t *testing.T) {
	tests := []struct {
		name string
		kill func(h *house)
	}{
		{"used", func(h *house) { h.must(h.redeem(h.resetLink(anaMail), password)) }},
		{"replaced", func(h *house) { h.resetLink(anaMail) }},
		{"too_old", func(h *house) { h.pass(time.Hour) }},
		{"blocked", func(h *house) { h.must(h.Block(h.t.Context(), "ana")) }},
		{"unblocked", func(h *house) {
			h.must(h.Block(h.t.Context(), "ana"))
			h.must(h.Unblock(h.t.Context(), "ana"))
		}},
		{"inactive", func(h *house) { h.store.SavePerson(people.Person{ID: "ana", Email: anaMail}) }},
		{"password_changed", func(h *house) {
			_, err := h.ChangePassword(h.t.Context(), identity.Change{Person: "ana", Current: password, New: another})
			h.must(err)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			token := h.resetLink(anaMail)
			tt.kill(h)
			h.gone(token)
		})
	}
	h := newHouse(t)
	h.gone("")
	h.gone("made-up")
	token := h.resetLink(anaMail)
	h.gone(string(identity.DigestOf(token)))
	h.pass(time.Hour - time.Second)
	h.must(h.redeem(token, another))
}

// TestInvitationOutlivesReset asks for a reset in the name of somebody invited.
func TestInvitationOutlivesReset(t *testing.T) {
	h := newHouse(t)
	invitation := h.letters(identity.KindInvited)[0]
	h.resetLink("cas@example.com")
	h.pass(13 * 24 * time.Hour)
	h.must(h.redeem(invitation.Token, another))
}

func TestWeakPasswordKeepsLink(t *testing.T) {
	h := newHouse(t)
	token := h.resetLink(anaMail)
	before := h.Hasher.Computed()
	refused(t, h.redeem(token, "kort"), errs.Invalid, "identity.error.password.short")
	if h.Hasher.Computed() != before {
		t.Error("a refused password was hashed")
	}
	h.must(h.redeem(token, another))
}

func TestRedeemTogether(t *testing.T) {
	h := newHouse(t)
	token := h.resetLink(anaMail)
	var won atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if h.redeem(token, another) == nil {
				won.Add(1)
			}
		})
	}
	group.Wait()
	if won.Load() != 1 {
		t.Errorf("%d won, want exactly one", won.Load())
	}
	if n := len(h.letters(identity.KindChanged)); n != 1 {
		t.Errorf("%d mails of a change, want 1", n)
	}
}

// TestResetsLookAlike holds each request for a reset against that for an unknown
// address.
func TestResetsLookAlike(t *testing.T) {
	of := func(email string) []string {
		h := newHouse(t)
		h.must(h.RequestReset(t.Context(), email, from(far)))
		if box := h.store.Outbox(); box[len(box)-1].Kind != identity.KindReset {
			t.Errorf("no row in the outbox for %s", email)
		}
		return h.store.TakeTrace()
	}
	want := of("nobody@example.com")
	for _, email := range []string{anaMail, "cas@example.com", "dia@example.com", "eva@example.com", "fay@example.com"} {
		t.Run(email, func(t *testing.T) {
			if d := cmp.Diff(want, of(email)); d != "" {
				t.Errorf("can be told from an unknown address (-unknown +this):\n%s", d)
			}
		})
	}
}

func TestWhoGetsAReset(t *testing.T) {
	tests := []struct {
		email string
		want  int
	}{
		{anaMail, 1}, {strings.ToUpper(anaMail), 1}, {"cas@example.com", 1},
		{"nobody@example.com", 0}, {"dia@example.com", 0}, {"eva@example.com", 0}, {"fay@example.com", 0},
	}
	for _, tt := range tests {
		t.Run(tt.email, func(t *testing.T) {
			h := newHouse(t)
			h.must(h.RequestReset(t.Context(), tt.email, from(far)))
			letters := h.letters(identity.KindReset)
			if len(letters) != tt.want {
				t.Fatalf("%d mails, want %d", len(letters), tt.want)
			}
			if tt.want == 1 && !letters[0].Expires.Equal(h.now().Add(time.Hour)) {
				t.Errorf("works until %v", letters[0].Expires)
			}
		})
	}
	h := newHouse(t)
	for _, email := range []string{"", "ana", "@example.com", "ana@", "a b@example.com", "a\x00@example.com"} {
		err := h.RequestReset(t.Context(), email, from(far))
		refused(t, err, errs.Invalid, "identity.error.address")
	}
}

// TestResetsAreFew floods one mailbox from everywhere, and asks from one network
// for everybody.
func TestResetsAreFew(t *testing.T) {
	h := newHouse(t)
	for i := range 60 {
		h.must(h.RequestReset(t.Context(), anaMail, everywhere(i)))
		h.pass(time.Second)
	}
	if n := len(h.letters(identity.KindReset)); n != 3 {
		t.Errorf("%d mails to one address, want 3", n)
	}
	h.pass(20 * time.Minute)
	h.resetLink(anaMail) // one more comes through

	asked := 0
	for ; h.RequestReset(t.Context(), "nobody@example.com", from("192.0.2.77")) == nil; asked++ {
	}
	if asked != 10 {
		t.Errorf("one network asked %d times, want 10", asked)
	}
	mustWait(t, h.RequestReset(t.Context(), benMail, from("192.0.2.77")))
	h.resetLink(benMail)
}

func TestStaleLetters(t *testing.T) {
	h := newHouse(t)
	h.must(h.RequestReset(t.Context(), anaMail, from(far)))
	h.pass(time.Hour)
	if n := len(h.letters(identity.KindReset)); n != 0 {
		t.Errorf("%d resets after an hour in the outbox, want none", n)
	}
	if n := len(h.letters(identity.KindInvited)); n != 1 {
		t.Errorf("%d invitations after an hour in the outbox, want one", n)
	}
	h.pass(14 * 24 * time.Hour)
	if n := len(h.letters(identity.KindInvited)); n != 0 {
		t.Errorf("%d invitations after a fortnight in the outbox, want none", n)
	}
	for _, payload := range []string{"", "{", `{"person":7}`} {
		if _, err := h.Letter(t.Context(), identity.KindReset, []byte(payload)); err == nil || errs.Is(err, errs.NotFound) {
			t.Errorf("payload %q: %v", payload, err)
		}
	}
	if _, err := h.Letter(t.Context(), "leave.approved", []byte(`{"person":"ana"}`)); !errs.Is(err, errs.NotFound) {
		t.Errorf("a kind of somebody else: %v", err)
	}
}

func TestIssueAndSendReset(t *testing.T) {
	h := newHouse(t)
	for person, kind := range map[people.ID]string{"ana": identity.KindReset, "cas": identity.KindInvited, "eva": identity.KindInvited} {
		l, err := h.Issue(t.Context(), person)
		if err != nil || l.Kind != kind || l.Person.ID != person {
			t.Errorf("issue for %s: %+v, %v", person, l, err)
		}
		h.must(h.redeem(l.Token, another))
	}
	for range 20 {
		h.must(h.SendReset(t.Context(), "ana"))
	}
	if n := len(h.letters(identity.KindReset)); n != 20 {
		t.Errorf("%d resets that an operator asked for, want 20", n)
	}
	refused(t, h.SendReset(t.Context(), "dia"), errs.Conflict, "identity.error.blocked")
	refused(t, h.SendReset(t.Context(), "gus"), errs.Invalid, "identity.error.no_address")
	h.must(h.SendReset(t.Context(), "ben"))
}
