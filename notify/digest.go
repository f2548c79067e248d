// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"fmt"

	"verlof/calendar"
	"verlof/internal/lang"
)

// stopPath is the page where digests are chosen and stopped.
const stopPath = "/account/digest"

// digest writes the letter that says who is away.
func (d desk) digest(ctx context.Context, l *lang.Locale, k kind, e Event, to Person) (letter, error) {
	x, err := d.dir.Digest(ctx, e.Person, e.Request)
	if err != nil {
		return letter{}, fmt.Errorf("digest of %s: %w", e.Person, err)
	}
	day, err := calendar.Parse(e.Request)
	if err != nil {
		return letter{}, unsendable("no day to tell of")
	}
	key := k.key + ".day"
	if x.Weekly {
		key = k.key + ".week"
	}
	args := []any{"date", l.Date(day), "dates", l.Range(x.Range.From, x.Range.To)}
	w := d.letter(l, key, to, args)
	if len(x.Away) == 0 {
		w.Body = l.T(key+".none", args...)
	}
	w.Facts, w.More = absences(l, x.Away), absences(l, x.Soon)
	if len(x.Soon) > 0 {
		w.Also = l.T(k.key + ".soon")
	}
	w.Link, w.Stop, w.After = d.site.URL+k.page, d.site.URL+stopPath, l.T(k.key+".stop")
	return w, nil
}

// absences are the lines of a letter that say who is away, and when.
func absences(l *lang.Locale, list []Away) []fact {
	var out []fact
	for _, a := range list {
		text := l.Span(a.From, a.To, a.First, a.Last)
		if a.Partly {
			text += ", " + l.T("web.away.partly")
		}
		if a.Type != "" {
			text += ", " + line(a.Type)
		}
		if a.Pending {
			text += ", " + l.T("web.away.pending")
		}
		out = append(out, fact{line(a.Name), text})
	}
	return out
}
