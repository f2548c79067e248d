// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"strings"

	"verlof/errs"
)

// Clock is a time of the day in minutes after midnight, 0 to 1440; 1440 is the
// midnight at the end of the day.
type Clock int16

// Midnight is the end of the day, 24:00.
const Midnight Clock = 24 * 60

// ParseClock reads "8:30" and "08:30", up to "24:00". Anything else is
// errs.Invalid.
func ParseClock(s string) (Clock, error) {
	h, m, _ := strings.Cut(s, ":")
	hours, okH := digits(h)
	minutes, okM := digits(m)
	total := hours*60 + minutes
	if !okH || !okM || len(h) > 2 || len(m) != 2 || minutes > 59 || total > int(Midnight) {
		return 0, errs.New(errs.Invalid, "calendar.error.clock", "word", s)
	}
	return Clock(total), nil
}

// String returns "08:30".
func (c Clock) String() string {
	h, m := int(c)/60, int(c)%60
	return string([]byte{digit(h / 10), digit(h), ':', digit(m / 10), digit(m)})
}

// Interval is a stretch of one day, From included and To not. It is empty where
// To is not after From.
type Interval struct{ From, To Clock }

// ParseInterval reads "09:00-14:00", which must not be empty. Anything else is
// errs.Invalid.
func ParseInterval(s string) (Interval, error) {
	from, to, _ := strings.Cut(s, "-")
	f, errF := ParseClock(from)
	t, errT := ParseClock(to)
	if errF != nil || errT != nil || t <= f {
		return Interval{}, errs.New(errs.Invalid, "calendar.error.interval", "word", s)
	}
	return Interval{f, t}, nil
}

// Minutes returns the length of i, 0 where it is empty.
func (i Interval) Minutes() int { return max(0, int(i.To)-int(i.From)) }

// IsZero reports whether i is empty.
func (i Interval) IsZero() bool { return i.To <= i.From }

// Overlap returns what i and j have in common, the zero Interval where that is
// nothing.
func (i Interval) Overlap(j Interval) Interval {
	x := Interval{max(i.From, j.From), min(i.To, j.To)}
	if x.IsZero() {
		return Interval{}
	}
	return x
}

// String returns "09:00-14:00".
func (i Interval) String() string { return i.From.String() + "-" + i.To.String() }
