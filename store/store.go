// SPDX-License-Identifier: Apache-2.0

// Package store owns every line of SQL: one text for SQLite and PostgreSQL, one
// file per aggregate, and the plumbing under it. It is the only package that
// knows a database driver. It refuses rules of leave and permissions (those are
// the domain's), a database that a newer program wrote, and an engine that
// would acknowledge a change before it is safe on disk.
//
// A change runs in DB.Update, a look in DB.View. On SQLite the updates that
// arrive while another one is being written to disk are committed together; on
// PostgreSQL each is a transaction of its own that is run again when the server
// asks for it. A function given to Update must therefore do nothing but use its
// Tx and set variables of its caller: it may run more than once, and what
// should follow it goes to the outbox.
package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/people"
)

const (
	attempts      = 8  // how often PostgreSQL may ask to run an update again, and once more
	postgresConns = 10 // connections to one customer's database
)

// DB is one customer's database, or the registry. It connects when it is used
// and lets go of its connections when it is not, so that thousands may be open.
type DB struct {
	d       *dialect
	address string // SQLite: the file; PostgreSQL: the URL of whoever may change the schema
	readers *pool
	writers *pool
	owners  *pool  // those that may change the schema; most often the writers
	web     string // PostgreSQL: role of readers and writers where that is another; it owns nothing
	group   *group // SQLite only
	carrier atomic.Pointer[Carrier]
	life    life

	updates, commits atomic.Uint64
	sealer           sealer
	onSignal         atomic.Pointer[func()]

	lookOnly  atomic.Pointer[errs.Error]
	lookers   lookers
	frozen    atomic.Pointer[errs.Error]
	successor atomic.Pointer[Successor]
	rescuer   atomic.Pointer[Rescuer]
	next      atomic.Pointer[following] // the database in force, once this one has moved or is lost

	watched   atomic.Bool                                  // somebody looks whether the disk answers
	hangs     atomic.Bool                                  // a commit does not return, and the disk does not answer
	patience  time.Duration                                // of commits: see hangTime
	glance    time.Duration                                // of looks: see lookTime
	probe     func(dir string, within time.Duration) error // whether the disk answers
	following sync.Mutex
}

// Open returns the database at dsn: "sqlite:/path/file.db", a file that must
// exist, or "postgres://...". It does not connect; the first use does, and
// reports Unavailable when it cannot. Where the disk of a file does not answer it
// reports that within a few seconds, and the error is Lost.
func Open(_ context.Context, dsn string) (*DB, error) {
	db := &DB{d: postgresDialect, address: dsn}
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		return openFile(path)
	}
	if !isPostgres(dsn) {
		return nil, errs.Operator("write sqlite:/path/to/file.db or postgres://user:password@host/name",
			"not the address of a database")
	}
	if _, err := db.d.connector(dsn, writer); err != nil {
		return nil, err
	}
	db.writers = newPool(db.d, dsn, writer, postgresConns)
	db.readers, db.owners = db.writers, db.writers
	db.life.init(db.disconnect)
	return db, nil
}

// bound has q bound the connections to a PostgreSQL server.
func (db *DB) bound(q *quota) {
	if !db.d.embedded {
		db.writers.quota, db.owners.quota = q, q
	}
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// stat asks for a file. Tests have it not answer.
var stat = disk.Stat

func openFile(path string) (*DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	switch err := stat(path, openTime); {
	case errors.Is(err, disk.ErrHangs):
		return nil, errHangs
	case err != nil:
		return nil, &errs.Error{Kind: errs.Unavailable, Hint: "verlof recover brings back what is missing; or name the right folder with --data",
			Err: fmt.Errorf("open sqlite database: %w", err)}
	}
	db := &DB{d: sqliteDialect, address: path, patience: hangTime, glance: lookTime, probe: disk.TryWithin}
	db.readers = newPool(db.d, path, reader, max(4, runtime.GOMAXPROCS(0)))
	db.writers = newPool(db.d, path, writer, 1)
	db.owners = db.writers
	db.group = &group{db: db, size: batchSize, limit: batchLimit}
	db.life.init(db.disconnect)
	return db, nil
}

// View calls fn with a transaction that sees one state of the database, and
// keeps no writer waiting. A statement in it that writes fails.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	if next := db.inForce(); next != nil {
		return next.View(ctx, fn)
	}
	tx, back, err := db.look(ctx, fn)
	next := db.instead(ctx, tx, err)
	switch {
	case next == nil:
		return err
	case back && (tx == nil || !tx.answered): // fn has seen nothing yet
		return next.View(ctx, fn)
	}
	return errs.New(errs.Unavailable, "store.error.again").Because(errors.Join(errAgain, err))
}

