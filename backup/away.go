// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"time"
)

// Away is how a database stands at the places further away than the depot.
type Away struct {
	At     time.Time // every change that the depot had then is there too; zero: this process does not know of any
	Behind time.Time // since when changes may wait to be put there; zero: none waits
	Err    error     // what the last attempt came to

	began time.Time // when this process came to know the database
}

// Away returns how the database stands further away; zero where there is no such place.
func (l *Log) Away() Away {
	if len(l.copies.Places()) < 2 {
		return Away{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.away
	if l.status.Record != l.mirrored {
		if a.Behind = a.At; a.At.IsZero() {
			a.Behind = a.began
		}
	}
	return a
}

// tried notes an attempt that began at a time, when the newest record was this.
func (l *Log) tried(at time.Time, newest uint64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away.Err = err; err == nil && newest > 0 {
		l.away.At, l.mirrored = at, newest
	}
}

// StandingAway returns of how many databases changes have waited for longer than a time to be put
// further away, since when the first of them has, and whether the last attempt of one failed.
func (c *Copies) StandingAway(within time.Duration) (late int, since time.Time, failing bool) {
	for _, l := range c.all() {
		a := l.Away()
		failing = failing || a.Err != nil
		if a.Behind.IsZero() {
			continue
		}
		if c.now().Sub(a.Behind) > within {
			late++
		}
		if since.IsZero() || a.Behind.Before(since) {
			since = a.Behind
		}
	}
	return late, since, failing
}

// WaitsAway returns since when changes that are kept at one place wait to be put at another, zero
// where none does.
func (k Kept) WaitsAway(ctx context.Context, to Depot) (since time.Time, err error) {
	near, _, err := readRow(ctx, k.At, k.ID)
	if err != nil {
		return since, err
	}
	far, _, err := readRow(ctx, to, k.ID)
	if err != nil {
		return since, err
	}
	last, _ := far.last()
	for _, e := range near {
		if e.seq > last.seq {
			return e.at, nil
		}
	}
	return since, nil
}

// gone reports whether a database was destroyed, and takes away then what was put of it at a place
// by who did not know yet.
func (c *Copies) gone(ctx context.Context, at Depot, id string) (bool, error) {
	if c.Ended == nil || !c.Ended(id) {
		return false, nil
	}
	_, err := Forget(ctx, at, id)
	return true, err
}

// ForgetEnded takes away at every place what there is of a database that was destroyed, put by a
// process that was at it at that moment. It returns how many objects those were.
func (c *Copies) ForgetEnded(ctx context.Context, id string) (objects int, err error) {
	for _, at := range c.Places() {
		list, err := at.List(ctx, id)
		if err != nil {
			return objects, err
		}
		if len(list) == 0 {
			continue
		}
		f, err := Forget(ctx, at, id)
		if objects += f.Objects; err != nil {
			return objects, err
		}
	}
	return objects, nil
}
