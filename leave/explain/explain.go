// SPDX-License-Identifier: Apache-2.0

// Package explain owns the sentences in which leave gives its reasons: amounts,
// formulas and the steps behind a number, in the reader's language and form. It
// refuses to compute: whatever it writes was worked out by package leave.
package explain

import (
	"strings"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
)

// Amount writes v, which is in unit u: "2.5 days", or "20:00" for hours. Where
// dayLength, the minutes of an average working day, is known, the other unit
// follows in brackets: "2.5 days (20:00)".
func Amount(l *lang.Locale, v exact.Rat, u leave.Unit, dayLength int) string {
	main := Plain(l, v, u)
	if other := Other(l, v, u, dayLength); other != "" {
		return main + " (" + other + ")"
	}
	return main
}

// Plain writes v in its own unit alone, days without loss.
func Plain(l *lang.Locale, v exact.Rat, u leave.Unit) string {
	if u == leave.Hours {
		return l.T("explain.hours", "time", l.HoursOf(v))
	}
	return l.DaysExact(v)
}

// Other writes v in the unit that it is not kept in; empty where the length of
// a day is not known.
func Other(l *lang.Locale, v exact.Rat, u leave.Unit, dayLength int) string {
	if dayLength <= 0 {
		return ""
	}
	day := exact.Int(int64(dayLength))
	if u == leave.Hours {
		return l.Days(v.Div(day))
	}
	return l.T("explain.hours", "time", l.HoursOf(v.Mul(day)))
}

// Signed writes v like Plain with a sign, also where it adds: "+25 days".
func Signed(l *lang.Locale, v exact.Rat, u leave.Unit) string {
	s := Plain(l, v, u)
	if v.Sign() > 0 {
		return "+" + s
	}
	return s
}

// Formula writes how an amount in unit u came about: "25 × 3/5 × 6/12". Factors
// of one are left out, and so is a formula that is its own result; then the
// string is empty.
func Formula(l *lang.Locale, f leave.Formula, u leave.Unit) string {
	terms := make([]string, 0, len(f))
	plain := true
	for _, p := range f {
		t, factors := product(l, p, u)
		plain = plain && factors == 0
		terms = append(terms, t)
	}
	if len(terms) == 0 || plain && len(terms) == 1 {
		return ""
	}
	return strings.Join(terms, " + ")
}

// product writes one term and counts the factors written.
func product(l *lang.Locale, p leave.Product, u leave.Unit) (text string, factors int) {
	text = number(l, p.Base, u)
	for _, f := range p.Factor {
		if f.Part.Equal(f.Of) {
			continue
		}
		text += " × " + Ratio(l, f)
		factors++
	}
	return text, factors
}

// Ratio writes a fraction as it was counted, "6/12", with brackets around a part
// that is itself a fraction: "(5 17/31)/12".
func Ratio(l *lang.Locale, r leave.Ratio) string {
	part := l.Exact(r.Part)
	if strings.Contains(part, "/") {
		part = "(" + part + ")"
	}
	if r.Of.Equal(exact.Int(1)) {
		return part
	}
	return part + "/" + l.Exact(r.Of)
}

func number(l *lang.Locale, v exact.Rat, u leave.Unit) string {
	if u == leave.Hours {
		return l.HoursOf(v)
	}
	return l.Exact(v)
}

// Reasons writes a sentence for each step, in their order.
func Reasons(l *lang.Locale, steps []leave.Reason) []string {
	out := make([]string, 0, len(steps))
	for _, s := range steps {
		out = append(out, l.T("leave.why."+s.Key, Values(l, s.Args)...))
	}
	return out
}

// Change writes what a change changed.
func Change(l *lang.Locale, what leave.Reason) string {
	return l.T("leave.change."+what.Key, Values(l, what.Args)...)
}

// Values turns what only leave knows into text and leaves the rest to the
// locale.
func Values(l *lang.Locale, args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case leave.Amount:
			out[i] = Plain(l, a.Value, a.Unit)
		case leave.Ratio:
			out[i] = Ratio(l, a)
		case leave.Word:
			out[i] = l.T(string(a))
		default:
			out[i] = a
		}
	}
	return out
}
