// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/internal/order"
)

// undone returns the ids of the adjustments that were taken back, and of the lines that
// took them back.
func (f *Facts) undone() map[string]bool {
	var out map[string]bool
	for i := range f.Adjustments {
		if x := &f.Adjustments[i]; x.Undoes != "" && f.takenBack(x.Undoes) != nil {
			if out == nil {
				out = map[string]bool{}
			}
			out[x.ID], out[x.Undoes] = true, true
		}
	}
	return out
}

// takenBack returns the line that takes an adjustment back: of several, which nobody can
// write, the first by id. nil where there is none, or no such adjustment.
func (f *Facts) takenBack(id string) *Adjustment {
	var by *Adjustment
	there := false
	for i := range f.Adjustments {
		x := &f.Adjustments[i]
		there = there || x.ID == id
		if x.Undoes == id && (by == nil || x.ID < by.ID) {
			by = x
		}
	}
	if !there {
		return nil
	}
	return by
}

// adjust adds what was granted by hand, and the lines of what was taken back.
func (a *account) adjust(b *Rulebook, f *Facts, t Type) {
	if len(f.Adjustments) == 0 {
		return
	}
	first := a.years.carries(0)
	undone := f.undone()
	byID := func(x, y Adjustment) int { return cmp.Compare(x.ID, y.ID) }
	all := order.Sorted(f.Adjustments, byID)
	for i := range all {
		switch x := &all[i]; {
		case x.Type != t.ID:
		case undone[x.ID]:
			if by := f.takenBack(x.ID); by != nil {
				a.grants = append(a.grants, grant{date: x.Date, label: a.years.label(x.Date), undone: []Adjustment{*x, *by}})
			}
		case x.Amount.Sign() > 0:
			g := grant{date: x.Date, label: a.years.label(x.Date), class: x.Class, amount: x.Amount, adjusted: true,
				why: []Reason{{"adjusted", []any{"reason", x.Reason}}}}
			if x.Class != "" {
				g.why = append(g.why, Reason{"class_" + string(x.Class), nil})
				if terms, ok := b.termsOn(f, t, x.Date); ok {
					g.pot = a.years.place(x.Date, terms.potOf(x.Class))
				}
			}
			switch {
			case !x.Until.IsZero():
				g.until, g.expires = x.Until, true
			case g.pot == 0:
				g.until = a.years.until(x.Date, first)
			default:
				years := a.years.pot(g.pot)
				g.until = years.until(x.Date, years.carries(g.pot))
			}
			a.grants = append(a.grants, g)
		}
	}
}

// potOf returns the place of the first pot of a class that fills by the leave year; negative where there is none.
func (t *Terms) potOf(class Class) int {
	return slices.IndexFunc(t.Pots(), func(p Terms) bool { return p.Class == class && p.Event.IsZero() })
}

// Classes returns the classes of leave that the terms tell apart, of what fills by the leave year: none where all of it
// is of one.
func (t *Terms) Classes() []Class {
	var out []Class
	for _, p := range t.Pots() {
		if p.Class != "" && p.Event.IsZero() && !slices.Contains(out, p.Class) {
			out = append(out, p.Class)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// Classes returns the classes of leave that any policy tells apart.
func (b *Rulebook) Classes() []Class {
	return slices.DeleteFunc(slices.Clone(Classes), func(c Class) bool {
		return !slices.ContainsFunc(b.Policies, func(p Policy) bool { return slices.Contains(p.Terms.Classes(), c) })
	})
}

// cameToNothing adds the lines of an adjustment and of the one that took it back. What
// they would have given or used is as if neither had been written.
func (l *ledger) cameToNothing(g *grant) {
	for i, x := range g.undone {
		line := Line{Date: g.date, Kind: LineAdjustment, Amount: x.Amount, Year: g.label, Undone: true, Why: []Reason{{"adjusted", []any{"reason", x.Reason}}}}
		if i > 0 {
			line.Amount, line.Why[0].Key = g.undone[0].Amount.Neg(), "taken_back"
		}
		l.line(line)
	}
}
