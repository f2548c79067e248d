// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"encoding/json"

	"verlof/leave"
)

// writeNotices tells most people what they will lose of their holiday next. Those of the first
// team get it by mail, where there is mail, and half of them have read it; the others have read
// it here. Some are still to be told.
func (p *play) writeNotices(tx leave.Tx, mail bool) error {
	for i, r := range p.cast {
		byMail := mail && r.squad == 0
		if i%4 == 3 || !r.Active || !r.facts.EmployedOn(p.today) {
			continue
		}
		n, lost := p.notice(r)
		if !lost {
			continue
		}
		if err := tx.InsertNotice(n); err != nil {
			return err
		}
		if !byMail || i%2 == 0 {
			if err := tx.MarkRead(n.ID, n.Proof.At+3_600_000_000*int64(1+i%40)); err != nil {
				return err
			}
		}
		if !byMail {
			continue
		}
		payload, err := json.Marshal(leave.Event{Request: n.ID, Person: n.Person})
		if err != nil {
			return err
		}
		if err := tx.Enqueue(leave.KindNotice, leave.NoticeKey+n.ID, payload); err != nil {
			return err
		}
	}
	return nil
}

// notice returns a letter to somebody on the holiday that ends next; false where none does.
func (p *play) notice(r *resident) (leave.Notice, bool) {
	f := r.facts
	f.Today = p.today
	losses := p.rules.Losses(&f, p.set.Types.Holiday, p.today, p.today.AddMonths(18))
	if len(losses) == 0 {
		return leave.Notice{}, false
	}
	next := losses[0]
	return leave.Notice{ID: p.id(), Person: r.ID, Type: p.set.Types.Holiday.ID, Ends: next.Ends, Amount: next.Amount, Rest: next.Rest,
		Proof: leave.Proof{By: p.cast[0].boss, At: p.clock(p.today.AddDays(-9))}}, true
}
