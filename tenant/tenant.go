// SPDX-License-Identifier: Apache-2.0

// Package tenant owns the way from a host name to one customer's data, and the
// customer's life: create, open on demand, close when idle, bring up to date,
// freeze, suspend, move, replace, rescue, export, close and destroy. It
// refuses to let two customers meet: whoever wants data must hold a *Tenant, and
// the only way to one is through a host name or an operator's command. A host
// name that belongs to nobody names nothing in its answer. A past state of a customer is a
// *Tenant too, which takes no changes: see past.go.
package tenant

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"verlof/errs"
	"verlof/events"
	"verlof/identity"
	"verlof/identity/access"
	"verlof/identity/bureau"
	"verlof/identity/openid"
	"verlof/identity/provision"
	"verlof/identity/sso"
	"verlof/intake"
	"verlof/internal/hostname"
	"verlof/internal/saml"
	"verlof/internal/seal"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/migration"
)

// Tenant is one customer, open: its services over its own database and nothing
// else. It is valid until it is released.
type Tenant struct {
	ID    string
	Slug  string
	Name  string   // as the registry knows it; pages show People.Settings
	Hosts []string // the first is the one that links lead to
	Site  string   // its address at the first host name, without a slash at its end
	Hold  *Hold    // why nothing can be changed at the moment; nil: it can
	Past  *Past    // that it is not the customer as it is, but as it was; else nil

	People    *people.Service
	Leave     *leave.Service
	Identity  *identity.Service
	Intake    *intake.Service
	Uploads   *intake.Uploads
	OpenID    *openid.Provider
	SSO       *sso.Service       // sign-in with providers of the customer's own
	Programs  *access.Service    // access tokens of scripts, and answers kept for them
	Provision *provision.Service // what the customer's directory says of people
	Events    *events.Service    // what changed, for programs
	Bureaus   *bureau.Service    // bureaus that it admits, and customers that admit it

	exporting sync.Mutex    // while a file with everything is written
	reading   chan struct{} // holds a token while a file is read

	db   *store.DB
	key  func() seal.Wrapper // of copies
	copy func(context.Context) (Copy, bool, error)
	dir  *Directory
}

// Queue returns the customer's outbox.
func (t *Tenant) Queue() store.Outbox { return t.db.Outbox() }

// At reports whether a host name, as a request names it, is the one that links lead to.
func (t *Tenant) At(host string) bool { return hostname.Of(host) == t.Hosts[0] }

// DB returns the customer's database, for copies and checks. Pages have no use
// for it.
func (t *Tenant) DB() *store.DB { return t.db }

// openInUse is open for the database that is in force: what leaves something to be sent wakes whoever sends, and what
// comes too late for it is made in the one that follows.
func (d *Directory) openInUse(ctx context.Context, row store.TenantRow) (*Tenant, error) {
	t, err := d.open(ctx, row)
	if err != nil {
		return nil, err
	}
	t.db.OnMoved(d.successor(row, t.db))
	t.db.OnSignal(func() { d.OnOutbox(row.ID) })
	return t, nil
}

