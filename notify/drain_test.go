// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"verlof/errs"
)

var asked = Event{Request: "r1", Person: "ana", By: "ana"}

func TestDrainWritesToWhomItConcerns(t *testing.T) {
	tests := []struct {
		name, kind string
		event      Event
		want       string
	}{
		{"requested", "leave.requested", asked, "mia@acme.example noor@acme.example"},
		{"requested_by_a_manager", "leave.requested", Event{Request: "r1", Person: "ana", By: "mia"}, "noor@acme.example"},
		{"approved", "leave.approved", Event{Request: "r1", Person: "ana", By: "mia"}, "ana@acme.example"},
		{"approved_for_oneself", "leave.approved", Event{Request: "r1", Person: "ana", By: "ana"}, ""},
		{"refused", "leave.refused", Event{Request: "r1", Person: "ana", By: "mia"}, "ana@acme.example"},
		{"forwarded", "leave.forwarded", Event{Request: "r1", Person: "ana", By: "mia"}, "noor@acme.example"},
		{"reminder", "leave.reminder", Event{Request: "r1", Person: "ana"}, "mia@acme.example noor@acme.example"},
		{"stand_in", "leave.stand_in", Event{Request: "r1", Person: "ana", By: "ana", To: "mia"}, "mia@acme.example"},
		{"stand_in_no_more", "leave.stand_in", Event{Request: "r1", Person: "noor", By: "noor", To: "mia"}, ""},
		{"substitute", "leave.substitute_asked", Event{Request: "r3", Person: "ana", By: "ana", To: "bob"}, "bob@acme.example"},
		{"substitute_no_more", "leave.substitute_asked", Event{Request: "r3", Person: "ana", By: "ana", To: "mia"}, ""},
		{"substitute_free", "leave.substitute_free", Event{Request: "r3", Person: "ana", By: "ana", To: "mia"}, "mia@acme.example"},
		{"substitute_named_again", "leave.substitute_free", Event{Request: "r3", Person: "ana", By: "ana", To: "bob"}, ""},
		{"substitute_declined", "leave.substitute_declined", Event{Request: "r1", Person: "ana", By: "bob"}, "ana@acme.example"},
		{"substitute_declined_late", "leave.substitute_declined", Event{Request: "r3", Person: "ana", By: "bob"}, "ana@acme.example mia@acme.example noor@acme.example"},
		{"withdrawn", "leave.withdrawn", asked, "mia@acme.example noor@acme.example"},
		{"cancelled_by_a_manager", "leave.cancelled", Event{Request: "r1", Person: "ana", By: "noor"}, "ana@acme.example mia@acme.example"},
		{"invited", "identity.invited", Event{Person: "bob"}, "bob@acme.example"},
		{"reset", "identity.reset", Event{Person: "bob"}, "bob@acme.example"},
		{"reset_of_nobody", "identity.reset", Event{}, ""},
		{"changed", "identity.changed", Event{Person: "bob"}, "bob@acme.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, box, c := &fakeQueue{}, &flaky{}, &clock{start}
			q.put("k", tt.kind, tt.event)
			drain(t, &Mailer{Transport: box, Now: c.now}, q, acme())
			if got := box.recipients(); got != tt.want {
				t.Errorf("sent to %q, want %q", got, tt.want)
			}
			if s := q.states(); strings.Contains(s, "waiting") || strings.Contains(s, "given up") {
				t.Errorf("rows: %s", s)
			}
		})
	}
}

// faulty is a directory that cannot tell of one request without a fault of the program.
type faulty struct{ *fakeDirectory }

func (d faulty) Request(ctx context.Context, id string) (Request, error) {
	if id == "r1" {
		panic("a request without a person")
	}
	return d.fakeDirectory.Request(ctx, id)
}

// TestDrainPanics: a letter that cannot be written is tried again later, and holds up no other.
func TestDrainPanics(t *testing.T) {
	q, box, c := &fakeQueue{}, &flaky{}, &clock{start}
	q.put("a", "leave.approved", Event{Request: "r1", Person: "ana", By: "mia"})
	q.put("b", "identity.invited", Event{Person: "bob"})
	r := drain(t, &Mailer{Transport: box, Now: c.now}, q, faulty{acme()})
	if r.Failed != 1 || r.Sent != 1 || r.Problem == nil || box.recipients() != "bob@acme.example" {
		t.Errorf("%+v, sent to %s", r, box.recipients())
	}
	for _, row := range q.rows {
		if strings.Contains(row.fault, "\n") {
			t.Errorf("a stack is kept: %s", row.fault)
		}
	}
}

func TestDrainPassesOver(t *testing.T) {
	tests := []struct {
		name string
		mend func(d *fakeDirectory)
	}{
		{"decided_meanwhile", func(d *fakeDirectory) {
			r := d.requests["r1"]
			r.Pending = false
			d.requests["r1"] = r
		}},
		{"nobody_decides", func(d *fakeDirectory) { d.deciders = nil }},
		{"no_address", func(d *fakeDirectory) {
			d.deciders = []string{"mia"}
			d.people["mia"] = Person{ID: "mia", Name: "Mia"}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, box, c, dir := &fakeQueue{}, &flaky{}, &clock{start}, acme()
			tt.mend(dir)
			q.put("k", "leave.requested", asked)
			r := drain(t, &Mailer{Transport: box, Now: c.now}, q, dir)
			if got := q.states(); got != "k sent" || r.Sent != 0 || box.recipients() != "" {
				t.Errorf("rows %q, report %+v, sent to %q", got, r, box.recipients())
			}
		})
	}
}

