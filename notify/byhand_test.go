// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"strings"
	"testing"
)

// TestByHand: whoever's balance was written into reads who did it, how much it is, why, and what the balance is; of a private
// type from when it counts alone.
func TestByHand(t *testing.T) {
	for id, want := range map[string]string{
		"l1": `Mia Manager wrote an adjustment into your leave balance.

Type of leave: Holiday
Change: +2 days
Counts from: 5 Jan 2026
Take it by: 30 Jun 2026
Reason given: Agreed on joining
Your balance: 12.5 days left of 2026

`,
		"l2": `Mia Manager took back an adjustment of your leave balance.

Type of leave: Holiday
Change: −2 days
Counts from: 5 Jan 2026
Reason given: A mistake
Your balance: 12.5 days left of 2026

`,
		"l3": `Mia Manager wrote an adjustment into your leave balance.

Counts from: 5 Jan 2026

`,
	} {
		for _, m := range mails(t, acme(), "leave.adjusted", Event{Request: id, Person: "ana", By: "mia"}) {
			if m.To.Address != "ana@acme.example" || !strings.Contains(m.Text, want) {
				t.Errorf("to %s:\n%s\nwant in it:\n%s", m.To.Address, m.Text, want)
			}
		}
	}
}
