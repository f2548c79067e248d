// SPDX-License-Identifier: Apache-2.0

package view

import (
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/web/page"
	"verlof/web/template"
)

// ClaimLine is one claim in a list, or one that waits for the visitor.
type ClaimLine struct {
	leave.ClaimView
	Date, What, Worth, Asked string
	Status                   template.Status
	Right                    string // in which right the visitor decides, where it is not their own
	Decided                  string // in whose place it was decided; empty where in nobody's
}

// ClaimLineOf puts a claim into words.
func ClaimLineOf(v *page.Visit, c leave.ClaimView) ClaimLine {
	l := v.Lang
	x := ClaimLine{ClaimView: c, Date: l.Date(c.Date), What: l.T("web.claim." + string(c.Kind)), Status: template.Status(c.State),
		Asked: l.DateTime(c.AskedAt, v.Zone)}
	if c.As == leave.AsStandIn {
		x.Right = l.T("approval.as.stand-in", "name", c.For.Name())
	}
	if c.DecidedFor.ID != "" {
		x.Decided = DecidedText(l, c.State == leave.Approved, leave.AsStandIn, c.Decider.Name(), c.DecidedFor.Name())
	}
	switch {
	case c.Kind == leave.ClaimEvent:
		x.What = l.T("web.event." + string(c.Event))
		if c.Child != "" {
			x.What += " · " + c.Child
		}
	case c.Kind == leave.ClaimSale:
		x.Worth = explain.Signed(l, c.Worth.Neg(), c.On.Unit)
	default:
		x.Worth = explain.Signed(l, c.Worth, c.On.Unit)
	}
	return x
}

// Detail says how overtime is counted: when it was, and at which rate.
func (x *ClaimLine) Detail(l *lang.Locale) string {
	if x.Kind != leave.ClaimOvertime {
		return ""
	}
	s := explain.Plain(l, exact.Int(int64(x.Minutes)), leave.Hours)
	if !x.Times.IsZero() {
		s = x.Times.From.String() + "–" + x.Times.To.String() + " · " + s
	}
	if x.Factor != 100 {
		s += " · " + l.T("web.percent", "percent", x.Factor)
	}
	return s
}
