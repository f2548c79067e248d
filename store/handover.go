// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A database that people use is handed over in two acts. CopyAll fills the other one while they change what they like, and
// Follow puts what they changed meanwhile there. HandOver has them wait, puts the rest there, compares, and shuts the one
// that they used. So how long they wait depends on how long two databases take to be read, and not on how long one takes to
// be made.

// Follow puts what is otherwise in another database of the same schema there, on whichever engine: CopyAll filled it before, and
// nobody uses it. The two are compared, row by row; nobody waits.
func (db *DB) Follow(ctx context.Context, to *DB) error { return db.copyTo(ctx, to, (*Tx).mend) }

// rest is what is otherwise in a table than in that of another database.
type rest struct {
	shape
	gone [][]any // the keys of rows that are not there any more
	come []any   // values of rows that are new or changed, one after the other
}

// shape is a table with its columns, in order, and those of its primary key.
type shape struct {
	table        string
	columns, key []string
}

var errNoKey = errors.New("a table without a primary key")

// mend is a filling: it replaces the rows that are otherwise.
func (tx *Tx) mend(from *Tx, tables []string) (rows int, err error) {
	shapes, err := tx.shapes()
	if err != nil {
		return 0, err
	}
	var rests []rest
	var names []string
	for _, t := range tables {
		n, r, err := tx.restOf(from, shapes[t])
		if err != nil {
			return rows, fmt.Errorf("compare table %s: %w", t, err)
		}
		if rows += n; r != nil {
			rests, names = append(rests, *r), append(names, t)
		}
	}
	if rests == nil {
		return rows, nil
	}
	bind, err := tx.loosen(names)
	if err != nil {
		return rows, err
	}
	for _, r := range rests { // of all, before any come: what a row takes along with it may be among those
		if err := tx.remove(r); err != nil {
			return rows, err
		}
	}
	for _, r := range rests {
		if err := tx.put(r); err != nil {
			return rows, err
		}
	}
	if err := bind(); err != nil {
		return rows, err
	}
	return rows, tx.same(from, names)
}

// shapes returns the tables of a database, by name.
func (tx *Tx) shapes() (map[string]shape, error) {
	type column struct {
		table, name string
		key         bool
	}
	all, err := list(tx, tx.c.d.keys.text, func(v []any) column {
		return column{fmt.Sprint(v[0]), fmt.Sprint(v[1]), fmt.Sprint(v[2]) != "0"}
	})
	shapes := map[string]shape{}
	for _, c := range all {
		s := shapes[c.table]
		s.table, s.columns = c.table, append(s.columns, c.name)
		if c.key {
			s.key = append(s.key, c.name)
		}
		shapes[c.table] = s
	}
	return shapes, err
}

// restOf returns how many rows a table of another database has, and what is otherwise here; nil where nothing is.
func (tx *Tx) restOf(from *Tx, s shape) (n int, r *rest, err error) {
	if s.key == nil {
		return 0, nil, errNoKey
	}
	if err := tx.ctx.Err(); err != nil {
		return 0, nil, err
	}
	theirs, err := from.sumsOf(s.table)
	if err != nil {
		return 0, nil, err
	}
	mine, err := tx.sumsOf(s.table)
	if err != nil || mine.count == theirs.count && mine.lacking(theirs) == 0 {
		return theirs.count, nil, err
	}
	come, err := from.rowsBeside(s, mine)
	if err != nil {
		return 0, nil, err
	}
	left, err := tx.rowsBeside(s, theirs)
	r = &rest{shape: s}
	changed := map[string]bool{}
	for _, row := range come {
		r.come = append(r.come, row...)
		changed[fmt.Sprintf("%q", s.keyOf(row))] = true
	}
	for _, row := range left {
		if key := s.keyOf(row); !changed[fmt.Sprintf("%q", key)] {
			r.gone = append(r.gone, key)
		}
	}
	return theirs.count, r, err
}

// rowsBeside returns the rows of a table that are not among those of another one.
func (tx *Tx) rowsBeside(s shape, other sums) (rows [][]any, err error) {
	_, err = list(tx, "SELECT "+quoted(s.columns)+" FROM "+quote(s.table), func(v []any) struct{} {
		if other.rows[rowSum(v)] == 0 {
			rows = append(rows, slices.Clone(v))
		}
		return struct{}{}
	})
	return rows, err
}

// keyOf returns the primary key of a row.
func (s shape) keyOf(row []any) (key []any) {
	for i, c := range s.columns {
		if slices.Contains(s.key, c) {
			key = append(key, row[i])
		}
	}
	return key
}

// remove takes the rows away that are gone.
func (tx *Tx) remove(r rest) error {
	var same []string
	for i, c := range r.key {
		same = append(same, fmt.Sprintf("%s = $%d", quote(c), i+1))
	}
	for _, key := range r.gone {
		if err := tx.sendText("copy", "DELETE FROM "+quote(r.table)+" WHERE "+strings.Join(same, " AND "), key...); err != nil {
			return err
		}
	}
	return nil
}

// put inserts the rows that are new, and changes those that were changed.
func (tx *Tx) put(r rest) error {
	var set []string
	for _, c := range r.columns {
		if !slices.Contains(r.key, c) {
			set = append(set, quote(c)+" = excluded."+quote(c))
		}
	}
	there := " ON CONFLICT (" + quoted(r.key) + ") DO NOTHING"
	if set != nil {
		there = " ON CONFLICT (" + quoted(r.key) + ") DO UPDATE SET " + strings.Join(set, ", ")
	}
	for values := range slices.Chunk(r.come, atOnce(r.columns)*len(r.columns)) {
		if err := tx.putRows(r.table, r.columns, values, there); err != nil {
			return err
		}
	}
	return nil
}

// loosen lets rows of these tables change in any order until the function that it returns is called, which
// checks that each of them refers to what is there.
func (tx *Tx) loosen(tables []string) (bind func() error, err error) {
	if tx.c.d.embedded {
		return func() error { return nil }, tx.define(deferBonds)
	}
	bonds, err := list(tx, postgresBonds.text, bondOf)
	bonds = slices.DeleteFunc(bonds, func(b bond) bool { return !slices.Contains(tables, b.table) && !slices.Contains(tables, b.to) })
	each := func(how string) error {
		for _, b := range bonds {
			if err := tx.define("ALTER TABLE " + quote(b.table) + " ALTER CONSTRAINT " + quote(b.name) + how); err != nil {
				return err
			}
		}
		return nil
	}
	if err == nil {
		err = each(" DEFERRABLE INITIALLY DEFERRED")
	}
	return func() error {
		if err := tx.define("SET CONSTRAINTS ALL IMMEDIATE"); err != nil {
			return err
		}
		return each(" NOT DEFERRABLE")
	}, err
}

// What the primary keys are, engine by engine: table, column, and 0 where that is not part of it.
var (
	sqliteKeys = control(`SELECT m.name, c.name, c.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' ORDER BY m.name, c.cid`)
	postgresKeys = control(`SELECT c.relname, a.attname, CASE WHEN a.attnum = ANY (k.conkey) THEN 1 ELSE 0 END
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
		WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT LIKE 'goose_%' ORDER BY c.relname, a.attnum`)
)
