// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/events"
	"verlof/internal/exact"
	"verlof/internal/order"
	"verlof/leave"
	"verlof/people"
)

// Difference is what is otherwise now than it was in a past state, person by person and by
// name: those of whom nothing is are not in it. Reports of sickness are no part of it.
type Difference struct {
	State   time.Time // of the past
	Persons []PersonDifference
	Types   map[string]leave.Type // of now, and those of then that are gone
}

// PersonDifference is what is otherwise of one person.
type PersonDifference struct {
	Person   people.Person // as they are now; as they were, where they are gone
	Came     bool          // they were not there
	Gone     bool          // they are there no more
	Changed  bool          // name, mail address, roles or the like are not the same
	Jobs     []JobDifference
	Terms    []TermDifference
	Last     *events.Event // the last change of what Changed tells of
	Requests []RequestDifference
	Lines    []LineDifference
	Balances []BalanceDifference
}

// RequestDifference is a request that is not as it was; nil: it was, or is, not there.
type RequestDifference struct {
	Then, Now *leave.Request
	Last      *events.Event // the last change of it, where that is known still
	Again     bool          // it went, and the same leave was asked for again; or it is that leave
}

// LineDifference is a line by hand that was, or is, not there.
type LineDifference struct {
	Then, Now *leave.Adjustment
	Last      *events.Event
	Undone    bool // a later line took it back
}

// JobDifference is an employment that is not as it was; nil: it was, or is, not there.
type JobDifference struct {
	Then, Now *people.Employment
	Last      *events.Event
}

// TermDifference is a contract line that is not as it was; nil: it was, or is, not there.
type TermDifference struct {
	Then, Now *people.Contract
	Last      *events.Event
}

// BalanceDifference is what a person has left today by what was known then, and by what is
// known now, in the unit of the type.
type BalanceDifference struct {
	Type      leave.Type
	Then, Now exact.Rat
}

// Compare says what is otherwise now than in one of the customer's past states, of everybody
// or of one person. It is for those who see everybody's leave and keep the system.
func (t *Tenant) Compare(ctx context.Context, by people.ID, past string, who people.ID) (Difference, error) {
	var out Difference
	err := t.withPast(ctx, by, past, func(then *Tenant, past OpenPast) (err error) {
		out, err = Compare(ctx, then, t, past.State, who)
		return err
	})
	return out, err
}

// withPast calls f with a past state that is open.
func (t *Tenant) withPast(ctx context.Context, by people.ID, past string, f func(*Tenant, OpenPast) error) error {
	p, err := t.past(ctx, by, past)
	if err != nil {
		return err
	}
	v, err := t.People.Viewer(ctx, by)
	if err == nil {
		err = v.NeedAdministrator()
	}
	if err != nil {
		return err
	}
	// Opened anew: those who look at it are people of today there.
	return t.dir.Look(ctx, t.Slug, p.Database, func(then *Tenant) error { return f(then, p) })
}

// Compare says what is otherwise in a customer's database of now than in one of the state at
// a time, of everybody or of one person. It asks nobody whether they may.
func Compare(ctx context.Context, then, now *Tenant, state time.Time, who people.ID) (Difference, error) {
	a, err := factsOf(ctx, then, who)
	if err != nil {
		return Difference{}, fmt.Errorf("read the past state: %w", err)
	}
	b, err := factsOf(ctx, now, who)
	if err != nil {
		return Difference{}, err
	}
	out := Difference{State: state, Types: a.types}
	for id, t := range b.types {
		out.Types[id] = t
	}
	last, err := now.lastEvents(ctx, state)
	if err != nil {
		return out, err
	}
	ids := map[people.ID]bool{}
	for id := range a.records {
		ids[id] = true
	}
	for id := range b.records {
		ids[id] = true
	}
	for id := range ids {
		if d := differs(&a, &b, id, last); d.any() {
			out.Persons = append(out.Persons, d)
		}
	}
	order.By(out.Persons, func(x, y PersonDifference) int {
		return cmp.Or(cmp.Compare(x.Person.SortName(), y.Person.SortName()), cmp.Compare(x.Person.ID, y.Person.ID))
	})
	return out, nil
}

// facts are what a comparison rests on.
type facts struct {
	records  map[people.ID]people.Record
	requests map[people.ID]map[string]leave.Request
	lines    map[people.ID]map[string]leave.Adjustment
	left     map[people.ID]map[string]exact.Rat
	types    map[string]leave.Type
}

