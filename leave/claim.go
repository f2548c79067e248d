// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/order"
	"verlof/people"
)

// Claim is what somebody reports or asks for that moves a balance once it is
// approved, and not before: an event in their life, overtime, leave to be bought or
// sold.
type Claim struct {
	ID     string
	Person people.ID
	Kind   ClaimKind
	Type   string        // the leave type it fills or empties; empty for an event, on which several may be due
	Date   calendar.Date // of the event or of the work; the day from which bought or sold leave counts

	Event   EventKind         // of an event
	Child   string            // of an event: which child, where leave is due for each
	Times   calendar.Interval // of overtime; zero: only how long it was is known
	Minutes int               // of overtime
	Factor  int               // of overtime: percent of the time worked that is earned
	Amount  exact.Rat         // bought or sold, in the unit of the type

	Note      string // what the asker wrote
	State     State
	AskedBy   people.ID
	AskedAt   int64 // microseconds since 1970, UTC
	DecidedBy people.ID
	For       people.ID // whose stand-in decided; empty: nobody's
	DecidedAt int64
	Reason    string // what the decider wrote
}

// ClaimKind is what a claim is about.
type ClaimKind string

// The kinds of claim.
const (
	ClaimEvent    ClaimKind = "event"
	ClaimOvertime ClaimKind = "overtime"
	ClaimPurchase ClaimKind = "purchase"
	ClaimSale     ClaimKind = "sale"
)

// ClaimKinds are all kinds of claim.
var ClaimKinds = []ClaimKind{ClaimEvent, ClaimOvertime, ClaimPurchase, ClaimSale}

// Trades reports whether leave is bought or sold.
func (k ClaimKind) Trades() bool { return k == ClaimPurchase || k == ClaimSale }

// approved returns the claims of a kind that count, by date, in an order that does
// not depend on when they were entered.
func (f *Facts) approved(k ClaimKind) []Claim {
	var out []Claim
	for _, c := range f.Claims {
		if c.Kind == k && c.State == Approved {
			out = append(out, c)
		}
	}
	order.By(out, func(a, b Claim) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID)) })
	return out
}

// termsOn returns the terms of a type for f's person on a day; ok is false where no
// contract or no policy covers it.
func (b *Rulebook) termsOn(f *Facts, t Type, d calendar.Date) (*Terms, bool) {
	c, ok := f.ContractOn(d)
	if !ok {
		return nil, false
	}
	p := b.policy(c.Package, t.ID, d)
	if p == nil {
		return nil, false
	}
	return &p.Terms, true
}

// checkClaims notes what is wrong with what is due on events, by overtime and by
// trade. The fields are event, event_within_months, event_before_months, event_paid,
// overtime_factors, overtime_valid_months, buy, sell and trade_months.
func (t *Terms) checkClaims(f *people.Faults, year exact.Rat) {
	e, o := &t.Event, &t.Overtime
	ends := e.Within.Months >= 0 && e.Within.Months <= 1200 && e.Within.Days >= -1 && e.Within.Days <= 36_600
	factor := func(n int) bool { return n < 1 || n > 1000 }
	month := func(m time.Month) bool { return m < time.January || m > time.December }
	for _, x := range []struct {
		field, key string
		wrong      bool
	}{
		{"event", "leave.error.not_listed", !e.IsZero() && e.Kind != FirstDay && !slices.Contains(EventKinds, e.Kind)},
		{"event_within_months", "leave.error.window", !e.IsZero() && (!ends || e.Within.IsZero())},
		{"event_before_months", "leave.error.window", !e.Before.valid()},
		{"event_paid", "leave.error.percent", e.Paid < Unpaid || e.Paid > 1000},
		{"overtime_factors", "leave.error.percent", slices.ContainsFunc(o.Factors, factor)},
		{"overtime_valid_months", "leave.error.window", !o.Valid.valid()},
		{"buy", "leave.error.amount_range", t.Trade.Buy.Sign() < 0 || t.Trade.Buy.Cmp(year) > 0},
		{"sell", "leave.error.amount_range", t.Trade.Sell.Sign() < 0 || t.Trade.Sell.Cmp(year) > 0},
		{"trade_months", "leave.error.not_listed", slices.ContainsFunc(t.Trade.Months, month)},
	} {
		if x.wrong {
			f.Add(x.field, x.key)
		}
	}
}

// claimPots is the place of the first pot that a claim or a first day of leave
// makes, after those of any policy.
const claimPots = 1 << 16

// claim adds what approved claims and first days of leave give. Where leave is due
// from the first day on which it is taken, opens is such a day beside those that
// are booked; zero: none.
func (a *account) claim(b *Rulebook, f *Facts, t Type, opens, last calendar.Date) {
	s := &source{account: a, book: b, facts: f, typ: t, last: last}
	s.events()
	s.firstDays(opens)
	s.overtime()
	s.purchases()
}

// source gathers the grants that no leave year gives.
type source struct {
	*account
	book  *Rulebook
	facts *Facts
	typ   Type
	last  calendar.Date // grants after it are left out
	made  int           // pots
}

// pot returns the place of a pot of its own.
func (s *source) pot() int {
	s.made++
	return claimPots + s.made
}

// add adds a grant, unless it comes after the days that are looked at.
func (s *source) add(g grant) {
	if g.date > s.last {
		return
	}
	g.amount, g.label = g.formula.Value(), s.years.label(g.date)
	if g.amount.IsZero() {
		return
	}
	s.grants = append(s.grants, g)
}

// window gives a grant its last day: that of a length of time, or where there is
// none that of the leave year's own.
func (s *source) window(g *grant, valid Term) {
	if valid.IsZero() {
		years := s.years.pot(g.pot)
		g.until = years.until(g.date, years.carries(g.pot))
		return
	}
	g.until, g.expires = valid.From(g.date).AddDays(-1), true
	g.why = append(g.why, Reason{"until", []any{"date", g.until}})
}
