// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/internal/id"
	"verlof/store"
	"verlof/store/migration"
)

// TakeIn makes a database beside a customer's own, under a name, of a SQLite file that is
// the customer's: one that was restored, mended or investigated elsewhere. The file stays as
// it is. It reports Invalid for one that is another customer's, was sealed with other keys or is
// damaged, Unavailable for one that a newer program wrote, and Conflict for a name that is taken.
func (d *Directory) TakeIn(ctx context.Context, slug, name, file string) (where string, err error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(filepath.Dir(file), ".verlof-*") // where there is room for it, for us alone
	if err != nil {
		return "", &errs.Error{Kind: errs.Invalid, Err: err, Hint: "name a file in a folder where Verlof may put its own copy of it for a while"}
	}
	defer os.RemoveAll(dir)
	copied := filepath.Join(dir, "data.db")
	if err := copyDatabase(copied, file); err != nil {
		return "", err
	}
	return d.takeInto(ctx, row, name, func(into *store.DB) error {
		return foreign(d.Look(ctx, slug, "sqlite:"+copied, func(t *Tenant) error {
			if err := errors.Join(t.db.Check(ctx), t.db.CheckSealed(ctx)); err != nil {
				return err
			}
			_, err := t.db.MoveTo(ctx, into)
			return err
		}))
	})
}

// copyDatabase copies a SQLite file, with what is still in its log.
func copyDatabase(to, from string) error {
	for _, tail := range []string{"", "-wal"} {
		src, err := os.Open(from + tail)
		if tail != "" && errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return &errs.Error{Kind: errs.Invalid, Err: err, Hint: "name a database file that Verlof may read"}
		}
		if err := errors.Join(disk.Create(to+tail, src), src.Close()); err != nil {
			return err
		}
	}
	return nil
}

// foreign has a database that is not the customer's be the fault of who brings it.
func foreign(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if errors.Is(err, store.ErrForeign) || errs.As(err).Kind == errs.Internal {
		return &errs.Error{Kind: errs.Invalid, Err: err, Hint: "nothing was changed; bring a database of this customer, sealed with its keys"}
	}
	return err
}

// TakeFrom makes a database beside a customer's own, under a name, of what another customer
// has at the moment, such as one in which things were tried. The other goes on. What is
// sealed is opened with the other's keys and sealed with the customer's; who is signed in,
// tokens, mail that waits and what is on its way to webhooks stay behind.
func (d *Directory) TakeFrom(ctx context.Context, slug, name, other string) (where string, err error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	if slug == other {
		return "", &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("%s has that database already", slug)}
	}
	from, release, err := d.BySlug(ctx, other)
	if err != nil {
		return "", err
	}
	defer release()
	keys, err := d.keys(ctx, row)
	if err != nil {
		return "", err
	}
	return d.takeInto(ctx, row, name, func(into *store.DB) error {
		into.SealWith(keys)
		return from.db.CopyInto(ctx, into, func(tx *store.Tx) error {
			return errors.Join(tx.SetMeta(metaTenant, row.ID), tx.SetMark(row.ID))
		})
	})
}

// takeInto makes a database beside a customer's own and fills it, or makes none.
func (d *Directory) takeInto(ctx context.Context, row store.TenantRow, name string, fill func(*store.DB) error) (where string, err error) {
	if where, err = d.Place.Of(row.Database).CreateBeside(ctx, row.ID, name); err != nil {
		return "", err
	}
	db, err := d.fresh(ctx, row.ID, where)
	if err == nil {
		if err = store.Migrate(ctx, db, migration.Tenant); err == nil {
			err = fill(db)
		}
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("make a database beside that of %s: %w", row.Slug, err), d.Place.DropDatabase(ctx, where))
	}
	return where, nil
}

// The kinds of an act that put another database in use, and what stands between the two in its
// detail.
const (
	replaced = "replaced"
	moved    = "moved"
	arrow    = " -> "
)

// Undo puts back the database that the last Replace took out of use, and returns which one
// that is. What was written since stays in the other one, and calling it again puts that
// back. It reports Conflict where none was replaced.
func (d *Directory) Undo(ctx context.Context, slug string, w Why) (now string, err error) {
	acts, err := d.Log(ctx, slug)
	if err != nil {
		return "", err
	}
	for i := len(acts) - 1; i >= 0; i-- {
		if was, _, ok := strings.Cut(acts[i].Detail, arrow); ok && acts[i].Kind == replaced {
			_, err := d.Replace(ctx, slug, was, w)
			return was, err
		}
	}
	return "", &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("no database of %s was replaced", slug), Hint: "verlof tenant log " + slug + " says what was done to it"}
}

// TakeScratch makes a database beside a customer's own, under a name, of one that was restored
// elsewhere for it: all that is in it, under the customer's own keys. What it was read from
// takes no changes any more. It reports an error where that is not the customer's.
func (d *Directory) TakeScratch(ctx context.Context, slug, name string, from *store.DB) (where string, err error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	keys, err := d.keys(ctx, row)
	if err != nil {
		return "", err
	}
	from.SealWith(keys)
	scratch := row
	scratch.Database = ""
	if err := d.migrate(ctx, scratch, from); err != nil {
		return "", err
	}
	return d.takeInto(ctx, row, name, func(into *store.DB) error {
		_, err := from.MoveTo(ctx, into)
		return err
	})
}

// Passphrase returns what the copies of a server are sealed with, which the first call makes.
func (d *Directory) Passphrase(ctx context.Context, stanza string) (string, error) {
	return d.secret(ctx, "pgbackrest/"+stanza, func() (string, error) { return id.Token(), nil })
}
