// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/notify"
	"verlof/people"
	"verlof/store"
	"verlof/tenant"
)

// outbox is a customer's outbox as notify wants it.
type outbox struct {
	store.Outbox
	kept func() bool // whether nothing may be taken away: there is a legal hold
}

// Claim is part of notify.Queue.
func (o outbox) Claim(ctx context.Context, now, until time.Time, limit int) ([]notify.Row, error) {
	rows, err := o.Outbox.Claim(ctx, now, until, limit)
	var out []notify.Row
	for _, r := range rows {
		out = append(out, notify.Row{ID: r.ID, Key: r.Key, Kind: r.Kind, Payload: r.Payload, At: r.At.UnixMicro(), Attempts: r.Attempts})
	}
	return out, err
}

// Sent is part of notify.Queue.
func (o outbox) Sent(ctx context.Context, id string, now time.Time) error { return o.End(ctx, id, now) }

// Split is part of notify.Queue.
func (o outbox) Split(ctx context.Context, id string, now time.Time, parts []notify.Row) error {
	var rows []store.OutboxRow
	for _, p := range parts {
		rows = append(rows, store.OutboxRow{Key: p.Key, Kind: p.Kind, Payload: p.Payload, At: time.UnixMicro(p.At)})
	}
	return o.End(ctx, id, now, rows...)
}

// HasOld is part of notify.Queue. Under a legal hold nothing may be forgotten.
func (o outbox) HasOld(ctx context.Context, before time.Time) (bool, error) {
	old, err := o.Outbox.HasOld(ctx, before)
	return old && !o.kept(), err
}

// desk is what letters need to know of a customer: a notify.Directory.
type desk struct {
	t       *tenant.Tenant
	s       *settings
	tenants *tenant.Directory
}

// Site is part of notify.Directory.
func (d desk) Site(ctx context.Context) (notify.Site, error) {
	set, err := d.t.People.Settings(ctx)
	return notify.Site{ID: d.t.ID, Name: set.Name, URL: d.s.site(d.t.Hosts[0]), Locale: set.Language,
		From: mail.Address{Address: d.s.MailFrom}}, err
}

// Person is part of notify.Directory.
func (d desk) Person(ctx context.Context, id string) (notify.Person, error) {
	var p people.Person
	err := d.t.People.Store.View(ctx, func(tx people.Tx) (err error) {
		p, err = tx.Person(people.ID(id))
		return err
	})
	return recipient(p), err
}

func recipient(p people.Person) notify.Person {
	return notify.Person{ID: string(p.ID), Name: p.Name(), Mail: p.Email, Locale: p.Language}
}

// Request is part of notify.Directory.
func (d desk) Request(ctx context.Context, id string) (notify.Request, error) {
	r, err := d.request(ctx, id)
	if errs.Is(err, errs.NotFound) {
		c, err := d.claim(ctx, id)
		if errs.Is(err, errs.NotFound) {
			return d.notice(ctx, id)
		}
		return c, err
	}
	if err != nil {
		return notify.Request{}, err
	}
	book, err := d.t.Leave.Rules(ctx)
	if err != nil {
		return notify.Request{}, err
	}
	out := askedFor(book, &r)
	if r.State.Counts() {
		out.Substitute = string(r.Covered())
	}
	if !out.Pending || r.Revises == "" {
		return out, nil
	}
	was, err := d.request(ctx, r.Revises)
	if errs.Is(err, errs.NotFound) {
		return out, nil
	}
	before := askedFor(book, &was)
	out.Was = &before
	return out, err
}

// askedFor returns what a mail says of leave that is asked for. It keeps the name of a private type to itself, and what it
// costs.
func askedFor(book *leave.Rulebook, r *leave.Request) notify.Request {
	out := notify.Request{ID: r.ID, Person: string(r.Person), From: r.From, To: r.To, First: r.First, Last: r.Last,
		Pending: r.State == leave.Pending, Withdrawn: r.State == leave.Withdrawn, Reason: r.Reason}
	if t, ok := book.Type(r.Type); ok && !t.Private {
		out.Type, out.Amount, out.InMinutes = t.Name, leave.Total(r.Costs(), t.Unit), t.Unit == leave.Hours
	}
	return out
}

