// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"sync"

	"verlof/identity/openid"
	"verlof/internal/seal"
)

// issuing is what certifies the customers' signing keys, once somebody has asked.
type issuing struct {
	mu        sync.Mutex
	authority *openid.Authority
}

// secretIssuing names the issuing certificate among the secrets of the registry.
const secretIssuing = "issuing-certificate"

// secretPlace is where a secret of the registry is sealed for.
func secretPlace(name string) seal.Place {
	return seal.Place{Table: "secret", Column: "sealed", Row: name}
}

// Authority returns what certifies the customers' signing keys: the operator's
// certificate, or else the installation's own, which the first use makes.
func (d *Directory) Authority(ctx context.Context) (*openid.Authority, error) {
	d.issuing.mu.Lock()
	defer d.issuing.mu.Unlock()
	if d.issuing.authority != nil {
		return d.issuing.authority, nil
	}
	text := d.Issuing
	if len(text) == 0 {
		var err error
		if text, err = d.ownIssuing(ctx); err != nil {
			return nil, err
		}
	}
	a, err := openid.ReadAuthority(text)
	d.issuing.authority = a
	return a, err
}

// ownIssuing returns the issuing certificate that the registry keeps.
func (d *Directory) ownIssuing(ctx context.Context) ([]byte, error) {
	text, err := d.secret(ctx, secretIssuing, func() (string, error) {
		fresh, err := openid.MakeAuthority(d.clock())
		return string(fresh), err
	})
	return []byte(text), err
}

// plainSite returns the address of a site at the usual port.
func (o Options) plainSite(host string) string {
	if o.Plain {
		return "http://" + host
	}
	return "https://" + host
}
