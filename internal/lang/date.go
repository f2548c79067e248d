// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"verlof/calendar"
)

// MonthName returns the month's full name: "March", "maart".
func (l *Locale) MonthName(m time.Month) string { return l.T("month." + strconv.Itoa(int(m))) }

// MonthShort returns the month's abbreviation: "Mar", "mrt".
func (l *Locale) MonthShort(m time.Month) string { return l.T("month.short." + strconv.Itoa(int(m))) }

// Month names a month of a year: "March 2026".
func (l *Locale) Month(year int, m time.Month) string {
	return l.T("date.month", "month", l.MonthName(m), "year", year)
}

// Weekday returns the day's full name: "Monday", "maandag".
func (l *Locale) Weekday(w time.Weekday) string { return l.T("weekday." + strconv.Itoa(int(w))) }

// WeekdayShort returns the day's two letters: "Mo", "ma".
func (l *Locale) WeekdayShort(w time.Weekday) string {
	return l.T("weekday.short." + strconv.Itoa(int(w)))
}

// Pattern writes a working pattern as calendar.ParsePattern reads it, its days in the reader's language: "ma-vr 7:36".
func (l *Locale) Pattern(p calendar.Pattern) string {
	return patternWord.ReplaceAllStringFunc(p.String(), func(word string) string { return l.T("pattern.word." + word) })
}

var patternWord = regexp.MustCompile(`[a-z]+`)

// Date writes a date for reading: "3 Mar 2026". No date is no text; so it is for
// DateShort and DateLong.
func (l *Locale) Date(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Civil()
	return l.T("date.medium", "day", day, "month", l.MonthShort(m), "year", y)
}

// DateShort writes a date whose year is plain from its surroundings: "3 Mar".
func (l *Locale) DateShort(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	_, m, day := d.Civil()
	return l.T("date.short", "day", day, "month", l.MonthShort(m))
}

// DateLong writes a date in full: "Tuesday 3 March 2026".
func (l *Locale) DateLong(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Civil()
	return l.T("date.long", "weekday", l.Weekday(d.Weekday()), "day", day, "month", l.MonthName(m), "year", y)
}

// Range writes the days from and to, both included, and repeats nothing:
// "3 Mar 2026", "2–6 Mar 2026", "28 Feb – 3 Mar 2026",
// "29 Dec 2026 – 2 Jan 2027". Without to it is open: "from 3 Mar 2026".
func (l *Locale) Range(from, to calendar.Date) string {
	switch {
	case to.IsZero():
		return l.T("date.range.open", "from", l.Date(from))
	case from == to:
		return l.Date(from)
	case from.Year() != to.Year():
		return l.T("date.range", "from", l.Date(from), "to", l.Date(to))
	case from.Month() != to.Month():
		return l.T("date.range", "from", l.DateShort(from), "to", l.Date(to))
	}
	return l.T("date.range.month", "from", from.Day(), "to", l.Date(to))
}

// Clock writes a time of day on 24 hours: "08:30".
func (l *Locale) Clock(c calendar.Clock) string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// Portion names a part of a day: "whole day", "morning", "09:00–14:00".
func (l *Locale) Portion(p calendar.Portion) string {
	switch p {
	case calendar.WholeDay:
		return l.T("portion.whole")
	case calendar.MorningHalf:
		return l.T("portion.morning")
	case calendar.AfternoonHalf:
		return l.T("portion.afternoon")
	}
	return l.Clock(p.Hours.From) + "–" + l.Clock(p.Hours.To)
}

// Span writes leave from a part of its first day to a part of its last; on one
// day only first counts: "2–6 Mar 2026", "3 Mar 2026, morning",
// "2 Mar (afternoon) – 6 Mar 2026".
func (l *Locale) Span(from, to calendar.Date, first, last calendar.Portion) string {
	if from == to {
		if first == calendar.WholeDay {
			return l.Date(from)
		}
		return l.Date(from) + ", " + l.Portion(first)
	}
	if first == calendar.WholeDay && last == calendar.WholeDay {
		return l.Range(from, to)
	}
	start := l.Date(from)
	if from.Year() == to.Year() {
		start = l.DateShort(from)
	}
	return l.T("date.range", "from", start+l.part(first), "to", l.Date(to)+l.part(last))
}

// part names a portion behind a date; a whole day needs no name.
func (l *Locale) part(p calendar.Portion) string {
	if p == calendar.WholeDay {
		return ""
	}
	return " (" + l.Portion(p) + ")"
}

// DateTime writes an instant, in microseconds since 1970, as it appears on the
// clocks of a place: "3 Mar 2026, 14:05".
func (l *Locale) DateTime(micros int64, place *time.Location) string {
	t := time.UnixMicro(micros).In(place)
	return l.T("date.time", "date", l.Date(calendar.DateOf(t)), "time", t.Format("15:04"))
}

// dateValue writes the calendar's types as the values of variables.
func (l *Locale) dateValue(v any) (string, bool) {
	switch v := v.(type) {
	case calendar.Date:
		return l.Date(v), true
	case calendar.Range:
		return l.Range(v.From, v.To), true
	case calendar.Clock:
		return l.Clock(v), true
	case calendar.Portion:
		return l.Portion(v), true
	case time.Weekday:
		return l.Weekday(v), true
	case time.Month:
		return l.MonthName(v), true
	}
	return "", false
}
