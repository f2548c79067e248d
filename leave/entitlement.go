// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"verlof/calendar"
	"verlof/internal/exact"
)

// stretch is a run of days in which employment, contract line and policy stay
// the same.
type stretch struct {
	calendar.Range
	employment int // place in the record's employments
	terms      Terms
	full       Ratio // working week of the pattern against a full-time week
}

// leaveYear is one leave year of one person under the terms in force when it,
// or the employment in it, began.
type leaveYear struct {
	calendar.Range
	unit      Unit
	label     int // the calendar year in which it begins
	terms     Terms
	stretches []stretch
}

// grant is leave that comes into being on a day.
type grant struct {
	date    calendar.Date
	label   int           // the leave year it originates in
	until   calendar.Date // last day to take it
	amount  exact.Rat
	formula Formula
	why     []Reason
}

// stretches cuts the person's working life into stretches with a policy of t,
// from the beginning to the last day of interest.
func (b *Rulebook) stretches(f *Facts, t Type, last calendar.Date) []stretch {
	var out []stretch
	for i, e := range f.Employments {
		whole, ok := e.Range().Intersect(calendar.Range{From: e.From, To: last})
		for d := whole.From; ok && d <= whole.To; {
			end := b.sameUntil(f, t, d, whole.To)
			if s, ok := b.stretchAt(f, t, calendar.Range{From: d, To: end}); ok {
				s.employment = i
				out = append(out, s)
			}
			d = end.AddDays(1)
		}
	}
	return out
}

// sameUntil returns the last day, up to last, with the contract and policy of d.
func (b *Rulebook) sameUntil(f *Facts, t Type, d, last calendar.Date) calendar.Date {
	pkg := ""
	for _, c := range f.Contracts {
		if c.From <= d {
			pkg = c.Package
		} else if c.From <= last {
			last = c.From.AddDays(-1)
		}
	}
	for _, p := range b.Policies {
		if p.Package == pkg && p.Type == t.ID && p.From > d && p.From <= last {
			last = p.From.AddDays(-1)
		}
	}
	return last
}

func (b *Rulebook) stretchAt(f *Facts, t Type, r calendar.Range) (stretch, bool) {
	c, ok := f.ContractOn(r.From)
	if !ok {
		return stretch{}, false
	}
	p, ok := b.Policy(c.Package, t.ID, r.From)
	if !ok {
		return stretch{}, false
	}
	return stretch{Range: r, terms: p.Terms, full: b.fullTime(c.Pattern, t.Unit, p.Terms.FullTime)}, true
}

// fullTime returns the working week of a pattern against a full-time one, in
// working days for types in days and in minutes for types in hours.
func (b *Rulebook) fullTime(pattern string, u Unit, full exact.Rat) Ratio {
	one := Ratio{exact.Int(1), exact.Int(1)}
	p, ok := b.Patterns[pattern]
	if !ok || full.Sign() <= 0 {
		return one
	}
	week := p.WeeklyDays()
	if u == Hours {
		week = p.WeeklyMinutes()
	}
	return Ratio{week, full}
}

// years cuts stretches into leave years, up to and including the one that holds
// last. A year in which the person has no stretch is left out.
func years(u Unit, all []stretch, last calendar.Date) []leaveYear {
	var out []leaveYear
	for len(all) > 0 && all[0].From <= last {
		r := all[0].terms.YearStart.YearOf(all[0].From)
		if n := len(out); n > 0 && r.From <= out[n-1].To {
			r.From = out[n-1].To.AddDays(1) // the leave year was moved: a short one lies between
		}
		y := leaveYear{Range: r, unit: u, label: r.From.Year(), terms: all[0].terms}
		for len(all) > 0 && all[0].From <= r.To {
			s := all[0]
			if s.To > r.To {
				s.To = r.To
				all[0].From = r.To.AddDays(1)
				y.stretches = append(y.stretches, s)
				break
			}
			y.stretches = append(y.stretches, s)
			all = all[1:]
		}
		out = append(out, y)
	}
	return out
}

// grants returns what a leave year grants: one grant for each employment in it,
// or one a month.
func (y *leaveYear) grants(f *Facts) []grant {
	switch y.terms.Accrual {
	case MonthStart, MonthEnd:
		return y.monthly(f)
	}
	var out []grant
	var so exact.Rat // before rounding, so far
	for from := 0; from < len(y.stretches); {
		to := from + 1
		for to < len(y.stretches) && y.stretches[to].employment == y.stretches[from].employment {
			to++
		}
		g := grant{date: y.stretches[from].From, label: y.label, until: y.To}
		g.formula = y.formula(y.stretches[from:to], y.months())
		so = y.finish(&g, so, f, y.stretches[from:to])
		out = append(out, g)
		from = to
	}
	return out
}

