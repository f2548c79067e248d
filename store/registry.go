// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"time"

	"verlof/errs"
)

// State says what may be done with a customer.
type State string

// The states of a customer.
const (
	StateActive      State = "active"
	StateSuspended   State = "suspended"   // closed by the operator for now; nothing is lost
	StateReadOnly    State = "read-only"   // may look, not change
	StateQuarantined State = "quarantined" // frozen for investigation
	StateMoving      State = "moving"      // on its way to another store
	StateClosed      State = "closed"      // has left
)

// Valid reports whether s is one of the states above.
func (s State) Valid() bool {
	switch s {
	case StateActive, StateSuspended, StateReadOnly, StateQuarantined, StateMoving, StateClosed:
		return true
	}
	return false
}

// Serves reports whether people may come in to a customer in this state.
func (s State) Serves() bool { return s == StateActive || s == StateReadOnly || s == StateMoving }

func noSuchState(s State) error {
	return errs.Operator("states are active, suspended, read-only, quarantined, moving and closed", "no such state: %q", s)
}

// TenantRow is one customer as the registry knows it.
type TenantRow struct {
	ID            string
	Slug          string // first label of its host name; unique
	Name          string
	State         State
	Database      string // where its data is, as Place.CreateDatabase returned it
	SchemaVersion int64  // at the last look; the database itself decides
	CreatedAt     time.Time
	Settings      string // the tenant package's own, opaque here
	Keys          string // of the customer, sealed by the root key; empty: none made yet
	Revision      int64  // raised by whatever changes what stands above, but for SchemaVersion and Keys

	Used time.Time // when it was last used, as SetUsed keeps it; only List tells, zero where nobody knows
}

// Registry knows every customer of the installation. It is the only thing that
// customers share.
type Registry struct{ db *DB }

const tenantColumns = "t.id, t.slug, t.name, t.state, t.database, t.schema_version, t.created_at_us, t.settings, t.keys, t.revision"

func tenantRow(t *TenantRow) []any {
	return []any{&t.ID, &t.Slug, &t.Name, &t.State, &t.Database, &t.SchemaVersion, micros(&t.CreatedAt), &t.Settings, &t.Keys, &t.Revision}
}

