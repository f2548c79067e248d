// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// Mirror puts what the depot keeps of each database of this process at the places further away
// too, as it is sealed, where something was put since the last time: every moment can be had
// back from there as well. One that fails does not hold up the others.
func (c *Copies) Mirror(ctx context.Context) error {
	var failed []error
	for _, l := range c.all() {
		failed = append(failed, l.Mirror(ctx))
	}
	return errors.Join(failed...)
}

// Mirror is Copies.Mirror for one database. It takes away there what the retention has passed,
// and nothing else that the depot has lost.
func (l *Log) Mirror(ctx context.Context) error {
	l.mu.Lock()
	done := l.status.Record == l.mirrored
	if done && l.mirrored > 0 {
		l.away.At = l.copies.now()
	}
	l.mu.Unlock()
	if done {
		return nil
	}
	return l.mirror(ctx)
}

// mirror is Mirror, whether something was put since the last time or not.
func (l *Log) mirror(ctx context.Context) error {
	l.mu.Lock()
	began, newest, dir := l.copies.now(), l.status.Record, filepath.Dir(l.db.File())
	l.mu.Unlock()
	var err error
	for _, to := range l.copies.Places()[1:] {
		if err = l.mirrorAt(ctx, to, dir); err != nil {
			err = fmt.Errorf("put what is kept of %s at %s: %w", l.id, to, err)
			break
		}
	}
	l.tried(began, newest, err)
	return err
}

// mirrorAt puts what a place lacks there, oldest first: cut short, it has an earlier state. Of a
// database that is destroyed meanwhile nothing is left there.
func (l *Log) mirrorAt(ctx context.Context, to Depot, dir string) error {
	if gone, err := l.copies.gone(ctx, to, l.id); gone {
		return err
	}
	kept, _, err := readRow(ctx, l.copies.Depot, l.id)
	if err != nil {
		return err
	}
	there, _, err := readRow(ctx, to, l.id)
	if err != nil {
		return err
	}
	for _, e := range kept {
		if slices.ContainsFunc(there, func(o entry) bool { return o.name == e.name }) {
			continue
		}
		err := putAgain(ctx, l.copies.Depot, to, e.name, dir)
		if gone, failed := l.copies.gone(ctx, to, l.id); gone {
			return failed
		}
		switch {
		case errors.Is(err, ErrNoObject): // it was packed meanwhile: its pack comes next time
		case err != nil:
			return err
		case e.kind == pack:
			if err := to.Delete(ctx, there.packed(e)...); err != nil {
				return err
			}
		}
	}
	return dropOld(ctx, to, there, l.horizon(l.copies.now()))
}

// packed returns the names of the changes that a pack holds.
func (r row) packed(p entry) (names []string) {
	for _, e := range r {
		if e.kind == changes && p.first <= e.seq && e.seq <= p.seq {
			names = append(names, e.name)
		}
	}
	return names
}

// putAgain puts what a depot keeps under a name at another. dir is where it may lie meanwhile,
// as it is sealed.
func putAgain(ctx context.Context, from, to Depot, name, dir string) error {
	body, err := from.Get(ctx, name)
	if err != nil {
		return err
	}
	defer body.Close()
	spool, err := os.CreateTemp(dir, ".mirror-*")
	if err != nil {
		return err
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	if _, err := io.Copy(spool, body); err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return to.Put(ctx, name, spool)
}
