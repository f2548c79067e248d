// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"modernc.org/sqlite"

	"verlof/internal/seal"
)

// live is a database in use, with the log that copies it: what store is in the product.
type live struct {
	t      *testing.T
	path   string
	w      *sql.Conn
	db     *sql.DB
	log    *Log
	latest int64 // SQLite's count of commits by others
}

// clock is a time that moves on by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
}

// newRoot returns a root key of its own.
func newRoot(t *testing.T) *seal.Root {
	t.Helper()
	r, err := seal.File{Path: filepath.Join(t.TempDir(), "root.key"), Make: true}.Root(func() (bool, error) { return false, nil })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newKeys(t *testing.T, r *seal.Root, id string) *seal.Keys {
	t.Helper()
	sealed, err := r.NewKeys(id)
	if err != nil {
		t.Fatal(err)
	}
	k, err := r.Keys(id, sealed)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// openRaw opens a database file as another process would.
func openRaw(t *testing.T, path string) *sql.DB {
	t.Helper()
	if _, err := sqlite.OFDLocking(true); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_journal_mode=WAL&_synchronous=OFF&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// open connects; the log may be new or one that was used before.
func openLive(t *testing.T, path string, c *Copies, id string, k seal.Wrapper) *live {
	t.Helper()
	l := &live{t: t, path: path, db: openRaw(t, path)}
	l.log = c.Of(id, l, func() seal.Wrapper { return k })
	var err error
	if l.w, err = l.db.Conn(context.Background()); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *live) File() string { return l.path }

func (l *live) Frozen(fn func() error) error {
	tx, err := l.db.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var n int
	if err := tx.QueryRow("SELECT COUNT(*) FROM sqlite_schema").Scan(&n); err != nil {
		return err
	}
	return fn()
}

func (l *live) CopyTo(path string) error {
	_, err := l.db.Exec("VACUUM INTO ?", path)
	return err
}

func (l *live) Flush() error { return l.committed() }

func (l *live) committed() error {
	var version int64
	if err := l.w.QueryRowContext(context.Background(), "PRAGMA data_version").Scan(&version); err != nil {
		return err
	}
	alone := version == l.latest
	l.latest = version
	return l.log.Committed(alone)
}

// write commits and has it copied.
func (l *live) write(query string, args ...any) error {
	l.t.Helper()
	if _, err := l.w.ExecContext(context.Background(), query, args...); err != nil {
		l.t.Fatalf("%s: %v", query, err)
	}
	return l.committed()
}

// rest closes every connection.
func (l *live) rest() {
	l.t.Helper()
	if err := l.w.Close(); err != nil {
		l.t.Fatal(err)
	}
	if err := l.db.Close(); err != nil {
		l.t.Fatal(err)
	}
	l.log.Rested()
}

// content returns a digest of all rows of a database file.
func content(t *testing.T, path string) string {
	t.Helper()
	db := openRaw(t, path)
	defer db.Close()
	var sound string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		t.Fatalf("%s: %s, %v", path, sound, err)
	}
	rows, err := db.Query("SELECT id, text, pad FROM note ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	h := sha256.New()
	n := 0
	for rows.Next() {
		var id int64
		var text string
		var pad []byte
		if err := rows.Scan(&id, &text, &pad); err != nil {
			t.Fatal(err)
		}
		n++
		fmt.Fprintln(h, id, text, pad)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d rows %x", n, h.Sum(nil)[:6])
}

const noteTable = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, pad BLOB NOT NULL)"

// restored returns the content of what a depot gives back.
func restored(t *testing.T, k Kept, to time.Time) (string, Reached, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "restored.db")
	r, err := k.Restore(context.Background(), to, path)
	if err != nil {
		return "", r, err
	}
	return content(t, path), r, nil
}
