// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/web/view"
)

// costView is what leave costs, day by day, and what that leaves.
type costView struct {
	Total   string // in the unit of the type
	Also    string // in the other unit
	Years   []yearView
	Days    []dayCost
	Skipped []skippedView
	Later   []string // what later changes corrected of it
}

// Sum is the cost in both units: "3 days (24:00 h)".
func (v costView) Sum() string {
	if v.Also == "" {
		return v.Total
	}
	return v.Total + " (" + v.Also + ")"
}

// yearView is the part of the cost that one leave year pays, in the unit of the
// type, which Year names.
type yearView struct {
	Year                string // as a title
	Left                string // what it leaves, in words
	Before, Cost, After string
	Short               bool // less than nothing is left
}

// dayCost is what one day costs.
type dayCost struct {
	Day  string
	Cost string
	Also string
}

// skippedView is a run of days that cost nothing for the same reason.
type skippedView struct{ Days, Why string }

// costOf puts into words what leave of a type costs.
func costOf(l *lang.Locale, t leave.Type, charges []leave.Charge, skipped []leave.Skipped, years []leave.YearPart) costView {
	v := costView{Total: explain.Plain(l, leave.Total(charges, t.Unit), t.Unit)}
	minutes := 0
	for _, c := range charges {
		minutes += c.Minutes
		v.Days = append(v.Days, dayCostOf(l, t, c))
	}
	if len(charges) > 0 {
		v.Also = otherUnit(l, t, leave.Total(charges, leave.Days), minutes)
	}
	for _, y := range years {
		v.Years = append(v.Years, yearOf(l, t, y))
	}
	v.Skipped = skippedOf(l, skipped)
	return v
}

func dayCostOf(l *lang.Locale, t leave.Type, c leave.Charge) dayCost {
	return dayCost{
		Day:  l.DateLong(c.Date),
		Cost: explain.Plain(l, c.In(t.Unit), t.Unit),
		Also: otherUnit(l, t, c.Days, c.Minutes),
	}
}

// otherUnit writes an amount in the unit that its type is not kept in.
func otherUnit(l *lang.Locale, t leave.Type, days exact.Rat, minutes int) string {
	if t.Unit == leave.Hours {
		return l.Days(days)
	}
	return explain.Plain(l, exact.Int(int64(minutes)), leave.Hours)
}

func yearOf(l *lang.Locale, t leave.Type, y leave.YearPart) yearView {
	return yearView{
		Year:   l.T("web.cost.year."+string(t.Unit), "year", y.Year),
		Left:   l.T("web.inbox.left", "left", explain.Plain(l, y.After, t.Unit), "year", y.Year),
		Before: view.Exact(l, y.Before, t.Unit), Cost: view.Exact(l, y.Cost, t.Unit), After: view.Exact(l, y.After, t.Unit),
		Short: y.After.Sign() < 0,
	}
}

// skippedOf puts neighbours with the same reason together.
func skippedOf(l *lang.Locale, skipped []leave.Skipped) []skippedView {
	var out []skippedView
	for i := 0; i < len(skipped); {
		why := whySkipped(l, skipped[i])
		j := i + 1
		for j < len(skipped) && skipped[j].Date == skipped[j-1].Date.AddDays(1) && whySkipped(l, skipped[j]) == why {
			j++
		}
		out = append(out, skippedView{Days: l.Range(skipped[i].Date, skipped[j-1].Date), Why: why})
		i = j
	}
	return out
}

func whySkipped(l *lang.Locale, s leave.Skipped) string {
	switch {
	case s.NoJob:
		return l.T("web.skipped.no_job")
	case s.Holiday != (calendar.Holiday{}):
		return view.HolidayName(l, s.Holiday)
	}
	return l.T("web.skipped.free")
}