// Update calls fn with a transaction that writes, and returns when its changes
// are safe on disk, or with an error and nothing changed; but where a Carrier reports an error, the changes are
// made and the error is returned too. An error of fn, or of
// any statement in it even if fn ignores it, undoes all that fn did. It reports
// Conflict for a unique key that is taken (Field says which columns) and
// Unavailable when a later try may succeed. fn must not call Update itself. It may be run
// again, and from another goroutine: what it sets outside it sets anew.
//
// On PostgreSQL other updates run meanwhile: what a decision rests on is to be
// locked first, see Tx.lock.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	if next := db.inForce(); next != nil {
		return next.Update(ctx, fn)
	}
	return db.updateBy(ctx, db.writers, fn, (*DB).Update)
}

// reshape is Update for a function that changes the schema, too, or fills whole tables.
func (db *DB) reshape(ctx context.Context, fn func(*Tx) error) error {
	if next := db.inForce(); next != nil {
		return next.reshape(ctx, fn)
	}
	return db.updateBy(ctx, db.owners, atLength(fn), (*DB).reshape)
}

// survey is View for a function that reads whole tables.
func (db *DB) survey(ctx context.Context, fn func(*Tx) error) error {
	return db.View(ctx, atLength(fn))
}

// atLength lifts the bounds of webBounds on how long a statement takes and how long a transaction waits for what is done
// between two: what goes over whole tables takes as long as they are large, and waits for another database or a slow
// wire. That on locks stands, since others wait behind those.
func atLength(fn func(*Tx) error) func(*Tx) error {
	return func(tx *Tx) error {
		if !tx.c.d.embedded {
			if err := tx.define("SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)"); err != nil {
				return err
			}
		}
		return fn(tx)
	}
}

// updateBy is Update on connections of a pool; then is how it goes on in a database that is in
// force in place of this one.
func (db *DB) updateBy(ctx context.Context, p *pool, fn func(*Tx) error, then func(*DB, context.Context, func(*Tx) error) error) error {
	if e := db.lookOnly.Load(); e != nil {
		return e
	}
	tx, err := db.update(ctx, p, fn)
	switch db.shutOf(tx, err) {
	case ShutMoved:
		next, err := db.follow(ctx)
		if err != nil {
			return err
		}
		return then(next, ctx, fn)
	case ShutFrozen:
		if e := db.frozen.Load(); e != nil {
			return e.Because(err)
		}
	}
	if next := db.instead(ctx, tx, err); next != nil {
		return then(next, ctx, fn)
	}
	if err != nil {
		return err
	}
	db.updates.Add(1)
	if f := db.onSignal.Load(); f != nil && tx.signal {
		(*f)()
	}
	return nil
}

