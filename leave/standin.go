// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/id"
	"verlof/internal/order"
	"verlof/people"
)

// StandIn says who decides on leave in place of somebody who is away: within some
// days, on those of them on which approved leave or sickness keeps that person away all day.
// Nothing switches it on or off: it follows from the leave.
type StandIn struct {
	ID     string
	Person people.ID     // who is away
	By     people.ID     // who decides then
	From   calendar.Date // first day
	To     calendar.Date // last day; zero: until it is taken back
	SetBy  people.ID
	At     int64 // microseconds since 1970, UTC
}

// covers reports whether d lies in the days of a stand-in.
func (s *StandIn) covers(d calendar.Date) bool { return s.From <= d && (s.To.IsZero() || d <= s.To) }

// deputies returns who stands in for somebody now: nobody where they are not away.
func (o *office) deputies(person people.ID) []Deputy {
	var out []Deputy
	for i := range o.how.StandIns {
		s := &o.how.StandIns[i]
		if s.Person != person || !s.covers(o.now(person)) || !o.org.Person(s.By).Active {
			continue
		}
		last, away := o.away(person)
		if !away {
			return nil
		}
		if !s.To.IsZero() {
			last = min(last, s.To)
		}
		out = append(out, Deputy{For: person, By: s.By, Until: last})
	}
	order.By(out, func(a, b Deputy) int { return cmp.Compare(a.By, b.By) })
	return out
}

// dateOf returns the date of an instant where somebody works.
func (o *office) dateOf(person people.ID, at int64) calendar.Date {
	return o.org.Today(person, micros(at))
}

// micros returns the instant of so many microseconds since 1970.
func micros(at int64) time.Time { return time.UnixMicro(at) }

// Cover is a stand-in as pages show it.
type Cover struct {
	StandIn
	For, Deputy people.Person
	Now         bool // in force: the person is away today
	Until       calendar.Date
}

// StandIns returns who stands in for a person, and for whom the person does, those
// that are over left out. It reports NotFound for a person whose leave by may not
// know.
func (s *Service) StandIns(ctx context.Context, by, person people.ID) (own, others []Cover, err error) {
	err = s.view(ctx, by, func(c *scene) error {
		if err := c.mayKnow(person); err != nil {
			return err
		}
		desk := c.office()
		for _, x := range c.how.StandIns {
			if !x.To.IsZero() && x.To < c.today {
				continue
			}
			switch person {
			case x.Person:
				own = append(own, desk.cover(x))
			case x.By:
				others = append(others, desk.cover(x))
			}
		}
		return nil
	})
	return own, others, err
}

func (o *office) cover(s StandIn) Cover {
	v := Cover{StandIn: s, For: o.org.Person(s.Person), Deputy: o.org.Person(s.By)}
	for _, d := range o.deputies(s.Person) {
		if d.By == s.By && s.covers(o.now(s.Person)) {
			v.Now, v.Until = true, d.Until
		}
	}
	return v
}

// SaveStandIn names somebody who decides in place of a person who decides on leave,
// while that person is away. The person may, and those who keep years; it reports NotFound
// to anybody else, and Invalid for days that cannot be and for a stand-in who is the person
// or works here no more.
func (s *Service) SaveStandIn(ctx context.Context, by people.ID, x StandIn) error {
	err := s.update(ctx, by, func(c *scene) error {
		if x.Person != by && !c.viewer.Has(people.KeepYears) {
			return errs.New(errs.NotFound, "people.error.no_person")
		}
		if err := c.LockOrganisation(); err != nil {
			return err
		}
		if c.org.Records[x.Person] == nil {
			return errs.New(errs.NotFound, "people.error.no_person")
		}
		if err := c.checkStandIn(&x); err != nil {
			return err
		}
		x.ID, x.SetBy, x.At = id.New(s.Now()), by, s.at()
		if err := c.SaveStandIn(x); err != nil {
			return err
		}
		leave, err := c.CountingRequests(x.Person)
		if err != nil {
			return err
		}
		for i := range leave {
			if err := c.tellStandIn(&x, &leave[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save stand-in of %s: %w", x.Person, err)
	}
	return nil
}

func (c *scene) checkStandIn(x *StandIn) error {
	var f people.Faults
	if x.By == x.Person {
		f.Add("stand_in", "leave.error.own_stand_in")
	} else if !c.org.Person(x.By).Active {
		f.Add("stand_in", "people.error.no_person")
	}
	f.Date("from", x.From)
	if !x.To.IsZero() {
		f.Date("to", x.To)
		if x.To < x.From {
			f.Add("to", "leave.error.backwards")
		}
	}
	return f.Err()
}

// EndStandIn takes a stand-in back, by those who could have named it. It reports
// NotFound to anybody else.
func (s *Service) EndStandIn(ctx context.Context, by people.ID, standIn string) error {
	err := s.update(ctx, by, func(c *scene) error {
		i := slices.IndexFunc(c.how.StandIns, func(x StandIn) bool { return x.ID == standIn })
		if i < 0 || c.how.StandIns[i].Person != by && !c.viewer.Has(people.KeepYears) {
			return errs.New(errs.NotFound, "leave.error.no_stand_in")
		}
		return c.DeleteStandIn(standIn)
	})
	if err != nil {
		return fmt.Errorf("end stand-in %s: %w", standIn, err)
	}
	return nil
}

// tellStandIns has those who will stand in for somebody told, on the first day on
// which approved leave keeps that person away.
func (c *scene) tellStandIns(r *Request) error {
	for i := range c.how.StandIns {
		if err := c.tellStandIn(&c.how.StandIns[i], r); err != nil {
			return err
		}
	}
	return nil
}

func (c *scene) tellStandIn(x *StandIn, r *Request) error {
	if r.State != Approved {
		return nil
	}
	return c.tellAbsence(x, r.ID, r.Person, r.Range())
}

// tellAbsence has a stand-in told when an absence that is known by an id begins. It
// says that somebody is away, and neither why nor until when.
func (c *scene) tellAbsence(x *StandIn, absence string, person people.ID, away calendar.Range) error {
	first, last := max(x.From, away.From), away.To
	if !x.To.IsZero() {
		last = min(last, x.To)
	}
	if x.Person != person || last < max(first, c.todayOf(person)) {
		return nil
	}
	payload, err := json.Marshal(Event{Person: x.Person, By: x.Person, To: x.By})
	if err != nil {
		return err
	}
	return c.EnqueueAt(KindStandIn, KindStandIn+":"+x.ID+":"+absence, payload, c.org.Begin(person, first).UnixMicro())
}
