// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"verlof/store"
	"verlof/store/migration"
)

// KindQuarantine is the kind of a past state that is looked at for an investigation: only
// who was granted that looks, and nobody steps over to it.
const KindQuarantine = "quarantine"

// Granted reports whether only who was granted that may look at a past state.
func Granted(p *OpenPast) bool { return p.Kind == KindQuarantine }

// Looked is a page that somebody looked at, of which past state.
type Looked struct {
	store.PastLook
	Of store.Past
}

// AllLooks returns what was looked at of all past states of a customer, those that have ended
// too: the newest state first, and of each the newest look, n at most. It reports NotFound.
func (d *Directory) AllLooks(ctx context.Context, slug string, n int) (all []Looked, err error) {
	pasts, err := d.EveryPast(ctx, slug)
	for _, p := range pasts {
		looks, err := d.registry.Looks(ctx, p.ID, n)
		if err != nil {
			return nil, err
		}
		for _, l := range looks {
			all = append(all, Looked{l, p})
		}
	}
	return all, err
}

// EveryPast returns the past states of a customer, those that have ended too, the newest
// first. It reports NotFound.
func (d *Directory) EveryPast(ctx context.Context, slug string) ([]store.Past, error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	return d.registry.Pasts(ctx, row.ID)
}

// CopyToFile makes a SQLite file of what is in the customer's database at one moment, on whichever
// engine that is; nobody waits.
func (t *Tenant) CopyToFile(ctx context.Context, path string) (err error) {
	if t.db.File() != "" {
		return t.db.CopyTo(ctx, path)
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".verlof-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	aside, err := store.ParsePlace("sqlite:" + dir)
	if err != nil {
		return err
	}
	where, err := aside.CreateDatabase(ctx, t.ID)
	if err != nil {
		return err
	}
	into, err := aside.Open(ctx, where)
	if err != nil {
		return err
	}
	if err = store.Migrate(ctx, into, migration.Tenant); err == nil {
		err = t.db.CopyAll(ctx, into)
	}
	if err == nil {
		err = into.CopyTo(ctx, path)
	}
	return errors.Join(err, into.Close())
}
