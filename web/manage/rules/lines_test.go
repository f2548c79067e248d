// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"testing"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/law"
	"verlof/leave/scenario"
)

// TestLinesOfALaw: the page of a law says within what time leave on an event may be taken and how it is paid, and a list
// of policies what becomes of each pot, and when overtime comes to the balance.
func TestLinesOfALaw(t *testing.T) {
	nl := lang.For("nl")
	x, _ := law.For("NL")
	for id, want := range map[string][]string{
		"birth":      {"1 week bij een geboorte", "Als het zich voordoet: binnen 4 weken, 100% betaald, de medewerker mag het melden", "Vervalt"},
		"short-care": {"2 weken vanaf de eerste opgenomen dag", "Als het zich voordoet: binnen 1 jaar, 70% betaald", "Vervalt"},
		"holiday":    {"20 dagen per jaar", "Eens per verlofjaar, aan het begin", "Gaat mee, tot 30 jun · Gaat mee, 5 jaar lang"},
	} {
		r, _ := x.Rule(id)
		terms, _ := x.Terms(id, exact.Int(5))
		line := potLines(nl, r.Type, &terms)[0]
		if got := []string{line.Amount, line.Granted, leftovers(nl, r.Type, &terms)}; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	lieu := leave.Type{ID: "lieu", Unit: leave.Hours, Counting: leave.WorkingTime, Entitled: true}
	terms, err := scenario.ParsePolicy(lieu, "0 hours a year, overtime at 100 150 %, carries all")
	if err != nil {
		t.Fatal(err)
	}
	if got := policyLineOf(nl, lieu, leave.Policy{Terms: terms}).Granted; got != "Zodra het overwerk is goedgekeurd" {
		t.Errorf("overtime comes %q", got)
	}
}
