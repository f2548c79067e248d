// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"slices"
	"time"
)

// dating finds the date of a feast in a year; 0 where it has none.
type dating func(year int) Date

// fixed is the same day of every year.
func fixed(m time.Month, d int) dating {
	return func(y int) Date { return On(y, m, d) }
}

// easter is so many days after Easter Sunday, before it where negative.
func easter(days int) dating {
	return func(y int) Date { return easterSunday(y).AddDays(days) }
}

// nth is the first, second, ... such weekday of a month.
func nth(n int, w time.Weekday, m time.Month) dating {
	return func(y int) Date { return onOrAfter(w, On(y, m, 7*n-6)) }
}

// last is the last such weekday of a month.
func last(w time.Weekday, m time.Month) dating {
	return func(y int) Date { return onOrAfter(w, On(y, m+1, 1)) - 7 }
}

// after is so many days after another feast.
func after(days int, f dating) dating {
	return func(y int) Date { return f(y).AddDays(days) }
}

// orSaturday is the day before where the feast falls on a Sunday.
func orSaturday(f dating) dating {
	return func(y int) Date {
		d := f(y)
		if d.Weekday() == time.Sunday {
			d--
		}
		return d
	}
}

// listed is one date in each year of a list, such as a feast of the lunar
// calendar as the authorities fixed it.
func listed(dates ...string) dating {
	byYear := make(map[int]Date, len(dates))
	for _, s := range dates {
		d := MustParse(s)
		byYear[d.Year()] = d
	}
	return func(y int) Date { return byYear[y] }
}

func onOrAfter(w time.Weekday, d Date) Date {
	return d + Date(floorMod(int(w-d.Weekday()), 7))
}

// easterSunday returns Easter of the Gregorian calendar, by the computus of
// Meeus, Jones and Butcher.
func easterSunday(y int) Date {
	a, b, c := y%19, y/100, y%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return On(y, time.Month(n/31), n%31+1)
}

// feast is a holiday as a rule: what it is called, when it falls, in which
// years it is kept and what it takes.
type feast struct {
	key, local string
	date       dating
	off        Half
	first      int // first year; 0: always
	final      int // last year; 0: still
	only, not  []int
}

// day returns a feast that is kept every year and takes the whole day.
func day(key, local string, date dating) feast {
	return feast{key: key, local: local, date: date}
}

// since keeps the feast from a year on.
func (f feast) since(year int) feast { f.first = year; return f }

// until keeps it up to a year.
func (f feast) until(year int) feast { f.final = year; return f }

// in keeps it in these years only.
func (f feast) in(years ...int) feast { f.only = years; return f }

// except keeps it in all but these years.
func (f feast) except(years ...int) feast { f.not = years; return f }

// shown takes nothing: the feast is known, but work goes on.
func (f feast) shown() feast { f.off = Informative; return f }

// holiday returns the feast in a year; ok is false where it is not kept.
func (f feast) holiday(year int) (h Holiday, ok bool) {
	switch {
	case year < f.first, f.final != 0 && year > f.final,
		f.only != nil && !slices.Contains(f.only, year),
		slices.Contains(f.not, year):
		return Holiday{}, false
	}
	h = Holiday{Date: f.date(year), Key: f.key, Local: f.local, Off: f.off}
	return h, h.Date != 0
}
