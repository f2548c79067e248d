// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"net/http"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// chartPage is who is away in a month or a quarter, person by person.
type chartPage struct {
	Frame    template.Page
	Form     *page.Form
	Title    string // "March 2026", "January – March 2026"
	Steps    template.Steps
	Tabs     []template.Link
	Span     chartSpan
	Chart    template.Chart
	Legend   []template.LegendItem
	Teams    []template.Option
	Team     string
	Quarters []template.Option // to choose from, where a quarter is shown
	Value    string            // of the month shown, or the first one: "2026-03"
}

// showChart handles GET /calendar.
func showChart(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(r.Context(), v.Person)
	if err != nil {
		return err
	}
	span := spanOf(f)
	c, err := t.Leave.Chart(r.Context(), v.Person, f.Text("team"), span.around(f.Month("month", today).From))
	if err != nil {
		return err
	}
	teams, err := t.People.Teams(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := newChartPage(v, c, span, f.Text("team"))
	p.Frame, p.Form, p.Teams = page.Frame(w, r, v.Lang.T("web.chart.title")), f, teamOptions(v.Lang, teams)
	p.Frame.Wide, p.Frame.Styles, p.Frame.Scripts = true, []string{"chart.css"}, []string{"chart.js"}
	return page.Render(w, r, f.Status(), chartView(p))
}

func newChartPage(v *page.Visit, c leave.Chart, span chartSpan, team string) chartPage {
	l, first := v.Lang, c.Range.From
	p := chartPage{
		Title: span.title(l, first), Steps: span.steps(l, first, c.Today, team), Tabs: awayTabs(l, span.tab(), first, team),
		Span: span, Quarters: quarterOptions(l, first), Value: monthValue(first), Team: team,
	}
	p.Chart = template.Chart{
		L: l, Label: l.T("web.chart.label", "month", p.Title), Corner: l.T("web.chart.corner"),
		First: c.Range.From, Days: c.Range.Days(), Today: c.Today, Holiday: commonHoliday(l, &c),
	}
	d := drawer{v: v, c: &c}
	for i := range c.Teams {
		p.Chart.Groups = append(p.Chart.Groups, d.group(&c.Teams[i]))
	}
	p.Legend = legend(l, c.Types, d.unknown)
	if span == byQuarter {
		p.Legend = append(p.Legend, template.LegendItem{Sign: "3", Text: l.T("web.chart.peak")})
	}
	return p
}

// legend names the types in a chart, and the absences without a reason where
// there are any.
func legend(l *lang.Locale, types []leave.Type, unknown bool) []template.LegendItem {
	var items []template.LegendItem
	for _, t := range types {
		items = append(items, template.LegendItem{Colour: t.Colour, Text: t.Name})
	}
	if unknown {
		items = append(items, template.LegendItem{Text: l.T("web.away.unknown")})
	}
	return items
}

func teamOptions(l *lang.Locale, teams []people.Team) []template.Option {
	options := []template.Option{{Text: l.T("web.chart.all_teams")}}
	for _, t := range teams {
		options = append(options, template.Option{Value: t.ID, Text: t.Name})
	}
	return options
}

// commonHoliday returns the public holiday that everybody shown has on a day.
func commonHoliday(l *lang.Locale, c *leave.Chart) func(calendar.Date) string {
	return func(d calendar.Date) string {
		var common calendar.Holiday
		ok := false
		for _, t := range c.Teams {
			for _, r := range t.Rows {
				if common, ok = holidayOf(c, r.Days[d-c.Range.From]); !ok {
					return ""
				}
			}
		}
		if !ok {
			return ""
		}
		return view.HolidayName(l, common)
	}
}

// drawer turns the domain's chart into bars.
type drawer struct {
	v       *page.Visit
	c       *leave.Chart
	grounds map[string][]template.Ground // by what the days are: many rows share one
	key     []byte                       // of the row at hand
	unknown bool                         // a bar without a reason was drawn
}

func (d *drawer) group(t *leave.ChartTeam) template.ChartGroup {
	g := template.ChartGroup{
		Name: t.Team.Name, Note: d.v.Lang.T("unit.people", "count", len(t.Rows)),
		Away: make([]int, d.c.Range.Days()), Rows: make([]template.ChartRow, len(t.Rows)),
	}
	if g.Name == "" {
		g.Name = d.v.Lang.T("web.chart.no_team")
	}
	for i, r := range t.Rows {
		g.Rows[i] = d.row(r)
		for j, day := range r.Days {
			if missing(d.c, day) {
				g.Away[j]++
			}
		}
	}
	return g
}

func (d *drawer) row(r *leave.ChartRow) template.ChartRow {
	row := template.ChartRow{Name: r.Person.Name(), Me: r.Person.ID == d.v.Person, Ground: d.groundOf(r.Days)}
	if d.v.Viewer.MaySeeReason(r.Person.ID) {
		row.Href = view.SubjectOf(d.v, r.Person).Path("requests")
	}
	for i := range r.Away {
		row.Marks = append(row.Marks, d.mark(&r.Away[i]))
	}
	return row
}

// mark returns the bar of an absence, cut to the days shown.
func (d *drawer) mark(a *leave.Absence) template.Mark {
	l := d.v.Lang
	in, _ := a.Range().Intersect(d.c.Range)
	m := template.Mark{
		Day: int(in.From-d.c.Range.From) + 1, Days: in.Days(), Colour: a.Type.Colour, Pending: a.Pending,
		Label: a.Type.Name, Text: view.SpanText(l, a.Span), Hours: a.From == a.To && a.First.Kind == calendar.Hours,
	}
	if m.Label == "" {
		m.Label, d.unknown = l.T("web.away.unknown"), true
	}
	if a.Pending {
		m.Text += ", " + l.T("web.away.pending")
	}
	if a.Partly {
		m.Hours, m.Text = true, m.Text+", "+partlyText(l, a)
	}
	if a.Substitute.ID != "" {
		m.Text += ", " + l.T("substitute.by", "name", a.Substitute.Name())
	}
	if a.Request != "" {
		m.Href = "/requests/" + a.Request
	}
	if in.From == a.From && startsLate(a.First) {
		m.Begins = template.Afternoon
	}
	if in.To == a.To && endsEarly(a.On(a.To)) {
		m.Ends = template.Morning
	}
	return m
}

const noon = 12 * 60

func startsLate(p calendar.Portion) bool {
	return p.Kind == calendar.Afternoon || p.Kind == calendar.Hours && p.Hours.From >= noon
}

func endsEarly(p calendar.Portion) bool {
	return p.Kind == calendar.Morning || p.Kind == calendar.Hours && p.Hours.To <= noon
}

// groundOf returns what a row's days are before any leave; nil for weeks from
// Monday to Friday without holidays.
func (d *drawer) groundOf(days []leave.ChartDay) []template.Ground {
	d.key = d.key[:0]
	for _, day := range days {
		free := byte(0)
		if day.Free {
			free = 1
		}
		d.key = append(d.key, free, byte(day.Holiday), byte(day.Holiday>>8))
	}
	ground, known := d.grounds[string(d.key)]
	if !known {
		if d.grounds == nil {
			d.grounds = map[string][]template.Ground{}
		}
		ground = d.newGround(days)
		d.grounds[string(d.key)] = ground
	}
	return ground
}

func (d *drawer) newGround(days []leave.ChartDay) []template.Ground {
	plain, ground := true, make([]template.Ground, len(days))
	for i, day := range days {
		_, holiday := holidayOf(d.c, day)
		plain = plain && !holiday && day.Free == view.Weekend(d.c.Range.From.AddDays(i))
		ground[i] = d.groundAt(day)
	}
	if plain {
		return nil
	}
	return ground
}

func (d *drawer) groundAt(day leave.ChartDay) template.Ground {
	if h, ok := holidayOf(d.c, day); ok {
		return template.Ground{Kind: template.PublicHoliday, Name: view.HolidayName(d.v.Lang, h)}
	}
	if day.Free {
		return template.Ground{Kind: template.NotWorking}
	}
	return template.Ground{}
}

// holidayOf returns the holiday of a day on which somebody has time off; one that
// is only told of is none.
func holidayOf(c *leave.Chart, day leave.ChartDay) (calendar.Holiday, bool) {
	if day.Holiday == 0 {
		return calendar.Holiday{}, false
	}
	h := c.Holidays[day.Holiday-1]
	return h, h.Off != calendar.Informative
}

// missing reports whether somebody is away on a day on which they would work.
func missing(c *leave.Chart, day leave.ChartDay) bool {
	h, holiday := holidayOf(c, day)
	return (day.Morning != 0 || day.Afternoon != 0) && !day.Free && !(holiday && h.Off == calendar.FullDay)
}
