// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"encoding"
	"errors"
	"fmt"
	"time"

	"verlof/errs"
	"verlof/people"
)

var (
	errClosed = errors.New("database is closed")
	errEnded  = errors.New("transaction has ended")
	errRows   = errors.New("another query while rows are being read")
	errMany   = errors.New("more than one row")
)

// Tx is a transaction as the aggregates see it. The first statement that fails
// dooms it: every later one returns the same error, and nothing is kept.
type Tx struct {
	ctx     context.Context
	c       *conn
	sealer  *sealer
	lookers *lookers
	writes  bool
	err     error // why it is doomed
	rows    bool  // rows are being read
	signal  bool
	revised bool // something that changes seldom was changed
	told    []told
	spoils  []spoiled // what it changed of what the connection keeps

	answered bool // a statement has come to something
	changed  bool // and it was one that may change something
}

// run calls fn and returns its error, or else why tx is doomed.
func (tx *Tx) run(fn func(*Tx) error) error {
	err := fn(tx)
	if err == nil {
		err = tx.err
	}
	if err == nil {
		err = tx.writeEvents()
	}
	if tx.err == nil {
		tx.err = errEnded
	}
	return err
}

// touched reports whether the database may be another one for what an ended tx did: it changed something, or a
// statement failed, which SQLite may have given the transaction up for.
func (tx *Tx) touched() bool { return tx.changed || !errors.Is(tx.err, errEnded) }

// Context returns the context that View or Update was given.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Signal has the function given to DB.OnSignal called after the commit, once.
func (tx *Tx) Signal() { tx.signal = true }

// lock makes other updates that lock the same row wait until this one ends, so
// that what is read after it stays true. No row, no lock, no error.
func (tx *Tx) lock(l rowLock, id string) error {
	if !tx.writes {
		return fmt.Errorf("%s: lock in a View", l.name)
	}
	if tx.c.d.embedded {
		return nil
	}
	return tx.later(l.statement, id)
}

// exec runs a statement, notes its event, and returns how many rows it changed.
func (tx *Tx) exec(q *statement, args ...any) (int64, error) { return tx.by(tx.send, q, args) }

// later runs a statement of which nobody asks what it did: on PostgreSQL with the next
// one, or the commit, which fails if this one does. Where it tells an event it must be
// one that always changes a row, since nobody counts them.
func (tx *Tx) later(q *statement, args ...any) error {
	send := tx.send
	if tx.c.pipe != nil {
		send = tx.wait
	}
	_, err := tx.by(send, q, args)
	return err
}

// by is exec by one of the ways to send a statement.
func (tx *Tx) by(send func(*statement, []any) (int64, error), q *statement, args []any) (int64, error) {
	if q.tale == nil {
		n, err := send(q, args)
		if n > 0 && q.spoils != unkept {
			tx.spoil(spoiled{of: q.spoils})
		}
		return n, err
	}
	was, there, err := tx.ask(q.tale, args)
	if err != nil {
		return 0, err
	}
	n, err := send(q, args)
	if err != nil || n == 0 {
		return n, err
	}
	if q.spoils != unkept {
		tx.spoil(spoiled{q.spoils, people.ID(q.tale.whose(was, args))})
	}
	tx.tell(q.tale, was, there, args)
	return n, nil
}

// wait has a statement sent with the next one, or once many wait.
func (tx *Tx) wait(q *statement, args []any) (int64, error) {
	ctx, err := tx.ready(q)
	if err != nil {
		return 0, err
	}
	if err := bind(args); err != nil {
		return 0, tx.fail(q, err)
	}
	tx.c.pipe.wait(q, args)
	if len(tx.c.pipe.waiting) < mostWaiting {
		return 1, nil
	}
	if err := tx.c.pipe.flush(ctx); err != nil {
		return 0, tx.fail(q, err)
	}
	tx.answered = true
	return 1, nil
}

// foresee says that a query will be asked for, so that PostgreSQL can be asked several in
// one round trip. Its arguments are ids.
func (tx *Tx) foresee(q *statement, args ...any) {
	if tx.c.pipe != nil && tx.err == nil && !tx.rows {
		tx.c.pipe.foresee(q, args)
	}
}

// send runs a statement and returns how many rows it changed.
func (tx *Tx) send(q *statement, args []any) (int64, error) {
	ctx, err := tx.ready(q)
	if err != nil {
		return 0, err
	}
	if err := bind(args); err != nil {
		return 0, tx.fail(q, err)
	}
	r, err := tx.c.exec(ctx, q, args...)
	if err != nil {
		return 0, tx.fail(q, err)
	}
	tx.answered, tx.changed = true, true
	return r.RowsAffected()
}

// execOne runs a statement that must change a row. It reports NotFound when
// there is none.
func (tx *Tx) execOne(q *statement, args ...any) error {
	n, err := tx.exec(q, args...)
	if err == nil && n == 0 {
		return notFound(q)
	}
	return err
}

// query runs a statement that returns rows. The caller closes them before it
// sends another one: PostgreSQL cannot do both.
func (tx *Tx) query(q *statement, args []any) (*sql.Rows, error) {
	ctx, err := tx.ready(q)
	if err != nil {
		return nil, err
	}
	if err := bind(args); err != nil {
		return nil, tx.fail(q, err)
	}
	rows, err := tx.c.query(ctx, q, args...)
	if err != nil {
		return nil, tx.fail(q, err)
	}
	tx.rows, tx.answered = true, true
	return rows, nil
}

// ready returns the context for the driver, or why q cannot run.
func (tx *Tx) ready(q *statement) (context.Context, error) {
	if tx.err != nil {
		return nil, tx.err
	}
	if tx.rows {
		return nil, tx.fail(q, errRows)
	}
	if err := tx.ctx.Err(); err != nil {
		return nil, tx.fail(q, err)
	}
	return tx.c.d.context(tx.ctx), nil
}

// fail dooms the transaction and says at which statement.
func (tx *Tx) fail(q *statement, err error) error {
	tx.err = fmt.Errorf("%s: %w", q.name, tx.c.d.wrap(err))
	return tx.err
}

func notFound(q *statement) error {
	return fmt.Errorf("%s: %w", q.name, errs.New(errs.NotFound, ""))
}

// bind turns arguments into what both engines store, in place: a time into
// microseconds since 1970, what has a text form (a date, an exact number) into
// that text. A zero time and an empty text form become NULL, so that a NOT NULL
// column refuses what was forgotten. A plain string stays as it is.
func bind(args []any) error {
	for i, a := range args {
		switch v := a.(type) {
		case time.Time:
			args[i] = nil
			if !v.IsZero() {
				args[i] = v.UnixMicro()
			}
		case encoding.TextMarshaler:
			b, err := v.MarshalText()
			if err != nil {
				return err
			}
			args[i] = nil
			if len(b) > 0 {
				args[i] = string(b)
			}
		}
	}
	return nil
}
