// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that store uses, and nothing between
	_ "modernc.org/sqlite"

	"verlof/calendar"
	"verlof/people"
)

// bare is one connection of a driver with its statements prepared: what the
// machine can do when nobody asks why, who may, or what is left.
type bare struct {
	db         *sql.DB
	c          *sql.Conn
	statements map[string]*sql.Stmt
}

// bareAddress is the address of an SQLite file with the pragmas that store sets
// (store/dialect.go).
func bareAddress(file string) string {
	v := url.Values{
		"mode": {"rwc"}, "_busy_timeout": {"5000"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"},
		"_foreign_keys": {"on"}, "_txlock": {"immediate"}, "_dqs": {"0"}, "_defensive": {"1"}, "_error_rc": {"1"},
		"_pragma": {"trusted_schema(0)", "temp_store(memory)", "journal_size_limit(4194304)"},
	}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + v.Encode()
}

// openBare connects to a database: a PostgreSQL URL or an SQLite file, which is
// made where it is not there.
func openBare(ctx context.Context, where string) (*bare, error) {
	driver, address := "sqlite", bareAddress(where)
	if strings.HasPrefix(where, "postgres://") {
		driver, address = "pgx", where
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		return nil, err
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &bare{db: db, c: c, statements: map[string]*sql.Stmt{}}, nil
}

func (b *bare) close() {
	for _, s := range b.statements {
		s.Close()
	}
	b.c.Close()
	b.db.Close()
}

func (b *bare) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s := b.statements[text]; s != nil {
		return s, nil
	}
	s, err := b.c.PrepareContext(ctx, text)
	b.statements[text] = s
	return s, err
}

// read reads all rows of a query, each column as the driver has it, and returns
// how many there were.
func (b *bare) read(ctx context.Context, text string, args ...any) (n int, err error) {
	s, err := b.prepare(ctx, text)
	if err != nil {
		return 0, err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	into := make([]any, len(columns))
	for i := range into {
		into[i] = new(any)
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// month reads the requests that a chart shows.
func (b *bare) month(ctx context.Context, r calendar.Range) error {
	_, err := b.read(ctx, `SELECT id, person, type, from_date, to_date, first_part, last_part, state FROM leave_request
		WHERE to_date >= $1 AND from_date <= $2 AND state NOT IN ('refused', 'withdrawn', 'cancelled')`, r.From.String(), r.To.String())
	return err
}

// account reads the n requests that a statement is made of.
func (b *bare) account(ctx context.Context, p people.ID, n int) error {
	got, err := b.read(ctx, `SELECT id, type, from_date, to_date, first_part, last_part, state, charges FROM leave_request
		WHERE person = $1 AND state IN ('pending', 'approved')`, string(p))
	if err == nil && got != n {
		err = fmt.Errorf("read %d requests, not %d", got, n)
	}
	return err
}

// bookings reads all leave that counts, of everybody, and returns how much that is.
func (b *bare) bookings(ctx context.Context) (int, error) {
	return b.read(ctx, `SELECT id, person, type, from_date, to_date, first_part, last_part, state, charges FROM leave_request
		WHERE state IN ('pending', 'approved')`)
}

// anchorRow is about as long as the row of a booking.
var anchorRow = strings.Repeat("2026-03-02 480 1;", 12)

// ready makes the table for insert.
func (b *bare) ready(ctx context.Context) error {
	_, err := b.c.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS anchor (id TEXT PRIMARY KEY NOT NULL, what TEXT NOT NULL)")
	return err
}

// insert writes one row and returns when it is safe on disk: a commit of its own,
// without BEGIN and COMMIT.
func (b *bare) insert(ctx context.Context, id string) error {
	s, err := b.prepare(ctx, "INSERT INTO anchor (id, what) VALUES ($1, $2)")
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx, id, anchorRow)
	return err
}
