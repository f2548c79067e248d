// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"time"
)

// Drill is a rehearsed restore of one database.
type Drill struct {
	ID       string
	Database string // id of a customer, or of the registry
	At       time.Time
	Record   int64     // that was restored
	Reached  time.Time // when that was put; zero: none was reached
	Took     time.Duration
	Bytes    int64
	People   int64  // whose balances were computed anew from what was restored
	Balances int64  // of theirs
	Compared bool   // each of them with that of the database in use
	Problem  string // empty: what was restored is what the database was
}

const drillColumns = "id, database_id, at_us, record, reached_us, took_us, bytes, problem, people, balances, compared"

func drillRow(d *Drill) []any {
	return []any{&d.ID, &d.Database, micros(&d.At), &d.Record, micros(&d.Reached), microseconds(&d.Took), &d.Bytes, &d.Problem, &d.People, &d.Balances, &d.Compared}
}

var (
	qInsertDrill = registryQuery("drill.insert", "INSERT INTO drill ("+drillColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
	qForgetDrill = registryQuery("drill.forget", "DELETE FROM drill WHERE database_id = $1 AND at_us < $2")
	qDrills      = registryQuery("drill.list", "SELECT "+drillColumns+" FROM drill WHERE database_id = $1 ORDER BY at_us DESC, id DESC LIMIT $2")
	// From one database to the next by the index, and of each the last: of drills before that none is looked at.
	qLastDrills = registryQuery("drill.last", `WITH RECURSIVE drilled (id) AS (
		SELECT MIN(database_id) FROM drill
		UNION ALL SELECT (SELECT MIN(database_id) FROM drill WHERE database_id > drilled.id) FROM drilled WHERE drilled.id IS NOT NULL)
		SELECT `+drillColumns+` FROM drill WHERE id IN (SELECT
		(SELECT l.id FROM drill l WHERE l.database_id = drilled.id ORDER BY l.at_us DESC, l.id DESC LIMIT 1) FROM drilled) ORDER BY database_id`)
)

// AddDrill keeps a drill, and forgets those of the same database before a time.
func (r *Registry) AddDrill(ctx context.Context, d Drill, forget time.Time) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		if _, err := tx.exec(qForgetDrill, d.Database, forget); err != nil {
			return err
		}
		_, err := tx.exec(qInsertDrill, d.ID, d.Database, d.At, d.Record, d.Reached, d.Took.Microseconds(), d.Bytes, d.Problem, d.People, d.Balances, number(d.Compared))
		return err
	})
}

// Drills returns the drills of a database, newest first, n at most.
func (r *Registry) Drills(ctx context.Context, database string, n int) (list []Drill, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		list, err = all(tx, qDrills, drillRow, database, n)
		return err
	})
	return list, err
}

// LastDrills returns the newest drill of each database, by its id.
func (r *Registry) LastDrills(ctx context.Context) (list []Drill, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		list, err = all(tx, qLastDrills, drillRow)
		return err
	})
	return list, err
}

// microseconds reads a duration.
func microseconds(to *time.Duration) sql.Scanner { return scanDuration{to} }

type scanDuration struct{ to *time.Duration }

func (s scanDuration) Scan(v any) error {
	var n sql.Null[int64]
	err := n.Scan(v)
	*s.to = time.Duration(n.V) * time.Microsecond
	return err
}
