// SPDX-License-Identifier: Apache-2.0

//go:build faults

package leave

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fault is a mistake planted in a file of this package, and the test that must see it.
type fault struct {
	test, file string
	planted    []string // old text, new text, and so on; each old text stands there once
}

var faults = map[string]fault{
	"half_of_a_taking_is_not_used": {"TestNothingIsLostAtAll", "ledger.go",
		[]string{"b.Taken, b.Left, left = b.Taken.Add(n),", "b.Taken, b.Left, left = b.Taken.Add(exact.Int(0)),"}},
	"leave_goes_over_twice": {"TestNothingIsLostAtAll", "ledger.go",
		[]string{"l.buckets[i].Gone, l.buckets[i].Left = b.Gone.Add(b.Left), exact.Rat{}", "l.buckets[i].Gone = b.Gone"}},
	"leave_ends_a_day_late": {"TestNobodyHoldsWhatIsOver", "ledger.go",
		[]string{"b.expires && b.Until < d &&", "b.expires && b.Until < d-1 &&"}},
	"what_ends_depends_on_the_day_asked": {"TestDayByDay", "ledger.go",
		[]string{"l.expire(min(d, to))", "l.expire(to)"}},
	"contracts_count_as_entered": {"TestAnyOrderOfEntry", "engine.go",
		[]string{"	if ordered {\n		return f", "	if ordered || true {\n		return f"}},
	"asking_changes_the_facts": {"TestEditUndone", "engine.go",
		[]string{"	closed := f.closings(t)\n	acc :=", "	f.Contracts[0].From++\n	closed := f.closings(t)\n	acc :="}},
	"corrections_pile_up": {"TestChangeUndone", "correction.go",
		[]string{"if c.undoes(&r.Corrections[i]) {", "if false && c.undoes(&r.Corrections[i]) {"}},
	"the_balance_is_not_looked_at": {"TestAcceptedStaysWithinTheLimit", "ask.go",
		[]string{"return short.Sign() > 0 &&", "return short.Sign() < 0 &&"}},
	"the_zone_of_the_server_counts": {"TestAnyTimeZone", "engine.go",
		[]string{"import (\n", "import (\n	\"time\"\n", "	closed := f.closings(t)\n	acc :=",
			"	if _, east := time.Unix(0, 0).Zone(); east > 0 {\n		at++\n	}\n	closed := f.closings(t)\n	acc :="}},
	"each_grant_is_rounded": {"TestRoundingDoesNotDrift", "earning.go",
		[]string{"y.terms.Rounding.Apply(after).Sub(y.terms.Rounding.Apply(sum.earned))", "y.terms.Rounding.Apply(after.Sub(sum.earned))"}},
	"what_ends_last_is_used_first": {"TestAvailableByFlow", "ledger.go",
		[]string{"return b.Until < c.Until\n", "return b.Until > c.Until\n"}},
	"the_cap_lets_more_go_over": {"TestNaive", "ledger.go",
		[]string{"over = exact.Min(over, c.terms.Max)", "over = exact.Max(over, c.terms.Max)"}},
	"a_debt_is_never_repaid": {"TestNaive", "ledger.go",
		[]string{"l.debt = l.debt.Sub(repaid)", "l.debt = l.debt.Sub(exact.Rat{})"}},
}

// TestFaults plants each fault in a copy of the package and runs the test that has to
// see it. make faults runs this: it builds the package once for each.
func TestFaults(t *testing.T) {
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			here, err := filepath.Abs(f.file)
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(here)
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(f.planted); i += 2 {
				if n := bytes.Count(text, []byte(f.planted[i])); n != 1 {
					t.Fatalf("%q stands %d times in %s: plant the fault where the code is now", f.planted[i], n, f.file)
				}
				text = bytes.Replace(text, []byte(f.planted[i]), []byte(f.planted[i+1]), 1)
			}
			out, err := runPlanted(t, here, text, f.test)
			switch {
			case err == nil:
				t.Errorf("%s did not see the fault", f.test)
			case !strings.Contains(out, "--- FAIL: "+f.test):
				t.Errorf("%s did not fail by itself:\n%s", f.test, out)
			}
		})
	}
}

// runPlanted runs a test of this package with other text in one file.
func runPlanted(t *testing.T, file string, text []byte, test string) (string, error) {
	t.Helper()
	planted, overlay := filepath.Join(t.TempDir(), "planted.go"), filepath.Join(t.TempDir(), "overlay.json")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{file: planted}})
	if err != nil {
		t.Fatal(err)
	}
	for path, b := range map[string][]byte{planted: text, overlay: list} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), "go", "test", "-overlay", overlay, "-run", "^"+test+"$", ".").CombinedOutput()
	return string(out), err
}
