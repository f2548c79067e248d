// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
)

// TestRefusal_earns_less: who earns leave by working earns less by being away, and
// that counts against a request.
func TestRefusal_earns_less(t *testing.T) {
	b := book(Terms{Amount: exact.Int(1), Worked: exact.Int(5 * 480), Accrual: MonthEnd, CarryOver: CarryOver{All: true}})
	ask := func(f *Facts, from, to string) ([]Charge, error) {
		s := Span{From: calendar.MustParse(from), To: calendar.MustParse(to)}
		charges, _ := b.Count(f, holiday, s)
		return charges, b.Refusal(f, holiday, s, charges)
	}
	// December to February earn 23, 22 and 20 fifths of a day: 13 days.
	f := worker("2025-12-01")
	charges, err := ask(f, "2026-03-02", "2026-03-17")
	if len(charges) != 12 || err != nil {
		t.Fatalf("%d days, %v", len(charges), err)
	}
	f.Requests = []Request{{ID: "march", Type: holiday.ID, State: Approved, Charges: charges,
		Span: Span{From: calendar.MustParse("2026-03-02"), To: calendar.MustParse("2026-03-17")}}}
	if _, err := ask(f, "2026-01-12", "2026-01-12"); !errs.Is(err, errs.Conflict) {
		t.Errorf("the 13th day, which leaves 64 fifths: %v", err)
	}
	f.Requests[0].Span.To, f.Requests[0].Charges = calendar.MustParse("2026-03-16"), charges[:11]
	if _, err := ask(f, "2026-01-12", "2026-01-12"); err != nil {
		t.Errorf("the 12th day: %v", err)
	}
}
