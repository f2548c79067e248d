// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"context"

	"verlof/calendar"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// soonNote is what somebody will lose soon, with where the letter about it is, or how
// far their block of leave is.
type soonNote struct {
	Text, Href string
	Tone       template.Tone
	Done       bool // there is nothing left to do about it
}

// soonMonths is how far ahead a page warns of leave that ends; of what a letter was
// sent about it always does.
const soonMonths = 6

// soonNotes returns what a person will lose soon, by type.
func soonNotes(ctx context.Context, v *page.Visit, t *tenant.Tenant, who people.ID, today calendar.Date) (map[string][]soonNote, error) {
	soon, err := t.Leave.EndingSoon(ctx, v.Person, who, today.AddMonths(3*soonMonths))
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
		n := soonNote{Tone: template.Warn, Text: v.Lang.T("soon."+rest, "amount", explain.Plain(v.Lang, x.Amount, x.Type.Unit), "date", x.Ends)}
		if x.Notice.ID != "" && (who == v.Person || v.Viewer.Has(people.SeeReports)) {
			n.Href = "/notices/" + x.Notice.ID
		}
		out[x.Type.ID] = append(out[x.Type.ID], n)
	}
	return out, nil
}
