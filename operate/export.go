// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/disk"
	"verlof/store"
	"verlof/tenant"
)

// Export writes everything of a customer into a file that must not exist yet, whole or not
// at all, and puts that on record. It reports NotFound, and Conflict for a file that is there.
func Export(ctx context.Context, d *tenant.Directory, slug, path string, medical bool, w tenant.Why) (m tenant.Manifest, err error) {
	if _, err := os.Lstat(path); err == nil {
		return m, &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("there is something at %s already", path), Hint: "name another file with --to"}
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".export-*") // for us alone
	if err != nil {
		return m, &errs.Error{Kind: errs.Invalid, Err: err, Hint: "name a file with --to in a folder that is there"}
	}
	defer os.Remove(draft.Name()) // it has another name by then, or is worth nothing
	err = with(ctx, d, slug, func(t *tenant.Tenant) error {
		m, err = t.Export(ctx, draft, medical, d.Now())
		return err
	})
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return m, err
	}
	detail := fmt.Sprintf("%d rows, without medical notes", m.Rows())
	if medical {
		detail = fmt.Sprintf("%d rows, with medical notes", m.Rows())
	}
	if err := d.Note(ctx, slug, tenant.Exported, detail, w); err != nil {
		return m, err
	}
	if err := os.Link(draft.Name(), path); err != nil { // refuses a name that is taken meanwhile
		return m, err
	}
	return m, disk.SyncFolder(filepath.Dir(path))
}

// Import makes a customer of an export, once everybody's balances can be worked out from
// it. It returns what the export says of itself. Errors are those of tenant.ReadArchive and tenant.Create.
func Import(ctx context.Context, d *tenant.Directory, n tenant.New, from io.ReaderAt, size int64) (store.TenantRow, tenant.Manifest, error) {
	a, err := tenant.ReadArchive(from, size)
	if err != nil {
		return store.TenantRow{}, tenant.Manifest{}, err
	}
	row, err := d.CreateFrom(ctx, n, a, func(t *tenant.Tenant) error {
		_, err := balances(ctx, t, calendar.DateOf(d.Now()))
		return cmp.Or(err, t.DB().Check(ctx))
	})
	return row, a.Manifest, err
}
