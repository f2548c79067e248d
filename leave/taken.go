// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/order"
	"verlof/people"
)

// TakenLine is what one piece of approved leave costs within a time: payroll settles by it.
type TakenLine struct {
	Person  people.Person
	Type    Type
	Request Request        // the whole of it
	In      calendar.Range // the first and the last day in the time that cost something
	Spent                  // on those days
}

// Spent is what leave costs.
type Spent struct {
	Days    exact.Rat // parts of working days
	Minutes exact.Rat // working time
}

// IsZero reports whether it costs nothing.
func (s Spent) IsZero() bool { return s.Days.IsZero() && s.Minutes.IsZero() }

// Add returns the sum of two.
func (s Spent) Add(o Spent) Spent { return Spent{s.Days.Add(o.Days), s.Minutes.Add(o.Minutes)} }

// Sub returns the difference of two.
func (s Spent) Sub(o Spent) Spent { return Spent{s.Days.Sub(o.Days), s.Minutes.Sub(o.Minutes)} }

// Taken returns what approved leave costs from the first to the last day of a range, in the order
// of the persons and of its days: what was written down, corrected, less what sickness gives
// back. Leave of which nothing is left in the range is left out.
func (b *Rulebook) Taken(everybody []*Facts, in calendar.Range) []TakenLine {
	var out []TakenLine
	for _, f := range everybody {
		var lines []TakenLine
		for i := range f.Requests {
			r := &f.Requests[i]
			t, known := b.Type(r.Type)
			if r.State != Approved || !known || !r.Range().Overlaps(in) {
				continue
			}
			if x := f.taken(t, r, in); !x.In.From.IsZero() {
				lines = append(lines, x)
			}
		}
		order.By(lines, func(a, b TakenLine) int {
			return cmp.Or(cmp.Compare(a.In.From, b.In.From), cmp.Compare(a.Request.ID, b.Request.ID))
		})
		out = append(out, lines...)
	}
	return out
}

// taken adds up the days of a request that lie in a range; of no day where none costs anything.
func (f *Facts) taken(t Type, r *Request, in calendar.Range) TakenLine {
	x := TakenLine{Person: f.Person, Type: t, Request: *r}
	for _, c := range r.Costs() {
		back, _ := f.givenBack(t, c.Date, f.Today)
		part := exact.Int(1).Sub(back)
		if !in.Contains(c.Date) || part.IsZero() {
			continue
		}
		if x.In.From.IsZero() {
			x.In.From = c.Date
		}
		x.In.To = c.Date
		x.Spent = x.Spent.Add(Spent{c.Days.Mul(part), exact.Int(int64(c.Minutes)).Mul(part)})
	}
	return x
}

// Taken returns what approved leave costs in a range of days, of those whose leave by may know, or of
// the members of one team where it is named. It reports Invalid for a range that cannot be,
// NotFound for a team that is not by's, and Forbidden where there is nobody but by.
func (s *Service) Taken(ctx context.Context, by people.ID, in calendar.Range, team string) ([]TakenLine, error) {
	if err := reportable(in); err != nil {
		return nil, err
	}
	var out []TakenLine
	err := s.view(ctx, by, func(c *scene) error {
		everybody, err := c.takers(in, team)
		if err == nil {
			out = c.book.Taken(everybody, in)
		}
		return err
	})
	return out, err
}

// takers returns those whose leave the viewer may know, with their requests and sickness.
func (c *scene) takers(in calendar.Range, team string) ([]*Facts, error) {
	named, err := c.overseen(in.To, "to", team)
	if err != nil {
		return nil, err
	}
	requests, err := c.AllCounting()
	if err != nil {
		return nil, err
	}
	sickness, err := c.AllSickness()
	if err != nil {
		return nil, err
	}
	var out []*Facts
	for _, who := range c.org.Order {
		if named[who] && len(requests[who]) > 0 {
			out = append(out, &Facts{Record: *c.org.Records[who], Today: c.todayOf(who), Requests: requests[who], Sickness: sickness[who]})
		}
	}
	return out, nil
}
