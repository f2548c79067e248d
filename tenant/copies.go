// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/internal/seal"
	"verlof/store"
)

// RegistryID is the id of the registry's own database among those of customers.
const RegistryID = "registry"

// RegistryKey returns what seals copies of the registry at the moment. A root key that a command replaced meanwhile is taken up:
// what the one before it sealed is lost once that is taken away.
func (d *Directory) RegistryKey() seal.Wrapper {
	f, ok := d.RootKey.(seal.File)
	if !ok {
		return d.root.Load()
	}
	mark := f.Mark()
	if was := d.mark.Swap(&mark); mark == "" || was != nil && *was == mark {
		return d.root.Load()
	}
	ctx := context.Background() // whoever commits does not wait for who asked
	root, err := d.RootKey.Root(func() (bool, error) { return true, nil })
	if err == nil && knows(ctx, d.registry, root) == nil {
		d.root.Store(root)
	}
	return d.root.Load()
}

// Registry returns the registry's database, for copies and checks.
func (d *Directory) Registry() *store.DB { return d.registry.DB() }

// Copy is how the second place of a customer's database stands.
type Copy struct {
	Days    int           // so many days back every moment can be had again
	At      time.Time     // when the newest change was put there; zero: none was since this process began
	Behind  time.Time     // since when changes are not there; zero: all are
	Drilled time.Time     // when having it back was last rehearsed; zero: never
	Sound   bool          // and it came out well
	Took    time.Duration // and so long it took
	People  int           // whose balances were computed anew then
	Pots    int           // of theirs
	Spare   time.Time     // since when the database is in the spare folder, its disk being lost; zero: it is not
	Further bool          // there is a third place, further away
	Away    time.Time     // every change until then is there too; zero: not known
	Late    time.Time     // since when changes wait for it, where that is longer than promised; zero: they do not
	Within  time.Duration // so soon changes are put there; zero: before anybody is told of them
}

// Copy returns how the customer's copy stands. It reports false where the installation has
// no second place.
func (t *Tenant) Copy(ctx context.Context) (Copy, bool, error) {
	if t.copy == nil {
		return Copy{}, false, nil
	}
	return t.copy(ctx)
}

// copyOf returns what Copy asks for a customer's database, nil where there is no second place.
func (d *Directory) copyOf(id, where string) func(context.Context) (Copy, bool, error) {
	if d.Standing == nil {
		return nil
	}
	return func(ctx context.Context) (Copy, bool, error) {
		c, ok := d.Standing(id, where)
		if !ok {
			return c, false, nil
		}
		last, err := d.registry.Drills(ctx, id, 1)
		if err == nil && len(last) > 0 {
			c.Drilled, c.Sound, c.Took = last[0].At, last[0].Problem == "", last[0].Took
			c.People, c.Pots = int(last[0].People), int(last[0].Balances)
		}
		return c, true, err
	}
}

// AddDrill keeps what a drill came to; of each database those of the last 400 days are kept.
func (d *Directory) AddDrill(ctx context.Context, result store.Drill) error {
	return d.registry.AddDrill(ctx, result, result.At.AddDate(0, 0, -400))
}

// LastDrills returns the newest drill of each database, by its id.
func (d *Directory) LastDrills(ctx context.Context) (map[string]store.Drill, error) {
	list, err := d.registry.LastDrills(ctx)
	last := make(map[string]store.Drill, len(list))
	for _, result := range list {
		last[result.Database] = result
	}
	return last, err
}

// CopyKey returns a customer, and what seals and opens copies of its database. It reports
// NotFound.
func (d *Directory) CopyKey(ctx context.Context, slug string) (store.TenantRow, seal.Wrapper, error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return row, nil, err
	}
	k, err := d.keys(ctx, row)
	return row, k, err
}

// Look opens a database of a customer that is not the one in use, brought up to date, and
// calls f with it. Nothing hears of it: no copy is made, no mail is sent.
func (d *Directory) Look(ctx context.Context, slug, where string, f func(*Tenant) error) error {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return err
	}
	return d.look(ctx, row, where, f)
}

