// SPDX-License-Identifier: Apache-2.0

package store

import (
	"verlof/leave"
	"verlof/people"
)

const noticeColumns = "id, person, type, ends, amount, rest, made_by, at_us, delivered_us, gave_up_us, read_us"

var (
	qNotice    = query("notice.get", "SELECT "+noticeColumns+" FROM notice WHERE id = $1")
	qNoticesOf = query("notice.of", "SELECT "+noticeColumns+" FROM notice WHERE person = $1 ORDER BY at_us, id")
	qNotices   = query("notice.list", "SELECT "+noticeColumns+" FROM notice ORDER BY at_us, id")

	qInsertNotice = query("notice.insert", `INSERT INTO notice (id, person, type, ends, amount, rest, made_by, at_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qMarkRead = query("notice.read", "UPDATE notice SET read_us = $2 WHERE id = $1 AND read_us IS NULL")

	qMarkDelivered = query("notice.delivered", "UPDATE notice SET delivered_us = $2 WHERE id = $1 AND delivered_us IS NULL")
	qMarkGivenUp   = query("notice.undelivered", "UPDATE notice SET gave_up_us = $2 WHERE id = $1 AND gave_up_us IS NULL")
)

func noticeRow(n *leave.Notice) []any {
	return []any{&n.ID, (*string)(&n.Person), &n.Type, text(&n.Ends), text(&n.Amount), (*string)(&n.Rest), (*string)(&n.Proof.By), &n.Proof.At,
		optional(&n.Proof.Delivered), optional(&n.Proof.GaveUp), optional(&n.Proof.Read)}
}

// Notice returns a notice.
func (tx *Tx) Notice(id string) (leave.Notice, error) { return one(tx, qNotice, noticeRow, id) }

// Notices returns the notices to a person, oldest first.
func (tx *Tx) Notices(id people.ID) ([]leave.Notice, error) {
	return known(tx, factNotices, id, func() ([]leave.Notice, error) { return all(tx, qNoticesOf, noticeRow, id) })
}

// AllNotices returns what Notices does, of everybody.
func (tx *Tx) AllNotices() (map[people.ID][]leave.Notice, error) {
	list, err := all(tx, qNotices, noticeRow)
	out := map[people.ID][]leave.Notice{}
	for _, n := range list {
		out[n.Person] = append(out[n.Person], n)
	}
	return out, err
}

// InsertNotice adds a notice that nobody has got yet.
func (tx *Tx) InsertNotice(n leave.Notice) error {
	_, err := tx.exec(qInsertNotice, n.ID, n.Person, n.Type, n.Ends, n.Amount, string(n.Rest), n.Proof.By, n.Proof.At)
	return err
}

// MarkRead notes when a notice was read, unless it was read before.
func (tx *Tx) MarkRead(notice string, at int64) error {
	_, err := tx.exec(qMarkRead, notice, at)
	return err
}

// MarkDelivered notes when the mail of a notice left, unless one left before.
func (tx *Tx) MarkDelivered(notice string, at int64) error {
	_, err := tx.exec(qMarkDelivered, notice, at)
	return err
}

// MarkGivenUp notes when the mail of a notice was given up, unless it was before.
func (tx *Tx) MarkGivenUp(notice string, at int64) error {
	_, err := tx.exec(qMarkGivenUp, notice, at)
	return err
}
