// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"

	"verlof/identity/access"
	"verlof/identity/openid"
	"verlof/people"
	"verlof/tenant"
)

// connect registers the applications of a sample: what people sign in to with their
// account here, and what reads leave for itself.
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
	return nil
}
