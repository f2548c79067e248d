// SPDX-License-Identifier: Apache-2.0

package template

import (
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/lang"
)

// Year is a year of one person at a glance: a line for each month. It is a picture: what
// it shows must stand in words beside it.
type Year struct {
	L     *lang.Locale
	Label string // for screen readers: "2026 day by day; the list below names what is in it"
	Year  int
	Today calendar.Date
	Day   func(calendar.Date) Day
}

func (y Year) months() []month {
	var all []month
	for m := time.January; m <= time.December; m++ {
		all = append(all, month{year: y.Year, month: m})
	}
	return all
}

// cell returns the class of a day.
func (y Year) cell(d calendar.Date, day Day) string {
	class := ""
	switch {
	case day.Holiday != "":
		class = "h"
	case day.Off:
		class = "o"
	}
	if d == y.Today {
		class += " t"
	}
	return strings.TrimSpace(class)
}
