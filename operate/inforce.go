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
)

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
	if given := best.GivenUp(); given != nil {
		return "", given
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
	backup.Folder
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
		if f.Folder, err = backup.ReadFolder(f.dir); err != nil || f.Epoch.Folder == "" {
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
	for _, f := range all { // so that they are not taken for it where the depot does not answer, or is not asked
		_, _ = backup.GiveUp(f.dir, newest) // the depot says it too
	}
	for _, f := range all {
		if f.Epoch.Folder == newest.Folder {
			c.Take(newest)
			return f.dir, f.take(newest, c.Depot)
		}
	}
	if best.Number == 0 && !hasRegistry(data) {
		return data, nil // an empty folder: see whether it may begin
	}
	return "", newest.Superseded()
}

// take has a folder say that it is in force, and which depot knows that.
func (f folder) take(e backup.Epoch, at backup.Depot) error {
	if f.Number == e.Number && f.Depot == at.String() {
		return nil
	}
	err := backup.Folder{Epoch: e, Depot: at.String()}.Mark(f.dir)
	if f.Number != e.Number {
		return err
	}
	return nil // which depot it is can be said another time
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
	return backup.Folder{Epoch: next}.Mark(dir)
}

// ClaimFor is Claim for a folder whose databases are copied, unless it is in force.
func ClaimFor(ctx context.Context, c *backup.Copies, dir string) error {
	if c.Epoch().Number > 0 {
		return nil
	}
	if err := Claim(ctx, dir, c.Depot); err != nil {
		return err
	}
	f, err := backup.ReadFolder(dir)
	if err != nil {
		return err
	}
	c.Take(f.Epoch)
	return folder{dir, f}.take(f.Epoch, c.Depot)
}

// Alone lets databases be used by somebody who names no depot. It reports Conflict where their
// folder was given up, and Unavailable where they are copied to a depot that cannot be asked
// whether it was: they may be older than what people work with. ended says that they are not to
// be copied there any more, so that nobody need ask again; from is a depot that is named for
// something else, nil for none.
func Alone(ctx context.Context, dir string, ended bool, from backup.Depot) error {
	f, err := backup.ReadFolder(dir)
	if err != nil {
		return fmt.Errorf("read which folder is in force: %w", err)
	}
	given := f.GivenUp()
	switch {
	case given != nil || f.Depot == "":
		return given
	case ended:
		f.Depot = ""
		return f.Mark(dir)
	}
	newest, err := epochAt(ctx, f.Depot, from)
	if err != nil {
		return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("%s does not say whether the databases in %s are in force: %w", f.Depot, dir, err),
			Hint: "name it with --copy, and --spare where there is one, as the server has them; --copy none ends copying there"}
	}
	if f.Since(newest) {
		_, _ = backup.GiveUp(dir, newest) // the depot says it again
		return newest.Superseded()
	}
	return nil
}

var errNotAsked = errors.New("it is not known how to ask it")

// epochAt returns the epoch that a depot knows whose name a folder has kept: at, if it is that.
func epochAt(ctx context.Context, name string, at backup.Depot) (newest backup.Epoch, err error) {
	switch {
	case at != nil && at.String() == name:
	case strings.HasPrefix(name, "folder:"):
		if at, err = backup.ParseDepot(name); err != nil {
			return newest, err
		}
	default:
		return newest, errNotAsked // what opens a bucket is kept nowhere
	}
	newest, err = backup.ReadEpoch(ctx, at)
	if err == nil && newest.Number == 0 {
		err = errNotAsked // where its disk is not mounted, say
	}
	return newest, err
}

// homeTime is how long the disk of a folder that was given up may take to answer.
const homeTime = 2 * time.Second

// GiveUp has a folder of the installation that is not in force say so once it is there again, and
// reports whether it does since now.
func GiveUp(ctx context.Context, c *backup.Copies, dir string) (bool, error) {
	if !hasRegistryWithin(dir) {
		return false, nil
	}
	newest, err := backup.ReadEpoch(ctx, c.Depot)
	if err != nil {
		return false, err
	}
	return backup.GiveUp(dir, newest)
}

// hasRegistryWithin is hasRegistry for a disk that may not answer.
func hasRegistryWithin(dir string) bool {
	return disk.TryWithin(dir, homeTime) == nil && hasRegistry(dir)
}
