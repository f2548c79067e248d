// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/internal/seal"
	"verlof/store"
)

// Rescue brings databases back whose files cannot be read or written any more, out of the
// second place, into a spare folder. What it makes holds all that was acknowledged, or it
// reports an error.
type Rescue interface {
	// Cut ends the copying of a database that is given up: nobody is told any more that a
	// change in it is done.
	Cut(id string) error
	// Folder returns a new folder for the databases of the installation. It is not in force
	// before Begin was called with it: from then on the one before is not.
	Folder(ctx context.Context) (dir string, err error)
	Begin(ctx context.Context, dir string) error
	// Beside returns the path for one database that is brought back by itself.
	Beside(id string) (path string, err error)
	// Bring makes the database file at path.
	Bring(ctx context.Context, id string, key seal.Wrapper, path string) error
	// Tell hears what became of it, one at a time.
	Tell(Rescued)
}

// RescueWith has lost databases brought back. It is for the beginning, before anybody is served.
func (d *Directory) RescueWith(r Rescue) {
	d.Rescue, d.rescuing = r, make(chan struct{}, 1)
	d.registry.OnLost(d.rescueRegistry)
}

// Again reports whether an error came only of a database being lost that was brought back
// since: whoever was looking may look again.
func Again(err error) bool { return store.Again(err) }

// probeTime is how long the disk of the installation may take to answer.
const probeTime = 5 * time.Second

// Probe looks whether the folder of the installation can be written, and has it given up where
// it cannot.
func (d *Directory) Probe(ctx context.Context) error {
	err := disk.TryWithin(d.Place.Folder(), probeTime)
	if err == nil || disk.Full(err) || d.Rescue == nil {
		return err
	}
	_, _, err = d.rescueRegistry(ctx, err)
	return err
}

// Rescued is a database that was lost.
type Rescued struct {
	Database string // id of the customer, or RegistryID
	Cause    error  // how it was noticed
	From     string // the file that is given up
	To       string // the file in its place; empty: there is none
	Took     time.Duration
	Err      error // why there is none
}

// errWell is why a database is not given up: what was noticed has passed.
var errWell = errors.New("the database is well")

// given reports whether a database file is to be given up. That its disk is full is no reason,
// nor is what passes.
func given(ctx context.Context, path string, cause error) error {
	var kind *errs.Error
	deep := errors.As(cause, &kind) && kind.Kind == errs.Internal // SQLite read something that cannot be
	err := store.Well(ctx, path, deep)
	switch {
	case err == nil:
		return errWell
	case disk.Full(err), errs.Is(err, errs.Unavailable) && errs.As(err).Public == "store.error.full":
		return err
	}
	return nil
}

// broughtBack is the kind of act that puts a database in place of a lost one.
const broughtBack = "brought back"

type aloneKey struct{}

