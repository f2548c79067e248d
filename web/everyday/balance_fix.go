// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"net/http"
	"strconv"

	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/view"
)

// fixEntitlement handles POST /people/{id}/fixed. Without an amount the leave year
// follows the policy again.
func fixEntitlement(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v, ctx := page.VisitOf(r), r.Context()
	who, err := t.People.Record(ctx, v.Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	kind, _ := book.Type(f.Text("fix_type"))
	x := leave.FixedEntitlement{Person: who.Person.ID, Type: kind.ID, Year: f.Number("fix_year"), Reason: f.Text("fix_reason"),
		Amount: f.AmountOr("fix_amount", kind.Unit)}
	ch, flash := leave.Fixing(x), "fixed"
	if f.Text("fix_amount") == "" {
		ch, flash = leave.Freeing(x.Person, x.Type, x.Year), "freed"
	}
	return view.Change(w, r, t, f, ch, view.Asker{
		Done:   func(string) error { return page.Done(w, r, view.SubjectOf(v, who.Person).Path("balance"), flash) },
		Again:  func() error { return renderBalance(w, r, t, who.Person, f) },
		Prefix: "fix_",
	})
}

// fixYear is the leave year to fix: what is filled in, else that of the day shown.
func (p *balancePage) fixYear() string {
	if s := p.Form.Text("fix_year"); s != "" {
		return s
	}
	return strconv.Itoa(p.At.Year())
}
