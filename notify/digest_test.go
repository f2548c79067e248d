// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"net/mail"
	"strings"
	"testing"

	"verlof/errs"
)

// monday has ana told of 2 March.
var monday = Event{Person: "ana", Request: "2026-03-02"}

func TestDigestTells(t *testing.T) {
	m := mails(t, acme(), "leave.digest", monday)[0]
	want := `Hello Ana Example,

Away today:

Zoe Example: 2 Mar 2026, morning, Holiday, pending

Away in the next seven days:

Yan Example: 5–20 Mar 2026, partly away

See who is away:
https://acme.example:8443/calendar

Stop this email, or choose when it comes:
https://acme.example:8443/account/digest

`
	if text, _, _ := strings.Cut(m.Text, "-- \n"); text != want {
		t.Errorf("the mail says\n%s", text)
	}
	for _, part := range []string{"Zoe Example", "Yan Example", "Away in the next seven days:", `href="https://acme.example:8443/account/digest"`} {
		if !strings.Contains(m.HTML, part) {
			t.Errorf("no %q in\n%s", part, m.HTML)
		}
	}
}

// TestDigestOfAWeek: it names the days, and has one list.
func TestDigestOfAWeek(t *testing.T) {
	dir := acme()
	dir.digest.Weekly, dir.digest.Range.To, dir.digest.Soon = true, dir.digest.Range.From.AddDays(6), nil
	m := mails(t, dir, "leave.digest", monday)[0]
	if m.Subject != "Who is away: 2–8 Mar 2026" || !strings.Contains(m.Text, "Away this week:\n\nZoe Example") || strings.Contains(m.Text, "seven days") {
		t.Errorf("%s\n%s", m.Subject, m.Text)
	}
}

func TestDigestSaysThatNobodyIsAwayToday(t *testing.T) {
	dir := acme()
	dir.digest.Away = nil
	m := mails(t, dir, "leave.digest", monday)[0]
	if !strings.Contains(m.Text, "is away today.\n\nAway in the next seven days:\n\nYan") {
		t.Error(m.Text)
	}
}

// TestDigestWithNothingToTell: no mail leaves, and the row is done with.
func TestDigestWithNothingToTell(t *testing.T) {
	dir, q, c, box := acme(), &fakeQueue{}, &clock{start}, &Memory{}
	q.put("other day", "leave.digest", Event{Person: "ana", Request: "2026-03-03"})
	q.put("clock", "leave.digests", Event{})
	if r := drain(t, &Mailer{Transport: box, Now: c.now}, q, dir); r.Sent+r.Failed+r.GaveUp != 0 || len(box.Messages()) > 0 {
		t.Errorf("%+v, %d mails", r, len(box.Messages()))
	}
	if got := q.states(); got != "other day sent, clock sent" {
		t.Error(got)
	}
}

// TestDigestCanBeStopped: mail programs offer it too (RFC 2369), and of no other mail.
func TestDigestCanBeStopped(t *testing.T) {
	for kind, want := range map[string]string{"leave.digest": "<https://acme.example:8443/account/digest>", "leave.approved": ""} {
		e := monday
		if kind == "leave.approved" {
			e = Event{Request: "r1", Person: "ana", By: "mia"}
		}
		m, err := mail.ReadMessage(strings.NewReader(wire(t, mails(t, acme(), kind, e)[0])))
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Header.Get("List-Unsubscribe"); got != want {
			t.Errorf("%s: List-Unsubscribe %q, want %q", kind, got, want)
		}
	}
	m := mails(t, acme(), "leave.digest", monday)[0]
	m.Stop += ">\r\nBcc: eve@evil.example"
	if _, err := build(m); !errs.Is(err, errs.Invalid) {
		t.Errorf("a line break in the address: %v", err)
	}
}
