// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
)

// Cause is why a day of approved leave has come to cost something else.
type Cause string

// The causes.
const (
	BecameOff    Cause = "day-off"    // it became a public holiday, or one that takes more of the day
	NoMoreOff    Cause = "work-day"   // it is no public holiday any more, or one that takes less
	OffThere     Cause = "off-there"  // it is a public holiday where the person works then, and was none where they worked before
	WorkThere    Cause = "work-there" // it is none where they work then, and was one where they worked before
	OtherHours   Cause = "hours"      // other working hours hold on it
	NotEmployed  Cause = "left"       // it lies outside the employment now
	NowEmployed  Cause = "employed"   // it lies within the employment now
	OtherCounted Cause = "counting"   // the leave type counts other days
)

// Correction is what a day of approved leave costs more, or less, than was written
// down when it was approved, since days off, hours or the employment were changed
// later. What was written down stays. A change that is undone takes its correction
// with it.
type Correction struct {
	Date    calendar.Date // of the leave
	Minutes int           // negative: given back
	Days    exact.Rat     // the same
	Cause   Cause
	On      calendar.Date // when the change was made
}

// like reports whether two corrections have the same origin.
func (c *Correction) like(o *Correction) bool { return c.Cause == o.Cause && c.On == o.On }

// undoes reports whether a correction takes back what another one did.
func (c *Correction) undoes(o *Correction) bool {
	return c.Date == o.Date && c.Minutes == -o.Minutes && c.Days.Equal(o.Days.Neg())
}

// Costs returns what each day of r costs: what was written down, corrected. A day
// costs nothing at the least.
func (r *Request) Costs() []Charge {
	if len(r.Corrections) == 0 {
		return r.Charges
	}
	out := slices.Clone(r.Charges)
	for _, c := range r.Corrections {
		i, found := slices.BinarySearchFunc(out, c.Date, chargeDate)
		if !found {
			out = slices.Insert(out, i, Charge{Date: c.Date})
		}
		out[i].Days, out[i].Minutes = out[i].Days.Add(c.Days), out[i].Minutes+c.Minutes
	}
	for i := range out {
		out[i].Days, out[i].Minutes = exact.Max(out[i].Days, exact.Rat{}), max(out[i].Minutes, 0)
	}
	return slices.DeleteFunc(out, func(c Charge) bool { return c.Days.IsZero() && c.Minutes == 0 })
}

func chargeDate(c Charge, d calendar.Date) int { return cmp.Compare(c.Date, d) }

// chargeOn returns what charges, by date, have on a day.
func chargeOn(charges []Charge, d calendar.Date) Charge {
	if i, found := slices.BinarySearchFunc(charges, d, chargeDate); found {
		return charges[i]
	}
	return Charge{Date: d}
}

// Recount returns the approved requests of f that count otherwise under b than they
// did under was with the facts before, each with its corrections as they are to be:
// what was written down at the approval stays. on is the date of the change.
func (b *Rulebook) Recount(f *Facts, was *Rulebook, before *Facts, on calendar.Date) []Request {
	var out []Request
	for i := range f.Requests {
		r := &f.Requests[i]
		t, ok := b.Type(r.Type)
		old, known := was.Type(r.Type)
		if r.State != Approved || !ok || !known {
			continue
		}
		then, _ := was.Count(before, old, r.Span)
		now, _ := b.Count(f, t, r.Span)
		if slices.EqualFunc(then, now, Charge.equal) {
			continue
		}
		next := *r
		next.Corrections = slices.Clone(r.Corrections)
		for d := range r.Range().All() {
			x, y := chargeOn(then, d), chargeOn(now, d)
			if !x.equal(y) {
				next.correct(Correction{Date: d, Minutes: y.Minutes - x.Minutes, Days: y.Days.Sub(x.Days), On: on, Cause: causeOf(was, before, b, f, d)})
			}
		}
		out = append(out, next)
	}
	return out
}

func (c Charge) equal(o Charge) bool {
	return c.Date == o.Date && c.Minutes == o.Minutes && c.Days.Equal(o.Days)
}

// correct posts a correction, or takes the one away that it undoes.
func (r *Request) correct(c Correction) {
	for i := len(r.Corrections) - 1; i >= 0; i-- {
		if c.undoes(&r.Corrections[i]) {
			r.Corrections = slices.Delete(r.Corrections, i, i+1)
			return
		}
	}
	i, _ := slices.BinarySearchFunc(r.Corrections, c.Date+1, func(x Correction, d calendar.Date) int { return cmp.Compare(x.Date, d) })
	r.Corrections = slices.Insert(r.Corrections, i, c)
}

// causeOf returns why d counts otherwise after a change.
func causeOf(was *Rulebook, before *Facts, is *Rulebook, after *Facts, d calendar.Date) Cause {
	x, old, worked := was.Workday(before, d)
	y, now, works := is.Workday(after, d)
	switch {
	case worked && !works:
		return NotEmployed
	case works && !worked:
		return NowEmployed
	case old.Date != now.Date || old.Off != now.Off:
		off, work := BecameOff, NoMoreOff
		if before.LocationOn(d) != after.LocationOn(d) {
			off, work = OffThere, WorkThere
		}
		if old.Date.IsZero() || !now.Date.IsZero() && now.Off.Apply(x).Minutes() < old.Off.Apply(x).Minutes() {
			return off
		}
		return work
	case x != y:
		return OtherHours
	}
	return OtherCounted
}

