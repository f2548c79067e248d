// SPDX-License-Identifier: Apache-2.0

package store

import (
	"verlof/calendar"
	"verlof/leave"
	"verlof/people"
)

const digestColumns = "person, cadence, circle, told"

var (
	qDigests    = query("digest.list", "SELECT "+digestColumns+" FROM digest ORDER BY person")
	qDigest     = query("digest.get", "SELECT "+digestColumns+" FROM digest WHERE person = $1")
	qSaveDigest = query("digest.save", "INSERT INTO digest ("+digestColumns+`) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person) DO UPDATE SET cadence = excluded.cadence, circle = excluded.circle`)
	qTellDigest   = query("digest.tell", "UPDATE digest SET told = $2 WHERE person = $1 AND told < $2")
	qDeleteDigest = query("digest.delete", "DELETE FROM digest WHERE person = $1")
)

func digestRow(d *leave.Digest) []any { return []any{&d.Person, &d.Every, &d.Of, text(&d.Told)} }

// Digests returns who wants which digest, by id.
func (tx *Tx) Digests() ([]leave.Digest, error) { return all(tx, qDigests, digestRow) }

// Digest returns the one that a person wants. It reports NotFound.
func (tx *Tx) Digest(id people.ID) (leave.Digest, error) { return one(tx, qDigest, digestRow, id) }

// SaveDigest adds a person's digest, or changes all but Told of the one that is there.
func (tx *Tx) SaveDigest(d leave.Digest) error {
	_, err := tx.exec(qSaveDigest, d.Person, string(d.Every), string(d.Of), d.Told)
	return err
}

// TellDigest sets until when a person was told, and reports false where that is no later.
func (tx *Tx) TellDigest(id people.ID, day calendar.Date) (bool, error) {
	n, err := tx.exec(qTellDigest, id, day)
	return n > 0, err
}

// DeleteDigest has a person told no more.
func (tx *Tx) DeleteDigest(id people.ID) error {
	_, err := tx.exec(qDeleteDigest, id)
	return err
}
