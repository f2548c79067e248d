// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"verlof/calendar"
	"verlof/errs"
)

// ParseDate reads a date as the reader writes it: day, month and year, the month
// as a number or as its name or abbreviation in the reader's language, with
// hyphens, slashes, dots or spaces between; or year, month and day as ISO 8601
// has them. A weekday before it must be the right one. A year of two digits is
// of this century: leave of the last one is not entered any more. Anything else,
// a date that does not exist among it, is errs.Invalid.
func (l *Locale) ParseDate(s string) (calendar.Date, error) {
	fail := errs.New(errs.Invalid, "date.error.form")
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("-/.,", r)
	})
	weekday := time.Weekday(-1)
	if len(words) == 4 {
		w, ok := l.parseWeekday(words[0])
		if !ok {
			return 0, fail
		}
		weekday, words = w, words[1:]
	}
	if len(s) > 60 || len(words) != 3 || strings.HasPrefix(strings.TrimSpace(s), "-") {
		return 0, fail
	}
	if len(words[0]) == 4 {
		words[0], words[2] = words[2], words[0]
	}
	d, ok := l.fromWords(words[0], words[1], words[2])
	if !ok || weekday >= 0 && d.Weekday() != weekday {
		return 0, fail
	}
	return d, nil
}

func (l *Locale) fromWords(day, month, year string) (calendar.Date, bool) {
	d, okDay := number(day, 2)
	m, okMonth := l.parseMonth(month)
	y, okYear := number(year, 4)
	if len(year) == 2 {
		y += 2000
	} else if len(year) != 4 {
		okYear = false
	}
	if !okDay || !okMonth || !okYear || y < 1 || d < 1 || d > calendar.DaysIn(y, m) {
		return 0, false
	}
	return calendar.On(y, m, d), true
}

func (l *Locale) parseMonth(s string) (time.Month, bool) {
	if n, ok := number(s, 2); ok {
		return time.Month(n), n >= 1 && n <= 12
	}
	for m := time.January; m <= time.December; m++ {
		short, _ := strings.CutSuffix(strings.ToLower(l.MonthShort(m)), ".")
		if s == strings.ToLower(l.MonthName(m)) || s == short {
			return m, true
		}
	}
	return 0, false
}

func (l *Locale) parseWeekday(s string) (time.Weekday, bool) {
	for w := time.Sunday; w <= time.Saturday; w++ {
		if s == strings.ToLower(l.Weekday(w)) || s == strings.ToLower(l.WeekdayShort(w)) {
			return w, true
		}
	}
	return 0, false
}

// number reads at most digits ASCII digits and nothing else.
func number(s string, digits int) (int, bool) {
	if len(s) > digits || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