// corrected is what one correction makes of a taking.
type corrected struct {
	*Correction
	amount exact.Rat // so much less; negative: more
}

// correct adds what corrections of a request do to its takings, which begin at a
// place in the list.
func (a *account) correct(r *Request, from int) {
	var left exact.Rat // of what was written down for a day, with what was corrected so far
	for i := range r.Corrections {
		c := &r.Corrections[i]
		if i == 0 || r.Corrections[i-1].Date != c.Date {
			left = chargeOn(r.Charges, c.Date).In(a.unit)
		}
		was := exact.Max(left, exact.Rat{})
		left = left.Add(Charge{Minutes: c.Minutes, Days: c.Days}.In(a.unit))
		gives := was.Sub(exact.Max(left, exact.Rat{}))
		if gives.IsZero() {
			continue
		}
		k := slices.IndexFunc(a.takings[from:], func(t taking) bool { return t.date == c.Date })
		if k < 0 {
			k = len(a.takings) - from
			a.takings = append(a.takings, taking{date: c.Date, request: r})
		}
		fix := a.takings[from+k].later()
		fix.corrected = append(fix.corrected, corrected{c, gives})
	}
}

// corrections adds the lines of what corrects a taking. Days of one request that
// were corrected by the same change, one after the other, are one line.
func (l *ledger) corrections(t *taking) {
	for _, c := range t.altered.corrected {
		goesOn := slices.ContainsFunc(l.fixes, func(o corrected) bool { return o.like(c.Correction) && o.amount.Sign() == c.amount.Sign() })
		l.dayCorrection(Line{Date: t.date, Until: t.date, Kind: LineCorrection, Amount: c.amount, Year: l.years.label(t.date),
			Request: t.request.ID, Why: correctedWhy(c.Cause, c.On, t.date, t.date)}, goesOn)
	}
}

// dayCorrection adds what corrects a day of a request, to the line of the same change
// where that goes on.
func (l *ledger) dayCorrection(n Line, goesOn bool) {
	list := l.listOf(n.Date)
	first := -1
	if goesOn && !l.daily {
		first = correctionLine(&n, *list, l.closedBefore(n.Date))
	}
	if first < 0 {
		l.line(n)
		return
	}
	l.balance = l.balance.Add(n.Amount)
	for i := first; i < len(*list); i++ {
		(*list)[i].Balance = (*list)[i].Balance.Add(n.Amount)
	}
	line := &(*list)[first]
	cause, on := line.change()
	line.Amount, line.Until, line.Why = line.Amount.Add(n.Amount), n.Date, correctedWhy(cause, on, line.Date, n.Date)
}

// correctionLine returns the place of the line, dated after a day, that a correction
// goes on with, or -1.
func correctionLine(n *Line, list []Line, after calendar.Date) int {
	for i := len(list) - 1; i >= 0 && list[i].Request == n.Request && list[i].Year == n.Year; i-- {
		if x := &list[i]; x.Kind == LineCorrection && x.Date > after && x.Until < n.Date && x.sameChange(n) {
			return i
		}
	}
	return -1
}

// sameChange reports whether two lines correct leave by the same change, in the same
// direction.
func (l *Line) sameChange(o *Line) bool {
	cause, on := l.change()
	otherCause, otherOn := o.change()
	return cause == otherCause && on == otherOn && l.Amount.Sign() == o.Amount.Sign()
}

// change returns why a line corrects leave, and when that change was made.
func (l *Line) change() (Cause, calendar.Date) {
	on, _ := l.Why[1].Args[1].(calendar.Date)
	return Cause(strings.TrimPrefix(strings.TrimSuffix(l.Why[0].Key, "_day"), "corrected_")), on
}

// correctedWhy returns the reasons for a correction of some days.
func correctedWhy(cause Cause, changed, from, to calendar.Date) []Reason {
	key, on := "corrected_"+string(cause), Reason{"corrected_on", []any{"date", changed}}
	if from == to {
		return []Reason{{key + "_day", []any{"date", from}}, on}
	}
	return []Reason{{key, []any{"from", from, "to", to}}, on}
}

// Corrected returns why r costs something else than was written down: the reasons of each
// change, with the days of leave in a row that it corrected.
func (r *Request) Corrected() [][]Reason {
	type run struct {
		*Correction
		to calendar.Date
	}
	var runs []run
	for i := range r.Corrections {
		c := &r.Corrections[i]
		goesOn := func(x run) bool {
			between := func(o Charge) bool { return x.to < o.Date && o.Date < c.Date }
			return x.like(c) && x.to < c.Date && !slices.ContainsFunc(r.Charges, between)
		}
		if k := slices.IndexFunc(runs, goesOn); k >= 0 {
			runs[k].to = c.Date
			continue
		}
		runs = append(runs, run{c, c.Date})
	}
	var out [][]Reason
	for _, x := range runs {
		out = append(out, correctedWhy(x.Cause, x.On, x.Date, x.to))
	}
	return out
}
