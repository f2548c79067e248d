// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/access"
	"verlof/internal/id"
	"verlof/people"
)

// Clients returns the clients of the customer, by name. It reports Forbidden unless by
// keeps the customer's sign-in.
func (p *Provider) Clients(ctx context.Context, by people.ID) (list []Client, err error) {
	err = p.Store.View(ctx, func(tx Tx) error {
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		list, err = tx.Clients()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list clients: %w", err)
	}
	return list, nil
}

// Client returns one client with its secrets, newest first. It reports as Clients
// does, and NotFound.
func (p *Provider) Client(ctx context.Context, by people.ID, client string) (c Client, secrets []Secret, err error) {
	err = p.Store.View(ctx, func(tx Tx) error {
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		if c, err = registered(tx, client); err != nil {
			return err
		}
		secrets, err = tx.Secrets(client)
		return err
	})
	if err != nil {
		return Client{}, nil, fmt.Errorf("read client %s: %w", client, err)
	}
	return c, secrets, nil
}

// CallsFrom reports whether scripts of pages at an origin (RFC 6454) may call the API: it is
// the origin of an address to which a public client in use has its answers sent. Those keep
// no secret and so run in browsers; all others call from machines that have no origin.
func (p *Provider) CallsFrom(ctx context.Context, origin string) (known bool, err error) {
	err = p.Store.View(ctx, func(tx Tx) error {
		list, err := tx.Clients()
		known = slices.ContainsFunc(list, func(c Client) bool {
			return c.Kind == Public && c.Disabled.IsZero() && slices.ContainsFunc(c.Redirects, func(a string) bool { return originOf(a) == origin })
		})
		return err
	})
	return known, err
}

// originOf returns the origin of an address as browsers write it; nothing for those of
// programs that are no pages.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	} else {
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host
}

// Register adds a client and returns it, with its secret where it keeps one and has no key
// to prove itself with: the only time that anybody sees it. It reports Forbidden unless by
// keeps the customer's sign-in, and may let a directory in where the client speaks for one
// (access.NeedForDirectory); and Invalid with each fault at its field.
func (p *Provider) Register(ctx context.Context, by people.ID, c Client) (Client, string, error) {
	now := p.now()
	c.ID, c.Made, c.MadeBy = id.New(now), now, by
	secret := ""
	err := p.Store.Update(ctx, func(tx Tx) (err error) {
		if err := mayKeep(tx, by, c.Scope); err != nil {
			return err
		}
		if err := c.check(p.Plain); err != nil {
			return err
		}
		if err := tx.SaveClient(c); err != nil {
			return err
		}
		if secret = ""; c.keepsSecret() && len(c.Keys) == 0 {
			secret, err = p.addSecret(tx, c.ID)
		}
		return err
	})
	if err != nil {
		return Client{}, "", fmt.Errorf("register a client: %w", err)
	}
	return c, secret, nil
}

// SaveClient changes a client. Its kind stays: another kind is another client. It
// reports as Register does, and NotFound.
func (p *Provider) SaveClient(ctx context.Context, by people.ID, c Client) error {
	err := p.Store.Update(ctx, func(tx Tx) error {
		old, err := registered(tx, c.ID)
		if err := cmp.Or(mayKeep(tx, by, old.Scope, c.Scope), err); err != nil {
			return err
		}
		next := c
		next.Kind, next.Made, next.MadeBy = old.Kind, old.Made, old.MadeBy
		if err := next.check(p.Plain); err != nil {
			return err
		}
		if err := provable(tx, old, next); err != nil {
			return err
		}
		return tx.SaveClient(next)
	})
	if err != nil {
		return fmt.Errorf("save client %s: %w", c.ID, err)
	}
	return nil
}

// mayKeep reports Forbidden unless by may make or change a client that is allowed these
// scopes: somebody who keeps the customer's sign-in, and of one that speaks for a directory
// who may let a directory in.
func mayKeep(tx Tx, by people.ID, scopes ...Scope) error {
	v, err := people.SignInKeeper(tx, by)
	if err == nil && slices.ContainsFunc(scopes, func(s Scope) bool { return s.Has(string(access.SCIM)) }) {
		err = access.NeedForDirectory(v)
	}
	return err
}

// provable reports Invalid where a client would have nothing left to prove itself with.
func provable(tx Tx, old, next Client) error {
	if len(old.Keys) == 0 || len(next.Keys) > 0 || !next.keepsSecret() {
		return nil
	}
	if err := tx.Lock(lockClient(next.ID)); err != nil {
		return err
	}
	all, err := tx.Secrets(next.ID)
	if err == nil && len(all) == 0 {
		err = errs.New(errs.Invalid, "openid.error.last_key").At("keys")
	}
	return err
}

// DeleteClient removes a client: from that moment all it was given is worth nothing.
// It reports Forbidden and NotFound.
func (p *Provider) DeleteClient(ctx context.Context, by people.ID, client string) error {
	err := p.Store.Update(ctx, func(tx Tx) error {
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		if _, err := registered(tx, client); err != nil {
			return err
		}
		return tx.DeleteClient(client)
	})
	if err != nil {
		return fmt.Errorf("delete client %s: %w", client, err)
	}
	return nil
}

// AddSecret makes another secret of a client, beside the one in use, and returns it:
// the only time that anybody sees it. It reports Forbidden as Register does, NotFound, and
// Conflict when the client has as many as it may.
func (p *Provider) AddSecret(ctx context.Context, by people.ID, client string) (secret string, err error) {
	err = p.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockClient(client)); err != nil {
			return err
		}
		c, err := registered(tx, client)
		if err := cmp.Or(mayKeep(tx, by, c.Scope), err); err != nil {
			return err
		}
		all, err := tx.Secrets(client)
		if err != nil {
			return err
		}
		if !c.keepsSecret() || len(all) >= p.Limits.Secrets {
			return errs.New(errs.Conflict, "openid.error.secrets", "count", p.Limits.Secrets)
		}
		secret, err = p.addSecret(tx, client)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("add a secret to client %s: %w", client, err)
	}
	return secret, nil
}

// DeleteSecret makes a secret of a client worth nothing. The last one stays unless the client
// has a key. It reports NotFound, and Conflict for the last.
func (p *Provider) DeleteSecret(ctx context.Context, by people.ID, client, secret string) error {
	err := p.Store.Update(ctx, func(tx Tx) error {
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		if err := tx.Lock(lockClient(client)); err != nil {
			return err
		}
		c, err := registered(tx, client)
		if err != nil {
			return err
		}
		all, err := tx.Secrets(client)
		if err != nil {
			return err
		}
		if len(all) == 1 && all[0].ID == secret && len(c.Keys) == 0 {
			return errs.New(errs.Conflict, "openid.error.last_secret")
		}
		return tx.DeleteSecret(client, secret)
	})
	if err != nil {
		return fmt.Errorf("delete a secret of client %s: %w", client, err)
	}
	return nil
}

func (p *Provider) addSecret(tx Tx, client string) (string, error) {
	secret, now := id.Token(), p.now()
	return secret, tx.SaveSecret(Secret{ID: id.New(now), Client: client, Digest: identity.DigestOf(secret), Made: now})
}

func lockClient(client string) string { return "openid:client:" + client }

func registered(tx Tx, client string) (Client, error) {
	c, found, err := absent(tx.Client(client))
	if err == nil && !found {
		err = noClient()
	}
	return c, err
}
