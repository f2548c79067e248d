// SPDX-License-Identifier: Apache-2.0

package view

import (
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
)

// SpanText writes from when to when leave is, parts of days included.
func SpanText(l *lang.Locale, s leave.Span) string { return l.Span(s.From, s.To, s.First, s.Last) }

// HolidayName returns the customer's own name of a day, or the catalogue's.
func HolidayName(l *lang.Locale, h calendar.Holiday) string {
	if h.Name != "" {
		return h.Name
	}
	return l.T("holiday." + h.Key)
}

// Weekend reports whether d is a Saturday or a Sunday.
func Weekend(d calendar.Date) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

// Matches reports whether every word of find is in p's name, number or address.
func Matches(p people.Person, find string) bool {
	text := strings.ToLower(p.Name() + " " + p.Number + " " + p.Email)
	for word := range strings.FieldsSeq(strings.ToLower(find)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// PatternName returns the name of a pattern; empty where there is none of that id.
func PatternName(patterns []people.Pattern, id string) string {
	for _, p := range patterns {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

// PackageName returns the name of a package; empty where there is none of that id.
func PackageName(book *leave.Rulebook, id string) string {
	for _, p := range book.Packages {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

// WeekOf says how much a pattern is a week: "4 days, 32:00".
func WeekOf(l *lang.Locale, p calendar.Pattern) string {
	return l.T("admin.week", "days", l.DaysExact(p.WeeklyDays()), "hours", l.HoursOf(p.WeeklyMinutes()))
}

// TimesOf writes when a day's work is done.
func TimesOf(w calendar.Workday) string {
	switch {
	case w.Afternoon.IsZero():
		return w.Morning.String()
	case w.Morning.IsZero():
		return w.Afternoon.String()
	case w.Morning.To == w.Afternoon.From:
		return calendar.Interval{From: w.Morning.From, To: w.Afternoon.To}.String()
	}
	return w.Morning.String() + " " + w.Afternoon.String()
}
