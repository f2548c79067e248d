// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"verlof/errs"
	"verlof/store"
	"verlof/store/migration"
)

// Move is what moving a customer came to.
type Move struct {
	store.Moved
	From, To string        // the databases, as the registry names them
	Paused   time.Duration // how long changes waited, at most
}

// Move takes a customer to another place while it is in use: a folder, a PostgreSQL server or
// a cluster, as store.Place.Named reads it. Changes wait while its database is copied and
// compared, at most for within, and are then made in the new one; people look meanwhile. The
// old database stays where it is and takes no changes. Cut short at whatever point, either
// the old or the new one is in force, and moving it again to the same place finishes. It
// reports Conflict where the place has another database of the customer already, Unavailable
// where copying takes longer than within (nothing was moved), and Invalid where within is as
// long as store.LockWait, after which changes are refused.
func (d *Directory) Move(ctx context.Context, slug, to string, within time.Duration, w Why) (m Move, err error) {
	if within >= store.LockWait {
		return m, &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("changes do not wait for %v", within),
			Hint: fmt.Sprintf("choose less than %v: a change that waits longer is refused, and people would see it", store.LockWait)}
	}
	place, err := d.Place.Named(to)
	if err != nil {
		return m, err
	}
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return m, err
	}
	if !row.State.Serves() {
		return m, &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("customer %s is %s", slug, row.State), Hint: "a customer in service can be moved"}
	}
	m.From = row.Database
	if m.To, err = place.Target(ctx, d.Place, row.ID); err != nil {
		return m, fmt.Errorf("move %s: %w", slug, err)
	}
	if m.To == m.From {
		return m, &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("%s is there already", slug)}
	}
	target, err := d.moveTarget(ctx, row, m.To)
	if err != nil {
		return m, fmt.Errorf("move %s: %w", slug, err)
	}
	m, err = d.moveInto(ctx, row, target, m, within, w)
	return m, errors.Join(err, target.Close())
}

// moveTarget opens the database that a customer is to move into, brought up to date. One
// that holds something is refused, unless it was left behind by a move: that of this
// customer which was cut short, or one away from there.
func (d *Directory) moveTarget(ctx context.Context, row store.TenantRow, where string) (*store.DB, error) {
	db, err := d.fresh(ctx, row.ID, where)
	if err != nil {
		return nil, err
	}
	have, err := store.SchemaVersion(ctx, db)
	if err == nil && have > 0 {
		err = d.mayOverwrite(ctx, row, where, db)
	}
	if err == nil {
		err = store.Migrate(ctx, db, migration.Tenant)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (d *Directory) mayOverwrite(ctx context.Context, row store.TenantRow, where string, db *store.DB) error {
	var whose string
	var why store.Shut
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		if whose, err = tx.Meta(metaTenant); err == nil {
			why, err = tx.WhyShut()
		}
		return err
	})
	if err != nil {
		return err
	}
	k, err := keptOf(row)
	if err != nil || whose == "" || whose == row.ID && (why == store.ShutMoved || k.Moving == where) {
		return err
	}
	return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("there is a database of customer %q already", whose), Hint: "move it away, or choose another place"}
}

// moveInto puts the intent on record, copies, and puts the new database in force.
func (d *Directory) moveInto(ctx context.Context, row store.TenantRow, target *store.DB, m Move, within time.Duration, w Why) (Move, error) {
	began, err := d.commitMove(ctx, row, m.To, "move begun", m, w)
	if err != nil {
		return m, err
	}
	t, release, err := d.use(ctx, began)
	if err != nil {
		return m, err
	}
	defer release()
	short, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	start := d.Now()
	if m.Moved, err = t.db.MoveTo(short, target); err != nil {
		_, undone := d.commitMove(ctx, began, "", "move given up", m, w)
		if errors.Is(err, context.DeadlineExceeded) {
			err = &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("copying takes longer than %v, for which changes may wait: nothing was moved", within),
				Hint: fmt.Sprintf("try again at a quiet hour, or let them wait longer with --within, up to %v", store.LockWait)}
		}
		return m, errors.Join(err, undone)
	}
	began.Database = m.To
	_, err = d.commitMove(ctx, began, "", "moved", m, w)
	m.Paused = d.Now().Sub(start)
	return m, err
}

// commitMove has the registry say where a customer is on its way to; empty: nowhere.
func (d *Directory) commitMove(ctx context.Context, row store.TenantRow, where, kind string, m Move, w Why) (store.TenantRow, error) {
	k, err := keptOf(row)
	if err != nil {
		return row, err
	}
	k.Moving = where
	if row.Settings, err = k.text(); err != nil {
		return row, err
	}
	switch {
	case row.State == store.StateActive && where != "":
		row.State = store.StateMoving
	case row.State == store.StateMoving && where == "":
		row.State = store.StateActive
	}
	return d.commit(ctx, row, nil, kind, m.From+arrow+m.To, w)
}

// moveWait is how long a change that came too late for a database waits for the one in
// force.
const moveWait = store.LockWait

// successor finds the database of a customer that is in force in place of the one in row.
func (d *Directory) successor(row store.TenantRow) store.Successor {
	return func(ctx context.Context) (*store.DB, func(), error) {
		ctx, cancel := context.WithTimeout(ctx, moveWait)
		defer cancel()
		for {
			now, err := d.registry.Tenant(ctx, row.ID)
			if err != nil {
				return nil, nil, err
			}
			if now.Database != row.Database {
				t, release, err := d.use(ctx, now)
				if err != nil {
					return nil, nil, err
				}
				return t.db, release, nil
			}
			select {
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
				return nil, nil, errs.New(errs.Unavailable, "store.error.moved").Because(ctx.Err())
			}
		}
	}
}
