// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"strconv"
	"time"
)

// MonthName returns the month's full name: "March", "maart".
func (l *Locale) MonthName(m time.Month) string { return l.T("month." + strconv.Itoa(int(m))) }

// MonthShort returns the month's abbreviation: "Mar", "mrt".
func (l *Locale) MonthShort(m time.Month) string { return l.T("month.short." + strconv.Itoa(int(m))) }

// Month names a month of a year: "March 2026".
func (l *Locale) Month(year int, m time.Month) string {
	return l.T("date.month", "month", l.MonthName(m), "year", strconv.Itoa(year))
}

// Weekday returns the day's full name: "Monday", "maandag".
func (l *Locale) Weekday(w time.Weekday) string { return l.T("weekday." + strconv.Itoa(int(w))) }

// WeekdayShort returns the day's two letters: "Mo", "ma".
func (l *Locale) WeekdayShort(w time.Weekday) string {
	return l.T("weekday.short." + strconv.Itoa(int(w)))
}
