// SPDX-License-Identifier: Apache-2.0

package leave

import "verlof/calendar"

// Onward is what becomes of what a bucket holds on its last day, as the policy has it now.
type Onward struct {
	Until calendar.Date // last day on which what goes over may be taken; zero: until it goes over again
	Part  bool          // not all of it goes over, or not surely
}

// Last returns the last day on which all that is left of b may be taken, when what goes over
// at its end is counted in; it is zero where no day is set.
func (b *Bucket) Last() calendar.Date {
	if b.Onward == nil || b.Onward.Part {
		return b.Until
	}
	return b.Onward.Until
}

// onward returns what goes over of a bucket; nil where nothing does, or where the person has left by then.
func (l *ledger) onward(b *bucket) *Onward {
	next := b.Until.AddDays(1)
	if b.Due != nil || b.expires || !l.facts.EmployedOn(next) {
		return nil
	}
	years := l.yearsOf(b.pot)
	y := years.at(b.Until)
	if y == nil {
		return nil
	}
	over := carry{date: next, terms: &y.terms.CarryOver, of: y.terms, pot: b.pot}
	if on := over.terms.On; on.IsZero() && y.To != b.Until || !on.IsZero() && on.onOrAfter(next) != next {
		return nil
	}
	years.byLevel(l.facts, &over)
	if !over.terms.All && over.terms.Max.IsZero() {
		return nil
	}
	out := &Onward{Part: !over.terms.whole()}
	if until, expires := over.expiry(); expires {
		out.Until = until
	}
	return out
}

// yearsOf returns the leave years under the terms of a pot.
func (l *ledger) yearsOf(pot int) leaveYears {
	if pot == 0 {
		return l.years
	}
	years, known := l.potYears[pot]
	if !known {
		if years = l.years.pot(pot); l.potYears == nil {
			l.potYears = map[int]leaveYears{}
		}
		l.potYears[pot] = years
	}
	return years
}

// open adds a bucket.
func (l *ledger) open(b bucket) *bucket {
	b.last = b.Until
	if l.wholly(&b) {
		if on := l.onward(&b); on != nil && !on.Part {
			if b.last = on.Until; b.last.IsZero() {
				b.last = never
			}
		}
	}
	l.buckets = append(l.buckets, b)
	return &l.buckets[len(l.buckets)-1]
}

// wholly reports whether the terms of a bucket let all of it go over, whoever has it: what onward looks at more closely.
func (l *ledger) wholly(b *bucket) bool {
	if b.expires || b.Due != nil {
		return false
	}
	y := l.years.at(b.Until)
	if y == nil || b.pot > len(y.terms.Also) {
		return false
	}
	c := &y.terms.CarryOver
	if b.pot > 0 {
		c = &y.terms.Also[b.pot-1].CarryOver
	}
	return c.whole()
}

// whole reports whether all goes over, and in one.
func (c *CarryOver) whole() bool { return c.All && c.InAll.Sign() <= 0 && c.Keep.Sign() <= 0 }
