// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/internal/exact"
	"verlof/people"
)

// FixedEntitlement is what one leave year grants somebody, set by hand with a
// reason: whatever policy and working pattern say, now and later. It is granted
// when the policy grants, in the same parts.
type FixedEntitlement struct {
	ID     string
	Person people.ID
	Type   string
	Year   int       // in which the leave year begins
	Amount exact.Rat // in the unit of the type
	Reason string
	By     people.ID
	At     int64 // microseconds since 1970, UTC
}

// fix puts what was fixed by hand in place of what policies grant. Of several pots
// each keeps what it grants as far as the amount reaches, and the last has the rest.
func (a *account) fix(f *Facts, t Type) {
	byID := func(x, y FixedEntitlement) int { return cmp.Compare(x.ID, y.ID) }
	for _, x := range slices.SortedFunc(slices.Values(f.Fixed), byID) {
		if x.Type != t.ID {
			continue
		}
		rest, pots := x.Amount, a.grantsOf(&x)
		for k, grants := range pots {
			var own exact.Rat
			for _, g := range grants {
				own = own.Add(g.amount)
			}
			share := rest
			if k < len(pots)-1 {
				share = exact.Min(own, rest)
			}
			rest = rest.Sub(share)
			fixGrants(grants, share, own, x.reason(t.Unit))
		}
	}
}

// grantsOf returns the grants of a fixed leave year by pot. Where there are none
// yet it makes one on the first day of the year, or of the employment in it.
func (a *account) grantsOf(x *FixedEntitlement) [][]*grant {
	var pots [][]*grant
	for pot := range a.years.pots() {
		var in []*grant
		for i := range a.grants {
			if g := &a.grants[i]; g.pot == pot && g.label == x.Year && g.unspent == nil {
				in = append(in, g)
			}
		}
		if len(in) > 0 {
			pots = append(pots, in)
		}
	}
	i := slices.IndexFunc(a.years, func(y leaveYear) bool { return y.label == x.Year })
	if len(pots) > 0 || i < 0 {
		return pots
	}
	y := &a.years[i]
	d := y.stretches[0].From
	a.grants = append(a.grants, grant{date: d, label: y.label, class: y.terms.Class, until: a.years.until(d, a.years.carries(0))})
	return [][]*grant{{&a.grants[len(a.grants)-1]}}
}

// fixGrants shares an amount out over grants, as they were before: own in all.
func fixGrants(grants []*grant, amount, own exact.Rat, why Reason) {
	first := grants[0].amount
	alike := !slices.ContainsFunc(grants, func(g *grant) bool { return !g.amount.Equal(first) })
	for i, g := range grants {
		part := Ratio{g.amount, own}
		switch {
		case own.IsZero():
			part = Ratio{exact.Int(int64(1 - min(i, 1))), exact.Int(1)}
		case alike:
			part = Ratio{exact.Int(1), exact.Int(int64(len(grants)))}
		}
		g.formula = Formula{{Base: amount, Factor: []Ratio{part}}}
		g.amount = g.formula.Value()
		g.why = []Reason{why}
		if g.class != "" {
			g.why = append(g.why, Reason{"class_" + string(g.class), nil})
		}
	}
}

func (x *FixedEntitlement) reason(u Unit) Reason {
	return Reason{"fixed", []any{"amount", Amount{x.Amount, u}, "year", x.Year, "reason", x.Reason}}
}