// LookByID is Look for a customer by its id.
func (d *Directory) LookByID(ctx context.Context, id, where string, f func(*Tenant) error) error {
	row, err := d.registry.Tenant(ctx, id)
	if err != nil {
		return err
	}
	return d.look(ctx, row, where, f)
}

func (d *Directory) look(ctx context.Context, row store.TenantRow, where string, f func(*Tenant) error) (err error) {
	row.Database = where
	t, err := d.open(ctx, row)
	if err != nil {
		return err
	}
	defer func() {
		if closed := t.db.Close(); err == nil {
			err = closed
		}
	}()
	return f(t)
}

// Replace makes another database of a customer the one in use, at once and for every
// process, and returns which one was, which stays where it is. Changes under way there are
// waited for; those that come later wait, and are made in the new one. Cut short at whatever point, it either
// did not happen or is ended by the next use of the customer. It reports Invalid for a database that is another customer's or damaged, and
// Conflict where the customer is being moved or another one was put in use at the same time.
func (d *Directory) Replace(ctx context.Context, slug, where string, w Why) (was string, err error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	if row.Database == where {
		return "", &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("customer %s uses %s already", slug, where)}
	}
	if row.State == store.StateMoving {
		return "", &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("customer %s is on its way to another place", slug),
			Hint: "wait until verlof tenant move has ended; where it was killed, verlof tenant thaw " + slug + " gives it up"}
	}
	numbers := d.eventNumbers(ctx, row)
	ready := func(t *Tenant) error {
		if err := errors.Join(t.db.Check(ctx), t.db.CheckSealed(ctx)); err != nil {
			return err
		}
		if err := shutAs(ctx, t.db, store.StateActive); err != nil { // nobody uses it yet
			return err
		}
		return errors.Join(t.db.NumberEventsFrom(ctx, numbers), shutAs(ctx, t.db, row.State))
	}
	if err := d.Look(ctx, slug, where, ready); err != nil {
		return "", fmt.Errorf("replace the database of %s: %w", slug, foreign(err))
	}
	return row.Database, d.swap(ctx, row, store.Left{To: where, By: w.By, Reason: w.Reason})
}

// manyMeanwhile is more events than there are between a look at a database and its being left.
const manyMeanwhile = 10_000

// eventNumbers returns a number that no event of the database in use has or gets before it is left: whoever follows
// events by their numbers must meet none of those again for another event. It is 0 for one that cannot be read.
func (d *Directory) eventNumbers(ctx context.Context, row store.TenantRow) int64 {
	t, release, err := d.use(ctx, row)
	if err != nil {
		return 0
	}
	defer release()
	n, err := t.db.EventNumbers(ctx)
	if err != nil {
		return 0
	}
	return n + manyMeanwhile
}

// swapWait is how long a swap waits for changes under way: less than those wait that come
// meanwhile.
const swapWait = moveWait / 2

// swap puts a database in force in place of the one that is. It is decided once that one is left.
func (d *Directory) swap(ctx context.Context, row store.TenantRow, left store.Left) error {
	if err := d.leaveFor(ctx, row, left); err != nil {
		return err
	}
	return d.endLeft(context.WithoutCancel(ctx), row, left)
}

// endLeft puts the database that the one in row was left for in force, and has its copy begin.
func (d *Directory) endLeft(ctx context.Context, row store.TenantRow, left store.Left) error {
	now, err := d.putInForce(ctx, row, left)
	if err != nil {
		return err
	}
	return d.beginsWith(ctx, now, left)
}

// putInForce has the registry name the database that the one in row was left for, unless it does
// already, and returns the row that does.
func (d *Directory) putInForce(ctx context.Context, row store.TenantRow, left store.Left) (store.TenantRow, error) {
	kind := replaced
	if left.Moved {
		kind = moved
	}
	for {
		now, err := d.registry.Tenant(ctx, row.ID)
		switch {
		case err != nil || now.Database == left.To:
			return now, err
		case now.Database != row.Database:
			return now, anotherIs(row.Slug)
		}
		if now, err = named(now, left); err != nil {
			return now, err
		}
		_, err = d.commit(ctx, now, nil, kind, row.Database+arrow+left.To, Why{By: left.By, Reason: left.Reason})
		if err != nil && !errs.Is(err, errs.Conflict) {
			return now, err
		}
	}
}

