// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"time"

	"verlof/errs"
)

// Migration is how a customer's database was brought up to date, or was to be.
type Migration struct {
	ID       string
	Tenant   string
	From, To int64 // steps
	At       time.Time
	Ended    time.Time     // zero: it is under way, or was cut short
	Saved    time.Duration // how long the snapshot before it, and trying it out, took
	Bytes    int64         // of the snapshot
	Snapshot string        // where it is, as TenantRow.Database says it; empty: there is none any more
	Problem  string        // empty: it came out well
	By       string
}

// Good reports whether it came out well.
func (m *Migration) Good() bool { return !m.Ended.IsZero() && m.Problem == "" }

const migrationColumns = "id, tenant_id, from_step, to_step, at_us, ended_us, saved_us, bytes, snapshot, problem, made_by"

func migrationRow(m *Migration) []any {
	return []any{&m.ID, &m.Tenant, &m.From, &m.To, micros(&m.At), micros(&m.Ended), microseconds(&m.Saved), &m.Bytes, &m.Snapshot, &m.Problem, &m.By}
}

var (
	qSaveMigration = registryQuery("migration.save", "INSERT INTO migration ("+migrationColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET ended_us = excluded.ended_us, saved_us = excluded.saved_us, bytes = excluded.bytes,
		snapshot = excluded.snapshot, problem = excluded.problem`)
	qMigrations     = registryQuery("migration.list", "SELECT "+migrationColumns+" FROM migration WHERE tenant_id = $1 ORDER BY at_us DESC, id DESC")
	qLastMigrations = registryQuery("migration.last", "SELECT "+migrationColumns+` FROM migration m
		WHERE at_us = (SELECT MAX(at_us) FROM migration e WHERE e.tenant_id = m.tenant_id) ORDER BY tenant_id, id`)
	qOldSnapshots = registryQuery("migration.old", "SELECT "+migrationColumns+" FROM migration WHERE snapshot <> '' AND at_us < $1 ORDER BY at_us")
)

// SaveMigration keeps a migration, in place of what was kept of it.
func (r *Registry) SaveMigration(ctx context.Context, m Migration) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(qSaveMigration, m.ID, m.Tenant, m.From, m.To, m.At, m.Ended, m.Saved.Microseconds(), m.Bytes, m.Snapshot, m.Problem, m.By)
		return err
	})
}

// Migrations returns the migrations of a customer, the newest first.
func (r *Registry) Migrations(ctx context.Context, tenantID string) ([]Migration, error) {
	return r.migrations(ctx, qMigrations, tenantID)
}

// LastMigrations returns the newest migration of each customer that had one.
func (r *Registry) LastMigrations(ctx context.Context) ([]Migration, error) {
	return r.migrations(ctx, qLastMigrations)
}

// OldSnapshots returns the migrations from before a time of which the snapshot is still there.
func (r *Registry) OldSnapshots(ctx context.Context, before time.Time) ([]Migration, error) {
	return r.migrations(ctx, qOldSnapshots, before)
}

func (r *Registry) migrations(ctx context.Context, q *statement, args ...any) (list []Migration, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		list, err = all(tx, q, migrationRow, args...)
		return err
	})
	return list, err
}

// CopyAll puts what is in db at one moment into another database of the same schema, on whichever engine, in place of what is
// there; nobody waits.
func (db *DB) CopyAll(ctx context.Context, to *DB) error { return db.copyTo(ctx, to, (*Tx).copyAll) }

func (db *DB) copyTo(ctx context.Context, to *DB, how filling) error {
	return db.survey(ctx, func(tx *Tx) error {
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		return to.reshape(ctx, func(into *Tx) error {
			_, err := into.fill(tx, tables, how)
			return err
		})
	})
}

// Rows returns how many rows each table of a database has.
func (db *DB) Rows(ctx context.Context) (rows map[string]int64, err error) {
	err = db.survey(ctx, func(tx *Tx) error {
		rows = map[string]int64{}
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		for _, table := range tables {
			var n int64
			if err := tx.c.QueryRowContext(tx.c.d.context(tx.ctx), "SELECT COUNT(*) FROM "+quote(table)).Scan(&n); err != nil {
				return err
			}
			rows[table] = n
		}
		return nil
	})
	return rows, err
}

// Understands reports an error unless a customer's database understands every statement of this
// program.
func (db *DB) Understands(ctx context.Context) error {
	return db.View(ctx, func(tx *Tx) error {
		if _, err := one(tx, qSchemaVersion, value[int64]); err != nil { // a connection of SQLite sees a new schema when it reads
			return err
		}
		for _, q := range bySet["tenant"] {
			s, err := tx.c.PrepareContext(tx.c.d.context(tx.ctx), q.text)
			if err == nil {
				err = s.Close()
			}
			if err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
		}
		return nil
	})
}

// Bytes returns how much room a database takes.
func (db *DB) Bytes(ctx context.Context) (n int64, err error) {
	err = db.View(ctx, func(tx *Tx) error {
		return tx.c.QueryRowContext(tx.c.d.context(tx.ctx), tx.c.d.bytes.text).Scan(&n)
	})
	return n, err
}

// errNoSnapshot is what is asked of a database that is none.
var errNoSnapshot = errs.Operator("see what lies there, and take it away by hand", "this is no snapshot of a customer's database")
