// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"

	"verlof/calendar"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
)

// soonNote is what somebody will lose soon, and where the letter about it is.
type soonNote struct {
	Text, Href string
}

// soonMonths is how far ahead a page warns of leave that ends; of what a letter was
// sent about it always does.
const soonMonths = 6

// soonNotes returns what a person will lose soon, by type.
func soonNotes(ctx context.Context, v *visit, t *tenant.Tenant, who people.ID, today calendar.Date) (map[string][]soonNote, error) {
	soon, err := t.Leave.EndingSoon(ctx, v.person, who, today.AddMonths(3*soonMonths))
	if err != nil {
		return nil, err
	}
	out := map[string][]soonNote{}
	for _, x := range soon {
		if x.Ends > today.AddMonths(soonMonths) && x.Notice.ID == "" {
			continue
		}
		rest := string(x.Rest)
		if x.Rest == leave.Lapses {
			rest = "lapses"
		}
		n := soonNote{Text: v.lang.T("soon."+rest, "amount", explain.Plain(v.lang, x.Amount, x.Type.Unit), "date", x.Ends)}
		if x.Notice.ID != "" && (who == v.person || v.viewer.IsAdministrator()) {
			n.Href = "/notices/" + x.Notice.ID
		}
		out[x.Type.ID] = append(out[x.Type.ID], n)
	}
	return out, nil
}
