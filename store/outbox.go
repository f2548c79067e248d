// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"time"

	"verlof/internal/id"
	"verlof/leave"
)

// OutboxRow is something that must happen after the commit that wrote it.
type OutboxRow struct {
	ID       string
	Key      string // unique: a key that is there already is not repeated
	Kind     string
	Payload  []byte
	At       time.Time
	Attempts int
}

var (
	qEnqueue = query("outbox.insert", `INSERT INTO outbox (id, key, kind, payload, at_us, due_us, attempts, fault, gave_up)
		VALUES ($1, $2, $3, $4, $5, $6, 0, '', 0) ON CONFLICT (key) DO NOTHING`)
	qDue = query("outbox.due", `SELECT id, key, kind, payload, at_us, attempts FROM outbox
		WHERE due_us <= $1 ORDER BY due_us, id LIMIT $2`)
	qHold   = query("outbox.hold", "UPDATE outbox SET due_us = $2 WHERE id = $1 AND due_us <= $3")
	qRowOf  = query("outbox.get", "SELECT kind, key FROM outbox WHERE id = $1")
	qEndRow = query("outbox.end", "UPDATE outbox SET due_us = NULL, ended_us = $2 WHERE id = $1")
	qRetry  = query("outbox.retry", "UPDATE outbox SET due_us = $2, fault = $3, attempts = attempts + 1 WHERE id = $1")
	qGiveUp = query("outbox.give_up", "UPDATE outbox SET due_us = NULL, ended_us = $2, fault = $3, attempts = attempts + 1, gave_up = 1 WHERE id = $1")
	qForget = query("outbox.forget", "DELETE FROM outbox WHERE key = $1 AND due_us IS NULL")
	qKeyed  = query("outbox.keyed", "SELECT 1 FROM outbox WHERE key = $1")
	qHasOld = query("outbox.has_old", "SELECT 1 FROM outbox WHERE ended_us < $1 LIMIT 1")
	qCutOld = query("outbox.cut", `DELETE FROM outbox WHERE id IN
		(SELECT id FROM outbox WHERE ended_us < $1 ORDER BY ended_us LIMIT $2)`)
	qNextDue = query("outbox.next", "SELECT due_us FROM outbox WHERE due_us IS NOT NULL ORDER BY due_us LIMIT 1")
)

// Enqueue writes an outbox row and has the worker woken after the commit.
func (tx *Tx) Enqueue(kind, key string, payload []byte) error {
	now := time.Now()
	return tx.enqueue(OutboxRow{ID: id.New(now), Key: key, Kind: kind, Payload: payload, At: now})
}

func (tx *Tx) enqueue(r OutboxRow) error { return tx.enqueueAt(r, r.At.UnixMicro()) }

func (tx *Tx) enqueueAt(r OutboxRow, due int64) error {
	tx.Signal()
	return tx.later(qEnqueue, r.ID, r.Key, r.Kind, string(r.Payload), r.At, due)
}

// Enqueued reports whether the outbox holds a row with a key, be it ended.
func (tx *Tx) Enqueued(key string) (bool, error) {
	_, found, err := maybe(tx, qKeyed, value[int64], key)
	return found, err
}

// ForgetEnded takes a row that has ended out of the outbox, by its key.
func (tx *Tx) ForgetEnded(key string) error {
	_, err := tx.exec(qForget, key)
	return err
}

// Outbox is the queue of one customer's database.
type Outbox struct{ db *DB }

// Outbox returns the queue.
func (db *DB) Outbox() Outbox { return Outbox{db} }

func outboxColumns(r *OutboxRow) []any {
	return []any{&r.ID, &r.Key, &r.Kind, &r.Payload, micros(&r.At), &r.Attempts}
}

// Claim returns at most limit rows that are due at now, oldest first, and makes
// them due again at until.
func (o Outbox) Claim(ctx context.Context, now, until time.Time, limit int) ([]OutboxRow, error) {
	due, err := o.due(ctx, now, limit)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	var got []OutboxRow
	err = o.db.Update(ctx, func(tx *Tx) error {
		got = nil
		for _, r := range due {
			n, err := tx.exec(qHold, r.ID, until, now)
			if err != nil {
				return err
			}
			if n == 1 {
				got = append(got, r)
			}
		}
		return nil
	})
	return got, err
}

func (o Outbox) due(ctx context.Context, now time.Time, limit int) (due []OutboxRow, err error) {
	err = o.db.View(ctx, func(tx *Tx) error {
		due, err = all(tx, qDue, outboxColumns, now, limit)
		return err
	})
	return due, err
}

// End ends a row, and writes parts in its place.
func (o Outbox) End(ctx context.Context, rowID string, now time.Time, parts ...OutboxRow) error {
	return o.db.Update(ctx, func(tx *Tx) error {
		if _, err := tx.exec(qEndRow, rowID, now); err != nil {
			return err
		}
		if err := tx.mailEnded(rowID, true, now); err != nil {
			return err
		}
		for _, p := range parts {
			p.ID = id.New(now)
			if err := tx.enqueue(p); err != nil {
				return err
			}
		}
		return nil
	})
}

// Retry counts a failed attempt and makes the row due at next.
func (o Outbox) Retry(ctx context.Context, rowID, fault string, next time.Time) error {
	return o.db.Update(ctx, func(tx *Tx) error { return tx.execOne(qRetry, rowID, next, fault) })
}

// GiveUp counts a failed attempt and ends the row as failed.
func (o Outbox) GiveUp(ctx context.Context, rowID, fault string, now time.Time) error {
	return o.db.Update(ctx, func(tx *Tx) error {
		if err := tx.mailEnded(rowID, false, now); err != nil {
			return err
		}
		return tx.execOne(qGiveUp, rowID, now, fault)
	})
}

// mailEnded has leave keep what became of a row.
func (tx *Tx) mailEnded(rowID string, left bool, now time.Time) error {
	r, found, err := maybe(tx, qRowOf, func(r *OutboxRow) []any { return []any{&r.Kind, &r.Key} }, rowID)
	if err != nil || !found {
		return err
	}
	return leave.MailEnded(tx, r.Kind, r.Key, left, now.UnixMicro())
}

// HasOld reports whether there are rows that ended before a moment.
func (o Outbox) HasOld(ctx context.Context, before time.Time) (found bool, err error) {
	err = o.db.View(ctx, func(tx *Tx) error {
		_, found, err = maybe(tx, qHasOld, value[int64], before)
		return err
	})
	return found, err
}

// Forget removes at most limit rows that ended before a moment. A key that is not there any more can be enqueued again.
func (o Outbox) Forget(ctx context.Context, before time.Time, limit int) error {
	return o.db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(qCutOld, before, limit)
		return err
	})
}

// Next returns when the first row is due; the zero time where none waits.
func (o Outbox) Next(ctx context.Context) (next time.Time, err error) {
	err = o.db.View(ctx, func(tx *Tx) error {
		next, _, err = maybe(tx, qNextDue, func(t *time.Time) []any { return []any{micros(t)} })
		return err
	})
	return next, err
}
