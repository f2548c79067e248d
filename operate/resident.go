// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"encoding/json"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
)

// resident is an actor with a working life and leave.
type resident struct {
	actor
	boss  people.ID // decides on their leave
	facts leave.Facts
	ill   []leave.SickReport
	past  []leave.Request   // that do not count: refused, withdrawn, cancelled
	spare map[int]exact.Rat // holiday that may still be planned, by year
}

func (r *resident) employ(id string, from, to calendar.Date) {
	r.facts.Employments = append(r.facts.Employments, people.Employment{ID: id, Person: r.ID, From: from, To: to})
}

func (r *resident) contract(id string, from calendar.Date, pattern, pkg string) {
	r.facts.Contracts = append(r.facts.Contracts, people.Contract{ID: id, Person: r.ID, From: from, Pattern: pattern, Package: pkg, Location: r.Location})
}

// whole is leave of whole days.
func whole(from, to calendar.Date) leave.Span {
	return leave.Span{From: from, To: to, First: calendar.WholeDay, Last: calendar.WholeDay}
}

// part is leave on a part of one day.
func part(d calendar.Date, p calendar.Portion) leave.Span {
	return leave.Span{From: d, To: d, First: p, Last: p}
}

// book adds leave to a resident where the rules allow it and, for holiday, while
// there is some to spare. It counts as approved.
func (p *play) book(r *resident, t leave.Type, s leave.Span) bool {
	s, ok := p.trim(r, s)
	if !ok {
		return false
	}
	charges, _ := p.rules.Count(&r.facts, t, s)
	year, cost := s.From.Year(), leave.Total(charges, leave.Days)
	if t.ID == p.set.Types.Holiday.ID && p.spare(r, year).Cmp(cost) < 0 {
		return false
	}
	if p.rules.Refusal(&r.facts, t, s, charges) != nil {
		return false
	}
	if t.ID == p.set.Types.Holiday.ID {
		r.spare[year] = r.spare[year].Sub(cost)
	}
	r.facts.Requests = append(r.facts.Requests, p.request(r, t, s, charges))
	return true
}

// trim cuts days without work off the ends of a span.
func (p *play) trim(r *resident, s leave.Span) (leave.Span, bool) {
	idle := func(d calendar.Date) bool {
		w, _, _ := p.rules.Workday(&r.facts, d)
		return w.Minutes() == 0
	}
	for s.From <= s.To && idle(s.From) {
		s.From++
	}
	for s.To >= s.From && idle(s.To) {
		s.To--
	}
	return s, s.From <= s.To
}

// spare returns the holiday of a year that may still be planned: what there is
// less a few days that people keep.
func (p *play) spare(r *resident, year int) exact.Rat {
	left, known := r.spare[year]
	if !known {
		s := p.rules.Statement(&r.facts, p.set.Types.Holiday, calendar.On(year, time.December, 31))
		left = s.Entitled.Sub(exact.Int(int64(1 + p.rng.IntN(7))))
		r.spare[year] = left
	}
	return left
}

// request returns approved leave as if it had been asked for in good time.
func (p *play) request(r *resident, t leave.Type, s leave.Span, charges []leave.Charge) leave.Request {
	q := leave.Request{ID: p.id(), Person: r.ID, Type: t.ID, Span: s, State: leave.Approved, AskedBy: r.ID, Charges: charges}
	asked := min(s.From.AddDays(-14-p.rng.IntN(60)), p.today.AddDays(-4-p.rng.IntN(30)))
	q.AskedAt = p.clock(asked)
	if t.Unapproved {
		q.AskedAt = p.clock(min(s.From, p.today.AddDays(-1)))
		q.DecidedBy, q.DecidedAt = r.ID, q.AskedAt
		return q
	}
	q.DecidedBy, q.DecidedAt = r.boss, p.clock(asked.AddDays(1+p.rng.IntN(3)))
	if p.rng.IntN(4) == 0 {
		q.Note = p.notes[p.rng.IntN(len(p.notes))]
	}
	return q
}

// clock returns an instant in office hours of a day, in microseconds since 1970.
func (p *play) clock(d calendar.Date) int64 {
	y, m, day := d.Civil()
	return time.Date(y, m, day, 7+p.rng.IntN(9), p.rng.IntN(60), p.rng.IntN(60), 0, time.UTC).UnixMicro()
}

// pend has an approved request wait for its decision again.
func (p *play) pend(q *leave.Request) {
	q.State, q.DecidedBy, q.DecidedAt = leave.Pending, "", 0
	q.AskedAt = p.clock(p.today.AddDays(-1 - p.rng.IntN(6)))
}

// enqueue writes the outbox row that asking for leave writes.
func enqueue(tx leave.Tx, q leave.Request) error {
	payload, err := json.Marshal(leave.Event{Request: q.ID, Person: q.Person, By: q.AskedBy})
	if err != nil {
		return err
	}
	return tx.Enqueue(leave.KindRequested, leave.KindRequested+":"+q.ID, payload)
}

// each runs f until one fails.
func each[T any](list []T, f func(T) error) error {
	for _, v := range list {
		if err := f(v); err != nil {
			return err
		}
	}
	return nil
}