// TestDrainAfterACrash: the mail left, and the row was not marked.
func TestDrainAfterACrash(t *testing.T) {
	for _, kind := range []string{"leave.approved", "leave.requested"} {
		t.Run(kind, func(t *testing.T) {
			q := &fakeQueue{failing: map[string]error{"Sent": errors.New("killed")}}
			box, c, dir := &flaky{}, &clock{start}, acme()
			dir.deciders = []string{"mia"}
			m := &Mailer{Transport: box, Now: c.now}
			q.put("k", kind, Event{Request: "r1", Person: "ana", By: "bob"})
			if _, err := m.Drain(t.Context(), q, dir); err == nil {
				t.Fatal("the crash went unseen")
			}
			if drain(t, m, q, dir); len(box.Messages()) != 1 {
				t.Fatal("a claimed row was sent before its lease ran out")
			}
			c.at = c.at.Add(lease)
			dir.deciders = []string{"mia", "noor"} // the second attempt splits the row
			drain(t, m, q, dir)
			sent := box.Messages()
			if len(sent) < 2 {
				t.Fatalf("sent %d times, want again after the crash", len(sent))
			}
			if sent[0].ID != sent[1].ID || sent[0].To != sent[1].To {
				t.Errorf("the copy cannot be told: %s to %s, %s to %s", sent[0].ID, sent[0].To.Address, sent[1].ID, sent[1].To.Address)
			}
			if !sent[0].Date.Equal(sent[1].Date) {
				t.Error("the copy has another date")
			}
		})
	}
}

// TestDrainAfterACrashWithASecret: the second mail holds another link, so no
// mailbox may take it for a copy of the first.
func TestDrainAfterACrashWithASecret(t *testing.T) {
	q := &fakeQueue{failing: map[string]error{"Sent": errors.New("killed")}}
	box, c, dir := &flaky{}, &clock{start}, acme()
	m := &Mailer{Transport: box, Now: c.now}
	q.put("k", "identity.reset", Event{Person: "bob"})
	_, _ = m.Drain(t.Context(), q, dir)
	c.at = c.at.Add(lease)
	drain(t, m, q, dir)
	sent := box.Messages()
	if len(sent) != 2 || sent[0].ID == sent[1].ID {
		t.Fatalf("%d mails, the same id: %t", len(sent), sent[0].ID == sent[1].ID)
	}
	if !strings.Contains(sent[1].Text, "/reset/secret2") || strings.Contains(sent[1].ID, "secret") {
		t.Error("the second mail does not hold the second secret, or its id tells it")
	}
}

func TestDrainBacksOffAndGivesUp(t *testing.T) {
	q, c, dir := &fakeQueue{}, &clock{start}, acme()
	box := &flaky{fail: map[string]error{"ana@acme.example": errDown}}
	m := &Mailer{Transport: box, Now: c.now}
	q.put("k", "leave.approved", Event{Request: "r1", Person: "ana", By: "mia"})
	var waits []time.Duration
	for range MaxAttempts + 3 {
		r := drain(t, m, q, dir)
		if r.Next.IsZero() {
			break
		}
		waits = append(waits, r.Next.Sub(c.at))
		c.at = r.Next.Add(-time.Second)
		if early := drain(t, m, q, dir); early.Failed != 0 {
			t.Fatal("tried before it was due")
		}
		c.at = r.Next
	}
	if len(waits) != MaxAttempts-1 || waits[0] != 30*time.Second || waits[1] != time.Minute || waits[10] != 6*time.Hour {
		t.Errorf("waited %v", waits)
	}
	if r := q.rows[0]; r.state != "given up" || r.Attempts != MaxAttempts || r.fault == "" {
		t.Errorf("row is %s after %d attempts, fault %q", r.state, r.Attempts, r.fault)
	}
	box.mend()
	if drain(t, m, q, dir); box.recipients() != "" {
		t.Error("a row that was given up was sent")
	}
}

func TestBackoff(t *testing.T) {
	last := time.Duration(0)
	for n := range 200 {
		d := Backoff(n)
		if d < last || d < 30*time.Second || d > 6*time.Hour {
			t.Fatalf("Backoff(%d) = %v after %v", n, d, last)
		}
		last = d
	}
}

