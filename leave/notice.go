// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// Notice is a letter that told one person, of one type of leave, how much there
// is, on which day it can be taken last and what then becomes of it. Days are
// those of the person's place of work.
type Notice struct {
	ID     string
	Person people.ID
	Type   string
	Ends   calendar.Date // the last day to take it; zero: whatever ends in the twelve months after Sent
	Amount exact.Rat     // what it said would be lost, in the unit of the type; 0: all
	Sent   calendar.Date // zero: not yet
	Read   calendar.Date // zero: not yet
}

// serves reports whether the notice told of leave with a last day, in time.
func (n *Notice) serves(c Told, end calendar.Date) bool {
	about := n.Ends == end
	if n.Ends.IsZero() {
		about = n.Sent <= end && n.Sent.AddYears(1) > end
	}
	told := n.Sent
	if c.Read {
		told = n.Read
	}
	return about && !told.IsZero() && told <= c.By(end)
}

// served returns the notice that told of leave with a last day: of several the one
// that told of most, and of those the first; nil where there is none.
func (a *account) served(c Told, end calendar.Date) *Notice {
	var best *Notice
	for i := range a.facts.Notices {
		n := &a.facts.Notices[i]
		if n.Type == a.typ.ID && n.serves(c, end) && (best == nil || n.better(best)) {
			best = n
		}
	}
	return best
}

// better reports whether n told of more than o, or first.
func (n *Notice) better(o *Notice) bool {
	switch {
	case n.Amount.IsZero() != o.Amount.IsZero():
		return n.Amount.IsZero()
	case !n.Amount.Equal(o.Amount):
		return n.Amount.Cmp(o.Amount) > 0
	case n.Sent != o.Sent:
		return n.Sent < o.Sent
	}
	return n.ID < o.ID
}
