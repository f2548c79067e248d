// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"sync"

	"verlof/errs"
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
	sealed, err := d.registry.Secret(ctx, secretIssuing)
	if errs.Is(err, errs.NotFound) {
		fresh, err := openid.MakeAuthority(d.clock())
		if err != nil {
			return nil, err
		}
		root, err := d.rereadRoot(ctx)
		if err != nil {
			return nil, err
		}
		if err := d.registry.AddSecret(ctx, secretIssuing, root.Seal(secretPlace(secretIssuing), string(fresh))); err != nil {
			return nil, err
		}
		sealed, err = d.registry.Secret(ctx, secretIssuing) // another process may have been faster
		if err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	text, err := opened(ctx, d, func(r *seal.Root) (string, error) { return r.Open(secretPlace(secretIssuing), sealed) })
	return []byte(text), err
}

// plainSite returns the address of a site at the usual port.
func (o Options) plainSite(host string) string {
	if o.Plain {
		return "http://" + host
	}
	return "https://" + host
}
