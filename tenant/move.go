// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"fmt"
	"math"
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
	Tries    int           // how often they did
}

// Move takes a customer to another place while it is in use: a folder, a PostgreSQL server or
// a cluster, as store.Place.Named reads it. Its database is copied while people change what is in it.
// Then changes wait while what they changed meanwhile is put there and all is compared, at most
// for within, and are made in the new one; people look meanwhile. Where that is not long enough
// changes are let go on, and it is tried again a little later, a few times. The
// old database stays where it is and takes no changes. Cut short at whatever point, either
// the old or the new one is in force: once changes are to be made in the new one, the next use of the
// customer ends the move; before that, moving it again to the same place finishes. It
// reports Conflict where the place has another database of the customer already, Unavailable
// where changes would wait longer than within (nothing was moved), and Invalid where within is as
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
	m.From = row.Database
	if err == nil && row.State == store.StateMoving {
		row, err = d.endMove(ctx, row)
	}
	if err != nil {
		return m, err
	}
	if !row.State.Serves() {
		return m, &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("customer %s is %s", slug, row.State), Hint: "a customer in service can be moved"}
	}
	if m.To, err = place.Target(ctx, d.Place, row.ID); err != nil {
		return m, fmt.Errorf("move %s: %w", slug, err)
	}
	switch {
	case m.To == row.Database && m.To != m.From:
		return m, nil // it only had to be ended
	case m.To == row.Database:
		return m, &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("%s is there already", slug)}
	}
	m.From = row.Database
	target, err := d.moveTarget(ctx, row, m.To)
	if err != nil {
		return m, fmt.Errorf("move %s: %w", slug, err)
	}
	m, err = d.moveInto(ctx, row, target, m, within, w)
	return m, errors.Join(err, target.Close())
}

// endMove ends a move that was cut short after changes were to be made in the new database, and returns
// what the registry says then.
func (d *Directory) endMove(ctx context.Context, row store.TenantRow) (store.TenantRow, error) {
	t, release, err := d.use(ctx, row)
	if err != nil {
		return row, err
	}
	defer release()
	if err := d.endSwap(ctx, row, t.db); err != nil {
		return row, err
	}
	return d.registry.Tenant(ctx, row.ID)
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
	k, err := TermsOf(row)
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
	giveUp := func(ctx context.Context, why error) error {
		closed := target.Shut(ctx, store.ShutMoved) // what is there may be overwritten, as what a move left
		_, undone := d.commitMove(ctx, began, "", "move given up", m, w)
		return errors.Join(why, closed, undone)
	}
	t, release, err := d.use(ctx, began)
	if err != nil {
		return m, giveUp(context.WithoutCancel(ctx), err)
	}
	defer release()
	left := store.Left{To: m.To, By: w.By, Reason: w.Reason, Moved: true}
	start, err := d.handOver(ctx, t.db, target, left, &m, within)
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		if is, failed := leftFor(ctx, t.db); failed == nil && is.To == left.To { // though nobody was told
			err = nil
		}
	}
	if err != nil {
		return m, giveUp(ctx, err)
	}
	_, err = d.putInForce(ctx, began, left)
	m.Paused = max(m.Paused, d.Now().Sub(start))
	return m, err
}

// handOvers is how often a database is tried to be handed over. In between it is let go: first for a sixteenth of the time
// that changes may wait, then for twice as long each time.
const handOvers = 6

// handOver copies a database that is in use into another one and hands it over. It returns since when changes
// wait; after an error none do.
func (d *Directory) handOver(ctx context.Context, from, to *store.DB, left store.Left, m *Move, within time.Duration) (since time.Time, err error) {
	if err := from.CopyAll(ctx, to); err != nil {
		return since, fmt.Errorf("copy: %w", err)
	}
	for n := range handOvers {
		if since, err = d.tryHandOver(ctx, from, to, left, m, within); err == nil || !errs.Is(err, errs.Unavailable) && !errs.Is(err, errs.Conflict) {
			return since, err
		}
		select {
		case <-time.After(within / 16 << n):
		case <-ctx.Done():
			return since, ctx.Err()
		}
	}
	return since, err
}

func (d *Directory) tryHandOver(ctx context.Context, from, to *store.DB, left store.Left, m *Move, within time.Duration) (since time.Time, err error) {
	if err = d.follow(ctx, from, to, within); err != nil {
		return since, err
	}
	short, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	since = d.Now()
	m.Tries++
	if m.Moved, err = from.HandOver(short, to, left); err == nil {
		return since, nil
	}
	m.Paused = max(m.Paused, d.Now().Sub(since))
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = tooLong(within, err)
	}
	return since, err
}

// follow puts what changed meanwhile into the other database, again and again as long as that gets quicker, and reports an
// error unless it took no longer than within in the end: what is left takes about as long.
func (d *Directory) follow(ctx context.Context, from, to *store.DB, within time.Duration) error {
	for last := time.Duration(math.MaxInt64); ; {
		start := d.Now()
		err := from.Follow(ctx, to)
		if errs.Is(err, errs.Conflict) { // rows took a value from each other
			err = from.CopyAll(ctx, to)
		}
		took := d.Now().Sub(start)
		if err != nil || took <= within {
			return err
		}
		if took > last/4*3 {
			return tooLong(within, fmt.Errorf("it took %v to compare", took))
		}
		last = took
	}
}

func tooLong(within time.Duration, err error) error {
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("changes would have to wait longer than %v, nothing was moved: %w", within, err),
		Hint: fmt.Sprintf("try it at a quiet hour, or let them wait longer with --within, up to %v", store.LockWait)}
}

// commitMove has the registry say where a customer is on its way to; empty: nowhere.
func (d *Directory) commitMove(ctx context.Context, row store.TenantRow, where, kind string, m Move, w Why) (store.TenantRow, error) {
	k, err := TermsOf(row)
	if err != nil {
		return row, err
	}
	headFor(&row, &k, where)
	if row.Settings, err = k.text(); err != nil {
		return row, err
	}
	return d.commit(ctx, row, nil, kind, m.From+arrow+m.To, w)
}

// headFor has a customer be on its way to a database; empty: nowhere.
func headFor(row *store.TenantRow, k *Terms, where string) {
	k.Moving = where
	switch {
	case row.State == store.StateActive && where != "":
		row.State = store.StateMoving
	case row.State == store.StateMoving && where == "":
		row.State = store.StateActive
	}
}

// moveWait is how long a change that came too late for a database waits for the one in
// force.
const moveWait = store.LockWait

// swapGrace is for how long a change waits before it ends itself what put another database in force:
// whoever did has checked that one, and does it in a moment.
const swapGrace = time.Second

// successor finds the database of a customer that is in force in place of the one in row, which is left. It has
// the registry say so where whoever left it was killed before that.
func (d *Directory) successor(row store.TenantRow, left *store.DB) store.Successor {
	return func(ctx context.Context) (*store.DB, func(), error) {
		ctx, cancel := context.WithTimeout(ctx, moveWait)
		defer cancel()
		began := d.Now()
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
			if d.Now().Sub(began) > swapGrace {
				if err := d.endSwap(ctx, row, left); err != nil {
					return nil, nil, err
				}
			}
			select {
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
				return nil, nil, errs.New(errs.Unavailable, "store.error.moved").Because(ctx.Err())
			}
		}
	}
}
