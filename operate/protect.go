// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"verlof/identity"
	"verlof/internal/totp"
	"verlof/people"
	"verlof/tenant"
)

// protect gives some people second factors, as if they had set them up lately. Those whom a
// visitor may be have none: they come in by the bar above the pages.
func (c *company) protect(ctx context.Context, t *tenant.Tenant, ids []people.ID) error {
	stars := c.stars()
	now := t.Identity.Now().UTC().Truncate(time.Second)
	return t.Identity.Store.Update(ctx, func(tx identity.Tx) error {
		for i, id := range ids {
			if slices.ContainsFunc(stars, func(s DemoPerson) bool { return s.ID == id }) {
				continue
			}
			f := identity.Factor{ID: fmt.Sprintf("factor-%d", i), Person: id, Confirmed: true, Added: now.AddDate(0, 0, -i)}
			switch {
			case i%3 == 0:
				f.Kind, f.Secret = identity.App, totp.NewSecret().String()
			case i%7 == 0:
				f.Kind, f.Name, f.Credential, f.Secret = identity.Passkey, "Laptop", string(identity.DigestOf(f.ID)), "{}"
			default:
				continue
			}
			if err := tx.SaveFactor(f); err != nil {
				return err
			}
		}
		return nil
	})
}
