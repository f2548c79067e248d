// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"sort"

	"verlof/calendar"
)

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
	if b.Due != nil || b.expires {
		return nil
	}
	c := l.goesOn(b.pot, next)
	if c == nil || !c.terms.All && c.terms.Max.IsZero() || !l.facts.EmployedOn(next) {
		return nil
	}
	out := &Onward{Part: !c.terms.whole()}
	if until, expires := c.expiry(); expires {
		out.Until = until
	}
	return out
}

// goesOn returns what is set for a pot on a day on which it goes over; nil: that is no such day.
func (l *ledger) goesOn(pot int, d calendar.Date) *carry {
	i := sort.Search(len(l.carries), func(i int) bool { return l.carries[i].date >= d })
	for ; i < len(l.carries) && l.carries[i].date == d; i++ {
		if l.carries[i].pot == pot {
			return &l.carries[i]
		}
	}
	return nil
}

// open adds a bucket.
func (l *ledger) open(b bucket) *bucket {
	b.last = b.Until
	if on := l.onward(&b); on != nil && !on.Part {
		if b.last = on.Until; b.last.IsZero() {
			b.last = never
		}
	}
	l.buckets = append(l.buckets, b)
	return &l.buckets[len(l.buckets)-1]
}

// whole reports whether all goes over, and in one.
func (c *CarryOver) whole() bool { return c.All && c.InAll.Sign() <= 0 && c.Keep.Sign() <= 0 }