// everyDay is all days that a request could touch.
var everyDay = calendar.Range{From: calendar.MustParse("1900-01-01"), To: calendar.MustParse("2200-12-31")}

// factsOf reads what is known of everybody, or of one person.
func factsOf(ctx context.Context, t *Tenant, who people.ID) (facts, error) {
	f := facts{records: map[people.ID]people.Record{}, requests: map[people.ID]map[string]leave.Request{},
		lines: map[people.ID]map[string]leave.Adjustment{}, left: map[people.ID]map[string]exact.Rat{}, types: map[string]leave.Type{}}
	if err := t.Leave.Store.View(ctx, func(tx leave.Tx) error { return f.read(tx, who) }); err != nil {
		return f, err
	}
	today := calendar.DateOf(t.dir.Now())
	for id, r := range f.records {
		if !r.Person.Active {
			continue
		}
		own, err := t.Leave.Balances(ctx, id, id, today)
		if err != nil {
			return f, fmt.Errorf("balances of person %s: %w", id, err)
		}
		f.left[id] = map[string]exact.Rat{}
		for _, s := range own {
			f.left[id][s.Type.ID] = s.Balance
		}
	}
	return f, nil
}

func (f *facts) read(tx leave.Tx, who people.ID) error {
	records, err := tx.Records()
	if err != nil {
		return err
	}
	for _, r := range records {
		if who == "" || r.Person.ID == who {
			f.records[r.Person.ID] = r
		}
	}
	requests, err := tx.RequestsEver(everyDay)
	if err != nil {
		return err
	}
	for _, r := range requests {
		keep(f.requests, r.Person, r.ID, r)
	}
	lines, err := tx.AllAdjustments()
	if err != nil {
		return err
	}
	for id, list := range lines {
		for _, a := range list {
			keep(f.lines, id, a.ID, a)
		}
	}
	types, err := tx.Types()
	for _, t := range types {
		f.types[t.ID] = t
	}
	return err
}

func keep[T any](all map[people.ID]map[string]T, who people.ID, id string, x T) {
	if all[who] == nil {
		all[who] = map[string]T{}
	}
	all[who][id] = x
}

// differs says what is otherwise of one person.
func differs(a, b *facts, id people.ID, last map[string]*events.Event) PersonDifference {
	then, was := a.records[id]
	now, is := b.records[id]
	d := PersonDifference{Person: now.Person, Came: !was, Gone: !is}
	if !is {
		d.Person = then.Person
	}
	if was && is {
		d.Changed = !reflect.DeepEqual(then.Person, now.Person)
		d.Last = last[string(id)]
		d.work(&then, &now, last)
	}
	same := func(x, y leave.Request) bool { return x.State == y.State && x.Span == y.Span && x.Type == y.Type }
	each(a.requests[id], b.requests[id], same, func(x, y *leave.Request, id string) {
		d.Requests = append(d.Requests, RequestDifference{Then: x, Now: y, Last: last[id]})
	})
	each(a.lines[id], b.lines[id], func(x, y leave.Adjustment) bool { return x.Amount.Cmp(y.Amount) == 0 }, func(x, y *leave.Adjustment, id string) {
		d.Lines = append(d.Lines, LineDifference{Then: x, Now: y, Last: last[id]})
	})
	order.By(d.Requests, func(x, y RequestDifference) int { return cmp.Compare(x.Of().From, y.Of().From) })
	order.By(d.Lines, func(x, y LineDifference) int { return cmp.Compare(x.Of().Date, y.Of().Date) })
	d.pair()
	d.balances(a, b, id)
	return d
}

// work compares how somebody works who was there and is.
func (d *PersonDifference) work(then, now *people.Record, last map[string]*events.Event) {
	each(byID(then.Employments, jobID), byID(now.Employments, jobID), func(x, y people.Employment) bool { return x == y },
		func(x, y *people.Employment, id string) {
			d.Jobs = append(d.Jobs, JobDifference{x, y, last[id]})
		})
	each(byID(then.Contracts, termID), byID(now.Contracts, termID), func(x, y people.Contract) bool { return x == y },
		func(x, y *people.Contract, id string) {
			d.Terms = append(d.Terms, TermDifference{x, y, last[id]})
		})
	order.By(d.Jobs, func(x, y JobDifference) int { return cmp.Compare(x.Of().From, y.Of().From) })
	order.By(d.Terms, func(x, y TermDifference) int { return cmp.Compare(x.Of().From, y.Of().From) })
}

