// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/id"
	"verlof/internal/order"
	"verlof/people"
)

// FixedEntitlement is what one leave year grants somebody, set by hand with a
// reason: whatever policy and working pattern say, now and later. It is granted
// when the policy grants, in the same parts. Where the leave year was moved and two
// begin in one calendar year it is what both grant together.
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
	for _, x := range order.Sorted(f.Fixed, byID) {
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

// FixedTx is what fixing a leave year needs of a transaction.
type FixedTx interface {
	Fixed(id people.ID) ([]FixedEntitlement, error)
	AllFixed() (map[people.ID][]FixedEntitlement, error)
	SaveFixed(x FixedEntitlement) error // in place of what was fixed for that leave year before
	DeleteFixed(id people.ID, typ string, year int) error
}

// years that an entitlement can be fixed for.
const firstFixed, lastFixed = 1990, 2100

// FixEntitlement sets by hand what a leave year grants somebody. It reports
// Forbidden for those who keep nobody's balances, NotFound for a person whose balances by
// does not keep, and Invalid with the field.
func (s *Service) FixEntitlement(ctx context.Context, by people.ID, x FixedEntitlement) error {
	return s.fixing(ctx, by, x, func(c *scene) error {
		x := x
		x.Reason = strings.TrimSpace(x.Reason)
		t, _ := c.book.Type(x.Type)
		switch {
		case x.Amount.Sign() < 0 || x.Amount.Cmp(t.Unit.of(366)) > 0:
			return errs.New(errs.Invalid, "leave.error.amount_range").At("amount")
		case x.Reason == "":
			return errs.New(errs.Invalid, "leave.error.reason_missing").At("reason")
		case len([]rune(x.Reason)) > MaxNote:
			return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("reason")
		}
		x.ID, x.By, x.At = id.New(s.Now()), by, s.at()
		return c.SaveFixed(x)
	})
}

// FreeEntitlement lets a leave year that was fixed by hand follow the policy again.
// It reports as FixEntitlement does, and nothing where nothing was fixed.
func (s *Service) FreeEntitlement(ctx context.Context, by, person people.ID, typ string, year int) error {
	x := FixedEntitlement{Person: person, Type: typ, Year: year}
	return s.fixing(ctx, by, x, func(c *scene) error { return c.DeleteFixed(person, typ, year) })
}

// fixing runs an act on the fixed leave year of a person, for those who may.
func (s *Service) fixing(ctx context.Context, by people.ID, x FixedEntitlement, act func(*scene) error) error {
	err := s.update(ctx, by, func(c *scene) error {
		if err := c.mayKeepBalance(x.Person); err != nil {
			return err
		}
		if t, ok := c.book.Type(x.Type); !ok || !t.Entitled {
			return errs.New(errs.Invalid, "leave.error.no_type").At("type")
		}
		if x.Year < firstFixed || x.Year > lastFixed {
			return errs.New(errs.Invalid, "leave.error.year").At("year")
		}
		if err := c.LockPerson(x.Person); err != nil {
			return err
		}
		return act(c)
	})
	if err != nil {
		return fmt.Errorf("fix a leave year of %s: %w", x.Person, err)
	}
	return nil
}
