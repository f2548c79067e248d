// SPDX-License-Identifier: Apache-2.0

package template

import (
	"strconv"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
)

// The style guide is written for those who build pages: its headings are the
// names of components, its content is sample data, both in English.

var guideToday = calendar.On(2026, time.March, 11)

func guideTiles() []Tile {
	return []Tile{
		{Label: "Left", Value: "18.5", Unit: "days", Note: "to take until 31 Dec 2026", Main: true},
		{Label: "Entitled", Value: "25", Unit: "days"},
		{Label: "Carried over", Value: "3", Unit: "days", Note: "until 1 Jul 2026"},
		{Label: "Taken", Value: "4.5", Unit: "days"},
		{Label: "Planned", Value: "5", Unit: "days", Note: "2 of them pending"},
	}
}

func guideMeter() Meter {
	return Meter{
		Label: "Holiday 2026: 4.5 of 28 days taken, 3 planned, 2 pending", Total: exact.Int(28), Rest: "Left 18.5",
		Parts: []MeterPart{
			{MeterTaken, exact.Must("4.5"), "Taken 4.5"},
			{MeterPlanned, exact.Int(3), "Planned 3"},
			{MeterAsked, exact.Int(2), "Pending 2"},
		},
	}
}

func guideLines(l *lang.Locale) []LineItem {
	return []LineItem{
		{When: "1 Jan 2026", What: "Holiday 2026", Amount: "+25", Left: "25", Effect: Adds,
			Reasons: []string{"25 days a year", "joined before 2026", "works 5 of 5 days"}},
		{When: "1 Jan 2026", What: "Carried over from 2025", Amount: "+3", Left: "28", Effect: Adds,
			Reasons: []string{"at most 5 days", "to take until 1 Jul 2026"}},
		{When: "12–16 Jan 2026", What: "Holiday", Href: "#", Amount: "−4.5", Left: "23.5", Effect: Takes, Beside: StatusBadge(l, Approved)},
		{When: "24–26 Jun 2026", What: "Holiday", Href: "#", Amount: "−3", Left: "20.5", Effect: Takes, Later: true, Beside: StatusBadge(l, Approved)},
		{When: "1 Jul 2026", What: "Expired", Amount: "−2", Left: "18.5", Effect: Lost, Later: true,
			Reasons: []string{"carried over from 2025", "not taken before 1 Jul 2026"}},
		{When: "31 Dec 2026", What: "Balance", Left: "18.5 days", Effect: Total},
	}
}

func guideCalendar(l *lang.Locale) Calendar {
	return Calendar{
		L: l, ID: "cal", Year: 2026, Month: time.March, Months: 2, Today: guideToday,
		From: calendar.On(2026, time.March, 18), To: calendar.On(2026, time.March, 24),
		FromField: "from", ToField: "to", Before: "?month=2026-02", After: "?month=2026-04",
		Href: func(d calendar.Date) string { return "?from=" + d.String() },
		Day:  guideDay,
	}
}

func guideDay(d calendar.Date) Day {
	day := Day{Off: weekend(d), Closed: d < calendar.On(2026, time.March, 2)}
	switch _, m, n := d.Civil(); {
	case m == time.April && (n == 3 || n == 6):
		day.Holiday = map[int]string{3: "Good Friday", 6: "Easter Monday"}[n]
	case m == time.March && n == 5:
		day.Own = &Own{Colour: 1, Text: "Holiday, approved"}
	case m == time.March && n == 6:
		day.Own = &Own{Colour: 1, Half: Morning, Text: "Holiday, morning, approved"}
	case m == time.April && (n >= 13 && n <= 17):
		day.Own = &Own{Colour: 3, Pending: true, Text: "Parental leave, pending"}
	case n == 19 || n == 20:
		day.Away = 3
	}
	return day
}

func guideSteps(l *lang.Locale) Steps {
	return Steps{Label: l.T("ui.month.nav"), Earlier: l.T("ui.cal.before"), Today: l.T("ui.month.today"), Later: l.T("ui.cal.after"), Before: "/styleguide", Now: "/styleguide", After: "/styleguide"}
}

// guideChart is a chart with every kind of mark, for two teams.
func guideChart(l *lang.Locale) Chart {
	easter := func(d calendar.Date) string {
		if d == calendar.On(2026, time.March, 30) {
			return "Founders' Day"
		}
		return ""
	}
	return Chart{
		L: l, Label: "Who is away in March 2026", Corner: "March 2026", First: calendar.On(2026, time.March, 1), Days: 31,
		Today: guideToday, Holiday: easter,
		Groups: []ChartGroup{
			{Name: "Sales", Note: "5 people", Away: guideAway(), Rows: guideRows()},
			{Name: "Support", Note: "2 people", Rows: []ChartRow{
				{Name: "Tom Ashby", Href: "#", Ground: guideGround(time.Wednesday), Marks: []Mark{
					{Day: 3, Days: 1, Colour: 10, Label: "Sick", Text: "3 March, approved"},
					{Day: 16, Days: 5, Colour: 4, Pending: true, Label: "Training", Text: "16–20 March, pending"}}},
				{Name: "Maximiliane Hohenberg-Schwarzenfels", Href: "#"},
			}},
		},
	}
}

