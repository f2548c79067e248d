// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"verlof/backup"
	"verlof/backup/pgbackrest"
	"verlof/errs"
	"verlof/operate"
	"verlof/store"
	"verlof/tenant"
)

// depot returns where copies are kept, or an error with a hint where none is set.
func (s *settings) depot() (backup.Depot, error) {
	if s.Copy == "" {
		return nil, errs.Operator("name a folder on another disk, or a bucket, with --copy", "there is no depot for copies")
	}
	return backup.ParseDepot(s.Copy)
}

// copies returns the logs of the installation, nil where no depot is set.
func (s *settings) copies(log *slog.Logger) (*backup.Copies, error) {
	if s.Copy == "" {
		return nil, nil
	}
	at, err := s.depot()
	if err != nil {
		return nil, err
	}
	c := &backup.Copies{Depot: at, Wholes: []backup.Depot{at}, Demand: s.CopyDemanded, Retention: time.Duration(s.CopyDays) * 24 * time.Hour, Now: time.Now, Logger: log}
	if s.Offsite != "" {
		away, err := backup.ParseDepot(s.Offsite)
		if err != nil {
			return nil, err
		}
		c.Wholes = append(c.Wholes, away)
	}
	return c, nil
}

// settle makes the folder that is in force the one in which databases are: that of the data, or
// a spare one that took its place. Databases that were given up are refused, also where no depot
// is named.
func (s *settings) settle(ctx context.Context, place *store.Place, c *backup.Copies) error {
	if place.Folder() == "" {
		return nil
	}
	if c == nil {
		return operate.Alone(ctx, place.Folder(), s.uncopied, s.from)
	}
	dir, err := operate.InForce(ctx, c, place.Folder(), s.Spare)
	if err == nil {
		place.Use(dir)
	}
	return err
}

// claim has the folder of an installation in force at its depot. Where the depot does not
// answer, that is for the next time.
func claim(ctx context.Context, place *store.Place, c *backup.Copies) error {
	if c == nil || place.Folder() == "" {
		return nil
	}
	err := operate.ClaimFor(ctx, c, place.Folder())
	if errs.Is(err, errs.Conflict) {
		return err
	}
	return nil
}

// spareSince returns since when databases are in the spare folder, zero where they are not.
func (s *settings) spareSince(place *store.Place, c *backup.Copies) time.Time {
	if s.Spare == "" || c == nil || filepath.Dir(place.Folder()) != filepath.Clean(s.Spare) {
		return time.Time{}
	}
	return c.Epoch().At
}

// checkNew refuses to begin an installation where one must be there, and over the copy of one: it was
// lost here, and what would be copied next is an empty one.
func (s *settings) checkNew(ctx context.Context, place *store.Place, c *backup.Copies) error {
	path := place.RegistryFile()
	if path == "" {
		return nil
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // opening it says what is wrong with it
	}
	if c != nil {
		if err := beginsAnew(ctx, filepath.Dir(path), c); err != nil {
			return err
		}
	}
	if s.existing {
		return &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("there is no installation at %s", filepath.Dir(path)),
			Hint: "name its folder with --data; verlof serve and verlof tenant create begin a new one"}
	}
	return nil
}

// beginsAnew refuses a folder whose installation was lost: its depot holds a copy of one.
func beginsAnew(ctx context.Context, dir string, c *backup.Copies) error {
	h, err := backup.Kept{At: c.Depot, ID: tenant.RegistryID}.Holdings(ctx)
	if err != nil {
		return &errs.Error{Kind: errs.Unavailable, Err: err, Hint: "a new installation begins with a depot that answers: make the folder of --copy on its disk, see to its bucket, or leave --copy out"}
	}
	if h.Record > 0 {
		return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("there is no installation at %s, and the depot holds a copy of one", dir),
			Hint: "bring it back with: verlof recover --from DEPOT; or name another depot for a new one"}
	}
	return nil
}

// standing tells pages how the copy of a customer's database stands.
func (i *installation) standing(id, where string) (tenant.Copy, bool) {
	if h, ok := i.logs.Of(i.tenants.Place.ClusterOf(where)); ok && i.tenants.Place.HasRoles(where) {
		c := tenant.Copy{Days: i.CopyDays, At: h.At, Within: pgbackrest.ArchiveSeconds * time.Second}
		if h.Failed || !h.Behind.IsZero() && time.Since(h.Behind) > logLate {
			c.Behind = cmp.Or(h.Behind, h.At)
		}
		return c, !h.At.IsZero()
	}
	if i.copies == nil {
		return tenant.Copy{}, false
	}
	l := i.copies.Log(id)
	if l == nil {
		return tenant.Copy{}, false
	}
	how := l.Status()
	c := tenant.Copy{Days: i.CopyDays, At: how.At, Behind: how.Behind, Spare: i.spareSince(i.tenants.Place, i.copies)}
	if i.Offsite != "" {
		away := l.Away()
		c.Further, c.Away = true, away.At
		if !away.Behind.IsZero() && time.Since(away.Behind) > i.OffsiteWithin {
			c.Late = away.Behind
		}
	}
	return c, true
}
