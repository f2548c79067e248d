// SPDX-License-Identifier: Apache-2.0

package people

import (
	"slices"

	"verlof/calendar"
)

// HolidaySet is a collection of the customer's own days that several locations
// keep, beside the public holidays of their regions: Location.Sets says which.
type HolidaySet struct {
	ID   string
	Name string
}

// OwnDay is a day that the customer adds to the public holidays, or a change of
// what a public holiday takes: 24 December in the afternoon each year, a bridge
// day, Liberation Day on which a company works.
type OwnDay struct {
	ID       string
	Location string // the location that it holds for
	Set      string // or the holiday set that it stands in; both empty: every location
	// Date is the day; where it comes back (Yearly, Feast) the first on which it may
	// fall.
	Date   calendar.Date
	Last   calendar.Date // where it comes back: the last on which it may fall; zero: no end
	Yearly bool          // it comes back on the same day of every year
	Feast  string        // key of the public holiday that it changes, wherever that falls; it has no name then
	Name   string
	Off    calendar.Half
}

// ComesBack reports whether it may fall in more than one year.
func (d OwnDay) ComesBack() bool { return d.Yearly || d.Feast != "" }

// In returns the dates on which it falls in some years; none for a change of a
// public holiday, which only a region can date.
func (d OwnDay) In(from, to int) []calendar.Date {
	switch {
	case d.Feast != "":
		return nil
	case !d.Yearly:
		if y := d.Date.Year(); y < from || y > to {
			return nil
		}
		return []calendar.Date{d.Date}
	}
	var out []calendar.Date
	first := d.Date.Year()
	for y := max(from, first); y <= to; y++ {
		if day := d.Date.AddYears(y - first); d.within().Contains(day) {
			out = append(out, day)
		}
	}
	return out
}

// within is when it may fall.
func (d OwnDay) within() calendar.Range { return calendar.Range{From: d.Date, To: d.Last} }

// Holidays returns the days off of a location in some years: its region's, then
// what the customer says of every location, of the holiday sets that this one
// keeps, and of this one. What is said later wins on the same date.
func (l Location) Holidays(own []OwnDay, from, to int) *calendar.Holidays {
	out := calendar.NewHolidays()
	if region, ok := calendar.Region(l.Region); ok {
		out = region.Years(from, to)
	}
	for _, holds := range []func(OwnDay) bool{
		func(d OwnDay) bool { return d.Location == "" && d.Set == "" },
		func(d OwnDay) bool { return slices.Contains(l.Sets, d.Set) },
		func(d OwnDay) bool { return d.Location != "" && d.Location == l.ID },
	} {
		var days []calendar.Holiday
		for _, d := range own {
			if !holds(d) {
				continue
			}
			if d.Feast != "" {
				out.Change(d.Feast, d.within(), d.Off)
			}
			for _, on := range d.In(from, to) {
				days = append(days, calendar.Holiday{Date: on, Name: d.Name, Off: d.Off, Set: true})
			}
		}
		out.Add(days...)
	}
	return out
}
