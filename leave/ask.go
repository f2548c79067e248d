// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/id"
	"verlof/people"
)

// Limits of what can be asked.
const (
	MaxSpanDays = 366
	MaxNote     = 2000 // characters
)

// hearing is everything that a refusal or a preview rests on.
type hearing struct {
	scene *scene
	facts *Facts
	typ   Type
	ask   Ask
	old   *Request // the leave that it is to take the place of, or nil; facts do not hold it

	before *Request // the request that waits and that it is to revise, or nil; nor do they hold that
}

// hear reads what is needed to judge an ask. It reports NotFound for a person
// for whom the viewer may not ask, and Invalid for what is not well formed.
func (c *scene) hear(ask Ask) (*hearing, error) {
	if !c.viewer.MayAskFor(ask.Person) {
		return nil, errs.New(errs.NotFound, "people.error.no_person")
	}
	f, err := c.factsToAsk(ask.Person)
	if err != nil {
		return nil, err
	}
	h := &hearing{scene: c, facts: f, ask: ask}
	if err := h.revise(); err != nil {
		return nil, err
	}
	t, ok := c.book.Type(ask.Type)
	if !ok || t.Retired && !h.keeps(t.ID) {
		return nil, errs.New(errs.Invalid, "leave.error.no_type").At("type")
	}
	h.typ = t
	if err := h.check(); err != nil || h.ask.Replaces == "" {
		return h, err
	}
	if h.old, err = c.replaced(h.ask, h.facts); err == nil {
		h.facts = without(h.facts, h.ask.Replaces)
	}
	return h, err
}

// keeps reports whether the ask keeps the type of what it changes: nobody else may ask for one that is not offered any more.
func (h *hearing) keeps(typ string) bool {
	return h.ask.Replaces != "" || h.before != nil && h.before.Type == typ
}

// check refuses spans that are not well formed.
func (h *hearing) check() error {
	a := h.ask
	switch {
	case a.From.IsZero():
		return errs.New(errs.Invalid, "leave.error.from_missing").At("from")
	case a.To.IsZero():
		return errs.New(errs.Invalid, "leave.error.to_missing").At("to")
	case a.To < a.From:
		return errs.New(errs.Invalid, "leave.error.backwards").At("to")
	case a.Range().Days() > MaxSpanDays:
		return errs.New(errs.Invalid, "leave.error.too_long", "days", MaxSpanDays).At("to")
	case len([]rune(a.Note)) > MaxNote:
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("note")
	}
	if err := h.scene.within(a.To, "to"); err != nil {
		return err
	}
	for _, p := range []calendar.Portion{a.First, a.Last} {
		if p.Kind == calendar.Hours && p.Hours.IsZero() {
			return errs.New(errs.Invalid, "leave.error.hours_backwards").At("hours")
		}
		if h.typ.WholeDays && p.Kind != calendar.Whole {
			return errs.New(errs.Invalid, "leave.error.whole_days").At("portion")
		}
	}
	if a.To > a.From && (a.First.Kind == calendar.Morning || a.Last.Kind == calendar.Afternoon) {
		return errs.New(errs.Invalid, "leave.error.hole").At("portion")
	}
	return nil
}

// Refusal returns why leave of type t over span s cannot be granted to f's person
// as things stand: a Conflict, or nil. charges are what it would cost.
func (b *Rulebook) Refusal(f *Facts, t Type, s Span, charges []Charge) error {
	if !f.EmployedOn(s.From) || !f.EmployedOn(s.To) {
		return errs.New(errs.Conflict, "leave.error.not_employed").At("from")
	}
	if len(charges) == 0 {
		return errs.New(errs.Conflict, "leave.error.nothing").At("from")
	}
	for i := range f.Requests {
		if r := &f.Requests[i]; r.State.Counts() && b.Overlap(f, r.Span, s) {
			return errs.New(errs.Conflict, "leave.error.overlap", "dates", r.Range()).At("from")
		}
	}
	asked := Request{Type: t.ID, Span: s, State: Approved, Charges: charges}
	if err := b.overdrawn(f, t, asked); err != nil {
		return errs.As(err).At("to")
	}
	return nil
}

