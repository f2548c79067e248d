// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"verlof/calendar"
	"verlof/internal/exact"
)

// whole returns the twelve months of the leave year, those before it was moved
// among them.
func (y *leaveYear) whole() calendar.Range { return y.terms.YearStart.YearOf(y.From) }

// months returns the months of the leave year, each from the day of the month on
// which the year begins; those before it was moved are left out.
func (y *leaveYear) months() []calendar.Range {
	all := monthsOfYear(y.whole())
	for all[0].To < y.From {
		all = all[1:]
	}
	return all
}

// monthsOfYear cuts twelve months into single ones. The last ends with the year,
// also where that begins on 29 February.
func monthsOfYear(year calendar.Range) []calendar.Range {
	out := make([]calendar.Range, 12)
	for i := range out {
		out[i] = calendar.Range{From: year.From.AddMonths(i), To: year.From.AddMonths(i + 1).AddDays(-1)}
	}
	out[11].To = year.To
	return out
}

// common returns how many days two ranges have in common.
func common(a, b calendar.Range) int {
	both, ok := a.Intersect(b)
	if !ok {
		return 0
	}
	return both.Days()
}

// formula returns amount × part-time × part of the year for each stretch of a
// period.
func (y *leaveYear) formula(f *Facts, p calendar.Range, in []stretch, months []calendar.Range) Formula {
	var out Formula
	for i, share := range y.shares(p, in, months) {
		out = in[i].add(out, f, p, y, share)
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
	if y.wholly(in) {
		out[0].Part = exact.Int(12)
		return out
	}
	for _, m := range months {
		if m.Overlaps(p) {
			y.shareMonth(in, m, out)
		}
	}
	return out
}

// wholly reports whether one stretch is all of the leave year, so that no month needs to
// be measured.
func (y *leaveYear) wholly(in []stretch) bool { return len(in) == 1 && in[0].Range == y.whole() }

// worked returns how many days of a range lie in the leave year's stretches.
func (y *leaveYear) worked(r calendar.Range) int {
	n := 0
	for _, s := range y.stretches {
		n += common(s.Range, r)
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