// named returns a customer's row with the database that follows in it, where a move ends.
func named(row store.TenantRow, left store.Left) (store.TenantRow, error) {
	row.Database = left.To
	k, err := TermsOf(row)
	if err != nil {
		return row, err
	}
	headFor(&row, &k, "")
	if left.Schema != 0 {
		k.Back, row.SchemaVersion = true, left.Schema
	}
	row.Settings, err = k.text()
	return row, err
}

// beginsWith does what follows once a database is in force: its copy begins now, and not with the next
// change. One that stays at an earlier schema is not opened for that. Where the customer is being opened it begins once that is done:
// whoever opens one and waits for it to be open waits for ever.
func (d *Directory) beginsWith(ctx context.Context, row store.TenantRow, left store.Left) error {
	if left.Schema != 0 {
		return d.registry.SetSchemaVersion(ctx, row.ID, left.Schema)
	}
	if later, ok := ctx.Value(laterKey{}).(*later); ok {
		later.rows = append(later.rows, row)
		return nil
	}
	return d.beginCopy(ctx, row)
}

func anotherIs(slug string) error {
	return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("another database of %s was put in use at the same time", slug),
		Hint: "verlof tenant log " + slug + " says by whom"}
}

// leaveFor has the database in use take no changes, so that those that come now are made in
// the one that follows. One that cannot be opened takes none by itself: it may be why another is to
// be put in its place.
func (d *Directory) leaveFor(ctx context.Context, row store.TenantRow, left store.Left) error {
	t, release, err := d.use(ctx, row)
	if err != nil {
		return ctx.Err() // of whoever does not wait for it nothing is known
	}
	defer release()
	short, cancel := context.WithTimeout(ctx, swapWait)
	defer cancel()
	was, err := leftFor(short, t.db)
	switch {
	case err != nil || was.To == left.To:
	case was.To != "" && d.endSwap(ctx, row, t.db) == nil:
		return anotherIs(row.Slug)
	default: // or the other one is not to be had
		err = t.db.LeaveFor(short, left)
	}
	switch {
	case err == nil:
		return nil
	case (errs.Is(err, errs.Internal) || disk.Broken(err)) && short.Err() == nil:
		return nil // damaged, or on a disk that does not answer: see above
	}
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("nothing was replaced, changes under way did not end: %w", err), Hint: "try again at a quieter moment"}
}

// leftFor returns for which database one was left.
func leftFor(ctx context.Context, db *store.DB) (left store.Left, err error) {
	err = db.View(ctx, func(tx *store.Tx) (err error) {
		left, err = tx.Left()
		return err
	})
	return left, err
}

// endSwap puts in force what a database was left for, where whoever left it was killed before that.
func (d *Directory) endSwap(ctx context.Context, row store.TenantRow, db *store.DB) error {
	left, err := leftFor(ctx, db)
	if err != nil || left.To == "" {
		return err
	}
	if now, err := d.registry.Tenant(ctx, row.ID); err != nil || now.Database != row.Database {
		return err
	}
	if err := d.ready(ctx, row, left.To); err != nil { // it may be gone, as after a loss
		return err
	}
	if err = d.endLeft(ctx, row, left); errs.Is(err, errs.Conflict) {
		return nil // yet another one is in force
	}
	return err
}

// shutAs has a database take changes, or none, as the state of its customer is: it may have
// been left behind by a move.
func shutAs(ctx context.Context, db *store.DB, s store.State) error {
	is, err := whyShut(ctx, db)
	if err != nil || is == shutIn(s) {
		return err
	}
	return db.Shut(ctx, shutIn(s))
}
