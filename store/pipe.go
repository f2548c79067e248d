// SPDX-License-Identifier: Apache-2.0

package store

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// mostWaiting is how many statements wait, so that a commit is not held up by what an
// import wrote.
const mostWaiting = 64

// pipe is a connection to PostgreSQL on which statements can wait: they are sent with the
// next one that is run, in its round trip and before it. The server runs them one after
// the other, each as it would have been run by itself, and none after one that failed.
//
// A query can wait too. Its answer is kept until it is asked for or something changes.
type pipe struct {
	*stdlib.Conn
	waiting []waiting
	answers []answer
}

// waiting is a statement that is not sent yet.
type waiting struct {
	*statement
	args []any
	asks bool // it is a query
}

// answer is what a query that waited came to.
type answer struct {
	waiting
	columns []string
	rows    [][]driver.Value
}

// early is why a statement that waited failed: what was sent after it was not run.
type early struct {
	name string
	err  error
}

func (e *early) Error() string { return e.name + ": " + e.err.Error() }
func (e *early) Unwrap() error { return e.err }

// pipes connects with pipes in place of the driver's own connections.
type pipes struct{ driver.Connector }

func (p pipes) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &pipe{Conn: c.(*stdlib.Conn)}, nil
}

// wait has a statement sent with the next one.
func (p *pipe) wait(q *statement, args []any) {
	p.waiting, p.answers = append(p.waiting, waiting{q, args, false}), nil
}

// foresee has a query sent with the next statement, unless its answer is there: it will be asked for. Its
// arguments are such as can be compared.
func (p *pipe) foresee(q *statement, args []any) {
	if slices.ContainsFunc(p.answers, func(a answer) bool { return a.statement == q && slices.Equal(a.args, args) }) {
		return
	}
	p.waiting = append(p.waiting, waiting{q, args, true})
}

// forget drops what was not sent, and reports whether no transaction was begun.
func (p *pipe) forget() bool {
	p.waiting, p.answers = nil, nil
	return p.Conn.Conn().PgConn().TxStatus() == 'I'
}

// closed reports whether the connection is gone.
func (p *pipe) closed() bool { return p.Conn.Conn().IsClosed() }

// ExecContext runs a statement after those that wait.
func (p *pipe) ExecContext(ctx context.Context, text string, named []driver.NamedValue) (driver.Result, error) {
	p.answers = nil
	if len(p.waiting) == 0 {
		return p.Conn.ExecContext(ctx, text, named)
	}
	b, err := p.send(ctx, text, values(named))
	if err != nil {
		return nil, err
	}
	tag, err := b.Exec()
	if err := cmp.Or(err, b.Close()); err != nil {
		return nil, err
	}
	return driver.RowsAffected(tag.RowsAffected()), nil
}

// QueryContext runs a query after those that wait, or returns the answer that is there.
func (p *pipe) QueryContext(ctx context.Context, text string, named []driver.NamedValue) (driver.Rows, error) {
	args := values(named)
	same := func(w waiting) bool { return w.asks && w.text == text && slices.Equal(w.args, args) }
	if slices.ContainsFunc(p.waiting, same) {
		if err := p.flush(ctx); err != nil {
			return nil, err
		}
	}
	if i := slices.IndexFunc(p.answers, func(a answer) bool { return same(a.waiting) }); i >= 0 {
		a := p.answers[i]
		p.answers = slices.Delete(p.answers, i, i+1)
		return &a, nil
	}
	if len(p.waiting) == 0 {
		return p.Conn.QueryContext(ctx, text, named)
	}
	b, err := p.send(ctx, text, args)
	if err != nil {
		return nil, err
	}
	rows, err := b.Query()
	if err != nil {
		return nil, cmp.Or(err, b.Close())
	}
	return &pipeRows{Rows: rows, batch: b, types: p.Conn.Conn().TypeMap()}, nil
}

// PrepareContext prepares a statement after those that wait were run: one that is prepared
// does not come by here when it is run.
func (p *pipe) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	if err := p.flush(ctx); err != nil {
		return nil, err
	}
	return p.Conn.PrepareContext(ctx, text)
}

// flush sends what waits.
func (p *pipe) flush(ctx context.Context) error {
	if len(p.waiting) == 0 {
		return nil
	}
	b, err := p.send(ctx, "")
	if err != nil {
		return err
	}
	return b.Close()
}

// send sends what waits, and after it a statement unless its text is empty. It reads the
// results of what waited; those of the statement are the caller's to read, who closes them.
func (p *pipe) send(ctx context.Context, text string, args ...[]any) (pgx.BatchResults, error) {
	if p.closed() {
		return nil, driver.ErrBadConn
	}
	b := &pgx.Batch{}
	for _, w := range p.waiting {
		b.Queue(w.text, w.args...)
	}
	if text != "" {
		b.Queue(text, slices.Concat(args...)...)
	}
	sent := p.waiting
	p.waiting = nil
	results := p.Conn.Conn().SendBatch(ctx, b)
	for _, w := range sent {
		if err := p.receive(w, results); err != nil {
			_ = results.Close() // it fails as this did
			return nil, &early{w.name, err}
		}
	}
	return results, nil
}

// receive reads the result of a statement that waited.
func (p *pipe) receive(w waiting, results pgx.BatchResults) error {
	if !w.asks {
		_, err := results.Exec()
		return err
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	from := pipeRows{Rows: rows, types: p.Conn.Conn().TypeMap()}
	a := answer{waiting: w, columns: from.Columns()}
	for {
		row := make([]driver.Value, len(a.columns))
		err := from.Next(row)
		if errors.Is(err, io.EOF) {
			p.answers = append(p.answers, a)
			return nil
		}
		if err != nil {
			rows.Close()
			return err
		}
		a.rows = append(a.rows, row)
	}
}

func values(named []driver.NamedValue) []any {
	out := make([]any, len(named))
	for i, n := range named {
		out[i] = n.Value
	}
	return out
}

// pipeRows are rows that are read from the server, as database/sql reads them.
type pipeRows struct {
	pgx.Rows
	batch pgx.BatchResults
	types *pgtype.Map
}

// Columns returns the names of the columns.
func (r *pipeRows) Columns() []string {
	var out []string
	for _, f := range r.FieldDescriptions() {
		out = append(out, f.Name)
	}
	return out
}

// Close ends the reading.
func (r *pipeRows) Close() error {
	r.Rows.Close()
	return r.batch.Close()
}

// Next reads the next row, or returns io.EOF.
func (r *pipeRows) Next(to []driver.Value) (err error) {
	if !r.Rows.Next() {
		if err := r.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	for i, raw := range r.RawValues() {
		f := r.FieldDescriptions()[i]
		t, known := r.types.TypeForOID(f.DataTypeOID)
		if !known {
			return fmt.Errorf("column %s is of a type that is not known here", f.Name)
		}
		if to[i], err = t.Codec.DecodeDatabaseSQLValue(r.types, f.DataTypeOID, f.Format, raw); err != nil {
			return fmt.Errorf("column %s: %w", f.Name, err)
		}
	}
	return nil
}

// Columns returns the names of the columns.
func (a *answer) Columns() []string { return a.columns }

// Close does nothing: all was read.
func (a *answer) Close() error { return nil }

// Next returns the next row, or io.EOF.
func (a *answer) Next(to []driver.Value) error {
	if len(a.rows) == 0 {
		return io.EOF
	}
	copy(to, a.rows[0])
	a.rows = a.rows[1:]
	return nil
}
