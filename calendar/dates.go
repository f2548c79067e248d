// SPDX-License-Identifier: Apache-2.0

// Package calendar owns the civil calendar of leave: dates and ranges of
// dates, times of the clock, parts of a day, working days, working patterns
// that repeat, and the public holidays of countries and regions. A leave day is
// a civil date plus a part of that day, so the package refuses time zones,
// instants and the present moment; it also refuses persons, balances and I/O.
package calendar

import (
	"iter"
	"time"

	"verlof/errs"
)

// Date is a civil date of the proleptic Gregorian calendar, without a time
// zone, held as the number of days since 0000-12-31 (rata die): 1 is
// 0001-01-01, a Monday. Zero means no date. Dates compare with <, == and > and
// the difference of two is a number of days. Years 1 to 9999 are meant; others
// are computed but have no text form.
type Date int32

// Last is the last date that has a text form, 9999-12-31. A Range without an
// end stands for a range up to it.
const Last Date = 3652059

// On returns the date of day d of month m of year y. Like time.Date it
// normalises: On(2026, 2, 30) is 2026-03-02 and On(2026, 13, 1) is 2027-01-01.
func On(y int, m time.Month, d int) Date {
	m0 := int(m) - 1
	y, m0 = y+floorDiv(m0, 12), floorMod(m0, 12)
	// Years that begin in March put the leap day last; month 0 is March.
	mp := m0 - 2
	if mp < 0 {
		mp, y = mp+12, y-1
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doe := yoe*365 + yoe/4 - yoe/100 + (153*mp+2)/5 + d - 1
	return Date(era*146097 + doe - 305)
}

// DateOf returns the civil date of t in t's own location.
func DateOf(t time.Time) Date { return On(t.Date()) }

// Parse reads a date that exists, written YYYY-MM-DD. Anything else is
// errs.Invalid.
func Parse(s string) (Date, error) {
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		y, okY := digits(s[:4])
		m, okM := digits(s[5:7])
		d, okD := digits(s[8:])
		if okY && okM && okD && y > 0 && m >= 1 && m <= 12 && d >= 1 && d <= DaysIn(y, time.Month(m)) {
			return On(y, time.Month(m), d), nil
		}
	}
	return 0, errs.New(errs.Invalid, "calendar.error.date", "word", s)
}

// MustParse parses s and panics where it is no date; for constants and tests.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic("calendar: " + s + " is not a date")
	}
	return d
}

// DaysIn returns the number of days of month m of year y, 28 to 31.
func DaysIn(y int, m time.Month) int { return int(On(y, m+1, 1) - On(y, m, 1)) }

// Civil returns year, month and day of d.
func (d Date) Civil() (y int, m time.Month, day int) {
	z := int(d) + 305
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	y = era*400 + yoe
	if mp < 10 {
		return y, time.Month(mp + 3), day
	}
	return y + 1, time.Month(mp - 9), day
}

// Year returns the year of d.
func (d Date) Year() int { y, _, _ := d.Civil(); return y }

// Month returns the month of d.
func (d Date) Month() time.Month { _, m, _ := d.Civil(); return m }

// Day returns the day of the month of d.
func (d Date) Day() int { _, _, day := d.Civil(); return day }

// Weekday returns the day of the week of d.
func (d Date) Weekday() time.Weekday { return time.Weekday(floorMod(int(d), 7)) }

// Monday returns the Monday of d's week, which is d itself on a Monday.
func (d Date) Monday() Date { return d - Date(floorMod(int(d)-1, 7)) }

// AddDays returns the date n days after d.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths returns the date n months after d, on the same day of the month or
// on that month's last day where it is shorter: a month after 31 January is 28
// or 29 February.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Civil()
	first := On(y, m+time.Month(n), 1)
	fy, fm, _ := first.Civil()
	return first + Date(min(day, DaysIn(fy, fm))-1)
}

// AfterMonths returns the first day after n whole months that begin on d: the same day
// of the month, or the first of the next where that month has no such day. A month from
// 31 August on ends with 30 September, and six months with the last of February (BGB
// §§ 187 (2), 188 (2) and (3)).
func (d Date) AfterMonths(n int) Date {
	y, m, day := d.Civil()
	first := On(y, m+time.Month(n), 1)
	fy, fm, _ := first.Civil()
	return first + Date(min(day-1, DaysIn(fy, fm)))
}

// AddYears returns the date n years after d; 29 February becomes 28 February in
// a common year.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == 0 }

// String returns d as YYYY-MM-DD, and "" for no date.
func (d Date) String() string {
	b, _ := d.AppendText(make([]byte, 0, 10))
	return string(b)
}

// AppendText appends the form of String to b.
func (d Date) AppendText(b []byte) ([]byte, error) {
	if d == 0 {
		return b, nil
	}
	y, m, day := d.Civil()
	return append(b,
		digit(y/1000), digit(y/100), digit(y/10), digit(y), '-',
		digit(int(m)/10), digit(int(m)), '-',
		digit(day/10), digit(day)), nil
}

// MarshalText writes the form of String.
func (d Date) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText reads what Parse reads; the empty text is no date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := Parse(string(b))
	if err == nil {
		*d = v
	}
	return err
}

// Range is a run of dates, both ends included. A zero To is an open end; a zero
// From an open beginning. A range whose To is before its From is empty.
type Range struct{ From, To Date }

// YearOf returns the calendar year y.
func YearOf(y int) Range {
	return Range{On(y, time.January, 1), On(y, time.December, 31)}
}

// MonthOf returns month m of year y.
func MonthOf(y int, m time.Month) Range {
	first := On(y, m, 1)
	return Range{first, On(y, m+1, 1) - 1}
}

// QuarterOf returns the quarter of year y that month m is in: from January, April, July or
// October, three months.
func QuarterOf(y int, m time.Month) Range {
	first := m - (m-1)%3
	return Range{On(y, first, 1), On(y, first+3, 1) - 1}
}

// end returns the last date of r, Last where the end is open.
func (r Range) end() Date {
	if r.To == 0 {
		return Last
	}
	return r.To
}

// Contains reports whether d is in r; no date never is.
func (r Range) Contains(d Date) bool { return d != 0 && d >= r.From && d <= r.end() }

// Overlaps reports whether r and s have a date in common.
func (r Range) Overlaps(s Range) bool {
	_, ok := r.Intersect(s)
	return ok
}

// Intersect returns the dates that r and s have in common and whether there are
// any. The result has an open end only where both have.
func (r Range) Intersect(s Range) (Range, bool) {
	x := Range{From: max(r.From, s.From), To: min(r.end(), s.end())}
	if x.To < x.From {
		return Range{}, false
	}
	if r.To == 0 && s.To == 0 {
		x.To = 0
	}
	return x, true
}

// Days returns the number of dates in r, 0 where it is empty. An open end
// counts up to Last.
func (r Range) Days() int { return max(0, int(r.end()-max(r.From, 1))+1) }

// All yields the dates of r in order. An open end goes on to Last.
func (r Range) All() iter.Seq[Date] {
	return func(yield func(Date) bool) {
		for d, end := max(r.From, 1), r.end(); d <= end; d++ {
			if !yield(d) {
				return
			}
		}
	}
}

// String returns "2026-07-01..2026-07-12", an open end as "2026-07-01..".
func (r Range) String() string { return r.From.String() + ".." + r.To.String() }

// digits reads s, which must be decimal digits only.
func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, s != ""
}

func digit(n int) byte { return '0' + byte(floorMod(n, 10)) }

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int) int {
	m := a % b
	if m < 0 {
		m += b
	}
	return m
}
