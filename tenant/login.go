// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"fmt"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/internal/seal"
	"verlof/store"
)

// secret returns a secret of the registry, which the first call makes.
func (d *Directory) secret(ctx context.Context, name string, make func() (string, error)) (string, error) {
	sealed, err := d.registry.Secret(ctx, name)
	if errs.Is(err, errs.NotFound) {
		fresh, err := make()
		if err != nil {
			return "", err
		}
		root, err := d.rereadRoot(ctx)
		if err != nil {
			return "", err
		}
		if err := d.registry.AddSecret(ctx, name, root.Seal(secretPlace(name), fresh)); err != nil {
			return "", err
		}
		sealed, err = d.registry.Secret(ctx, name) // another process may have been faster
		if err != nil {
			return "", err
		}
	} else if err != nil {
		return "", err
	}
	return opened(ctx, d, func(r *seal.Root) (string, error) { return r.Open(secretPlace(name), sealed) })
}

// login returns whom a database of a customer knows this program as. The password is the
// same wherever the customer has databases, and sealed by the root key.
func (d *Directory) login(ctx context.Context, tenantID, where string) (store.Login, error) {
	if !d.Place.HasRoles(where) {
		return store.Login{}, nil
	}
	password, err := d.secret(ctx, "postgres/"+tenantID, func() (string, error) { return id.Token(), nil })
	if err != nil {
		return store.Login{}, fmt.Errorf("the password of customer %s's database: %w", tenantID, err)
	}
	return store.Login{ID: tenantID, Password: password}, nil
}

// plainly opens a database of a customer as its own role, as it is.
func (d *Directory) plainly(ctx context.Context, tenantID, where string) (*store.DB, error) {
	as, err := d.login(ctx, tenantID, where)
	if err != nil {
		return nil, err
	}
	return d.Place.OpenAs(ctx, where, as)
}

// secure gives a database to a customer's own roles.
func (d *Directory) secure(ctx context.Context, tenantID, where string) error {
	as, err := d.login(ctx, tenantID, where)
	if err != nil || as.ID == "" {
		return err
	}
	return d.Place.Secure(ctx, where, as)
}

// fresh opens a database of a customer that was just made.
func (d *Directory) fresh(ctx context.Context, tenantID, where string) (*store.DB, error) {
	if err := d.secure(ctx, tenantID, where); err != nil {
		return nil, err
	}
	return d.plainly(ctx, tenantID, where)
}

// database opens a customer's database as its own role and brings it up to date, once prepare
// has seen it. One that was
// made before there were such roles gets them; where the installation may make none, it is
// opened as the installation's own, and OnUnsecured hears of it.
func (d *Directory) database(ctx context.Context, row store.TenantRow, prepare func(*store.DB)) (*store.DB, error) {
	as, err := d.login(ctx, row.ID, row.Database)
	if err != nil {
		return nil, err
	}
	db, err := d.openAs(ctx, row, as, prepare)
	if as.ID == "" || !store.Refused(err) {
		return db, err
	}
	switch err := d.Place.Secure(ctx, row.Database, as); {
	case errs.Is(err, errs.Invalid):
		if d.OnUnsecured != nil {
			d.OnUnsecured(row.Slug, err)
		}
		as = store.Login{}
	case err != nil:
		return nil, fmt.Errorf("customer %s: %w", row.ID, err)
	}
	return d.openAs(ctx, row, as, prepare)
}

func (d *Directory) openAs(ctx context.Context, row store.TenantRow, as store.Login, prepare func(*store.DB)) (*store.DB, error) {
	db, err := d.Place.OpenAs(ctx, row.Database, as)
	if err != nil {
		return nil, err
	}
	prepare(db)
	if err := d.migrate(ctx, row, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
