// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"

	"verlof/operate"
	"verlof/tenant"
)

// rollOut brings the customers' databases up to date as the setting says, wave by wave. It returns the context for what
// opens customers after it: one whose turn had not come when a migration failed is then left as it is.
func (i *installation) rollOut(ctx context.Context) context.Context {
	defer i.forgetSnapshots(ctx)
	last := operate.Everyone
	switch i.tenants.Policy {
	case tenant.MigrateNever:
		return ctx
	case tenant.MigrateCanary:
		last = operate.Canaries
	}
	start, n := time.Now(), 0
	r := &operate.Rollout{Tenants: i.tenants, By: "verlof", Each: func(p operate.Progress) {
		if n++; p.N == p.Of || p.N%100 == 0 {
			i.log.Info("bringing databases up to date", "wave", string(p.Wave), "done", p.N, "of", p.Of)
		}
	}}
	err := r.Run(ctx, last)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		i.log.Error("databases are not brought up to date any further in the background", why(err, ""))
		return tenant.AsItIs(ctx)
	case n > 0:
		i.log.Info("databases are up to date", "customers", n, "took", time.Since(start).String())
	}
	return ctx
}

// migrated hears how a customer's database was brought up to date.
func (i *installation) migrated(slug string, run tenant.Migration, err error) {
	i.meter.migrated(run, err)
	if err != nil {
		i.log.Error("a customer's database was not brought up to date: it is as it was", "slug", slug, "from", run.From, "to", run.To, why(err, "verlof migrate "+slug+" tries it again; meanwhile the release before serves it"))
		return
	}
	i.log.Debug("migrated", "slug", slug, "from", run.From, "to", run.To, "took", run.Ended.Sub(run.At).String(), "snapshot", run.Snapshot)
}

// forgetSnapshots takes snapshots away that are old enough.
func (i *installation) forgetSnapshots(ctx context.Context) {
	n, err := i.tenants.ForgetSnapshots(ctx)
	if err != nil && ctx.Err() == nil {
		i.log.Error("snapshots from before an update", why(err, ""))
	}
	if n > 0 {
		i.log.Info("snapshots from before an update were taken away", "number", n)
	}
}