// overdrawn refuses r, which f does not hold, where a taking goes short because of it. It says by how much where that is
// what r costs less what there is: not where one may go below zero, where what is booked already misses it, or where a later
// grant repays a debt.
func (b *Rulebook) overdrawn(f *Facts, t Type, r Request) error {
	if !t.Entitled {
		return nil
	}
	over := b.overdraws(f, t, r)
	if over.Sign() <= 0 {
		return nil
	}
	with := *f
	if with.Today.IsZero() {
		with.Today = r.From
	}
	in := func(v exact.Rat) Amount { return Amount{v, t.Unit} }
	refused, last := errs.New(errs.Conflict, "leave.error.balance"), r.Charges[len(r.Charges)-1].Date
	cost, left := Total(r.Charges, t.Unit), b.Available(&with, t, last)
	if left.Sign() >= 0 && cost.Sub(left).Equal(over) {
		return refused.Closely("leave.error.balance_by", "cost", in(cost), "left", in(left), "over", in(over))
	}
	if until, ends := b.endsWithin(&with, t, calendar.Range{From: r.Charges[0].Date, To: last}); ends.Sign() > 0 {
		return refused.Closely("leave.error.balance_until", "left", in(ends), "date", until)
	}
	return refused
}

// endsWithin returns what is there on the first of some days and lapses before the last of them, and the last day of it.
func (b *Rulebook) endsWithin(f *Facts, t Type, days calendar.Range) (until calendar.Date, left exact.Rat) {
	for _, x := range b.Statement(f, t, days.From).Buckets {
		switch {
		case x.Until >= days.To || x.Onward != nil || x.Until < until:
		case x.Until > until:
			until, left = x.Until, x.Left
		default:
			left = left.Add(x.Left)
		}
	}
	return until, left
}

// overdraws returns by how much takings go short because of r, which f does not
// hold: r's own days, or those that are booked already, be it that who is away
// earns less.
func (b *Rulebook) overdraws(f *Facts, t Type, r Request) exact.Rat {
	with := *f
	if with.Today.IsZero() {
		with.Today = r.From
	}
	before := with
	with.asked = &r
	short := b.account(with.sorted(), t, 0).short()
	if short.Sign() <= 0 {
		return short // as nearly always: it need not be worked out what was short before
	}
	return short.Sub(b.account(before.sorted(), t, 0).short())
}

// refusal returns why the ask cannot be granted as things stand, or nil.
func (h *hearing) refusal(charges []Charge) error {
	if !h.facts.Person.Active {
		return errs.New(errs.Conflict, "people.error.inactive")
	}
	return cmp.Or(h.changesNothing(), h.tooEarly(), h.scene.book.Refusal(h.facts, h.typ, h.ask.Span, charges))
}

// tooEarly refuses what leave years grant where it is asked for beyond the Horizon. Whoever keeps the person's balances may
// go beyond it.
func (h *hearing) tooEarly() error {
	c, to := h.scene, h.ask.To
	today := c.todayOf(h.ask.Person)
	reaches := func(r *Request) bool { return r != nil && to <= r.To }
	if to <= today.AddYears(1) || reaches(h.old) || reaches(h.before) || c.records(h.ask.Person) {
		return nil
	}
	if terms, ok := c.book.termsOn(h.facts, h.typ, to); !ok || !terms.Event.IsZero() {
		return nil
	}
	if last := c.book.Horizon(h.facts, h.typ, today); to > last {
		return errs.New(errs.Conflict, "leave.error.too_early", "date", last).At("to")
	}
	return nil
}

// substitute refuses the substitute that is asked for, or that there is none.
func (h *hearing) substitute() error {
	return h.scene.checkSubstitute(&h.typ, h.ask.Person, h.ask.Span, h.ask.Substitute)
}

// request returns the ask as a pending request.
func (h *hearing) request() Request {
	return Request{Person: h.ask.Person, Type: h.typ.ID, Span: h.ask.Span, State: Pending,
		Note: strings.TrimSpace(h.ask.Note), AskedBy: h.scene.viewer.ID, Replaces: h.ask.Replaces, Revises: h.ask.Revises,
		Substitutes: h.scene.firstSubstitute(h.ask.Substitute)}
}

// Preview works out what a request would cost and leave. It writes nothing.
// Problem says why the request would be refused now; the error is for what
// cannot be worked out at all.
func (s *Service) Preview(ctx context.Context, by people.ID, ask Ask) (Preview, error) {
	var p Preview
	err := s.view(ctx, by, func(c *scene) error {
		h, err := c.hear(ask)
		if err != nil {
			return err
		}
		p = Preview{Person: h.facts.Person, Type: h.typ, Span: ask.Span}
		p.Charges, p.Skipped = h.scene.book.Count(h.facts, h.typ, ask.Span)
		p.Clipped = h.scene.book.clipped(h.facts, ask.Span, p.Charges)
		p.Cost, p.Days = Total(p.Charges, h.typ.Unit), Total(p.Charges, Days)
		for _, c := range p.Charges {
			p.Minutes += c.Minutes
		}
		p.Years = h.scene.book.yearParts(h.facts, h.typ, p.Charges)
		p.Block = h.scene.book.blockAfter(h.facts, h.typ, Request{ID: "asked", Type: h.typ.ID, Span: ask.Span, Charges: p.Charges}, c.todayOf(ask.Person))
		if p.Problem = h.refusal(p.Charges); p.Problem == nil && ask.Substitute != "" {
			p.Problem = h.substitute()
		}
		if err := h.outlook(&p); err != nil {
			return err
		}
		r := h.request()
		if p.Covering, err = c.cover(&r); err != nil {
			return err
		}
		p.Away, err = c.beside(ask.Person, ask.Range())
		return err
	})
	return p, err
}

