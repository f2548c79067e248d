// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
	"verlof/store"
	"verlof/store/migration"
)

// A label of a host name (RFC 1123, section 2.1), in lower case.
var label = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// Create makes a customer: its database, brought up to date, and then its row in
// the registry, so that a crash in between leaves a database that nobody finds
// and no customer without one. It reports Conflict where the slug or a host name
// is taken, and Invalid for names that cannot be.
func (d *Directory) Create(ctx context.Context, n New) (store.TenantRow, error) {
	return d.create(ctx, n, func(row store.TenantRow) error { return d.fill(ctx, row, n) })
}

// create makes a customer whose database, which is empty, fill fills.
func (d *Directory) create(ctx context.Context, n New, fill func(store.TenantRow) error) (store.TenantRow, error) {
	if err := n.check(); err != nil {
		return store.TenantRow{}, err
	}
	if err := d.free(ctx, n); err != nil {
		return store.TenantRow{}, err
	}
	row := store.TenantRow{ID: id.New(d.Now()), Slug: n.Slug, Name: n.Name, State: store.StateActive,
		SchemaVersion: migration.Tenant.Version, CreatedAt: d.clock()}
	root, err := d.rereadRoot(ctx)
	if err == nil {
		row.Keys, err = root.NewKeys(row.ID)
	}
	if err != nil {
		return row, fmt.Errorf("create customer %s: %w", n.Slug, err)
	}
	place, err := d.placeFor(ctx, n.Cluster)
	if err == nil {
		row.Database, err = place.CreateDatabase(ctx, row.ID)
	}
	if err != nil {
		return row, fmt.Errorf("create customer %s: %w", n.Slug, err)
	}
	if err = d.secure(ctx, row.ID, row.Database); err == nil {
		err = fill(row)
	}
	if err == nil {
		err = d.registry.CreateTenant(ctx, row, n.Hosts...)
	}
	if err == nil {
		return row, d.beginCopy(ctx, row)
	}
	if _, missing := d.registry.Tenant(ctx, row.ID); errs.Is(missing, errs.NotFound) { // else it is there, and only its copy is not as demanded
		err = errors.Join(err, d.Place.DropDatabase(ctx, row.Database))
	}
	return row, fmt.Errorf("create customer %s: %w", n.Slug, err)
}