func (d desk) request(ctx context.Context, id string) (r leave.Request, err error) {
	err = d.t.Leave.Store.View(ctx, func(tx leave.Tx) error {
		r, err = tx.Request(id)
		return err
	})
	return r, err
}

// claim returns what a mail says of a claim: of an event nothing but that there is
// one, of the others no name of a private type.
func (d desk) claim(ctx context.Context, id string) (notify.Request, error) {
	var c leave.Claim
	err := d.t.Leave.Store.View(ctx, func(tx leave.Tx) (err error) {
		c, err = tx.Claim(id)
		return err
	})
	if err != nil {
		return notify.Request{}, err
	}
	out := notify.Request{ID: c.ID, Person: string(c.Person), From: c.Date, To: c.Date, Pending: c.State == leave.Pending,
		Reason: c.Reason, Claim: string(c.Kind)}
	book, err := d.t.Leave.Rules(ctx)
	if err != nil || c.Kind == leave.ClaimEvent {
		return out, err
	}
	t, _ := book.Type(c.Type)
	out.Amount, out.InMinutes = c.Amount, t.Unit == leave.Hours
	if c.Kind == leave.ClaimOvertime {
		out.Amount, out.InMinutes, out.Percent = exact.Int(int64(c.Minutes)), true, c.Factor
	}
	if !t.Private {
		out.Type = t.Name
	}
	return out, nil
}

// notice returns what a mail says of leave that ends.
func (d desk) notice(ctx context.Context, id string) (notify.Request, error) {
	var n leave.Notice
	err := d.t.Leave.Store.View(ctx, func(tx leave.Tx) (err error) {
		n, err = tx.Notice(id)
		return err
	})
	if err != nil {
		return notify.Request{}, err
	}
	book, err := d.t.Leave.Rules(ctx)
	t, _ := book.Type(n.Type)
	out := notify.Request{ID: n.ID, Person: string(n.Person), From: n.Ends, To: n.Ends, Claim: "notice", Amount: n.Amount,
		InMinutes: t.Unit == leave.Hours, Rest: string(n.Rest)}
	if !t.Private {
		out.Type = t.Name
	}
	return out, err
}

// Deciders is part of notify.Directory: those whom a request that waits, or a claim, is
// put to, or was until the request was taken back. Of anything else those who lead the
// person, or, where nobody does, the administrators.
func (d desk) Deciders(ctx context.Context, request string) ([]string, error) {
	r, err := d.Request(ctx, request)
	if err != nil {
		return nil, err
	}
	if r.Claim == "" && (r.Pending || r.Withdrawn) {
		ids, err := d.t.Leave.Asked(ctx, request)
		return plain(ids), err
	}
	if r.Claim != "" {
		ids, err := d.t.Leave.ClaimAsked(ctx, request)
		return plain(ids), err
	}
	org, err := d.t.People.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	whose := people.ID(r.Person)
	if leaders := org.Leaders(whose); len(leaders) > 0 {
		return plain(leaders), nil
	}
	return plain(slices.DeleteFunc(org.Administrators(), func(id people.ID) bool { return id == whose })), nil
}

func plain(ids []people.ID) []string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return out
}

// Settle is part of notify.Directory.
func (d desk) Settle(ctx context.Context, request string) error {
	return d.t.Leave.Settle(ctx, request)
}

// StandsIn is part of notify.Directory.
func (d desk) StandsIn(ctx context.Context, id, person string) (bool, error) {
	return d.t.Leave.StandsIn(ctx, people.ID(id), people.ID(person))
}

// MakeDigests is part of notify.Directory.
func (d desk) MakeDigests(ctx context.Context) error { return d.t.Leave.MakeDigests(ctx) }

