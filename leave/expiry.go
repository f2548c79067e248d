// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
)

// CarryOver is what happens to the rest of a leave year when the next begins.
// The zero value lets it lapse.
type CarryOver struct {
	All     bool        // all of it goes over, else at most Max
	Max     exact.Rat   // in the unit of the type
	Keep    exact.Rat   // of what goes over, so much does not expire at Expires
	Expires MonthDay    // first day, in the new leave year, on which the rest is gone; zero: never
	Valid   Term        // in place of Expires: how long what went over may be taken; zero: for good
	On      MonthDay    // when it goes over; zero: on the first day of the leave year
	InAll   exact.Rat   // so little goes over that with what is granted that day it is no more; 0: no such limit
	Told    Told        // without a notice in time nothing lapses or expires
	Longer  []Longer    // who could not take it has longer
	Rest    Consequence // what becomes of what would lapse or expire
}

// Term is a length of time in calendar months and days.
type Term struct{ Months, Days int }

// IsZero reports whether no time is set.
func (t Term) IsZero() bool { return t == Term{} }

// From returns the first day after a term that begins on d.
func (t Term) From(d calendar.Date) calendar.Date { return d.AfterMonths(t.Months).AddDays(t.Days) }

// Told is the condition that the person was told in time, one by one, of what
// would be lost (C-684/16; BAG 9 AZR 541/15; BW 7:640a). The zero value asks for
// nothing.
type Told struct {
	Before Term // so long before the day on which it is gone
	Read   bool // the notice was read by then, not only sent
}

// asked reports whether there is a condition.
func (t Told) asked() bool { return !t.Before.IsZero() }

// By returns the last day on which telling of leave with a last day is in time.
func (t Told) By(end calendar.Date) calendar.Date {
	return end.AddDays(1).AddMonths(-t.Before.Months).AddDays(-t.Before.Days - 1)
}

// Longer gives more time to whoever was away until the last day on which leave
// could be taken: by illness (C-214/10: 15 months; WTR reg. 13 (10): 18), or on
// leave of some types. It is for so much as they would have worked meanwhile.
type Longer struct {
	Types []string  // ids of types of leave; empty: sickness
	Term  Term      // after the end of the leave year in which it originates
	Most  exact.Rat // for a full-time week, in the unit of the type; 0: all
}

// Consequence is what becomes of leave that was not taken in time.
type Consequence string

// The consequences.
const (
	Lapses     Consequence = ""       // it is lost
	PaidOut    Consequence = "paid"   // it is paid out with the wages
	BoughtBack Consequence = "bought" // the employer buys it, at what was agreed
)

// Consequences are what can be chosen, in the order in which a page offers them.
var Consequences = []Consequence{Lapses, PaidOut, BoughtBack}

// ending is leave of a bucket that has come to the last day on which it could be
// taken.
type ending struct {
	from   *bucket // a copy: what becomes of it may move the list
	amount exact.Rat
	end    calendar.Date // the last day
	terms  *CarryOver
	kind   LineKind // of the line when it is lost
	why    []Reason
}

// spent is how much of what was told of, and of what could not be taken, has been
// used at an end: pots and years that end together share it.
type spent struct {
	end    calendar.Date
	told   exact.Rat
	longer exact.Rat
}

// spentAt returns the record of an end.
func (l *ledger) spentAt(end calendar.Date) *spent {
	i := slices.IndexFunc(l.spent, func(s spent) bool { return s.end == end })
	if i < 0 {
		l.spent = append(l.spent, spent{end: end})
		i = len(l.spent) - 1
	}
	return &l.spent[i]
}

// end decides what becomes of leave at its last day: what could not be taken stays
// longer, what nobody was told of stays on, and the rest goes.
func (l *ledger) end(e ending) {
	var told []Reason
	if len(e.terms.Longer) > 0 && !e.from.longer {
		e.amount = e.amount.Sub(l.stayLonger(&e))
	}
	if e.terms.Told.asked() {
		var stays exact.Rat
		stays, told = l.stayUntold(&e)
		e.amount = e.amount.Sub(stays)
	} else {
		told = l.announced(&e)
	}
	if e.amount.Sign() <= 0 {
		return
	}
	if l.foresees(e.end) {
		l.losses = append(l.losses, Loss{Ends: e.end, Amount: e.amount, Rest: e.terms.Rest, Told: e.terms.Told})
	}
	n := Line{Date: e.end.AddDays(1), Kind: e.kind, Amount: e.amount.Neg(), Year: e.from.Year, Why: e.why}
	if e.terms.Rest != Lapses {
		n.Kind, n.Why = LinePaid, []Reason{{"rest_" + string(e.terms.Rest), []any{"date", e.end}}}
	}
	n.Why = append(slices.Clip(n.Why), told...)
	l.line(n)
}

// stay opens a bucket for leave that would have been lost, with the line that says
// why it is not.
func (l *ledger) stay(e *ending, amount exact.Rat, until calendar.Date, longer bool, why Reason) {
	b := *e.from
	b.From, b.Until, b.Carried, b.expires, b.longer = e.end.AddDays(1), until, true, longer, longer
	b.terms, b.told = e.terms, longer && l.served(e.terms.Told, e.end) != nil
	b.Amount, b.Left, b.Taken, b.Gone = amount, amount, exact.Rat{}, exact.Rat{}
	l.open(b)
	n := Line{Date: b.From, Kind: LineCarried, Amount: amount, Year: b.Year, Why: []Reason{why}}
	if longer {
		n.Until = until
	}
	l.line(n)
}

