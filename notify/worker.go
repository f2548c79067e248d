// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"cmp"
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"verlof/errs"
)

// Worker drains the outboxes of customers: when it is told that there is
// something (Kick), and again when a failed mail is due. It polls nobody, so
// whoever opens a customer's database for the first time kicks once for what an
// earlier process left behind.
type Worker struct {
	Mailer *Mailer
	// Open runs f with one customer's outbox and directory, valid until it returns.
	// It reports errs.NotFound for a customer who is no longer there.
	Open func(ctx context.Context, tenant string, f func(Queue, Directory) error) error
	// Do, where it is set, takes the place of Mailer and Open: it does what there is to do
	// for a key that was kicked, and says in Report.Next when there will be more.
	Do func(ctx context.Context, key string) (Report, error)
	// After is told what became of each drain, for the log and for metrics; it may
	// be nil and is called by several goroutines.
	After func(tenant string, r Report, err error)
	// Parallel is how many customers are drained at a time; 4 where it is zero.
	Parallel int

	mu      sync.Mutex
	ready   []string        // customers to drain, in order
	state   map[string]*job // those that are ready, being drained or wait for a timer
	wake    chan struct{}   // holds one token while ready may have grown
	stopped bool
}

// job is one customer's place in the worker.
type job struct {
	ready   bool
	running bool
	again   bool        // kicked while running
	timer   *time.Timer // nil where nothing waits to be tried again
}

// reopen is how long a customer whose outbox failed is left alone.
const reopen = time.Minute

// Kick says that a customer's outbox holds something. It returns at once; many
// kicks make one drain. Before Run it is remembered, after Run it does nothing.
func (w *Worker) Kick(tenant string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	w.setUp()
	j := w.state[tenant]
	if j == nil {
		j = &job{}
		w.state[tenant] = j
	}
	if j.timer != nil {
		j.timer.Stop()
		j.timer = nil
	}
	switch {
	case j.running:
		j.again = true
	case !j.ready:
		w.enqueue(tenant, j)
	}
}

// Run drains what is kicked until ctx ends, and returns when the last drain has
// stopped.
func (w *Worker) Run(ctx context.Context) {
	w.mu.Lock()
	w.setUp()
	w.mu.Unlock()
	var g errgroup.Group
	g.SetLimit(cmp.Or(max(w.Parallel, 0), 4))
	for {
		tenant, ok := w.take(ctx)
		if !ok {
			break
		}
		g.Go(func() error {
			w.drain(ctx, tenant)
			return nil
		})
	}
	w.stop()
	_ = g.Wait() // the functions return nil
}

// setUp makes the maps of a new worker; w.mu is held.
func (w *Worker) setUp() {
	if w.state == nil {
		w.state, w.wake = map[string]*job{}, make(chan struct{}, 1)
	}
}

// enqueue puts a customer in line; w.mu is held.
func (w *Worker) enqueue(tenant string, j *job) {
	j.ready = true
	w.ready = append(w.ready, tenant)
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// take waits for the next customer in line.
func (w *Worker) take(ctx context.Context) (tenant string, ok bool) {
	for ctx.Err() == nil {
		w.mu.Lock()
		if len(w.ready) > 0 {
			tenant, w.ready = w.ready[0], w.ready[1:]
			j := w.state[tenant]
			j.ready, j.running = false, true
			w.mu.Unlock()
			return tenant, true
		}
		w.mu.Unlock()
		select {
		case <-w.wake:
		case <-ctx.Done():
		}
	}
	return "", false
}

func (w *Worker) drain(ctx context.Context, tenant string) {
	var r Report
	err := errs.Caught(func() (err error) {
		r, err = w.work(ctx, tenant)
		return err
	})
	if w.After != nil {
		w.After(tenant, r, err)
	}
	next := r.Next
	if err != nil && !errs.Is(err, errs.NotFound) {
		next = w.now().Add(reopen)
	}
	w.done(tenant, next)
}

// work does what there is to do for a customer.
func (w *Worker) work(ctx context.Context, tenant string) (r Report, err error) {
	if w.Do != nil {
		return w.Do(ctx, tenant)
	}
	err = w.Open(ctx, tenant, func(q Queue, dir Directory) error {
		r, err = w.Mailer.Drain(ctx, q, dir)
		return err
	})
	return r, err
}

// now asks the clock.
func (w *Worker) now() time.Time {
	if w.Mailer == nil {
		return time.Now()
	}
	return w.Mailer.Now()
}

// done puts a drained customer back in line, sets its timer, or forgets it.
func (w *Worker) done(tenant string, next time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	j := w.state[tenant]
	j.running = false
	switch {
	case w.stopped:
	case j.again:
		j.again = false
		w.enqueue(tenant, j)
	case !next.IsZero():
		wait := max(next.Sub(w.now()), time.Second)
		j.timer = time.AfterFunc(wait, func() { w.Kick(tenant) })
	default:
		delete(w.state, tenant)
	}
}

// stop ends the timers and refuses further kicks.
func (w *Worker) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	for _, j := range w.state {
		if j.timer != nil {
			j.timer.Stop()
		}
	}
}
