// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
)

// TradeRule lets people buy and sell leave. Its price is payroll's. The zero value
// lets them do neither.
type TradeRule struct {
	Buy    exact.Rat    // at most so much in a leave year, in the unit of the type
	Sell   exact.Rat    // the same of what is sold; never of the statutory pot
	Months []time.Month // in which it may be asked for; empty: in all
}

// Most returns how much may be bought, or sold, in a leave year.
func (r *TradeRule) Most(k ClaimKind) exact.Rat {
	if k == ClaimSale {
		return r.Sell
	}
	return r.Buy
}

// Open reports whether leave may be asked for by this rule in the month of d.
func (r *TradeRule) Open(d calendar.Date) bool {
	return len(r.Months) == 0 || slices.Contains(r.Months, d.Month())
}

// purchases adds the leave that was bought.
func (s *source) purchases() {
	for _, c := range s.facts.approved(ClaimPurchase) {
		terms, ok := s.book.termsOn(s.facts, s.typ, c.Date)
		if c.Type != s.typ.ID || !ok {
			continue
		}
		g := grant{date: c.Date, pot: s.years.place(c.Date, terms.sparePot()), class: Earned, kind: LineBought,
			formula: Formula{{Base: c.Amount}}, why: []Reason{{"bought", nil}}}
		s.window(&g, Term{})
		s.add(g)
	}
}

// sparePot returns the place of the pot that bought leave goes with: the first that
// is not statutory and fills by the leave year, else the first of all.
func (t *Terms) sparePot() int {
	return max(0, slices.IndexFunc(t.Pots(), func(p Terms) bool { return p.Class != Statutory && p.Event.IsZero() }))
}

// sell takes the leave that was sold, or waits to be: of any pot but the statutory
// one.
func (a *account) sell(f *Facts, t Type) {
	for i := range f.Claims {
		if c := &f.Claims[i]; c.Kind == ClaimSale && c.Type == t.ID && c.State.Counts() {
			a.takings = append(a.takings, taking{date: c.Date, amount: c.Amount, sale: c})
		}
	}
}

// traded returns how much f's person bought, or sold, in the leave year of a day,
// what waits for a decision included.
func (b *Rulebook) traded(f *Facts, t Type, k ClaimKind, d calendar.Date) exact.Rat {
	year := b.account(f.sorted(), t, d).years.of(d)
	var sum exact.Rat
	for _, c := range f.Claims {
		if c.Kind == k && c.Type == t.ID && c.State.Counts() && year.Contains(c.Date) {
			sum = sum.Add(c.Amount)
		}
	}
	return sum
}

// Tradable returns how much more f's person may buy, or sell, from a day on: what
// the policy has left for the leave year and, of a sale, no more than is there
// beside the statutory leave and what is booked.
func (b *Rulebook) Tradable(f *Facts, t Type, k ClaimKind, d calendar.Date) exact.Rat {
	terms, ok := b.termsOn(f, t, d)
	if !ok {
		return exact.Rat{}
	}
	most := terms.Trade.Most(k).Sub(b.traded(f, t, k, d))
	if k == ClaimSale {
		most = exact.Min(most, b.spare(f, t, d))
	}
	return exact.Max(most, exact.Rat{})
}

// spare returns how much is left on a day that may be sold.
func (b *Rulebook) spare(f *Facts, t Type, d calendar.Date) exact.Rat {
	acc := b.account(f.sorted(), t, d)
	l := ledger{account: acc, quiet: true}
	l.run(d)
	var sum exact.Rat
	for i := range l.buckets {
		if x := &l.buckets[i]; x.sellable() && x.From <= d && d <= x.Until {
			sum = sum.Add(x.Left)
		}
	}
	return exact.Min(sum, exact.Max(b.Available(f, t, d), exact.Rat{}))
}

// sellable reports whether leave may be sold: not what the law gives, or what may
// be that, nor what is due on an event.
func (b *bucket) sellable() bool { return (b.Class == Extra || b.Class == Earned) && b.Due == nil }
