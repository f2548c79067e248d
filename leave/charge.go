// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/order"
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
		c := chargeOf(t.Counting, d, w, h, s.On(d))
		if c.Days.IsZero() && c.Minutes == 0 {
			skipped = append(skipped, Skipped{Date: d, Holiday: h})
			continue
		}
		charges = append(charges, c)
	}
	if t.Counting == Sandwich {
		return fillGaps(charges, skipped)
	}
	return charges, skipped
}

// fillGaps makes the free days between two days that cost something cost a day
// each.
func fillGaps(charges []Charge, skipped []Skipped) ([]Charge, []Skipped) {
	if len(charges) < 2 {
		return charges, skipped
	}
	first, last := charges[0].Date, charges[len(charges)-1].Date
	var still []Skipped
	for _, s := range skipped {
		if s.NoJob || s.Date < first || s.Date > last {
			still = append(still, s)
			continue
		}
		charges = append(charges, Charge{Date: s.Date, Days: exact.Int(1)})
	}
	order.By(charges, func(a, b Charge) int { return cmp.Compare(a.Date, b.Date) })
	return charges, still
}

// chargeOf returns what the part p of a day costs that has the work w and perhaps
// a holiday.
func chargeOf(how Counting, d calendar.Date, w calendar.Workday, h calendar.Holiday, p calendar.Portion) Charge {
	c := Charge{Date: d, Minutes: w.Of(p), Days: w.DayFrac(p)}
	switch how {
	case CalendarDays:
		c.Days = dayOrPart(w, p)
	case SixDays:
		c.Days = exact.Rat{}
		free := !h.Date.IsZero() && h.Off == calendar.FullDay
		if d.Weekday() != time.Sunday && !free {
			c.Days = dayOrPart(w, p)
		}
	}
	return c
}

// dayOrPart returns what a part of a day with the work w is where every day counts as one: hours count as the part of that
// work that they are.
func dayOrPart(w calendar.Workday, p calendar.Portion) exact.Rat {
	switch {
	case p.Kind == calendar.Morning || p.Kind == calendar.Afternoon:
		return exact.New(1, 2)
	case p != calendar.WholeDay && w.Minutes() > 0:
		return exact.New(int64(w.Of(p)), int64(w.Minutes()))
	}
	return exact.Int(1)
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
		c, _ := f.ContractOn(d) // without one the day parts as a free day does
		if b.Patterns[c.Pattern].On(d).Overlaps(x.On(d), y.On(d)) {
			return true
		}
	}
	return false
}
