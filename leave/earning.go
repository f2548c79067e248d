// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
)

// grants returns what a leave year grants: one grant for each employment in it,
// or one for each period of the accrual.
func (y *leaveYear) grants(w *workLog) []grant {
	if !y.terms.Event.IsZero() {
		return nil
	}
	f := w.facts
	y = y.away(w)
	switch {
	case y.terms.FullAfter > 0:
		return y.waited(f)
	case y.terms.upFront():
		return y.yearly(f)
	}
	var out []grant
	var sum tally
	rhythm, moment := y.terms.Accrual.Split()
	months := y.months()
	for _, p := range y.periods(rhythm, months) {
		in := y.within(p)
		if len(in) == 0 {
			continue
		}
		g := grant{date: max(p.From, in[0].From), cap: y.cap(f, p, in)}
		switch moment {
		case AtEnd:
			g.date = p.To
		case After:
			g.date = p.To.AddDays(1)
		}
		if e := f.Employments[in[len(in)-1].employment]; !e.To.IsZero() && e.To < g.date && !f.EmployedOn(g.date) {
			g.date = e.To // who leaves has earned what is not granted yet, and takes it or has it paid
		}
		if y.terms.Bound {
			g.until, g.expires = max(p.To, g.date), true
		}
		g.formula = y.earned(w, p, in, months)
		y.finish(&g, &sum, f, p, in)
		out = append(out, g)
	}
	return out
}

// upFront reports whether terms grant a leave year on its first day.
func (t *Terms) upFront() bool {
	return t.Accrual == AtYearStart && !t.PerPeriod && t.Worked.IsZero() && !t.Bound
}

// yearly returns a grant for each employment in the leave year.
func (y *leaveYear) yearly(f *Facts) []grant {
	var out []grant
	var sum tally
	for from := 0; from < len(y.stretches); {
		to := from + 1
		for to < len(y.stretches) && y.stretches[to].employment == y.stretches[from].employment {
			to++
		}
		in := y.stretches[from:to]
		var months []calendar.Range
		if !y.wholly(in) {
			months = y.months()
		}
		g := grant{date: in[0].From, cap: y.cap(f, y.Range, in), formula: y.formula(f, y.Range, in, months)}
		y.finish(&g, &sum, f, y.Range, in)
		out = append(out, g)
		from = to
	}
	return out
}

// cap returns where the balance stops what a period grants: as the level says that somebody has at the end of it.
func (y *leaveYear) cap(f *Facts, p calendar.Range, in []stretch) exact.Rat {
	last := &in[len(in)-1]
	return y.terms.level(f.Employments[last.employment].From, p.From, last.To).Cap
}

// within returns the stretches in a period, cut to it.
func (y *leaveYear) within(p calendar.Range) []stretch {
	all := y.stretches
	if p.To > y.To {
		all = y.beyond
	}
	var in []stretch
	for _, s := range all {
		if r, ok := s.Range.Intersect(p); ok {
			s.Range = r
			in = append(in, s)
		}
	}
	return in
}

// earned returns what a period is worth: the amount of a period, or the part of
// the leave year's that falls in it.
func (y *leaveYear) earned(w *workLog, p calendar.Range, in []stretch, months []calendar.Range) Formula {
	f := w.facts
	if y.terms.Worked.Sign() > 0 {
		return y.byWork(w, p, in)
	}
	if !y.terms.PerPeriod {
		return y.formula(f, p, in, months)
	}
	worked := 0
	for _, s := range in {
		worked += s.Days()
	}
	of := max(p.Days(), y.terms.atLeast())
	switch y.terms.Proration {
	case ByTouched, NoProration:
		of = worked
	case ByFullMonths:
		if worked < p.Days() {
			return nil
		}
	}
	var out Formula
	for _, s := range in {
		days := s.Days()
		if y.terms.NotOnLeave {
			days -= w.daysAway(s.Range)
		}
		out = s.add(out, f, p, y, Ratio{exact.Int(int64(days)), exact.Int(int64(of))})
	}
	return out
}

