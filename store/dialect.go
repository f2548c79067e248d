// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"verlof/errs"
)

// dialect is everything in which the two engines differ.
type dialect struct {
	name     string
	embedded bool // one writer at a time, in this process; queries take no time to travel
	goose    goose.Dialect

	beginRead, beginWrite, commit, rollback *statement

	connector func(address string, as role) (driver.Connector, error)
	explain   func(error) fault // what an error of the driver means
	check     *statement        // rows say what is broken; none, or "ok", is sound
	tables    *statement        // names of all but those that tools keep
	bytes     *statement        // how much room the database takes
	columns   *statement        // of those tables: table, column, type, whether it may not be null
	keys      *statement        // of those tables: table, column, 0 where that is not part of the primary key
	setting   *statement        // says whether a commit waits for the disk
	durable   func(string) bool // whether that setting's value does

	walls      *statement                            // triggers that keep changes out: name, table
	wallAround string                                // what they need first
	putUp      func(table string, why Shut) []string // statements that make them
	pullDown   func(name, table string) string       // one that takes one away

	proven atomic.Bool // placeholders bind by number; asked once in a process
}

// role is what a connection may do.
type role int

const (
	reader  role = iota
	checker      // a reader that looks at every page, some of them often
	writer
	migrator // a writer whose statements may take long
)

// fault is what an error of a driver means.
type fault struct {
	kind    errs.Kind
	public  string
	field   string // the columns of a unique key that is taken, joined by commas
	hint    string
	retry   bool // the same transaction may succeed when run again
	missing bool // the table is not there
	shut    Shut // the database takes no changes
	lost    bool // the file cannot be read or written
}

var (
	taken       = fault{kind: errs.Conflict, public: "store.error.taken"}
	referenced  = fault{kind: errs.Conflict, public: "store.error.reference"}
	unavailable = fault{kind: errs.Unavailable}
	damaged     = fault{kind: errs.Internal, hint: "the database file is damaged: verlof restore makes a customer's of a copy; a registry is moved away, and brought back with verlof recover"}
	broken      = fault{kind: errs.Unavailable, lost: true}
)

// context returns the context to give the driver. SQLite gets one that never
// ends: interrupting a statement of an update would roll back the updates of
// others that share its transaction, and watching for the end takes longer than
// a short query. Tx looks at the caller's context between statements and rows.
func (d *dialect) context(ctx context.Context) context.Context {
	if d.embedded {
		return context.Background()
	}
	return ctx
}

// lost reports whether err says that the connection is gone.
func (d *dialect) lost(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return true
	}
	var e *pgconn.PgError
	return !d.embedded && (!errors.As(err, &e) || e.Code[:2] == "08" || e.Code[:2] == "57")
}

// wrap gives err the kind that it means. What it does not know stays as it is.
func (d *dialect) wrap(err error) error {
	var known *errs.Error
	if err == nil || errors.As(err, &known) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	f := d.explain(err)
	if f.kind == errs.Internal && f.hint == "" {
		return err
	}
	return &errs.Error{Kind: f.kind, Public: f.public, Field: f.field, Hint: f.hint, Err: err}
}

var sqliteDialect = &dialect{
	name:       "sqlite",
	embedded:   true,
	goose:      goose.DialectSQLite3,
	beginRead:  control("BEGIN"),
	beginWrite: control("BEGIN IMMEDIATE"),
	commit:     control("COMMIT"),
	rollback:   control("ROLLBACK"),
	connector:  sqliteConnector,
	explain:    explainSQLite,
	check: control(`SELECT integrity_check FROM pragma_integrity_check
		UNION ALL SELECT 'foreign key of ' || "table" FROM pragma_foreign_key_check`),
	setting: control("PRAGMA synchronous"),
	durable: func(v string) bool { return v == "2" || v == "3" }, // FULL, EXTRA
	tables:  qTables,
	bytes:   control("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"),
	columns: sqliteColumnTypes, keys: sqliteKeys,
	walls: sqliteWalls, putUp: putUpSQLite, pullDown: pullDownSQLite,
}

