// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"verlof/errs"
	"verlof/internal/seal"
)

var (
	errOtherTables = errors.New("the other database has other tables")
	errNotTheSame  = errors.New("what was copied is not the same")
)

// Moved is what was taken to another database.
type Moved struct{ Tables, Rows int }

// MoveTo puts everything that is in db into another database of the same schema, on
// whichever engine, in place of what is there; compares the two, row by row; and shuts db
// for good. Whoever changes db meanwhile waits, and is then followed to the database in
// force, see OnMoved. It ends with the context, and either nothing has changed in db or all
// of it is in the other database, safe on disk. A frozen database is frozen there too.
func (db *DB) MoveTo(ctx context.Context, to *DB) (Moved, error) {
	return db.handOver(ctx, to, (*Tx).copyAll, func(tx *Tx) error { return tx.Shut(ShutMoved) })
}

// HandOver is MoveTo into a database that CopyAll filled: only what is otherwise since then is put there, so that whoever
// changes db waits for two databases being read, and no longer. db is left for the other one, as LeaveFor does it.
func (db *DB) HandOver(ctx context.Context, to *DB, left Left) (Moved, error) {
	return db.handOver(ctx, to, (*Tx).mend, func(tx *Tx) error { return tx.leaveFor(left) })
}

// filling has the tables of a database hold what those of another one do, compares them, and returns how many rows that are.
type filling func(tx, from *Tx, tables []string) (rows int, err error)

func (db *DB) handOver(ctx context.Context, to *DB, how filling, leave func(*Tx) error) (m Moved, err error) {
	err = db.reshape(ctx, func(tx *Tx) error {
		tables, err := tx.hold()
		if err != nil {
			return err
		}
		if err := to.reshape(ctx, func(into *Tx) (err error) {
			m, err = into.fill(tx, tables, how)
			return err
		}); err != nil {
			return fmt.Errorf("fill the other database: %w", err)
		}
		return leave(tx)
	})
	return m, err
}

// leftBehind are the tables of what is good for one database only: who is signed in, tokens,
// what is to be sent.
var leftBehind = []string{"access_answer", "access_token", "ceremony", "client_code", "client_grant", "client_secret", "device", "device_request", "digest", "feed",
	"outbox", "proof_used", "pushed_request", "refresh_token", "service_token", "session", "signing_key", "sso_flow", "tally", "ticket", "upload", "webhook_delivery"}

// CopyInto puts what is in db into another database of the same schema, on whichever engine,
// which has keys of its own: sealed texts are sealed with those. What is good for one
// database only stays behind. The two are compared before that. after is called in the same
// transaction of the other one; nobody waits.
func (db *DB) CopyInto(ctx context.Context, to *DB, after func(*Tx) error) error {
	return db.survey(ctx, func(tx *Tx) error {
		tables, err := tx.Tables()
		if err != nil {
			return err
		}
		return to.reshape(ctx, func(into *Tx) error {
			if _, err := into.fill(tx, tables, (*Tx).copyAll); err != nil {
				return err
			}
			if err := into.Shut(""); err != nil {
				return err
			}
			for _, t := range leftBehind {
				if err := into.define("DELETE FROM " + quote(t)); err != nil {
					return err
				}
			}
			if err := into.sealAs(tx); err != nil {
				return err
			}
			return after(into)
		})
	})
}

// sealAs seals with the keys of this database what another one, of which it is a copy,
// sealed with its own.
func (tx *Tx) sealAs(from *Tx) error {
	k := tx.sealer.keys.Load()
	if k == nil {
		return errNoKeys
	}
	if err := tx.SetMeta(metaSeal, strconv.Itoa(int(k.Newest()))); err != nil {
		return err
	}
	for _, c := range sealedColumns {
		texts, err := tx.sealedTexts(c, func(text string) bool { _, ok := seal.Number(text); return ok })
		if err != nil {
			return err
		}
		for _, t := range texts {
			text, err := from.unseal(c, t.text, t.key...)
			if err == nil {
				_, err = tx.exec(c.replace, t.key[0], t.text, k.Seal(c.at(t.key...), text))
			}
			if err != nil {
				return fmt.Errorf("seal %s.%s anew: %w", c.table, c.column, err)
			}
		}
	}
	return nil
}

// hold makes all others wait who would change something, and returns the tables.
func (tx *Tx) hold() ([]string, error) {
	tables, err := tx.Tables()
	if err != nil || tx.c.d.embedded { // an update is alone there
		return tables, err
	}
	return tables, tx.define("LOCK TABLE " + quoted(tables) + " IN SHARE ROW EXCLUSIVE MODE")
}

// fill has a database hold what another one holds, and be shut as that is.
func (tx *Tx) fill(from *Tx, tables []string, how filling) (m Moved, err error) {
	if err := tx.asFar(from); err != nil {
		return m, err
	}
	have, err := tx.Tables()
	if err == nil && !slices.Equal(have, tables) {
		err = errOtherTables
	}
	if err != nil {
		return m, err
	}
	why, err := from.WhyShut()
	if err == nil {
		err = tx.Shut("")
	}
	if err != nil {
		return m, err
	}
	m.Tables = len(tables)
	if m.Rows, err = how(tx, from, tables); err != nil || why == "" {
		return m, err
	}
	if why == ShutMoved { // an attempt before this one came so far
		why = ""
	}
	return m, tx.Shut(why)
}

