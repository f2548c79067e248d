// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"time"

	"verlof/errs"
	"verlof/operate"
)

// How often it is seen how far servers have handed their logs on, how long changes may wait for it,
// and how often a server that does not is told of again.
const (
	logEvery  = time.Minute
	logLate   = 5 * time.Minute
	logRemind = time.Hour
)

// guardServers makes backups of PostgreSQL servers and has them back, as often as it should be, where
// pgBackRest works on this machine.
func (i *installation) guardServers(ctx context.Context) {
	if len(i.tenants.Place.Servers()) == 0 {
		return
	}
	ahead := min(roundEvery, i.DrillEvery/4, i.BackupEvery/4)
	if err := i.stanza(i.tenants.Place.Servers()[0]).Here(); err != nil {
		i.log.Info("backups of database servers are not made by this process", "problem", err.Error(),
			"hint", "on the machine of the database server have verlof backup now, and verlof backup drill, run daily")
		every(ctx, ahead, func() { i.keeping(ctx) })
		return
	}
	rounds := &operate.ServerCopies{Tenants: i.tenants, Stanza: i.stanza, Full: i.FullEvery, Other: i.BackupEvery, Drill: i.DrillEvery, Ahead: ahead,
		Made: i.backedUp, Each: i.drilled}
	every(ctx, ahead, func() {
		i.keepBesides(ctx)
		if err := rounds.Round(ctx); err != nil && ctx.Err() == nil {
			i.log.Error("copies of database servers", why(err, ""))
		}
		i.keeping(ctx)
	})
}

// keepBesides puts the configuration beside the copies of each server.
func (i *installation) keepBesides(ctx context.Context) {
	if i.configured == nil {
		return
	}
	cfg, failed := i.configured()
	for _, name := range i.tenants.Place.Servers() {
		if err := i.putBeside(ctx, i.tenants, i.stanza(name), cfg); !errs.Is(err, errs.Invalid) { // Invalid: Verlof does not reach it
			failed = errors.Join(failed, err)
		}
	}
	if failed != nil && ctx.Err() == nil {
		i.log.Error("the configuration is not beside the copies of each server as it should be", why(failed, ""))
	}
}

// every calls do now and so often until ctx ends.
func every(ctx context.Context, pause time.Duration, do func()) {
	round := time.NewTimer(0)
	defer round.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-round.C:
			do()
			round.Reset(pause)
		}
	}
}

// backedUp hears of a backup that was due.
func (i *installation) backedUp(cluster, kind string, err error) {
	outcome := "made"
	if err != nil {
		outcome = "failed"
		i.log.Error("backup of a database server", "server", cluster, why(err, ""))
	} else {
		i.log.Info("backup of a database server", "server", cluster, "kind", kind)
	}
	i.meter.backedUp(outcome)
}

// watchLogs watches how far PostgreSQL servers have handed their logs on: the changes after that are
// lost with the server's disk.
func (i *installation) watchLogs(ctx context.Context) {
	servers := i.tenants.Place.Servers()
	if len(servers) == 0 {
		return
	}
	i.meter.watchLogs(servers, i.logs)
	told := map[string]time.Time{}
	every(ctx, logEvery, func() {
		for _, name := range servers {
			h, err := i.logs.Look(ctx, name)
			if ctx.Err() != nil {
				return
			}
			if problem, hint := logProblem(h, err); problem == "" {
				delete(told, name)
			} else if time.Since(told[name]) >= logRemind {
				told[name] = time.Now()
				i.log.Error("changes are not kept elsewhere: what is lost with the disk of the database server is lost", "server", name, "problem", problem, "hint", hint)
			}
		}
	})
}

// logProblem says what is wrong with how a server hands its log on; empty: nothing.
func logProblem(h operate.HandedOn, err error) (problem, hint string) {
	switch {
	case err != nil:
		return err.Error(), errs.As(err).Hint
	case h.Failed:
		return "the server cannot archive its log", "its own log says why"
	case h.At.IsZero():
		return "the server does not archive its log", "verlof backup setup says how"
	case !h.Behind.IsZero() && time.Since(h.Behind) > logLate:
		return "the log since " + stamp(h.Behind) + " was not handed on", "see that archive_timeout is set, as verlof backup setup says"
	}
	return "", ""
}
