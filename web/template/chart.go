// SPDX-License-Identifier: Apache-2.0

package template

import (
	"context"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/a-h/templ"

	"verlof/calendar"
	"verlof/internal/lang"
)

// Chart is the chart of a month, or of a quarter: people by days.
type Chart struct {
	L       *lang.Locale
	Label   string        // for screen readers: "Who is away in March 2026"
	Corner  string        // head of the column of names
	First   calendar.Date // the first day shown
	Days    int           // 7, 14, 28 to 31, or 90 to 92: a quarter has narrow days, and a line for each week
	Today   calendar.Date
	Holiday func(calendar.Date) string // a holiday of everybody on that day, for the head; nil or "" is none
	Groups  []ChartGroup
}

// ChartGroup is a team.
type ChartGroup struct {
	Name, Note string     // "Sales", "12 people"
	Away       []int      // how many are away, by day; nil shows none, and a quarter the most of each week
	Rows       []ChartRow // in the order to be shown
}

// ChartRow is a person. Ground says which days are not worked, by day; nil is
// Monday to Friday. People with the same pattern and location share one.
type ChartRow struct {
	Name, Href string
	Me         bool
	Ground     []Ground
	Marks      []Mark // by Day; one that lies under an earlier one is not shown
}

// Ground is what a day is to a person before any leave.
type Ground struct {
	Kind GroundKind
	Name string // of a holiday
}

// GroundKind tells a working day from a free one.
type GroundKind uint8

// The kinds of ground.
const (
	Working GroundKind = iota
	NotWorking
	PublicHoliday
)

// Mark is an absence within the days shown. It covers whole days, except that
// its first day may begin in the afternoon and its last may end at noon; an
// absence of some hours is drawn small.
type Mark struct {
	Day, Days int    // first day shown is 1; at least one day
	Colour    int    // of the leave type; 0 where the reader may not know the reason
	Pending   bool   // hatched
	Begins    Half   // Afternoon: only from noon of the first day
	Ends      Half   // Morning: only until noon of the last day
	Hours     bool   // some hours of each day
	Label     string // stands in the bar where it is long enough: "Holiday"
	Text      string // what follows Label for screen readers and as a tip: "3–7 March, approved"
	Href      string // the request, or ""
}

// MonthChart draws a Chart as one table. It is written by hand because it may
// hold a thousand people: an ordinary row is one cell, days without anything
// share a cell, and weekends are drawn by the table's ground.
func MonthChart(c Chart) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		page := chartPages.Get().(*[]byte)
		defer chartPages.Put(page)
		*page = c.html((*page)[:0])
		_, err := w.Write(*page)
		return err
	})
}

// chartPages are buffers for charts: one may take half a megabyte.
var chartPages = sync.Pool{New: func() any { return new([]byte) }}

// html appends the chart to b.
func (c *Chart) html(b []byte) []byte {
	p := &chartWriter{c: c, b: slices.Grow(b, 4096+c.people()*256)}
	for i := range c.Days {
		p.weekend = append(p.weekend, weekend(c.First.AddDays(i)))
	}
	p.raw(`<div class="chart n`).num(c.Days).raw(` s`).num(sinceMonday(c.First) + 1)
	if c.quarter() {
		p.raw(` quarter`)
	}
	p.raw(`" role="region" tabindex="0" aria-label="`).text(c.Label).raw(`"><div><table>`)
	p.heads()
	for i := range c.Groups {
		p.group(&c.Groups[i])
	}
	p.raw(`</table></div></div>`)
	return p.b
}

func (c *Chart) people() int {
	n := 0
	for i := range c.Groups {
		n += len(c.Groups[i].Rows)
	}
	return n
}

// chartWriter appends a chart's HTML to b.
type chartWriter struct {
	c       *Chart
	b       []byte
	weekend []bool // by day
	pieces  []Mark // of the row at hand
}

func (p *chartWriter) raw(s string) *chartWriter {
	p.b = append(p.b, s...)
	return p
}

func (p *chartWriter) text(s string) *chartWriter { return p.raw(templ.EscapeString(s)) }

func (p *chartWriter) num(n int) *chartWriter {
	p.b = strconv.AppendInt(p.b, int64(n), 10)
	return p
}

// cell opens a cell over some days, with a class that may be empty.
func (p *chartWriter) cell(days int, class string) *chartWriter {
	p.raw(`<td`)
	if days > 1 {
		p.raw(` colspan="`).num(days).raw(`"`)
	}
	if class != "" {
		p.raw(` class="`).raw(class).raw(`"`)
	}
	return p.raw(`>`)
}

