// SPDX-License-Identifier: Apache-2.0

package calendar

import "verlof/errs"

// PortionKind says how a part of a day is named.
type PortionKind uint8

// The parts of a day that can be asked for.
const (
	Whole PortionKind = iota
	Morning
	Afternoon
	Hours
)

// Portion is the part of one day that is asked for. It says nothing about
// work: Workday tells how much work falls in it. Portions compare with ==.
type Portion struct {
	Kind  PortionKind
	Hours Interval // only for the kind Hours
}

// The portions that need no times.
var (
	WholeDay      = Portion{Kind: Whole}
	MorningHalf   = Portion{Kind: Morning}
	AfternoonHalf = Portion{Kind: Afternoon}
)

// Between returns the portion from one time of the day until another.
func Between(from, to Clock) Portion {
	return Portion{Kind: Hours, Hours: Interval{from, to}}
}

// ParsePortion reads "whole", "morning", "afternoon" and "09:00-14:00". Anything
// else is errs.Invalid.
func ParsePortion(s string) (Portion, error) {
	switch s {
	case "whole":
		return WholeDay, nil
	case "morning":
		return MorningHalf, nil
	case "afternoon":
		return AfternoonHalf, nil
	}
	hours, err := ParseInterval(s)
	if err != nil {
		return Portion{}, errs.New(errs.Invalid, "calendar.error.portion", "word", s)
	}
	return Portion{Kind: Hours, Hours: hours}, nil
}

// String returns the form that ParsePortion reads.
func (p Portion) String() string {
	switch p.Kind {
	case Morning:
		return "morning"
	case Afternoon:
		return "afternoon"
	case Hours:
		return p.Hours.String()
	}
	return "whole"
}

// Half says which part of a working day a holiday takes away.
type Half uint8

// What a holiday takes.
const (
	FullDay      Half = iota // nobody works
	MorningOff               // the morning is free
	AfternoonOff             // the afternoon is free, as on 24 December in many companies
	Informative              // shown in calendars, nothing is free
)

var halfNames = [...]string{"full", "morning", "afternoon", "informative"}

// ParseHalf reads "full", "morning", "afternoon" and "informative". Anything
// else is errs.Invalid.
func ParseHalf(s string) (Half, error) {
	for i, name := range halfNames {
		if s == name {
			return Half(i), nil
		}
	}
	return 0, errs.New(errs.Invalid, "calendar.error.half", "word", s)
}

// String returns the form that ParseHalf reads.
func (h Half) String() string { return halfNames[min(int(h), len(halfNames)-1)] }

// Apply returns w without what the holiday takes: a whole working day with the
// afternoon off keeps its morning and counts half a working day.
func (h Half) Apply(w Workday) Workday {
	switch h {
	case FullDay:
		return Workday{}
	case MorningOff:
		w.Morning = Interval{}
	case AfternoonOff:
		w.Afternoon = Interval{}
	}
	return w
}

// weight orders halves by what they take.
func (h Half) weight() int {
	switch h {
	case FullDay:
		return 2
	case Informative:
		return 0
	}
	return 1
}

// and returns what two holidays on one date take together.
func (h Half) and(o Half) Half {
	switch {
	case h == o || o == Informative:
		return h
	case h == Informative:
		return o
	}
	return FullDay
}