func (db *DB) update(ctx context.Context, p *pool, fn func(*Tx) error) (*Tx, error) {
	if err := db.enter(); err != nil {
		return nil, err
	}
	defer db.life.leave()
	if db.group != nil {
		return db.group.update(ctx, fn)
	}
	for n := 1; ; n++ {
		tx, err := db.once(ctx, p, db.d.beginWrite, fn)
		if err == nil {
			db.commits.Add(1)
			return tx, nil
		}
		again := db.d.explain(err).retry || tx != nil && db.d.explain(tx.err).retry
		if !again || n == attempts {
			return tx, err
		}
		pause := time.Duration(rand.Int64N(int64(n) * int64(4*time.Millisecond)))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// once runs fn in a transaction of its own. A connection that died while it lay idle
// is replaced.
func (db *DB) once(ctx context.Context, p *pool, begin *statement, fn func(*Tx) error) (*Tx, error) {
	for {
		c, fresh, err := p.begin(ctx, begin)
		if err != nil {
			return nil, err
		}
		tx, err := db.on(ctx, p, c, begin, fn)
		if err == nil || fresh || tx.answered || c.pipe == nil || !c.pipe.closed() || ctx.Err() != nil {
			return tx, err
		}
	}
}

// on runs fn in the transaction that was begun on c, and gives c back.
func (db *DB) on(ctx context.Context, p *pool, c *conn, begin *statement, fn func(*Tx) error) (tx *Tx, err error) {
	kept := false
	defer func() {
		if !kept && !c.broken {
			c.undo()
		}
		p.put(c)
	}()
	tx = &Tx{ctx: ctx, c: c, sealer: &db.sealer, lookers: &db.lookers, writes: begin == db.d.beginWrite}
	if err := tx.run(fn); err != nil {
		return tx, err
	}
	if c.pipe != nil && !tx.answered {
		// Not together with the commit: whoever loses the connection here knows that nothing was kept.
		if err := c.pipe.flush(ctx); err != nil {
			return tx, db.d.wrap(err)
		}
		tx.answered = true
	}
	if tx.changed {
		people.NoteChange(ctx) // also where the commit gets no answer
	}
	if err := c.end(db.d.commit); err != nil {
		return tx, err
	}
	kept = true
	return tx, nil
}

// OnSignal sets the function that is called after each committed update in
// which Tx.Signal was called. It runs in the updater's goroutine: it should
// wake somebody and return.
func (db *DB) OnSignal(f func()) { db.onSignal.Store(&f) }

// Check reads the whole database and reports what is damaged. On PostgreSQL,
// which checks itself, it only asks whether it answers.
func (db *DB) Check(ctx context.Context) error {
	if err := db.enter(); err != nil {
		return err
	}
	defer db.life.leave()
	p := db.readers
	if db.d.embedded {
		p = newPool(db.d, db.address, checker, 1)
		defer func() { _ = p.closeAll() }() // what it closes was only read
	}
	c, _, err := p.get(ctx)
	if err != nil {
		return err
	}
	defer p.put(c)
	rows, err := c.QueryContext(ctx, db.d.check.text)
	if err != nil {
		return fmt.Errorf("check database: %w", db.d.wrap(err))
	}
	defer rows.Close()
	var broken []error
	for rows.Next() {
		var what string
		if err := rows.Scan(&what); err != nil {
			return fmt.Errorf("check database: %w", err)
		}
		if what != "ok" {
			broken = append(broken, errors.New(what))
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("check database: %w", db.d.wrap(err))
	}
	if broken != nil {
		return &errs.Error{Kind: errs.Internal, Hint: damaged.hint, Err: errors.Join(broken...)}
	}
	return nil
}

// enter counts the caller among those who use the database, who leaves by life.leave.
func (db *DB) enter() error {
	for {
		rests, err := db.life.enter()
		if rests == nil {
			return err
		}
		if err := db.await(rests); err != nil {
			return err
		}
	}
}

// Close waits for what is running, closes every connection and refuses
// everything after it as Unavailable. Where the disk does not answer it reports so, and the
// rest is done once it does.
func (db *DB) Close() error {
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = db.life.close()
		db.letGo()
	}()
	if hangs := db.await(done); hangs != nil {
		return hangs
	}
	return err
}

func (db *DB) disconnect() error {
	if db.readers == db.writers {
		if db.owners == db.writers {
			return db.writers.closeAll()
		}
		return errors.Join(db.writers.closeAll(), db.owners.closeAll())
	}
	// The writer last: it empties the log into the file.
	err := errors.Join(db.readers.closeAll(), db.writers.closeAll())
	if c := db.carrier.Load(); c != nil {
		(*c).Rested()
	}
	return err
}

// Stats are counts for an operator to watch.
type Stats struct {
	Connections int    // open now
	Waiting     int    // updates that wait for their turn now; SQLite only
	Updates     uint64 // committed since Open
	Commits     uint64 // writes to disk that they took; fewer where they were committed together
}

// Stats returns the counts as they are now.
func (db *DB) Stats() Stats {
	s := Stats{Connections: db.writers.size(), Updates: db.updates.Load(), Commits: db.commits.Load()}
	if db.owners != db.writers {
		s.Connections += db.owners.size()
	}
	if db.group != nil {
		s.Connections += db.readers.size()
		s.Waiting = db.group.waiting()
	}
	return s
}
