// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"time"
)

// Process is one that serves the customers of an installation.
type Process struct {
	ID      string
	Machine string // its host name
	Version string // of the program
	Since   time.Time
	Seen    time.Time // when it last said that it is there
}

const processColumns = "id, machine, version, since_us, seen_us"

func processRow(p *Process) []any {
	return []any{&p.ID, &p.Machine, &p.Version, micros(&p.Since), micros(&p.Seen)}
}

var (
	qSaveProcess = registryQuery("process.save", "INSERT INTO process ("+processColumns+`) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET seen_us = $5`)
	qProcesses     = registryQuery("process.list", "SELECT "+processColumns+" FROM process ORDER BY machine, since_us, id")
	qEndProcess    = registryQuery("process.end", "DELETE FROM process WHERE id = $1")
	qForgetProcess = registryQuery("process.forget", "DELETE FROM process WHERE seen_us < $1")
)

// SaveProcess keeps that a process was there, and forgets those that were not since a time.
func (r *Registry) SaveProcess(ctx context.Context, p Process, forget time.Time) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		if _, err := tx.exec(qForgetProcess, forget); err != nil {
			return err
		}
		_, err := tx.exec(qSaveProcess, p.ID, p.Machine, p.Version, p.Since, p.Seen)
		return err
	})
}

// EndProcess forgets a process that ends.
func (r *Registry) EndProcess(ctx context.Context, id string) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(qEndProcess, id)
		return err
	})
}

// Processes returns the processes that are kept, by machine, the one that began first before the others.
func (r *Registry) Processes(ctx context.Context) (list []Process, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		list, err = all(tx, qProcesses, processRow)
		return err
	})
	return list, err
}

// What follows a server's log is a standby, other than what keeps the log or makes a backup: the names are those with which
// PostgreSQL's own programs connect. What state a standby is in, only a monitoring role sees.
const standbys = `SELECT COUNT(*) FROM pg_stat_replication
	WHERE COALESCE(state, 'streaming') = 'streaming' AND application_name NOT IN ('pg_receivewal', 'pg_basebackup', 'pg_recvlogical')`

// Standbys returns how many servers follow the log of the server of a cluster, as the installation sees it. A service that
// keeps a second one in a way of its own shows none.
func (p *Place) Standbys(ctx context.Context) (n int, err error) {
	err = p.asInstallation(ctx, p.server.String(), p.quota, func(db *sql.DB) error {
		return db.QueryRowContext(ctx, standbys).Scan(&n)
	})
	return n, postgresDialect.wrap(err)
}
