// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/order"
	"verlof/people"
)

// Closing is a leave year of one type of one person that was closed: its figures stay
// as they were then. What is entered later of days in it, or changed in the rules that
// held then, is a correction on the day after its last (Line.Differs).
type Closing struct {
	ID      string
	Act     string // id of the act that closed it, with others
	Person  people.ID
	Type    string
	Year    calendar.Range // the leave year
	Balance exact.Rat      // at the end of its last day
	Kept    *Kept          // nil where it was not read: the lines of that time are then left out
	By      people.ID
	At      int64 // microseconds since 1970, UTC
}

// Kept is what a closing keeps of all that lies between the closing before it, or the
// beginning, and its last day.
type Kept struct {
	Years   []calendar.Range // the leave years, oldest first
	Lines   []Line           // each day of a request by itself; their balance is not kept
	Buckets []KeptBucket
}

// KeptBucket is a bucket with what became of it from day to day.
type KeptBucket struct {
	Bucket // at the end
	States []BucketState
}

// BucketState is what a bucket held from a day on.
type BucketState struct {
	Date                calendar.Date
	Amount, Taken, Left exact.Rat
}

// on returns the bucket as it was on a day; false where it was not there yet.
func (k *KeptBucket) on(d calendar.Date) (Bucket, bool) {
	b, ok := k.Bucket, false
	for _, s := range k.States {
		if s.Date <= d {
			b.Amount, b.Taken, b.Left, ok = s.Amount, s.Taken, s.Left, true
		}
	}
	b.Gone = b.Amount.Sub(b.Taken).Sub(b.Left)
	return b, ok
}

// Loose is what keeps a leave year from being closed, since it is not decided.
type Loose struct {
	Request *Request
	Claim   *Claim // where it is no request
}

// Unsettled returns the requests and claims of a type that wait for a decision and
// touch days up to and including a day, oldest first.
func (b *Rulebook) Unsettled(f *Facts, t Type, to calendar.Date) []Loose {
	var out []Loose
	for i := range f.Requests {
		if r := &f.Requests[i]; r.Type == t.ID && r.State == Pending && r.From <= to {
			out = append(out, Loose{Request: r})
		}
	}
	for i := range f.Claims {
		if c := &f.Claims[i]; c.State == Pending && c.Date <= to && (c.Type == t.ID || b.dueOn(t, c)) {
			out = append(out, Loose{Claim: c})
		}
	}
	order.By(out, func(a, b Loose) int { return cmp.Or(cmp.Compare(a.Date(), b.Date()), cmp.Compare(a.id(), b.id())) })
	return out
}

// dueOn reports whether some policy of a type grants leave on the event of a claim.
func (b *Rulebook) dueOn(t Type, c *Claim) bool {
	return c.Kind == ClaimEvent && slices.ContainsFunc(b.Policies, func(p Policy) bool {
		return p.Type == t.ID && slices.ContainsFunc(p.Terms.Pots(), func(pot Terms) bool { return pot.Event.Kind == c.Event })
	})
}

// Date returns the first day of what is not decided.
func (l Loose) Date() calendar.Date {
	if l.Request != nil {
		return l.Request.From
	}
	return l.Claim.Date
}

func (l Loose) id() string {
	if l.Request != nil {
		return l.Request.ID
	}
	return l.Claim.ID
}

// LeaveYears returns the leave years of a type in which f's person has a right to
// leave, up to the one that a day lies in, oldest first.
func (b *Rulebook) LeaveYears(f *Facts, t Type, last calendar.Date) []calendar.Range {
	if !t.Entitled {
		return nil
	}
	var out []calendar.Range
	for _, y := range years(t.Unit, b.stretches(f.sorted(), t, last), last) {
		out = append(out, y.Range)
	}
	return out
}

