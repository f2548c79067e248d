// SPDX-License-Identifier: Apache-2.0

package web

import (
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
)

func spanText(l *lang.Locale, s leave.Span) string { return l.Span(s.From, s.To, s.First, s.Last) }

// holidayName returns the customer's own name of a day, or the catalogue's.
func holidayName(l *lang.Locale, h calendar.Holiday) string {
	if h.Name != "" {
		return h.Name
	}
	return l.T("holiday." + h.Key)
}

func weekend(d calendar.Date) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

// matches reports whether every word of find is in p's name, number or address.
func matches(p people.Person, find string) bool {
	text := strings.ToLower(p.Name() + " " + p.Number + " " + p.Email)
	for word := range strings.FieldsSeq(strings.ToLower(find)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func patternName(patterns []people.Pattern, id string) string {
	for _, p := range patterns {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

func packageName(book *leave.Rulebook, id string) string {
	for _, p := range book.Packages {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

// weekOf says how much a pattern is a week: "4 days, 32:00".
func weekOf(l *lang.Locale, p calendar.Pattern) string {
	return l.T("admin.week", "days", l.DaysExact(p.WeeklyDays()), "hours", l.HoursOf(p.WeeklyMinutes()))
}