func TestDrainFailingRecipientHoldsUpNobody(t *testing.T) {
	q, c := &fakeQueue{}, &clock{start}
	box := &flaky{fail: map[string]error{"mia@acme.example": errDown}}
	m := &Mailer{Transport: box, Now: c.now}
	q.put("k1", "leave.requested", asked)
	q.put("k2", "leave.approved", Event{Request: "r2", Person: "bob", By: "mia"})
	r := drain(t, m, q, acme())
	if got := box.recipients(); got != "bob@acme.example noor@acme.example" {
		t.Errorf("sent to %q", got)
	}
	if r.Sent != 2 || r.Failed != 1 || r.Problem == nil {
		t.Errorf("report %+v", r)
	}
	box.mend()
	c.at = r.Next
	drain(t, m, q, acme())
	if got := box.recipients(); got != "bob@acme.example noor@acme.example mia@acme.example" {
		t.Errorf("after the repair sent to %q: each must have one", got)
	}
}

func TestDrainGivesUpAtOnce(t *testing.T) {
	tests := []struct {
		name, kind string
		payload    any
		mail       string
	}{
		{"unknown_kind", "leave.exploded", asked, ""},
		{"broken_payload", "leave.approved", "text", ""},
		{"request_gone", "leave.requested", Event{Request: "r9", Person: "ana"}, ""},
		{"person_gone", "leave.approved", Event{Request: "r1", Person: "zoe"}, ""},
		{"address_is_none", "leave.approved", Event{Request: "r1", Person: "ana"}, "ana at acme"},
		{"address_with_newline", "leave.approved", Event{Request: "r1", Person: "ana"}, "ana@acme.example\r\nBcc: eve@evil.example"},
		{"two_addresses", "leave.approved", Event{Request: "r1", Person: "ana"}, "ana@acme.example, eve@evil.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, box, c, dir := &fakeQueue{}, &flaky{}, &clock{start}, acme()
			if tt.mail != "" {
				dir.people["ana"] = Person{ID: "ana", Name: "Ana", Mail: tt.mail}
			}
			q.put("k", tt.kind, tt.payload)
			r := drain(t, &Mailer{Transport: box, Now: c.now}, q, dir)
			if q.states() != "k given up" || r.GaveUp != 1 || box.recipients() != "" {
				t.Errorf("rows %q, report %+v, sent to %q", q.states(), r, box.recipients())
			}
			if f := q.rows[0].fault; f == "" || strings.Contains(f, "evil") {
				t.Errorf("fault %q", f)
			}
		})
	}
}

func TestDrainStops(t *testing.T) {
	q, c := &fakeQueue{}, &clock{start}
	ctx, cancel := context.WithCancel(t.Context())
	box := &stopping{cancel: cancel}
	q.put("k1", "leave.approved", Event{Request: "r1", Person: "ana", By: "mia"})
	q.put("k2", "leave.approved", Event{Request: "r2", Person: "bob", By: "mia"})
	_, err := (&Mailer{Transport: box, Now: c.now}).Drain(ctx, q, acme())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if got := q.states(); got != "k1 sent, k2 waiting" {
		t.Errorf("rows %q: what was sent must be marked, the rest must wait", got)
	}
}

// stopping ends the context while it sends.
type stopping struct {
	Memory
	cancel context.CancelFunc
}

func (s *stopping) Send(ctx context.Context, m Message) error {
	s.cancel()
	return s.Memory.Send(ctx, m)
}

// TestDrainForgets: what ended is there for as long as Kept says, and a day at most beyond; what waits is not forgotten however
// long it does. Of much that is old one drain takes some.
func TestDrainForgets(t *testing.T) {
	q, box, c, dir := &fakeQueue{}, &flaky{}, &clock{start}, acme()
	m := &Mailer{Transport: box, Now: c.now}
	q.put("sent", "leave.approved", Event{Request: "r1", Person: "ana", By: "mia"})
	q.put("given up", "leave.of_another_time", Event{})
	q.put("waits", "leave.stand_in", Event{})
	q.rows[2].due = start.AddDate(5, 0, 0)
	drain(t, m, q, dir)
	c.at = start.Add(Kept)
	q.put("of now", "leave.approved", Event{Request: "r1", Person: "ana", By: "mia"})
	drain(t, m, q, dir)
	c.at = start.Add(Kept + tidyAfter)
	if drain(t, m, q, dir); len(q.rows) != 4 {
		t.Errorf("too early: %s", q.states())
	}
	c.at = start.Add(Kept + tidyAfter + time.Second)
	for _, fault := range []error{errs.New(errs.Unavailable, ""), errors.New("broken")} {
		q.failing = map[string]error{"Forget": fault}
		if _, err := m.Drain(t.Context(), q, dir); (err == nil) != errs.Is(fault, errs.Unavailable) || len(q.rows) != 4 {
			t.Errorf("%v: %v, %s", fault, err, q.states())
		}
	}
	drain(t, m, q, dir)
	if got, want := q.states(), "waits waiting, of now sent"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for i := range 2*forgotten + 1 {
		q.rows = append(q.rows, &fakeRow{Row: Row{Key: fmt.Sprint("old", i)}, state: "sent", ended: start})
	}
	for left := forgotten + 1; left > 0; left -= min(left, forgotten) {
		if drain(t, m, q, dir); len(q.rows) != 2+left {
			t.Errorf("%d rows are left, want %d", len(q.rows), 2+left)
		}
	}
}
