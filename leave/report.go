// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/people"
)

// Totals are the figures of a leave year in one line, in the unit of the type:
// what came over, was corrected and granted, less what was lost, paid out, taken, planned and
// asked for, is what is left.
type Totals struct {
	Carried   exact.Rat
	Corrected exact.Rat // of what was settled before, such as closed years
	Entitled  exact.Rat
	Lost      exact.Rat
	Paid      exact.Rat
	Taken     exact.Rat
	Planned   exact.Rat
	Pending   exact.Rat
	Left      exact.Rat // once all that is booked in the leave year is taken

	Balance exact.Rat // on the day itself, later bookings not taken off
	Minutes exact.Rat // the same as working time: what it would cost to pay it out
}

// Add returns the sums of two lines.
func (t Totals) Add(u Totals) Totals {
	return Totals{
		Carried: t.Carried.Add(u.Carried), Corrected: t.Corrected.Add(u.Corrected), Entitled: t.Entitled.Add(u.Entitled), Lost: t.Lost.Add(u.Lost), Paid: t.Paid.Add(u.Paid),
		Taken: t.Taken.Add(u.Taken), Planned: t.Planned.Add(u.Planned), Pending: t.Pending.Add(u.Pending), Left: t.Left.Add(u.Left),
		Balance: t.Balance.Add(u.Balance), Minutes: t.Minutes.Add(u.Minutes),
	}
}

// Totals returns the figures of the statement's leave year in one line. Days are
// worth what an average working day of the person is on the day; where that is not
// known they are worth nothing.
func (s *Statement) Totals() Totals {
	t := Totals{Carried: s.Carried, Corrected: s.Corrected, Entitled: s.Entitled, Lost: s.Lost, Paid: s.Paid, Taken: s.Taken, Planned: s.Planned,
		Pending: s.Pending, Balance: s.Balance, Minutes: s.Balance}
	t.Left = t.Carried.Add(t.Corrected).Add(t.Entitled).Sub(t.Lost).Sub(t.Paid).Sub(t.Taken).Sub(t.Planned).Sub(t.Pending)
	if s.Unit == Days {
		t.Minutes = s.Balance.Mul(exact.Int(int64(s.DayLength)))
	}
	return t
}

// Overview is what many people have left of their leave on a day.
type Overview struct {
	At    calendar.Date
	Lines []OverviewLine // by name, then in the order of types
	Sums  []OverviewSum  // of each type that a line has, in the order of types
}

// OverviewLine is one leave type of one person.
type OverviewLine struct {
	Person people.Person
	Type   Type
	Year   calendar.Range
	Totals
}

// OverviewSum is a leave type of all of them.
type OverviewSum struct {
	Type   Type
	People int
	Totals
}

// Overview works out what people have left on a day, in their order. Types that
// somebody has nothing to do with are left out. It does its work on all cores.
func (b *Rulebook) Overview(everybody []*Facts, at calendar.Date) Overview {
	lines := make([][]OverviewLine, len(everybody))
	onAllCores(len(everybody), func(i int) { lines[i] = b.overviewOf(everybody[i], at) })
	out := Overview{At: at, Lines: slices.Concat(lines...)}
	for _, t := range b.Types {
		sum := OverviewSum{Type: t}
		for i := range out.Lines {
			if x := &out.Lines[i]; x.Type.ID == t.ID {
				sum.People++
				sum.Totals = sum.Add(x.Totals)
			}
		}
		if sum.People > 0 {
			out.Sums = append(out.Sums, sum)
		}
	}
	return out
}

// onAllCores does so many pieces of work, which do not wait for each other.
func onAllCores(n int, work func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	wait.Wait()
}

func (b *Rulebook) overviewOf(f *Facts, at calendar.Date) []OverviewLine {
	var out []OverviewLine
	for _, t := range b.Types {
		if !t.Entitled {
			continue
		}
		s := b.Statement(f, t, at)
		if s.idle() {
			continue
		}
		if s.DayLength == 0 { // gone, and not paid yet: a day is what it was at the end
			s.DayLength = b.dayLength(f, lastWorked(f, at))
		}
		out = append(out, OverviewLine{Person: f.Person, Type: t, Year: s.Year, Totals: s.Totals()})
	}
	return out
}