// byWork returns what the hours worked in a period earn.
func (y *leaveYear) byWork(w *workLog, p calendar.Range, in []stretch) Formula {
	var out Formula
	for _, s := range in {
		worked := Ratio{exact.Int(int64(w.minutes(s.Range))), y.terms.Worked}.over(minutesOfHour)
		out = out.Add(Formula{{Base: s.amount(w.facts, p.From, y.Range), Factor: []Ratio{worked}}})
	}
	return out
}

// add adds what a stretch is worth in a period: the amount × part-time × its share.
func (s *stretch) add(sum Formula, f *Facts, p calendar.Range, y *leaveYear, share Ratio) Formula {
	amount := s.amount(f, p.From, y.Range)
	if s.away != nil && amount.IsZero() {
		return sum
	}
	if most, capped := s.capped(y, amount); capped {
		return sum.Add(Formula{{Base: most, Factor: []Ratio{share}}})
	}
	full := s.full
	if y.unit == Hours {
		full = full.over(minutesOfHour)
	}
	return sum.Add(Formula{{Base: amount, Factor: []Ratio{full, share}}})
}

// capped returns what a whole leave year gives somebody who works more than a full-time week and would have more
// than it may grant: of part of the year they have part of that (WTR reg. 13A (3) and (5)).
func (s *stretch) capped(y *leaveYear, amount exact.Rat) (most exact.Rat, capped bool) {
	t := y.terms
	if t.AtMost.IsZero() || t.PerPeriod || t.Worked.Sign() > 0 || s.full.Rat().Cmp(exact.Int(1)) <= 0 {
		return amount, false
	}
	most = exact.Max(amount, t.AtMost)
	return most, most.Less(amount.Mul(s.full.Rat()))
}

// amount returns the amount for a stretch: that for time away, or what is due.
func (s *stretch) amount(f *Facts, period calendar.Date, year calendar.Range) exact.Rat {
	if s.away != nil {
		return s.away.Amount
	}
	return s.due(f, period, year)
}

// due returns the amount of the highest level reached, at once or before the period
// began, and what comes on top.
func (s *stretch) due(f *Facts, period calendar.Date, year calendar.Range) exact.Rat {
	amount := s.terms.level(f.Employments[s.employment].From, period, s.From).Amount
	for _, b := range s.bonuses(f, period, year) {
		amount = amount.Add(b.Amount)
	}
	return amount
}

// tally is what a leave year has granted so far.
type tally struct {
	earned  exact.Rat // before rounding
	granted exact.Rat
}

// finish rounds a grant so that the sum of the year so far is the rounded sum, and
// no more than the year may grant, and gives it its reasons.
func (y *leaveYear) finish(g *grant, sum *tally, f *Facts, p calendar.Range, in []stretch) {
	after := sum.earned.Add(g.formula.Value())
	g.amount = y.terms.Rounding.Apply(after).Sub(y.terms.Rounding.Apply(sum.earned))
	last := in[len(in)-1]
	g.why = append(g.why, y.due(Amount{last.due(f, p.From, y.Range), y.unit}))
	for _, b := range last.bonuses(f, p.From, y.Range) {
		g.why = append(g.why, b.reason(y.unit))
	}
	y.joinedAndLeft(g, f, in)
	y.worksDifferently(g, in)
	if !g.amount.Equal(g.formula.Value()) {
		g.why = append(g.why, y.rounded(sum.earned, after))
	}
	y.limit(g, *sum, y.terms.AtMost.Sign() > 0 && slices.ContainsFunc(in, func(s stretch) bool {
		_, capped := s.capped(y, s.amount(f, p.From, y.Range))
		return capped
	}))
	sum.earned, sum.granted = after, sum.granted.Add(g.amount)
}

// due says what a grant rests on: an amount for the leave year, a period or so much work.
func (y *leaveYear) due(amount Amount) Reason {
	rhythm, _ := y.terms.Accrual.Split()
	switch {
	case y.terms.Worked.Sign() > 0:
		return Reason{"worked", []any{"amount", amount, "work", Amount{y.terms.Worked, Hours}}}
	case y.terms.PerPeriod:
		return Reason{"per_" + string(rhythm), []any{"amount", amount}}
	}
	return Reason{"year", []any{"year", y.label, "amount", amount}}
}

