// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"slices"
	"time"

	"verlof/calendar"
	"verlof/intake"
	"verlof/internal/exact"
	"verlof/leave"
)

// yearEnd closes last year, once it is over for some days, and has somebody enter leave
// of that year afterwards: a correction shows it.
func (p *play) yearEnd() {
	last := calendar.YearOf(p.today.Year() - 1)
	on := last.To.AddDays(12)
	if p.today <= on {
		return
	}
	act := leave.ClosingAct{ID: p.id(), Kind: leave.Closes, Year: last, By: p.cast[0].boss, At: p.clock(on)}
	for _, r := range p.cast {
		then := r.facts
		then.Today = on
		if late := p.late(r, last); late >= 0 {
			q := &r.facts.Requests[late]
			q.AskedAt, q.DecidedAt = p.clock(on.AddDays(3)), p.clock(on.AddDays(4))
			then.Requests = slices.Delete(slices.Clone(r.facts.Requests), late, late+1)
		}
		before := act.Accounts
		for _, t := range p.rules.Types {
			if c, ok := p.rules.Close(&then, t, last.To); ok {
				c.ID, c.Act, c.By, c.At = p.id(), act.ID, act.By, act.At
				p.settled = append(p.settled, c)
				act.Accounts++
			}
		}
		if act.Accounts > before {
			act.People++
		}
	}
	p.acts = append(p.acts, act)
}

// late returns the place of a request that is entered after the year was closed: the
// last one in autumn of the first employee. It returns -1 for everybody else.
func (p *play) late(r *resident, year calendar.Range) int {
	if r.squad != 0 || r.place != 1 {
		return -1
	}
	for i := len(r.facts.Requests) - 1; i >= 0; i-- {
		q := &r.facts.Requests[i]
		autumn := q.From >= calendar.On(year.From.Year(), time.August, 1) && q.To <= year.To
		if q.Type == p.set.Types.Holiday.ID && q.State == leave.Approved && q.Collective == "" && autumn && len(q.Charges) <= 5 &&
			!leave.Total(q.Charges, leave.Days).Less(exact.Int(1)) {
			return i
		}
	}
	return -1
}

// writeYearEnd writes what was closed.
func (p *play) writeYearEnd(tx intake.Tx) error {
	if err := each(p.acts, tx.InsertClosingAct); err != nil {
		return err
	}
	return each(p.settled, tx.InsertClosing)
}