var postgresDialect = &dialect{
	name:       "postgres",
	goose:      goose.DialectPostgres,
	beginRead:  control("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
	beginWrite: control("BEGIN ISOLATION LEVEL READ COMMITTED"),
	commit:     sqliteDialect.commit,
	rollback:   sqliteDialect.rollback,
	connector:  postgresConnector,
	explain:    explainPostgres,
	check:      control("SELECT 'ok'"),
	setting:    control("SHOW synchronous_commit"),
	durable:    func(v string) bool { return v != "off" },
	tables:     postgresTables,
	bytes:      control("SELECT pg_database_size(current_database())"),
	columns:    postgresColumnTypes, keys: postgresKeys,
	walls: postgresWalls, wallAround: postgresWall, putUp: putUpPostgres, pullDown: pullDownPostgres,
}

// LockWait is how long a change waits for one that is being made, on either engine, and so
// for a move of the whole customer, before it is refused.
const LockWait = 15 * time.Second

// sqliteConnector connects to the database file at path, which must exist. A
// pragma sent on a pool reaches one connection only, so all are in the address.
func sqliteConnector(path string, as role) (driver.Connector, error) {
	if err := lockByDescriptor(); err != nil {
		return nil, err
	}
	v := url.Values{
		"mode": {"rw"}, "_busy_timeout": {strconv.FormatInt(LockWait.Milliseconds(), 10)}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"},
		"_foreign_keys": {"on"}, "_txlock": {"immediate"}, "_dqs": {"0"}, "_defensive": {"1"}, "_error_rc": {"1"},
		// Temporary tables in memory: rows about people stay out of /tmp.
		"_pragma": {"trusted_schema(0)", "temp_store(memory)", "journal_size_limit(4194304)"},
	}
	if as == reader || as == checker {
		v.Set("_query_only", "on")
	}
	if as == checker {
		v.Add("_pragma", "cache_size(-65536)") // KiB
	}
	return sqlite.NewConnector("file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode())
}

// lockByDescriptor makes SQLite's locks belong to the open file. Locks of the
// default kind belong to the process, and closing any descriptor of the
// database drops them all: an outside sqlite3 may then delete the live WAL, and
// later commits vanish. Only Linux has the better kind.
var lockByDescriptor = sync.OnceValue(func() error {
	_, err := sqlite.OFDLocking(true)
	if errors.Is(err, sqlite.ErrOFDLockingUnavailable) && runtime.GOOS != "linux" {
		return nil
	}
	return err
})

func explainSQLite(err error) fault {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fault{}
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		f := taken
		f.field = sqliteColumns(e.Error())
		return f
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return referenced
	case sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		return shutIn(e.Error()).fault()
	}
	if e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE { // no room for the index of the log when a database is opened
		return full
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return unavailable
	case sqlite3.SQLITE_FULL:
		return full
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return broken
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		f := damaged
		f.lost = true
		return f
	case sqlite3.SQLITE_ERROR:
		return fault{missing: strings.Contains(e.Error(), "no such table")}
	}
	return fault{}
}

var sqliteUnique = regexp.MustCompile(`UNIQUE constraint failed: ((?:\w+\.\w+(?:, )?)+)`)

// sqliteColumns reads "a,b" out of "UNIQUE constraint failed: t.a, t.b (2067)".
func sqliteColumns(message string) string {
	m := sqliteUnique.FindStringSubmatch(message)
	if m == nil {
		return ""
	}
	columns := strings.Split(m[1], ", ")
	for i, c := range columns {
		_, columns[i], _ = strings.Cut(c, ".")
	}
	return strings.Join(columns, ",")
}

// connectTime is how long a server may take to let somebody in: one behind a wire that is cut says nothing at all.
const connectTime = 10 * time.Second

// postgresConnector connects to the database at address, a postgres:// URL.
// What the URL sets itself is left as it is.
func postgresConnector(address string, as role) (driver.Connector, error) {
	c, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errs.Operator("--database takes postgres://user:password@host/name", "not a PostgreSQL URL")
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTime
	}
	defaults := map[string]string{"application_name": "verlof"}
	for _, bound := range webBounds {
		defaults[bound[0]] = bound[1]
	}
	if as == migrator {
		defaults["statement_timeout"], defaults["lock_timeout"] = "0", "60s"
		defaults["client_connection_check_interval"] = "1s" // what a program that was killed began ends soon after it
	}
	for k, v := range defaults {
		if _, set := c.RuntimeParams[k]; !set {
			c.RuntimeParams[k] = v
		}
	}
	return pipes{stdlib.GetConnector(*c)}, nil
}

func explainPostgres(err error) fault {
	var connect *pgconn.ConnectError
	var network net.Error
	var e *pgconn.PgError
	switch {
	case errors.As(err, &connect), errors.As(err, &network),
		errors.Is(err, driver.ErrBadConn), errors.Is(err, io.ErrUnexpectedEOF):
		return unavailable
	case !errors.As(err, &e):
		return fault{}
	}
	switch e.Code {
	case "23505":
		f := taken
		f.field = postgresColumns(e.Detail)
		return f
	case "23503":
		return referenced
	case postgresShut:
		return shutIn(e.Message).fault()
	case "40001", "40P01": // serialization failure, deadlock
		return fault{kind: errs.Unavailable, retry: true}
	case "42P01":
		return fault{missing: true}
	case "55P03", "57014": // lock timeout, statement timeout
		return unavailable
	}
	switch e.Code[:2] {
	case "08", "53", "57": // connection, resources, operator intervention
		return unavailable
	case "XX":
		return damaged
	}
	return fault{}
}

var postgresKey = regexp.MustCompile(`^[^(]*\((\w+(?:, \w+)*)\)=`)

// postgresColumns reads "a,b" out of "Key (a, b)=(1, 2) already exists.", in
// whichever language the server says it.
func postgresColumns(detail string) string {
	m := postgresKey.FindStringSubmatch(detail)
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(m[1], ", ", ",")
}

// swapped reads back two values whose placeholders stand out of order. Some
// drivers bind by position, whatever the number says, and would swap values
// silently.
const swapped = "SELECT CAST($2 AS TEXT) || CAST($1 AS TEXT)"

// selfTest refuses a connection that would lose or swap what it is given.
func (d *dialect) selfTest(ctx context.Context, c *conn) error {
	var v string
	if err := c.QueryRowContext(ctx, d.setting.text).Scan(&v); err != nil {
		return err
	}
	if !d.durable(v) {
		return errs.Operator("set synchronous_commit = on for this database, or acknowledged changes can be lost",
			"%s does not wait for the disk at a commit: %s is %q", d.name, d.setting.text, v)
	}
	if d.embedded && runtime.GOOS == "linux" && !sqlite.OFDLockingEnabled() {
		return errs.Operator("keep the data folder on a local file system",
			"this file system has no locks that belong to an open file")
	}
	if d.proven.Load() {
		return nil
	}
	if err := bindsByNumber(ctx, c, swapped); err != nil {
		return err
	}
	d.proven.Store(true)
	return nil
}

func bindsByNumber(ctx context.Context, c *conn, text string) error {
	var got string
	if err := c.QueryRowContext(ctx, text, "1", "2").Scan(&got); err != nil {
		return fmt.Errorf("test placeholders: %w", err)
	}
	if got != "21" {
		return errs.Operator("this build has an unfit database driver: use a released one",
			"placeholders out of order bind to %q, not to %q", got, "21")
	}
	return nil
}