// alone waits for its turn to bring something back. It returns a context for what is done then,
// which does not end with the caller's, and what ends the turn.
func (d *Directory) alone(ctx context.Context) (context.Context, func(), error) {
	select {
	case d.rescuing <- struct{}{}:
		return context.WithValue(context.WithoutCancel(ctx), aloneKey{}, true), func() { <-d.rescuing }, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// rescuer finds the database of a customer that is in force in place of the lost one at path.
func (d *Directory) rescuer(row store.TenantRow, path string) store.Rescuer {
	return func(ctx context.Context, cause error) (*store.DB, func(), error) {
		now, err := d.rescue(ctx, row.ID, path, cause)
		if err != nil {
			return nil, nil, err
		}
		t, release, err := d.use(ctx, now)
		if err != nil {
			return nil, nil, err
		}
		return t.db, release, nil
	}
}

// rescue has the file of a customer's database at path given up and another one made, and
// returns the customer as it stands then.
func (d *Directory) rescue(ctx context.Context, id, path string, cause error) (store.TenantRow, error) {
	ctx, done, err := d.alone(ctx)
	if err != nil {
		return store.TenantRow{}, err
	}
	defer done()
	row, at, err := d.fileOf(ctx, id)
	if err != nil || at != path {
		return row, err // somebody was faster
	}
	if err := given(ctx, path, cause); err != nil {
		return row, err
	}
	limit := probeTime
	if errors.Is(cause, disk.ErrHangs) {
		limit /= 10 // somebody waited for the disk already
	}
	if d.holds(path) && disk.TryWithin(d.Place.Folder(), limit) != nil { // not this file alone
		if err := d.rescueAll(ctx, cause); err != nil {
			return row, err
		}
		return d.registry.Tenant(ctx, id)
	}
	return d.rescueOne(ctx, row, path, cause)
}

// fileOf returns a customer and the file that its database is in; none on PostgreSQL.
func (d *Directory) fileOf(ctx context.Context, id string) (store.TenantRow, string, error) {
	row, err := d.registry.Tenant(ctx, id)
	if err != nil {
		return row, "", err
	}
	dsn, err := d.Place.DSN(row.Database)
	path, _ := strings.CutPrefix(dsn, "sqlite:")
	return row, path, err
}

// holds reports whether a file lies in the folder of the installation.
func (d *Directory) holds(path string) bool {
	rel, err := filepath.Rel(d.Place.Folder(), path)
	return err == nil && filepath.IsLocal(rel)
}

// rescueOne brings one customer's database back, and has the registry say where it is.
func (d *Directory) rescueOne(ctx context.Context, row store.TenantRow, path string, cause error) (store.TenantRow, error) {
	start := d.Now()
	to, err := d.bring(ctx, row, path)
	if err == nil {
		was := row.Database
		row.Database = "sqlite:" + to
		row, err = d.commit(ctx, row, nil, broughtBack, was+arrow+row.Database, Why{By: "verlof", Reason: "the file cannot be used"})
	}
	d.Rescue.Tell(Rescued{Database: row.ID, Cause: cause, From: path, To: to, Took: d.Now().Sub(start), Err: err})
	return row, err
}

func (d *Directory) bring(ctx context.Context, row store.TenantRow, path string) (to string, err error) {
	keys, err := d.keys(ctx, row)
	if err != nil {
		return "", err
	}
	if to, err = d.Rescue.Beside(row.ID); err != nil {
		return "", err
	}
	if err := d.Rescue.Cut(row.ID); err != nil {
		return "", errors.Join(err, os.Remove(filepath.Dir(to)))
	}
	if err := d.Rescue.Bring(ctx, row.ID, keys, to); err != nil {
		return "", fmt.Errorf("bring %s back: %w", path, err)
	}
	return to, store.Well(ctx, to, true)
}

// rescueRegistry is what is asked for the registry in force once its file is lost: with it the
// whole folder is given up.
func (d *Directory) rescueRegistry(ctx context.Context, cause error) (*store.DB, func(), error) {
	if ctx.Value(aloneKey{}) != nil {
		return nil, nil, cause // whoever asks is bringing something back
	}
	ctx, done, err := d.alone(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	if path := d.Place.RegistryFile(); path == d.registry.DB().File() {
		if err = given(ctx, path, cause); err == nil {
			err = d.rescueAll(ctx, cause)
		}
	}
	return d.registry.DB(), func() {}, err
}

// rescueAll gives up the folder of the installation: the registry is brought back at once, and
// each customer when it is opened next. The caller is alone.
func (d *Directory) rescueAll(ctx context.Context, cause error) error {
	start, from := d.Now(), d.Place.RegistryFile()
	err := d.bringRegistry(ctx)
	r := Rescued{Database: RegistryID, Cause: cause, From: from, Took: d.Now().Sub(start), Err: err}
	if err == nil {
		r.To = d.Place.RegistryFile()
	}
	d.Rescue.Tell(r)
	return err
}

func (d *Directory) bringRegistry(ctx context.Context) error {
	dir, err := d.Rescue.Folder(ctx)
	if err != nil {
		return err
	}
	if err := d.Rescue.Cut(RegistryID); err != nil {
		return errors.Join(err, os.Remove(dir))
	}
	was := d.Place.Folder()
	if err := d.Rescue.Bring(ctx, RegistryID, d.RegistryKey(), filepath.Join(dir, filepath.Base(d.Place.RegistryFile()))); err != nil {
		return fmt.Errorf("bring the registry back: %w", err)
	}
	if err := d.Rescue.Begin(ctx, dir); err != nil {
		return err
	}
	d.Place.Use(dir)
	r, err := d.Place.Registry(ctx)
	if err != nil {
		return err
	}
	if d.OnOpen != nil {
		d.OnOpen(RegistryID, d.RegistryKey, r.DB())
	}
	r.OnLost(d.rescueRegistry)
	d.registry.Instead(r)
	d.giveUp(was)
	return nil
}

// giveUp has every customer opened anew whose database is in a folder, also one that is being opened there.
func (d *Directory) giveUp(dir string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.opened {
		if rel, err := filepath.Rel(dir, e.folder); err == nil && e.folder != "" && filepath.IsLocal(rel) {
			d.retire(e)
		}
	}
}

// openOrRescue opens a customer, and brings its database back where it is not there or cannot
// be used.
func (d *Directory) openOrRescue(ctx context.Context, row store.TenantRow) (*Tenant, error) {
	if d.Rescue == nil || row.State == store.StateClosed {
		return d.openInUse(ctx, row)
	}
	_, path, err := d.fileOf(ctx, row.ID)
	if err == nil && path != "" {
		err = d.bringMissing(ctx, row, path)
	}
	if err != nil {
		return nil, err
	}
	t, err := d.openInUse(ctx, row)
	if err == nil {
		t.db.OnLost(d.rescuer(row, path))
	}
	if err == nil || !store.Lost(err) && !disk.Broken(err) {
		return t, err
	}
	now, failed := d.rescue(ctx, row.ID, path, err)
	if failed != nil {
		return nil, err
	}
	return d.openOrRescue(ctx, now)
}

// bringMissing brings a database back where it was, in a folder that is in use: it was not
// brought back yet, or somebody took it away.
func (d *Directory) bringMissing(ctx context.Context, row store.TenantRow, path string) error {
	if !d.holds(path) || there(path) || !there(d.Place.RegistryFile()) {
		return nil // it is there, or its folder is not
	}
	start := d.Now()
	keys, err := d.keys(ctx, row)
	if err == nil {
		err = d.Rescue.Cut(row.ID)
	}
	if err == nil {
		path, err = d.Place.File(row.Database)
	}
	if err == nil {
		err = d.Rescue.Bring(ctx, row.ID, keys, path)
	}
	d.Rescue.Tell(Rescued{Database: row.ID, Cause: fs.ErrNotExist, From: path, To: path, Took: d.Now().Sub(start), Err: err})
	return err
}

// there reports whether there is a file at a path, for all that can be known.
func there(path string) bool {
	return !errors.Is(disk.Stat(path, probeTime), fs.ErrNotExist)
}