// copyAll is a filling: it replaces everything.
func (tx *Tx) copyAll(from *Tx, tables []string) (rows int, err error) {
	bind, err := tx.unbind(tables)
	if err != nil {
		return 0, err
	}
	for _, t := range tables {
		n, err := tx.copyTable(from, t)
		if err != nil {
			return rows, fmt.Errorf("copy table %s: %w", t, err)
		}
		rows += n
	}
	if err := bind(); err != nil {
		return rows, err
	}
	return rows, tx.same(from, tables)
}

// asFar reports Conflict unless two databases have seen the same steps: a newer program may have taken
// one of them further.
func (tx *Tx) asFar(as *Tx) error {
	mine, err := one(tx, qSchemaVersion, value[int64])
	if err != nil {
		return err
	}
	other, err := one(as, qSchemaVersion, value[int64])
	if err == nil && mine != other {
		err = &errs.Error{Kind: errs.Conflict, Public: "store.error.newer", Err: fmt.Errorf("what is to be copied has schema %d, and this program makes %d", other, mine),
			Hint: "do it with the release that wrote the database: verlof migrate --plan says how far each is"}
	}
	return err
}

// unbind empties the tables, and lets rows come in any order until the function that it returns is called, which
// checks that each row refers to what is there.
func (tx *Tx) unbind(tables []string) (bind func() error, err error) {
	defer func() {
		for _, t := range tables {
			if err == nil {
				err = tx.define("DELETE FROM " + quote(t))
			}
		}
	}()
	if tx.c.d.embedded {
		return func() error { return nil }, tx.define(deferBonds)
	}
	bonds, err := list(tx, postgresBonds.text, bondOf)
	for _, b := range bonds {
		if err == nil {
			err = tx.define("ALTER TABLE " + quote(b.table) + " DROP CONSTRAINT " + quote(b.name))
		}
	}
	return func() error {
		for _, b := range bonds {
			if err := tx.define("ALTER TABLE " + quote(b.table) + " ADD CONSTRAINT " + quote(b.name) + " " + b.made); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// deferBonds has SQLite look at foreign keys at the commit.
const deferBonds = "PRAGMA defer_foreign_keys = ON"

// bond is a foreign key: of a table, by its name, to another table, and how it is made.
type bond struct{ table, name, to, made string }

var postgresBonds = control(`SELECT c.relname, k.conname, p.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k
	JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
	WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace ORDER BY c.relname, k.conname`)

func bondOf(v []any) bond {
	return bond{fmt.Sprint(v[0]), fmt.Sprint(v[1]), fmt.Sprint(v[2]), fmt.Sprint(v[3])}
}

// manyRows bounds what one statement inserts, in rows and in values.
const (
	manyRows   = 200
	manyValues = 30000
)

// atOnce is how many rows of these columns one statement inserts.
func atOnce(columns []string) int { return max(1, min(manyRows, manyValues/len(columns))) }

// copyTable inserts what a table of another database holds, and returns how many rows that
// are.
func (tx *Tx) copyTable(from *Tx, table string) (n int, err error) {
	rows, err := from.c.QueryContext(from.c.d.context(from.ctx), "SELECT * FROM "+quote(table))
	if err != nil {
		return 0, from.c.d.wrap(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	most := atOnce(columns)
	var values []any
	for rows.Next() {
		row, err := scanRow(rows, len(columns))
		if err != nil {
			return n, err
		}
		n++
		if values = append(values, row...); len(values) == most*len(columns) {
			if err := tx.insertRows(table, columns, values); err != nil {
				return n, err
			}
			values = values[:0]
		}
	}
	if err := rows.Err(); err != nil || len(values) == 0 {
		return n, err
	}
	return n, tx.insertRows(table, columns, values)
}

// scanRow reads a row of any columns.
func scanRow(rows *sql.Rows, n int) ([]any, error) {
	values, to := make([]any, n), make([]any, n)
	for i := range values {
		to[i] = &values[i]
	}
	return values, rows.Scan(to...)
}

// insertRows inserts rows, whose values stand one after the other.
func (tx *Tx) insertRows(table string, columns []string, values []any) error {
	return tx.putRows(table, columns, values, "")
}

// putRows is insertRows with a clause about rows that are there.
func (tx *Tx) putRows(table string, columns []string, values []any, there string) error {
	var rows []string
	for i := 0; i < len(values); i += len(columns) {
		var row []string
		for j := range columns {
			row = append(row, fmt.Sprintf("$%d", i+j+1))
		}
		rows = append(rows, "("+strings.Join(row, ", ")+")")
	}
	return tx.sendText("copy", "INSERT INTO "+quote(table)+" ("+quoted(columns)+") VALUES "+strings.Join(rows, ", ")+there, values...)
}

// quoted lists names as SQL does.
func quoted(names []string) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = quote(n)
	}
	return strings.Join(list, ", ")
}

// same reports an error unless two databases hold the same rows, sealed columns included.
func (tx *Tx) same(as *Tx, tables []string) error {
	for _, t := range tables {
		mine, err := tx.sumsOf(t)
		if err != nil {
			return err
		}
		other, err := as.sumsOf(t)
		if err != nil {
			return err
		}
		if mine.count != other.count || mine.lacking(other) > 0 {
			return fmt.Errorf("table %s: %w: %d rows of %d", t, errNotTheSame, mine.count, other.count)
		}
	}
	return nil
}