// stayLonger keeps what the person could not take, until a term after the leave
// year is over, and returns how much that is.
func (l *ledger) stayLonger(e *ending) exact.Rat {
	var kept exact.Rat
	for i := range e.terms.Longer {
		x := &e.terms.Longer[i]
		until := x.Term.From(e.from.origin.To.AddDays(1)).AddDays(-1)
		since, away := l.awaySince(x, e.end)
		if !away || until <= e.end {
			continue
		}
		record := l.spentAt(e.end)
		n := exact.Min(e.amount.Sub(kept), l.missedWork(x, since, e.end).Sub(record.longer))
		if n.Sign() <= 0 {
			continue
		}
		record.longer = record.longer.Add(n)
		kept = kept.Add(n)
		key := "longer_sick"
		if len(x.Types) > 0 {
			key = "longer_away"
		}
		l.stay(e, n, until, true, Reason{key, []any{"since", since, "date", until}})
	}
	return kept
}

// awaySince returns since when the person has been away until d, without a day between on which they would have worked.
func (a *account) awaySince(x *Longer, d calendar.Date) (since calendar.Date, away bool) {
	since = d.AddDays(1)
	reach := a.freeBefore(since)
	for again := true; again; {
		again = false
		for _, r := range a.excusing(x) {
			if r.From < since && r.To >= reach.AddDays(-1) {
				since, reach, away, again = r.From, a.freeBefore(r.From), true, true
			}
		}
	}
	return since, away
}

// freeBefore returns the first of the free days that end with the day before d; d where that is none.
func (a *account) freeBefore(d calendar.Date) calendar.Date {
	for range freeDays {
		w, _, ok := a.rules.Workday(a.facts, d.AddDays(-1))
		if !ok || w.Minutes() > 0 {
			break
		}
		d = d.AddDays(-1)
	}
	return d
}

// excusing returns when the person was ill, or on leave of some types, for which leave may be taken longer. Who is not
// known to have recovered is ill.
func (a *account) excusing(x *Longer) []calendar.Range {
	var out []calendar.Range
	if len(x.Types) > 0 {
		for r := range a.facts.requests {
			if r.State == Approved && slices.Contains(x.Types, r.Type) {
				out = append(out, r.Range())
			}
		}
		return out
	}
	for i := range a.facts.Sickness {
		s := &a.facts.Sickness[i]
		out = append(out, calendar.Range{From: s.From, To: s.Until(never)})
	}
	return out
}

// missedWork returns what leave over a time would have cost, a year of it at the
// most, and no more than x allows for the working week of its last day.
func (a *account) missedWork(x *Longer, since, end calendar.Date) exact.Rat {
	s := Span{From: max(since, end.AddYears(-1).AddDays(1)), To: end}
	charges, _ := a.rules.Count(a.facts, a.typ, s)
	n := Total(charges, a.unit)
	if x.Most.Sign() > 0 {
		most := x.Most
		if y := a.years.at(end); y != nil {
			most = most.Mul(y.week(end).Rat())
		}
		n = exact.Min(n, most)
	}
	return n
}

// week returns the working week on d, or the last before it, against a full-time
// one.
func (y *leaveYear) week(d calendar.Date) Ratio {
	full := y.stretches[0].full
	for _, s := range y.stretches {
		if s.From <= d {
			full = s.full
		}
	}
	return full
}

// stayUntold keeps what the person was not told of in time: it joins what may be
// taken in the leave year that runs. It returns how much stays, and the reason for
// which the rest may go.
func (l *ledger) stayUntold(e *ending) (stays exact.Rat, told []Reason) {
	if e.from.longer && (e.from.told || l.neverBack(e)) {
		return exact.Rat{}, nil
	}
	n := l.served(e.terms.Told, e.end)
	stays = e.amount
	why := Reason{"not_told", []any{"date", e.terms.Told.By(e.end)}}
	if by := e.terms.Told.By(e.end); l.facts.Today > 0 && by >= l.facts.Today { // that may still be done
		why.Key = "not_told_yet"
	}
	if n != nil {
		told = []Reason{{"told", []any{"date", n.Sent}}}
		if stays = (exact.Rat{}); n.Amount.Sign() > 0 {
			record := l.spentAt(e.end)
			goes := exact.Min(e.amount, exact.Max(n.Amount.Sub(record.told), exact.Rat{})) // another pot may have been told of more
			record.told, stays = record.told.Add(goes), e.amount.Sub(goes)
			why = Reason{"told_less", []any{"amount", Amount{n.Amount, l.unit}}}
		}
	}
	if stays.Sign() > 0 {
		next := e.end.AddDays(1)
		l.stay(e, stays, l.years.pot(e.from.pot).until(next, l.carriesOf(e.from.pot)), false, why)
	}
	return stays, told
}

// announced says of leave that ends whether its person was told or not when they were, all the same.
func (l *ledger) announced(e *ending) []Reason {
	if l.quiet {
		return nil
	}
	n := l.served(Told{}, e.end)
	switch {
	case n == nil:
		return nil
	case n.Amount.Sign() > 0 && n.Amount.Less(e.amount):
		return []Reason{{"told_some", []any{"amount", Amount{n.Amount, l.unit}, "date", n.Sent}}}
	}
	return []Reason{{"told", []any{"date", n.Sent}}}
}

// neverBack reports whether the person has been ill since before the leave year, or since before their first day of
// work in it: no notice could have made them take it (C-120/21, BAG 9 AZR 3/21).
func (l *ledger) neverBack(e *ending) bool {
	since, away := l.awaySince(&Longer{}, e.end)
	first, ok := l.facts.employedFrom(e.from.origin.From)
	return away && ok && l.freeBefore(since) <= first
}

// carriesOf returns the days on which a pot goes over.
func (a *account) carriesOf(pot int) []carry {
	return slices.DeleteFunc(slices.Clone(a.carries), func(c carry) bool { return c.pot != pot })
}
