// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// Reason is one step of an explanation: a key of the catalogues ("leave.why."
// is put before it) and what its sentence needs, as name, value pairs. Values
// are string, Word, int, calendar.Date, exact.Rat (an Amount where it carries a unit).
type Reason struct {
	Key  string
	Args []any
}

// Amount is a number with its unit: what a page shows as days or as hours.
type Amount struct {
	Value exact.Rat
	Unit  Unit
}

// Ratio is a fraction as people say it: 6 of 12 months, 3 of 5 days. It is kept
// as it was counted, not in lowest terms.
type Ratio struct{ Part, Of exact.Rat }

// Rat returns the fraction's value.
func (r Ratio) Rat() exact.Rat { return r.Part.Div(r.Of) }

// over returns the same fraction as one of smaller numbers: hours for minutes.
func (r Ratio) over(n exact.Rat) Ratio { return Ratio{r.Part.Div(n), r.Of.Div(n)} }

// minutesOfHour has formulas tell working time in hours, as people do.
var minutesOfHour = exact.Int(60)

// Product is one term of a formula: a base times fractions.
type Product struct {
	Base   exact.Rat
	Factor []Ratio
}

// Value returns the product.
func (p Product) Value() exact.Rat {
	v := p.Base
	for _, f := range p.Factor {
		v = v.Mul(f.Rat())
	}
	return v
}

// Formula is a sum of products: how an amount was computed, before rounding.
type Formula []Product

// Value returns the sum.
func (f Formula) Value() exact.Rat {
	var v exact.Rat
	for _, p := range f {
		v = v.Add(p.Value())
	}
	return v
}

// Add returns the formula of two amounts together. Terms with the same base and
// the same fractions but for the last, counted in the same parts, become one, as
// long as the last fraction stays within one.
func (f Formula) Add(g Formula) Formula {
	out := slices.Clone(f)
	for _, p := range g {
		if n := slices.IndexFunc(out, p.joins); n >= 0 {
			last := len(p.Factor) - 1
			out[n].Factor = slices.Clone(out[n].Factor)
			sum := &out[n].Factor[last]
			sum.Part = sum.Part.Add(p.Factor[last].Part)
			continue
		}
		out = append(out, p)
	}
	return out
}

// joins reports whether p and q are parts of the same whole.
func (p Product) joins(q Product) bool {
	last := len(p.Factor) - 1
	return p.like(q) && p.Factor[last].Part.Add(q.Factor[last].Part).Cmp(p.Factor[last].Of) <= 0
}

// like reports whether p and q differ at most in the part of the last fraction.
func (p Product) like(q Product) bool {
	n := len(p.Factor)
	if n == 0 || n != len(q.Factor) || !p.Base.Equal(q.Base) || !p.Factor[n-1].Of.Equal(q.Factor[n-1].Of) {
		return false
	}
	return slices.EqualFunc(p.Factor[:n-1], q.Factor[:n-1], func(a, b Ratio) bool {
		return a.Part.Equal(b.Part) && a.Of.Equal(b.Of)
	})
}

// LineKind says what a line of a statement does to the balance.
type LineKind string

// The kinds of line.
const (
	LineGrant      LineKind = "grant"      // entitlement
	LineCarried    LineKind = "carried"    // goes over into the new leave year; the balance stays
	LineLapsed     LineKind = "lapsed"     // was not carried over
	LineExpired    LineKind = "expired"    // was carried over and not taken in time
	LinePaid       LineKind = "paid"       // was not taken in time, and is paid out or bought back
	LineTaken      LineKind = "taken"      // a request
	LineAdjustment LineKind = "adjustment" // written by hand
	LineOvertime   LineKind = "overtime"   // earned by time worked beyond the pattern
	LineBought     LineKind = "bought"
	LineSold       LineKind = "sold"
	LineGivenBack  LineKind = "given-back" // of a request, for the days on which the person was sick
	LineCorrection LineKind = "correction" // what a later change made of it: of approved leave where Request says so, else of closed years
)

// entitles reports whether lines of a kind are part of what a leave year gives.
func (k LineKind) entitles() bool {
	switch k {
	case LineGrant, LineAdjustment, LineOvertime, LineBought, LineSold:
		return true
	}
	return false
}

// takes reports whether a line is about what a request takes.
func (l *Line) takes() bool {
	return l.Kind == LineTaken || l.Kind == LineGivenBack || l.Kind == LineCorrection && l.Request != ""
}

