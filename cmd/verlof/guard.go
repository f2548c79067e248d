// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"

	"verlof/operate"
	"verlof/store"
	"verlof/tenant"
)

// How often what waits is put at the depot, and how often it is seen what is due.
const (
	catchUpEvery = 10 * time.Second
	roundEvery   = time.Hour
	drillEvery   = 24 * time.Hour
)

// guard sees to the copies while the process serves: each database is rehearsed once a day.
func (i *installation) guard(ctx context.Context) {
	if i.copies == nil {
		i.log.Warn("changes are kept in one place only: what is lost with the disk is lost",
			"hint", "name a folder on another disk, or a bucket, with --copy")
		return
	}
	i.log.Info("changes are copied before they are acknowledged", "depot", i.copies.Depot.String(), "demanded", i.copies.Demand)
	i.meter.watchCopies(i.copies)
	i.meter.watchSpare(func() time.Time { return i.spareSince(i.tenants.Place, i.copies) })
	drills := &operate.Drills{Tenants: i.tenants, Copies: i.copies, Every: drillEvery, Each: i.drilled}
	round := time.NewTimer(0)
	defer round.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-round.C:
			i.remind()
			if err := drills.Round(ctx); err != nil && ctx.Err() == nil {
				i.log.Error("drills", "problem", err.Error())
			}
			round.Reset(roundEvery)
		}
	}
}

// catchUp puts what waits for the depot, also of customers that nobody uses any more.
func (i *installation) catchUp(ctx context.Context) {
	if i.copies == nil {
		return
	}
	tick := time.NewTicker(catchUpEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			i.look(ctx)
			i.copies.CatchUp(func(id string) (func(), error) {
				if id == tenant.RegistryID {
					return func() {}, nil // never closed
				}
				_, release, err := i.tenants.ByID(ctx, id)
				return release, err
			})
		}
	}
}

// drilled hears what became of a database's copy in a round.
func (i *installation) drilled(name string, result store.Drill, err error) {
	switch {
	case err != nil:
		i.log.Error("copy", "database", name, "problem", err.Error())
	case result.Problem != "":
		i.log.Error("drill failed: this database could not be restored as it is", "database", name, "problem", result.Problem)
	default:
		i.log.Debug("drilled", "database", name, "took", result.Took.String(), "bytes", result.Bytes)
	}
	i.meter.drilled(result, err)
}
