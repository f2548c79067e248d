// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/order"
	"verlof/people"
)

// SmallGroup is the size below which the figures of a group would tell of single persons.
const SmallGroup = 5

// bradfordDays is the time that the Bradford factor looks back: 52 weeks.
const bradfordDays = 52 * 7

// SickFigures are the figures of sickness of a person or a group in a time.
type SickFigures struct {
	People    exact.Rat // employed in the time, on average: days of employment over days of the time
	Spells    int       // reports that begin in the time
	Lost      exact.Rat // days lost, less what was worked again in part
	Due       exact.Rat // days due; by calendar days those of a week of 40 hours
	Frequency exact.Rat // spells for each person and year of 365 days
	Rate      exact.Rat // Lost over Due
	Bradford  exact.Rat // of a person alone: spells² × days lost, in the 52 weeks up to the end of the time
}

// SickDays is by what days figures count.
type SickDays string

// The ways of counting.
const (
	SickWorking  SickDays = "working"  // working days of the pattern less public holidays
	SickCalendar SickDays = "calendar" // every day of an employment, in proportion to the hours of the week
)

// MaxReport is how many days a report over a time may span.
const MaxReport = 3660

// reportable reports Invalid for a range of days that no report can be of.
func reportable(in calendar.Range) error {
	if n := in.Days(); in.From.IsZero() || n < 1 || n > MaxReport {
		return errs.New(errs.Invalid, "leave.error.range").At("to")
	}
	return nil
}

// fullWeek are the minutes of a week against which calendar days are weighed.
var fullWeek = exact.Int(40 * 60)

// SickFigures returns the figures of one person in a range of days, as known on the last of
// them. It depends on nothing but its arguments.
func (b *Rulebook) SickFigures(f *Facts, in calendar.Range, by SickDays) SickFigures {
	var out SickFigures
	out.count(b, f.sorted(), in, by)
	out.finish(in)
	if len(f.Sickness) == 0 {
		return out
	}
	last := calendar.Range{From: in.To.AddDays(1 - bradfordDays), To: in.To}
	var year SickFigures
	year.count(b, f.sorted(), last, by)
	spells := 0
	for i := range f.Sickness {
		if s := &f.Sickness[i]; s.From <= last.To && s.Until(f.known(last.To)) >= last.From {
			spells++
		}
	}
	out.Bradford = exact.Int(int64(spells * spells)).Mul(year.Lost)
	return out
}

// count adds the days of one person.
func (x *SickFigures) count(b *Rulebook, f *Facts, in calendar.Range, by SickDays) {
	days := 0
	for d := range in.All() {
		weight, employed := b.sickWeight(f, d, by)
		if !employed {
			continue
		}
		days++
		x.Due = x.Due.Add(weight)
		if s, sick := f.sickOn(d, f.known(in.To)); sick {
			x.Lost = x.Lost.Add(weight.Mul(exact.New(int64(100-s.WorksOn(d)), 100)))
		}
	}
	x.People = exact.New(int64(days), int64(in.Days()))
	for i := range f.Sickness {
		if in.Contains(f.Sickness[i].From) {
			x.Spells++
		}
	}
}

// sickWeight returns what a day counts for: 0 where it is free, false where nobody is employed.
func (b *Rulebook) sickWeight(f *Facts, d calendar.Date, by SickDays) (exact.Rat, bool) {
	w, _, ok := b.Workday(f, d)
	if !ok || by == SickWorking {
		return w.DayFrac(calendar.WholeDay), ok
	}
	c, _ := f.ContractOn(d)
	return b.Patterns[c.Pattern].WeeklyMinutes().Div(fullWeek), true
}

// finish works out what is a ratio.
func (x *SickFigures) finish(in calendar.Range) {
	if x.Due.Sign() > 0 {
		x.Rate = x.Lost.Div(x.Due)
	}
	if x.People.Sign() > 0 {
		x.Frequency = exact.New(int64(365*x.Spells), int64(in.Days())).Div(x.People)
	}
}

// add adds the figures of one more person.
func (x *SickFigures) add(o *SickFigures) {
	x.People, x.Spells = x.People.Add(o.People), x.Spells+o.Spells
	x.Lost, x.Due = x.Lost.Add(o.Lost), x.Due.Add(o.Due)
}

// SickReportRow is one line of a report of sickness.
type SickReportRow struct {
	Person people.Person // zero for a group
	Team   people.Team   // zero for a person, and for the company
	Heads  int           // of a group: who was employed in the time
	Hidden bool          // of a group that is too small to be told of
	SickFigures
}

// SickSummary is a report of sickness over a time: what the viewer may see of it.
type SickSummary struct {
	Range   calendar.Range
	By      SickDays
	Company *SickReportRow  // nil for those who see teams alone
	Teams   []SickReportRow // by name
	People  []SickReportRow // by name; empty for those who see teams alone
}

// SickSummary returns the figures of sickness in a range of days: for sickness officers of
// everybody, for managers, where the customer's settings let them, of the teams they lead. It
// reports Forbidden for others, and Invalid for a range that cannot be. What groups below
// SmallGroup persons have is hidden.
func (s *Service) SickSummary(ctx context.Context, by people.ID, in calendar.Range, how SickDays) (SickSummary, error) {
	out := SickSummary{Range: in, By: how}
	if err := reportable(in); err != nil {
		return out, err
	}
	err := s.view(ctx, by, func(c *scene) error {
		if !c.viewer.MaySeeSickFigures(c.org.Settings) {
			return errs.New(errs.Forbidden, "people.error.sickness_officer")
		}
		all, err := c.AllSickness()
		if err == nil {
			out.fill(c, all)
		}
		return err
	})
	return out, err
}

// fill works out the lines.
func (x *SickSummary) fill(c *scene, sick map[people.ID][]Sickness) {
	of := map[people.ID]SickFigures{}
	everybody := SickReportRow{}
	officer := c.viewer.Has(people.FollowSickness)
	for _, id := range c.org.Order {
		if !officer && !c.viewer.Leads[id] && (id == c.viewer.ID || !c.viewer.MaySeeSickness(id)) {
			continue
		}
		f := &Facts{Record: *c.org.Records[id], Sickness: sick[id], Today: c.todayOf(id)}
		figures := c.book.SickFigures(f, x.Range, x.By)
		if figures.People.IsZero() {
			continue
		}
		of[id] = figures
		everybody.Heads++
		everybody.add(&figures)
		if officer {
			x.People = append(x.People, SickReportRow{Person: f.Person, SickFigures: figures})
		}
	}
	for _, t := range c.org.Teams {
		if officer || slices.Contains(c.viewer.TeamsLed, t.ID) || c.viewer.OverTeam(people.FollowSickness, t.ID) {
			x.Teams = append(x.Teams, teamFigures(t, of, x.Range))
		}
	}
	order.By(x.Teams, func(a, b SickReportRow) int { return cmp.Compare(a.Team.Name, b.Team.Name) })
	if officer {
		everybody.close(x.Range)
		x.Company = &everybody
	}
}

// teamFigures adds up the members of a team.
func teamFigures(t people.Team, of map[people.ID]SickFigures, in calendar.Range) SickReportRow {
	row := SickReportRow{Team: t}
	for _, id := range t.Members {
		if f, ok := of[id]; ok {
			row.Heads++
			row.add(&f)
		}
	}
	row.close(in)
	return row
}

// close works out the ratios of a group, or hides its figures where it is too small.
func (r *SickReportRow) close(in calendar.Range) {
	if r.Hidden = r.Heads < SmallGroup; r.Hidden {
		r.SickFigures = SickFigures{}
		return
	}
	r.finish(in)
}
