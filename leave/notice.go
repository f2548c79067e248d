// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"time"

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
	Rest   Consequence   // what it said would become of it
	Sent   calendar.Date // when it reached the person: by mail, or read here before that; zero: not yet
	Read   calendar.Date // zero: not yet
	Proof  Proof
}

// Proof is what is kept of a notice: who sent it, and what became of it, in
// microseconds since 1970, UTC; 0: not, or not yet.
type Proof struct {
	By        people.ID
	At        int64 // it was made
	Delivered int64 // the mail was handed to the person's mail server
	GaveUp    int64 // the mail could not be delivered
	Read      int64 // the person opened it here, signed in
}

// FillDays fills in the days from the proof, at the person's place of work.
func (n *Notice) FillDays(org *people.Organisation) {
	day := func(us int64) calendar.Date {
		if us == 0 {
			return 0
		}
		return org.Today(n.Person, time.UnixMicro(us))
	}
	n.Sent, n.Read = day(n.Proof.Delivered), day(n.Proof.Read)
	if n.Sent.IsZero() || !n.Read.IsZero() && n.Read < n.Sent {
		n.Sent = n.Read
	}
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
	if a.foresees(end) {
		return &Notice{Sent: c.By(end)}
	}
	var best *Notice
	for i := range a.facts.Notices {
		n := &a.facts.Notices[i]
		if n.Type == a.typ.ID && n.serves(c, end) && (best == nil || n.better(best)) {
			best = n
		}
	}
	return best
}

// foresees reports whether it is taken for granted that the person is told.
func (a *account) foresees(end calendar.Date) bool { return a.foresight > 0 && end >= a.foresight }

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

// Loss is leave that will be gone unless it is taken: what is booked is taken.
type Loss struct {
	Ends   calendar.Date // the last day to take it
	Amount exact.Rat
	Rest   Consequence // what then becomes of it
	Told   Told        // the condition; zero: none
}

// By returns the last day on which telling of it is in time; zero where nobody
// needs to be told.
func (x *Loss) By() calendar.Date {
	if !x.Told.asked() {
		return 0
	}
	return x.Told.By(x.Ends)
}

// Losses returns what f's person will lose of a type after the day at and up to
// another, if they are told of it in time, by its last day.
func (b *Rulebook) Losses(f *Facts, t Type, at, until calendar.Date) []Loss {
	acc := b.account(f.sorted(), t, until)
	acc.foresight = at
	l := ledger{account: acc, at: until, quiet: true}
	l.run(until)
	var out []Loss
	for _, x := range l.losses {
		if n := len(out); n > 0 && out[n-1].Ends == x.Ends {
			out[n-1].Amount = out[n-1].Amount.Add(x.Amount)
			if !out[n-1].Told.asked() {
				out[n-1].Told = x.Told
			}
			continue
		}
		out = append(out, x)
	}
	return out
}
