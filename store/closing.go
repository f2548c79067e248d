// SPDX-License-Identifier: Apache-2.0

package store

import (
	"verlof/calendar"
	"verlof/errs"
	"verlof/leave"
	"verlof/people"
)

const (
	closingHead = "id, act, person, type, year_from, year_to, balance, made_by, at_us"
	actColumns  = "id, kind, year_from, year_to, package, person, reason, people, accounts, made_by, at_us"
)

var (
	qClosingsOf = query("closing.of", "SELECT "+closingHead+", kept FROM closing WHERE person = $1 AND reopened = '' ORDER BY year_to, id")
	qClosings   = query("closing.list", "SELECT "+closingHead+`, CASE WHEN year_to >= $1 THEN kept ELSE '' END FROM closing
		WHERE reopened = '' ORDER BY year_to, id`)
	qInsertClosing = query("closing.insert", "INSERT INTO closing ("+closingHead+", kept) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
	qReopenClosing = query("closing.reopen", "UPDATE closing SET reopened = $1 WHERE id = $2 AND reopened = ''")

	qClosingActs      = query("closing_act.list", "SELECT "+actColumns+" FROM closing_act ORDER BY at_us DESC, id DESC")
	qInsertClosingAct = query("closing_act.insert", "INSERT INTO closing_act ("+actColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
)

// closingRow is a closing as a row holds it.
type closingRow struct {
	leave.Closing
	kept string
}

func closingColumns(c *closingRow) []any {
	return []any{&c.ID, &c.Act, &c.Person, &c.Type, text(&c.Year.From), text(&c.Year.To), text(&c.Balance), &c.By, &c.At, &c.kept}
}

// closings adds up what a query of closings finds.
func (tx *Tx) closings(q *statement, add func(leave.Closing), args ...any) error {
	return each(tx, q, closingColumns, func(row *closingRow) error {
		c := row.Closing
		if row.kept != "" {
			var err error
			if c.Kept, err = leave.ParseKept(row.kept); err != nil {
				return tx.fail(q, errs.New(errs.Internal, "").Because(err))
			}
		}
		add(c)
		return nil
	}, args...)
}

// Closings returns the closed leave years of a person with all that they keep.
func (tx *Tx) Closings(id people.ID) ([]leave.Closing, error) {
	var out []leave.Closing
	err := tx.closings(qClosingsOf, func(c leave.Closing) { out = append(out, c) }, id)
	return out, err
}

// AllClosings returns those of everybody. What they keep is read only of those that
// end on since or later.
func (tx *Tx) AllClosings(since calendar.Date) (map[people.ID][]leave.Closing, error) {
	out := map[people.ID][]leave.Closing{}
	err := tx.closings(qClosings, func(c leave.Closing) { out[c.Person] = append(out[c.Person], c) }, since.String())
	return out, err
}

// InsertClosing closes a leave year.
func (tx *Tx) InsertClosing(c leave.Closing) error {
	kept, err := c.Kept.Text()
	if err != nil {
		return tx.fail(qInsertClosing, errs.New(errs.Internal, "").Because(err))
	}
	_, err = tx.exec(qInsertClosing, c.ID, c.Act, c.Person, c.Type, c.Year.From, c.Year.To, c.Balance, c.By, c.At, kept)
	return err
}

// ReopenClosing opens a closed leave year again, by an act. It reports NotFound where
// it is not closed.
func (tx *Tx) ReopenClosing(id, act string) error { return tx.execOne(qReopenClosing, act, id) }

func closingActColumns(a *leave.ClosingAct) []any {
	return []any{&a.ID, (*string)(&a.Kind), text(&a.Year.From), text(&a.Year.To), &a.Package, (*string)(&a.Person), &a.Reason, &a.People, &a.Accounts, &a.By, &a.At}
}

// ClosingActs returns who closed and opened which leave years, latest first.
func (tx *Tx) ClosingActs() ([]leave.ClosingAct, error) {
	return all(tx, qClosingActs, closingActColumns)
}

// InsertClosingAct adds one.
func (tx *Tx) InsertClosingAct(a leave.ClosingAct) error {
	_, err := tx.exec(qInsertClosingAct, a.ID, a.Kind, a.Year.From, a.Year.To, a.Package, a.Person, a.Reason, a.People, a.Accounts, a.By, a.At)
	return err
}
