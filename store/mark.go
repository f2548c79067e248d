// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"

	"verlof/internal/seal"
)

// ErrForeign says that a database is not that of the customer whose keys there are: it is
// another's, or was sealed with other keys.
var ErrForeign = errors.New("the database is another customer's, or was sealed with other keys")

// MarkStep is the step of the migration from which on every database has a mark.
const MarkStep = 29

// mark proves whose a database is: who has not the customer's keys cannot make one, and
// one of another customer does not open.
var mark = sealed("seal_mark", "mark", "id")

var (
	qMark     = query("seal_mark.get", "SELECT mark FROM seal_mark WHERE id = $1")
	qDropMark = query("seal_mark.delete", "DELETE FROM seal_mark")
	qSetMark  = query("seal_mark.insert", "INSERT INTO seal_mark (id, mark) VALUES ($1, $2)")
)

// SetMark makes the database that of a customer, whose keys seal the mark.
func (tx *Tx) SetMark(customer string) error {
	text, err := tx.seal(mark, customer, customer)
	if err == nil {
		_, err = tx.exec(qDropMark)
	}
	if err == nil {
		_, err = tx.exec(qSetMark, customer, text)
	}
	return err
}

// CheckMark reports ErrForeign unless the database is marked as that of a customer.
func (tx *Tx) CheckMark(customer string) error {
	text, there, err := maybe(tx, qMark, value[string], customer)
	if err != nil {
		return err
	}
	if opened, err := tx.unseal(mark, text, customer); !there || err != nil || opened != customer {
		return fmt.Errorf("%w: its mark does not open", ErrForeign)
	}
	return nil
}

// CheckSealed opens everything that is sealed in the database, and reports ErrForeign where
// something does not open. What was never sealed is passed over.
func (db *DB) CheckSealed(ctx context.Context) error {
	return db.View(ctx, func(tx *Tx) error {
		for _, c := range sealedColumns {
			if err := tx.checkColumn(c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (tx *Tx) checkColumn(c *sealedColumn) error {
	texts, err := tx.sealedTexts(c, func(text string) bool { _, ok := seal.Number(text); return ok })
	for _, t := range texts {
		if _, err := tx.unseal(c, t.text, t.key...); err != nil {
			return fmt.Errorf("%w: %w", ErrForeign, err)
		}
	}
	return err
}