// clipped returns the days of s that are asked by the clock and cost less than those hours.
func (b *Rulebook) clipped(f *Facts, s Span, charges []Charge) []Clipped {
	var out []Clipped
	for _, c := range charges {
		var p calendar.Portion
		switch c.Date {
		case s.From:
			p = s.First
		case s.To:
			p = s.Last
		}
		if w, _, ok := b.Workday(f, c.Date); ok && c.Minutes < int(p.Hours.To-p.Hours.From) {
			out = append(out, Clipped{c.Date, w})
		}
	}
	return out
}

// atOnce reports whether a request needs no approval: its type needs none, or it only
// gives days of approved leave back where that needs none. Leave that was booked for many
// at once is not the person's to change alone.
func (h *hearing) atOnce(r *Request) bool {
	switch {
	case h.old == nil:
		return h.typ.Unapproved
	case h.old.Collective != "":
		return false
	}
	return h.typ.Unapproved || h.typ.FreeReturn && giveBack(h.old.Costs(), r.Charges)
}

// outlook says who would decide, and beyond which limits the leave would go.
func (h *hearing) outlook(p *Preview) error {
	found, err := h.scene.breaches(h.ask.Person, h.typ.ID, p.Charges, h.given()...)
	if err != nil {
		return err
	}
	p.Warned = warnings(found)
	if p.Problem == nil {
		p.Problem = refused(found)
	}
	if len(p.Charges) == 0 {
		return nil
	}
	r := h.request()
	r.Charges, r.AskedAt = p.Charges, h.scene.s.at()
	if h.atOnce(&r) {
		return nil
	}
	r.Route = h.scene.route(&r)
	way := h.scene.office().progress(&r, nil)
	p.Rule, p.Stages = way.Rule, way.Stages
	return nil
}

// yearParts splits charges by leave year and says what is available before and
// after. f does not hold the request.
func (b *Rulebook) yearParts(f *Facts, t Type, charges []Charge) []YearPart {
	if !t.Entitled || len(charges) == 0 {
		return nil
	}
	acc := b.account(f.sorted(), t, charges[len(charges)-1].Date)
	var out []YearPart
	for _, c := range charges {
		year := acc.years.label(c.Date)
		if n := len(out); n == 0 || out[n-1].Year != year {
			out = append(out, YearPart{Year: year, Before: b.Available(f, t, c.Date)})
		}
		last := &out[len(out)-1]
		last.Cost = last.Cost.Add(c.In(t.Unit))
		last.After = last.Before.Sub(last.Cost)
	}
	return out
}

// Submit asks for leave. It counts from now on: it blocks its days and reserves
// its cost. It reports Conflict where the days overlap other leave, lie outside
// the employment or beyond the Horizon, hold no work, or are more than there is. A
// request that it is to revise ends with it, and stays as it is where it is refused.
func (s *Service) Submit(ctx context.Context, by people.ID, ask Ask) (Request, error) {
	if err := s.settleRevised(ctx, &ask); err != nil {
		return Request{}, err
	}
	var r Request
	err := s.updateOf(ctx, by, ask.Person, func(c *scene) error {
		h, err := c.hear(ask)
		if err != nil {
			return err
		}
		if r, err = h.judge(); err != nil {
			return err
		}
		return h.put(&r)
	})
	if err != nil {
		return Request{}, fmt.Errorf("ask for leave: %w", err)
	}
	return r, nil
}

// judge returns the ask as a request with what it costs, or why it is refused.
func (h *hearing) judge() (Request, error) {
	c, r := h.scene, h.request()
	r.Charges, _ = c.book.Count(h.facts, h.typ, h.ask.Span)
	if err := cmp.Or(h.refusal(r.Charges), h.substitute()); err != nil {
		return r, err
	}
	if err := c.lockLimits(r.Person); err != nil {
		return r, err
	}
	found, err := c.breaches(r.Person, h.typ.ID, r.Charges, h.given()...)
	if err == nil {
		err = refused(found)
	}
	return r, err
}