// Digest is part of notify.Directory. While the customer is out of service, or the person is shut out, nobody is
// told anything.
func (d desk) Digest(ctx context.Context, person, day string) (notify.Digest, error) {
	on, err := calendar.Parse(day)
	if err != nil {
		return notify.Digest{}, err
	}
	if serves, err := d.tenants.InService(ctx, d.t.ID); err != nil || !serves {
		return notify.Digest{}, err
	}
	if admits, err := d.t.Identity.Admits(ctx, people.ID(person)); err != nil || !admits {
		return notify.Digest{}, err
	}
	x, err := d.t.Leave.DigestFor(ctx, people.ID(person), on)
	return notify.Digest{Weekly: x.Every == leave.WeeklyDigest, Range: x.Range, Away: told(x.Away), Soon: told(x.Soon)}, err
}

// Weigh is part of notify.Directory. Of a private type it tells no balance, and why others are away it tells of nobody.
func (d desk) Weigh(ctx context.Context, request, decider string) (notify.Weighing, error) {
	x, err := d.t.Leave.Detail(ctx, people.ID(decider), request)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) || errs.Is(err, errs.Unauthenticated) {
		return notify.Weighing{}, nil
	}
	if err != nil {
		return notify.Weighing{}, err
	}
	out := notify.Weighing{AnswerBy: x.AnswerBy, Due: x.Waits().Due}
	for _, y := range x.Years {
		if !x.Type.Private {
			out.Left = append(out.Left, notify.Left{Year: y.Year, Amount: y.After, InMinutes: x.Type.Unit == leave.Hours})
		}
	}
	for _, b := range x.Breaches {
		if x.Type.Private && len(b.Limit.Types) > 0 {
			continue // its name may say what the type is
		}
		why := b.Reason()
		out.Limits = append(out.Limits, notify.Sentence{Key: why.Key, Args: why.Args})
	}
	for i := range x.Away {
		x.Away[i].Type = leave.Type{}
	}
	out.Away = told(x.Away)
	return out, nil
}

// told returns what mail tells of absences.
func told(list []leave.Absence) []notify.Away {
	var out []notify.Away
	for i := range list {
		a := &list[i]
		out = append(out, notify.Away{Name: a.Person.Name(), From: a.From, To: a.To, First: a.First, Last: a.Last, Type: a.Type.Name,
			Pending: a.Pending, Partly: a.Partly})
	}
	return out
}

// Line is part of notify.Directory. Of a private type it tells the day alone.
func (d desk) Line(ctx context.Context, id string) (notify.Line, error) {
	var x leave.Adjustment
	err := d.t.Leave.Store.View(ctx, func(tx leave.Tx) (err error) {
		x, err = tx.Adjustment(id)
		return err
	})
	if err != nil {
		return notify.Line{}, err
	}
	book, err := d.t.Leave.Rules(ctx)
	if err != nil {
		return notify.Line{}, err
	}
	out := notify.Line{Date: x.Date, Until: x.Until, Back: x.Undoes != ""}
	t, ok := book.Type(x.Type)
	if !ok || t.Private {
		return out, nil
	}
	out.Type, out.Amount, out.InMinutes, out.Reason = t.Name, x.Amount, t.Unit == leave.Hours, x.Reason
	today, err := d.t.Leave.Today(ctx, x.Person)
	if err != nil {
		return notify.Line{}, err
	}
	s, err := d.t.Leave.Statement(ctx, x.Person, x.Person, x.Type, max(today, x.Date))
	if err != nil {
		return notify.Line{}, err
	}
	left := s.Available // as the page says it first
	if s.Closed != nil {
		left = s.Balance
	}
	out.Left = []notify.Left{{Year: s.Year.From.Year(), Amount: left, InMinutes: out.InMinutes}}
	return out, nil
}

