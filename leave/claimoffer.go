// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/people"
)

// Offer is what somebody can report or ask for on a day.
type Offer struct {
	Events   []EventKind
	Overtime []OvertimeOffer
	Trades   []TradeOffer
}

// IsZero reports whether there is nothing.
func (o *Offer) IsZero() bool { return len(o.Events)+len(o.Overtime)+len(o.Trades) == 0 }

// OvertimeOffer is a leave type that overtime earns.
type OvertimeOffer struct {
	Type Type
	Rule OvertimeRule
}

// TradeOffer is a leave type that can be bought or sold.
type TradeOffer struct {
	Type Type
	Rule TradeRule
	Open bool      // it can be asked for this month
	Year int       // the leave year of the day
	Buy  exact.Rat // how much more can be bought in it
	Sell exact.Rat // the same of what can be sold
}

// Offer returns what by can report and ask for in the name of a person on a day. It
// reports NotFound for a person for whom by may not ask.
func (s *Service) Offer(ctx context.Context, by, person people.ID, d calendar.Date) (Offer, error) {
	var o Offer
	err := s.view(ctx, by, func(c *scene) error {
		if !c.viewer.MayAskFor(person) {
			return errs.New(errs.NotFound, "people.error.no_person")
		}
		f, err := c.facts(person)
		if err != nil {
			return err
		}
		switch {
		case c.records(person):
			o.Events = EventKinds
		case person == by:
			o.Events = c.book.reportable(f, d)
		}
		for _, t := range c.book.Types {
			c.offerType(f, t, d, &o)
		}
		return nil
	})
	return o, err
}

// offerType adds what can be done with one leave type.
func (c *scene) offerType(f *Facts, t Type, d calendar.Date, o *Offer) {
	terms, ok := c.book.termsOn(f, t, d)
	if !ok || t.Retired || !t.Entitled {
		return
	}
	if pot, _, ok := terms.overtimePot(); ok {
		o.Overtime = append(o.Overtime, OvertimeOffer{t, pot.Overtime})
	}
	if rule := terms.Trade; rule.Buy.Sign() > 0 || rule.Sell.Sign() > 0 {
		o.Trades = append(o.Trades, TradeOffer{Type: t, Rule: rule, Open: rule.Open(c.today),
			Year: c.book.account(f.sorted(), t, d).years.label(d),
			Buy:  c.book.Tradable(f, t, ClaimPurchase, d), Sell: c.book.Tradable(f, t, ClaimSale, d)})
	}
}
