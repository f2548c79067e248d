// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
)

// live gives everybody their leave: first what makes today look alive, then two
// years of holidays and sickness, then what became of requests.
func (p *play) live() {
	for _, r := range p.cast {
		p.balances(r)
		p.claims(r)
	}
	p.around()
	for _, r := range p.cast {
		p.lieu(r)
	}
	p.closure()
	for i, r := range p.cast {
		for year := p.begin.Year(); year <= p.today.Year()+1; year++ {
			p.year(r, year)
		}
		p.sickness(r)
		p.history(r, i)
	}
	p.waiting()
	p.substitutes()
	p.yearEnd()
	p.settle()
}

// balances writes adjustments: what came from the previous administration, and a
// correction here and there.
func (p *play) balances(r *resident) {
	adjust := func(t leave.Type, d calendar.Date, amount exact.Rat, reason string) {
		keeper := p.cast[0].boss
		r.facts.Adjustments = append(r.facts.Adjustments, leave.Adjustment{ID: p.id(), Person: r.ID, Type: t.ID,
			Date: d, Amount: amount, Reason: reason, By: keeper, At: p.clock(d)})
	}
	n := r.seat()
	there := r.facts.EmployedOn(p.begin)
	if there && n%3 != 1 {
		adjust(p.set.Types.Holiday, p.begin, exact.New(int64(1+p.rng.IntN(8)), 2), p.taken)
	}
	if there && n%19 == 4 {
		adjust(p.set.Types.Holiday, p.begin.AddDays(40+p.rng.IntN(60)), exact.Int(1), p.correct)
	}
}

// lieu takes some of the time off for Saturdays.
func (p *play) lieu(r *resident) {
	for _, a := range r.facts.Claims {
		if a.Kind == leave.ClaimOvertime && a.State == leave.Approved {
			p.book(r, p.set.Types.InLieu, part(a.Date.AddDays(9+p.rng.IntN(40)), calendar.Between(13*60, 15*60)))
			p.book(r, p.set.Types.InLieu, part(a.Date.AddDays(20+p.rng.IntN(90)), calendar.Between(8*60, 10*60)))
		}
	}
}

// around books leave around today, so that somebody is always away.
func (p *play) around() {
	types := p.set.Types
	for i, r := range p.cast {
		switch {
		case r.squad == 1 && r.place == 0: // somebody stands in
			p.book(r, types.Holiday, whole(p.today.AddDays(-2), p.today.AddDays(6)))
		case r.squad < 0 || r.place < 3:
		case i%17 == 7:
			p.book(r, types.Holiday, whole(p.today.AddDays(-2-p.rng.IntN(4)), p.today.AddDays(2+p.rng.IntN(9))))
		case i%29 == 5:
			p.sick(r, p.today.AddDays(-1-p.rng.IntN(4)), 0, p.today.AddDays(2))
		case i%37 == 6:
			p.book(r, types.Holiday, part(p.today, calendar.AfternoonHalf))
		case i%41 == 13:
			p.book(r, types.InLieu, part(p.today, calendar.Between(15*60, 17*60)))
		case i%59 == 25:
			p.sick(r, p.today.AddDays(-70), 0, p.today.AddDays(21))
		case i%53 == 19:
			start := p.today.AddDays(30).Monday()
			p.book(r, p.parental, whole(start, start.AddDays(6*7-1)))
		}
	}
}

// year plans the holidays of a year: the long one first.
func (p *play) year(r *resident, year int) {
	t := p.set.Types.Holiday
	later := year > p.today.Year() // not everybody has plans yet
	weeks := func(from calendar.Date, n int) { p.book(r, t, whole(from.Monday(), from.Monday().AddDays(7*n-1))) }
	if p.chance(later, 95, 35) {
		weeks(calendar.On(year, time.June, 22+7*p.rng.IntN(9)), 2+p.rng.IntN(2))
	}
	if p.chance(later, 55, 25) {
		weeks(calendar.On(year, time.February, 14+7*p.rng.IntN(13)), 1)
	}
	if p.chance(later, 45, 0) {
		p.book(r, t, whole(calendar.On(year, time.December, 27), calendar.On(year+1, time.January, 1)))
	}
	if p.chance(later, 40, 5) {
		weeks(calendar.On(year, time.October, 4+7*p.rng.IntN(4)), 1)
	}
	if later {
		return
	}
	for range 2 + p.rng.IntN(5) {
		p.short(r, calendar.On(year, time.January, 2+p.rng.IntN(360)))
	}
}

// chance says yes so many times in a hundred.
func (p *play) chance(later bool, now, then int) bool {
	if later {
		now = then
	}
	return p.rng.IntN(100) < now
}

// short books a day, half a day or some hours, mostly beside a weekend.
func (p *play) short(r *resident, d calendar.Date) {
	if p.rng.IntN(2) == 0 {
		d = d.Monday().AddDays(4)
	}
	switch t := p.set.Types; p.rng.IntN(10) {
	case 0, 1:
		p.book(r, t.Holiday, part(d, calendar.AfternoonHalf))
	case 2:
		p.book(r, t.Holiday, part(d, calendar.MorningHalf))
	case 3:
		p.book(r, t.Holiday, part(d, calendar.Between(15*60, 17*60)))
	case 4:
		p.book(r, t.Special, whole(d, d))
	default:
		p.book(r, t.Holiday, whole(d, d.AddDays(p.rng.IntN(2))))
	}
}

// sickness has people report sick for some days that are over.
func (p *play) sickness(r *resident) {
	for range p.rng.IntN(4) {
		from := p.today.AddDays(-3 - p.rng.IntN(int(p.today-p.begin)-3))
		p.sick(r, from, min(from.AddDays(p.rng.IntN(5)), p.today.AddDays(-1)), 0)
	}
}

// history adds a request that came to nothing to the life of some.
func (p *play) history(r *resident, i int) {
	states := map[int]leave.State{2: leave.Refused, 7: leave.Withdrawn, 11: leave.Cancelled}
	state, some := states[i%13]
	from := p.today.AddDays(20 - p.rng.IntN(200)).Monday()
	s, ok := p.trim(r, whole(from, from.AddDays(4)))
	if !some || !ok || i%2 == 1 {
		return
	}
	charges, _ := p.rules.Count(&r.facts, p.set.Types.Holiday, s)
	q := p.request(r, p.set.Types.Holiday, s, charges)
	q.State = state
	switch state {
	case leave.Refused:
		q.Reason = p.reasons[p.rng.IntN(len(p.reasons))]
	case leave.Withdrawn:
		q.DecidedBy = r.ID
	case leave.Cancelled:
		q.DecidedBy, q.Reason = r.ID, p.phrases.cancelled
	}
	r.past = append(r.past, q)
}

// waiting has some of what lies ahead wait for the managers: something in each
// team, most in the first.
func (p *play) waiting() {
	left := map[int]int{}
	for i := range p.squads {
		left[i] = 2
	}
	left[0], left[-1] = 4, 0
	for _, r := range p.cast {
		if r.squad == 0 && r.place == 1 {
			monday := p.today.AddDays(24).Monday()
			p.book(r, p.set.Types.Holiday, whole(monday, monday.AddDays(3)))
		}
		for i := range r.facts.Requests {
			q := &r.facts.Requests[i]
			if left[r.squad] > 0 && r.place > 0 && q.From > p.today.AddDays(5) && q.Type != p.parental.ID {
				p.pend(q)
				p.forward(r, q)
				left[r.squad]--
				break
			}
		}
	}
}
