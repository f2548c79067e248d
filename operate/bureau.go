// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"verlof/calendar"
	"verlof/identity"
	"verlof/identity/bureau"
	"verlof/people"
	"verlof/tenant"
)

// star returns the first of a company's people with a role.
func (c company) star(role string) DemoPerson {
	all := c.stars()
	i := slices.IndexFunc(all, func(p DemoPerson) bool { return p.Role == role })
	return all[max(i, 0)]
}

// acquaint has one company keep the leave of another, which admits two of its people, and ask
// an accountant of its own, who has not answered.
func acquaint(ctx context.Context, d *tenant.Directory, host func(slug string) string, firm, served company, today calendar.Date) error {
	boss, helper := firm.star("administrator"), firm.star("manager")
	admitted := ""
	err := with(ctx, d, served.slug, func(t *tenant.Tenant) (err error) {
		by := identity.Session{Person: served.star("administrator").ID, Proven: d.Now()}
		admitted, err = t.Bureaus.Admit(ctx, by, bureau.Admission{Host: bureau.HostOf(host(firm.slug)), Roles: people.Administrator,
			Whom: bureau.Whom{Mails: []string{boss.Email, helper.Email}}, Reason: "Keeps our leave, as for all companies of the group", Until: today.AddDays(240)})
		if err == nil {
			err = carry(ctx, d, t, bureau.KindTerms, admitted)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("admit %s at %s: %w", firm.slug, served.slug, err)
	}
	err = with(ctx, d, firm.slug, func(t *tenant.Tenant) error {
		by := identity.Session{Person: boss.ID, Proven: d.Now()}
		if err := t.Bureaus.Choose(ctx, by, admitted, true, nil); err != nil {
			return err
		}
		if err := carry(ctx, d, t, bureau.KindAnswer, admitted); err != nil {
			return err
		}
		_, err := t.Bureaus.Admit(ctx, by, bureau.Admission{Host: "linden-accountants.example", Roles: people.Payroll, Whom: bureau.Whom{All: true},
			Reason: "Pays out leave with the wages", Until: today.AddDays(364)})
		return err
	})
	if err != nil {
		return fmt.Errorf("serve %s from %s: %w", served.slug, firm.slug, err)
	}
	return nil
}

// carry tells the other side at once what lies in the outbox too.
func carry(ctx context.Context, d *tenant.Directory, t *tenant.Tenant, kind, about string) error {
	payload, err := json.Marshal(about)
	if err != nil {
		return err
	}
	return d.Carry(ctx, t, kind, payload)
}