// monthly returns a grant for each month of the leave year.
func (y *leaveYear) monthly(f *Facts) []grant {
	var out []grant
	var so exact.Rat
	for _, m := range y.months() {
		var in []stretch
		for _, s := range y.stretches {
			if r, ok := s.Range.Intersect(m); ok {
				s.Range = r
				in = append(in, s)
			}
		}
		if len(in) == 0 {
			continue
		}
		g := grant{date: max(m.From, in[0].From), label: y.label, until: y.To}
		if y.terms.Accrual == MonthEnd {
			g.date = m.To
		}
		g.formula = y.formula(in, []calendar.Range{m})
		so = y.finish(&g, so, f, in)
		out = append(out, g)
	}
	return out
}

// finish rounds a grant so that the sum of the year so far is the rounded sum,
// gives it its reasons, and returns the sum before rounding.
func (y *leaveYear) finish(g *grant, before exact.Rat, f *Facts, in []stretch) exact.Rat {
	after := before.Add(g.formula.Value())
	g.amount = y.terms.Rounding.Apply(after).Sub(y.terms.Rounding.Apply(before))
	g.why = append(g.why, Reason{"year", []any{"year", y.label, "amount", Amount{in[len(in)-1].terms.Amount, y.unit}}})
	for i := range in {
		e := f.Employments[in[i].employment]
		if i == 0 && e.From > y.From {
			g.why = append(g.why, Reason{"joined", []any{"date", e.From}})
		}
		if i == len(in)-1 && !e.To.IsZero() && e.To < y.To {
			g.why = append(g.why, Reason{"left", []any{"date", e.To}})
		}
	}
	for i, s := range in {
		switch {
		case i > 0 && in[i-1].full.Rat().Equal(s.full.Rat()):
		case i > 0:
			g.why = append(g.why, Reason{"changed", []any{"date", s.From}}, s.partTime(y.unit))
		case s.full.Rat().Cmp(exact.Int(1)) != 0:
			g.why = append(g.why, s.partTime(y.unit))
		}
	}
	if !g.amount.Equal(g.formula.Value()) {
		g.why = append(g.why, Reason{"rounded_" + string(y.terms.Rounding.Mode), []any{"from", Amount{g.formula.Value(), y.unit}, "to", Amount{g.amount, y.unit}}})
	}
	return after
}

// partTime says how much of a full-time week the person works.
func (s *stretch) partTime(u Unit) Reason {
	part, of := Amount{s.full.Part, u}, Amount{s.full.Of, u}
	if u == Hours {
		return Reason{"part_time_hours", []any{"part", part, "of", of}}
	}
	return Reason{"part_time_days", []any{"part", s.full.Part, "of", s.full.Of}}
}

// months returns the months of the leave year, each from the day of the month on
// which the year begins.
func (y *leaveYear) months() []calendar.Range {
	var out []calendar.Range
	start := y.terms.YearStart.YearOf(y.From).From
	for i := 0; ; i++ {
		m := calendar.Range{From: start.AddMonths(i), To: start.AddMonths(i + 1).AddDays(-1)}
		if m.From > y.To {
			return out
		}
		if m.To >= y.From {
			out = append(out, m)
		}
	}
}

// formula returns amount × part-time × part of the year for each stretch.
func (y *leaveYear) formula(in []stretch, months []calendar.Range) Formula {
	var out Formula
	for i, share := range y.shares(in, months) {
		out = out.Add(Formula{{Base: in[i].terms.Amount, Factor: []Ratio{in[i].full, share}}})
	}
	return out
}

// shares measures the part of the leave year that each stretch is worth.
func (y *leaveYear) shares(in []stretch, months []calendar.Range) []Ratio {
	out := make([]Ratio, len(in))
	switch y.terms.Proration {
	case ByDays:
		for i, s := range in {
			out[i] = Ratio{exact.Int(int64(s.Days())), exact.Int(int64(y.Days()))}
		}
		return out
	case NoProration:
		whole := 0
		for _, s := range y.stretches {
			whole += s.Days()
		}
		for i, s := range in {
			out[i] = Ratio{exact.Int(int64(s.Days())), exact.Int(int64(whole))}
		}
		return out
	}
	for i := range out {
		out[i].Of = exact.Int(12)
	}
	if len(in) == 1 && len(months) == 12 && in[0].From == y.From && in[0].To == y.To {
		out[0].Part = exact.Int(12) // nothing to measure in a whole year
		return out
	}
	for _, m := range months {
		y.shareMonth(in, m, out)
	}
	return out
}

// shareMonth adds what one month is worth to the stretches that lie in it.
func (y *leaveYear) shareMonth(in []stretch, m calendar.Range, out []Ratio) {
	days, worked := make([]int, len(in)), 0
	for i, s := range in {
		if r, ok := s.Range.Intersect(m); ok {
			days[i] = r.Days()
			worked += days[i]
		}
	}
	if worked == 0 || y.terms.Proration == ByFullMonths && worked < m.Days() {
		return
	}
	of := m.Days()
	if y.terms.Proration == ByTouched {
		of = worked
	}
	for i, n := range days {
		if n > 0 {
			out[i].Part = out[i].Part.Add(exact.New(int64(n), int64(of)))
		}
	}
}
