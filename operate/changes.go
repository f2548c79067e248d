// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
)

// change makes the changes that stand in the log: a day off over leave that is approved,
// other hours, and a leave year that was agreed with somebody.
func (p *play) change(ctx context.Context, t *tenant.Tenant) error {
	keeper := p.cast[0].boss
	for _, x := range []struct {
		ago    int // days
		change leave.Change
		reason string
	}{
		{23, leave.SavingOwnDay(people.OwnDay{Location: p.set.Location.ID, Date: p.busiest(), Name: p.jubilee, Off: calendar.FullDay}), p.changed[0]},
		{12, leave.SavingContract(people.Contract{Person: p.hired(1).ID, From: p.firstOfMonth(1), Pattern: p.patterns[1].ID, Package: p.set.Package.ID}), p.changed[1]},
		{3, leave.Fixing(leave.FixedEntitlement{Person: p.hired(2).ID, Type: p.set.Types.Holiday.ID, Year: p.today.Year(), Amount: exact.Int(28),
			Reason: p.changed[2]}), p.changed[2]},
	} {
		at := p.clock(p.today.AddDays(-x.ago))
		s := &leave.Service{Store: t.Leave.Store, Now: func() time.Time { return time.UnixMicro(at) }}
		seen, err := s.Foresee(ctx, keeper, x.change)
		if err == nil {
			_, err = s.Apply(ctx, keeper, x.change, leave.Consent{Reason: x.reason, Mark: seen.Mark()})
		}
		if err != nil {
			return fmt.Errorf("change of %d days ago: %w", x.ago, err)
		}
	}
	return nil
}

// busiest returns the working day in the weeks to come on which most people have approved
// holiday.
func (p *play) busiest() calendar.Date {
	away := map[calendar.Date]int{}
	for _, r := range p.cast {
		for _, q := range r.facts.Requests {
			for _, c := range q.Charges {
				if r.Location == p.set.Location.ID && q.State == leave.Approved && q.Type == p.set.Types.Holiday.ID {
					away[c.Date]++
				}
			}
		}
	}
	best := p.today.Monday().AddDays(15)
	for d := p.today.AddDays(10); d < p.today.AddDays(70); d++ {
		if away[d] > away[best] {
			best = d
		}
	}
	return best
}

// hired returns the n-th, from 1 on, of those who work full time in the first office and
// have always worked so.
func (p *play) hired(n int) *resident {
	full := func(r *resident) bool {
		c := r.facts.Contracts
		return r.Active && r.Location == p.set.Location.ID && r.place > 2 && len(c) == 1 && c[0].Pattern == p.patterns[0].ID && r.facts.EmployedOn(p.begin)
	}
	list := slices.DeleteFunc(slices.Clone(p.cast), func(r *resident) bool { return !full(r) })
	return list[min(n, len(list))-1]
}