// lastWorked returns the last day of the last employment that ended before a day.
func lastWorked(f *Facts, at calendar.Date) calendar.Date {
	var last calendar.Date
	for _, e := range f.Employments {
		if !e.To.IsZero() && e.To < at {
			last = max(last, e.To)
		}
	}
	return last
}

// idle reports whether there is nothing to tell of a type: the person has no right
// to it and never had, it is not offered any more and nothing is left, or they are gone and what is left is not paid.
func (s *Statement) idle() bool {
	if s.Type.EndsUnpaid && !s.Covered && s.Balance.Sign() >= 0 && s.Former.Equal(s.Balance) {
		return true
	}
	return (!s.Covered || s.ByEvent && s.Available.IsZero()) && len(s.Lines) == 0 || s.Type.Retired && s.Balance.IsZero()
}

// Overview returns what the people have left on a day whose leave by may know,
// those of one team where it is named. Those who do not work for the customer in
// the year before the day are left out. It reports NotFound for a team that is not
// by's, and Forbidden where there is nobody but by.
func (s *Service) Overview(ctx context.Context, by people.ID, at calendar.Date, team string) (Overview, error) {
	book, everybody, err := s.overviewFacts(ctx, by, at, team)
	if err != nil {
		return Overview{}, err
	}
	return book.Overview(everybody, at), nil
}

// overviewFacts returns what is known of all whom Overview shows.
func (s *Service) overviewFacts(ctx context.Context, by people.ID, at calendar.Date, team string) (book *Rulebook, everybody []*Facts, err error) {
	err = s.view(ctx, by, func(c *scene) error {
		named, err := c.overseen(at, "at", team)
		if err != nil {
			return err
		}
		book = c.book
		everybody, err = c.allFacts(at, func(r *people.Record) bool {
			return named[r.Person.ID] && worked(r, calendar.Range{From: at.AddYears(-1), To: at})
		})
		return err
	})
	return book, everybody, err
}

// overseen returns those whose leave the viewer may know, or the members of one team among them
// where it is named, for a report that goes up to a day, which a field of the form names. It
// reports NotFound for a team that is not the viewer's, and Forbidden where there is nobody but
// the viewer.
func (c *scene) overseen(until calendar.Date, field, team string) (map[people.ID]bool, error) {
	if !c.viewer.SeesLeave() {
		return nil, errs.New(errs.Forbidden, "leave.error.collective_nobody")
	}
	if err := c.within(until, field); err != nil {
		return nil, err
	}
	choice := Choice{Everybody: team == ""}
	if team != "" {
		choice.Teams = []string{team}
	}
	named, err := c.named(choice, people.SeeLeave, until)
	maps.DeleteFunc(named, func(who people.ID, _ bool) bool { return !c.viewer.MaySeeReason(who) })
	return named, err
}

// worked reports whether an employment touches a range of days.
func worked(r *people.Record, in calendar.Range) bool {
	return slices.ContainsFunc(r.Employments, func(e people.Employment) bool { return e.Range().Overlaps(in) })
}

// allFacts returns what is known of all whom want keeps, by name. It reads
// everything once; of closed leave years what they keep only where they end on since
// or later.
func (c *scene) allFacts(since calendar.Date, want func(*people.Record) bool) ([]*Facts, error) {
	requests, err := c.AllCounting()
	if err != nil {
		return nil, err
	}
	fixed, err := c.AllFixed()
	if err != nil {
		return nil, err
	}
	adjustments, err := c.AllAdjustments()
	if err != nil {
		return nil, err
	}
	sickness, err := c.AllSickness()
	if err != nil {
		return nil, err
	}
	claims, err := c.AllClaims()
	if err != nil {
		return nil, err
	}
	notices, err := c.AllNotices()
	if err != nil {
		return nil, err
	}
	closed, err := c.AllClosings(since)
	if err != nil {
		return nil, err
	}
	var out []*Facts
	for _, who := range c.org.Order {
		if r := c.org.Records[who]; want(r) {
			f := &Facts{Record: *r, Today: c.todayOf(who), Requests: requests[who], Adjustments: adjustments[who], Sickness: sickness[who], Fixed: fixed[who],
				Claims: claims[who], Notices: notices[who], Closings: closed[who]}
			for i := range f.Notices {
				f.Notices[i].FillDays(c.org)
			}
			out = append(out, f)
		}
	}
	return out, nil
}
