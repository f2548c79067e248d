// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"verlof/errs"
)

// office is a worker with customers of its own, on synctest's clock.
type office struct {
	Worker
	box    *flaky
	mu     sync.Mutex
	queues map[string]*fakeQueue
	faults map[string]error // of Open, once
	opened []string
	at     int // drains at a time, now
	most   int // and at most
}

func newOffice(t *testing.T) *office {
	o := &office{box: &flaky{}, queues: map[string]*fakeQueue{}, faults: map[string]error{}}
	o.Mailer = &Mailer{Transport: o.box, Now: time.Now}
	o.Open = o.open
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		o.Run(ctx)
		close(done)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return o
}

func (o *office) open(_ context.Context, tenant string, f func(Queue, Directory) error) error {
	o.mu.Lock()
	o.opened = append(o.opened, tenant)
	q, fault := o.queues[tenant], o.faults[tenant]
	delete(o.faults, tenant)
	o.at++
	o.most = max(o.most, o.at)
	o.mu.Unlock()
	defer func() {
		o.mu.Lock()
		o.at--
		o.mu.Unlock()
	}()
	time.Sleep(time.Second) // a slow database
	if fault != nil {
		return fault
	}
	if q == nil {
		return errs.New(errs.NotFound, "")
	}
	return f(q, acme())
}

// put writes a row for tenant, due at once.
func (o *office) put(tenant, key string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := o.queues[tenant]
	if q == nil {
		q = &fakeQueue{}
		o.queues[tenant] = q
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.put(key, "leave.approved", Event{Request: "r1", Person: "ana", By: "mia"})
}

func (o *office) opens() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.opened, " ")
}

func TestWorkerDrainsWhatIsKicked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.put("a", "1")
		for range 100 {
			o.Kick("a")
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(o.box.Messages()); n != 1 {
			t.Errorf("%d mails", n)
		}
		if got := o.opens(); got != "a" && got != "a a" { // the first kick may have been taken before the second
			t.Errorf("opened %s", got)
		}
		if len(o.state) != 0 {
			t.Errorf("remembers %d customers who have nothing to send", len(o.state))
		}
	})
}

// TestWorkerPanics: a customer whose mail cannot be made takes nobody down, and is tried again later.
func TestWorkerPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told atomic.Int64
		w := &Worker{Parallel: 1, After: func(_ string, _ Report, err error) {
			if err != nil {
				told.Add(1)
			}
		}}
		var done []string
		w.Do = func(_ context.Context, key string) (Report, error) {
			done = append(done, key)
			if key == "broken" {
				panic("a letter without a person")
			}
			return Report{}, nil
		}
		ctx, cancel := context.WithCancel(t.Context())
		go w.Run(ctx)
		w.Kick("broken")
		w.Kick("sound")
		time.Sleep(reopen + time.Second)
		synctest.Wait()
		if got := strings.Join(done, " "); got != "broken sound broken" || told.Load() != 2 {
			t.Errorf("done %s, told %d errors", got, told.Load())
		}
		cancel()
		synctest.Wait()
	})
}

func TestWorkerKickedWhileDraining(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.put("a", "1")
		o.Kick("a")
		time.Sleep(999 * time.Millisecond) // open, not yet drained
		synctest.Wait()
		o.Kick("a")
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := o.opens(); got != "a a" {
			t.Errorf("opened %q: a kick during a drain must lead to another", got)
		}
	})
}

func TestWorkerTriesAgainWhenDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.box.fail = map[string]error{"ana@acme.example": errDown}
		o.put("a", "1")
		began := time.Now()
		o.Kick("a")
		time.Sleep(20 * time.Second)
		synctest.Wait()
		o.box.mend()
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(o.box.Messages()) != 1 || o.opens() != "a a" {
			t.Errorf("%d mails after opening %q in %v", len(o.box.Messages()), o.opens(), time.Since(began))
		}
	})
}

func TestWorkerSurvivesFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reports []string
		o := newOffice(t)
		var mu sync.Mutex
		o.After = func(tenant string, r Report, err error) {
			mu.Lock()
			defer mu.Unlock()
			reports = append(reports, fmt.Sprintf("%s sent %d failed %t", tenant, r.Sent, err != nil))
		}
		o.put("a", "1")
		o.faults["a"] = errors.New("disk full")
		o.Kick("a")
		o.Kick("closed")
		time.Sleep(time.Hour)
		synctest.Wait()
		got := strings.Join(reports, ", ")
		if !strings.Contains(got, "a sent 1 failed false") || strings.Count(got, "closed") != 1 || len(o.state) != 0 {
			t.Errorf("reports: %s", got)
		}
	})
}

func TestWorkerDrainsFewAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		for i := range 20 {
			name := fmt.Sprint("t", i)
			o.put(name, "1")
			o.Kick(name)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if o.most != 4 || len(o.box.Messages()) != 20 {
			t.Errorf("%d at a time, %d mails", o.most, len(o.box.Messages()))
		}
	})
}

func TestWorkerKickedBeforeAndAfterRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{box: &flaky{}, queues: map[string]*fakeQueue{}}
		o.Mailer, o.Open = &Mailer{Transport: o.box, Now: time.Now}, o.open
		o.put("a", "1")
		o.Kick("a")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		o.Run(ctx)
		o.Kick("a")
		if got := o.opens(); got != "a" || len(o.box.Messages()) != 1 {
			t.Errorf("opened %q, %d mails", got, len(o.box.Messages()))
		}
	})
}
