// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"verlof/calendar"
	"verlof/internal/exact"
)

// Bonus is leave on top of the amount for those who are old enough, or have served
// long enough. Several add up.
type Bonus struct {
	Age    int // the birthday from which it counts; 0: by service
	After  int // months of the employment from which it counts, where no age is set
	Amount exact.Rat
	Start  BonusStart
}

// BonusStart is from when a bonus counts, once it is reached.
type BonusStart string

// The starts.
const (
	NextPeriod BonusStart = ""     // for the periods that begin on the day or later
	AtOnce     BonusStart = "once" // from the very day
	ThatYear   BonusStart = "year" // from the leave year in which it is reached
)

// BonusStarts are what can be chosen.
var BonusStarts = []BonusStart{NextPeriod, AtOnce, ThatYear}

// reached returns the day on which somebody reaches a bonus; ok is false for an age
// where the day of birth is not known. Who is born on 29 February is a year older
// on the 28th of a common year.
func (b *Bonus) reached(born, since calendar.Date) (d calendar.Date, ok bool) {
	if b.Age > 0 {
		return born.AddYears(b.Age), !born.IsZero()
	}
	return since.AfterMonths(b.After), true
}

// bonuses returns those that count in a stretch of a period of a leave year.
func (s *stretch) bonuses(f *Facts, period calendar.Date, year calendar.Range) []Bonus {
	var out []Bonus
	for _, b := range s.terms.Bonuses {
		d, ok := b.reached(f.Person.Born, f.Employments[s.employment].From)
		switch {
		case !ok:
		case d <= period, b.Start == AtOnce && d <= s.From, b.Start == ThatYear && d <= year.To:
			out = append(out, b)
		}
	}
	return out
}

// reason says why there is a bonus.
func (b *Bonus) reason(u Unit) Reason {
	amount := Amount{b.Amount, u}
	switch {
	case b.Age > 0:
		return Reason{"bonus_age", []any{"amount", amount, "age", b.Age}}
	case b.After%12 == 0:
		return Reason{"bonus_years", []any{"amount", amount, "count", b.After / 12}}
	}
	return Reason{"bonus_months", []any{"amount", amount, "count", b.After}}
}

// bonusUntil returns the last day, up to last, before one of the bonuses is reached
// that count at once.
func bonusUntil(bonuses []Bonus, born, since, d, last calendar.Date) calendar.Date {
	for i := range bonuses {
		b := &bonuses[i]
		if reached, ok := b.reached(born, since); ok && b.Start == AtOnce && reached > d && reached <= last {
			last = reached.AddDays(-1)
		}
	}
	return last
}
