// SPDX-License-Identifier: Apache-2.0

package trust

import (
	"cmp"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/internal/order"
)

// State is how a promise stands.
type State string

// The states.
const (
	Kept    State = "kept"
	Missed  State = "missed"  // measured, and not kept
	Unknown State = "unknown" // nothing fresh was measured, or no document is on record
	Expired State = "expired" // the document's last day is over
	None    State = "none"    // not promised
)

// Window is how many days back a promise is judged by, today among them.
const Window = 30

// windowFrom returns the first day of the window.
func windowFrom(now time.Time) calendar.Date { return calendar.DateOf(now.UTC()).AddDays(1 - Window) }

// A number older than fresh tells nothing of now. Processes keep theirs each few minutes: within
// slack of the newest nothing is missing.
const (
	fresh = time.Hour
	slack = 15 * time.Minute
)

// Line is how one promise stands.
type Line struct {
	Promise
	State    State
	Latest   int64     // of a measured one that counts no minutes: the newest value
	At       time.Time // when that was; zero: never
	Answered int       // minutes of the window in which the installation answered
	Minutes  int       // of all minutes of the window since it was first measured
	Budget   int       // of those, as many may pass without an answer
	Days     []DayLine // of the window, newest first
	Missed   int       // of these, the days on which it was not kept
	Document *Document // of one that is attested: the one that counts longest
	Lacks    Part      // of one that is absent for want of a part
	Instead  bool      // it rests on what Better says
}

// DayLine is one day of a line.
type DayLine struct {
	Date     calendar.Date
	Worst    int64
	Answered int // minutes
	Minutes  int
	Kept     bool
}

// Judge says how each promise stands at a time, in an installation with those parts: days
// are what was measured, documents what the operator has on record.
func Judge(parts []Part, days []Day, documents []Document, now time.Time) []Line {
	lines := make([]Line, 0, len(Promises()))
	for _, p := range Promises() {
		l := Line{Promise: p}
		if i := slices.IndexFunc(p.Parts, func(need Part) bool { return !slices.Contains(parts, need) }); i >= 0 {
			l.Lacks, l.Ground = p.Parts[i], Absent
		}
		if p.Better.holds(parts, days, now) {
			l.Instead, l.Ground, l.By, l.Tests = true, Proven, p.Better.By, p.Better.Tests
			if l.By != "" {
				l.Ground = Measured
			}
		}
		if l.Ground == Absent && l.documented(documents) { // what is around the program may do it
			l.Ground = Attested
		}
		switch l.Ground {
		case Measured:
			l.measured(days, now)
		case Proven:
			l.State = Kept
		case Attested:
			l.attested(documents, calendar.DateOf(now.UTC()))
		case Absent:
			l.State = None
		}
		lines = append(lines, l)
	}
	return lines
}

// holds reports whether an installation with those parts, in which those days were measured, has it: what was
// not measured for so long that it does not count is not promised any more.
func (b Better) holds(parts []Part, days []Day, now time.Time) bool {
	if b.Part != "" {
		return slices.Contains(parts, b.Part)
	}
	first := windowFrom(now)
	return b.By != "" && slices.ContainsFunc(days, func(d Day) bool { return d.Measure == b.By && d.Date >= first })
}

// measured judges a promise by the days of its measure.
func (l *Line) measured(all []Day, now time.Time) {
	var days []Day
	for _, d := range all {
		if d.Measure == l.By {
			days = append(days, d)
		}
	}
	order.By(days, func(a, b Day) int { return cmp.Compare(a.Date, b.Date) })
	if l.State = Unknown; len(days) == 0 {
		return
	}
	newest := days[len(days)-1]
	l.At, l.Latest = newest.At, newest.Latest
	if l.By.Minutes() {
		l.answered(days, now)
	} else {
		l.worst(days, now)
	}
	slices.Reverse(l.Days)
	for _, d := range l.Days {
		if !d.Kept {
			l.Missed++
		}
	}
	switch {
	case l.By.Minutes() && enough(l.Answered, l.Minutes), !l.By.Minutes() && l.Latest <= l.By.Most():
		l.State = Kept
	default:
		l.State = Missed
	}
	if !l.By.Minutes() && now.Sub(l.At) > fresh {
		l.State = Unknown
	}
}

// worst lists the days of the window on which something was measured.
func (l *Line) worst(days []Day, now time.Time) {
	first := windowFrom(now)
	for _, d := range days {
		if d.Date >= first {
			l.Days = append(l.Days, DayLine{Date: d.Date, Worst: d.Worst, Kept: d.Worst <= l.By.Most()})
		}
	}
}

// answered counts the minutes of each day of the window. A day of which nothing is kept is one on
// which nothing was answered: what is down measures nothing.
func (l *Line) answered(days []Day, now time.Time) {
	begun, until := days[0], now.UTC()
	if now.Sub(l.At) <= slack {
		until = l.At.UTC().Add(time.Minute)
	}
	at := map[calendar.Date]Day{}
	for _, d := range days {
		at[d.Date] = d
	}
	last := calendar.DateOf(until)
	for date := max(begun.Date, windowFrom(now)); date <= last; date++ {
		d, from, to := at[date], 0, minutesOfDay
		if date == begun.Date {
			from = begun.Minutes.first()
		}
		if date == last {
			to = minuteOf(until)
		}
		line := DayLine{Date: date, Answered: d.Minutes.Count(to), Minutes: max(0, to-from)}
		line.Kept = enough(line.Answered, line.Minutes)
		l.Days = append(l.Days, line)
		l.Answered += line.Answered
		l.Minutes += line.Minutes
	}
	l.Budget = l.Minutes * (10_000 - UpShare) / 10_000
}

// enough reports whether so many minutes of all are the share that is promised.
func enough(answered, all int) bool { return answered*10_000 >= all*UpShare }

// documented finds the document that counts longest, and reports whether there is one.
func (l *Line) documented(documents []Document) bool {
	for _, d := range documents {
		if slices.Contains(d.Promises, l.ID) && (l.Document == nil || d.Until > l.Document.Until) {
			l.Document = &d
		}
	}
	return l.Document != nil
}

// attested judges a promise by its document.
func (l *Line) attested(documents []Document, today calendar.Date) {
	switch {
	case !l.documented(documents):
		l.State = Unknown
	case l.Document.Until < today:
		l.State = Expired
	default:
		l.State = Kept
	}
}
