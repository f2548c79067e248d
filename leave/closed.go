// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/order"
)

// closings are those of one type of one person, by date.
type closings []*Closing

// end returns the last day that is closed; zero where none is.
func (cs closings) end() calendar.Date {
	if len(cs) == 0 {
		return 0
	}
	return cs[len(cs)-1].Year.To
}

// next returns the first open day; zero where nothing is closed.
func (cs closings) next() calendar.Date {
	if len(cs) == 0 {
		return 0
	}
	return cs.end().AddDays(1)
}

// on returns the closing that keeps a day; nil where the day is open.
func (cs closings) on(d calendar.Date) *Closing {
	i := slices.IndexFunc(cs, func(c *Closing) bool { return d <= c.Year.To })
	if i < 0 {
		return nil
	}
	return cs[i]
}

// before returns the balance with which a day begins, as the closings before it have
// it.
func (cs closings) before(d calendar.Date) (balance exact.Rat) {
	for _, c := range cs {
		if c.Year.To < d {
			balance = c.Balance
		}
	}
	return balance
}

// year returns the leave year that d lay in when it was closed; false where it is open,
// or not known.
func (c *Closing) year(d calendar.Date) (calendar.Range, bool) {
	if c == nil {
		return calendar.Range{}, false
	}
	if c.Kept != nil {
		for _, y := range c.Kept.Years {
			if y.Contains(d) {
				return y, true
			}
		}
	}
	return c.Year, c.Year.Contains(d)
}

// complete reports whether what they keep was read.
func (cs closings) complete() bool {
	return !slices.ContainsFunc(cs, func(c *Closing) bool { return c.Kept == nil })
}

// closedBefore returns the last closed day where d lies after it, or else zero.
func (l *ledger) closedBefore(d calendar.Date) calendar.Date {
	if d <= l.closed {
		return 0
	}
	return l.closed
}

// settle runs to the last closed day and puts what closings keep in place of what the
// ledger says of that time now, and a correction by the difference. From then on the
// balance is what it would be if nothing was closed.
func (l *ledger) settle(cs closings) {
	at := l.at
	l.at = max(at, cs.end())
	l.run(cs.end())
	l.at = at
	now, balance := l.lines, l.balance
	l.lines = make([]Line, 0, len(now)+8)
	for _, c := range cs {
		l.show(c, cs)
	}
	l.correct(cs, balance, now)
}

// show adds the lines that a closing keeps.
func (l *ledger) show(c *Closing, cs closings) {
	l.balance = cs.before(c.Year.To)
	if c.Kept == nil {
		return
	}
	var day, before []Line // what was corrected on the day of leave at hand, and on the last one
	var date calendar.Date
	for _, n := range c.Kept.Lines {
		if n.takes() && n.Date != date {
			day, before, date = nil, day, n.Date
		}
		switch {
		case n.Kind == LineTaken:
			l.dayTaken(&n)
		case n.Kind == LineGivenBack:
			l.dayBack(n, true)
		case n.Kind == LineCorrection && n.Request != "":
			l.dayCorrection(n, slices.ContainsFunc(before, func(x Line) bool { return x.sameChange(&n) }))
			day = append(day, n)
		default:
			l.line(n)
		}
	}
}

// correct adds a line for the difference between what was kept and what the ledger
// comes to now.
func (l *ledger) correct(cs closings, balance exact.Rat, now []Line) {
	last := cs[len(cs)-1]
	l.balance = last.Balance
	if balance.Equal(last.Balance) {
		return
	}
	n := Line{Date: last.Year.To.AddDays(1), Kind: LineCorrection, Amount: balance.Sub(last.Balance), Year: last.Year.From.Year(),
		Why: []Reason{{"closed_differs", []any{"date", last.Year.To}}}}
	if cs.complete() {
		n.Differs = differences(cs, now)
		for i := range n.Differs {
			n.Why = append(n.Why, n.Differs[i].reason(l.unit))
		}
	}
	l.line(n)
}

// closed fills in what a closing keeps of the day of a statement.
func (s *Statement) closed(c *Closing, cs closings) {
	s.Closed = c
	s.Balance = cs.before(s.At.AddDays(1))
	if n := len(s.Lines); n > 0 && s.Lines[n-1].Date > cs.prior(c) {
		s.Balance = s.Lines[n-1].Balance
	}
	if c.Kept == nil {
		return
	}
	for i := range c.Kept.Buckets {
		if b, ok := c.Kept.Buckets[i].on(s.At); ok {
			s.open(b)
		}
	}
}

// prior returns the last day of the closing before one; zero where there is none.
func (cs closings) prior(c *Closing) calendar.Date {
	return cs[:slices.Index(cs, c)].end()
}

