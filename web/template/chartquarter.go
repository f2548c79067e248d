// SPDX-License-Identifier: Apache-2.0

package template

import "verlof/calendar"

// quarter reports whether the chart shows more days than have room for a number each.
func (c *Chart) quarter() bool { return c.Days > 31 }

// months writes a head over the days of each month.
func (p *chartWriter) months() {
	for day := 0; day < p.c.Days; {
		first := p.c.First.AddDays(day)
		y, m, _ := first.Civil()
		days := min(calendar.Range{From: first, To: calendar.MonthOf(y, m).To}.Days(), p.c.Days-day)
		p.raw(`<th scope="colgroup" colspan="`).num(days).raw(`">`).text(p.c.L.MonthName(m)).raw(`</th>`)
		day += days
	}
}

// peaks writes how many of a team are away at once, at most, in each week; weeks without
// anybody share a cell.
func (p *chartWriter) peaks(away []int) {
	empty := 0
	for day := 0; day < p.c.Days; {
		days := min(7-sinceMonday(p.c.First.AddDays(day)), p.c.Days-day)
		most := 0
		for i := day; i < min(day+days, len(away)); i++ {
			most = max(most, away[i])
		}
		day += days
		if most == 0 {
			empty += days
			continue
		}
		p.gap(&empty)
		p.cell(days, "").num(most).raw(`</td>`)
	}
	p.gap(&empty)
}

// sinceMonday is how many days of its week are over before d.
func sinceMonday(d calendar.Date) int { return (int(d.Weekday()) + 6) % 7 }