// Close returns what is to be kept of the leave year of a type of f's person that
// ends on the day to, and of all before it that is not closed yet. It is false where
// no leave year ends on that day, where it is closed, or where something in it is not
// decided (Unsettled): what is kept is settled.
func (b *Rulebook) Close(f *Facts, t Type, to calendar.Date) (Closing, bool) {
	f = f.sorted()
	since := f.closings(t).end()
	all := b.LeaveYears(f, t, to)
	i := slices.IndexFunc(all, func(y calendar.Range) bool { return y.To == to })
	if i < 0 || to <= since || len(b.Unsettled(f, t, to)) > 0 {
		return Closing{}, false
	}
	lines, balance := b.keptLines(f, t, to)
	k := &Kept{Lines: after(lines, since), Buckets: b.keptBuckets(f, t, since, to)}
	for _, y := range all[:i+1] {
		if y.To > since {
			k.Years = append(k.Years, y)
		}
	}
	return Closing{Person: f.Person.ID, Type: t.ID, Year: all[i], Balance: balance, Kept: k}, true
}

// keptLines returns all lines up to a day, those of requests day by day, and the balance
// after them.
func (b *Rulebook) keptLines(f *Facts, t Type, to calendar.Date) ([]Line, exact.Rat) {
	closed := f.closings(t)
	l := ledger{account: b.account(f, t, to), at: to, closed: closed.end(), daily: true}
	if len(closed) > 0 {
		l.settle(closed)
	}
	l.run(to)
	for i := range l.lines {
		l.lines[i].Balance = exact.Rat{}
	}
	return l.lines, l.balance
}

// after returns the lines that are dated after a day.
func after(lines []Line, d calendar.Date) []Line {
	i := slices.IndexFunc(lines, func(l Line) bool { return l.Date > d })
	if i < 0 {
		return nil
	}
	return lines[i:]
}

// keptBuckets goes through the days after since, one by one, and notes what became of
// each bucket.
func (b *Rulebook) keptBuckets(f *Facts, t Type, since, to calendar.Date) []KeptBucket {
	l := ledger{account: b.account(f, t, to), at: to}
	l.run(since)
	first := to
	if d := l.nextDay(); d < first {
		first = d
	}
	if !since.IsZero() {
		first = since
	}
	var kept []KeptBucket
	for d := first; d <= to; d++ {
		lines, taken := len(l.lines), l.taken
		l.run(d)
		if d == first || len(l.lines) > lines || l.taken > taken {
			kept = noteBuckets(kept, l.buckets, d)
		}
	}
	return slices.DeleteFunc(kept, func(k KeptBucket) bool { // gone before
		return len(k.States) == 1 && k.States[0].Date <= since && k.States[0].Left.IsZero()
	})
}

// noteBuckets adds the state of those buckets that changed.
func noteBuckets(kept []KeptBucket, now []bucket, d calendar.Date) []KeptBucket {
	for i := range now {
		b := now[i].Bucket
		if i == len(kept) {
			kept = append(kept, KeptBucket{})
		}
		k := &kept[i]
		if n := len(k.States); n == 0 || !k.Amount.Equal(b.Amount) || !k.Taken.Equal(b.Taken) || !k.Left.Equal(b.Left) {
			k.States = append(k.States, BucketState{d, b.Amount, b.Taken, b.Left})
		}
		k.Bucket = b
	}
	return kept
}

// LastClosing returns the closing of a type that comes last: the one that can be opened
// again. It is false where none is.
func (f *Facts) LastClosing(t Type) (Closing, bool) {
	cs := f.closings(t)
	if len(cs) == 0 {
		return Closing{}, false
	}
	return *cs[len(cs)-1], true
}

// closings returns the closings of a type by date.
func (f *Facts) closings(t Type) closings {
	var out closings
	for i := range f.Closings {
		if c := &f.Closings[i]; c.Type == t.ID {
			out = append(out, c)
		}
	}
	order.By(out, func(a, b *Closing) int { return cmp.Compare(a.Year.To, b.Year.To) })
	return out
}
