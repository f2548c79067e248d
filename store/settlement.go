// SPDX-License-Identifier: Apache-2.0

package store

import "verlof/leave"

const (
	settlementColumns  = "id, from_date, to_date, people, pieces, corrections, made_by, at_us, undone_by, undone_at_us, undone_why"
	settledLineColumns = "settlement, about, person, type, request, from_date, to_date, days, minutes, was_days, was_minutes"
)

var (
	qSettlements      = query("settlement.list", "SELECT "+settlementColumns+" FROM settlement ORDER BY at_us DESC, id DESC")
	qInsertSettlement = query("settlement.insert", "INSERT INTO settlement ("+settlementColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qUndoSettlement = query("settlement.undo", "UPDATE settlement SET undone_by = $2, undone_at_us = $3, undone_why = $4 WHERE id = $1")

	qSettledLines = query("settlement_line.list", "SELECT "+settledLineColumns+` FROM settlement_line
		WHERE settlement IN (SELECT id FROM settlement WHERE undone_by IS NULL) ORDER BY settlement, position`)
	qLinesOfSettlement = query("settlement_line.of", "SELECT "+settledLineColumns+" FROM settlement_line WHERE settlement = $1 ORDER BY position")
	qInsertSettledLine = query("settlement_line.insert", "INSERT INTO settlement_line ("+settledLineColumns+`, position)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
)

func settlementRow(s *leave.Settlement) []any {
	return []any{&s.ID, text(&s.Period.From), text(&s.Period.To), &s.People, &s.Pieces, &s.Corrections, (*string)(&s.By), &s.At,
		optional(&s.UndoneBy), optional(&s.UndoneAt), &s.UndoReason}
}

func settledLineRow(l *leave.SettledLine) []any {
	return []any{&l.Settlement, &l.About, (*string)(&l.Person), &l.Type, &l.Request, text(&l.In.From), text(&l.In.To),
		text(&l.Days), text(&l.Minutes), text(&l.Was.Days), text(&l.Was.Minutes)}
}

// Settlements returns what payroll settled, latest first, also what was taken back.
func (tx *Tx) Settlements() (leave.Settlements, error) {
	return all(tx, qSettlements, settlementRow)
}

// SettledLines returns the lines of all settlements that stand.
func (tx *Tx) SettledLines() ([]leave.SettledLine, error) {
	return all(tx, qSettledLines, settledLineRow)
}

// LinesOfSettlement returns those of one, as they were inserted.
func (tx *Tx) LinesOfSettlement(id string) ([]leave.SettledLine, error) {
	return all(tx, qLinesOfSettlement, settledLineRow, id)
}

// InsertSettlement adds a settlement with its lines.
func (tx *Tx) InsertSettlement(s leave.Settlement, lines []leave.SettledLine) error {
	_, err := tx.exec(qInsertSettlement, s.ID, s.Period.From, s.Period.To, s.People, s.Pieces, s.Corrections, s.By, s.At,
		orNull(s.UndoneBy), orZero(s.UndoneAt), s.UndoReason)
	for i := range lines {
		if err != nil {
			break
		}
		l := &lines[i]
		_, err = tx.exec(qInsertSettledLine, l.Settlement, l.About, l.Person, l.Type, l.Request, l.In.From, l.In.To, l.Days, l.Minutes,
			l.Was.Days, l.Was.Minutes, i)
	}
	return err
}

// UpdateSettlement replaces who took a settlement back, when and why.
func (tx *Tx) UpdateSettlement(s leave.Settlement) error {
	return tx.execOne(qUndoSettlement, s.ID, orNull(s.UndoneBy), orZero(s.UndoneAt), s.UndoReason)
}
