// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/web/page"
)

// usualTerms are those that the form of a new policy begins with.
func usualTerms(u leave.Unit) leave.Terms {
	t := leave.Terms{Amount: exact.Int(25), FullTime: exact.Int(5), Accrual: leave.AtYearStart, Proration: leave.ByMonths,
		Rounding: leave.Rounding{Mode: leave.RoundHalfUp, Step: exact.New(1, 2)}}
	if u == leave.Hours {
		hour := exact.Int(60)
		t.Amount, t.FullTime, t.Rounding.Step = exact.Int(200).Mul(hour), exact.Int(40).Mul(hour), exact.Int(15)
	}
	return t
}

// fillPolicy fills the form with a policy in unit u.
func fillPolicy(f *page.Form, p leave.Policy, u leave.Unit) {
	f.Values.Set("type", p.Type)
	if !p.From.IsZero() {
		f.Values.Set("from", p.From.String())
	}
	t := p.Terms
	potFormOf(f, 0, u).fill(&t)
	for k := range t.Also {
		potFormOf(f, k+1, u).fill(&t.Also[k])
	}
}

// readPolicy returns p with what the form says, which is all that its terms are.
func readPolicy(f *page.Form, p leave.Policy, u leave.Unit) leave.Policy {
	p.From = f.DateOr("from", 0)
	n := furtherPots(f)
	for k := range n + 1 {
		potFormOf(f, k, u).compact()
	}
	p.Terms = potFormOf(f, 0, u).read()
	for k := range n {
		p.Terms.Also = append(p.Terms.Also, potFormOf(f, k+1, u).read())
	}
	return p
}

func missingNumber(field string) error {
	return errs.New(errs.Invalid, "admin.error.number").At(field)
}

func missingTypes(field string) error {
	return errs.New(errs.Invalid, "leave.error.away_who").At(field)
}