// Sick is part of notify.Directory. What is a mail's to tell it takes from the report's days
// alone.
func (d desk) Sick(ctx context.Context, report string) (notify.Sick, error) {
	var r leave.SickReport
	err := d.t.Leave.Store.View(ctx, func(tx leave.Tx) (err error) {
		r, err = tx.SickReport(report)
		return err
	})
	if err != nil {
		return notify.Sick{}, err
	}
	org, err := d.t.People.Organisation(ctx)
	if err != nil {
		return notify.Sick{}, err
	}
	out := notify.Sick{Person: string(r.Person), From: r.From, To: r.To, Expected: r.Expected, Known: org.Settings.SicknessKnown}
	for _, t := range org.Teams {
		if !slices.Contains(t.Members, r.Person) {
			continue
		}
		for _, id := range t.Managers {
			if id != r.Person && org.Person(id).Active {
				out.Leaders = append(out.Leaders, string(id))
			}
		}
	}
	return out, nil
}

// Call is part of notify.Directory.
func (d desk) Call(ctx context.Context, _ string, payload []byte) (notify.Call, error) {
	address, token, err := d.t.OpenID.LogoutToken(ctx, payload)
	return notify.Call{URL: address, Form: url.Values{"logout_token": {token}}}, err
}

// Tell is part of notify.Directory.
func (d desk) Tell(ctx context.Context, kind string, payload []byte) error {
	return d.tenants.Carry(ctx, d.t, kind, payload)
}

// Ending is part of notify.Directory.
func (d desk) Ending(ctx context.Context, admission string) ([]string, error) {
	ids, err := d.t.Bureaus.Ending(ctx, admission)
	return plain(ids), err
}

// Reopened is part of notify.Directory.
func (d desk) Reopened(ctx context.Context, announced time.Time) (bool, error) {
	return d.tenants.Reopened(ctx, d.t.ID, announced)
}

// Account is part of notify.Directory.
func (d desk) Account(ctx context.Context, kind string, payload []byte) (notify.Account, error) {
	l, err := d.t.Identity.Letter(ctx, kind, payload)
	if err != nil {
		return notify.Account{}, err
	}
	org, err := d.t.People.Organisation(ctx)
	if err != nil {
		return notify.Account{}, err
	}
	at := l.At.In(org.ZoneOn(l.Person.ID, calendar.DateOf(l.At)))
	return notify.Account{Person: recipient(l.Person), At: at, Token: l.Token, Expires: l.Expires}, nil
}

// openMail returns what a notify.Worker opens customers with.
func (s *settings) openMail(d *tenant.Directory) func(context.Context, string, func(notify.Queue, notify.Directory) error) error {
	return func(ctx context.Context, tenantID string, f func(notify.Queue, notify.Directory) error) error {
		t, release, err := d.ByID(ctx, tenantID)
		if err != nil {
			return err
		}
		defer release()
		if t.Hold != nil {
			return nil // it rests; thawing it sends what waits
		}
		made := errors.Join(t.Leave.SettleAll(ctx), t.Leave.MakeDigests(ctx)) // what waits already, such as a link to sign in, goes all the same
		return errors.Join(made, f(outbox{t.Queue(), func() bool { return d.Held(t.ID) }}, desk{t, s, d}))
	}
}

// keepsMail reports whether mail reaches nobody: it is put into a folder, as without a setting, or thrown away.
func (s *settings) keepsMail() bool {
	return strings.HasPrefix(s.Mail, "dir:") || strings.HasPrefix(s.Mail, "discard:")
}

// sendNow sends what waits in a customer's outbox, for a verb that wrote there
// and knows of no server that would notice. It reports, and says, whether some could
// not be sent now and waits.
func (s *settings) sendNow(ctx context.Context, io *console, d *tenant.Directory, tenantID string) (waits bool, err error) {
	transport, err := notify.NewTransport(s.Mail)
	if err != nil {
		return false, err
	}
	m := notify.Mailer{Transport: transport, Now: time.Now}
	err = s.openMail(d)(ctx, tenantID, func(q notify.Queue, dir notify.Directory) error {
		r, err := m.Drain(ctx, q, dir)
		switch waits = r.Problem != nil; {
		case waits:
			io.say("the mail could not be sent now and waits in the outbox: %s", plainly(r.Problem))
		case r.Sent > 0 && s.keepsMail():
			io.say("no mail leaves this machine: it went to %s; name a mail server with --mail", s.Mail)
		}
		return err
	})
	return waits, err
}
