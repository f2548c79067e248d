// SPDX-License-Identifier: Apache-2.0

package view

import (
	"strings"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/web/template"
)

// NumberAndUnit writes an amount, days without loss, and its unit.
func NumberAndUnit(l *lang.Locale, v exact.Rat, u leave.Unit) (amount, unit string) {
	if u == leave.Hours {
		return Exact(l, v, u), l.T("web.unit.hours")
	}
	return Exact(l, v, u), l.T("web.unit.days", "count", v)
}

// Exact writes an amount without its unit, days without loss: what stands beside it
// adds up to the last eighth.
func Exact(l *lang.Locale, v exact.Rat, u leave.Unit) string {
	if u == leave.Hours {
		return Numeral(l, v, u)
	}
	return l.Exact(v)
}

// Numeral writes an amount without its unit for a column of a report: days with at
// most two decimals.
func Numeral(l *lang.Locale, v exact.Rat, u leave.Unit) string {
	if u == leave.Hours {
		return l.HoursOf(v)
	}
	return l.Number(v, 2)
}

// LineItem puts one line of a statement into words.
func LineItem(l *lang.Locale, s *leave.Statement, x *leave.Line) template.LineItem {
	item := template.LineItem{
		When: l.Date(x.Date), What: l.T("web.line."+string(x.Kind), "year", x.Year),
		Amount: explain.Signed(l, x.Amount, s.Unit), Left: explain.Plain(l, x.Balance, s.Unit),
		Effect: effectOf(x), Reasons: reasonsOf(l, s, x),
	}
	switch x.Kind {
	case leave.LineTaken, leave.LineGivenBack, leave.LineCorrection:
		item.When = l.Range(x.Date, max(x.Date, x.Until))
		if x.Request != "" {
			item.Href = "/requests/" + x.Request
		}
		if x.Pending {
			item.Beside = template.StatusBadge(l, template.Pending)
		}
	case leave.LineCarried:
		item.Amount = explain.Plain(l, x.Amount, s.Unit)
	}
	return item
}

func effectOf(x *leave.Line) template.Effect {
	switch {
	case x.Kind == leave.LineCarried:
		return template.Stays
	case x.Kind == leave.LineLapsed || x.Kind == leave.LineExpired:
		return template.Lost
	case x.Amount.Sign() > 0:
		return template.Adds
	}
	return template.Takes
}

// reasonsOf are the formula of a line, its reasons, and which leave it used up
// where that is not simply this year's.
func reasonsOf(l *lang.Locale, s *leave.Statement, x *leave.Line) []string {
	var out []string
	if f := explain.Formula(l, x.Formula, s.Unit); f != "" {
		out = append(out, f)
	}
	out = append(out, explain.Reasons(l, x.Why)...)
	plain := len(x.Draws) == 1 && x.Draws[0].Year == x.Year && !x.Draws[0].Carried && x.Draws[0].Due == nil
	for _, d := range x.Draws {
		if plain {
			break
		}
		if d.Due != nil {
			out = append(out, l.T("web.draw.due", "amount", explain.Plain(l, d.Amount, s.Unit), "due", dueText(l, d.Due)))
			continue
		}
		key := "web.draw.year"
		if d.Year == 0 {
			key = "web.draw.advance"
		} else if d.Carried {
			key = "web.draw.carried"
		}
		out = append(out, l.T(key, "amount", explain.Plain(l, d.Amount, s.Unit), "year", d.Year))
	}
	return out
}

// dueText says what leave is due on and how it is paid.
func dueText(l *lang.Locale, d *leave.Due) string {
	why := []leave.Reason{d.Reason()}
	if r, said := d.Paid.Reason(); said {
		why = append(why, r)
	}
	return strings.Join(explain.Reasons(l, why), ", ")
}

// DueLine is leave that is due on an event.
type DueLine struct {
	What, Until, Paid, Amount, Left string
	Over                            bool // used up
}

// DueLineOf puts leave that is due on an event into words.
func DueLineOf(l *lang.Locale, u leave.Unit, b leave.Bucket) DueLine {
	x := DueLine{What: explain.Reasons(l, []leave.Reason{b.Due.Reason()})[0], Until: l.Date(b.Until), Amount: explain.Plain(l, b.Amount, u),
		Left: explain.Plain(l, b.Left, u), Over: b.Left.IsZero()}
	if r, said := b.Due.Paid.Reason(); said {
		x.Paid = explain.Reasons(l, []leave.Reason{r})[0]
	}
	return x
}