var (
	qInsertTenant = registryQuery("tenant.insert", `INSERT INTO tenant
		(id, slug, name, state, database, schema_version, created_at_us, settings, keys)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)

	qTenant       = registryQuery("tenant.get", "SELECT "+tenantColumns+" FROM tenant t WHERE t.id = $1")
	qTenantBySlug = registryQuery("tenant.by_slug", "SELECT "+tenantColumns+" FROM tenant t WHERE t.slug = $1")
	qTenantByHost = registryQuery("tenant.by_host", "SELECT "+tenantColumns+
		" FROM host h JOIN tenant t ON t.id = h.tenant_id WHERE h.name = $1")
	qTenants = registryQuery("tenant.list", "SELECT "+tenantColumns+", u.at_us FROM tenant t LEFT JOIN used u ON u.tenant_id = t.id ORDER BY t.slug")

	qSetSchemaVersion = registryQuery("tenant.set_schema_version", "UPDATE tenant SET schema_version = $2 WHERE id = $1")
	qSetSettings      = registryQuery("tenant.set_settings", "UPDATE tenant SET settings = $2, revision = revision + 1 WHERE id = $1 AND revision = $3")

	qAddKeys     = registryQuery("tenant.add_keys", "UPDATE tenant SET keys = $2 WHERE id = $1 AND keys = '' AND state <> 'closed'")
	qSetKeys     = registryQuery("tenant.set_keys", "UPDATE tenant SET keys = $2, revision = revision + 1 WHERE id = $1 AND keys = $3")
	qFirstSealed = registryQuery("tenant.first_sealed", "SELECT "+tenantColumns+" FROM tenant t WHERE t.keys <> '' ORDER BY t.created_at_us, t.id LIMIT 1")
	qSealed      = registryQuery("tenant.sealed", "SELECT COUNT(*) FROM tenant WHERE keys <> ''")

	qSecretText  = registryQuery("secret.get", "SELECT sealed FROM secret WHERE name = $1")
	qSecretTexts = registryQuery("secret.list", "SELECT name, sealed FROM secret ORDER BY name")
	qSetSecret   = registryQuery("secret.set", "UPDATE secret SET sealed = $2 WHERE name = $1 AND sealed = $3")
	qPutSecret   = registryQuery("secret.put", "INSERT INTO secret (name, sealed) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET sealed = $2")
	qDropSecret  = registryQuery("secret.drop", "DELETE FROM secret WHERE name = $1")
	qAddSecret   = registryQuery("secret.add", "INSERT INTO secret (name, sealed) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")

	qInsertHost = registryQuery("host.insert", `INSERT INTO host (name, tenant_id, position)
		VALUES ($1, $2, (SELECT COUNT(*) FROM host WHERE tenant_id = $2))`)
	qHosts = registryQuery("host.list", "SELECT name FROM host WHERE tenant_id = $1 ORDER BY position, name")
)

// CreateTenant adds a customer and the host names that lead to it. It reports
// Conflict, with Field "slug", "id" or "name", when one of them is taken.
func (r *Registry) CreateTenant(ctx context.Context, t TenantRow, hosts ...string) error {
	if !t.State.Valid() {
		return noSuchState(t.State)
	}
	return r.db.Update(ctx, func(tx *Tx) error {
		if err := tx.lockHosts(); err != nil {
			return err
		}
		if _, err := tx.exec(qInsertTenant, t.ID, t.Slug, t.Name, string(t.State), t.Database,
			t.SchemaVersion, t.CreatedAt, t.Settings, t.Keys); err != nil {
			return err
		}
		for _, h := range hosts {
			if err := tx.addHost(h, t.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// Tenant returns a customer by id. It reports NotFound.
func (r *Registry) Tenant(ctx context.Context, id string) (TenantRow, error) {
	return r.tenant(ctx, qTenant, id)
}

// TenantBySlug returns a customer by slug. It reports NotFound.
func (r *Registry) TenantBySlug(ctx context.Context, slug string) (TenantRow, error) {
	return r.tenant(ctx, qTenantBySlug, slug)
}

// TenantByHost returns the customer that a host name leads to. The name is
// compared as it stands: lower case, without a port. It reports NotFound.
func (r *Registry) TenantByHost(ctx context.Context, host string) (TenantRow, error) {
	return r.tenant(ctx, qTenantByHost, host)
}

func (r *Registry) tenant(ctx context.Context, q *statement, key string) (t TenantRow, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		t, err = one(tx, q, tenantRow, key)
		return err
	})
	return t, err
}

// List returns every customer, by slug.
func (r *Registry) List(ctx context.Context) (list []TenantRow, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		list, err = all(tx, qTenants, func(t *TenantRow) []any { return append(tenantRow(t), micros(&t.Used)) })
		return err
	})
	return list, err
}

// Hosts returns the host names that lead to a customer, in the order in which
// they were given: links lead to the first.
func (r *Registry) Hosts(ctx context.Context, tenantID string) (names []string, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		names, err = all(tx, qHosts, value[string], tenantID)
		return err
	})
	return names, err
}

// SetSchemaVersion notes how far a customer's database is. It reports NotFound.
func (r *Registry) SetSchemaVersion(ctx context.Context, id string, v int64) error {
	return r.change(ctx, qSetSchemaVersion, id, v)
}

// SetSettings replaces a customer's settings. It reports NotFound where the customer is not at the revision that was read:
// somebody was faster.
func (r *Registry) SetSettings(ctx context.Context, id, settings string, was int64) error {
	return r.change(ctx, qSetSettings, id, settings, was)
}

// AddKeys gives a customer its sealed keys. It reports NotFound for one that has some
// already: nothing that they sealed could be read any more.
func (r *Registry) AddKeys(ctx context.Context, id, sealed string) error {
	return r.change(ctx, qAddKeys, id, sealed)
}

// SetKeys replaces a customer's sealed keys, and puts the act on record with it. That makes another revision: who has the
// customer open opens it anew, and seals nothing with keys that are left behind. It reports NotFound where they are not those
// that were read: somebody was faster.
func (r *Registry) SetKeys(ctx context.Context, id, sealed, was string, a Act) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		if err := tx.execOne(qSetKeys, id, sealed, was); err != nil {
			return err
		}
		return tx.addAct(id, a)
	})
}

// Sealed reports whether any customer has keys.
func (r *Registry) Sealed(ctx context.Context) (bool, error) {
	var n int64
	err := r.db.View(ctx, func(tx *Tx) (err error) {
		n, err = one(tx, qSealed, value[int64])
		return err
	})
	return n > 0, err
}

// FirstSealed returns the customer that was made first of those that have keys. It reports NotFound.
func (r *Registry) FirstSealed(ctx context.Context) (t TenantRow, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		t, err = one(tx, qFirstSealed, tenantRow)
		return err
	})
	return t, err
}

// Secret returns a sealed text of the installation. It reports NotFound.
func (r *Registry) Secret(ctx context.Context, name string) (sealed string, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		sealed, err = one(tx, qSecretText, value[string], name)
		return err
	})
	return sealed, err
}

// Secrets returns the sealed texts of the installation, by name.
func (r *Registry) Secrets(ctx context.Context) (list []Secret, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		list, err = all(tx, qSecretTexts, func(s *Secret) []any { return []any{&s.Name, &s.Sealed} })
		return err
	})
	return list, err
}

// Secret is a sealed text of the installation.
type Secret struct{ Name, Sealed string }

// PutSecret keeps a sealed text of the installation, in place of one of that name.
func (r *Registry) PutSecret(ctx context.Context, name, sealed string) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(qPutSecret, name, sealed)
		return err
	})
}

// DropSecret takes a sealed text of the installation away, if there is one.
func (r *Registry) DropSecret(ctx context.Context, name string) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(qDropSecret, name)
		return err
	})
}

// SetSecret replaces a sealed text of the installation. It reports NotFound where it is
// not the one that was read: somebody was faster.
func (r *Registry) SetSecret(ctx context.Context, name, sealed, was string) error {
	return r.change(ctx, qSetSecret, name, sealed, was)
}

// AddSecret keeps a sealed text of the installation. One that is there already stays.
func (r *Registry) AddSecret(ctx context.Context, name, sealed string) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(qAddSecret, name, sealed)
		return err
	})
}

// AddHost makes a host name lead to a customer. It reports Conflict, with Field
// "name", when it leads somewhere already or the customer does not exist.
func (r *Registry) AddHost(ctx context.Context, host, tenantID string) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		if err := tx.lockHosts(); err != nil {
			return err
		}
		return tx.addHost(host, tenantID)
	})
}

// addHost makes a host name lead to a customer, after those that do. Host names are locked.
func (tx *Tx) addHost(host, tenantID string) error {
	if err := tx.free(host); err != nil {
		return err
	}
	_, err := tx.exec(qInsertHost, host, tenantID)
	return err
}

func (r *Registry) change(ctx context.Context, q *statement, args ...any) error {
	return r.db.Update(ctx, func(tx *Tx) error { return tx.execOne(q, args...) })
}

// DB returns the database behind the registry, for health checks and copies.
func (r *Registry) DB() *DB {
	if next := r.db.inForce(); next != nil {
		return next
	}
	return r.db
}

// Close closes the registry's database.
func (r *Registry) Close() error {
	err := r.db.Close()
	if next := r.db.inForce(); next != nil {
		err = next.Close() // what became of the lost one is known
	}
	return err
}

// Instead has everything that is asked of the registry answered by another one: this one is
// lost.
func (r *Registry) Instead(by *Registry) { r.DB().next.Store(&following{by.db, func() {}}) }

// OnLost is DB.OnLost of the registry's database.
func (r *Registry) OnLost(find Rescuer) { r.db.OnLost(find) }
