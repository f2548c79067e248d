// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strconv"

	"verlof/errs"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
)

// fixEntitlement handles POST /people/{id}/fixed. Without an amount the leave year
// follows the policy again.
func fixEntitlement(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	v, ctx := visitOf(r), r.Context()
	who, err := t.People.Record(ctx, v.person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	kind, _ := book.Type(f.text("fix_type"))
	x := leave.FixedEntitlement{Person: who.Person.ID, Type: kind.ID, Year: f.number("fix_year"), Reason: f.text("fix_reason"),
		Amount: f.amountOr("fix_amount", kind.Unit)}
	act, flash := func() error { return t.Leave.FixEntitlement(ctx, v.person, x) }, "fixed"
	if f.text("fix_amount") == "" {
		act, flash = func() error { return t.Leave.FreeEntitlement(ctx, v.person, x.Person, x.Type, x.Year) }, "freed"
	}
	if f.fine() {
		err := act()
		if err == nil {
			return done(w, r, subjectOf(v, who.Person).path("balance"), flash)
		}
		if !f.refuse(errs.As(err).At("fix_" + errs.As(err).Field)) {
			return err
		}
	}
	return renderBalance(w, r, t, who.Person, f)
}

// fixYear is the leave year to fix: what is filled in, else that of the day shown.
func (p *balancePage) fixYear() string {
	if s := p.Form.text("fix_year"); s != "" {
		return s
	}
	return strconv.Itoa(p.At.Year())
}
