// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"fmt"

	"verlof/errs"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/store/migration"
)

// rereadRoot reads the root key as it is now. Whoever seals something new does, so that
// nothing is sealed by one that was replaced meanwhile.
func (d *Directory) rereadRoot(ctx context.Context) (*seal.Root, error) {
	r, err := d.RootKey.Root(func() (bool, error) { return d.registry.Sealed(ctx) })
	if err == nil {
		d.root.Store(r)
	}
	return r, err
}

// opened returns what the root key opens. One that is not known may have been made
// meanwhile: then it is read again.
func opened[T any](ctx context.Context, d *Directory, open func(*seal.Root) (T, error)) (T, error) {
	v, err := open(d.root.Load())
	if !seal.UnknownRoot(err) {
		return v, err
	}
	r, again := d.rereadRoot(ctx)
	if again != nil {
		return v, again
	}
	return open(r)
}

// keys opens the keys of a customer. One that was made before there were any gets some.
func (d *Directory) keys(ctx context.Context, row store.TenantRow) (*seal.Keys, error) {
	row, err := d.withKeys(ctx, row)
	if err != nil {
		return nil, err
	}
	return opened(ctx, d, func(r *seal.Root) (*seal.Keys, error) { return r.Keys(row.ID, row.Keys) })
}

// withKeys returns the row of a customer with keys in it, which it makes where there are
// none yet.
func (d *Directory) withKeys(ctx context.Context, row store.TenantRow) (store.TenantRow, error) {
	if row.State == store.StateClosed {
		return row, &errs.Error{Kind: errs.NotFound, Public: "tenant.error.unknown", Err: fmt.Errorf("customer %s was destroyed, and its keys with it", row.Slug),
			Hint: "verlof tenant certificate " + row.Slug + " says what, when and by whom"}
	}
	if row.Keys != "" {
		return row, nil
	}
	root, err := d.rereadRoot(ctx)
	if err != nil {
		return row, err
	}
	sealed, err := root.NewKeys(row.ID)
	if err != nil {
		return row, err
	}
	if err := d.registry.AddKeys(ctx, row.ID, sealed); err != nil && !errs.Is(err, errs.NotFound) {
		return row, err
	}
	return d.registry.Tenant(ctx, row.ID) // another process may have been faster
}

// keysNow opens the keys of a customer as the registry has them now.
func (d *Directory) keysNow(ctx context.Context, id string) (*seal.Keys, error) {
	row, err := d.registry.Tenant(ctx, id)
	if err != nil {
		return nil, err
	}
	return d.keys(ctx, row)
}

// KeyState says how a customer's sealed columns are closed.
type KeyState struct {
	Slug   string
	Root   string // names the root key that sealed the customer's keys
	Newest uint32 // number of the key that seals
	Keys   int    // how many may still open something
}

// RootState says which root keys there are.
type RootState struct {
	Newest string // names the one that seals
	Older  int    // how many more may still open something
}

// RootState returns which root keys there are now.
func (d *Directory) RootState(ctx context.Context) (RootState, error) {
	root, err := d.rereadRoot(ctx)
	if err != nil {
		return RootState{}, err
	}
	return RootState{root.ID(), root.Older()}, nil
}

// KeyStates returns how the customers' columns are closed, in the order of the customers.
func (d *Directory) KeyStates(ctx context.Context) ([]KeyState, error) {
	rows, err := d.registry.List(ctx)
	if err != nil {
		return nil, err
	}
	states := make([]KeyState, 0, len(rows))
	for _, row := range rows {
		if row.State == store.StateClosed {
			continue
		}
		if row, err = d.withKeys(ctx, row); err != nil {
			return nil, err
		}
		k, err := d.keys(ctx, row)
		if err != nil {
			return nil, err
		}
		states = append(states, KeyState{Slug: row.Slug, Root: seal.SealedBy(row.Keys), Newest: k.Newest(), Keys: k.Len()})
	}
	return states, nil
}

// changed is what becomes of a customer's sealed keys.
type changed func(r *seal.Root, id, sealed string) (string, error)