func jobID(e people.Employment) string { return e.ID }

func termID(c people.Contract) string { return c.ID }

func byID[T any](list []T, id func(T) string) map[string]T {
	all := make(map[string]T, len(list))
	for _, x := range list {
		all[id(x)] = x
	}
	return all
}

// pair marks what was had back already.
func (d *PersonDifference) pair() {
	for i := range d.Requests {
		for j := range d.Requests {
			x, y := &d.Requests[i], &d.Requests[j]
			if x.went() && y.Then == nil && y.Now.State.Counts() && x.Then.Type == y.Now.Type && x.Then.Span == y.Now.Span {
				x.Again, y.Again = true, true
			}
		}
	}
	for i := range d.Lines {
		for j := range d.Lines {
			if y := d.Lines[j].Now; y != nil && y.Undoes == d.Lines[i].Of().ID {
				d.Lines[i].Undone = true
			}
		}
	}
}

// went reports whether it counted, and does no more.
func (d *RequestDifference) went() bool {
	return d.Then != nil && d.Then.State.Counts() && (d.Now == nil || !d.Now.State.Counts())
}

// each calls tell with what is not the same in two sets; nil: it is not there.
func each[T any](then, now map[string]T, same func(x, y T) bool, tell func(then, now *T, id string)) {
	for id, x := range then {
		if y, ok := now[id]; !ok {
			tell(&x, nil, id)
		} else if !same(x, y) {
			tell(&x, &y, id)
		}
	}
	for id, y := range now {
		if _, ok := then[id]; !ok {
			tell(nil, &y, id)
		}
	}
}

// balances compares what is left of each type; one of which nothing was known counts as
// nothing.
func (d *PersonDifference) balances(a, b *facts, id people.ID) {
	types := map[string]bool{}
	for t := range a.left[id] {
		types[t] = true
	}
	for t := range b.left[id] {
		types[t] = true
	}
	for t := range types {
		x, y := a.left[id][t], b.left[id][t]
		if x.Cmp(y) == 0 {
			continue
		}
		of, ok := b.types[t]
		if !ok {
			of = a.types[t]
		}
		d.Balances = append(d.Balances, BalanceDifference{of, x, y})
	}
	order.By(d.Balances, func(x, y BalanceDifference) int {
		return cmp.Or(cmp.Compare(x.Type.Order, y.Type.Order), cmp.Compare(x.Type.ID, y.Type.ID))
	})
}

// Work reports whether employments or contract lines are not the same.
func (d *PersonDifference) Work() bool { return len(d.Jobs)+len(d.Terms) > 0 }

func (d *PersonDifference) any() bool {
	return d.Came || d.Gone || d.Changed || d.Work() || len(d.Requests)+len(d.Lines)+len(d.Balances) > 0
}

// Of returns the request as it is, or was.
func (d *RequestDifference) Of() *leave.Request { return cmp.Or(d.Now, d.Then) }

// Of returns the line as it is, or was.
func (d *LineDifference) Of() *leave.Adjustment { return cmp.Or(d.Now, d.Then) }

// Of returns the employment as it is, or was.
func (d *JobDifference) Of() *people.Employment { return cmp.Or(d.Now, d.Then) }

// Of returns the contract line as it is, or was.
func (d *TermDifference) Of() *people.Contract { return cmp.Or(d.Now, d.Then) }

// lastEvents returns the last event of each thing since a time, by the id of the thing, as
// far back as events are kept.
func (t *Tenant) lastEvents(ctx context.Context, since time.Time) (map[string]*events.Event, error) {
	list, err := t.db.EventsSince(ctx, since)
	last := make(map[string]*events.Event, len(list))
	for i := range list {
		last[list[i].Thing] = &list[i]
	}
	return last, err
}

// The kinds of things that can be taken back one by one.
const (
	BackRequest = "request"
	BackLine    = "line"
)

// Back says which single thing is to be again as it was, and why.
type Back struct {
	Kind   string // BackRequest or BackLine
	Thing  string // its id
	Reason string
}