func guideAway() []int {
	away := make([]int, 31)
	for _, d := range []int{5, 6, 11, 12, 19, 20} {
		away[d-1] = 1 + d%3
	}
	return away
}

func guideRows() []ChartRow {
	return []ChartRow{
		{Name: "Ana Lind", Href: "#", Me: true, Marks: []Mark{
			{Day: 5, Days: 2, Colour: 1, Ends: Morning, Label: "Holiday", Text: "5–6 March, until noon, approved"},
			{Day: 18, Days: 7, Colour: 1, Pending: true, Label: "Holiday", Text: "18–24 March, pending"}}},
		{Name: "Bram de Wit", Href: "#", Ground: guideGround(time.Friday), Marks: []Mark{
			{Day: 9, Days: 5, Colour: 2, Begins: Afternoon, Label: "Parental leave", Text: "9–13 March, from noon, approved", Href: "#"}}},
		{Name: "Carla Fonseca", Href: "#", Marks: []Mark{
			{Day: 11, Days: 1, Colour: 6, Hours: true, Label: "Doctor", Text: "11 March, 09:00–11:00, approved"},
			{Day: 19, Days: 2, Colour: 0, Label: "Away", Text: "19–20 March"},
			{Day: 26, Days: 1, Colour: 1, Begins: Afternoon, Label: "Holiday", Text: "26 March, afternoon, approved"}}},
		{Name: "Dirk Aalders", Href: "#", Marks: []Mark{
			{Day: 2, Days: 2, Colour: 5, Ends: Morning, Label: "Special leave", Text: "2–3 March, until noon, approved"},
			{Day: 3, Days: 3, Colour: 9, Begins: Afternoon, Label: "Unpaid leave", Text: "3–5 March, from noon, approved"}}},
		{Name: "Esra Yildiz", Href: "#", Ground: guideGround(time.Monday), Marks: []Mark{
			{Day: 12, Days: 9, Colour: 12, Label: "Moving house", Text: "12–20 March, approved"}}},
	}
}

// guideGround is a month of someone who is also free on one weekday.
func guideGround(free time.Weekday) []Ground {
	g := make([]Ground, 31)
	for i := range g {
		d := calendar.On(2026, time.March, i+1)
		if weekend(d) || d.Weekday() == free {
			g[i].Kind = NotWorking
		}
	}
	g[29] = Ground{PublicHoliday, "Founders' Day"}
	return g
}

func guideTypes() []LegendItem {
	return []LegendItem{{Colour: 1, Text: "Holiday"}, {Colour: 2, Text: "Parental leave"}, {Colour: 5, Text: "Special leave"}, {Colour: 10, Text: "Sick"}, {Colour: 0, Text: "Away"}}
}

func guideOptions() []Option {
	return []Option{
		{Value: "holiday", Text: "Holiday", Note: "18.5 days left", Colour: 1},
		{Value: "parental", Text: "Parental leave", Note: "36 hours left", Colour: 2},
		{Value: "unpaid", Text: "Unpaid leave", Note: "as agreed", Colour: 9},
		{Value: "moving", Text: "Moving house", Note: "used up", Colour: 12, Disabled: true},
	}
}

func guideParts() []Option {
	return []Option{{Value: "whole", Text: "Whole day"}, {Value: "morning", Text: "Morning"}, {Value: "afternoon", Text: "Afternoon"}}
}

func guideColours() []LegendItem {
	all := []LegendItem{{Colour: 0, Text: "c0"}}
	for n := 1; n <= Colours; n++ {
		all = append(all, LegendItem{Colour: n, Text: "c" + strconv.Itoa(n)})
	}
	return all
}

func guideLinks() []Link {
	return []Link{{Text: "Overview", Href: "#", Current: true}, {Text: "Waiting", Href: "#", Count: 4}, {Text: "Decided", Href: "#"}}
}

func guideFacts(l *lang.Locale) []Fact {
	return []Fact{
		{Name: "Type", Value: TypeTag(1, "Holiday")},
		{Name: "Days", Text: "18–24 March 2026"},
		{Name: "Counts", Text: "5 days, 40:00 hours"},
		{Name: "Status", Value: StatusBadge(l, Pending)},
	}
}
