// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"verlof/identity"
)

// heldBy returns the grant of a refresh token that was not used yet, and when that
// token ends; the zero Grant for every other text.
func heldBy(tx Tx, token string) (Grant, time.Time, error) {
	t, found, err := absent(tx.RefreshToken(identity.DigestOf(token)))
	if err != nil || !found || !t.Used.IsZero() {
		return Grant{}, time.Time{}, err
	}
	g, _, err := absent(tx.Grant(t.Grant))
	return g, t.Expires, err
}

// Revoke ends the grant that a client's token hangs on (RFC 7009). A token that is
// unknown, ended or another client's is no error: the wish is fulfilled, or not for
// this client to have (section 2.2).
func (p *Provider) Revoke(ctx context.Context, by Client, token string) error {
	var c accessClaims
	_, err := p.open(ctx, token, true, &c, typeAccess)
	if err != nil && !errors.Is(err, errToken) {
		return err
	}
	grant, _, _ := strings.Cut(c.ID, ".")
	err = p.Store.Update(ctx, func(tx Tx) error {
		g, _, err := heldBy(tx, token)
		if err != nil {
			return err
		}
		if g.ID == "" && grant != "" {
			if g, _, err = absent(tx.Grant(grant)); err != nil {
				return err
			}
		}
		if g.ID == "" || g.Client != by.ID {
			return nil
		}
		if _, _, err := held(tx, g.ID); err != nil {
			return err
		}
		return tx.DeleteGrant(g.ID)
	})
	if err != nil {
		return fmt.Errorf("revoke a token of client %s: %w", by.ID, err)
	}
	return nil
}
