// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"verlof/calendar"
)

// isDigit reports whether a word begins with a digit.
func isDigit(word string) bool { return word != "" && word[0] >= '0' && word[0] <= '9' }

// threeNumbers is a date in whatever order.
var threeNumbers = regexp.MustCompile(`^(\d{1,4})[-/.‐‑‒–](\d{1,2})[-/.‐‑‒–](\d{1,4})$`)

const usualDate = "write it as 2026-07-01"

// dateHint says how a word that is no date may have been meant.
func dateHint(w string) string {
	if strings.Contains(w, "..") {
		return "one date is expected here, not two"
	}
	if n, err := strconv.Atoi(w); err == nil && n >= firstYear && n <= lastYear {
		return fmt.Sprintf("write a day of that year, such as %d-01-01", n)
	}
	m := threeNumbers.FindStringSubmatch(w)
	if m == nil {
		return usualDate
	}
	a, _ := strconv.Atoi(m[1])
	b, _ := strconv.Atoi(m[2])
	c, _ := strconv.Atoi(m[3])
	switch {
	case len(m[1]) == 4:
		return civilHint(a, b, c)
	case len(m[3]) != 4:
		return usualDate
	case a > 12:
		return civilHint(c, b, a)
	case b > 12:
		return civilHint(c, a, b)
	}
	return fmt.Sprintf("the year comes first, then the month: %04d-%02d-%02d or %04d-%02d-%02d", c, b, a, c, a, b)
}

// civilHint writes a date in the way that scenarios do, or says why there is none.
func civilHint(year, month, day int) string {
	if month < 1 || month > 12 {
		return fmt.Sprintf("there is no month %d", month)
	}
	in := time.Month(month)
	if most := calendar.DaysIn(year, in); day < 1 || day > most {
		return fmt.Sprintf("%s %d has %d days", in, year, most)
	}
	return fmt.Sprintf("did you mean %04d-%02d-%02d?", year, month, day)
}
