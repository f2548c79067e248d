// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

	"verlof/calendar"
	"verlof/people"
)

// Sickness is a time in which a person could not work, or only in part. What the
// engine knows of it are days; what a person was ill with is nobody's business
// here.
type Sickness struct {
	ID        string
	Person    people.ID
	From      calendar.Date
	To        calendar.Date // last day; zero: not recovered yet
	Certified bool          // a note of a doctor covers it
	NoteUntil calendar.Date // last day that the note covers; zero: all of them
	Agreed    bool          // the person agrees that leave booked in it counts as taken all the same
	Recovery  []Recovery    // by date
}

// Recovery is a step on the way back: from a day on the person works so much again.
type Recovery struct {
	From    calendar.Date
	Percent int // of the own working week, 1..99
}

// Until returns the last day of the sickness as known on a day: that day itself
// while no end is known.
func (s *Sickness) Until(at calendar.Date) calendar.Date {
	if s.To.IsZero() {
		return max(s.From, at)
	}
	return s.To
}

// certifiedOn reports whether a note of a doctor covers d.
func (s *Sickness) certifiedOn(d calendar.Date) bool {
	return s.Certified && (s.NoteUntil.IsZero() || d <= s.NoteUntil)
}

// WorksOn returns what part of the own working week the person works on d, in percent:
// 0 before the first step of recovery.
func (s *Sickness) WorksOn(d calendar.Date) int {
	percent, since := 0, calendar.Date(0)
	for _, r := range s.Recovery {
		if r.From <= d && r.From >= since {
			percent, since = r.Percent, r.From
		}
	}
	return percent
}

// sickOn returns the sickness that d lies in, as known on the day at.
func (f *Facts) sickOn(d, at calendar.Date) (*Sickness, bool) {
	i := slices.IndexFunc(f.Sickness, func(s Sickness) bool { return s.From <= d && d <= s.Until(at) })
	if i < 0 {
		return nil, false
	}
	return &f.Sickness[i], true
}
