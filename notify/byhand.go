// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"fmt"

	"verlof/internal/exact"
	"verlof/internal/lang"
)

// byHand writes the letter about a line that was written into somebody's balance by hand. Of a private type it says
// that there is one, and from when it counts.
func (d desk) byHand(ctx context.Context, l *lang.Locale, k kind, e Event, to Person) (letter, error) {
	x, err := d.dir.Line(ctx, e.Request)
	if err != nil {
		return letter{}, fmt.Errorf("line %s: %w", e.Request, err)
	}
	by, err := d.name(ctx, l, e.By)
	if err != nil {
		return letter{}, err
	}
	key := k.key
	if x.Back {
		key += ".back"
	}
	w := d.letter(l, key, to, []any{"by", by})
	w.Link = d.site.URL + k.path
	add := func(key, value string) { w.Facts = append(w.Facts, fact{l.T(key), value}) }
	if x.Type != "" {
		add("mail.fact.type", line(x.Type))
		add("mail.fact.change", signed(l, x.Amount, x.InMinutes))
	}
	add("mail.fact.counts_from", l.Date(x.Date))
	if x.Type == "" {
		return w, nil
	}
	if !x.Until.IsZero() && !x.Back {
		add("mail.fact.ends", l.Date(x.Until))
	}
	add("mail.fact.reason", lines(x.Reason))
	for _, left := range remains(l, x.Left) {
		add("mail.fact.balance", left)
	}
	return w, nil
}

// signed writes a quantity with its sign, as what it does to a balance.
func signed(l *lang.Locale, v exact.Rat, minutes bool) string {
	if v.Sign() > 0 {
		return "+" + quantity(l, v, minutes)
	}
	return quantity(l, v, minutes)
}
