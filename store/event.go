// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"time"

	"verlof/events"
	"verlof/internal/id"
	"verlof/people"
)

// Events returns the database as events sees it.
func (db *DB) Events() events.Store {
	return Access[func(events.Tx) error]{db, func(f func(events.Tx) error, tx *Tx) error { return f(tx) }}
}

const eventColumns = "id, COALESCE(n, 0), at_us, type, thing, person, made_by"

var (
	qInsertEvent = query("event.insert", "INSERT INTO event (id, at_us, place, type, thing, person, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)")
	qUnnumbered  = query("event.unnumbered", "SELECT 1 FROM event WHERE n IS NULL LIMIT 1")
	qNewEvents   = query("event.new", "SELECT "+eventColumns+" FROM event WHERE n IS NULL ORDER BY at_us, place, id LIMIT $1")
	qNumberEvent = query("event.number", "UPDATE event SET n = $2 WHERE id = $1")
	qEventsAfter = query("event.after", "SELECT "+eventColumns+" FROM event WHERE n > $1 AND at_us > $2 ORDER BY n LIMIT $3")
	qHasEvents   = query("event.has", "SELECT 1 FROM event WHERE at_us < $1 LIMIT 1")
	qForgetEvent = query("event.forget", `DELETE FROM event WHERE id IN
		(SELECT id FROM event WHERE at_us < $1 AND n IS NOT NULL ORDER BY at_us LIMIT $2)`)

	qLastEvent = query("event.last", "SELECT at_us FROM event ORDER BY at_us DESC LIMIT 1")

	qEventsSince = query("event.since", "SELECT "+eventColumns+" FROM event WHERE at_us >= $1 ORDER BY at_us, place, id")

	lockHead = lockRow("event_head")
	qHead    = query("event_head.get", "SELECT n FROM event_head WHERE id = 'head'")
	qSetHead = query("event_head.set", "UPDATE event_head SET n = $1 WHERE id = 'head'")
	qWaiting = query("event.waiting", "SELECT COUNT(*) FROM event WHERE n IS NULL")
)

func eventRow(e *events.Event) []any {
	return []any{&e.ID, &e.Number, micros(&e.At), &e.Type, &e.Thing, (*string)(&e.Person), (*string)(&e.By)}
}

// LastChange returns when the last change that an event tells of was made; zero where none
// does.
func (db *DB) LastChange(ctx context.Context) (at time.Time, err error) {
	err = db.View(ctx, func(tx *Tx) error {
		us, found, err := maybe(tx, qLastEvent, value[int64])
		if found {
			at = time.UnixMicro(us).UTC()
		}
		return err
	})
	return at, err
}

// EventsSince returns the events since a time, those without a number too, as they happened.
func (db *DB) EventsSince(ctx context.Context, since time.Time) (list []events.Event, err error) {
	err = db.View(ctx, func(tx *Tx) error {
		list, err = all(tx, qEventsSince, eventRow, since)
		return err
	})
	return list, err
}

// Unnumbered reports whether there are events without a number.
func (tx *Tx) Unnumbered() (bool, error) {
	_, found, err := maybe(tx, qUnnumbered, value[int64])
	return found, err
}

// NumberEvents gives at most limit events their numbers and returns them. Whoever does it
// has the head locked, so that numbers follow the order of commits.
func (tx *Tx) NumberEvents(limit int) ([]events.Event, error) {
	if err := tx.lock(lockHead, "head"); err != nil {
		return nil, err
	}
	head, err := tx.EventHead()
	if err != nil {
		return nil, err
	}
	list, err := all(tx, qNewEvents, eventRow, limit)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	for i := range list {
		head++
		list[i].Number = head
		if err := tx.execOne(qNumberEvent, list[i].ID, head); err != nil {
			return nil, err
		}
	}
	return list, tx.execOne(qSetHead, head)
}

// EventHead returns the greatest number that an event was given.
func (tx *Tx) EventHead() (int64, error) { return one(tx, qHead, value[int64]) }

// EventNumbers returns the greatest number that events have or will be given, as far as they have happened.
func (db *DB) EventNumbers(ctx context.Context) (n int64, err error) {
	err = db.View(ctx, func(tx *Tx) error {
		waiting, err := one(tx, qWaiting, value[int64])
		if err == nil {
			n, err = tx.EventHead()
		}
		n += waiting
		return err
	})
	return n, err
}

// NumberEventsFrom has the events that have no number yet get greater ones than that.
func (db *DB) NumberEventsFrom(ctx context.Context, n int64) error {
	return db.Update(ctx, func(tx *Tx) error {
		if err := tx.lock(lockHead, "head"); err != nil {
			return err
		}
		head, err := tx.EventHead()
		if err != nil || head >= n {
			return err
		}
		return tx.execOne(qSetHead, n)
	})
}

// EventsAfter returns events with a greater number that happened after since, in their order.
func (tx *Tx) EventsAfter(number int64, since time.Time, limit int) ([]events.Event, error) {
	return all(tx, qEventsAfter, eventRow, number, since, limit)
}

// HasEvents reports whether there are events that happened before a moment.
func (tx *Tx) HasEvents(before time.Time) (bool, error) {
	_, found, err := maybe(tx, qHasEvents, value[int64], before)
	return found, err
}

// ForgetEvents removes at most limit events that happened before a moment.
func (tx *Tx) ForgetEvents(before time.Time, limit int) error {
	_, err := tx.exec(qForgetEvent, before, limit)
	return err
}

// writeEvents writes what was told in this transaction, as its last act. That something
// was changed is not told where more is told of the same thing.
func (tx *Tx) writeEvents() error {
	if len(tx.told) == 0 {
		return nil
	}
	more := map[told]bool{}
	for _, t := range tx.told {
		if t.word != events.Changed {
			more[told{thing: t.thing, id: t.id}] = true
		}
	}
	if err := tx.signalWebhooks(); err != nil {
		return err
	}
	now, by := time.Now(), people.ActingIn(tx.ctx)
	written := map[told]bool{}
	for _, t := range tx.told {
		if written[t] || t.word == events.Changed && more[told{thing: t.thing, id: t.id}] {
			continue
		}
		written[t] = true
		if err := tx.later(qInsertEvent, id.New(now), now, len(written), t.thing+"."+t.word, t.id, t.person, by); err != nil {
			return err
		}
	}
	return nil
}

// signalWebhooks has whoever sends to webhooks woken, where there are any.
func (tx *Tx) signalWebhooks() error {
	if tx.signal {
		return nil
	}
	_, found, err := maybe(tx, qAnyWebhook, value[int64])
	if found {
		tx.Signal()
	}
	return err
}
