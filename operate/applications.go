// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"

	"verlof/events"
	"verlof/identity"
	"verlof/identity/access"
	"verlof/identity/openid"
	"verlof/identity/sso"
	"verlof/people"
	"verlof/tenant"
)

// connect registers the applications of a sample: what people sign in to with their
// account here, what reads leave for itself, what hears of changes, and a provider that is prepared and off.
func connect(ctx context.Context, t *tenant.Tenant, keeper people.ID) error {
	for _, c := range []openid.Client{
		{Name: "Intranet", Kind: openid.Confidential, Redirects: []string{"https://intranet.example/signed-in"}, PostLogout: []string{"https://intranet.example/"},
			Scope: "openid profile email", Subjects: openid.SubjectPublic},
		{Name: "Shop floor display", Kind: openid.Device, Scope: openid.Scope("openid " + string(access.LeaveRead)), Subjects: openid.SubjectPublic},
		{Name: "Payroll", Kind: openid.Service, Scope: openid.Scope(access.LeaveRead) + " " + openid.Scope(access.PeopleRead), Subjects: openid.SubjectPublic},
	} {
		if _, _, err := t.OpenID.Register(ctx, keeper, c); err != nil {
			return err
		}
	}
	for _, h := range []events.Wish{
		{URL: "https://payroll.example/verlof", Description: "Payroll", Types: events.Filter{events.Request.Name + ".*", events.Person.Name + ".*"}},
		{URL: "https://roster.example/changes", Description: "Roster", Off: true},
	} {
		if _, err := t.Events.Add(ctx, keeper, h); err != nil {
			return err
		}
	}
	_, err := t.SSO.Save(ctx, identity.Session{Person: keeper, Proven: t.SSO.Now()}, sso.Provider{
		Name: "Entra ID", Issuer: "https://login.microsoftonline.com/2f6c1c1e-0000-4000-8000-5a9e6f1c2b3d/v2.0", ClientID: "8d1b7a52-0000-4000-8000-c1f2a6b9d3e4",
		Domains: []string{t.Slug + ".example"}, Unsaid: true, Both: true, Groups: "groups", Rules: []sso.Rule{{Group: "Leave administration", Role: people.Administrator}},
	})
	return err
}
