// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"time"

	"verlof/internal/exact"
)

// Week is the work of seven days, Monday first.
type Week [7]Workday

// On returns the work of one day of the week.
func (w Week) On(d time.Weekday) Workday { return w[mondayFirst(d)] }

// mondayFirst returns 0 for Monday to 6 for Sunday.
func mondayFirst(d time.Weekday) int { return (int(d) + 6) % 7 }

// Pattern is a working pattern: one or more weeks that repeat for ever, before
// the anchor as well as after it. Anchor is any date in the first week and
// matters only where there are several. A Pattern without weeks has no work.
type Pattern struct {
	Anchor Date
	Weeks  []Week
}

// On returns the work planned on d.
func (p Pattern) On(d Date) Workday {
	if len(p.Weeks) == 0 {
		return Workday{}
	}
	i := 0
	if len(p.Weeks) > 1 {
		i = floorMod(int(d.Monday()-p.Anchor.Monday())/7, len(p.Weeks))
	}
	return p.Weeks[i].On(d.Weekday())
}

// WeeklyMinutes returns the minutes of work in a week, averaged over the cycle.
func (p Pattern) WeeklyMinutes() exact.Rat { return p.average(Workday.Minutes) }

// WeeklyDays returns the working days in a week, averaged over the cycle; a
// half working day counts half.
func (p Pattern) WeeklyDays() exact.Rat {
	return p.average(Workday.Halves).Div(exact.Int(2))
}

func (p Pattern) average(of func(Workday) int) exact.Rat {
	sum := 0
	for _, week := range p.Weeks {
		for _, day := range week {
			sum += of(day)
		}
	}
	return exact.New(int64(sum), int64(max(1, len(p.Weeks))))
}
