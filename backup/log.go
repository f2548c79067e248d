// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/internal/seal"
)

// How long a commit waits for the depot, and how long commits go on without asking it
// once it has failed.
const (
	patience = 10 * time.Second
	retry    = 5 * time.Second
)

// Log carries the commits of one database to the depot. Several processes may have one
// for the same database.
type Log struct {
	id     string
	copies *Copies

	mu     sync.Mutex
	db     Database
	sealer Sealer
	asked  bool // the depot was asked for its newest record
	clean  bool // all that this process committed is there
	status Status
	again  time.Time // not before

	mirrored uint64 // the newest record when all was put at the places further away
	away     Away

	bytes atomic.Int64 // put by this process
	cut   atomic.Bool  // the database was given up
}

// Status is how a database's copy stands.
type Status struct {
	Record uint64    // number of the newest record; 0: none was put yet
	At     time.Time // when that was
	Image  time.Time // when the newest image was made
	Behind time.Time // since when commits are not there; zero: all are
	Err    error     // why
	Bytes  int64     // put by this process
}

// Status returns how the copy stands.
func (l *Log) Status() Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.status
	s.Bytes = l.bytes.Load()
	return s
}

// Committed puts what was committed since the last time at the depot, and returns once
// it is safe there. It is called after each commit, before anybody is told of it; alone says
// that nobody wrote to the database meanwhile but the caller. Where the depot fails it
// reports Unavailable if the installation demands the copy; else the commits wait, Status
// says so, and the next call tries again. Where the database's own disk fails it reports
// disk.Gone, and nothing was put.
func (l *Log) Committed(alone bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut.Load() {
		return &disk.Gone{Err: errCut}
	}
	if l.copies.now().Before(l.again) {
		l.clean = false
		return l.refuse()
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return l.settle(l.locked(func(st *heldState) error { return l.carry(ctx, st, alone) }))
}

// settle notes how an attempt ended. The caller holds mu.
func (l *Log) settle(err error) error {
	now := l.copies.now()
	var depot *depotError
	switch fenced := l.copies.Fenced(); {
	case fenced != nil: // whoever is told can do nothing about it here, and may in a while elsewhere
		return &errs.Error{Kind: errs.Unavailable, Err: fenced, Hint: errs.As(fenced).Hint}
	case err != nil && !errors.As(err, &depot) && disk.Broken(err):
		l.clean, l.asked = false, false
		return &disk.Gone{Err: err}
	}
	if err == nil {
		if !l.status.Behind.IsZero() {
			l.copies.log().Info("copies go on", "database", l.id, "after", now.Sub(l.status.Behind).String())
		}
		l.clean, l.again = true, time.Time{}
		l.status.Behind, l.status.Err = time.Time{}, nil
		return nil
	}
	if l.status.Behind.IsZero() {
		l.status.Behind = now
		l.copies.log().Error("changes are not copied", "database", l.id, "depot", l.copies.Depot.String(), "problem", err.Error())
	}
	l.clean, l.asked = false, false
	l.status.Err, l.again = err, now.Add(retry)
	return l.refuse()
}

// refuse returns what the one who changed something is told while the copy is behind.
func (l *Log) refuse() error {
	if !l.copies.Demand {
		return nil
	}
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("copy %s: %w", l.id, cmp.Or(l.status.Err, errBehind)),
		Hint: "see to the depot of --copy; without --copy-demanded changes are accepted while it fails"}
}

var errBehind = errors.New("the depot failed a moment ago")

// locked runs fn with the state, which no other process has meanwhile. The caller holds mu.
func (l *Log) locked(fn func(*heldState) error) error {
	st, err := holdState(l.db.File())
	if err != nil {
		return err
	}
	defer st.release()
	before := st.Seq
	if err := fn(st); err != nil {
		return err
	}
	l.status.Record, l.status.At, l.status.Image = st.Seq, st.At, st.ImageAt
	if err := st.save(); err != nil {
		if l.asked = false; st.Seq == before {
			return err
		} // what was put is put: the depot is asked next time
	}
	return nil
}

// carry puts what the state lacks: changes where the write-ahead log is known to go on from
// there, else an image.
func (l *Log) carry(ctx context.Context, st *heldState, alone bool) error {
	if err := l.ask(ctx, st); err != nil {
		return err
	}
	w, err := openWAL(l.db.File())
	if err != nil {
		return err
	}
	if w != nil {
		defer w.close()
	}
	from, ok := l.goesOn(st, w, alone)
	switch {
	case !ok:
		return l.newImage(ctx, st)
	case w == nil:
		return nil
	}
	s, err := w.scan(from, 0)
	switch {
	case err != nil:
		return err
	case !w.whole(s.end): // it is not the log that the state knows
		return l.newImage(ctx, st)
	case s.dbPages == 0:
		return nil
	}
	return l.putChanges(ctx, st, w, s)
}

