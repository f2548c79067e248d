// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

	"verlof/calendar"
	"verlof/people"
)

// Stop is something that a change takes from somebody who goes on working: from then on they can no longer report or ask for it.
type Stop struct {
	Person people.ID
	Type   string
	What   ClaimKind // ClaimOvertime, ClaimPurchase or ClaimSale
	From   calendar.Date
}

// offers reports whether the terms of a type let somebody report overtime, buy or sell on a day.
func (b *Rulebook) offers(f *Facts, t Type, what ClaimKind, d calendar.Date) bool {
	terms, ok := b.termsOn(f, t, d)
	if !ok || t.Retired || !t.Entitled {
		return false
	}
	switch what {
	case ClaimPurchase:
		return terms.Trade.Buy.Sign() > 0
	case ClaimSale:
		return terms.Trade.Sell.Sign() > 0
	}
	_, _, ok = terms.overtimePot()
	return ok
}

// stops returns what a person could do with a type before a change, and can no longer after it: today, or from the day of a
// contract line or a policy to come.
func (w *weighing) stops(before *Facts, was Type, after *Facts, is Type) []Stop {
	var out []Stop
	days := w.turns(after)
	for _, what := range []ClaimKind{ClaimOvertime, ClaimPurchase, ClaimSale} {
		i := slices.IndexFunc(days, func(d calendar.Date) bool {
			return w.was.book.offers(before, was, what, d) && !w.is.book.offers(after, is, what, d)
		})
		if i >= 0 {
			out = append(out, Stop{after.Person.ID, is.ID, what, days[i]})
		}
	}
	return out
}

// turns returns today and the days to come on which other terms begin to hold for somebody, in order.
func (w *weighing) turns(f *Facts) []calendar.Date {
	days := []calendar.Date{f.Today}
	for _, c := range f.Contracts {
		days = append(days, c.From)
		for _, p := range w.is.book.Policies {
			if p.Package == c.Package {
				days = append(days, p.From)
			}
		}
	}
	slices.Sort(days)
	return slices.DeleteFunc(slices.Compact(days), func(d calendar.Date) bool { return d < f.Today })
}
