// SPDX-License-Identifier: Apache-2.0

package operate

import "verlof/leave"

// substitutes has those of the first team name one another to do the work: for some of the
// leave that lies ahead, of which most have agreed, and one is asked for a word.
func (p *play) substitutes() {
	var team []*resident
	for _, r := range p.cast {
		if r.squad == 0 && r.Active {
			team = append(team, r)
		}
	}
	asked := false // the second of the team waits to be asked
	for i, r := range team {
		if i == 0 || len(team) < 3 {
			continue
		}
		next := team[max(1, (i+1)%len(team))]
		for k := range r.facts.Requests {
			q := &r.facts.Requests[k]
			if q.To < p.today || q.Type != p.set.Types.Holiday.ID || q.Collective != "" {
				continue
			}
			x := leave.Substitute{Person: next.ID, By: r.ID, At: q.AskedAt, Answer: leave.Agreed, AnsweredAt: q.AskedAt + 3_600_000_000}
			if q.State == leave.Pending {
				x.Answer, x.AnsweredAt = leave.Unanswered, 0
				if i > 1 && !asked {
					x.Person, asked = team[1].ID, true
				}
			}
			q.Substitutes = []leave.Substitute{x}
		}
	}
}
