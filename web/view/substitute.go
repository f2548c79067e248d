// SPDX-License-Identifier: Apache-2.0

package view

import (
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/web/template"
)

// CoverTexts warn of what leave means for the work: whoever does it meanwhile is away too,
// or the one on leave, whose name is empty for the reader, was to do somebody else's.
func CoverTexts(l *lang.Locale, name string, c *leave.Covering) []string {
	var out []string
	if n := len(c.Substitutes); n > 0 {
		who := c.Substitutes[n-1].Who.Name()
		if c.SubstituteGone {
			out = append(out, l.T("substitute.gone", "name", who))
		}
		for _, a := range c.SubstituteAway {
			out = append(out, l.T("substitute.away", "name", who, "dates", SpanText(l, a.Span)))
		}
	}
	for _, d := range c.Duties {
		if name == "" {
			out = append(out, l.T("substitute.duty.own", "person", d.Person.Name(), "dates", SpanText(l, d.Span)))
		} else {
			out = append(out, l.T("substitute.duty", "name", name, "person", d.Person.Name(), "dates", SpanText(l, d.Span)))
		}
	}
	return out
}

// AnswerBadge says what a substitute has answered.
func AnswerBadge(l *lang.Locale, a leave.Answer) Badge {
	switch a {
	case leave.Agreed:
		return Badge{template.Good, l.T("substitute.answer.agreed")}
	case leave.Declined:
		return Badge{template.Bad, l.T("substitute.answer.declined")}
	}
	return Badge{template.Warn, l.T("substitute.answer.waits")}
}
