// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verlof/errs"
)

// hanging is a depot that does not answer until it is let go.
type hanging struct {
	Depot
	gate chan struct{} // closed: it answers
}

func (h hanging) wait() { <-h.gate }

func (h hanging) Put(ctx context.Context, name string, body io.ReadSeeker) error {
	h.wait()
	return h.Depot.Put(ctx, name, body)
}

func (h hanging) List(ctx context.Context, below string) ([]Object, error) {
	h.wait()
	return h.Depot.List(ctx, below)
}

// TestHanging goes on without a depot that does not answer, refuses where the copy is demanded,
// and catches up once it answers; it does not heap up calls that nobody waits for.
func TestHanging(t *testing.T) {
	s := newStory(t, 1)
	h := hanging{s.at, make(chan struct{})}
	p := newPatient(h, 20*time.Millisecond)
	s.copies.Depot = p
	start := time.Now()
	if err := s.live.write("INSERT INTO note (text, pad) VALUES ('hangs', zeroblob(9000))"); err != nil {
		t.Errorf("the copy is not demanded, and a change is refused: %v", err)
	}
	if st := s.live.log.Status(); st.Behind.IsZero() || !errors.Is(st.Err, errHangs) {
		t.Errorf("status %+v", st)
	}
	s.copies.Demand = true
	s.clock.step(time.Minute)
	if err := s.live.write("INSERT INTO note (text, pad) VALUES ('demanded', x'')"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("the copy is demanded: %v", err)
	}
	for range 3 * mayStick {
		if err := p.Put(context.Background(), "acme/x", strings.NewReader("x")); !errors.Is(err, errHangs) {
			t.Fatalf("put: %v", err)
		}
	}
	if n := p.stuck.Load(); n > mayStick {
		t.Errorf("%d calls that nobody waits for", n)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	close(h.gate)
	for range 500 {
		if p.stuck.Load() == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.limit = time.Minute
	s.copies.Depot = p
	s.clock.step(time.Minute)
	if err := s.live.write("INSERT INTO note (text, pad) VALUES ('answers', x'')"); err != nil {
		t.Fatal(err)
	}
	s.note()
	s.check(len(s.moments) - 1)
}

// slow is a depot that takes its time, and notes how many are at it at once.
type slow struct {
	Depot
	now, most *atomic.Int32
}

func (s slow) Put(context.Context, string, io.ReadSeeker) error {
	n := s.now.Add(1)
	defer s.now.Add(-1)
	for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); most = s.most.Load() {
	}
	time.Sleep(20 * time.Millisecond)
	return nil
}

// TestBusy: a depot at which many customers commit at once is slow, and does not hang; no more threads wait for it than are
// allowed.
func TestBusy(t *testing.T) {
	s := slow{folder{}, new(atomic.Int32), new(atomic.Int32)}
	p := newPatient(s, time.Minute)
	var all sync.WaitGroup
	var failed atomic.Int32
	for range 3 * mayRun {
		all.Go(func() {
			if p.Put(context.Background(), "x", strings.NewReader("x")) != nil {
				failed.Add(1)
			}
		})
	}
	all.Wait()
	if n, most := failed.Load(), s.most.Load(); n > 0 || most <= mayStick || most > mayRun {
		t.Errorf("%d of %d calls failed, %d ran at once", n, 3*mayRun, most)
	}
}

// hurried is a depot that notes how long it is given.
type hurried struct {
	Depot
	given time.Duration
}

func (h *hurried) Put(ctx context.Context, name string, body io.ReadSeeker) error {
	until, _ := ctx.Deadline()
	h.given = time.Until(until)
	return h.Depot.Put(ctx, name, body)
}

// TestLargeImage gives the image of a large database the time that it takes, and a change no more than
// people wait.
func TestLargeImage(t *testing.T) {
	s := newStory(t, 1)
	h := &hurried{Depot: s.at}
	s.copies.Depot = h
	if err := s.live.write("INSERT INTO note (text, pad) VALUES ('x', zeroblob(20000000))"); err != nil {
		t.Fatal(err)
	}
	if h.given <= 0 || h.given > patience {
		t.Errorf("a change is given %v", h.given)
	}
	s.at = h
	if err := os.Remove(s.path + "-copied"); err != nil {
		t.Fatal(err)
	}
	s.start()
	if err := s.live.write("INSERT INTO note (text, pad) VALUES ('y', x'')"); err != nil {
		t.Fatal(err)
	}
	if h.given < 2*patience {
		t.Errorf("an image of 20 MB is given %v", h.given)
	}
}
