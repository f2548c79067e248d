// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io/fs"

	"verlof/operate"
	"verlof/store"
	"verlof/tenant"
)

// standBy has databases brought back: into the spare folder when their disk fails, where there is
// one, and where they were if they alone are missing.
func (i *installation) standBy() {
	if i.copies == nil || i.tenants.Place.Folder() == "" {
		return
	}
	i.tenants.RescueWith(&operate.Rescuer{Copies: i.copies, Spare: i.Spare, Told: i.rescued})
	i.remind()
}

// remind says in the log that the service is not where it belongs.
func (i *installation) remind() {
	if since := i.spareSince(i.tenants.Place, i.copies); !since.IsZero() {
		i.log.Error("the disk of the data folder was lost: the service goes on from the spare folder", "since", since, "folder", i.tenants.Place.Folder(),
			"hint", "docs/operate/backup.md says how it gets back")
	}
}

// look sees whether the folder in force can be written, and is the one in force.
func (i *installation) look(ctx context.Context) {
	if err := i.copies.InForce(ctx); err != nil {
		i.log.Error("copies", why(err, ""))
	}
	if i.tenants.Place.Folder() == "" {
		return
	}
	if err := i.tenants.Probe(ctx); err != nil {
		i.log.Error("the data folder cannot be written", why(err, "make room on its disk, or see to that; nothing has to be started anew"))
	}
	i.giveUp(ctx)
}

// giveUp has the data folder say that it was given up, once its disk is there again: whoever
// names no depot is told so too.
func (i *installation) giveUp(ctx context.Context) {
	home, err := store.ParsePlace(i.Database)
	if err != nil || home.Folder() == i.tenants.Place.Folder() {
		return
	}
	switch since, err := operate.GiveUp(ctx, i.copies, home.Folder()); {
	case err != nil && ctx.Err() == nil:
		i.log.Warn("the data folder does not say that it was given up", why(err, ""))
	case since:
		i.log.Warn("the disk of the data folder is there again, with older data: it is marked as given up", "folder", home.Folder())
	}
}

// rescued hears of each database that was brought back, or could not be.
func (i *installation) rescued(r tenant.Rescued) {
	outcome := "brought back"
	args := []any{"database", r.Database, "cause", r.Cause.Error(), "from", r.From, "to", r.To, "took", r.Took.String()}
	switch {
	case r.Err != nil:
		outcome = "failed"
		i.log.Error("a database is lost and could not be brought back", append(args, why(r.Err, ""))...)
	case r.From == r.To && errors.Is(r.Cause, fs.ErrNotExist):
		i.log.Warn("a database was not there and was brought back", args...)
	default:
		i.log.Error("a database is lost and was brought back into the spare folder", args...)
	}
	i.meter.rescued(outcome)
	if r.Err == nil && r.Database == tenant.RegistryID {
		i.remind()
		go i.sweep(context.Background()) // the customers, before somebody waits for theirs
	}
}