// free reports Conflict for names that are taken.
func (d *Directory) free(ctx context.Context, n New) error {
	_, err := d.registry.TenantBySlug(ctx, n.Slug)
	if err == nil {
		return taken(n.Slug)
	}
	for _, h := range n.Hosts {
		if !errs.Is(err, errs.NotFound) {
			return err
		}
		if _, err = d.registry.TenantByHost(ctx, h); err == nil {
			return taken(h)
		}
	}
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

// beginCopy has what a database begins with copied before anybody is told that it is there.
func (d *Directory) beginCopy(ctx context.Context, row store.TenantRow) error {
	if d.OnOpen == nil {
		return nil
	}
	t, release, err := d.use(ctx, row)
	if err != nil {
		return err
	}
	defer release()
	return t.db.Flush(ctx)
}

// placeFor returns where a new customer's database is made: on the cluster of that name, or
// without one, where servers are to choose from, on that with the fewest customers.
func (d *Directory) placeFor(ctx context.Context, cluster string) (*store.Place, error) {
	if cluster != "" {
		return d.Place.Cluster(cluster)
	}
	if !d.Place.IsServer() {
		return d.Place, nil
	}
	rows, err := d.registry.List(ctx)
	if err != nil {
		return nil, err
	}
	load := map[string]int{}
	for _, row := range rows {
		if row.State != store.StateClosed {
			load[d.Place.ClusterOf(row.Database)]++
		}
	}
	names := d.Place.Clusters()
	least := slices.MinFunc(names, func(a, b string) int { return cmp.Compare(load[a], load[b]) })
	return d.Place.Cluster(least)
}

func taken(name string) error {
	return &errs.Error{Kind: errs.Conflict, Public: "store.error.taken", Err: fmt.Errorf("%q is taken", name),
		Hint: "choose another name; verlof tenant list shows the customers"}
}

func (n *New) check() error {
	if !label.MatchString(n.Slug) {
		return errs.Operator("use letters a-z, digits and hyphens, such as acme", "%q cannot be the short name of a customer", n.Slug)
	}
	if strings.TrimSpace(n.Name) == "" || len(n.Name) > 200 {
		return errs.Operator("give the customer's name with --name", "a customer needs a name of at most 200 bytes")
	}
	if len(n.Hosts) == 0 {
		return errs.Operator("give one with --host, or set base-domain", "a customer needs a host name")
	}
	for _, h := range n.Hosts {
		bad := func(l string) bool { return !label.MatchString(l) }
		if len(h) > 253 || slices.ContainsFunc(strings.Split(h, "."), bad) {
			return errs.Operator("a host name looks like acme.example.org, without https:// and without a port", "%q is no host name", h)
		}
	}
	return nil
}

// fill brings a new database up to date and writes down whose it is.
func (d *Directory) fill(ctx context.Context, row store.TenantRow, n New) error {
	keys, err := d.keys(ctx, row)
	if err != nil {
		return err
	}
	db, err := d.plainly(ctx, row.ID, row.Database)
	if err != nil {
		return err
	}
	db.SealWith(keys)
	if err := store.Migrate(ctx, db, migration.Tenant); err != nil {
		return errors.Join(err, db.Close())
	}
	err = db.Update(ctx, func(tx *store.Tx) error {
		if err := own(tx, row.ID); err != nil {
			return err
		}
		if err := tx.SaveSettings(people.Settings{Name: n.Name, Accent: n.Accent, Language: n.Language}); err != nil || n.Furnish == nil {
			return err
		}
		return n.Furnish(tx)
	})
	return errors.Join(err, db.Close())
}

// own makes a new database that of a customer.
func own(tx *store.Tx, id string) error {
	if err := tx.AddMeta(metaTenant, id); err != nil {
		return err
	}
	return tx.SetMark(id)
}

// Info is a customer as an operator sees it.
type Info struct {
	store.TenantRow
	Hosts []string
}

// List returns every customer, by slug.
func (d *Directory) List(ctx context.Context) ([]store.TenantRow, error) { return d.registry.List(ctx) }

// Show returns one customer. It reports NotFound.
func (d *Directory) Show(ctx context.Context, slug string) (Info, error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return Info{}, err
	}
	hosts, err := d.registry.Hosts(ctx, row.ID)
	return Info{row, hosts}, err
}

// Suspend takes a customer out of service; nothing is lost. Requests that are
// under way are finished. It reports NotFound, and Conflict for a customer that
// is neither in service nor suspended.
func (d *Directory) Suspend(ctx context.Context, slug string, w Why) error {
	return d.setState(ctx, slug, store.StateSuspended, "suspended", w)
}

// Resume puts a suspended customer back in service. Errors are those of Suspend.
func (d *Directory) Resume(ctx context.Context, slug string, w Why) error {
	return d.setState(ctx, slug, store.StateActive, "resumed", w)
}

// Sweep brings every customer's database up to date, one after the other, and
// wakes the outboxes in which something waits. each, where it is not nil, hears
// of every customer; an error of one does not hold up the others.
func (d *Directory) Sweep(ctx context.Context, each func(slug string, err error)) error {
	return d.Each(ctx, func(row store.TenantRow) error {
		err := errs.Caught(func() error { return d.sweep(ctx, row) })
		if each != nil {
			each(row.Slug, err)
		}
		return nil
	})
}

// Each calls f for every customer that is not closed, in the order of InOrder, until f reports
// an error or ctx ends.
func (d *Directory) Each(ctx context.Context, f func(store.TenantRow) error) error {
	rows, err := d.List(ctx)
	if err != nil {
		return err
	}
	InOrder(rows)
	for _, row := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if row.State == store.StateClosed {
			continue
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return nil
}

func (d *Directory) sweep(ctx context.Context, row store.TenantRow) error {
	t, release, err := d.use(ctx, row)
	if err != nil {
		return err
	}
	defer release()
	next, err := t.Queue().Next(ctx)
	if err != nil {
		return err
	}
	hooks, err := t.Events.Dispatch(ctx)
	if !next.IsZero() || len(hooks) > 0 {
		d.OnOutbox(row.ID)
	}
	return err
}