// Line is one line of a statement.
type Line struct {
	Date    calendar.Date
	Until   calendar.Date // LineTaken, LineGivenBack, LineCorrection of a request: last day of the request within the leave year; LineCarried: last day to take it, zero: none
	Kind    LineKind
	Amount  exact.Rat // what it does to the balance, signed; LineCarried: what went over, and the balance stays
	Balance exact.Rat // after the line
	Year    int       // the leave year in which the leave originates; of a request: in which it falls
	Request string    // id of the request, for LineTaken, LineGivenBack and LineCorrection
	Pending bool      // not decided yet, and counted all the same
	Undone  bool      // LineAdjustment: one of two that come to nothing together
	Formula Formula   // LineGrant: how the amount came about
	Why     []Reason
	Draws   []Draw       // LineTaken: which leave it used up
	Differs []Difference // LineCorrection of closed years: what is otherwise, where that is known; they add up to Amount
}

// Draw is what a taking used of one year's leave.
type Draw struct {
	Year    int // origin; 0: an overdraft
	Carried bool
	Due     *Due // what it was due on; nil: nothing but the leave year
	Amount  exact.Rat
}

// Bucket is a grant and what became of it: leave of one origin that may be taken
// in one window.
type Bucket struct {
	Year    int   // leave year in which it originates
	Class   Class // empty: not told apart
	From    calendar.Date
	Until   calendar.Date // last day on which it may be taken
	Carried bool
	Due     *Due // what it is due on; nil: nothing but the leave year
	Amount  exact.Rat
	Taken   exact.Rat
	Gone    exact.Rat // lapsed, expired, paid out or carried on into another bucket
	Left    exact.Rat
	Onward  *Onward // what goes over at its end; nil: nothing does, or it is not asked
}

// Statement is the whole account of one person and one type on one day.
type Statement struct {
	Type    Type
	Unit    Unit
	At      calendar.Date
	Year    calendar.Range // the leave year that At lies in
	Covered bool           // a policy grants this type to the person at At
	ByEvent bool           // nothing is due by the leave year, all of it on events and first days
	Lines   []Line         // up to and including At, oldest first
	Opens   []Line         // what leave that begins on At would have due first, which Available counts; empty where its window is open already, and in a closed leave year
	Ahead   []Line         // what follows, up to the last leave booked and to the correction of closed years; empty where nothing does
	Buckets []Bucket       // open at At
	Dues    []Bucket       // due on events whose window is not over at At, used up or not
	Closed  *Closing       // what keeps the leave year as it was closed; nil: it is open

	ClosedBy people.Person // the engine does not know; a Service tells

	Entitled  exact.Rat // granted for this leave year so far, adjustments included
	Carried   exact.Rat // came over from earlier years; negative: taken in advance
	Lost      exact.Rat // lapsed or expired in this leave year so far
	Corrected exact.Rat // corrections in this leave year so far
	Paid      exact.Rat // paid out or bought back in this leave year so far, since it was not taken in time
	Taken     exact.Rat // approved, in this leave year up to At, less what was given back
	Planned   exact.Rat // approved, in this leave year after At
	Pending   exact.Rat // asked and not decided, in this leave year
	Balance   exact.Rat // of Lines: what is left on At
	Former    exact.Rat // the part of Balance that an employment before left to be paid out: it can be taken no more
	Available exact.Rat // what can still be asked for on At, later bookings kept
	DayLength int       // minutes of an average working day of the person at At; 0: none
}

// CameOver is how leave of earlier leave years came into the one of a statement:
// Over is Left and Corrected less Ended.
type CameOver struct {
	Left      exact.Rat // when the year before ended, or as it was closed
	Corrected exact.Rat // since it was closed
	Ended     exact.Rat // lapsed, or was paid out, as the leave year began
	Over      exact.Rat // what there is of it in the leave year; negative: taken in advance
}

// CameOver returns how leave came over into the leave year. What is corrected on its
// first day is part of Corrected too.
func (s *Statement) CameOver() CameOver {
	var c CameOver
	for i := range s.Lines {
		switch l := &s.Lines[i]; {
		case l.Date != s.Year.From:
		case l.Kind == LineCorrection && l.Request == "":
			c.Corrected = c.Corrected.Add(l.Amount)
		case l.Kind == LineLapsed || l.Kind == LinePaid:
			c.Ended = c.Ended.Sub(l.Amount)
		}
	}
	c.Left = s.Carried.Add(c.Ended)
	c.Over = s.Carried.Add(c.Corrected)
	return c
}
