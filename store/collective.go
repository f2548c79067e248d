// SPDX-License-Identifier: Apache-2.0

package store

import (
	"fmt"

	"verlof/calendar"
	"verlof/leave"
)

const collectiveColumns = "id, type, from_date, to_date, first_part, last_part, reason, booked_by, booked_at_us, undone_by, undone_at_us, undone_why"

var (
	qCollective  = query("collective.get", "SELECT "+collectiveColumns+" FROM collective WHERE id = $1")
	qCollectives = query("collective.list", "SELECT "+collectiveColumns+" FROM collective ORDER BY from_date DESC, booked_at_us DESC, id")

	qCollectiveCounts = query("collective.counts", `SELECT collective, COUNT(*) FROM leave_request
		WHERE collective IS NOT NULL AND state IN ('pending', 'approved') GROUP BY collective`)
	qRequestsInCollective = query("request.in_collective", "SELECT "+requestColumns+`, charges, corrections FROM leave_request
		WHERE collective = $1 ORDER BY id`)

	qInsertCollective = query("collective.insert", "INSERT INTO collective ("+collectiveColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qUpdateCollective = query("collective.update", "UPDATE collective SET undone_by = $2, undone_at_us = $3, undone_why = $4 WHERE id = $1")
)

// collectiveRow is a collective leave with the columns whose Go form is not their
// SQL form.
type collectiveRow struct {
	leave.Collective
	first, last string
}

func collectiveRowOf(r *collectiveRow) []any {
	return []any{&r.ID, &r.Type, text(&r.From), text(&r.To), &r.first, &r.last, &r.Reason, (*string)(&r.By), &r.At,
		optional(&r.UndoneBy), optional(&r.UndoneAt), &r.UndoReason}
}

func (r *collectiveRow) collective() (c leave.Collective, err error) {
	c = r.Collective
	if c.First, err = calendar.ParsePortion(r.first); err != nil {
		return c, fmt.Errorf("collective %s: %w", r.ID, err)
	}
	if c.Last, err = calendar.ParsePortion(r.last); err != nil {
		return c, fmt.Errorf("collective %s: %w", r.ID, err)
	}
	return c, nil
}

// Collective returns a collective leave.
func (tx *Tx) Collective(id string) (leave.Collective, error) {
	row, err := one(tx, qCollective, collectiveRowOf, id)
	if err != nil {
		return leave.Collective{}, err
	}
	return row.collective()
}

// Collectives returns all collective leave, the latest days first.
func (tx *Tx) Collectives() ([]leave.Collective, error) {
	var out []leave.Collective
	err := each(tx, qCollectives, collectiveRowOf, func(r *collectiveRow) error {
		c, err := r.collective()
		out = append(out, c)
		return err
	})
	return out, err
}

// CollectiveCounts returns, by id, how many requests of a collective leave count.
func (tx *Tx) CollectiveCounts() (map[string]int, error) {
	type count struct {
		id string
		n  int
	}
	out := map[string]int{}
	err := each(tx, qCollectiveCounts, func(c *count) []any { return []any{&c.id, &c.n} }, func(c *count) error {
		out[c.id] = c.n
		return nil
	})
	return out, err
}

// RequestsInCollective returns the requests of a collective leave, in any state.
func (tx *Tx) RequestsInCollective(id string) ([]leave.Request, error) {
	return tx.requests(qRequestsInCollective, wholeRow, id)
}

// InsertCollective adds a collective leave.
func (tx *Tx) InsertCollective(c leave.Collective) error {
	_, err := tx.exec(qInsertCollective, c.ID, c.Type, c.From, c.To, c.First.String(), c.Last.String(), c.Reason, c.By, c.At,
		orNull(c.UndoneBy), orZero(c.UndoneAt), c.UndoReason)
	return err
}

// UpdateCollective replaces who took a collective leave back, when and why.
func (tx *Tx) UpdateCollective(c leave.Collective) error {
	return tx.execOne(qUpdateCollective, c.ID, orNull(c.UndoneBy), orZero(c.UndoneAt), c.UndoReason)
}
