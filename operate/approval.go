// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
)

// deciding is how a made-up company decides on leave.
type deciding struct {
	rules     []leave.ApprovalRule
	standIns  []leave.StandIn
	limits    []leave.Limit
	decisions []leave.Decision
}

// decide sets who decides on long leave, who stands in for the manager of the second
// team, who is away today, and when leave is too much.
func (p *play) decide() {
	p.how.rules = []leave.ApprovalRule{
		{ID: p.id(), Name: p.phrases.long, Over: 10, Steps: []leave.Step{{Who: leave.AnyManager, Within: 5}, {Who: leave.Administrators}}},
		{ID: p.id(), Name: p.parental.Name, Types: []string{p.parental.ID}, Steps: []leave.Step{{Who: leave.AnyManager}, {Who: leave.Above}, {Who: leave.Administrators}}},
	}
	first, second := p.seated(0, 0), p.seated(1, 0)
	p.how.standIns = []leave.StandIn{
		{ID: p.id(), Person: second.ID, By: first.ID, From: p.today.AddMonths(-2), SetBy: second.ID, At: p.clock(p.today.AddMonths(-2))},
		{ID: p.id(), Person: first.ID, By: second.ID, From: p.today.AddMonths(-2), To: p.today.AddMonths(10), SetBy: first.ID, At: p.clock(p.today.AddMonths(-2))},
	}
	end := calendar.On(p.today.AddMonths(2).Year(), time.January, 12).Monday()
	p.how.limits = []leave.Limit{
		{ID: p.id(), Name: p.phrases.stock, Kind: leave.Blocked, Team: p.teams[min(2, len(p.squads)-1)].ID, From: end, To: end.AddDays(4)},
		{ID: p.id(), Name: p.phrases.staffing, Kind: leave.MostAway, Team: p.teams[0].ID, Number: 40, Percent: true, Warn: true},
	}
}

// seated returns who sits in a place of a squad.
func (p *play) seated(squad, place int) *resident {
	for _, r := range p.cast {
		if r.squad == squad && r.place == place {
			return r
		}
	}
	return p.cast[0]
}

// forward gives a request that waits the steps of its rule, and has the manager
// agree already with one that takes a second step.
func (p *play) forward(r *resident, q *leave.Request) {
	if leave.Total(q.Charges, leave.Days).Cmp(exact.Int(10)) <= 0 {
		return
	}
	q.Route = p.how.rules[0]
	p.how.decisions = append(p.how.decisions, leave.Decision{ID: p.id(), Request: q.ID, By: r.boss, As: leave.OwnRight, Approved: true,
		At: p.clock(p.today.AddDays(-1))})
}

// writeDeciding writes it; the decisions come after the requests that they are about.
func (p *play) writeDeciding(tx leave.Tx) error {
	if err := each(p.how.rules, tx.SaveApprovalRule); err != nil {
		return err
	}
	if err := each(p.how.standIns, tx.SaveStandIn); err != nil {
		return err
	}
	if err := each(p.how.limits, tx.SaveLimit); err != nil {
		return err
	}
	return each(p.how.decisions, tx.InsertDecision)
}
