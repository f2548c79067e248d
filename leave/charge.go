// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"verlof/calendar"
	"verlof/internal/exact"
)

// Count returns what each day of s costs f's person under t, and the days of s
// that cost nothing with the reason. Days without a contract cost nothing, so a
// gap between two employments is free.
func (b *Rulebook) Count(f *Facts, t Type, s Span) ([]Charge, []Skipped) {
	var charges []Charge
	var skipped []Skipped
	for d := range s.Range().All() {
		w, h, ok := b.Workday(f, d)
		if !ok {
			skipped = append(skipped, Skipped{Date: d, NoJob: true})
			continue
		}
		c := chargeOf(t.Counting, d, w, s.On(d))
		if c.Days.IsZero() && c.Minutes == 0 {
			skipped = append(skipped, Skipped{Date: d, Holiday: h})
			continue
		}
		charges = append(charges, c)
	}
	return charges, skipped
}

// chargeOf returns what the part p of a day costs that has the work w.
func chargeOf(how Counting, d calendar.Date, w calendar.Workday, p calendar.Portion) Charge {
	c := Charge{Date: d, Minutes: w.Of(p), Days: w.DayFrac(p)}
	if how == CalendarDays {
		c.Days = exact.Int(1)
		if p.Kind == calendar.Morning || p.Kind == calendar.Afternoon {
			c.Days = exact.New(1, 2)
		}
	}
	return c
}

// Overlap reports whether two spans of one person share some time, whatever the
// pattern says of it: on a free day too, nobody is away twice.
func (b *Rulebook) Overlap(f *Facts, x, y Span) bool {
	both, ok := x.Range().Intersect(y.Range())
	if !ok {
		return false
	}
	if both.Days() > 2 {
		return true // a day in between is whole on at least one side, and taken on the other
	}
	for d := range both.All() {
		noon := b.noon(f, d)
		if !clockOf(x.On(d), noon).Overlap(clockOf(y.On(d), noon)).IsZero() {
			return true
		}
	}
	return false
}

// noon is where the person's day d breaks into morning and afternoon.
func (b *Rulebook) noon(f *Facts, d calendar.Date) calendar.Clock {
	c, ok := f.ContractOn(d)
	if ok {
		switch w := b.Patterns[c.Pattern].On(d); {
		case !w.Afternoon.IsZero():
			return w.Afternoon.From
		case !w.Morning.IsZero():
			return w.Morning.To
		}
	}
	return 12 * 60
}

// clockOf returns the time of a day that p takes when it breaks at noon.
func clockOf(p calendar.Portion, noon calendar.Clock) calendar.Interval {
	switch p.Kind {
	case calendar.Morning:
		return calendar.Interval{To: noon}
	case calendar.Afternoon:
		return calendar.Interval{From: noon, To: 24 * 60}
	case calendar.Hours:
		return p.Hours
	}
	return calendar.Interval{To: 24 * 60}
}
