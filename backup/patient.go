// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// patient is a depot whose calls may never return, such as a folder of a network disk whose
// server is gone. Whoever asks waits for a while and goes on without an answer; what was asked
// may be done all the same, later.
type patient struct {
	Depot
	limit time.Duration // for a call; what is put may take longer by its size
	stuck *atomic.Int32 // calls under way that nobody waits for any more
	slots chan struct{} // one token for each call under way
}

const (
	mayRun   = 128     // calls at a time; each holds a thread
	mayStick = 8       // of those, as many as nobody waits for any more: then nobody begins to wait
	slowest  = 1 << 20 // bytes in a second that a depot keeps at least
)

func newPatient(at Depot, limit time.Duration) patient {
	return patient{at, limit, &atomic.Int32{}, make(chan struct{}, mayRun)}
}

var errHangs = errors.New("the depot does not answer")

// within runs a call, and returns without it once the time is over.
func within[T any](ctx context.Context, p patient, limit time.Duration, call func() (T, error)) (T, error) {
	var none T
	if p.stuck.Load() >= mayStick {
		return none, fmt.Errorf("%s: %w", p, errHangs)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return none, fmt.Errorf("%s: %w: %w", p, errHangs, ctx.Err())
	}
	type answer struct {
		v   T
		err error
	}
	done := make(chan answer, 1)
	go func() {
		defer func() { <-p.slots }()
		v, err := call()
		done <- answer{v, err}
	}()
	select {
	case a := <-done:
		return a.v, a.err
	case <-ctx.Done():
	}
	p.stuck.Add(1)
	go func() {
		defer p.stuck.Add(-1)
		<-done
	}()
	return none, fmt.Errorf("%s: %w: %w", p, errHangs, ctx.Err())
}

// Put is part of Depot.
func (p patient) Put(ctx context.Context, name string, body io.ReadSeeker) error {
	size, err := body.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = body.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	_, err = within(ctx, p, p.limit+time.Duration(size/slowest)*time.Second, func() (struct{}, error) {
		return struct{}{}, p.Depot.Put(ctx, name, body)
	})
	return err
}

// Get is part of Depot. What it returns may hang when it is read.
func (p patient) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	return within(ctx, p, p.limit, func() (io.ReadCloser, error) { return p.Depot.Get(ctx, name) })
}

// List is part of Depot.
func (p patient) List(ctx context.Context, below string) ([]Object, error) {
	return within(ctx, p, 3*p.limit, func() ([]Object, error) { return p.Depot.List(ctx, below) })
}

// Delete is part of Depot.
func (p patient) Delete(ctx context.Context, names ...string) error {
	_, err := within(ctx, p, 3*p.limit+time.Duration(len(names))*time.Millisecond, func() (struct{}, error) {
		return struct{}{}, p.Depot.Delete(ctx, names...)
	})
	return err
}

// Clear is part of Depot.
func (p patient) Clear(ctx context.Context, below string, before time.Time) error {
	_, err := within(ctx, p, 3*p.limit, func() (struct{}, error) { return struct{}{}, p.Depot.Clear(ctx, below, before) })
	return err
}
