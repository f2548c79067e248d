// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"reflect"
	"slices"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/notify"
	"verlof/operate"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
	"verlof/tenant"
	"verlof/tenant/tenanttest"
)

// acmeAlone opens an installation with one customer, acme, that is made at the time of its clock.
func acmeAlone(t *testing.T, now func() time.Time) *tenant.Directory {
	t.Helper()
	in := tenanttest.Installation{At: now(), Fill: func(t testing.TB, d *tenant.Directory) {
		if _, err := d.Create(t.Context(), tenant.New{Slug: "acme", Name: "Acme", Hosts: []string{"acme.example.test"}, Language: "en"}); err != nil {
			t.Fatal(err)
		}
	}}
	return in.Open(t, now)
}

// TestDigestForThoseWhoMay: a digest tells nobody anything who may not come in at the moment: who is blocked, and everybody of a
// customer that is out of service. To the others it is sent once.
func TestDigestForThoseWhoMay(t *testing.T) {
	ctx, now := t.Context(), time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	d := acmeAlone(t, func() time.Time { return now })
	c := tenanttest.Held(t, d, "acme.example.test")
	storetest.Customer(t, c.DB(), 2, 25)
	reader, away := storetest.Worker(0), storetest.Worker(1)
	day := calendar.DateOf(now)
	r, err := c.Leave.Submit(ctx, away, leave.Ask{Person: away, Type: storetest.Holiday, Span: leave.Span{From: day, To: day.AddDays(1)}})
	if err == nil {
		err = c.Leave.Approve(ctx, storetest.Boss, r.ID, "")
	}
	if err == nil {
		err = c.Leave.ChooseDigest(ctx, reader, leave.DailyDigest, leave.DigestTeams)
	}
	hash, failed := d.Hasher.Hash(ctx, password)
	if err == nil {
		err = cmp.Or(failed, c.Identity.SetPassword(ctx, hash, reader))
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &settings{MailFrom: "leave@example.test"}
	mail := desk{c, s, d}
	tells := func(when string, person people.ID, want int) {
		t.Helper()
		got, err := mail.Digest(ctx, string(person), day.String())
		if err != nil || len(got.Away) != want {
			t.Errorf("%s: %+v, %v, want %d", when, got, err, want)
		}
	}
	act := func(f func() error) {
		t.Helper()
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	why := tenant.Why{By: "olga", Reason: "to see"}
	tells("as things are", reader, 1)
	tells("who wants none", away, 0)
	tells("nobody", "no such person", 0)
	act(func() error { return c.Identity.Block(ctx, reader) })
	tells("blocked", reader, 0)
	act(func() error { return c.Identity.Unblock(ctx, reader) })
	tells("no more blocked", reader, 1)
	act(func() error { return d.Suspend(ctx, "acme", why) })
	tells("out of service", reader, 0)
	act(func() error { return d.Resume(ctx, "acme", why) })
	tells("back in service", reader, 1)
	if _, err := mail.Digest(ctx, string(reader), "yesterday"); err == nil {
		t.Error("a day that is none is told of")
	}
	box := &notify.Memory{}
	m := notify.Mailer{Transport: box, Now: time.Now}
	drain := func(q notify.Queue, dir notify.Directory) error { _, err := m.Drain(ctx, q, dir); return err }
	now = now.AddDate(0, 0, 1)
	for range 2 { // it is made when the outbox is emptied the next morning, and once
		act(func() error { return s.openMail(d)(ctx, c.ID, drain) })
	}
	var got []string
	for _, m := range box.Messages() {
		if m.Stop != "" {
			got = append(got, m.To.Address+" "+m.Subject)
		}
	}
	if want := "worker0@acme.example Who is away on 3 Mar 2026"; len(got) != 1 || got[0] != want {
		t.Errorf("sent %q, want %q", got, want)
	}
}

// TestMailOfLeave: a mail says what leave is and costs, unless its type is private: then it says when alone.
func TestMailOfLeave(t *testing.T) {
	ctx, now := t.Context(), time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	d := acmeAlone(t, func() time.Time { return now })
	c := tenanttest.Held(t, d, "acme.example.test")
	storetest.Customer(t, c.DB(), 1, 25)
	who, day := storetest.Worker(0), calendar.DateOf(now)
	r, err := c.Leave.Submit(ctx, who, leave.Ask{Person: who, Type: storetest.Holiday, Span: leave.Span{From: day, To: day.AddDays(7)}})
	if err != nil {
		t.Fatal(err)
	}
	mail := desk{c, &settings{MailFrom: "leave@example.test"}, d}
	if got, err := mail.Request(ctx, r.ID); err != nil || got.Type != "Holiday" || !got.Amount.Equal(exact.Int(6)) || got.InMinutes {
		t.Errorf("tells %+v, %v", got, err)
	}
	keepPrivate(t, c, storetest.Holiday)
	if got, err := mail.Request(ctx, r.ID); err != nil || got.Type != "" || !got.Amount.IsZero() {
		t.Errorf("of a private type it tells %+v, %v", got, err)
	}
}

// TestMailOfLine: a mail on a line by hand says what it did and what there is to ask for then, of a private type from when it counts alone.
func TestMailOfLine(t *testing.T) {
	ctx, now := t.Context(), time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	d := acmeAlone(t, func() time.Time { return now })
	c := tenanttest.Held(t, d, "acme.example.test")
	storetest.Customer(t, c.DB(), 1, 25)
	who, day := storetest.Worker(0), calendar.DateOf(now)
	if _, err := c.Leave.Submit(ctx, who, leave.Ask{Person: who, Type: storetest.Holiday, Span: leave.Span{From: day.AddDays(7), To: day.AddDays(7)}}); err != nil {
		t.Fatal(err)
	}
	line := leave.Adjustment{Person: who, Type: storetest.Holiday, Date: day, Amount: exact.Int(-2), Reason: "agreed"}
	if err := c.Leave.Adjust(ctx, storetest.Admin, line, true); err != nil {
		t.Fatal(err)
	}
	all, err := c.Leave.ByHand(ctx, storetest.Admin)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d lines, %v", len(all), err)
	}
	mail := desk{c, &settings{MailFrom: "leave@example.test"}, d}
	got, err := mail.Line(ctx, all[0].Line.ID)
	if err != nil || got.Type != "Holiday" || !got.Amount.Equal(exact.Int(-2)) || got.Reason != "agreed" || got.Date != day ||
		len(got.Left) != 1 || got.Left[0].Year != 2026 || !got.Left[0].Amount.Equal(exact.Int(22)) {
		t.Errorf("tells %+v, %v", got, err)
	}
	keepPrivate(t, c, storetest.Holiday)
	if got, err := mail.Line(ctx, all[0].Line.ID); err != nil || !reflect.DeepEqual(got, notify.Line{Date: day}) {
		t.Errorf("of a private type it tells %+v, %v", got, err)
	}
}

// TestMailOfWithdrawn: that a request is taken back hear those whom it was put to, not those who lead
// the person and never heard of it.
func TestMailOfWithdrawn(t *testing.T) {
	ctx, now := t.Context(), time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	d := acmeAlone(t, func() time.Time { return now })
	c := tenanttest.Held(t, d, "acme.example.test")
	storetest.Customer(t, c.DB(), 2, 25)
	who, named, day := storetest.Worker(0), storetest.Worker(1), calendar.DateOf(now).AddDays(7)
	rule := leave.ApprovalRule{Name: "Named", Steps: []leave.Step{{Who: leave.Named, Person: named}}}
	if _, err := c.Leave.SaveApprovalRule(ctx, storetest.Admin, rule); err != nil {
		t.Fatal(err)
	}
	r, err := c.Leave.Submit(ctx, who, leave.Ask{Person: who, Type: storetest.Holiday, Span: leave.Span{From: day, To: day}})
	if err == nil {
		err = c.Leave.Withdraw(ctx, who, r.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	got, err := desk{c, &settings{MailFrom: "leave@example.test"}, d}.Deciders(ctx, r.ID)
	if err != nil || !slices.Equal(got, []string{string(named)}) {
		t.Errorf("%v, %v", got, err)
	}
}

// TestMailWeighs: the mail on a request tells its decider what is left afterwards, who else is away but not why, and which
// limit is broken; of a private type neither balance nor its own limits, and nothing to somebody who may not decide. Of a
// changed request it tells what it was.
func TestMailWeighs(t *testing.T) {
	ctx, now := t.Context(), time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	d := acmeAlone(t, func() time.Time { return now })
	c := tenanttest.Held(t, d, "acme.example.test")
	storetest.Customer(t, c.DB(), 3, 25)
	day := calendar.DateOf(now)
	ask := func(i int, typ string, revises string, days int) string {
		t.Helper()
		who := storetest.Worker(i)
		r, err := c.Leave.Submit(ctx, who, leave.Ask{Person: who, Type: typ, Revises: revises, Span: leave.Span{From: day, To: day.AddDays(days - 1)}})
		if err != nil {
			t.Fatal(err)
		}
		return r.ID
	}
	for _, l := range []leave.Limit{{Name: "Desk", Kind: leave.MostAway, Number: 1, Warn: true},
		{Name: "Fair", Kind: leave.MostAway, Number: 1, Warn: true, Types: []string{storetest.Holiday}}} {
		if _, err := c.Leave.SaveLimit(ctx, storetest.Admin, l); err != nil {
			t.Fatal(err)
		}
	}
	ask(1, storetest.Sickness, "", 2)
	first := ask(0, storetest.Holiday, "", 5)
	now = now.Add(time.Minute)
	request := ask(0, storetest.Holiday, first, 3)
	mail := desk{c, &settings{MailFrom: "leave@example.test"}, d}
	weighed := func(request string, by people.ID) notify.Weighing {
		t.Helper()
		x, err := mail.Weigh(ctx, request, string(by))
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	x := weighed(request, storetest.Boss)
	if len(x.Left) != 1 || !x.Left[0].Amount.Equal(exact.Int(22)) || x.Left[0].Year != 2026 || len(x.Limits) != 2 {
		t.Errorf("left %+v, limits %+v", x.Left, x.Limits)
	}
	if len(x.Away) != 1 || x.Away[0].From != day || x.Away[0].Type != "" {
		t.Errorf("away %+v", x.Away)
	}
	if x := weighed(request, storetest.Worker(2)); len(x.Left)+len(x.Away)+len(x.Limits) > 0 {
		t.Errorf("a colleague is told %+v", x)
	}
	if r, err := mail.Request(ctx, request); err != nil || r.Was == nil || r.Was.To != day.AddDays(4) || !r.Was.Amount.Equal(exact.Int(5)) {
		t.Errorf("%+v, %v", r, err)
	}
	keepPrivate(t, c, storetest.Holiday)
	if x := weighed(request, storetest.Boss); len(x.Left) > 0 || len(x.Limits) != 1 || x.Limits[0].Args[1] != "Desk" {
		t.Errorf("of a private type %+v", x)
	}
}

// keepPrivate has a leave type be told to nobody who need not know.
func keepPrivate(t *testing.T, c *tenant.Tenant, typ string) {
	t.Helper()
	rules, err := c.Leave.Rules(t.Context())
	if err == nil {
		x, _ := rules.Type(typ)
		x.Private = true
		err = c.Leave.Store.Update(t.Context(), func(tx leave.Tx) error { return tx.SaveType(x) })
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestOutboxUnderALegalHold: what ended long ago stays in the outbox for as long as there is a legal hold, and goes then.
func TestOutboxUnderALegalHold(t *testing.T) {
	ctx, now := t.Context(), time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	d := acmeAlone(t, func() time.Time { return now })
	c := tenanttest.Held(t, d, "acme.example.test")
	why := tenant.Why{By: "olga", Reason: "case 7"}
	enqueued := func(key string) (found bool) {
		err := c.DB().View(ctx, func(tx *store.Tx) (err error) {
			found, err = tx.Enqueued(key)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	s, at := &settings{MailFrom: "leave@example.test"}, time.Now().Add(time.Minute)
	drained := func() {
		t.Helper()
		m := notify.Mailer{Transport: &notify.Memory{}, Now: func() time.Time { return at }}
		err := s.openMail(d)(ctx, c.ID, func(q notify.Queue, dir notify.Directory) error { _, err := m.Drain(ctx, q, dir); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	err := c.DB().Update(ctx, func(tx *store.Tx) error { return tx.Enqueue("some.kind", "old", []byte("{}")) })
	if err == nil {
		err = d.Preserve(ctx, "acme", time.Time{}, why)
	}
	if err != nil {
		t.Fatal(err)
	}
	drained() // nobody knows the kind: it is given up
	at = at.Add(notify.Kept + 25*time.Hour)
	if drained(); !enqueued("old") {
		t.Error("something was taken away under a legal hold")
	}
	if err := d.Release(ctx, "acme", why); err != nil {
		t.Fatal(err)
	}
	if drained(); enqueued("old") {
		t.Error("it stays once the hold is released")
	}
}

// TestClosingWithdrawn: a mail that says when the site closes, and could not be sent before it began to, is not sent once the
// closing is withdrawn; that of the next one is.
func TestClosingWithdrawn(t *testing.T) {
	ctx, now := t.Context(), time.Now()
	d := acmeAlone(t, func() time.Time { return now })
	err := tenanttest.Held(t, d, "acme.example.test").DB().Leave().Update(ctx, func(tx leave.Tx) error {
		return tx.SavePerson(people.Person{ID: "kim", GivenName: "Kim", FamilyName: "Keeper", Email: "kim@acme.example", Roles: people.SystemManager, Active: true})
	})
	why, box := tenant.Why{By: "olga", Reason: "The contract ends."}, &notify.Memory{}
	s, m := &settings{MailFrom: "leave@example.test"}, notify.Mailer{Transport: box, Now: func() time.Time { return now.Add(time.Minute) }}
	announce := func(on string) error {
		now = now.Add(time.Second)
		until, parsed := time.Parse(time.DateOnly, on)
		n, err := operate.Announce(ctx, d, "acme", until)
		if n != 1 {
			t.Errorf("%d are written to", n)
		}
		now = now.Add(time.Second)
		return cmp.Or(parsed, err, d.BeginClose(ctx, "acme", until, false, why))
	}
	drain := func() error {
		row, err := d.Show(ctx, "acme")
		if err != nil {
			return err
		}
		return s.openMail(d)(ctx, row.ID, func(q notify.Queue, dir notify.Directory) error { _, err := m.Drain(ctx, q, dir); return err })
	}
	if err := cmp.Or(err, announce("2027-03-31"), drain(), d.Reopen(ctx, "acme", why), drain()); err != nil {
		t.Fatal(err)
	}
	if sent := box.Messages(); len(sent) > 0 {
		t.Errorf("withdrawn, and %q was sent", sent[0].Subject)
	}
	now = now.Add(time.Second)
	until := now.AddDate(0, 1, 0)
	if n, err := operate.Announce(ctx, d, "acme", until); n != 1 || err != nil {
		t.Fatalf("%d are written to, %v", n, err)
	}
	if err := drain(); err != nil || len(box.Messages()) != 1 {
		t.Errorf("announced anew: %d mails, %v", len(box.Messages()), err)
	}
}