// open adds a bucket that is open on the day of the statement.
func (s *Statement) open(b Bucket) {
	if b.Left.Sign() > 0 && b.Until >= s.At {
		s.Buckets = append(s.Buckets, b)
	}
	if b.Due != nil && b.Until >= s.At {
		s.Dues = append(s.Dues, b)
	}
}

// Difference is what lines of closed years would do to the balance now, and what they
// do as they are kept.
type Difference struct {
	Kind    LineKind
	Date    calendar.Date // first day of it; zero: of a whole leave year
	Until   calendar.Date // of a request: last day of it
	Year    int           // leave year in which the leave originates; of a request: in which it falls
	Request string
	Was, Is exact.Rat // what they do to the balance, signed
}

// same is what tells differences apart: a request as a whole, the grants of a leave
// year together, anything else by its day.
type same struct {
	kind    LineKind
	date    calendar.Date
	year    int
	request string
}

func (d *Difference) same() same {
	switch {
	case d.Request != "":
		return same{kind: d.Kind, request: d.Request}
	case d.Kind == LineGrant:
		return same{kind: d.Kind, year: d.Year}
	}
	return same{kind: d.Kind, date: d.Date, year: d.Year}
}

// differences compares lines as they are kept with those of now. A correction that is
// kept counts as what it corrected.
func differences(cs closings, now []Line) []Difference {
	found := map[same]*Difference{}
	add := func(d Difference) *Difference {
		x := found[d.same()]
		if x == nil {
			x = &Difference{Kind: d.Kind, Date: d.Date, Until: d.Until, Year: d.Year, Request: d.Request}
			found[d.same()] = x
		}
		x.Date, x.Until = min(x.Date, d.Date), max(x.Until, d.Until)
		return x
	}
	for _, c := range cs {
		for i := range c.Kept.Lines {
			for _, d := range c.Kept.Lines[i].parts() {
				x := add(d)
				x.Was = x.Was.Add(d.Is).Sub(d.Was)
			}
		}
	}
	for i := range now {
		for _, d := range now[i].parts() {
			x := add(d)
			x.Is = x.Is.Add(d.Is).Sub(d.Was)
		}
	}
	var out []Difference
	for _, d := range found {
		if !d.Was.Equal(d.Is) {
			out = append(out, *d)
		}
	}
	order.By(out, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Date, b.Date), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Request, b.Request))
	})
	return out
}

// parts returns what a line does to the balance, as differences from nothing; of a
// correction of closed years what it corrected.
func (l *Line) parts() []Difference {
	switch {
	case l.Kind == LineCarried:
		return nil
	case len(l.Differs) > 0:
		return l.Differs
	}
	d := Difference{Kind: l.Kind, Date: l.Date, Until: l.Until, Year: l.Year, Request: l.Request, Is: l.Amount}
	if l.Kind == LineGrant {
		d.Date = 0
	}
	return []Difference{d}
}

// reason writes a difference as a reason. Takings and losses are told as what they
// took.
func (d *Difference) reason(u Unit) Reason {
	was, is := d.Was, d.Is
	switch d.Kind {
	case LineTaken, LineLapsed, LineExpired, LinePaid, LineSold:
		was, is = was.Neg(), is.Neg()
	}
	amounts := []any{"was", Amount{was, u}, "is", Amount{is, u}}
	if d.Kind == LineTaken {
		return d.takenReason(was, is, u)
	}
	if d.Kind == LineGrant {
		return Reason{"closed_grant", append(amounts, "year", d.Year)}
	}
	return Reason{closedKeys[d.Kind], append(amounts, "date", d.Date)}
}

// takenReason writes what became of leave that was taken.
func (d *Difference) takenReason(was, is exact.Rat, u Unit) Reason {
	r := Reason{"closed_taken", []any{"from", d.Date, "to", d.Until}}
	switch {
	case was.IsZero():
		r.Key, r.Args = "closed_taken_new", append(r.Args, "amount", Amount{is, u})
	case is.IsZero():
		r.Key, r.Args = "closed_taken_gone", append(r.Args, "amount", Amount{was, u})
	default:
		r.Args = append(r.Args, "was", Amount{was, u}, "is", Amount{is, u})
	}
	if d.Date == d.Until {
		r.Key += "_day"
	}
	return r
}

// closedKeys are the sentences of what is otherwise on a day.
var closedKeys = map[LineKind]string{
	LineLapsed:     "closed_lapsed",
	LineExpired:    "closed_expired",
	LinePaid:       "closed_paid",
	LineAdjustment: "closed_adjustment",
	LineOvertime:   "closed_overtime",
	LineBought:     "closed_bought",
	LineSold:       "closed_sold",
	LineGivenBack:  "sick_closed_given_back",
	LineCorrection: "closed_correction",
}
