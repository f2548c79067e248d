// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"net/http"
	"strconv"

	"verlof/errs"
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
	act, flash := func() error { return t.Leave.FixEntitlement(ctx, v.Person, x) }, "fixed"
	if f.Text("fix_amount") == "" {
		act, flash = func() error { return t.Leave.FreeEntitlement(ctx, v.Person, x.Person, x.Type, x.Year) }, "freed"
	}
	if f.Fine() {
		err := act()
		if err == nil {
			return page.Done(w, r, view.SubjectOf(v, who.Person).Path("balance"), flash)
		}
		if !f.Refuse(errs.As(err).At("fix_" + errs.As(err).Field)) {
			return err
		}
	}
	return renderBalance(w, r, t, who.Person, f)
}

// fixYear is the leave year to fix: what is filled in, else that of the day shown.
func (p *balancePage) fixYear() string {
	if s := p.Form.Text("fix_year"); s != "" {
		return s
	}
	return strconv.Itoa(p.At.Year())
}
