// SPDX-License-Identifier: Apache-2.0

package template

import (
	"strconv"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/lang"
)

// Calendar is one or more months to choose a range of days from. A day is a link
// (Href); with the module range.js, a click, a drag or the keyboard sets the date
// fields named FromField and ToField of the same page instead.
type Calendar struct {
	L                  *lang.Locale
	ID                 string // the same on every page that Before and After lead to
	Year               int
	Month              time.Month // the first month shown
	Months             int        // how many; 0 is one
	Today              calendar.Date
	From, To           calendar.Date // what is chosen; zero is nothing
	FromField, ToField string        // names of the date fields
	Before, After      string        // addresses of this page one month earlier and later; "" for none
	Href               func(calendar.Date) string
	Day                func(calendar.Date) Day // what is known of a day; nil is nothing
	Bridges            []Bridge                // days worth taking
}

// Bridge is a few working days between days off: who takes them is off for long.
type Bridge struct{ Days, Href, Why string }

// Day is what a calendar shows of a day besides its number.
type Day struct {
	Off     bool   // no working day of this person
	Holiday string // name of a public holiday
	Closed  bool   // cannot be chosen: outside employment
	Own     *Own   // leave of this person
	Away    int    // how many others of the team are away
}

// Own is leave that the person already has on a day.
type Own struct {
	Colour  int
	Half    Half
	Pending bool
	Text    string // "Holiday, approved"
}

// Half says which half of a day is meant.
type Half uint8

// The parts of a day in a calendar or a chart.
const (
	FullDay   Half = iota
	Morning        // the morning alone
	Afternoon      // the afternoon alone
	SomeHours      // certain hours
)

var halfClass = [...]string{"", "m", "a", "q"}

// month is one month of a Calendar.
type month struct {
	year  int
	month time.Month
	weeks [][]calendar.Date // Monday first; zero where another month's days would be
}

func (c Calendar) months() []month {
	var months []month
	first := calendar.On(c.Year, c.Month, 1)
	for i := range max(c.Months, 1) {
		y, m, _ := first.AddMonths(i).Civil()
		months = append(months, month{y, m, weeksOf(y, m)})
	}
	return months
}

func weeksOf(y int, m time.Month) [][]calendar.Date {
	first := calendar.On(y, m, 1)
	skip := (int(first.Weekday()) + 6) % 7
	var weeks [][]calendar.Date
	for day := -skip; day < calendar.DaysIn(y, m); day += 7 {
		week := make([]calendar.Date, 7)
		for i := range week {
			if d := day + i; d >= 0 && d < calendar.DaysIn(y, m) {
				week[i] = first.AddDays(d)
			}
		}
		weeks = append(weeks, week)
	}
	return weeks
}

func (c Calendar) day(d calendar.Date) Day {
	if c.Day == nil {
		return Day{}
	}
	return c.Day(d)
}

// feast is a public holiday of the months that are shown.
type feast struct {
	date calendar.Date
	name string
}

// feasts are the public holidays of the months that are shown, by date.
func (c Calendar) feasts() []feast {
	var out []feast
	first := calendar.On(c.Year, c.Month, 1)
	for d := first; d < first.AddMonths(max(c.Months, 1)); d++ {
		if name := c.day(d).Holiday; name != "" {
			out = append(out, feast{d, name})
		}
	}
	return out
}

// class returns the classes of a day's cell.
func (c Calendar) class(d calendar.Date, day Day) string {
	var b []string
	for _, k := range []struct {
		name string
		on   bool
	}{
		{"off", day.Off}, {"hol", day.Holiday != ""}, {"gone", day.Closed}, {"today", d == c.Today},
		{"from", d == c.From}, {"to", d == c.To}, {"in", c.From < d && d < c.To},
	} {
		if k.on {
			b = append(b, k.name)
		}
	}
	return strings.Join(b, " ")
}

// say is what a screen reader reads of a day.
func (c Calendar) say(d calendar.Date, day Day) string {
	parts := []string{c.L.DateLong(d)}
	if day.Holiday != "" {
		parts = append(parts, day.Holiday)
	} else if day.Off {
		parts = append(parts, c.L.T("ui.cal.off"))
	}
	if day.Own != nil {
		parts = append(parts, day.Own.Text)
	}
	if day.Away > 0 {
		parts = append(parts, c.L.T("ui.cal.away", "count", day.Away))
	}
	if !c.From.IsZero() && c.From <= d && d <= c.To {
		parts = append(parts, c.L.T("ui.cal.chosen"))
	}
	return strings.Join(parts, ", ")
}

func (c Calendar) href(d calendar.Date) string {
	if c.Href == nil {
		return "#"
	}
	return c.Href(d)
}

func (o Own) class() string {
	s := "own " + Colour(o.Colour)
	if o.Pending {
		s += " p"
	}
	if o.Half == Morning || o.Half == Afternoon {
		s += " " + halfClass[o.Half]
	}
	return s
}

// weekdays are the days of a week, Monday first.
var weekdays = [...]time.Weekday{1, 2, 3, 4, 5, 6, 0}

func dayNumber(d calendar.Date) string {
	_, _, n := d.Civil()
	return strconv.Itoa(n)
}