// open makes the services of a customer over its database, which it brings up
// to date.
func (d *Directory) open(ctx context.Context, row store.TenantRow) (*Tenant, error) {
	hosts, err := d.registry.Hosts(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	return d.openAt(ctx, row, hosts)
}

// openAt is open for a customer that these host names lead to.
func (d *Directory) openAt(ctx context.Context, row store.TenantRow, hosts []string) (*Tenant, error) {
	keys, err := d.keys(ctx, row)
	if err != nil {
		return nil, err
	}
	db, err := d.database(ctx, row, func(db *store.DB) {
		db.Watch()
		db.SealWith(keys)
		db.OnNewerKey(func(ctx context.Context) (*seal.Keys, error) { return d.keysNow(ctx, row.ID) })
	})
	if err != nil {
		return nil, err
	}
	whole, err := TermsOf(row)
	if err != nil {
		_ = db.Close() // what is wrong has been told
		return nil, fmt.Errorf("customer %s: settings in the registry: %w", row.ID, err)
	}
	persons := &people.Service{Store: db.People(), Now: d.Now}
	t := &Tenant{reading: make(chan struct{}, 1), ID: row.ID, Slug: row.Slug, Name: row.Name, Hosts: hosts, db: db, key: func() seal.Wrapper { return keys }, copy: d.copyOf(row.ID, row.Database), dir: d,
		People:    persons,
		Leave:     &leave.Service{Store: db.Leave(), People: persons, Now: d.Now},
		Identity:  identity.New(db.Identity(), d.Hasher, d.Now, "verlof", row.Slug, row.Name),
		Intake:    &intake.Service{Store: db.Intake(), Now: d.Now},
		Uploads:   &intake.Uploads{Store: db.Uploads(), Now: d.Now},
		Programs:  &access.Service{Store: db.Programs(), Now: d.Now},
		Provision: &provision.Service{Store: db.Provision(), People: persons, Now: d.Now},
		Events:    &events.Service{Store: db.Events(), People: persons, Now: d.Now, Plain: d.Plain, Held: func() bool { return d.Held(row.ID) }},
	}
	if t.Hold = whole.Hold; t.Hold != nil {
		db.WhenFrozen(t.Hold.refusal())
	}
	t.Identity.Plain, t.Identity.Name = d.Plain, row.Name
	t.Site, t.Identity.Host = d.Site(hosts[0]), hosts[0]
	t.OpenID = &openid.Provider{Store: db.OpenID(), Now: d.Now, Issuer: t.Site, Host: hosts[0],
		Limits: openid.DefaultLimits(), Authority: d.Authority, Plain: d.Plain}
	t.SSO = &sso.Service{Store: db.SSO(), Identity: t.Identity, Party: d.party, Now: d.Now, Site: t.OpenID.Issuer, Reach: d.Reach,
		Fetch: func(ctx context.Context, address string) ([]byte, error) {
			return saml.Fetch(ctx, d.party.Client, address)
		}}
	t.Bureaus = &bureau.Service{Store: db.Bureaus(), People: persons, Identity: t.Identity, Now: d.Now, ID: row.ID, Site: t.Site, Hosts: hosts,
		Others: others{d, row.ID}}
	t.OpenID.May = t.Bureaus.May
	return t, nil
}

// migrate brings a customer's database up to date, makes sure that it is this
// customer's, and notes in the registry how far it is.
func (d *Directory) migrate(ctx context.Context, row store.TenantRow, db *store.DB) error {
	have, err := store.SchemaVersion(ctx, db)
	if err == nil {
		err = d.bringUp(ctx, row, db, have)
	}
	if err == nil && have < migration.Tenant.Version {
		have, err = store.SchemaVersion(ctx, db)
	}
	if err != nil {
		return fmt.Errorf("customer %s: %w", row.ID, err)
	}
	if err := belongs(ctx, db, row.ID); err != nil {
		return err
	}
	if row.SchemaVersion == have {
		return nil
	}
	return d.registry.SetSchemaVersion(ctx, row.ID, have)
}

// metaTenant is where a database keeps whose it is.
const metaTenant = store.MetaTenant

// belongs refuses a database that is another customer's: a file copied into the wrong
// folder must not be served. That it says whose it is does not do; its mark must open with
// the customer's keys.
func belongs(ctx context.Context, db *store.DB, id string) error {
	err := db.View(ctx, func(tx *store.Tx) error {
		whose, err := tx.Meta(metaTenant)
		if err == nil && whose != id {
			err = fmt.Errorf("%w: it is that of customer %q", store.ErrForeign, whose)
		}
		if err != nil {
			return err
		}
		return tx.CheckMark(id)
	})
	if errors.Is(err, store.ErrForeign) {
		err = &errs.Error{Kind: errs.Unavailable, Err: err, Hint: "put the right database in its place, or restore it: verlof restore makes one of a copy"}
	}
	if err != nil {
		return fmt.Errorf("customer %s: %w", id, err)
	}
	return nil
}

// claim marks a database from before there were marks, if all that is sealed in it opens
// with the customer's keys.
func claim(ctx context.Context, db *store.DB, id string) error {
	if err := db.CheckSealed(ctx); err != nil {
		return err
	}
	return db.Update(ctx, func(tx *store.Tx) error { return tx.SetMark(id) })
}

// New is what a new customer is made of.
type New struct {
	Slug     string   // first label of its host name: letters, digits and hyphens
	Name     string   // as pages show it
	Hosts    []string // names that lead to it, lower case, without a port; at least one
	Language string   // language tag
	Accent   string   // colour as "#rrggbb"
	Cluster  string   // name of the server that its database is made on; empty: that with the fewest customers

	Furnish func(leave.Tx) error // writes what its database begins with; nil: nothing
}

// clock is the time as rows keep it.
func (d *Directory) clock() time.Time { return d.Now().UTC().Truncate(time.Microsecond) }