// goesOn returns the place in the log after what the state knows. It reports false where
// that cannot be known for certain: there may be commits that nobody saw.
func (l *Log) goesOn(st *heldState, w *walFile, alone bool) (walPos, bool) {
	rested := st.Rest != fileMark{} && st.Rest == markOf(l.db.File())
	switch {
	case st.Seq == 0:
		return walPos{}, false
	case w == nil:
		return walPos{}, rested
	case w.start.Salt == st.Pos.Salt:
		return st.Pos, w.holds(st.Pos)
	}
	return w.start, rested || alone && l.clean
}

// ask makes sure, once for a file, that the state is that of the newest record at the depot:
// a process may have ended after it put one, and a database may have been in use meanwhile
// that another file holds.
func (l *Log) ask(ctx context.Context, st *heldState) error {
	if l.asked && st.Seq != 0 {
		return nil
	}
	if err := l.copies.InForce(ctx); err != nil {
		return err
	}
	r, _, err := readRow(ctx, l.copies.Depot, l.id)
	if err != nil {
		return &depotError{err}
	}
	last, ok := r.last()
	switch {
	case !ok:
		l.beginAnew(ctx, st)
	case last.seq != st.Seq || !last.at.Equal(st.At):
		if err := l.takeUp(ctx, st, r, last); err != nil {
			return err
		}
	}
	l.asked = true
	return nil
}

// beginAnew makes the state one that an image follows: the depot keeps nothing, as one that took another's place. Records go on
// above the numbers of those that any place has: a place further away keeps both, and has the newest state back by its number.
func (l *Log) beginAnew(ctx context.Context, st *heldState) {
	l.clean = false
	st.state = state{Seq: st.Seq, At: st.At}
	ctx, cancel := context.WithTimeout(ctx, patience/4) // the depot is waited for, and no other place
	defer cancel()
	for _, at := range l.copies.Places()[1:] {
		r, _, err := readRow(ctx, at, l.id)
		if last, ok := r.last(); err == nil && ok && last.seq > st.Seq { // one that does not answer holds nobody up
			st.Seq = last.seq
		}
		for _, e := range r {
			if e.at.After(st.At) {
				st.At = e.at
			}
		}
	}
}

// takeUp makes the state that of a record. One that is damaged, or whose key was taken away, is followed by an image.
func (l *Log) takeUp(ctx context.Context, st *heldState, r row, last entry) error {
	st.state = state{Seq: last.seq, At: last.at}
	if img, ok := r.image(last.at); ok {
		st.ImageOf, st.ImageAt = img.seq, img.at
	}
	rec, err := openRecord(ctx, l.copies.Depot, l.sealer(), last.name)
	var d *Damage
	switch {
	case errors.As(err, &d):
		l.copies.log().Error("the newest record is damaged", "database", l.id, "object", d.Object)
		return nil
	case seal.TakenAway(err):
		l.copies.log().Warn("the newest record was sealed with a key that was taken away", "database", l.id, "object", last.name)
		return nil
	case err != nil:
		return &depotError{err}
	}
	st.Self, st.Pos = rec.Self, rec.Pos
	return rec.close()
}

// putChanges puts a record of what a span of the log wrote.
func (l *Log) putChanges(ctx context.Context, st *heldState, w *walFile, s span) error {
	e := newEntry(l.id, changes, st.Seq+1, st.Seq+1, l.next(st))
	h := head{Self: newLink(), Prev: st.Self}
	body, err := changesOf(l.sealer(), e.name, w, s, h)
	if err != nil {
		return err
	}
	if err := l.put(ctx, e.name, bytes.NewReader(body)); err != nil {
		return err
	}
	l.bytes.Add(int64(len(body)))
	st.Seq, st.At, st.Self, st.Pos, st.Rest = e.seq, e.at, h.Self, s.end, fileMark{}
	return nil
}

// put keeps an object at the depot, unless the database was given up.
func (l *Log) put(ctx context.Context, name string, body io.ReadSeeker) error {
	if l.cut.Load() {
		return &disk.Gone{Err: errCut}
	}
	if err := l.copies.Depot.Put(ctx, name, body); err != nil {
		return &depotError{fmt.Errorf("put %s: %w", name, err)}
	}
	return nil
}

// depotError is what the depot answered, or kept from answering: no word of the database's
// own disk.
type depotError struct{ error }

// Unwrap returns it.
func (e *depotError) Unwrap() error { return e.error }

// next returns the time of the next record: now, and later than the one before.
func (l *Log) next(st *heldState) time.Time {
	now := l.copies.now().UTC().Truncate(time.Microsecond)
	if !now.After(st.At) {
		now = st.At.Add(time.Microsecond)
	}
	return now
}

// Rested notes that the database has no connection any more: what was in its log is in the
// file, and as long as that stays so the next changes go on from there.
func (l *Log) Rested() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.clean {
		return
	}
	_ = l.locked(func(st *heldState) error { // failing costs an image
		w, err := openWAL(l.db.File())
		if w != nil {
			return w.close()
		}
		if err == nil && st.Seq == l.status.Record && st.At.Equal(l.status.At) {
			st.Rest = markOf(l.db.File())
		}
		return err
	})
}
