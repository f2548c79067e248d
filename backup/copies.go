// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Copies are the logs of an installation, with the depot that they share.
type Copies struct {
	Depot     Depot
	Wholes    []Depot              // where a whole of each database is put once a day; what is not the depot gets the records too: see Mirror
	Demand    bool                 // changes are refused while the depot fails
	Held      func(id string) bool // whether nothing of a database may be taken away; nil: of none
	Ended     func(id string) bool // whether a database was destroyed: nothing of it may be put any more; nil: none was
	Retention time.Duration        // how far back every moment can be reached; 0: DefaultRetention
	Now       func() time.Time
	Logger    *slog.Logger

	mu     sync.Mutex
	logs   map[string]*Log
	epoch  Epoch     // of the folder that they carry for; zero: nobody asks
	looked time.Time // when the depot was asked for the newest
	fenced error     // another folder is in force
}

// imageEvery is how old an image may be before a restore is to start from a newer one.
const imageEvery = 24 * time.Hour

// Of returns the log of a database that was just opened. It is the same one each time.
func (c *Copies) Of(id string, db Database, sealer Sealer) *Log {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.logs == nil {
		c.logs = map[string]*Log{}
	}
	l := c.logs[id]
	if l == nil {
		l = &Log{id: id, copies: c, away: Away{began: c.now()}}
		c.logs[id] = l
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.db == nil || l.db.File() != db.File() {
		l.asked, l.clean = false, false
	}
	l.db, l.sealer = db, sealer
	return l
}

// Log returns the log of a database that was opened in this process, or nil.
func (c *Copies) Log(id string) *Log {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.logs[id]
}

// all returns the logs of this process.
func (c *Copies) all() []*Log {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Values(c.logs))
}

// CatchUp puts what waits of the databases whose copy is behind. open opens one that may be
// closed meanwhile, and returns what lets go of it. Standing says how it went.
func (c *Copies) CatchUp(open func(id string) (release func(), err error)) {
	for _, l := range c.all() {
		if l.Status().Behind.IsZero() {
			continue
		}
		if release, err := open(l.id); err == nil {
			_ = l.flush() // its status says how it went
			release()
		}
	}
}

// clearAfter is how old something that was put in part must be before nobody is putting it any more.
const clearAfter = 24 * time.Hour

// Clear takes away at each place what was put in part, a day ago or longer. One place that fails
// does not hold up the others.
func (c *Copies) Clear(ctx context.Context) error {
	var failed []error
	for _, at := range c.Places() {
		failed = append(failed, at.Clear(ctx, "", c.now().Add(-clearAfter)))
	}
	return errors.Join(failed...)
}

// Standing is how the databases of a process stand at the depot.
type Standing struct {
	Behind  int       // databases with changes that are not there
	Since   time.Time // when the first of them has; zero: none
	Problem error     // what the last attempt of one of them came to
	Bytes   int64     // that this process put there
}

// Standing says how they stand now.
func (c *Copies) Standing() (out Standing) {
	for _, l := range c.all() {
		s := l.Status()
		out.Bytes += s.Bytes
		if s.Behind.IsZero() {
			continue
		}
		out.Behind, out.Problem = out.Behind+1, s.Err
		if out.Since.IsZero() || s.Behind.Before(out.Since) {
			out.Since = s.Behind
		}
	}
	return out
}

func (l *Log) flush() error {
	l.mu.Lock()
	db := l.db
	l.mu.Unlock()
	return db.Flush()
}

// Upkeep does what is due for an open database: puts what waits, makes an image where the
// newest one is a day old or now is set, packs what lies before it, and takes away what the
// retention has passed.
func (l *Log) Upkeep(ctx context.Context, now bool) error {
	if err := l.flush(); err != nil {
		return err
	}
	l.mu.Lock()
	var st state
	err := l.locked(func(h *heldState) error { st = h.state; return nil })
	dir := filepath.Dir(l.db.File())
	l.mu.Unlock()
	if err != nil {
		return err
	}
	at := l.copies.now()
	if now || st.Seq != st.ImageOf && at.Sub(st.ImageAt) >= imageEvery {
		if err := l.TakeImage(ctx); err != nil {
			return err
		}
	}
	return tidy(ctx, l.copies.Depot, l.id, dir, l.horizon(at))
}

// horizon returns the first moment that can still be had back.
func (l *Log) horizon(now time.Time) time.Time { return l.copies.horizonOf(l.id, now) }

// horizonOf is horizon for a database by its id.
func (c *Copies) horizonOf(id string, now time.Time) time.Time {
	if c.Held != nil && c.Held(id) {
		return time.Time{}
	}
	return now.Add(-cmp.Or(c.Retention, DefaultRetention))
}

func (c *Copies) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func (c *Copies) log() *slog.Logger {
	if c.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Logger
}
