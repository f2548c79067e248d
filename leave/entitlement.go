// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

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
	beyond    []stretch // of the whole working life, for periods that reach into the next leave year
	follows   bool      // on a leave year without a gap
}

// grant is leave that comes into being on a day.
type grant struct {
	date   calendar.Date
	label  int // the leave year it originates in
	pot    int
	class  Class
	until  calendar.Date // last day to take it
	amount exact.Rat
	cap    exact.Rat // of the balance after it; 0: none

	adjusted bool     // written by hand
	expires  bool     // what is left of it goes after until
	kind     LineKind // of its line; empty: LineGrant
	due      *Due     // what it is due on; nil: nothing but the leave year

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
			end := b.sameUntil(f, t, e.From, d, whole.To)
			if s, ok := b.stretchAt(f, t, calendar.Range{From: d, To: end}); ok {
				s.employment = i
				out = append(out, s)
			}
			d = end.AddDays(1)
		}
	}
	return out
}

// sameUntil returns the last day, up to last, with the contract, policy and level
// of d, for an employment since a day.
func (b *Rulebook) sameUntil(f *Facts, t Type, since, d, last calendar.Date) calendar.Date {
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
	if p, ok := b.Policy(pkg, t.ID, d); ok {
		last = levelUntil(p.Terms.Levels, since, d, last)
		for i := range p.Terms.Also {
			last = levelUntil(p.Terms.Also[i].Levels, since, d, last)
		}
	}
	return last
}

