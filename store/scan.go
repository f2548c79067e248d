// SPDX-License-Identifier: Apache-2.0

package store

import (
	"database/sql"
	"encoding"
	"fmt"
	"time"

	"verlof/calendar"
	"verlof/errs"
)

// columns lists where the columns of a row go, in the order of the SELECT.
// It is called once for a query, not once for a row.
type columns[T any] func(*T) []any

// each calls use with every row. use must not run another statement.
func each[T any](tx *Tx, q *statement, to columns[T], use func(*T) error, args ...any) error {
	var row, blank T
	return tx.each(q, args, to(&row), func() error {
		err := use(&row)
		row = blank
		return err
	})
}

// each reads every row into dest and calls use, which sees to it that dest is blank for the next.
func (tx *Tx) each(q *statement, args, dest []any, use func() error) error {
	rows, err := tx.query(q, args)
	if err != nil {
		return err
	}
	defer func() {
		tx.rows = false
		_ = rows.Close() // rows.Err has told what there is to tell
	}()
	for rows.Next() {
		if err := tx.ctx.Err(); err != nil {
			return tx.fail(q, err)
		}
		if err := rows.Scan(dest...); err != nil {
			return tx.fail(q, err)
		}
		if err := use(); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return tx.fail(q, err)
	}
	return nil
}

// all returns every row.
func all[T any](tx *Tx, q *statement, to columns[T], args ...any) ([]T, error) {
	var list []T
	var row, blank T
	err := tx.each(q, args, to(&row), func() error {
		list = append(list, row)
		row = blank
		return nil
	})
	return list, err
}

// one returns the only row. It reports NotFound when there is none.
func one[T any](tx *Tx, q *statement, to columns[T], args ...any) (v T, err error) {
	found, err := tx.only(q, args, to(&v))
	if err == nil && !found {
		err = notFound(q)
	}
	return v, err
}

// maybe returns the only row, if there is one.
func maybe[T any](tx *Tx, q *statement, to columns[T], args ...any) (v T, found bool, err error) {
	found, err = tx.only(q, args, to(&v))
	return v, found, err
}

// only reads the only row into dest, if there is one.
func (tx *Tx) only(q *statement, args, dest []any) (found bool, err error) {
	err = tx.each(q, args, dest, func() error {
		if found {
			return fmt.Errorf("%s: %w", q.name, errs.New(errs.Internal, "").Because(errMany))
		}
		found = true
		return nil
	})
	return found, err
}

// within calls add with each row of a query of two columns, and with what at has under the
// first. What it has not came after at was read, as may be in an update on PostgreSQL, and
// is left out.
func within[T any](tx *Tx, q *statement, at map[string]*T, add func(to *T, id string)) error {
	type pair struct{ of, id string }
	return each(tx, q, func(p *pair) []any { return []any{&p.of, &p.id} }, func(p *pair) error {
		if to := at[p.of]; to != nil {
			add(to, p.id)
		}
		return nil
	})
}

// value is columns for a query with a single one: all(tx, q, value[string]).
func value[T any](v *T) []any { return []any{v} }

// optional reads a column that may be NULL, which leaves *to at its zero value.
func optional[T any](to *T) sql.Scanner { return scanOptional[T]{to} }

type scanOptional[T any] struct{ to *T }

func (s scanOptional[T]) Scan(v any) error {
	var n sql.Null[T]
	err := n.Scan(v)
	*s.to = n.V
	return err
}

// text reads a column into what has a text form: a date, an exact number. NULL
// leaves it at its zero value.
func text(to encoding.TextUnmarshaler) sql.Scanner {
	if d, ok := to.(*calendar.Date); ok {
		return scanDate{d}
	}
	return scanText{to}
}

// scanDate is scanText for dates, of which there are many: it copies nothing.
type scanDate struct{ to *calendar.Date }

func (s scanDate) Scan(v any) (err error) {
	if text, ok := v.(string); ok && text != "" {
		*s.to, err = calendar.Parse(text)
		return err
	}
	return scanText{s.to}.Scan(v)
}

type scanText struct{ to encoding.TextUnmarshaler }

func (s scanText) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return s.to.UnmarshalText([]byte(v))
	case []byte:
		return s.to.UnmarshalText(v)
	}
	return fmt.Errorf("column holds %T, not text", v)
}

// micros reads a column of microseconds since 1970 into a time in UTC. NULL
// leaves it at the zero time.
func micros(to *time.Time) sql.Scanner { return scanMicros{to} }

type scanMicros struct{ to *time.Time }

func (s scanMicros) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case int64:
		*s.to = time.UnixMicro(v).UTC()
		return nil
	}
	return fmt.Errorf("column holds %T, not microseconds", v)
}

// microsOrZero reads such a column that takes no NULL: 0 is the zero time. See zeroed.
func microsOrZero(to *time.Time) sql.Scanner { return scanMicrosOrZero{to} }

type scanMicrosOrZero struct{ to *time.Time }

func (s scanMicrosOrZero) Scan(v any) error {
	if v == int64(0) {
		*s.to = time.Time{}
		return nil
	}
	return scanMicros(s).Scan(v)
}

// zeroed returns a time for a column that takes no NULL.
func zeroed(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// spell reads a column of microseconds into a length of time.
func spell(to *time.Duration) sql.Scanner { return scanSpell{to} }

type scanSpell struct{ to *time.Duration }

func (s scanSpell) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("column holds %T, not microseconds", v)
	}
	*s.to = time.Duration(n) * time.Microsecond
	return nil
}
