// SPDX-License-Identifier: Apache-2.0

package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// conn is one open connection with the statements prepared on it.
type conn struct {
	*sql.Conn
	d        *dialect
	pipe     *pipe       // the same connection; PostgreSQL only
	prepared []*sql.Stmt // by statement.id; only where preparing is ours to do
	broken   bool        // its state is unknown: close it
	version  int64       // SQLite's count of commits by others, after the last commit of this one
	kept     *kept       // what was read before and is so still; only of the one that writes to a file
}

// prepare returns q prepared on this connection. On SQLite that halves the time
// of a short query; pgx does the same by itself.
func (c *conn) prepare(ctx context.Context, q *statement) (*sql.Stmt, error) {
	if c.prepared == nil {
		c.prepared = make([]*sql.Stmt, statements)
	}
	if s := c.prepared[q.id]; s != nil {
		return s, nil
	}
	s, err := c.PrepareContext(ctx, q.text)
	c.prepared[q.id] = s
	return s, err
}

func (c *conn) exec(ctx context.Context, q *statement, args ...any) (sql.Result, error) {
	if !c.d.embedded {
		return c.ExecContext(ctx, q.text, args...)
	}
	s, err := c.prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (c *conn) query(ctx context.Context, q *statement, args ...any) (*sql.Rows, error) {
	if !c.d.embedded {
		return c.QueryContext(ctx, q.text, args...)
	}
	s, err := c.prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// end commits or rolls back. It does not stop when the caller's context does:
// a commit half sent would leave its fate unknown.
func (c *conn) end(q *statement) error {
	ctx, cancel := context.Background(), func() {}
	if !c.d.embedded {
		ctx, cancel = context.WithTimeout(ctx, time.Minute)
	}
	defer cancel()
	_, err := c.exec(ctx, q)
	if before := new(early); errors.As(err, &before) && !c.pipe.closed() {
		return c.d.wrap(err) // q was not run
	}
	if err != nil {
		c.broken = true
		return fmt.Errorf("%s: %w", q.name, c.d.wrap(err))
	}
	return nil
}

// undo rolls back what was begun, if anything was.
func (c *conn) undo() {
	if c.pipe != nil && c.pipe.closed() {
		c.broken = true
		return
	}
	if c.pipe != nil && c.pipe.forget() {
		return
	}
	_ = c.end(c.d.rollback) // a connection that cannot is closed by put
}

// pool is a bounded set of connections that play one role. It opens them when
// they are needed and keeps them until closeAll; empty, it costs a few hundred
// bytes, which is why it stands where a *sql.DB (a goroutine each) would.
type pool struct {
	d       *dialect
	address string
	as      role
	slots   chan struct{} // one token for each connection in use
	quota   *quota        // of all databases on the server; may be nil

	mu   sync.Mutex
	db   *sql.DB // nil when no connection is open
	free []*conn
	open int
}

func newPool(d *dialect, address string, as role, size int) *pool {
	return &pool{d: d, address: address, as: as, slots: make(chan struct{}, size)}
}

// begin takes a connection, waiting for one if need be, and starts a
// transaction on it with q: on PostgreSQL with the first statement that is
// sent. fresh says that the connection was opened just now.
func (p *pool) begin(ctx context.Context, q *statement) (c *conn, fresh bool, err error) {
	c, fresh, err = p.get(ctx)
	if err != nil {
		return nil, false, err
	}
	if c.pipe != nil {
		c.pipe.wait(q, nil)
		return c, fresh, nil
	}
	if _, err = c.exec(p.d.context(ctx), q); err == nil {
		return c, fresh, nil
	}
	c.broken = p.d.lost(err) || ctx.Err() != nil
	p.put(c)
	return nil, false, cmp.Or(ctx.Err(), fmt.Errorf("%s: %w", q.name, p.d.wrap(err)))
}

// get takes a connection; fresh says that it was opened just now.
func (p *pool) get(ctx context.Context) (c *conn, fresh bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	p.mu.Lock()
	if n := len(p.free); n > 0 {
		c, p.free = p.free[n-1], p.free[:n-1]
	}
	p.mu.Unlock()
	if c != nil {
		return c, false, nil
	}
	if c, err = p.dial(ctx); err != nil {
		<-p.slots
		return nil, false, fmt.Errorf("open %s database: %w", p.d.name, p.d.wrap(err))
	}
	return c, true, nil
}

// put gives a connection back.
func (p *pool) put(c *conn) {
	p.mu.Lock()
	if c.broken {
		p.open--
	} else {
		p.free = append(p.free, c)
	}
	p.mu.Unlock()
	if c.broken {
		_ = c.close() // it is gone either way
		p.quota.give(1)
	}
	<-p.slots
	if p.quota.wanted() {
		p.closeIdle()
	}
}

// closeIdle closes the connection that has been idle for the longest time, and
// reports whether there was one.
func (p *pool) closeIdle() bool {
	p.mu.Lock()
	if len(p.free) == 0 {
		p.mu.Unlock()
		return false
	}
	c := p.free[0]
	p.free = slices.Delete(p.free, 0, 1)
	p.open--
	p.mu.Unlock()
	_ = c.close() // it held no work
	p.quota.give(1)
	return true
}

// dial opens a connection once the quota lets it.
func (p *pool) dial(ctx context.Context) (*conn, error) {
	if err := p.quota.take(ctx); err != nil {
		return nil, err
	}
	c, err := p.connect(ctx)
	if err != nil {
		p.quota.give(1)
		return nil, err
	}
	p.quota.opened(p)
	return c, nil
}

func (p *pool) connect(ctx context.Context) (*conn, error) {
	p.mu.Lock()
	if p.db == nil {
		connector, err := p.d.connector(p.address, p.as)
		if err != nil {
			p.mu.Unlock()
			return nil, err
		}
		p.db = sql.OpenDB(connector)
		p.db.SetMaxIdleConns(-1) // closed means closed
	}
	db := p.db
	p.mu.Unlock()
	sc, err := db.Conn(p.d.context(ctx))
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: sc, d: p.d}
	err = sc.Raw(func(under any) error {
		c.pipe, _ = under.(*pipe)
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	if err := p.d.selfTest(ctx, c); err != nil {
		return nil, errors.Join(err, c.close())
	}
	p.mu.Lock()
	p.open++
	p.mu.Unlock()
	return c, nil
}

// close closes the connection, its statements first: database/sql does not keep
// count of statements that belong to one connection, and SQLite keeps a
// connection open, locks and all, while a statement is.
func (c *conn) close() error {
	var failed []error
	for _, s := range c.prepared {
		if s != nil {
			failed = append(failed, s.Close())
		}
	}
	c.prepared = nil
	c.kept.clear()
	return errors.Join(append(failed, c.Close())...)
}

// size returns how many connections are open.
func (p *pool) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

// closeAll closes every connection. None may be in use but one that hangs.
func (p *pool) closeAll() error {
	p.mu.Lock()
	db, free := p.db, p.free
	p.db, p.free = nil, nil
	p.mu.Unlock()
	if db == nil {
		return nil
	}
	var failed []error
	for _, c := range free {
		failed = append(failed, c.close())
	}
	failed = append(failed, db.Close())
	p.mu.Lock()
	p.open -= len(free)
	p.mu.Unlock()
	p.quota.give(len(free))
	p.quota.closed(p)
	return errors.Join(failed...)
}