// levelUntil returns the last day, up to last, before one of the levels is reached
// that count at once.
func levelUntil(levels []Level, since, d, last calendar.Date) calendar.Date {
	for _, l := range levels {
		if reached := since.AddMonths(l.After); l.Immediate && reached > d && reached <= last {
			last = reached.AddDays(-1)
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
func years(u Unit, all []stretch, last calendar.Date) leaveYears {
	if len(all) == 0 {
		return nil
	}
	out := make(leaveYears, 0, max(0, last.Year()-all[0].From.Year())+2)
	beyond := slices.Clone(all)
	for len(all) > 0 && all[0].From <= last {
		r := all[0].terms.YearStart.YearOf(all[0].From)
		follows := false
		if n := len(out); n > 0 {
			r.From = max(r.From, out[n-1].To.AddDays(1)) // where the leave year was moved a short one lies between
			follows = r.From == out[n-1].To.AddDays(1)
		}
		y := leaveYear{Range: r, follows: follows, unit: u, label: r.From.Year(), terms: all[0].terms, beyond: beyond}
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
// or one for each period of the accrual.
func (y *leaveYear) grants(w *workLog) []grant {
	if !y.terms.Event.IsZero() {
		return nil
	}
	f := w.facts
	if y.terms.Accrual == AtYearStart && !y.terms.PerPeriod && y.terms.Worked.IsZero() {
		return y.yearly(f)
	}
	var out []grant
	var so exact.Rat // before rounding, so far
	rhythm, moment := y.terms.Accrual.Split()
	months := y.months()
	for _, p := range y.periods(rhythm, months) {
		in := y.within(p)
		if len(in) == 0 {
			continue
		}
		g := grant{date: max(p.From, in[0].From), cap: y.terms.Cap}
		switch moment {
		case AtEnd:
			g.date = p.To
		case After:
			g.date = p.To.AddDays(1)
		}
		g.formula = y.earned(w, p, in, months)
		so = y.finish(&g, so, f, in)
		out = append(out, g)
	}
	return out
}

// yearly returns a grant for each employment in the leave year.
func (y *leaveYear) yearly(f *Facts) []grant {
	var out []grant
	var so exact.Rat
	for from := 0; from < len(y.stretches); {
		to := from + 1
		for to < len(y.stretches) && y.stretches[to].employment == y.stretches[from].employment {
			to++
		}
		in := y.stretches[from:to]
		g := grant{date: in[0].From, cap: y.terms.Cap, formula: y.formula(f, y.Range, in, y.months())}
		so = y.finish(&g, so, f, in)
		out = append(out, g)
		from = to
	}
	return out
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
	of := p.Days()
	if rhythm, _ := y.terms.Accrual.Split(); rhythm == Fortnight {
		of = max(of, 14)
	}
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
		out = out.Add(Formula{{Base: s.amount(f, p.From), Factor: []Ratio{s.full, {exact.Int(int64(days)), exact.Int(int64(of))}}}})
	}
	return out
}

// byWork returns what the hours worked in a period earn.
func (y *leaveYear) byWork(w *workLog, p calendar.Range, in []stretch) Formula {
	var out Formula
	for _, s := range in {
		worked := Ratio{exact.Int(int64(w.minutes(s.Range))), y.terms.Worked}
		out = out.Add(Formula{{Base: s.amount(w.facts, p.From), Factor: []Ratio{worked}}})
	}
	return out
}

// amount returns the amount for a stretch: that of the highest level reached, at
// once or when the period begins.
func (s *stretch) amount(f *Facts, period calendar.Date) exact.Rat {
	amount, months := s.terms.Amount, -1
	since := f.Employments[s.employment].From
	for _, l := range s.terms.Levels {
		reached := since.AddMonths(l.After)
		if l.After > months && (reached <= period || l.Immediate && reached <= s.From) {
			amount, months = l.Amount, l.After
		}
	}
	return amount
}

// periods returns the periods of a rhythm in the leave year. Where an amount is for
// each period, one that reaches over the end of the leave year belongs to the year
// in which it begins, or in which all begins; where it is for the leave year, there
// are cut.
func (y *leaveYear) periods(r Rhythm, months []calendar.Range) []calendar.Range {
	if n := map[Rhythm]int{Yearly: 12, HalfYearly: 6, Quarterly: 3, Monthly: 1}[r]; n > 0 {
		return y.together(months, n)
	}
	var out []calendar.Range
	for d := y.From; d <= y.To; {
		p := y.calendarPeriod(r, d)
		d = p.To.AddDays(1)
		if y.forPeriods() && p.From < y.From && y.follows {
			continue
		}
		out = append(out, y.cut(p))
	}
	return out
}

// forPeriods reports whether the amount is for each period, not for the leave year.
func (y *leaveYear) forPeriods() bool { return y.terms.PerPeriod || y.terms.Worked.Sign() > 0 }

// cut returns what of a period lies in the leave year, where the amount is for that.
func (y *leaveYear) cut(p calendar.Range) calendar.Range {
	if !y.forPeriods() {
		p, _ = p.Intersect(y.Range)
	}
	return p
}

// together returns so many months each as one period.
func (y *leaveYear) together(months []calendar.Range, n int) []calendar.Range {
	var out []calendar.Range
	for i, m := range months {
		if i%n > 0 {
			out[len(out)-1].To = m.To
			continue
		}
		out = append(out, y.cut(m))
	}
	return out
}

// calendarPeriod returns the period of the calendar that d lies in.
func (y *leaveYear) calendarPeriod(r Rhythm, d calendar.Date) calendar.Range {
	switch r {
	case Daily:
		return calendar.Range{From: d, To: d}
	case Weekly:
		return calendar.Range{From: d.Monday(), To: d.Monday().AddDays(6)}
	case Fortnight:
		return y.fortnight(d)
	}
	year, m, day := d.Civil()
	if day < 15 {
		return calendar.Range{From: calendar.On(year, m, 1), To: calendar.On(year, m, 14)}
	}
	return calendar.Range{From: calendar.On(year, m, 15), To: calendar.On(year, m+1, 0)}
}

// fortnight returns the two weeks, counted from the start of the leave year, that
// begin on d. There are 26: the last takes the day or two that are over. Where a
// leave year was moved the last may be shorter.
func (y *leaveYear) fortnight(d calendar.Date) calendar.Range {
	p := calendar.Range{From: d, To: min(d.AddDays(13), y.To)}
	if y.To <= p.To.AddDays(2) {
		p.To = y.To
	}
	return p
}

// finish rounds a grant so that the sum of the year so far is the rounded sum,
// gives it its reasons, and returns the sum before rounding.
func (y *leaveYear) finish(g *grant, before exact.Rat, f *Facts, in []stretch) exact.Rat {
	after := before.Add(g.formula.Value())
	g.amount = y.terms.Rounding.Apply(after).Sub(y.terms.Rounding.Apply(before))
	g.why = append(g.why, Reason{"year", []any{"year", y.label, "amount", Amount{in[len(in)-1].amount(f, g.date), y.unit}}})
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

// whole returns the twelve months of the leave year, those before it was moved
// among them.
func (y *leaveYear) whole() calendar.Range { return y.terms.YearStart.YearOf(y.From) }

// months returns the months of the leave year, each from the day of the month on
// which the year begins. The last ends with the year, also where that begins on
// 29 February.
func (y *leaveYear) months() []calendar.Range {
	out := make([]calendar.Range, 0, 12)
	year := y.whole()
	for i := range 12 {
		m := calendar.Range{From: year.From.AddMonths(i), To: year.From.AddMonths(i + 1).AddDays(-1)}
		if i == 11 {
			m.To = year.To
		}
		if m.To >= y.From {
			out = append(out, m)
		}
	}
	return out
}

// formula returns amount × part-time × part of the year for each stretch of a
// period.
func (y *leaveYear) formula(f *Facts, p calendar.Range, in []stretch, months []calendar.Range) Formula {
	var out Formula
	for i, share := range y.shares(p, in, months) {
		out = out.Add(Formula{{Base: in[i].amount(f, p.From), Factor: []Ratio{in[i].full, share}}})
	}
	return out
}

// shares measures the part of the leave year that each stretch of a period is
// worth.
func (y *leaveYear) shares(p calendar.Range, in []stretch, months []calendar.Range) []Ratio {
	out := make([]Ratio, len(in))
	switch y.terms.Proration {
	case ByDays:
		for i, s := range in {
			out[i] = Ratio{exact.Int(int64(s.Days())), exact.Int(int64(y.whole().Days()))}
		}
		return out
	case NoProration:
		for i, s := range in {
			out[i] = Ratio{exact.Int(int64(s.Days())), exact.Int(int64(y.worked(y.Range)))}
		}
		return out
	}
	for i := range out {
		out[i].Of = exact.Int(12)
	}
	if len(in) == 1 && in[0].Range == y.whole() {
		out[0].Part = exact.Int(12) // nothing to measure in a whole year
		return out
	}
	for _, m := range months {
		if m.Overlaps(p) {
			y.shareMonth(in, m, out)
		}
	}
	return out
}

// worked returns how many days of a range lie in the leave year's stretches.
func (y *leaveYear) worked(r calendar.Range) int {
	n := 0
	for _, s := range y.stretches {
		if both, ok := s.Range.Intersect(r); ok {
			n += both.Days()
		}
	}
	return n
}

// shareMonth adds what one month is worth to the stretches that lie in it. A month
// counts once, be it that somebody leaves in it and comes back.
func (y *leaveYear) shareMonth(in []stretch, m calendar.Range, out []Ratio) {
	of := m.Days()
	switch y.terms.Proration {
	case ByFullMonths:
		if y.worked(m) < of {
			return
		}
	case ByTouched:
		of = y.worked(m)
	}
	for i, s := range in {
		if r, ok := s.Range.Intersect(m); ok {
			out[i].Part = out[i].Part.Add(exact.New(int64(r.Days()), int64(of)))
		}
	}
}