// changeKeys replaces the sealed keys of a customer by what change makes of them, on record as an act of a kind.
func (d *Directory) changeKeys(ctx context.Context, slug, kind string, w Why, change changed) error {
	row, err := d.bySlug(ctx, slug)
	if err == nil {
		row, err = d.withKeys(ctx, row)
	}
	if err != nil {
		return err
	}
	root, err := d.rereadRoot(ctx)
	if err != nil {
		return err
	}
	return d.setKeys(ctx, root, row, change, d.act(kind, "", w))
}

func (d *Directory) setKeys(ctx context.Context, root *seal.Root, row store.TenantRow, change changed, a store.Act) error {
	sealed, err := change(root, row.ID, row.Keys)
	if err != nil {
		return err
	}
	err = d.registry.SetKeys(ctx, row.ID, sealed, row.Keys, a)
	if errs.Is(err, errs.NotFound) {
		return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("the keys of %s were changed at the same time", row.Slug), Hint: "run the command again"}
	}
	return err
}

// RotateKeys gives a customer a new key and seals anew what the older ones sealed, while
// the customer is in use. It returns how many texts that were. The older keys stay, for
// copies that were made before: PruneKeys takes them away. What it has not finished it
// goes on with when it is called again, with another key. It reports Conflict for a database that a newer program took further,
// and then there is no new key.
func (d *Directory) RotateKeys(ctx context.Context, slug string, w Why) (int, error) {
	err := d.with(ctx, slug, known)
	if err == nil {
		err = d.changeKeys(ctx, slug, "keys rotated", w, (*seal.Root).AddKey)
	}
	if err != nil {
		return 0, fmt.Errorf("rotate the keys of %s: %w", slug, err)
	}
	return d.reseal(ctx, slug)
}

func (d *Directory) reseal(ctx context.Context, slug string) (n int, err error) {
	err = d.with(ctx, slug, func(ctx context.Context, db *store.DB) error {
		err := known(ctx, db)
		if err == nil {
			n, err = db.Reseal(ctx)
		}
		return err
	})
	if err != nil {
		return n, fmt.Errorf("seal anew what %s keeps: %w", slug, err)
	}
	return n, nil
}

// with calls f with the database of a customer.
func (d *Directory) with(ctx context.Context, slug string, f func(context.Context, *store.DB) error) error {
	t, release, err := d.BySlug(ctx, slug)
	if err != nil {
		return err
	}
	defer release()
	return f(ctx, t.db)
}

// known reports Conflict for a database that a newer program took further: it may keep something sealed
// where this one does not look.
func known(ctx context.Context, db *store.DB) error {
	have, err := store.SchemaVersion(ctx, db)
	if err == nil && have > migration.Tenant.Version {
		err = &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("the database has schema %d, this program knows %d", have, migration.Tenant.Version),
			Hint: "replace keys with the release that brought the database up to date"}
	}
	return err
}

// NewestKey returns the number of the key that seals a customer's columns and copies. It reports NotFound.
func (d *Directory) NewestKey(ctx context.Context, slug string) (uint32, error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return 0, err
	}
	k, err := d.keys(ctx, row)
	if err != nil {
		return 0, err
	}
	return k.Newest(), nil
}

// PruneKeys takes all keys of a customer away but the one with the number keep, once nothing in its database
// is sealed with them any more. It returns how many texts still were. Copies that were made
// before the last rotation cannot be read in full after that. It reports Conflict where keep is not the newest:
// what was copied with it, so that something opens afterwards, would not open.
func (d *Directory) PruneKeys(ctx context.Context, slug string, keep uint32, w Why) (int, error) {
	n, err := d.reseal(ctx, slug)
	if err != nil {
		return n, err
	}
	if err := d.changeKeys(ctx, slug, "older keys taken away", w, keeping(keep)); err != nil {
		return n, fmt.Errorf("prune the keys of %s: %w", slug, err)
	}
	return n, nil
}

// keeping takes all keys away but the one with a number.
func keeping(number uint32) changed {
	return func(r *seal.Root, id, sealed string) (string, error) {
		k, err := r.Keys(id, sealed)
		if err == nil && k.Newest() != number {
			err = &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("key %d was replaced by key %d at the same time", number, k.Newest()),
				Hint: "all keys are there still; run the command again"}
		}
		if err != nil {
			return "", err
		}
		return r.KeepNewest(id, sealed)
	}
}

