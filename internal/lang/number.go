// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"

	"verlof/internal/exact"
)

// value writes the value of a variable in the reader's form: dates as Date,
// ranges as Range, times of day as Clock, parts of a day as Portion, rationals
// as Number with two digits, weekdays and months by name, and "count" with marks
// between its thousands. All else, years and ids among it, appears as fmt.Sprint
// writes it.
func (l *Locale) value(name string, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		if name == "count" {
			return l.mark(strconv.Itoa(v))
		}
		return strconv.Itoa(v)
	case exact.Rat:
		return l.Number(v, 2)
	}
	if s, ok := l.dateValue(v); ok {
		return s
	}
	if name == "count" {
		return l.mark(fmt.Sprint(v))
	}
	return fmt.Sprint(v)
}

// Number writes r with at most digits decimals (halves away from zero, no
// trailing zeros), the reader's decimal mark and marks between thousands.
func (l *Locale) Number(r exact.Rat, digits int) string { return l.mark(r.Decimal(digits)) }

// minus stands before what is below nothing in all that is read: it is as long as a plus, and no line ends after it.
const minus = "\u2212"

// mark turns "-1234.5" into the reader's form.
func (l *Locale) mark(s string) string {
	s, sign := strings.CutPrefix(s, "-")
	whole, frac, dot := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + l.group + whole[i:]
	}
	if dot {
		whole += l.decimal + frac
	}
	if sign {
		return minus + whole
	}
	return whole
}

// ListMark is what spreadsheets of the language part the cells of a CSV file with: a comma, or a semicolon where that is
// the decimal mark.
func (l *Locale) ListMark() rune {
	if l.decimal == "," {
		return ';'
	}
	return ','
}

// Exact writes r without loss: as a decimal where two digits hold it, else as a
// whole number and a fraction: "2 17/31".
func (l *Locale) Exact(r exact.Rat) string {
	if r.Mul(exact.Int(100)).IsInt() {
		return l.Number(r, 2)
	}
	if r.Sign() < 0 {
		return minus + l.Exact(r.Neg())
	}
	whole := r.Floor()
	frac := r.Sub(whole).String()
	if whole.IsZero() {
		return frac
	}
	return l.Number(whole, 0) + " " + frac
}

// Days writes an amount of days, rounded to two decimals for reading: "1 day",
// "2.5 days", "0.55 days".
func (l *Locale) Days(days exact.Rat) string { return l.T("unit.days", "count", days) }

// DaysExact writes an amount of days without loss: "2.5 days", "2 17/31 days".
func (l *Locale) DaysExact(days exact.Rat) string {
	if days.Mul(exact.Int(100)).IsInt() {
		return l.Days(days)
	}
	return l.T("unit.days.exact", "amount", l.Exact(days))
}

// Hours writes minutes as hours and minutes: "20:00", "−0:30". Hours go on
// after 24, with marks between their thousands: "13,979:36".
func (l *Locale) Hours(minutes int) string {
	sign := ""
	if minutes < 0 {
		sign, minutes = minus, -minutes
	}
	return fmt.Sprintf("%s%s:%02d", sign, l.mark(strconv.Itoa(minutes/60)), minutes%60)
}

// HoursOf writes exact minutes as Hours, rounded to the nearest whole minute.
func (l *Locale) HoursOf(minutes exact.Rat) string {
	n, _ := minutes.HalfUp().Int64()
	return l.Hours(int(n))
}

// Percent writes a fraction of one as a percentage with at most one decimal:
// 17/40 is "42.5%", and in German "42,5 %" with a space at which no line ends (DIN 5008).
func (l *Locale) Percent(fraction exact.Rat) string {
	return l.T("unit.percent", "number", l.Number(fraction.Mul(exact.Int(100)), 1))
}

// List writes items as one phrase: "a", "a and b", "a, b and c".
func (l *Locale) List(items ...string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := len(items) - 1
	return l.T("list.last", "first", strings.Join(items[:last], l.T("list.comma")), "last", items[last])
}

// form returns the plural form for a count as it is written (CLDR plural
// rules): 1 and 1.0 are the same number, 1.5 never takes the singular.
func (l *Locale) form(count any) plural.Form {
	var s string
	switch c := count.(type) {
	case nil:
		return plural.Other
	case exact.Rat:
		s = c.Decimal(2)
	default:
		s = fmt.Sprint(c)
	}
	whole, frac, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	i, err := strconv.Atoi(whole)
	if err != nil {
		return plural.Other
	}
	f, _ := strconv.Atoi(frac)
	return plural.Cardinal.MatchPlural(l.language, i, len(frac), len(frac), f, f)
}