// TakeBack has a single thing be again as it was in a past state: by new acts of the one who
// does it, under the rules of today and on record as any other; what came stays in sight.
// A request that counted and does no more is asked for again, and approved where it was; one
// that came since is refused or cancelled; a line by hand that came is taken back. It reports
// what those acts report, Invalid without a reason, and Conflict for what is as it was, or is
// not for this way.
func (t *Tenant) TakeBack(ctx context.Context, by people.ID, past string, b Back) error {
	if b.Reason == "" {
		return errs.New(errs.Invalid, "tenant.error.back_reason").At("reason")
	}
	return t.withPast(ctx, by, past, func(then *Tenant, _ OpenPast) error {
		switch b.Kind {
		case BackRequest:
			return t.requestBack(ctx, then, by, b)
		case BackLine:
			return t.lineBack(ctx, then, by, b)
		}
		return errs.New(errs.NotFound, "")
	})
}

var errAsItWas = errs.New(errs.Conflict, "tenant.error.as_it_was")

// requestBack has a request be as it was.
func (t *Tenant) requestBack(ctx context.Context, then *Tenant, by people.ID, b Back) error {
	x, was, err := then.request(ctx, b.Thing)
	if err != nil {
		return err
	}
	y, is, err := t.request(ctx, b.Thing)
	if err != nil {
		return err
	}
	switch counted, counts := was && x.State.Counts(), is && y.State.Counts(); {
	case !was && !is:
		return errs.New(errs.NotFound, "")
	case counted && !counts:
		return t.askAgain(ctx, by, &x, b.Reason)
	case !counted && counts && y.State == leave.Pending:
		return t.Leave.Refuse(ctx, by, y.ID, b.Reason)
	case !counted && counts:
		return t.Leave.Cancel(ctx, by, y.ID, b.Reason)
	}
	return errAsItWas
}

// askAgain asks for the leave of a request that is gone. Where it was approved and cannot be
// now, nothing is left of it.
func (t *Tenant) askAgain(ctx context.Context, by people.ID, was *leave.Request, reason string) error {
	r, err := t.Leave.Submit(ctx, by, leave.Ask{Person: was.Person, Type: was.Type, Span: was.Span, Note: was.Note})
	if err != nil || was.State != leave.Approved || r.State == leave.Approved {
		return err
	}
	if err := t.Leave.Approve(ctx, by, r.ID, reason); err != nil {
		if undone := t.Leave.Withdraw(ctx, by, r.ID); undone != nil {
			return fmt.Errorf("withdraw what cannot be approved: %w", undone)
		}
		return err
	}
	return nil
}

func (t *Tenant) request(ctx context.Context, id string) (r leave.Request, there bool, err error) {
	err = t.Leave.Store.View(ctx, func(tx leave.Tx) (err error) {
		r, err = tx.Request(id)
		return err
	})
	if errs.Is(err, errs.NotFound) {
		return r, false, nil
	}
	return r, err == nil, err
}

// lineBack has a line by hand be as it was.
func (t *Tenant) lineBack(ctx context.Context, then *Tenant, by people.ID, b Back) error {
	x, was, err := then.line(ctx, b.Thing)
	if err != nil {
		return err
	}
	_, is, err := t.line(ctx, b.Thing)
	switch {
	case err != nil:
		return err
	case !was && !is:
		return errs.New(errs.NotFound, "")
	case was && !is:
		x.ID, x.Reason, x.Undoes = "", b.Reason, ""
		return t.Leave.Adjust(ctx, by, x, true)
	case !was:
		return t.Leave.UndoAdjustment(ctx, by, b.Thing, b.Reason, true)
	}
	return errAsItWas
}

func (t *Tenant) line(ctx context.Context, id string) (a leave.Adjustment, there bool, err error) {
	err = t.Leave.Store.View(ctx, func(tx leave.Tx) (err error) {
		a, err = tx.Adjustment(id)
		return err
	})
	if errs.Is(err, errs.NotFound) {
		return a, false, nil
	}
	return a, err == nil, err
}

// Backable reports whether a request can be had back as it was.
func (d *RequestDifference) Backable() bool {
	counted, counts := d.Then != nil && d.Then.State.Counts(), d.Now != nil && d.Now.State.Counts()
	return counted != counts && !d.Again
}

// Backable reports whether a line can be had back as it was: one that takes another back is
// no line to take back.
func (d *LineDifference) Backable() bool {
	return (d.Then == nil || d.Now == nil) && d.Of().Undoes == "" && !d.Undone
}
