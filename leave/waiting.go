// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"verlof/calendar"
	"verlof/internal/exact"
)

// waiting is the wait of one employment in a leave year for all of its leave.
type waiting struct {
	year  *leaveYear
	in    []stretch     // of the employment in the leave year
	full  []Ratio       // the part of the leave year that each stretch is worth once the wait is over
	given []exact.Rat   // of it, granted so far
	over  calendar.Date // first day after the wait
	all   bool          // all of the leave year is due: otherwise a twelfth for each full month of the employment in it
}

// waited returns what a leave year grants under a waiting period (BUrlG §§ 4, 5):
// all of it once the wait is over, unless the employment ends by then or in the
// first half of the leave year; and before, or then, a twelfth for each full month.
func (y *leaveYear) waited(f *Facts) []grant {
	var out []grant
	var sum tally
	for from := 0; from < len(y.stretches); {
		to := from + 1
		for to < len(y.stretches) && y.stretches[to].employment == y.stretches[from].employment {
			to++
		}
		w := y.wait(f, from, to)
		for _, g := range w.grants(f) {
			y.finish(&g, &sum, f, y.Range, w.in)
			g.why = append(g.why, w.reason(f, g.date))
			out = append(out, g)
		}
		from = to
	}
	return out
}

// wait measures the wait of the employment of some of the stretches.
func (y *leaveYear) wait(f *Facts, from, to int) *waiting {
	w := &waiting{year: y, in: y.stretches[from:to], given: make([]exact.Rat, to-from)}
	e := f.Employments[w.in[0].employment]
	w.over = e.From.AfterMonths(y.terms.FullAfter)
	half := y.whole().From.AddMonths(6)
	w.all = w.over <= y.To && (e.To.IsZero() || e.To >= max(w.over, half))
	if !w.all {
		w.full = twelfths(w.in, w.months(y.To), true)
		return w
	}
	long := append([]stretch(nil), w.in...)
	if first := &long[0]; from == 0 && first.From == e.From {
		first.From = y.From
	}
	if last := &long[len(long)-1]; last.To == e.To {
		last.To = y.To
		if to < len(y.stretches) {
			last.To = y.stretches[to].From.AddDays(-1)
		}
	}
	if w.full = []Ratio{{exact.Int(12), exact.Int(12)}}; !y.wholly(long) {
		w.full = y.partly(long)
	}
	return w
}

// partly measures what is due after the wait of leave that begins or ends in the leave year while the employment
// goes on: where only full months count, those from its first day on (SGB IX § 208 (2)), and of a whole leave year its
// twelve, of which one that begins on 29 February has a shorter last.
func (y *leaveYear) partly(in []stretch) []Ratio {
	if y.terms.Proration == ByFullMonths {
		if all := (calendar.Range{From: in[0].From, To: in[len(in)-1].To}); all == y.whole() {
			return twelfths(in, monthsOfYear(all), true)
		}
		return twelfths(in, fullMonths(in[0].From, in[len(in)-1].To), true)
	}
	return twelfths(in, y.months(), false)
}

// months returns the months of the employment in the leave year, counted from its
// first day in it, that are over by a day.
func (w *waiting) months(by calendar.Date) []calendar.Range {
	return fullMonths(w.in[0].From, min(by, w.in[len(w.in)-1].To))
}

// fullMonths returns the months from a first day on that are over by a last.
func fullMonths(first, last calendar.Date) []calendar.Range {
	var out []calendar.Range
	for i := 0; ; i++ {
		m := calendar.Range{From: first.AfterMonths(i), To: first.AfterMonths(i + 1).AddDays(-1)}
		if m.To > last {
			return out
		}
		out = append(out, m)
	}
}

// grants returns a grant at the end of each month before the wait is over, and one
// for the rest on the day on which it is.
func (w *waiting) grants(f *Facts) []grant {
	var out []grant
	for _, m := range w.months(w.over.AddDays(-1)) {
		out = append(out, w.grant(f, m.To, twelfths(w.in, []calendar.Range{m}, true)))
	}
	if w.over > w.in[len(w.in)-1].To {
		return out
	}
	rest := make([]Ratio, len(w.full))
	for i := range rest {
		rest[i] = Ratio{w.full[i].Part.Sub(w.given[i]), w.full[i].Of}
	}
	return append(out, w.grant(f, max(w.over, w.in[0].From), rest))
}

// grant returns a grant of a part of the leave year for each stretch.
func (w *waiting) grant(f *Facts, d calendar.Date, parts []Ratio) grant {
	g := grant{date: d, cap: w.year.cap(f, w.year.Range, w.in)}
	for i, p := range parts {
		w.given[i] = w.given[i].Add(p.Part)
		if !p.Part.IsZero() {
			g.formula = w.in[i].add(g.formula, f, w.year.Range, w.year, p)
		}
	}
	return g
}

// reason says how far the wait is on d.
func (w *waiting) reason(f *Facts, d calendar.Date) Reason {
	switch {
	case w.all && d >= w.over && f.Employments[w.in[0].employment].From < w.year.From && w.over <= w.year.From:
		return Reason{"waited", nil}
	case w.all && d >= w.over:
		return Reason{"waited_since", []any{"date", w.over}}
	case w.all:
		return Reason{"waiting", []any{"date", w.over}}
	}
	return Reason{"not_waited", nil}
}

// twelfths measures in twelfths of a leave year what each stretch is worth in some
// months; where only full months count, those in which no day is missing.
func twelfths(in []stretch, months []calendar.Range, full bool) []Ratio {
	out := make([]Ratio, len(in))
	for i := range out {
		out[i].Of = exact.Int(12)
	}
	for _, m := range months {
		days := 0
		for _, s := range in {
			days += common(s.Range, m)
		}
		if full && days < m.Days() {
			continue
		}
		for i, s := range in {
			if n := common(s.Range, m); n > 0 {
				out[i].Part = out[i].Part.Add(exact.New(int64(n), int64(m.Days())))
			}
		}
	}
	return out
}