// put writes a new request down, ends what it takes the place of, and has those told whom
// it concerns.
func (h *hearing) put(r *Request) error {
	c := h.scene
	r.ID, r.AskedAt, r.Route = id.New(c.s.Now()), c.s.at(), c.route(r)
	kind := r.asking()
	if h.atOnce(r) {
		r.State, r.DecidedBy, r.DecidedAt = Approved, c.viewer.ID, r.AskedAt
		kind = KindApproved
	}
	asked, err := h.endRevised(r)
	if err != nil {
		return err
	}
	if err := c.InsertRequest(*r); err != nil {
		return err
	}
	if r.State == Approved {
		if err := c.takePlace(r); err != nil {
			return err
		}
	}
	if err := c.follow(r); err != nil {
		return err
	}
	if err := h.tellUnasked(asked, r); err != nil {
		return err
	}
	return c.announce(kind, r)
}

// announce has those told of a new request whom it concerns: who is to do the work, and
// those who decide, unless the request has to wait for the former.
func (c *scene) announce(kind string, r *Request) error {
	if r.State == Pending {
		if err := c.tellSubstitute(KindSubstituteAsked, r); err != nil {
			return err
		}
	}
	if c.book.held(r) {
		return nil
	}
	return enqueue(c, kind, r, c.viewer.ID)
}

// enqueue writes the outbox row of something that happened to r. A request goes
// through each state once, so its id and the kind are the row's key.
func enqueue(tx Tx, kind string, r *Request, by people.ID) error {
	return put(tx, kind, kind+":"+r.ID, Event{Request: r.ID, Person: r.Person, By: by})
}

// put writes an outbox row of a kind, once for a key.
func put(tx Tx, kind, key string, e Event) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return tx.Enqueue(kind, key, payload)
}

// Adjust writes a line into a balance by hand, and tells the person so by mail where tell says. Those who
// keep balances may; the reason is required, since it is what the person will read. A line with an id is written
// once under it.
func (s *Service) Adjust(ctx context.Context, by people.ID, a Adjustment, tell bool) error {
	err := s.update(ctx, by, func(c *scene) error {
		if err := c.mayKeepBalance(a.Person); err != nil {
			return err
		}
		a := a
		a.By = by
		if _, done, err := once(c, a.ID, a.Person, c.Adjustment, a.asksAs); done || err != nil {
			return err
		}
		if t, ok := c.book.Type(a.Type); !ok || !t.Entitled {
			return errs.New(errs.Invalid, "leave.error.no_type").At("type")
		}
		if err := a.Check(); err != nil {
			return err
		}
		if err := c.within(a.Date, "date"); err != nil {
			return err
		}
		if err := c.hasClass(&a); err != nil {
			return err
		}
		a.ID, a.At = cmp.Or(a.ID, id.New(s.Now())), s.at()
		return c.writeLine(&a, tell)
	})
	if err != nil {
		return fmt.Errorf("adjust a balance of %s: %w", a.Person, err)
	}
	return nil
}

// Check tidies the reason of a line by hand, and refuses a line that cannot be.
func (a *Adjustment) Check() error {
	a.Reason = strings.TrimSpace(a.Reason)
	switch {
	case a.Date.IsZero():
		return errs.New(errs.Invalid, "leave.error.date_missing").At("date")
	case a.Amount.IsZero() || a.Amount.Cmp(exact.Int(1<<32)) > 0 || a.Amount.Cmp(exact.Int(-1<<32)) < 0:
		return errs.New(errs.Invalid, "leave.error.amount").At("amount")
	case a.Reason == "":
		return errs.New(errs.Invalid, "leave.error.reason_missing").At("reason")
	case len([]rune(a.Reason)) > MaxNote:
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("reason")
	case !a.Until.IsZero() && a.Until < a.Date:
		return errs.New(errs.Invalid, "leave.error.until_before").At("until")
	case a.Amount.Sign() < 0 && a.Undoes == "" && a.Class != "":
		return errs.New(errs.Invalid, "leave.error.line_takes").At("class")
	}
	return nil
}

// hasClass refuses a class that the person's policy does not tell apart on the day of a line.
func (c *scene) hasClass(a *Adjustment) error {
	if a.Class == "" {
		return nil
	}
	f, err := c.facts(a.Person)
	if err != nil {
		return err
	}
	t, _ := c.book.Type(a.Type)
	if terms, ok := c.book.termsOn(f, t, a.Date); !ok || !slices.Contains(terms.Classes(), a.Class) {
		return errs.New(errs.Invalid, "leave.error.class", "type", t.Name, "day", a.Date).At("class")
	}
	return nil
}
