// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"fmt"
	"strings"

	"verlof/internal/lang"
)

// awayNamed is how many of those who are away at the same time a letter names, as the page does.
const awayNamed = 4

// weigh adds to a letter what one of those who decide wants to know, and may.
func (d desk) weigh(ctx context.Context, l *lang.Locale, w *letter, request string, to Person) error {
	x, err := d.dir.Weigh(ctx, request, to.ID)
	if err != nil {
		return fmt.Errorf("what speaks for request %s: %w", request, err)
	}
	add := func(key string, lines ...string) {
		if len(lines) > 0 {
			w.Facts = append(w.Facts, fact{l.T(key), strings.Join(lines, "\n")})
		}
	}
	add("mail.fact.after", remains(l, x.Left)...)
	var limits []string
	for _, s := range x.Limits {
		limits = append(limits, line(l.T(s.Key, s.Args...)))
	}
	add("mail.fact.limits", limits...)
	switch {
	case !x.AnswerBy.IsZero():
		add("approval.answer", l.T("approval.answer_by", "date", x.AnswerBy))
	case !x.Due.IsZero():
		add("approval.answer", l.T("approval.due", "date", x.Due))
	}
	if len(x.Away) == 0 {
		add("web.beside.title", l.T("web.beside.nobody"))
		return nil
	}
	w.Also, w.More = l.T("mail.beside"), absences(l, x.Away[:min(len(x.Away), awayNamed)])
	if more := len(x.Away) - awayNamed; more > 0 {
		w.Rest = l.T("web.beside.more", "count", more)
	}
	return nil
}

// remains says what is left, by leave year.
func remains(l *lang.Locale, left []Left) []string {
	var out []string
	for _, y := range left {
		out = append(out, l.T("web.inbox.left", "left", quantity(l, y.Amount, y.InMinutes), "year", y.Year))
	}
	return out
}
