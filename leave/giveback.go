// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"verlof/calendar"
	"verlof/internal/exact"
)

// GiveBack is when leave is given back of which the person was sick. What is given back
// follows from the facts, like every other number: a report of sickness that is taken back
// takes back what it gave.
type GiveBack string

// The ways of giving back.
const (
	BackNever        GiveBack = ""
	BackCertified    GiveBack = "certified"     // for the days that a doctor's note covers (BUrlG § 9)
	BackUnlessAgreed GiveBack = "unless-agreed" // unless the person agrees that they count as taken (BW 7:638 lid 8)
	BackAlways       GiveBack = "always"
)

// GiveBacks are all ways of giving back.
var GiveBacks = []GiveBack{BackNever, BackCertified, BackUnlessAgreed, BackAlways}

// known returns until when an open end is known on a day: that day, but no later than the
// day on which the facts are looked at. What nobody knows yet gives nothing back. The zero
// day is that of the facts.
func (f *Facts) known(at calendar.Date) calendar.Date {
	if !f.Today.IsZero() && (at.IsZero() || f.Today < at) {
		return f.Today
	}
	return at
}

// givenBack returns what part of the leave of type t on d sickness gives back, as known on
// the day known, and the sickness that does so.
func (f *Facts) givenBack(t Type, d, known calendar.Date) (share exact.Rat, by *Sickness) {
	if t.GiveBack == BackNever {
		return share, nil
	}
	for i := range f.Sickness {
		s := &f.Sickness[i]
		if d < s.From || d > s.Until(known) {
			continue
		}
		if x := s.givesBack(t, d); x.Cmp(share) > 0 {
			share, by = x, s
		}
	}
	return share, by
}

// givesBack returns what part of the leave of type t on d, a day of s, is given back.
func (s *Sickness) givesBack(t Type, d calendar.Date) exact.Rat {
	works := s.WorksOn(d)
	switch {
	case t.GiveBack == BackCertified && !s.certifiedOn(d),
		t.GiveBack == BackUnlessAgreed && s.Agreed,
		works > 0 && !t.PartlyBack:
		return exact.Rat{}
	}
	return exact.New(int64(100-works), 100)
}

// backOf returns what sickness gives back of a request, in the unit of t, as known on a
// day: nothing where t does not give back.
func (b *Rulebook) backOf(f *Facts, t Type, r *Request, at calendar.Date) exact.Rat {
	var sum exact.Rat
	for _, c := range b.Charges(f, t, r) {
		share, _ := f.givenBack(t, c.Date, f.known(at))
		sum = sum.Add(c.In(t.Unit).Mul(share))
	}
	return sum
}

// dayBack adds what sickness gives back of a day of a request. It goes on with the last
// line where that says so of the same request and the same sickness.
func (l *ledger) dayBack(n Line, sameSickness bool) {
	list := l.listOf(n.Date)
	if last := &(*list)[len(*list)-1]; sameSickness && !l.daily && last.Kind == LineGivenBack && last.Request == n.Request {
		l.balance = l.balance.Add(n.Amount)
		last.Amount, last.Balance, last.Until = last.Amount.Add(n.Amount), l.balance, n.Date
		last.Why = backReason(last.Date, n.Date)
		return
	}
	l.line(n)
}

func backReason(from, to calendar.Date) []Reason {
	if from == to {
		return []Reason{{"sick_given_back_day", []any{"date", from}}}
	}
	return []Reason{{"sick_given_back", []any{"from", from, "to", to}}}
}
