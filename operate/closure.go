// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"time"

	"verlof/calendar"
	"verlof/intake"
	"verlof/leave"
)

// closure closes the office abroad between Christmas and New Year: leave that is
// booked for all who work there, as one.
func (p *play) closure() {
	t, from := p.set.Types.Holiday, calendar.On(p.today.Year(), time.December, 27)
	x := leave.Collective{ID: p.id(), Type: t.ID, Span: whole(from, from.AddDays(4)), Reason: p.closed, By: p.cast[0].boss,
		At: p.clock(calendar.On(p.today.Year()-1, time.November, 20))}
	for _, r := range p.cast {
		if r.Location != p.abroad.ID || !r.Active || !p.book(r, t, x.Span) {
			continue
		}
		q := &r.facts.Requests[len(r.facts.Requests)-1]
		q.Collective, q.Reason, q.Note = x.ID, x.Reason, ""
		q.AskedBy, q.AskedAt, q.DecidedBy, q.DecidedAt = x.By, x.At, x.By, x.At
	}
	p.closures = append(p.closures, x)
}

// writeClosures writes what was booked for many.
func (p *play) writeClosures(tx intake.Tx) error { return each(p.closures, tx.InsertCollective) }
