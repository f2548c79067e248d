// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// Span is the time somebody asks for: from a part of the first day to a part of
// the last. Days between are whole. On a span of one day only First counts.
type Span struct {
	From, To    calendar.Date
	First, Last calendar.Portion
}

// Range returns the days of the span, both ends included.
func (s Span) Range() calendar.Range { return calendar.Range{From: s.From, To: s.To} }

// On returns the part of d that the span takes; d must lie in the span.
func (s Span) On(d calendar.Date) calendar.Portion {
	switch d {
	case s.From:
		return s.First
	case s.To:
		return s.Last
	}
	return calendar.WholeDay
}

// State is where a request stands.
type State string

// The states. Pending and approved requests count against the balance and
// block their days; the others are history.
const (
	Pending   State = "pending"
	Approved  State = "approved"
	Refused   State = "refused"
	Withdrawn State = "withdrawn" // taken back before it was decided
	Cancelled State = "cancelled" // taken back after it was approved
)

// Counts reports whether a request in this state uses leave.
func (s State) Counts() bool { return s == Pending || s == Approved }

// Charge is what one day of a request costs. It is computed while the request
// is pending and written down when it is approved.
type Charge struct {
	Date    calendar.Date
	Minutes int       // working time
	Days    exact.Rat // part of a working day
}

// In returns the charge in a unit.
func (c Charge) In(u Unit) exact.Rat {
	if u == Hours {
		return exact.Int(int64(c.Minutes))
	}
	return c.Days
}

// Request is leave that somebody asked for.
type Request struct {
	ID     string
	Person people.ID
	Type   string
	Span
	State      State
	Note       string    // what the asker wrote
	AskedBy    people.ID // differs from Person when asked on behalf
	AskedAt    int64     // microseconds since 1970, UTC
	DecidedBy  people.ID
	DecidedAt  int64
	Reason     string       // what the decider wrote
	Charges    []Charge     // frozen on approval; while pending, as it would be frozen today
	Route      ApprovalRule // who decides, as it was when it was asked for; zero: one of the managers
	Revises    string       // id of the request that waited and that this one was asked in place of
	Collective string       // id of the collective leave that it is a part of; empty: none
	Replaces   string       // id of the approved leave that this one would take the place of

	Substitutes []Substitute // who was named to do the work meanwhile, in that order: the last counts

	Corrections []Correction // of approved leave, by date of the leave
}

// Total returns what charges cost in a unit.
func Total(charges []Charge, u Unit) exact.Rat {
	var sum exact.Rat
	for _, c := range charges {
		sum = sum.Add(c.In(u))
	}
	return sum
}