func (p *chartWriter) heads() {
	p.raw(`<thead><tr><th scope="col" class="corner"`)
	if p.c.quarter() {
		p.raw(` rowspan="2">`).text(p.c.Corner).raw(`</th>`)
		p.months()
		p.raw(`</tr><tr>`)
	} else {
		p.raw(`>`).text(p.c.Corner).raw(`</th>`)
	}
	for i := range p.c.Days {
		p.head(p.c.First.AddDays(i))
	}
	p.raw(`</tr></thead>`)
}

func (p *chartWriter) head(d calendar.Date) {
	holiday := ""
	if p.c.Holiday != nil {
		holiday = p.c.Holiday(d)
	}
	p.raw(`<th scope="col"`)
	if class := p.c.headClass(d, holiday); class != "" {
		p.raw(` class="`).raw(class).raw(`"`)
	}
	p.raw(`>`)
	p.dayName(d)
	if holiday != "" {
		p.raw(`<i> `).text(holiday).raw(`</i>`)
	}
	p.raw(`</th>`)
}

// dayName writes the weekday and the number of a day; in a quarter only Mondays have room,
// and only for the number.
func (p *chartWriter) dayName(d calendar.Date) {
	weekday, number := p.c.L.WeekdayShort(d.Weekday()), dayNumber(d)
	switch {
	case !p.c.quarter():
		p.text(weekday).raw(`<b>`).raw(number).raw(`</b>`)
	case d.Weekday() == time.Monday:
		p.raw(`<i>`).text(weekday).raw(` </i><b>`).raw(number).raw(`</b>`)
	default:
		p.raw(`<i>`).text(weekday).raw(` `).raw(number).raw(`</i>`)
	}
}

func (c *Chart) headClass(d calendar.Date, holiday string) string {
	class := ""
	if weekend(d) {
		class = "w"
	}
	if holiday != "" {
		class += " h"
	}
	if d == c.Today {
		class += " t"
	}
	return class
}

func weekend(d calendar.Date) bool { return d.Weekday() == 0 || d.Weekday() == 6 }

func (p *chartWriter) group(g *ChartGroup) {
	p.raw(`<tbody>`)
	if g.Name != "" {
		p.raw(`<tr class="g"><th scope="rowgroup">`).text(g.Name)
		if g.Note != "" {
			p.raw(`<small>`).text(g.Note).raw(`</small>`)
		}
		p.raw(`</th>`)
		if p.c.quarter() {
			p.peaks(g.Away)
		} else {
			p.counts(g.Away)
		}
		p.raw(`</tr>`)
	}
	for i := range g.Rows {
		p.row(&g.Rows[i])
	}
	p.raw(`</tbody>`)
}

// counts writes how many of a team are away on each day; days without anybody
// share a cell.
func (p *chartWriter) counts(away []int) {
	empty := 0
	for i := range p.c.Days {
		if i >= len(away) || away[i] == 0 {
			empty++
			continue
		}
		p.gap(&empty)
		p.cell(1, "").num(away[i]).raw(`</td>`)
	}
	p.gap(&empty)
}

func (p *chartWriter) gap(days *int) {
	if *days > 0 {
		p.cell(*days, "").raw(`</td>`)
		*days = 0
	}
}

func (p *chartWriter) row(r *ChartRow) {
	p.raw(`<tr`)
	if r.Me {
		p.raw(` class="me"`)
	}
	p.raw(`><th scope="row">`)
	if r.Href != "" {
		p.raw(`<a href="`).text(r.Href).raw(`">`).text(r.Name).raw(`</a>`)
	} else {
		p.text(r.Name)
	}
	p.raw(`</th>`)
	p.marks(r)
	p.raw(`</tr>`)
}

// LegendItem is a leave type in Legend, or what a number in the chart means.
type LegendItem struct {
	Colour int
	Sign   string // such a number; "" is a leave type
	Text   string
}

// Steps are the ways to what lies around what a page shows; an address that is empty is no
// link.
type Steps struct {
	Label                 string // for screen readers: "Other months"
	Earlier, Today, Later string // what the links are called
	Before, Now, After    string // their addresses
}

// step makes the button one of the ways, with an id.
func (b Btn) step(id, href string) Btn {
	b.Href, b.Small, b.Attrs = href+"#"+id, true, templ.Attributes{"id": id}
	return b
}
