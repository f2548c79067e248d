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
	terms      *Terms
	full       Ratio // working week of the pattern against a full-time week
	week       exact.Rat
	away       *Away // time away with an amount of its own
}

// leaveYear is one leave year of one person under the terms in force when it,
// or the employment in it, began.
type leaveYear struct {
	calendar.Range
	unit      Unit
	label     int // the calendar year in which it begins
	terms     *Terms
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

	adjusted bool         // written by hand
	undone   []Adjustment // a line written by hand and the one that took it back; nothing is granted
	expires  bool         // what is left of it goes after until
	kind     LineKind     // of its line; empty: LineGrant
	due      *Due         // what it is due on; nil: nothing but the leave year
	unspent  *unspent     // its amount depends on what is left; nil: it does not

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
	if p := b.policy(pkg, t.ID, d); p != nil {
		last = levelUntil(p.Terms.Levels, since, d, last)
		last = bonusUntil(p.Terms.Bonuses, f.Person.Born, since, d, last)
		for i := range p.Terms.Also {
			last = levelUntil(p.Terms.Also[i].Levels, since, d, last)
			last = bonusUntil(p.Terms.Also[i].Bonuses, f.Person.Born, since, d, last)
		}
	}
	return last
}

// levelUntil returns the last day, up to last, before one of the levels is reached
// that count at once.
func levelUntil(levels []Level, since, d, last calendar.Date) calendar.Date {
	for _, l := range levels {
		if reached := since.AfterMonths(l.After); l.Immediate && reached > d && reached <= last {
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
	p := b.policy(c.Package, t.ID, r.From)
	if p == nil {
		return stretch{}, false
	}
	week, known := b.week(c.Pattern, t.Unit)
	s := stretch{Range: r, terms: &p.Terms, week: week, full: Ratio{exact.Int(1), exact.Int(1)}}
	if full := p.Terms.FullTime; known && full.Sign() > 0 {
		s.full = Ratio{week, full}
	}
	return s, true
}

// week returns the working week of a pattern, in working days for types in days and
// in minutes for types in hours.
func (b *Rulebook) week(pattern string, u Unit) (week exact.Rat, known bool) {
	p, ok := b.Patterns[pattern]
	if u == Hours {
		return p.WeeklyMinutes(), ok
	}
	return p.WeeklyDays(), ok
}

// years cuts stretches into leave years, up to and including the one that holds
// last. A year in which the person has no stretch is left out.
func years(u Unit, all []stretch, last calendar.Date) leaveYears {
	if len(all) == 0 {
		return nil
	}
	out := make(leaveYears, 0, max(0, last.Year()-all[0].From.Year())+2)
	beyond := slices.Clone(all)
	cut := make([]stretch, 0, cap(out)+len(all)) // of one year after the other
	for len(all) > 0 && all[0].From <= last {
		r := all[0].terms.YearStart.YearOf(all[0].From)
		follows := false
		if n := len(out); n > 0 {
			r.From = max(r.From, out[n-1].To.AddDays(1)) // where the leave year was moved a short one lies between
			follows = r.From == out[n-1].To.AddDays(1)
		}
		y := leaveYear{Range: r, follows: follows, unit: u, label: r.From.Year(), terms: all[0].terms, beyond: beyond}
		first := len(cut)
		for len(all) > 0 && all[0].From <= r.To {
			s := all[0]
			if s.To > r.To {
				s.To = r.To
				all[0].From = r.To.AddDays(1)
				cut = append(cut, s)
				break
			}
			cut = append(cut, s)
			all = all[1:]
		}
		y.stretches = slices.Clip(cut[first:])
		out = append(out, y)
	}
	return out
}
