// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/people"
)

// How far a feed reaches from today, in years.
const (
	FeedYearsBack  = 1
	FeedYearsAhead = 2
)

// Feed is what somebody's calendar app shows of leave.
type Feed struct {
	Absences []Absence          // by person and day; that it is sickness none of them says
	Holidays []calendar.Holiday // on which the person has time off
}

// OwnFeed returns the leave of by, pending requests included, and not when they were sick; with
// holidays the public holidays of where they work too.
func (s *Service) OwnFeed(ctx context.Context, by people.ID, holidays bool) (Feed, error) {
	var f Feed
	err := s.view(ctx, by, func(c *scene) error {
		r := c.feedRange()
		away, err := c.awayOf(by, r)
		f.Absences = c.absences(away, func(q *Request) bool { return q.Type != ofSickness })
		if holidays {
			f.Holidays = slices.DeleteFunc(c.book.HolidaysOf(c.org, by, r), func(h calendar.Holiday) bool { return h.Off == calendar.Informative })
		}
		return err
	})
	return f, err
}

// HolidaysOf returns the holidays in r of where a person works on each of its days, by date.
func (b *Rulebook) HolidaysOf(org *people.Organisation, person people.ID, r calendar.Range) []calendar.Holiday {
	var out []calendar.Holiday
	for d := r.From; d <= r.To; {
		at, until := org.LocationUntil(person, d, r.To)
		out = append(out, b.Holidays[at].Between(calendar.Range{From: d, To: until})...)
		d = until.AddDays(1)
	}
	return out
}

// TeamFeed returns who of a team is away, as far as by may see it in the chart. That somebody is sick it
// does not say to those either who may know: the address of a feed is no place for it. It
// reports NotFound for a team that by may not see.
func (s *Service) TeamFeed(ctx context.Context, by people.ID, team string) (Feed, error) {
	var f Feed
	err := s.view(ctx, by, func(c *scene) error {
		if !c.viewer.MaySeeTeam(team) {
			return errs.New(errs.NotFound, "people.error.no_team")
		}
		away, err := c.awayOfTeam(team, c.feedRange())
		f.Absences = c.absences(away, func(*Request) bool { return true })
		for i := range f.Absences {
			f.Absences[i].hush()
		}
		return err
	})
	return f, err
}

// few is of how many people leave is read one by one, at most: of more, that of everybody is read at once.
const few = 500

// awayOfTeam returns what awayIn does, of the members of a team.
func (c *scene) awayOfTeam(team string, in calendar.Range) (away []absent, err error) {
	var members []people.ID
	for _, t := range c.org.Teams {
		if t.ID == team {
			members = t.Members
		}
	}
	if len(members) > few {
		away, err = c.awayIn(in)
		return slices.DeleteFunc(away, func(a absent) bool { return !c.org.InTeam(a.Person, team) }), err
	}
	for _, id := range members {
		requests, err := c.RequestsOfIn(id, in)
		if err != nil {
			return nil, err
		}
		reports, err := c.SickReportsOf(id)
		if err != nil {
			return nil, err
		}
		reports = slices.DeleteFunc(reports, func(r SickReport) bool { return r.Withdrawn })
		away = append(away, c.away(requests, reports, in)...)
	}
	return away, nil
}

// feedRange are the days that a feed reaches over.
func (c *scene) feedRange() calendar.Range {
	return calendar.Range{From: c.today.AddYears(-FeedYearsBack), To: c.today.AddYears(FeedYearsAhead)}
}
