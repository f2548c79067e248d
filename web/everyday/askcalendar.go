// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// months is how many months the calendar for choosing days shows.
const months = 2

// fillCalendar shows the months around the days asked for, with what is known of
// each day.
func (p *askPage) fillCalendar(ctx context.Context, v *page.Visit, t *tenant.Tenant) error {
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	from := p.shown("from")
	first := p.Form.Month("month", cmp.Or(from, today)).From
	all := calendar.Range{From: first, To: first.AddMonths(months).AddDays(-1)}
	chart, err := t.Leave.Chart(ctx, v.Person, "", calendar.Range{From: all.From.AddDays(-around), To: all.To.AddDays(around)})
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	row, mates := rowsOf(&chart, p.Whose.Person.ID)
	vacate(row, p.Change.ID, p.Change.Replaces)
	y, m, _ := first.Civil()
	p.Calendar = template.Calendar{
		L: v.Lang, ID: "days", Year: y, Month: m, Months: months, Today: today,
		From: from, To: max(from, p.shown("to")), FromField: "from", ToField: "to",
		Before: p.with("month", first.AddMonths(-1).String()[:7]), After: p.with("month", first.AddMonths(1).String()[:7]),
		Href: p.choose, Day: dayMarks(v.Lang, &chart, row, mates),
	}
	if row != nil {
		p.fillBridges(&chart, row, calendar.Range{From: max(today+1, all.From), To: all.To})
	}
	return nil
}

// shown returns a date of the form as far as it can be read.
func (p *askPage) shown(name string) calendar.Date {
	d, _ := p.Form.Lang.ParseDate(p.Form.Text(name))
	return d
}

// with returns the address of this page with what is filled in, except the note,
// and pairs of name and value on top.
func (p *askPage) with(pairs ...string) string {
	q := url.Values{}
	for _, name := range []string{"person", "change", "revise", "type", "from", "to", "first", "first-from", "first-to", "last", "last-from", "last-to"} {
		if s := p.Form.Text(name); s != "" {
			q.Set(name, s)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/leave/new?" + q.Encode()
}

// choose returns where a click on a day leads without JavaScript: the first click
// is the first day, the second the last.
func (p *askPage) choose(d calendar.Date) string {
	from, to := p.Calendar.From, d
	if from.IsZero() || from != p.Calendar.To || d < from {
		from = d
	}
	y, m := p.Calendar.Year, p.Calendar.Month
	return p.with("from", from.String(), "to", to.String(), "month", calendar.On(y, m, 1).String()[:7]) + "#days"
}

// rowsOf finds one person in a chart, and the others of their teams.
func rowsOf(c *leave.Chart, who people.ID) (row *leave.ChartRow, mates []*leave.ChartRow) {
	for _, t := range c.Teams {
		i := slices.IndexFunc(t.Rows, func(r *leave.ChartRow) bool { return r.Person.ID == who })
		if i < 0 {
			continue
		}
		row = t.Rows[i]
		for _, r := range t.Rows {
			if r != row && t.Team.ID != "" && !slices.Contains(mates, r) {
				mates = append(mates, r)
			}
		}
	}
	return row, mates
}

// vacate takes leave off the days of a row: of the requests whose place another is to take, for
// which those days are free.
func vacate(row *leave.ChartRow, requests ...string) {
	if row == nil {
		return
	}
	gone := func(n uint16) bool {
		return n > 0 && row.Away[n-1].Request != "" && slices.Contains(requests, row.Away[n-1].Request)
	}
	for i := range row.Days {
		d := &row.Days[i]
		if gone(d.Morning) {
			d.Morning = 0
		}
		if gone(d.Afternoon) {
			d.Afternoon = 0
		}
	}
}

// dayMarks returns what is known of each day of a chart for one person: their
// free days, their leave, and how many others of their teams are away.
func dayMarks(l *lang.Locale, c *leave.Chart, row *leave.ChartRow, mates []*leave.ChartRow) func(calendar.Date) template.Day {
	if row == nil {
		return nil
	}
	return func(d calendar.Date) template.Day {
		i := int(d - c.Range.From)
		day := template.Day{Off: row.Days[i].Free, Own: ownMark(l, row, row.Days[i])}
		if h, ok := holidayOf(c, row.Days[i]); ok {
			day.Holiday = view.HolidayName(l, h)
		}
		for _, m := range mates {
			if missing(c, m.Days[i]) {
				day.Away++
			}
		}
		return day
	}
}

// ownMark returns the person's own leave on a day; nil where there is none.
func ownMark(l *lang.Locale, row *leave.ChartRow, day leave.ChartDay) *template.Own {
	n := max(day.Morning, day.Afternoon)
	if n == 0 {
		return nil
	}
	a := row.Away[n-1]
	own := &template.Own{Colour: a.Type.Colour, Pending: a.Pending, Text: a.Type.Name}
	if a.Pending {
		own.Text += ", " + l.T("web.away.pending")
	}
	switch {
	case day.Morning == 0:
		own.Half = template.Afternoon
	case day.Afternoon == 0:
		own.Half = template.Morning
	}
	return own
}
