// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"slices"

	"verlof/calendar"
	"verlof/intake"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
)

// paid is how many months payroll has settled.
const paid = 4

// settle settles the last months, each on the third of the next one, with what was decided by then. One piece of
// leave in the last of them is approved after it: the next settlement corrects that.
func (p *play) settle() {
	for k := paid; k > 0; k-- {
		first := calendar.On(p.today.Year(), p.today.Month(), 1).AddMonths(-k)
		month := calendar.MonthOf(first.Year(), first.Month())
		on := month.To.AddDays(3)
		if on >= p.today {
			continue
		}
		if k == 1 {
			p.approveLate(month, on.AddDays(1))
		}
		s := leave.Settlement{ID: p.id(), Period: month, By: p.clerk(), At: p.clock(on)}
		lines := p.rules.Settle(p.asOf(on, s.At), &s, p.settlements, p.told)
		p.settlements, p.told = append(p.settlements, s), append(p.told, lines...)
	}
}

// asOf returns what was decided of everybody by a moment of a day.
func (p *play) asOf(on calendar.Date, at int64) []*leave.Facts {
	var out []*leave.Facts
	for _, r := range p.cast {
		f := r.facts
		f.Today = on
		f.Requests = slices.DeleteFunc(slices.Clone(f.Requests), func(q leave.Request) bool { return q.DecidedAt > at })
		f.Sickness = slices.DeleteFunc(slices.Clone(f.Sickness), func(s leave.Sickness) bool { return s.From > on })
		out = append(out, &f)
	}
	return out
}

// approveLate has a short leave of a month be asked for and approved on a day after it.
func (p *play) approveLate(month calendar.Range, on calendar.Date) {
	for _, r := range p.cast {
		for i := range r.facts.Requests {
			q := &r.facts.Requests[i]
			if q.State == leave.Approved && q.Collective == "" && q.Replaces == "" && month.Contains(q.From) && month.Contains(q.To) &&
				q.Type == p.set.Types.Holiday.ID && leave.Total(q.Charges, leave.Days).Less(exact.Int(4)) {
				q.AskedAt, q.DecidedAt = p.clock(on), p.clock(on.AddDays(1))
				return
			}
		}
	}
}

// clerk is who settles.
func (p *play) clerk() people.ID {
	for _, r := range p.cast {
		if r.Roles.Has(people.Payroll) {
			return r.ID
		}
	}
	return p.cast[0].boss
}

// writeSettlements writes what was settled.
func (p *play) writeSettlements(tx intake.Tx) error {
	for _, s := range p.settlements {
		lines := slices.DeleteFunc(slices.Clone(p.told), func(l leave.SettledLine) bool { return l.Settlement != s.ID })
		if err := tx.InsertSettlement(s, lines); err != nil {
			return err
		}
	}
	return nil
}
