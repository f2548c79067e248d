// SPDX-License-Identifier: Apache-2.0

package store

import (
	"verlof/leave"
	"verlof/people"
)

const fixedColumns = "id, person, type, year, amount, reason, made_by, at_us"

var (
	qFixedOf     = query("fixed.of", "SELECT "+fixedColumns+" FROM fixed_entitlement WHERE person = $1 ORDER BY year, id")
	qFixed       = query("fixed.list", "SELECT "+fixedColumns+" FROM fixed_entitlement ORDER BY year, id")
	qDeleteFixed = query("fixed.delete", "DELETE FROM fixed_entitlement WHERE person = $1 AND type = $2 AND year = $3")
	qSaveFixed   = query("fixed.save", "INSERT INTO fixed_entitlement ("+fixedColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (person, type, year) DO UPDATE SET id = excluded.id, amount = excluded.amount, reason = excluded.reason,
		made_by = excluded.made_by, at_us = excluded.at_us`)
)

func fixedColumnsOf(x *leave.FixedEntitlement) []any {
	return []any{&x.ID, &x.Person, &x.Type, &x.Year, text(&x.Amount), &x.Reason, &x.By, &x.At}
}

// Fixed returns the leave years of a person that were fixed by hand.
func (tx *Tx) Fixed(id people.ID) ([]leave.FixedEntitlement, error) {
	return known(tx, factFixed, id, func() ([]leave.FixedEntitlement, error) { return all(tx, qFixedOf, fixedColumnsOf, id) })
}

// AllFixed returns what Fixed does, of everybody.
func (tx *Tx) AllFixed() (map[people.ID][]leave.FixedEntitlement, error) {
	list, err := all(tx, qFixed, fixedColumnsOf)
	out := map[people.ID][]leave.FixedEntitlement{}
	for _, x := range list {
		out[x.Person] = append(out[x.Person], x)
	}
	return out, err
}

// SaveFixed fixes a leave year, in place of what was fixed for it before.
func (tx *Tx) SaveFixed(x leave.FixedEntitlement) error {
	_, err := tx.exec(qSaveFixed, x.ID, x.Person, x.Type, x.Year, x.Amount, x.Reason, x.By, x.At)
	return err
}

// DeleteFixed lets a leave year follow the policy again.
func (tx *Tx) DeleteFixed(id people.ID, typ string, year int) error {
	_, err := tx.exec(qDeleteFixed, id, typ, year)
	return err
}
