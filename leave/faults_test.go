// SPDX-License-Identifier: Apache-2.0

//go:build faults

package leave

import (
	"testing"

	"verlof/internal/faulttest"
)

// mistakes are planted in files of this package, each for the test that must see it.
var mistakes = map[string]faulttest.Fault{
	"half_of_a_taking_is_not_used": faulttest.In("TestNothingIsLostAtAll", "ledger.go",
		"b.Taken, b.Left, left = b.Taken.Add(n),", "b.Taken, b.Left, left = b.Taken.Add(exact.Int(0)),"),
	"leave_goes_over_twice": faulttest.In("TestNothingIsLostAtAll", "ledger.go",
		"l.buckets[i].Gone, l.buckets[i].Left = b.Gone.Add(b.Left), exact.Rat{}", "l.buckets[i].Gone = b.Gone"),
	"leave_ends_a_day_late": faulttest.In("TestNobodyHoldsWhatIsOver", "ledger.go",
		"b.expires && b.Until < d &&", "b.expires && b.Until < d-1 &&"),
	"what_ends_depends_on_the_day_asked": faulttest.In("TestDayByDay", "ledger.go",
		"l.expire(min(d, to))", "l.expire(to)"),
	"contracts_count_as_entered": faulttest.In("TestAnyOrderOfEntry", "engine.go",
		"	if ordered {\n		return f", "	if ordered || true {\n		return f"),
	"asking_changes_the_facts": faulttest.In("TestEditUndone", "engine.go",
		"	closed := f.closings(t)\n	acc :=", "	f.Contracts[0].From++\n	closed := f.closings(t)\n	acc :="),
	"corrections_pile_up": faulttest.In("TestChangeUndone", "correction.go",
		"if c.undoes(&r.Corrections[i]) {", "if false && c.undoes(&r.Corrections[i]) {"),
	"the_balance_is_not_looked_at": faulttest.In("TestAcceptedStaysWithinTheLimit", "ask.go",
		"if over.Sign() <= 0 {", "if over.Sign() <= 9 {"),
	"the_zone_of_the_server_counts": faulttest.In("TestAnyTimeZone", "engine.go",
		"import (\n", "import (\n	\"time\"\n", "	closed := f.closings(t)\n	acc :=",
		"	if _, east := time.Unix(0, 0).Zone(); east > 0 {\n		at++\n	}\n	closed := f.closings(t)\n	acc :="),
	"each_grant_is_rounded": faulttest.In("TestRoundingDoesNotDrift", "earning.go",
		"y.terms.Rounding.Apply(after).Sub(y.terms.Rounding.Apply(sum.earned))", "y.terms.Rounding.Apply(after.Sub(sum.earned))"),
	"what_ends_last_is_used_first": faulttest.In("TestAvailableByFlow", "ledger.go",
		"return b.last < c.last\n", "return b.last > c.last\n"),
	"the_cap_lets_more_go_over": faulttest.In("TestNaive", "ledger.go",
		"over = exact.Min(over, c.terms.Max)", "over = exact.Max(over, c.terms.Max)"),
	"a_debt_is_never_repaid": faulttest.In("TestNaive", "ledger.go",
		"l.debt = l.debt.Sub(repaid)", "l.debt = l.debt.Sub(exact.Rat{})"),
}

// TestFaults plants each of them in a copy of the package. make faults runs this.
func TestFaults(t *testing.T) { faulttest.Plant(t, mistakes) }
