// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// Rulebook is what holds for the whole customer. It is read often and changes
// seldom, and is never modified once built.
type Rulebook struct {
	Types    []Type // in their order
	Packages []Package
	Policies []Policy
	Patterns map[string]calendar.Pattern
	Holidays map[string]*calendar.Holidays // by location id
}

// Type returns the leave type with an id.
func (b *Rulebook) Type(id string) (Type, bool) {
	i := slices.IndexFunc(b.Types, func(t Type) bool { return t.ID == id })
	if i < 0 {
		return Type{}, false
	}
	return b.Types[i], true
}

// Policy returns the terms of a type in a package on d.
func (b *Rulebook) Policy(pkg, typ string, d calendar.Date) (Policy, bool) {
	if p := b.policy(pkg, typ, d); p != nil {
		return *p, true
	}
	return Policy{}, false
}

// policy is Policy in place; nil: there is none.
func (b *Rulebook) policy(pkg, typ string, d calendar.Date) *Policy {
	var best *Policy
	for i := range b.Policies {
		p := &b.Policies[i]
		if p.Package == pkg && p.Type == typ && p.From <= d && (best == nil || p.From > best.From) {
			best = p
		}
	}
	return best
}

// Facts are what is known of one person. The order of the lists does not
// matter to any result.
type Facts struct {
	people.Record
	Requests    []Request
	Adjustments []Adjustment
	Sickness    []Sickness
	Claims      []Claim
	Notices     []Notice
	Today       calendar.Date      // what is not over yet is known until then; zero: until the day of a statement
	Fixed       []FixedEntitlement // at most one for a type and a leave year
	Closings    []Closing          // of leave years; only what a statement shows depends on them, never what may be asked for

	asked *Request // one more request, with which an account is drawn up; nil: none
}

// requests goes over the requests of an account: those there are, and the one that is asked for before the first that
// begins after it.
func (f *Facts) requests(yield func(*Request) bool) {
	asked := f.asked
	for i := range f.Requests {
		r := &f.Requests[i]
		if asked != nil && asked.From < r.From {
			if !yield(asked) {
				return
			}
			asked = nil
		}
		if !yield(r) {
			return
		}
	}
	if asked != nil {
		yield(asked)
	}
}

// Adjustment is a line that somebody wrote into a balance by hand, with the
// reason they gave. A positive amount grants, a negative one takes.
type Adjustment struct {
	ID     string
	Person people.ID
	Type   string
	Date   calendar.Date // counts from this day on
	Until  calendar.Date // last day to take what it grants; zero: as the leave year's own
	Amount exact.Rat     // in the unit of the type
	Class  Class         // of what it grants, which lies with the leave of that class; empty: not told apart, and with the policy's first
	Reason string
	By     people.ID
	At     int64 // microseconds since 1970, UTC

	Undoes string // id of the line that this one takes back, of the same day and as much: both stay, and come to nothing; empty: none
}

// Workday returns what the person works on d once holidays are taken off; ok is
// false where no contract covers the day.
func (b *Rulebook) Workday(f *Facts, d calendar.Date) (w calendar.Workday, h calendar.Holiday, ok bool) {
	c, ok := f.ContractOn(d)
	if !ok {
		return calendar.Workday{}, calendar.Holiday{}, false
	}
	p, known := b.Patterns[c.Pattern]
	if !known {
		return calendar.Workday{}, calendar.Holiday{}, false
	}
	w = p.On(d)
	if hs := b.Holidays[c.Location]; hs != nil {
		if h, ok := hs.On(d); ok {
			return h.Off.Apply(w), h, true
		}
	}
	return w, calendar.Holiday{}, true
}
