// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"verlof/backup/pgbackrest"
	"verlof/calendar"
	"verlof/errs"
	"verlof/store"
	"verlof/tenant"
)

// drilling is one database of a server that is drilled, and what it held around the moment to
// which it is had back.
type drilling struct {
	id, name      string // of a customer, or of the registry
	database      string // its name on the server
	before, after map[string]string
	balances      map[string]string // of everybody today
	result        store.Drill
	err           error // it could not be read: nothing is known of its copy
}

// DrillServer has a server back from what pgBackRest keeps of it, whole and as it is now, in one
// scratch cluster, which is gone afterwards. Each database of the installation on it is read to its
// end and compared with the one in use, table by table; each foreign key is checked anew; everybody's
// balances of today are computed anew and compared. What each came to is kept, and told: that it
// failed is no error but a result with a Problem. A table that changed while the server handed its
// log on is not compared.
func DrillServer(ctx context.Context, d *tenant.Directory, s pgbackrest.Stanza, cluster string, each func(name string, result store.Drill, err error)) error {
	all, err := drillings(ctx, d, cluster)
	if err != nil || len(all) == 0 {
		return err
	}
	for _, one := range all {
		one.read(ctx, d)
	}
	place, err := d.Place.Cluster(cluster)
	if err != nil {
		return err
	}
	at, failed := place.HandOnWithin(ctx, patience)
	for _, one := range all {
		one.readAgain(ctx, d)
	}
	start := time.Now()
	var c *pgbackrest.Scratch
	if failed == nil {
		c, failed = s.Restore(ctx, at, os.TempDir())
	}
	took := time.Since(start)
	for _, one := range all {
		one.result.Took = took
		if one.err == nil && failed == nil {
			one.check(ctx, d, c.Address(one.database, place.Role()))
		} else if failed != nil {
			one.fail(fmt.Errorf("have server %s back: %w", cluster, failed))
		}
	}
	if c != nil {
		err = c.Close()
	}
	for _, one := range all {
		if one.err == nil {
			err = errors.Join(err, d.AddDrill(ctx, one.result))
		}
		each(one.name, one.result, one.err)
	}
	return err
}

// drillings returns the databases of the installation that are on a server, the registry first.
func drillings(ctx context.Context, d *tenant.Directory, cluster string) (all []*drilling, err error) {
	fresh := func(of, name, database string) {
		all = append(all, &drilling{id: of, name: name, database: database, result: newDrill(d, of)})
	}
	if cluster == store.Home && d.Place.IsServer() {
		fresh(tenant.RegistryID, tenant.RegistryID, d.Place.Registered())
	}
	return all, d.Each(ctx, func(row store.TenantRow) error {
		if on, database, _, err := d.Place.ServerOf(row.Database); err == nil && on == cluster {
			fresh(row.ID, row.Slug, database)
		}
		return nil
	})
}

// now calls do with the database in use, and the customer whose it is; nil for the registry.
func (g *drilling) now(ctx context.Context, d *tenant.Directory, do func(*store.DB, *tenant.Tenant) error) error {
	if g.id == tenant.RegistryID {
		return do(d.Registry(), nil)
	}
	t, release, err := d.ByID(ctx, g.id)
	if err != nil {
		return err
	}
	defer release()
	return do(t.DB(), t)
}

// read notes what the database in use holds.
func (g *drilling) read(ctx context.Context, d *tenant.Directory) {
	g.err = g.now(ctx, d, func(db *store.DB, t *tenant.Tenant) (err error) {
		if g.before, err = db.Digests(ctx); err == nil && t != nil {
			g.balances, err = balances(ctx, t, calendar.DateOf(d.Now()))
		}
		return err
	})
}

// readAgain notes it once more, for what went on meanwhile.
func (g *drilling) readAgain(ctx context.Context, d *tenant.Directory) {
	if g.err == nil {
		g.err = g.now(ctx, d, func(db *store.DB, _ *tenant.Tenant) (err error) {
			g.after, err = db.Digests(ctx)
			return err
		})
	}
}

// longProblem bounds what is kept of why a drill failed, in bytes.
const longProblem = 1000

func (g *drilling) fail(err error) {
	g.result.Problem = strings.ToValidUTF8(err.Error()[:min(len(err.Error()), longProblem)], "")
}

// check compares a database that was had back with the one in use.
func (g *drilling) check(ctx context.Context, d *tenant.Directory, address string) {
	err := errs.Caught(func() error {
		if g.id == tenant.RegistryID {
			return g.checkRegistry(ctx, address)
		}
		return d.LookByID(ctx, g.id, address, func(then *tenant.Tenant) error {
			if err := g.compare(ctx, then.DB()); err != nil {
				return err
			}
			if err := then.DB().CheckSealed(ctx); err != nil {
				return err
			}
			return g.recompute(ctx, then, calendar.DateOf(d.Now()))
		})
	})
	if err != nil {
		g.fail(err)
	}
}

func (g *drilling) checkRegistry(ctx context.Context, address string) error {
	db, err := store.Open(ctx, address)
	if err != nil {
		return err
	}
	return errors.Join(g.compare(ctx, db), db.Close())
}

// compare compares the rows of each table, and has the engine check that each refers to what is there.
func (g *drilling) compare(ctx context.Context, then *store.DB) error {
	r, err := then.Replayed(ctx)
	if err != nil {
		return err
	}
	g.result.Reached, g.result.Bytes = r.At, r.Bytes
	have, err := then.Digests(ctx)
	if err != nil {
		return fmt.Errorf("read what was had back: %w", err)
	}
	wrong, all := unlike(have, g.before, g.after)
	if len(wrong) > 0 {
		return &errs.Error{Kind: errs.Internal, Err: fmt.Errorf("otherwise in what was had back: %s", strings.Join(wrong, ", ")), Hint: "verlof backup verify says what is damaged"}
	}
	g.result.Compared = all
	return then.CheckBonds(ctx)
}

// unlike returns the tables that hold something else than the database in use did before and
// after, and whether the others could all be compared: a table that changed between the two
// may be as it was at any moment of that time.
func unlike(have, before, after map[string]string) (wrong []string, all bool) {
	all = true
	for table, was := range before {
		switch got, is := have[table], after[table]; {
		case got == was || got == is:
		case was != is:
			all = false
		default:
			wrong = append(wrong, table)
		}
	}
	slices.Sort(wrong)
	return wrong, all
}

// recompute computes everybody's balances from what was had back.
func (g *drilling) recompute(ctx context.Context, then *tenant.Tenant, today calendar.Date) error {
	have, err := balances(ctx, then, today)
	if err != nil {
		return fmt.Errorf("compute balances from what was had back: %w", err)
	}
	g.result.People, g.result.Balances = int64(len(have)), count(have)
	for table, was := range g.before {
		g.result.Compared = g.result.Compared && g.after[table] == was
	}
	if n := differing(have, g.balances); g.result.Compared && n > 0 {
		return fmt.Errorf("balances of %d people are otherwise in what was had back", n)
	}
	return nil
}