// OfAmount reports whether a reason only says what amount a grant rests on, which is the base of its formula.
func (r Reason) OfAmount() bool {
	return r.Key == "year" || r.Key == "worked" || strings.HasPrefix(r.Key, "per_")
}

// rounded says what rounding made of all that was earned in the leave year, before
// a grant and with it.
func (y *leaveYear) rounded(before, after exact.Rat) Reason {
	key, to := "rounded_"+string(y.terms.Rounding.Mode), y.terms.Rounding.Apply(after)
	switch {
	case to.Equal(after):
		return Reason{"rounded_before", []any{"to", Amount{to, y.unit}}}
	case !before.IsZero():
		key = "rounded_so_far"
	}
	return Reason{key, []any{"from", Amount{after, y.unit}, "to", Amount{to, y.unit}}}
}

// joinedAndLeft says when somebody joined and left in the leave year.
func (y *leaveYear) joinedAndLeft(g *grant, f *Facts, in []stretch) {
	if e := f.Employments[in[0].employment]; e.From > y.From {
		g.why = append(g.why, Reason{"joined", []any{"date", e.From}})
	}
	if e := f.Employments[in[len(in)-1].employment]; !e.To.IsZero() && e.To < y.To {
		g.why = append(g.why, Reason{"left", []any{"date", e.To}})
	}
}

// worksDifferently says where the part of a full-time week changes, and how long
// somebody was away under an amount of its own. It does not say why: that is no
// business of all who may read a statement.
func (y *leaveYear) worksDifferently(g *grant, in []stretch) {
	for i, s := range in {
		switch {
		case y.terms.Worked.Sign() > 0: // the hours that were worked say it
		case i > 0 && in[i-1].full.Rat().Equal(s.full.Rat()):
		case i > 0:
			g.why = append(g.why, Reason{"changed", []any{"date", s.From}}, s.partTime(y.unit))
		case s.full.Rat().Cmp(exact.Int(1)) != 0:
			g.why = append(g.why, s.partTime(y.unit))
		}
	}
	for i, s := range in {
		if s.away == nil || i > 0 && in[i-1].away == s.away {
			continue
		}
		days := 0
		for _, o := range in {
			if o.away == s.away {
				days += o.Days()
			}
		}
		g.why = append(g.why, Reason{"away", []any{"amount", Amount{s.away.Amount, y.unit}, "count", days}})
	}
}

// limit takes from a grant what goes beyond all that the leave year may grant, and says so, also where what it is
// made of was capped by that already.
func (y *leaveYear) limit(g *grant, sum tally, capped bool) {
	most := y.terms.AtMost
	if y.terms.Weeks.Sign() > 0 {
		if weeks := y.terms.Weeks.Mul(y.weekOn(g.date)); most.IsZero() || weeks.Less(most) {
			most = weeks
		}
	}
	room := exact.Max(most.Sub(sum.granted), exact.Rat{})
	if (y.terms.AtMost.Sign() > 0 || y.terms.Weeks.Sign() > 0) && room.Less(g.amount) {
		g.amount, capped = room, true
	}
	if capped {
		g.why = append(g.why, Reason{"at_most", []any{"amount", Amount{most, y.unit}}})
	}
}

// weekOn returns the working week on a day, or on the last before it that somebody
// was employed.
func (y *leaveYear) weekOn(d calendar.Date) exact.Rat {
	week := y.beyond[0].week
	for i := range y.beyond {
		if y.beyond[i].From <= d {
			week = y.beyond[i].week
		}
	}
	return week
}

// partTime says how much of a full-time week the person works.
func (s *stretch) partTime(u Unit) Reason {
	part, of := Amount{s.full.Part, u}, Amount{s.full.Of, u}
	if u == Hours {
		return Reason{"part_time_hours", []any{"part", part, "of", of}}
	}
	return Reason{"part_time_days", []any{"part", s.full.Part, "of", s.full.Of}}
}
