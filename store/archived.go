// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"verlof/errs"
)

// Archived says how far a PostgreSQL server has handed its log on.
type Archived struct {
	On      bool      // it does at all
	At      time.Time // when it last did: changes before are kept elsewhere; zero: never
	Segment string    // the newest that it handed on
	Failed  bool      // the last attempt failed
	Now     time.Time // the server's clock
	Command string    // with which it does
	Next    int64     // the transaction that comes next: who reads does not move it
}

const archived = `SELECT current_setting('archive_mode') <> 'off', COALESCE(last_archived_wal, ''),
	(extract(epoch FROM clock_timestamp()) * 1000000)::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
	COALESCE((extract(epoch FROM last_archived_time) * 1000000)::bigint, 0), COALESCE(last_failed_time > last_archived_time, last_failed_time IS NOT NULL),
	current_setting('archive_command') FROM pg_stat_archiver`

// Archived returns how far the server of a cluster has handed its log on, as the installation
// sees it.
func (p *Place) Archived(ctx context.Context) (a Archived, err error) {
	err = p.asInstallation(ctx, p.server.String(), p.quota, func(db *sql.DB) error { return a.read(ctx, db) })
	return a, postgresDialect.wrap(err)
}

func (a *Archived) read(ctx context.Context, db *sql.DB) error {
	var at, now int64
	err := db.QueryRowContext(ctx, archived).Scan(&a.On, &a.Segment, &now, &a.Next, &at, &a.Failed, &a.Command)
	a.Now = time.UnixMicro(now).UTC()
	if at > 0 {
		a.At = time.UnixMicro(at).UTC()
	}
	return err
}

// HandOn has the server hand its log on, with every change that was acknowledged before, waits
// until it has, and returns a time of the server's clock that lies after those changes and up to
// which its copies can be had back. It ends with the context.
func (p *Place) HandOn(ctx context.Context) (at time.Time, err error) {
	err = p.asInstallation(ctx, p.server.String(), p.quota, func(db *sql.DB) error {
		var micros int64
		if err := db.QueryRowContext(ctx, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint").Scan(&micros); err != nil {
			return err
		}
		at = time.UnixMicro(micros).UTC()
		var segment string
		// A commit after the time shows whoever goes through the log that it is reached.
		if _, err := db.ExecContext(ctx, "SELECT pg_current_xact_id()"); err != nil {
			return err
		}
		if err := db.QueryRowContext(ctx, "SELECT pg_walfile_name(pg_switch_wal())").Scan(&segment); err != nil {
			return err
		}
		return handedOn(ctx, db, segment)
	})
	if Refused(err) {
		return at, &errs.Error{Kind: errs.Invalid, Err: err, Hint: "as a superuser, in database " + p.Registered() + ": GRANT EXECUTE ON FUNCTION pg_switch_wal() TO " + p.server.User.Username()}
	}
	return at, postgresDialect.wrap(err)
}

// HandOnWithin is HandOn for a server that may take so long at most.
func (p *Place) HandOnWithin(ctx context.Context, patience time.Duration) (time.Time, error) {
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return p.HandOn(short)
}

// handedOn waits for a segment.
func handedOn(ctx context.Context, db *sql.DB, segment string) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var a Archived
		if err := a.read(ctx, db); err != nil {
			return err
		}
		switch {
		case a.Segment >= segment:
			return nil
		case !a.On:
			return errs.Operator("verlof backup setup says how", "the server does not archive its log")
		case a.Failed:
			return &errs.Error{Kind: errs.Unavailable, Err: errors.New("the server cannot archive its log"), Hint: "its own log says why"}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Settled waits until the server of the place takes changes: one that was had back goes through its
// log first, and shows an older state meanwhile. It ends with the context, and reports Unavailable
// where the server does not answer.
func (p *Place) Settled(ctx context.Context) error {
	err := p.asInstallation(ctx, p.server.String(), p.quota, func(db *sql.DB) error {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			var replaying bool
			if err := db.QueryRowContext(ctx, "SELECT pg_is_in_recovery()").Scan(&replaying); err != nil || !replaying {
				return err
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	return postgresDialect.wrap(err)
}

// OnServer is a database of a customer on a PostgreSQL server.
type OnServer struct {
	Where string // for TenantRow.Database
	Name  string // among those beside the first; empty: that
	Bytes int64
}

// BesideOn returns where another database of a customer is on the server of the one in use; the
// empty name is its first one.
func (p *Place) BesideOn(where, tenantID, name string) string {
	on := p.Of(where)
	database := on.prefix() + tenantID
	if name != "" {
		database += "_" + name
	}
	return on.onCluster(database)
}

// DatabasesOn returns the databases of a customer on the server of the one in use, the first one
// first. It reports Invalid for a customer whose database is not on a server of the place.
func (p *Place) DatabasesOn(ctx context.Context, where, tenantID string) (list []OnServer, err error) {
	on, _ := p.serverOf(where)
	if on == nil {
		return nil, errs.Operator("move it to a cluster of the installation", "%q is on no server of this installation", p.ClusterOf(where))
	}
	first := on.prefix() + tenantID
	err = on.asInstallation(ctx, on.server.String(), on.quota, func(db *sql.DB) error {
		rows, err := db.QueryContext(ctx, "SELECT datname, pg_database_size(datname) FROM pg_database WHERE datname = $1 OR starts_with(datname, $1 || '_') ORDER BY datname", first)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var bytes int64
			if err := rows.Scan(&name, &bytes); err != nil {
				return err
			}
			list = append(list, OnServer{on.onCluster(name), strings.TrimPrefix(strings.TrimPrefix(name, first), "_"), bytes})
		}
		return rows.Err()
	})
	return list, postgresDialect.wrap(err)
}

// ServerOf returns the cluster that a database is on, its name there, and the role of the
// installation on it. It reports Invalid for one that is on no server of the place.
func (p *Place) ServerOf(where string) (cluster, database, role string, err error) {
	on, database := p.serverOf(where)
	if on == nil {
		return "", "", "", errs.Operator("move it to a cluster of the installation", "%q is on no server of this installation", where)
	}
	return p.ClusterOf(where), database, on.server.User.Username(), nil
}

// Replayed is what a cluster holds that went through a log.
type Replayed struct {
	At     time.Time // of the last change that it has; zero: it has none from the log
	Number string    // names the files of the database that was asked
	Bytes  int64     // of that
}

// Replayed returns what a cluster holds that went through a log.
func (db *DB) Replayed(ctx context.Context) (r Replayed, err error) {
	const text = `SELECT COALESCE((extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000000)::bigint, 0), oid::text, pg_database_size(oid)
		FROM pg_database WHERE datname = current_database()`
	err = db.View(ctx, func(tx *Tx) error {
		rows, err := list(tx, text, func(v []any) (r Replayed) {
			if micros, _ := v[0].(int64); micros > 0 {
				r.At = time.UnixMicro(micros).UTC()
			}
			r.Number = fmt.Sprint(v[1])
			r.Bytes, _ = v[2].(int64)
			return r
		})
		if err == nil && len(rows) == 1 {
			r = rows[0]
		}
		return err
	})
	return r, err
}

// CheckBonds has a PostgreSQL database check every foreign key anew, which it does by making each of
// them again: it is for one that nobody uses.
func (db *DB) CheckBonds(ctx context.Context) error {
	return db.reshape(ctx, func(tx *Tx) error {
		bind, err := tx.unbind(nil)
		if err != nil {
			return err
		}
		return bind()
	})
}