// Rewrap seals with the newest root key what older ones sealed: the keys of all customers,
// and the secrets of the installation. It returns how many those were. It can be run again.
func (d *Directory) Rewrap(ctx context.Context, w Why) (int, error) {
	if f, ok := d.RootKey.(seal.File); ok {
		release, err := f.Hold(ctx)
		if err != nil {
			return 0, err
		}
		defer release()
	}
	root, err := d.rereadRoot(ctx)
	if err != nil {
		return 0, err
	}
	return d.rewrap(ctx, root, w)
}

func (d *Directory) rewrap(ctx context.Context, root *seal.Root, w Why) (n int, err error) {
	rows, err := d.registry.List(ctx)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		if row.Keys == "" || seal.SealedBy(row.Keys) == root.ID() {
			continue
		}
		if err := d.setKeys(ctx, root, row, (*seal.Root).Rewrap, d.act("root key replaced", seal.SealedBy(row.Keys)+arrow+root.ID(), w)); err != nil {
			return n, err
		}
		n++
	}
	done, err := d.rewrapSecrets(ctx, root)
	return n + done, err
}

func (d *Directory) rewrapSecrets(ctx context.Context, root *seal.Root) (n int, err error) {
	secrets, err := d.registry.Secrets(ctx)
	if err != nil {
		return 0, err
	}
	for _, s := range secrets {
		if seal.SealedBy(s.Sealed) == root.ID() {
			continue
		}
		text, err := root.Open(secretPlace(s.Name), s.Sealed)
		if err == nil {
			err = d.registry.SetSecret(ctx, s.Name, root.Seal(secretPlace(s.Name), text), s.Sealed)
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// errSource is why a root key cannot be replaced here.
var errSource = errors.New("the root key does not come from a file of Verlof's own")

// hold returns the file that the root key lies in, which nobody else changes until release is called.
func (d *Directory) hold(ctx context.Context) (f seal.File, release func(), err error) {
	f, ok := d.RootKey.(seal.File)
	if !ok {
		return f, nil, &errs.Error{Kind: errs.Invalid, Err: errSource,
			Hint: "put a new key in the first line where it comes from, leave the old one in the second, and run: verlof keys rewrap"}
	}
	release, err = f.Hold(ctx)
	return f, release, err
}

// RotateRoot makes a new root key and seals with it what the older ones sealed, while the
// installation is in use. It returns how many texts that were. The older ones stay in the
// file, for copies of the registry that were made before: PruneRoot takes them away.
func (d *Directory) RotateRoot(ctx context.Context, w Why) (int, error) {
	f, release, err := d.hold(ctx)
	if err != nil {
		return 0, err
	}
	defer release()
	if err := f.Add(); err != nil {
		return 0, err
	}
	root, err := d.rereadRoot(ctx)
	if err != nil {
		return 0, err
	}
	return d.rewrap(ctx, root, w)
}

// PruneRoot takes all root keys away but the one that keep names, once nothing is sealed with them any
// more. It returns how many texts still were. Copies of the registry that were made before
// the last rotation open nothing after that. It reports Conflict where keep is not the newest: what was
// copied with it, so that something opens afterwards, would not open.
func (d *Directory) PruneRoot(ctx context.Context, keep string, w Why) (int, error) {
	f, release, err := d.hold(ctx)
	if err != nil {
		return 0, err
	}
	defer release()
	root, err := d.rereadRoot(ctx)
	if err == nil && root.ID() != keep {
		err = seal.Replaced(keep, root.ID())
	}
	if err != nil {
		return 0, err
	}
	n, err := d.rewrap(ctx, root, w)
	if err != nil {
		return n, err
	}
	if err := f.KeepNewest(root.ID()); err != nil {
		return n, err
	}
	_, err = d.rereadRoot(ctx)
	return n, err
}

// RotateSigning gives a customer a new key to sign tokens with, and returns its name. The one
// before it verifies until the last token that it signed has ended, so nobody is signed out.
func (d *Directory) RotateSigning(ctx context.Context, slug string, w Why) (string, error) {
	t, release, err := d.BySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	defer release()
	key, err := t.OpenID.Rotate(ctx)
	if err == nil {
		err = d.Note(ctx, slug, "signing key rotated", "key "+key, w)
	}
	if err != nil {
		return "", fmt.Errorf("rotate the signing key of %s: %w", slug, err)
	}
	return key, nil
}
