// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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
	return r.next.Mark(dir)
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

// InForce returns the folder of an installation that is in force: that of its data, or one in
// the spare folder that took its place, and has the copies carry for it. It reports Conflict
// where neither is, and Unavailable where that cannot be known. An empty spare is none.
func InForce(ctx context.Context, c *backup.Copies, data, spare string) (string, error) {
	candidates, err := foldersIn(data, spare)
	if err != nil {
		return "", err
	}
	newest, err := backup.ReadEpoch(ctx, c.Depot)
	switch known := len(candidates) > 0; {
	case err != nil && spare != "" && !known:
		return "", &errs.Error{Kind: errs.Unavailable, Err: err, Hint: "the depot must answer, or the spare folder say which databases are in force"}
	case err != nil && !known:
		return data, nil // where the depot answers again it is seen
	}
	best := folder{dir: data}
	for _, f := range candidates {
		if f.Number > best.Number {
			best = f
		}
	}
	if err != nil { // what the folders say themselves is all that is known
		c.Take(best.Epoch)
		return best.dir, nil //nolint:nilerr // the depot is asked again with each change
	}
	return settle(ctx, c, data, best, newest, candidates)
}

// folder is one that says since when it is in force.
type folder struct {
	dir string
	backup.Epoch
}

// foldersIn returns the folders of an installation that say of themselves that they came into
// force, and those in the spare folder that were about to.
func foldersIn(data, spare string) (list []folder, err error) {
	e, err := backup.ReadFolder(data)
	if err != nil && spare == "" {
		return nil, fmt.Errorf("read which folder is in force: %w", err)
	}
	if e.Number > 0 {
		list = append(list, folder{data, e})
	}
	if spare == "" {
		return list, nil
	}
	entries, err := os.ReadDir(spare)
	if err != nil {
		return nil, &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("the spare folder: %w", err), Hint: "see to the disk of --spare; the folder must exist"}
	}
	for _, entry := range entries {
		number, id, ok := strings.Cut(entry.Name(), "-")
		if _, err := strconv.Atoi(number); err != nil || !ok || !entry.IsDir() {
			continue
		}
		f := folder{dir: filepath.Join(spare, entry.Name())}
		if f.Epoch, err = backup.ReadFolder(f.dir); err != nil || f.Folder == "" {
			f.Epoch = backup.Epoch{Folder: id} // it counts once the depot says so
		}
		list = append(list, f)
	}
	return list, nil
}

// settle compares what the folders say with what the depot knows.
func settle(ctx context.Context, c *backup.Copies, data string, best folder, newest backup.Epoch, all []folder) (string, error) {
	if best.Number > newest.Number { // the depot is another one than before
		if err := best.Epoch.Begin(ctx, c.Depot); err != nil {
			return "", err
		}
		c.Take(best.Epoch)
		return best.dir, nil
	}
	if newest.Number == 0 { // the first time, or a folder from before there were epochs
		return data, nil
	}
	for _, f := range all {
		if f.Folder != newest.Folder {
			continue
		}
		c.Take(newest)
		if f.Number == newest.Number {
			return f.dir, nil
		}
		return f.dir, newest.Mark(f.dir)
	}
	if best.Number == 0 && !hasRegistry(data) {
		return data, nil // an empty folder: see whether it may begin
	}
	return "", newest.Superseded()
}

func hasRegistry(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "registry.db"))
	return err == nil
}

// Claim has a folder in force that no epoch was begun for: a new one, one from before there
// were epochs, or one that was recovered. Of several depots the first must answer.
func Claim(ctx context.Context, dir string, at ...backup.Depot) error {
	var newest backup.Epoch
	for i, depot := range at {
		e, err := backup.ReadEpoch(ctx, depot)
		if err != nil && i == 0 {
			return err
		}
		if e.Number > newest.Number {
			newest = e
		}
	}
	next := backup.NextEpoch(newest, time.Now())
	for i, depot := range at {
		if err := next.Begin(ctx, depot); err != nil && i == 0 {
			return err
		}
	}
	return next.Mark(dir)
}

// ClaimFor is Claim for a folder whose databases are copied, unless it is in force.
func ClaimFor(ctx context.Context, c *backup.Copies, dir string) error {
	if c.Epoch().Number > 0 {
		return nil
	}
	if err := Claim(ctx, dir, c.Depot); err != nil {
		return err
	}
	e, err := backup.ReadFolder(dir)
	c.Take(e)
	return err
}
