// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/leave/law"
)

// familyRules are the rules of Dutch law on leave that events give, of which a
// made-up company in the Netherlands has the first ones.
var familyRules = []string{"birth", "additional-birth", "short-care"}

// family adds the leave that events give to the Dutch package.
func (p *play) family() {
	nl, _ := law.For("NL")
	for i, name := range familyRules {
		r, _ := nl.Rule(name)
		t := r.Type
		t.ID, t.Name, t.Colour, t.Order = p.id(), r.Name.In(p.language), []int{2, 9, 11}[i], 6+i
		terms, _ := nl.Terms(name, exact.Rat{})
		p.families = append(p.families, t)
		p.policies = append(p.policies, leave.Policy{ID: p.id(), Package: p.set.Package.ID, Type: t.ID, From: p.begin, Terms: terms})
	}
}

// claim adds something that was approved, or waits.
func (p *play) claim(r *resident, c leave.Claim, s leave.State) {
	c.ID, c.Person, c.State, c.AskedBy = p.id(), r.ID, s, r.ID
	c.AskedAt = p.clock(min(c.Date.AddDays(1), p.today.AddDays(-2)))
	if s != leave.Pending {
		c.DecidedBy, c.DecidedAt = r.boss, c.AskedAt+int64(3600*1_000_000)
		if c.Kind == leave.ClaimEvent {
			c.DecidedBy = p.cast[0].boss
		}
	}
	r.facts.Claims = append(r.facts.Claims, c)
}

// claims has people work on Saturdays, become parents and buy leave.
func (p *play) claims(r *resident) {
	n, star := r.seat(), r.squad == 0 && r.place == 1
	if r.facts.EmployedOn(p.begin) && (n%9 == 0 || star) {
		for range 2 {
			p.claim(r, p.overtime(p.today.AddDays(-20-p.rng.IntN(250)).Monday().AddDays(5)), leave.Approved)
		}
	}
	if !r.facts.EmployedOn(p.today.AddDays(-70)) || !r.facts.EmployedOn(p.today) {
		return
	}
	birth := leave.Claim{Kind: leave.ClaimEvent, Event: leave.EventBirth, Date: p.today.AddDays(-17)}
	switch {
	case star:
		birth.Child = p.phrases.child
		p.claim(r, birth, leave.Approved)
		monday := p.today.AddDays(-14).Monday()
		p.book(r, p.families[0], whole(monday, monday.AddDays(2)))
		p.claim(r, leave.Claim{Kind: leave.ClaimPurchase, Type: p.set.Types.Holiday.ID, Date: calendar.On(p.today.Year(), 1, 1), Amount: exact.Int(2)}, leave.Approved)
		p.claim(r, p.overtime(p.today.AddDays(-3).Monday().AddDays(-2)), leave.Pending)
	case n%29 == 7 && !r.away:
		birth.Date = p.today.AddDays(-60 - p.rng.IntN(20))
		p.claim(r, birth, leave.Approved)
	case n%37 == 12 && !r.away:
		p.claim(r, leave.Claim{Kind: leave.ClaimEvent, Event: leave.EventBirth, Date: p.today.AddDays(-2)}, leave.Pending)
	case n%19 == 3:
		p.claim(r, p.overtime(p.today.AddDays(-1).Monday().AddDays(-2)), leave.Pending)
	case n%23 == 5 && !r.away:
		p.claim(r, leave.Claim{Kind: leave.ClaimPurchase, Type: p.set.Types.Holiday.ID, Date: p.today.AddDays(1), Amount: exact.Int(3)}, leave.Pending)
	}
}

// overtime is some hours of work on a day.
func (p *play) overtime(d calendar.Date) leave.Claim {
	start := calendar.Clock(9 * 60)
	minutes := 120 + 60*p.rng.IntN(4)
	return leave.Claim{Kind: leave.ClaimOvertime, Type: p.set.Types.InLieu.ID, Date: d, Minutes: minutes, Factor: 100 + 50*(minutes/60%2),
		Times: calendar.Interval{From: start, To: start + calendar.Clock(minutes)}, Note: p.phrases.lieu}
}
