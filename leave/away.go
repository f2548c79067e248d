// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/order"
)

// Away is another amount for time away. A whole day of such leave counts, and the
// free days around it; sickness counts until somebody works again, be it in part,
// and without a known end it lasts.
type Away struct {
	Sick   bool      // while sick
	Types  []string  // ids of types of leave: on leave of one of these
	Amount exact.Rat // in place of Terms.Amount and of what comes on top
	Weeks  int       // so many weeks of an absence count like work
	Months bool      // only months of the leave year count that are away as a whole (BEEG § 17)
}

// awayTime is time away with the amount that counts in it.
type awayTime struct {
	calendar.Range
	rule *Away
}

// away returns the leave year with its stretches cut where time away begins and
// ends that has an amount of its own.
func (y *leaveYear) away(w *workLog) *leaveYear {
	has := func(s stretch) bool { return len(s.terms.Away) > 0 }
	if !slices.ContainsFunc(y.beyond, has) {
		return y
	}
	z := *y
	z.stretches, z.beyond = w.cut(y, y.stretches), w.cut(y, y.beyond)
	return &z
}

// cut cuts stretches at the time away in them.
func (w *workLog) cut(y *leaveYear, in []stretch) []stretch {
	var out []stretch
	for _, rest := range in {
		for _, t := range w.awayTimes(y, rest.terms) {
			part := rest
			both, ok := t.Range.Intersect(rest.Range)
			if !ok {
				continue
			}
			if both.From > rest.From {
				rest.To = both.From.AddDays(-1)
				out = append(out, rest)
				rest.To = part.To
			}
			rest.From = both.To.AddDays(1)
			part.Range, part.away = both, t.rule
			out = append(out, part)
		}
		if rest.From <= rest.To {
			out = append(out, rest)
		}
	}
	return out
}

// awayTimes returns the time away that some terms know, by date and without
// overlap: where two rules hold the first does.
func (w *workLog) awayTimes(y *leaveYear, t *Terms) []awayTime {
	var out []awayTime
	end := y.beyond[len(y.beyond)-1].To.AddMonths(1)
	for i := range t.Away {
		rule := &t.Away[i]
		for _, r := range w.unearning(rule) {
			r.From, r.To = r.From.AddDays(7*rule.Weeks), min(r.To, end)
			if rule.Months {
				r = wholeMonths(y.terms.YearStart, r)
			}
			for _, part := range outside(r, out) {
				out = append(out, awayTime{part, rule})
			}
		}
		order.By(out, func(a, b awayTime) int { return cmp.Compare(a.From, b.From) })
	}
	return out
}

// outside returns what of r is in none of some times, which are in order.
func outside(r calendar.Range, times []awayTime) []calendar.Range {
	var out []calendar.Range
	for _, t := range times {
		if t.From > r.From && t.From <= r.To {
			out = append(out, calendar.Range{From: r.From, To: t.From.AddDays(-1)})
		}
		if t.From <= r.To && t.To >= r.From {
			r.From = t.To.AddDays(1)
		}
	}
	if r.From <= r.To {
		out = append(out, r)
	}
	return out
}

// wholeMonths returns what of r are whole months of leave years that begin at m;
// where there is none it is empty.
func wholeMonths(m MonthDay, r calendar.Range) calendar.Range {
	out := calendar.Range{From: r.To.AddDays(1), To: r.To}
	for year := m.YearOf(r.From); year.From <= r.To; year = m.YearOf(year.To.AddDays(1)) {
		for _, month := range monthsOfYear(year) {
			if month.From >= r.From && month.To <= r.To {
				out = calendar.Range{From: min(out.From, month.From), To: month.To}
			}
		}
	}
	return out
}

// unearning returns the absences in which a rule lets less be earned, by date: those with nothing
// but free days between them are one.
func (w *workLog) unearning(rule *Away) []calendar.Range {
	if known, ok := w.absent[rule]; ok {
		return known
	}
	var all []calendar.Range
	if rule.Sick {
		for i := range w.facts.Sickness {
			all = append(all, w.facts.Sickness[i].away())
		}
	}
	for r := range w.facts.requests {
		if r.State.Counts() && slices.Contains(rule.Types, r.Type) {
			all = append(all, r.Span.wholeDays())
		}
	}
	order.By(all, func(a, b calendar.Range) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	var out []calendar.Range
	for _, r := range all {
		n := len(out)
		switch {
		case r.To < r.From:
		case n > 0 && w.free(out[n-1].To.AddDays(1), r.From.AddDays(-1)):
			out[n-1].To = max(out[n-1].To, r.To)
		default:
			out = append(out, r)
		}
	}
	if w.absent == nil {
		w.absent = map[*Away][]calendar.Range{}
	}
	w.absent[rule] = out
	return out
}

// freeDays is how many free days in a row can lie within one absence.
const freeDays = 14

// free reports whether nothing is worked from one day to another, as between a
// Friday and the next Monday.
func (w *workLog) free(from, to calendar.Date) bool {
	if to >= from.AddDays(freeDays) {
		return false
	}
	for d := from; d <= to; d++ {
		if day, _, ok := w.book.Workday(w.facts, d); ok && day.Minutes() > 0 {
			return false
		}
	}
	return true
}

// away returns the days until somebody who is sick works again, be it in part.
func (s *Sickness) away() calendar.Range {
	r := calendar.Range{From: s.From, To: s.To}
	if r.To.IsZero() {
		r.To = calendar.Last
	}
	for _, step := range s.Recovery {
		r.To = min(r.To, step.From.AddDays(-1))
	}
	return r
}

// wholeDays returns the days of a span that are asked for as a whole.
func (s Span) wholeDays() calendar.Range {
	r := s.Range()
	if s.First != calendar.WholeDay {
		r.From = r.From.AddDays(1)
	}
	if s.Last != calendar.WholeDay && s.From != s.To {
		r.To = r.To.AddDays(-1)
	}
	return r
}
