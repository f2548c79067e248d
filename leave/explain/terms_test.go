// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"strings"
	"testing"
	"time"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
)

func TestTerms(t *testing.T) {
	days := leave.Terms{Amount: exact.Int(25), FullTime: exact.Int(5), Accrual: leave.AtYearStart, Proration: leave.ByFullMonths,
		Rounding:  leave.Rounding{Mode: leave.RoundHalfUp},
		CarryOver: leave.CarryOver{Max: exact.Int(5), Expires: leave.MonthDay{Month: time.July, Day: 1}}}
	older := days
	older.Levels = []leave.Level{{After: 60, Amount: exact.Int(27)}}
	older.Bonuses = []leave.Bonus{{Age: 50, Amount: exact.Int(1)}, {After: 18, Amount: exact.Int(2)}}
	bounded := days
	bounded.Levels = []leave.Level{{After: 36, Amount: exact.Int(27), Cap: exact.Int(40), Carries: exact.Int(10)}}
	ill := days
	ill.Away = []leave.Away{{Sick: true, Types: []string{"p"}, Weeks: 4}}
	ill.CarryOver = leave.CarryOver{All: true, Told: leave.Told{Before: leave.Term{Months: 2}}, Longer: []leave.Longer{{Term: leave.Term{Months: 15}}}, Rest: leave.PaidOut}
	birth := leave.Terms{Amount: exact.Int(5), Event: leave.EventRule{Kind: leave.EventBirth, Weeks: true, Within: leave.Term{Months: 96, Days: -1}, Paid: 70, EachChild: true}}
	for name, tt := range map[string]struct {
		terms       leave.Terms
		said, dutch string
	}{
		"usual": {days, "25 days a year, by whole months, rounded to the nearest; 5 days of what is left are carried over until 30 Jun",
			"25 dagen per jaar, naar hele maanden, afgerond op het dichtstbijzijnde; van wat over is gaat 5 dagen mee tot en met 30 jun"},
		"older": {older, "25 days a year, by whole months, rounded to the nearest; 27 days after 5 years; on top: 1 day from age 50 and 2 days after 18 months; " +
			"5 days of what is left are carried over until 30 Jun", ""},
		"bounded": {bounded, "25 days a year, by whole months, rounded to the nearest; 27 days after 3 years (no more once the balance is 40 days) (at most 10 days carried over); " +
			"5 days of what is left are carried over until 30 Jun", ""},
		"ill": {ill, "25 days a year, by whole months, rounded to the nearest; 0 days instead during sickness and Parental leave, after 4 weeks of it; what is left is carried over; " +
			"lost only if told 2 months before; 15 months longer after sickness; the rest is paid out", ""},
		"birth": {birth, "5 weeks at a birth; up to 8 years after it; paid 70%; for each child", "5 weken bij een geboorte; tot 8 jaar erna; 70% betaald; voor elk kind"},
	} {
		call := func(string) string { return "Parental leave" }
		for tag, want := range map[string]string{"en": tt.said, "nl": tt.dutch} {
			if got := strings.Join(Terms(lang.For(tag), &tt.terms, leave.Days, call), "; "); want != "" && got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
	}
	if got := strings.Join(Entitlement(lang.For("en"), &older, leave.Days), "; "); got != "25 days a year; 27 days after 5 years; on top: 1 day from age 50 and 2 days after 18 months" {
		t.Error(got)
	}
}
