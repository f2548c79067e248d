// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/order"
	"verlof/people"
)

// noon is where a chart breaks a day into its halves.
const noon calendar.Clock = 12 * 60

// MaxChartDays bounds the range of a chart: a quarter of a year.
const MaxChartDays = 93

// Chart returns who is away in r, person by person, of one team, or of everybody
// whom by may see where team is empty. It reports NotFound for a team that by may
// not see.
func (s *Service) Chart(ctx context.Context, by people.ID, team string, r calendar.Range) (Chart, error) {
	if n := r.Days(); n < 1 || n > MaxChartDays {
		return Chart{}, errs.New(errs.Invalid, "leave.error.chart_range", "days", MaxChartDays)
	}
	var chart Chart
	err := s.view(ctx, by, func(c *scene) error {
		away, err := c.awayIn(r)
		if err != nil {
			return err
		}
		draw := newDrawing(c, r, away)
		if err := draw.teams(team); err != nil {
			return err
		}
		chart = draw.chart
		return nil
	})
	return chart, err
}

// YearOf returns the days of one person in a calendar year, as a chart of one row; of no
// row where they neither work nor are away in it. It reports NotFound for a person whose
// leave by may not know.
func (s *Service) YearOf(ctx context.Context, by, person people.ID, year int) (Chart, error) {
	var chart Chart
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.mayKnow(person); err != nil {
			return err
		}
		r := calendar.YearOf(year)
		away, err := c.awayOf(person, r)
		if err != nil {
			return err
		}
		draw := newDrawing(c, r, away)
		draw.team(people.Team{Members: []people.ID{person}})
		chart = draw.chart
		return nil
	})
	return chart, err
}

// drawing is a chart being made.
type drawing struct {
	scene    *scene
	chart    Chart
	away     map[people.ID][]Absence
	holidays map[holidayAt]uint16
	grounds  map[work][]ChartDay
	types    map[string]bool
	rows     map[people.ID]*ChartRow
}

type holidayAt struct {
	location string
	date     calendar.Date
}

// work is where and by which pattern somebody works; neither need be known.
type work struct{ location, pattern string }

func newDrawing(c *scene, r calendar.Range, away []absent) *drawing {
	d := &drawing{scene: c, away: make(map[people.ID][]Absence, len(away)), holidays: map[holidayAt]uint16{},
		grounds: map[work][]ChartDay{}, types: map[string]bool{}, rows: make(map[people.ID]*ChartRow, len(c.org.Order))}
	d.chart.Range, d.chart.Today = r, c.today
	for i := range away {
		if a, ok := c.shown(&away[i]); ok {
			d.away[a.Person.ID] = append(d.away[a.Person.ID], a)
			d.types[a.Type.ID] = true
		}
	}
	for _, t := range c.book.Types {
		if d.types[t.ID] {
			d.chart.Types = append(d.chart.Types, t)
		}
	}
	for id, l := range c.org.Locations {
		if hs := c.book.Holidays[id]; hs != nil {
			for _, h := range hs.Between(r) {
				d.chart.Holidays = append(d.chart.Holidays, h)
				d.holidays[holidayAt{l.ID, h.Date}] = uint16(len(d.chart.Holidays))
			}
		}
	}
	return d
}

// teams adds the teams that the viewer may see, or the one asked for, and those
// who are in no team to the chart of everybody.
func (d *drawing) teams(only string) error {
	inTeam := map[people.ID]bool{}
	found := only == ""
	for _, t := range d.scene.org.Teams {
		for _, m := range t.Members {
			inTeam[m] = true
		}
		if only != "" && t.ID != only || !d.scene.viewer.MaySeeTeam(t.ID) {
			continue
		}
		found = true
		d.team(t)
	}
	if !found {
		return errs.New(errs.NotFound, "people.error.no_team")
	}
	if only == "" {
		rest := people.Team{}
		for _, id := range d.scene.org.Order {
			if !inTeam[id] && d.scene.viewer.MaySeeAbsence(id) {
				rest.Members = append(rest.Members, id)
			}
		}
		d.team(rest)
	}
	return nil
}

// team adds one team, its people by name, leaving out who neither works for the
// customer in the range nor is away in it.
func (d *drawing) team(t people.Team) {
	ct := ChartTeam{Team: t}
	for _, id := range t.Members {
		if row := d.row(id); row != nil {
			ct.Rows = append(ct.Rows, row)
		}
	}
	if len(ct.Rows) > 0 {
		d.chart.Teams = append(d.chart.Teams, ct)
	}
}

// row returns the row of a person, nil where there is nothing to show.
func (d *drawing) row(id people.ID) *ChartRow {
	if row, ok := d.rows[id]; ok {
		return row
	}
	d.rows[id] = nil
	r := d.scene.org.Records[id]
	if r == nil || !r.Person.Active && len(d.away[id]) == 0 {
		return nil
	}
	row := &ChartRow{Person: r.Person, Away: d.away[id], Days: make([]ChartDay, d.chart.Range.Days())}
	order.By(row.Away, sooner)
	if !d.fill(r, row.Days) && len(row.Away) == 0 {
		return nil
	}
	for i := range row.Away {
		d.mark(row, i)
	}
	d.rows[id] = row
	return row
}

// fill fills in what is free, and reports whether a contract covers any day.
func (d *drawing) fill(r *people.Record, days []ChartDay) (worked bool) {
	for i := 0; i < len(days); {
		c, until, ok := r.ContractUntil(d.chart.Range.From.AddDays(i), d.chart.Range.To)
		end := int(until-d.chart.Range.From) + 1
		copy(days[i:end], d.ground(work{c.Location, c.Pattern})[i:end])
		worked, i = worked || ok, end
	}
	return worked
}

// ground returns the days as they are to those who share their work, before any
// leave.
func (d *drawing) ground(at work) []ChartDay {
	if days, ok := d.grounds[at]; ok {
		return days
	}
	p := d.scene.book.Patterns[at.pattern]
	days := make([]ChartDay, d.chart.Range.Days())
	for i := range days {
		date := d.chart.Range.From.AddDays(i)
		days[i].Holiday = d.holidays[holidayAt{at.location, date}]
		days[i].Free = len(p.Weeks) == 0 || p.On(date).Halves() == 0
	}
	d.grounds[at] = days
	return days
}

// mark paints one absence into a row.
func (d *drawing) mark(row *ChartRow, i int) {
	a, n := &row.Away[i], uint16(i+1)
	both, ok := a.Range().Intersect(d.chart.Range)
	if !ok {
		return
	}
	for date := range both.All() {
		day := &row.Days[date-d.chart.Range.From]
		p := a.On(date)
		if a.Partly { // there for some of the day: nobody knows which part
			day.Afternoon = n
			continue
		}
		if p.Kind != calendar.Afternoon && (p.Kind != calendar.Hours || p.Hours.From < noon) {
			day.Morning = n
		}
		if p.Kind != calendar.Morning && (p.Kind != calendar.Hours || p.Hours.To > 13*60) {
			day.Afternoon = n
		}
		if day.Morning != n && day.Afternoon != n { // hours over noon
			day.Afternoon = n
		}
	}
}
