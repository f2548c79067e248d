// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"verlof/backup"
	"verlof/errs"
	"verlof/internal/disk"
	"verlof/internal/seal"
	"verlof/tenant"
)

// Rescuer brings lost databases back out of the depot: into a spare folder, or where they were
// if only they are missing there.
type Rescuer struct {
	Copies *backup.Copies
	Spare  string               // empty: there is none
	Told   func(tenant.Rescued) // hears of each; may be nil

	next backup.Epoch // of the folder that Folder returned
}

// Cut is part of tenant.Rescue.
func (r *Rescuer) Cut(id string) error { return r.Copies.Cut(id) }

// errNoSpare is why a folder is not given up.
var errNoSpare = &errs.Error{Kind: errs.Unavailable, Err: errors.New("there is no spare folder"),
	Hint: "see to the disk; with --spare databases are brought back by themselves, and without it with: verlof recover"}

// Folder is part of tenant.Rescue.
func (r *Rescuer) Folder(ctx context.Context) (string, error) {
	if r.Spare == "" {
		return "", errNoSpare
	}
	newest, err := backup.ReadEpoch(ctx, r.Copies.Depot)
	if err != nil {
		return "", err
	}
	if mine := r.Copies.Epoch(); newest.Number < mine.Number {
		newest = mine
	}
	r.next = backup.NextEpoch(newest, time.Now())
	dir := spareFolder(r.Spare, r.next)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	return dir, disk.SyncFolder(r.Spare)
}

// spareFolder is where the databases of an epoch are, in a spare folder.
func spareFolder(spare string, e backup.Epoch) string {
	return filepath.Join(spare, fmt.Sprintf("%04d-%s", e.Number, e.Folder))
}

// Begin is part of tenant.Rescue.
func (r *Rescuer) Begin(ctx context.Context, dir string) error {
	if err := r.next.Begin(ctx, r.Copies.Depot); err != nil {
		return err
	}
	r.Copies.Take(r.next)
	return backup.Folder{Epoch: r.next, Depot: r.Copies.Depot.String()}.Mark(dir)
}

// Beside is part of tenant.Rescue.
func (r *Rescuer) Beside(id string) (string, error) {
	if r.Spare == "" {
		return "", errNoSpare
	}
	dir := filepath.Join(r.Spare, "tenants", id, strconv.FormatInt(time.Now().UnixMicro(), 10))
	return filepath.Join(dir, "data.db"), os.MkdirAll(dir, 0o700)
}

// Bring is part of tenant.Rescue.
func (r *Rescuer) Bring(ctx context.Context, id string, key seal.Wrapper, path string) error {
	_, err := backup.Kept{At: r.Copies.Depot, ID: id, Sealer: key}.RestoreInUse(ctx, path)
	return err
}

// Tell is part of tenant.Rescue.
func (r *Rescuer) Tell(what tenant.Rescued) {
	if r.Told != nil {
		r.Told(what)
	}
}
