// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/order"
	"verlof/people"
)

// DigestAhead is how many days after its own a daily digest looks at.
const DigestAhead = 7

// DigestLetter is what one digest tells. Of an absence it knows what the chart shows its reader, but that it is sickness, or of
// what private type: a mail lies about, on servers and telephones of others.
type DigestLetter struct {
	Every Cadence
	Range calendar.Range // the days that it looks at; the first is its own
	Away  []Absence      // in the week, or on the day; by person
	Soon  []Absence      // of a daily digest: what begins later; by day
}

// DigestFor returns what the digest of a person tells on a day, in which they are not told of themselves. It tells nothing
// where nobody is away whom the person may see, it is another day where they work, or they want none any more.
func (s *Service) DigestFor(ctx context.Context, person people.ID, day calendar.Date) (DigestLetter, error) {
	var out DigestLetter
	err := s.view(ctx, person, func(c *scene) error {
		d, err := c.Digest(person)
		if errs.Is(err, errs.NotFound) || err == nil && c.today != day {
			return nil
		}
		if err != nil {
			return err
		}
		out, err = c.digest(&d)
		return err
	})
	if errs.Is(err, errs.Forbidden) || errs.Is(err, errs.Unauthenticated) { // they may not sign in any more
		return DigestLetter{}, nil
	}
	return out, err
}

// digest returns what the viewer is told today.
func (c *scene) digest(d *Digest) (DigestLetter, error) {
	out := DigestLetter{Every: d.Every, Range: calendar.Range{From: c.today, To: c.today.AddDays(DigestAhead)}}
	if d.Every == WeeklyDigest {
		out.Range.To = c.today.Monday().AddDays(6)
	}
	away, err := c.awayIn(out.Range)
	if err != nil {
		return out, err
	}
	for _, a := range c.absences(away, func(q *Request) bool { return q.Person != c.viewer.ID && c.inCircle(d.Of, q.Person) }) {
		a.hush()
		if a.Type.Private {
			a.Type = Type{}
		}
		if d.Every == DailyDigest && a.From > c.today {
			out.Soon = append(out.Soon, a)
		} else {
			out.Away = append(out.Away, a)
		}
	}
	order.By(out.Soon, sooner)
	return out, nil
}

// inCircle reports whether a person is in a circle of the viewer's.
func (c *scene) inCircle(x Circle, person people.ID) bool {
	for _, team := range c.teamsOf(x) {
		if c.org.InTeam(person, team) {
			return true
		}
	}
	return false
}

// hush takes out that an absence is sickness, for what leaves the building.
func (a *Absence) hush() { a.Sick, a.Report, a.Works = false, "", 0 }
