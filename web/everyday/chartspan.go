// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/web/page"
	"verlof/web/template"
)

// chartSpan is how much a chart shows at once, as its address says it.
type chartSpan string

const (
	byMonth   chartSpan = ""
	byQuarter chartSpan = "quarter"
)

// spanOf reads what somebody asks for; what is none is a month.
func spanOf(f *page.Form) chartSpan {
	if f.Text("by") == string(byQuarter) {
		return byQuarter
	}
	return byMonth
}

// months is how many the span has.
func (s chartSpan) months() int {
	if s == byQuarter {
		return 3
	}
	return 1
}

// around returns the month or the quarter that d is in.
func (s chartSpan) around(d calendar.Date) calendar.Range {
	y, m, _ := d.Civil()
	if s == byQuarter {
		return calendar.QuarterOf(y, m)
	}
	return calendar.MonthOf(y, m)
}

// path is the address of the chart of a team that d is in.
func (s chartSpan) path(d calendar.Date, team string) string {
	return page.WithQuery("/calendar", "by", string(s), "month", monthValue(d), "team", team)
}

// tab is the span among the tabs of who is away.
func (s chartSpan) tab() string {
	if s == byQuarter {
		return "quarter"
	}
	return "month"
}

// title names what begins on first: "March 2026", "January – March 2026".
func (s chartSpan) title(l *lang.Locale, first calendar.Date) string {
	y, m, _ := first.Civil()
	if s == byQuarter {
		return l.T("date.range", "from", l.MonthName(m), "to", l.Month(y, m+2))
	}
	return l.Month(y, m)
}

func (s chartSpan) steps(l *lang.Locale, first, today calendar.Date, team string) template.Steps {
	steps := template.Steps{
		Label: l.T("ui.month.nav"), Earlier: l.T("ui.cal.before"), Today: l.T("ui.month.today"), Later: l.T("ui.cal.after"),
		Before: s.path(first.AddMonths(-s.months()), team), Now: s.path(today, team), After: s.path(first.AddMonths(s.months()), team),
	}
	if s == byQuarter {
		steps.Label, steps.Earlier, steps.Later = l.T("web.chart.quarters"), l.T("web.chart.quarter_before"), l.T("web.chart.quarter_after")
	}
	return steps
}

// monthValue is the month of d as a field for months holds it: "2026-03".
func monthValue(d calendar.Date) string { return d.String()[:7] }

// quarterOptions are the quarters of the year before, the year and the year after that of d.
func quarterOptions(l *lang.Locale, d calendar.Date) []template.Option {
	y, _, _ := d.Civil()
	var options []template.Option
	for first := calendar.YearOf(y - 1).From; first <= calendar.YearOf(y+1).To; first = first.AddMonths(3) {
		year, m, _ := first.Civil()
		options = append(options, template.Option{
			Value: monthValue(first),
			Text:  l.T("date.range", "from", l.MonthShort(m), "to", l.T("date.month", "month", l.MonthShort(m+2), "year", year)),
		})
	}
	return options
}
