// SPDX-License-Identifier: Apache-2.0

package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
)

// TableChange says how a table of two databases differs.
type TableChange struct {
	Name       string
	Then, Now  int // rows
	Gone, Come int // rows that only the first has, and only the second; a changed row is both
}

// qTables lists the tables of a SQLite database but those that tools keep.
var qTables = control("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' ORDER BY name")

// Compare says in which tables two SQLite databases of the same schema differ, by name.
func Compare(ctx context.Context, then, now *DB) ([]TableChange, error) {
	before, err := then.rowSums(ctx)
	if err != nil {
		return nil, err
	}
	after, err := now.rowSums(ctx)
	if err != nil {
		return nil, err
	}
	var changes []TableChange
	for _, t := range before {
		c := TableChange{Name: t.name, Then: t.count}
		for _, u := range after {
			if u.name == t.name {
				c.Now, c.Gone, c.Come = u.count, t.lacking(u), u.lacking(t)
			}
		}
		if c.Gone+c.Come > 0 {
			changes = append(changes, c)
		}
	}
	return changes, nil
}

// Digests returns a digest of all rows of each table of a SQLite database, by the name of the
// table: two that are the same hold the same rows.
func (db *DB) Digests(ctx context.Context) (map[string]string, error) {
	all, err := db.rowSums(ctx)
	out := map[string]string{}
	for _, t := range all {
		var sum [16]byte
		for row, count := range t.rows { // in no order, so that the digests are added up
			one := rowSum([]any{row, count})
			for i := range sum {
				sum[i] ^= one[i]
			}
		}
		out[t.name] = fmt.Sprintf("%d %x", t.count, sum)
	}
	return out, err
}

// sums are the rows of a table, each as the digest of what is in it.
type sums struct {
	name  string
	count int
	rows  map[[16]byte]int // how many there are of each
}

// lacking returns how many rows t has more often than u.
func (t sums) lacking(u sums) (n int) {
	for row, count := range t.rows {
		n += max(0, count-u.rows[row])
	}
	return n
}

func (db *DB) rowSums(ctx context.Context) (all []sums, err error) {
	err = db.survey(ctx, func(tx *Tx) error {
		names, err := tx.Tables()
		if err != nil {
			return err
		}
		for _, name := range names {
			t, err := tx.sumsOf(name)
			if err != nil {
				return err
			}
			all = append(all, t)
		}
		return nil
	})
	return all, err
}

// sumsOf returns the rows of a table.
func (tx *Tx) sumsOf(table string) (sums, error) {
	t := sums{name: table, rows: map[[16]byte]int{}}
	rows, err := list(tx, "SELECT * FROM "+quote(table), rowSum)
	for _, row := range rows {
		t.rows[row]++
	}
	t.count = len(rows)
	return t, err
}

// rowSum returns a digest of a row's values.
func rowSum(values []any) [16]byte {
	var b []byte
	for _, v := range values { // each as its kind, how long it is, and it
		switch v := v.(type) {
		case nil:
			b = append(b, 'n')
		case int64:
			b = append(strconv.AppendInt(append(b, 'i'), v, 10), ';')
		case string:
			b = append(append(strconv.AppendInt(append(b, 's'), int64(len(v)), 10), ':'), v...)
		case []byte:
			b = append(append(strconv.AppendInt(append(b, 'b'), int64(len(v)), 10), ':'), v...)
		default:
			text := fmt.Sprintf("%T %v", v, v)
			b = append(append(strconv.AppendInt(append(b, 'v'), int64(len(text)), 10), ':'), text...)
		}
	}
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}

// list returns what of makes of each row that a text yields, whatever its columns are. The
// text is not one of the program's statements: it names tables that a database has.
func list[T any](tx *Tx, text string, of func(values []any) T) (all []T, err error) {
	rows, err := tx.c.QueryContext(tx.c.d.context(tx.ctx), text)
	if err != nil {
		return nil, tx.c.d.wrap(err)
	}
	columns, err := rows.Columns()
	values := make([]any, len(columns))
	targets := make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for err == nil && rows.Next() {
		if err = cmp.Or(tx.ctx.Err(), rows.Scan(targets...)); err == nil {
			all = append(all, of(values))
		}
	}
	return all, cmp.Or(err, rows.Err(), rows.Close())
}
