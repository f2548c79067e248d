// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"time"
)

// Act is something that an operator did to a customer, on record.
type Act struct {
	ID     string
	At     time.Time
	Kind   string // created, frozen, moved, ...
	By     string // who, as the machine knows them
	Reason string // in the operator's words; may be empty
	Detail string // what the act was about, such as the new place
}

const tenantActColumns = "id, at_us, kind, made_by, reason, detail"

func tenantActRow(a *Act) []any {
	return []any{&a.ID, micros(&a.At), &a.Kind, &a.By, &a.Reason, &a.Detail}
}

var (
	qChangeTenant = registryQuery("tenant.change", `UPDATE tenant SET slug = $3, name = $4, state = $5, database = $6, settings = $7,
		keys = $8, revision = revision + 1 WHERE id = $1 AND revision = $2`)
	qDeleteHosts     = registryQuery("host.delete", "DELETE FROM host WHERE tenant_id = $1")
	qPlaceHost       = registryQuery("host.place", "INSERT INTO host (name, tenant_id, position) VALUES ($1, $2, $3)")
	qInsertTenantAct = registryQuery("act.insert", "INSERT INTO act ("+tenantActColumns+", tenant_id) VALUES ($1, $2, $3, $4, $5, $6, $7)")
	qTenantActs      = registryQuery("act.list", "SELECT "+tenantActColumns+" FROM act WHERE tenant_id = $1 ORDER BY at_us, id")
)

// Change replaces what the registry says of a customer, with its host names unless they
// are nil, and puts the act on record, all at once. The row carries the revision that was
// read: it reports NotFound where somebody changed the customer since, and Conflict, with
// Field "slug" or "name", for a short name or a host name that is taken.
func (r *Registry) Change(ctx context.Context, t TenantRow, hosts []string, a Act) error {
	if !t.State.Valid() {
		return noSuchState(t.State)
	}
	return r.db.Update(ctx, func(tx *Tx) error {
		if hosts != nil {
			if err := tx.lockHosts(); err != nil {
				return err
			}
		}
		if err := tx.execOne(qChangeTenant, t.ID, t.Revision, t.Slug, t.Name, string(t.State), t.Database, t.Settings, t.Keys); err != nil {
			return err
		}
		if err := tx.placeHosts(t.ID, hosts); err != nil {
			return err
		}
		return tx.addAct(t.ID, a)
	})
}

// AddAct puts an act on record that changes nothing of what the registry says.
func (r *Registry) AddAct(ctx context.Context, tenantID string, a Act) error {
	return r.db.Update(ctx, func(tx *Tx) error { return tx.addAct(tenantID, a) })
}

func (tx *Tx) addAct(tenantID string, a Act) error {
	_, err := tx.exec(qInsertTenantAct, a.ID, a.At, a.Kind, a.By, a.Reason, a.Detail, tenantID)
	return err
}

// placeHosts makes these host names those of a customer, unless they are nil.
func (tx *Tx) placeHosts(tenantID string, hosts []string) error {
	if hosts == nil {
		return nil
	}
	if _, err := tx.exec(qDeleteHosts, tenantID); err != nil {
		return err
	}
	for i, h := range hosts {
		if err := tx.free(h); err != nil {
			return err
		}
		if _, err := tx.exec(qPlaceHost, h, tenantID, i); err != nil {
			return err
		}
	}
	return nil
}

// Acts returns what was done to a customer, first things first.
func (r *Registry) Acts(ctx context.Context, tenantID string) (list []Act, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		list, err = all(tx, qTenantActs, tenantActRow, tenantID)
		return err
	})
	return list, err
}
