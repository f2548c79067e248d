// SPDX-License-Identifier: Apache-2.0

package leave

import "verlof/internal/exact"

// MaxOvertime is how many minutes of overtime one day can have.
const MaxOvertime = 24 * 60

// OvertimeRule lets approved overtime fill a pot. The zero value does not.
type OvertimeRule struct {
	Factors []int // percent of the time worked that may be earned, the usual one first
	Valid   Term  // how long what was earned may be taken; zero: as the leave year's own
}

// IsZero reports whether overtime earns nothing.
func (r *OvertimeRule) IsZero() bool { return len(r.Factors) == 0 }

// overtimePot returns the terms of the pot that overtime fills, and its place.
func (t *Terms) overtimePot() (pot Terms, k int, ok bool) {
	for k, p := range t.Pots() {
		if !p.Overtime.IsZero() {
			return p, k, true
		}
	}
	return Terms{}, 0, false
}

// overtime adds what approved overtime earns, on the day on which it was worked: so
// much of its minutes, in days by the length of the person's working day.
func (s *source) overtime() {
	for _, c := range s.facts.approved(ClaimOvertime) {
		terms, ok := s.book.termsOn(s.facts, s.typ, c.Date)
		if c.Type != s.typ.ID || !ok {
			continue
		}
		pot, k, ok := terms.overtimePot()
		if !ok {
			continue
		}
		since, _ := s.facts.EmployedSince(c.Date)
		g := grant{date: c.Date, pot: s.years.place(c.Date, k), class: Earned, cap: pot.level(since, c.Date, c.Date).Cap, kind: LineOvertime,
			formula: s.worked(&c), why: []Reason{{"overtime", []any{"time", Amount{exact.Int(int64(c.Minutes)), Hours}, "date", c.Date}}}}
		s.window(&g, pot.Overtime.Valid)
		s.add(g)
	}
}

// worked returns what overtime is worth, in the unit of the type.
func (s *source) worked(c *Claim) Formula {
	minutes, factor := exact.Int(int64(c.Minutes)), Ratio{exact.Int(int64(c.Factor)), exact.Int(100)}
	if s.unit == Hours {
		return Formula{{Base: minutes, Factor: []Ratio{factor}}}
	}
	day := s.book.dayLength(s.facts, c.Date)
	if day == 0 {
		return nil
	}
	return Formula{{Base: exact.Int(1), Factor: []Ratio{Ratio{minutes, exact.Int(int64(day))}.over(minutesOfHour), factor}}}
}
