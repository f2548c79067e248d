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
	roundEvery   = time.Hour // at most; four times in the time in which each database is drilled
)

// guard sees to the copies while the process serves: each database is rehearsed as often as it should be.
func (i *installation) guard(ctx context.Context) {
	if i.copies == nil && i.onServers() {
		return
	}
	if i.copies == nil {
		i.log.Warn("changes are kept in one place only: what is lost with the disk is lost",
			"hint", "name a folder on another disk, or a bucket, with --copy")
		return
	}
	i.log.Info("changes are copied before they are acknowledged", "depot", i.copies.Depot.String(), "demanded", i.copies.Demand)
	i.meter.watchCopies(i.copies)
	if i.Offsite != "" {
		i.meter.watchAway(i.copies, i.OffsiteWithin)
	}
	i.meter.watchSpare(func() time.Time { return i.spareSince(i.tenants.Place, i.copies) })
	drills := &operate.Drills{Tenants: i.tenants, Copies: i.copies, Every: i.DrillEvery, Ahead: min(roundEvery, i.DrillEvery/4), Each: i.drilled}
	every(ctx, drills.Ahead, func() {
		i.remind()
		i.keepConfiguration(ctx)
		if err := i.copies.Clear(ctx); err != nil && ctx.Err() == nil {
			i.log.Warn("what was put at a depot in part could not be taken away", why(err, ""))
		}
		if n, err := operate.ForgetEnded(ctx, i.tenants, i.copies); (n > 0 || err != nil) && ctx.Err() == nil {
			i.log.Warn("there was something of customers that were destroyed at a depot, and it is taken away", "objects", n, "problem", err)
		}
		if err := drills.Round(ctx); err != nil && ctx.Err() == nil {
			i.log.Error("drills", why(err, ""))
		}
		i.keeping(ctx)
	})
}

// keeping says whether drills keep up.
func (i *installation) keeping(ctx context.Context) {
	k, err := operate.Keep(ctx, i.tenants, i.DrillEvery, i.copied)
	if err != nil {
		return // the round has told
	}
	i.meter.keeping.Store(&k)
	if k.Late > 0 {
		i.log.Warn("not every database was had back lately as it should be", "late", k.Late, "of", k.Databases, "every", i.DrillEvery.String(),
			"hint", "what failed stands above; where it takes too long, raise drill-every")
	}
}

// copied reports whether the copy of a database is seen to: at a depot, or with its server.
func (i *installation) copied(id, where string) bool {
	if i.copies != nil && i.copies.Log(id) != nil {
		return true
	}
	cluster := store.Home
	if id != tenant.RegistryID {
		cluster = i.tenants.Place.ClusterOf(where)
	} else if !i.onServers() {
		return false
	}
	h, ok := i.logs.Of(cluster)
	return ok && !h.At.IsZero()
}

// endGrants takes away what grants to look that have ended had opened.
func (i *installation) endGrants(ctx context.Context) {
	every(ctx, roundEvery, func() {
		err := i.tenants.Each(ctx, func(row store.TenantRow) error {
			if err := operate.EndGrants(ctx, i.tenants, row.Slug); err != nil && ctx.Err() == nil {
				i.log.Error("what grants that have ended had opened is still there", "slug", row.Slug, why(err, ""))
			}
			return nil
		})
		if err != nil && ctx.Err() == nil {
			i.log.Error("grants that have ended", why(err, ""))
		}
		i.forgetSnapshots(ctx)
	})
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
			if err := i.tenants.KeepUse(ctx); err != nil && ctx.Err() == nil {
				i.log.Warn("which customers are used is not kept", why(err, ""))
			}
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

// mirror puts what is new at the depot at the third place.
func (i *installation) mirror(ctx context.Context) {
	if i.copies == nil || i.Offsite == "" {
		return
	}
	every(ctx, i.OffsiteEvery, func() {
		if err := i.copies.Mirror(ctx); err != nil && ctx.Err() == nil {
			i.log.Error("what the depot keeps is not at the third place", why(err, "see to the depot of --offsite; what waits is put there once it answers"))
		}
		if late, since, _ := i.copies.StandingAway(i.OffsiteWithin); late > 0 && ctx.Err() == nil {
			i.log.Error("changes have waited for the third place for longer than promised", "databases", late, "since", since, "promised", i.OffsiteWithin.String(),
				"hint", "see whether the depot of --offsite answers; verlof backup status says how each database stands there")
		}
	})
}

// drilled hears what became of a database's copy in a round.
func (i *installation) drilled(name string, result store.Drill, err error) {
	switch {
	case err != nil:
		i.log.Error("a copy is not as it should be", "database", name, why(err, "see whether the depot of --copy answers, and has room; what waits is put there once it does"))
	case result.Problem != "":
		i.log.Error("drill failed: this database could not be restored as it is", "database", name, "problem", result.Problem,
			"hint", "verlof backup verify says what is damaged; the database in use is whole, and verlof backup now puts an image of it")
	default:
		i.log.Debug("drilled", "database", name, "took", result.Took.String(), "bytes", result.Bytes)
	}
	i.meter.drilled(result, err)
}
