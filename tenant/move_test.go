// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verlof/errs"
	"verlof/events"
	"verlof/internal/pgtest"
	"verlof/store"
	"verlof/store/storetest"
	"verlof/tenant"
)

// moves is how often a customer is moved under load: around all places, each pair of kinds
// once, or VERLOF_MOVES rounds of that.
func moves() int {
	if n, err := strconv.Atoi(os.Getenv("VERLOF_MOVES")); err == nil {
		return n
	}
	return 1
}

// movesAtOnce is how many rounds one customer goes: changes as fast as they can be made are
// millions in the end, and a move copies them all.
const movesAtOnce = 5

// patient is how long changes may wait on a busy machine, and short where people are at work.
const (
	patient = store.LockWait - 3*time.Second
	short   = 4 * time.Second
)

// TestMove: a customer goes from folder to folder and server to server while people change
// what is theirs at another process. Nobody meets an error, and nothing that was
// acknowledged is missing.
func TestMove(t *testing.T) {
	longest, rounds := time.Duration(0), moves()
	for done := 0; done < rounds && !t.Failed(); done += movesAtOnce {
		t.Run(fmt.Sprint("from_", done), func(t *testing.T) {
			longest = max(longest, moved(t, min(movesAtOnce, rounds-done)))
		})
	}
	t.Logf("the longest wait of %d moves was %v", 4*rounds, longest)
}

// moved moves a new customer around under load and returns how long changes waited at most.
func moved(t *testing.T, rounds int) (longest time.Duration) {
	home := "sqlite:" + t.TempDir()
	server := directory(t, home, tenant.Options{}, "acme")
	console := reopen(t, home, tenant.Options{RootKey: server.RootKey})
	places := []string{"sqlite:" + t.TempDir(), pgtest.URL(t), pgtest.URL(t), home}
	l, tries := begin(t, server), 0
	for range rounds {
		for _, to := range places {
			m, err := console.Move(ctx, "acme", to, short, tenant.Why{By: "op", Reason: "test"})
			for range 3 { // a move that takes too long is given up, and nobody notices that either
				if errs.Is(err, errs.Unavailable) {
					t.Logf("given up: %v", err)
					m, err = console.Move(ctx, "acme", to, short, tenant.Why{By: "op", Reason: "test"})
				}
			}
			if err != nil {
				t.Errorf("move to %s: %v", to[:6], err)
				break
			}
			longest, tries = max(longest, m.Paused), tries+m.Tries
			before := l.done.Load()
			for until := time.Now().Add(patient); l.done.Load() < before+5 && time.Now().Before(until) && !t.Failed(); {
				time.Sleep(time.Millisecond)
			}
		}
	}
	changes := l.end()
	t.Logf("%d changes; they were held up %d times, at most for %v", changes, tries, longest)
	if n := written(t, at(t, server, "acme.example.org")); n != changes {
		t.Errorf("%d changes are there, %d were acknowledged", n, changes)
	}
	if info, err := server.Show(ctx, "acme"); err != nil || info.State != store.StateActive {
		t.Errorf("afterwards it is %s, %v", info.State, err)
	}
	return longest
}

// load is people who change something all the time.
type load struct {
	done atomic.Int64 // changes that were acknowledged
	stop chan struct{}
	all  sync.WaitGroup
}

func begin(t *testing.T, d *tenant.Directory) *load {
	l := &load{stop: make(chan struct{})}
	for w := range 3 {
		l.all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-l.stop:
					return
				default:
				}
				if err := write(d, fmt.Sprintf("load-%d-%d", w, n)); err != nil {
					t.Errorf("change %d of %d: %v", n, w, err)
					return
				}
				l.done.Add(1)
				time.Sleep(2 * time.Millisecond) // what cannot be caught up with cannot be moved
			}
		})
	}
	return l
}

// end returns how many changes were acknowledged in all.
func (l *load) end() int64 {
	close(l.stop)
	l.all.Wait()
	return l.done.Load()
}

// write makes a change as a request does.
func write(d *tenant.Directory, key string) error {
	c, release, err := d.ByHost(ctx, "acme.example.org")
	if err != nil {
		return err
	}
	defer release()
	return c.DB().Update(ctx, func(tx *store.Tx) error { return tx.Enqueue("load", key, []byte("{}")) })
}

// written returns how many such changes a customer has.
func written(t *testing.T, c *tenant.Tenant) int64 {
	t.Helper()
	rows, err := c.Queue().Claim(ctx, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	for _, r := range rows {
		if r.Kind == "load" {
			n++
		}
	}
	return n
}

// TestMove_refused: what is in force somewhere is not overwritten, a move that takes too
// long changes nothing, and a move that was cut short is finished by the next.
func TestMove_refused(t *testing.T) {
	home, second := "sqlite:"+t.TempDir(), "sqlite:"+t.TempDir()
	d := directory(t, home, tenant.Options{}, "acme")
	why := tenant.Why{By: "op"}
	if _, err := d.Move(ctx, "acme", home, patient, why); !errs.Is(err, errs.Conflict) {
		t.Errorf("to where it is: %v, want conflict", err)
	}
	if _, err := d.Move(ctx, "acme", "postgres://op:secret@127.0.0.1:1/x", patient, why); !errs.Is(err, errs.Invalid) {
		t.Errorf("with a password: %v, want invalid", err)
	}
	if m, err := d.Move(ctx, "acme", second, time.Nanosecond, why); !errs.Is(err, errs.Unavailable) || errs.As(err).Hint == "" || m.Tries > 0 {
		t.Errorf("in no time: %v after holding changes up %d times, want unavailable before", err, m.Tries)
	}
	if err := ask(at(t, d, "acme.example.org"), "2027-06-01"); err != nil {
		t.Errorf("asked after a move that was given up: %v", err)
	}
	if err := at(t, d, "acme.example.org").DB().Shut(ctx, store.ShutMoved); err != nil { // cut short before the registry heard
		t.Fatal(err)
	}
	if _, err := d.Move(ctx, "acme", second, patient, why); err != nil {
		t.Fatalf("a move that goes on: %v", err)
	}
	c := at(t, d, "acme.example.org")
	mine, err := c.Leave.Mine(ctx, storetest.Worker(0), storetest.Worker(0))
	if err != nil || len(mine) != 1 || ask(c, "2027-06-08") != nil {
		t.Errorf("%d requests, %v", len(mine), err)
	}
	if err := d.Freeze(ctx, "acme", tenant.Hold{Reason: "x"}, why); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Move(ctx, "acme", home, patient, why); err != nil {
		t.Fatal(err)
	}
	if err := ask(at(t, d, "acme.example.org"), "2027-06-15"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a frozen customer that moved: %v, want unavailable", err)
	}
}

// TestMove_cutShort: whoever moved a customer was killed once changes were to be made in the new database. The
// next one who changes something, or opens the customer, ends it, and so does the same move.
func TestMove_cutShort(t *testing.T) {
	for name, next := range map[string]func(*tenant.Directory, string) *tenant.Directory{
		"in_use":    func(d *tenant.Directory, _ string) *tenant.Directory { return d },
		"new_start": func(d *tenant.Directory, at string) *tenant.Directory { return reopen(t, at, tenant.Options{}) },
	} {
		t.Run(name, func(t *testing.T) {
			setting, second := "sqlite:"+t.TempDir(), "sqlite:"+t.TempDir()
			d := killedMoving(t, setting, second)
			if _, err := d.Replace(ctx, "acme", "sqlite:nowhere", tenant.Why{By: "op"}); !errs.Is(err, errs.Conflict) {
				t.Errorf("replaced while it is moved: %v, want conflict", err)
			}
			d = next(d, setting)
			if err := ask(at(t, d, "acme.example.org"), "2027-06-01"); err != nil {
				t.Errorf("a change after it: %v", err)
			}
			acts, err := d.Log(ctx, "acme")
			last := acts[len(acts)-1]
			if err != nil || last.Kind != "moved" || last.By != "op" || last.Reason != "full" || !strings.Contains(last.Detail, " -> "+second) {
				t.Errorf("on record: %+v, %v", acts, err)
			}
			list, err := d.List(ctx)
			if err != nil || list[0].State != store.StateActive || !strings.HasPrefix(list[0].Database, second) {
				t.Errorf("it is %s in %s, %v", list[0].State, list[0].Database, err)
			}
		})
	}
	t.Run("again", func(t *testing.T) {
		second := "sqlite:" + t.TempDir()
		d := killedMoving(t, "sqlite:"+t.TempDir(), second)
		m, err := d.Move(ctx, "acme", second, patient, tenant.Why{By: "op"})
		if err != nil || m.From == m.To || !strings.HasPrefix(m.To, second) {
			t.Errorf("the same move again: from %s to %s, %v", m.From, m.To, err)
		}
	})
}

// killedMoving returns an installation whose customer was on its way to another place when whoever moved it
// ended: after the old database was left, and before the registry heard.
func killedMoving(t *testing.T, from, to string) *tenant.Directory {
	var left atomic.Pointer[store.DB]
	now := func() time.Time {
		if db := left.Load(); db != nil {
			shut := store.Shut("")
			err := db.View(ctx, func(tx *store.Tx) (err error) {
				shut, err = tx.WhyShut()
				return err
			})
			if err == nil && shut == store.ShutMoved {
				left.Store(nil)
				runtime.Goexit()
			}
		}
		return time.Now()
	}
	d := directory(t, from, tenant.Options{Now: now}, "acme")
	left.Store(at(t, d, "acme.example.org").DB())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, err := d.Move(ctx, "acme", to, patient, tenant.Why{By: "op", Reason: "full"})
		t.Errorf("the move has ended: %v", err)
	}()
	<-done
	return d
}

// TestReplace: a database that a move left behind takes changes once it is put back, and who
// did it is on record.
func TestReplace(t *testing.T) {
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{}, "acme")
	why := tenant.Why{By: "op"}
	m, err := d.Move(ctx, "acme", "sqlite:"+t.TempDir(), patient, why)
	if err != nil {
		t.Fatal(err)
	}
	was, err := d.Replace(ctx, "acme", m.From, why)
	if err != nil || was != m.To {
		t.Fatalf("put back: %q, %v", was, err)
	}
	if err := ask(at(t, d, "acme.example.org"), "2027-06-01"); err != nil {
		t.Errorf("asked in the database that was put back: %v", err)
	}
	acts, err := d.Log(ctx, "acme")
	if err != nil || acts[len(acts)-1].Kind != "replaced" || acts[len(acts)-1].By != "op" {
		t.Errorf("on record: %+v, %v", acts, err)
	}
}

// TestReplace_events: whoever follows events by their numbers meets all that happen after a past state was put in use, under numbers
// that no event had before, and is told where a number is of no event.
func TestReplace_events(t *testing.T) {
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{}, "acme")
	acme := at(t, d, "acme.example.org")
	follow := func(after int64) (types []string, next int64) {
		t.Helper()
		c := at(t, d, "acme.example.org")
		list, next, err := c.Events.List(ctx, storetest.Admin, events.Query{After: after, Areas: events.Areas(), Most: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			types = append(types, e.Type)
		}
		return types, next
	}
	follow(0)
	where, path, err := d.Place.Beside(acme.ID, "before")
	if err == nil {
		err = acme.DB().CopyTo(ctx, path)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2027-06-01", "2027-06-02"} {
		if err := ask(acme, day); err != nil {
			t.Fatal(err)
		}
	}
	_, next := follow(0)
	if _, err := d.Replace(ctx, "acme", where, tenant.Why{By: "op"}); err != nil {
		t.Fatal(err)
	}
	if err := ask(at(t, d, "acme.example.org"), "2027-06-03"); err != nil {
		t.Fatal(err)
	}
	if got, _ := follow(next); !slices.Equal(got, []string{"leave.request.asked"}) {
		t.Errorf("after %d came %q", next, got)
	}
}

// TestReplace_under_way: a change that is under way is waited for, and one that comes too late
// for the database that was in use is made in the one that is: whoever is told that something
// is done finds it done, or in the database that was left.
func TestReplace_under_way(t *testing.T) {
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{}, "acme")
	old := at(t, d, "acme.example.org")
	where, path, err := d.Place.Beside(old.ID, "other")
	if err == nil {
		err = old.DB().CopyTo(ctx, path)
	}
	if err != nil {
		t.Fatal(err)
	}
	begun, finish, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- old.DB().Update(ctx, func(tx *store.Tx) error {
			close(begun)
			<-finish
			return tx.Enqueue("load", "early", []byte("{}"))
		})
	}()
	<-begun
	replaced := make(chan error, 1)
	go func() {
		_, err := d.Replace(ctx, "acme", where, tenant.Why{By: "op"})
		replaced <- err
	}()
	select {
	case err := <-replaced:
		t.Errorf("replaced over a change under way: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(finish)
	if err := errors.Join(<-ended, <-replaced); err != nil {
		t.Fatal(err)
	}
	if err := old.DB().Update(ctx, func(tx *store.Tx) error { return tx.Enqueue("load", "late", []byte("{}")) }); err != nil {
		t.Errorf("a change that comes late: %v", err)
	}
	if n := written(t, at(t, d, "acme.example.org")); n != 1 {
		t.Errorf("%d changes are in the database in use, want the late one", n)
	}
	if _, err := d.Replace(ctx, "acme", "sqlite:tenants/"+old.ID+"/data.db", tenant.Why{By: "op"}); err != nil {
		t.Fatal(err)
	}
	if n := written(t, at(t, d, "acme.example.org")); n != 1 {
		t.Errorf("%d changes are in the database that was put back, want the early one", n)
	}
	if err := ask(at(t, d, "acme.example.org"), "2027-06-01"); err != nil {
		t.Errorf("asked in the database that was put back: %v", err)
	}
}

// TestReplace_cutShort: whoever replaced a database was killed once it took no changes any more. The next one who
// changes something, or opens the customer, ends it, and it is on record by whom and why it was done.
func TestReplace_cutShort(t *testing.T) {
	for name, next := range map[string]func(*tenant.Directory, string) *tenant.Directory{
		"in_use":    func(d *tenant.Directory, _ string) *tenant.Directory { return d },
		"new_start": func(d *tenant.Directory, at string) *tenant.Directory { return reopen(t, at, tenant.Options{}) },
	} {
		t.Run(name, func(t *testing.T) {
			setting := "sqlite:" + t.TempDir()
			d := directory(t, setting, tenant.Options{}, "acme")
			old := at(t, d, "acme.example.org")
			where, path, err := d.Place.Beside(old.ID, "other")
			if err == nil {
				err = old.DB().CopyTo(ctx, path)
			}
			if err == nil {
				err = old.DB().LeaveFor(ctx, store.Left{To: where, By: "op", Reason: "mended"})
			}
			if err != nil {
				t.Fatal(err)
			}
			d = next(d, setting)
			if err := ask(at(t, d, "acme.example.org"), "2027-06-01"); err != nil {
				t.Errorf("a change after it: %v", err)
			}
			acts, err := d.Log(ctx, "acme")
			last := acts[len(acts)-1]
			if err != nil || last.Kind != "replaced" || last.By != "op" || last.Reason != "mended" || !strings.HasSuffix(last.Detail, " -> "+where) {
				t.Errorf("on record: %+v, %v", acts, err)
			}
			if was, err := d.Undo(ctx, "acme", tenant.Why{By: "op"}); err != nil || was == where {
				t.Errorf("undone: %s, %v", was, err)
			}
			if err := ask(at(t, d, "acme.example.org"), "2027-06-02"); err != nil {
				t.Errorf("a change in the database that was put back: %v", err)
			}
		})
	}
}

// TestReplace_lost: the database for which one was left is gone. People look, and another one can be put in use.
func TestReplace_lost(t *testing.T) {
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{}, "acme")
	old := at(t, d, "acme.example.org")
	gone, _, err := d.Place.Beside(old.ID, "gone")
	if err != nil {
		t.Fatal(err)
	}
	where, path, err := d.Place.Beside(old.ID, "other")
	if err == nil {
		err = old.DB().CopyTo(ctx, path)
	}
	if err == nil {
		err = old.DB().LeaveFor(ctx, store.Left{To: gone, By: "op"})
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := ask(at(t, d, "acme.example.org"), "2027-06-01"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a change while no database takes any: %v, want unavailable", err)
	}
	if _, err := d.Replace(ctx, "acme", where, tenant.Why{By: "op"}); err != nil {
		t.Fatal(err)
	}
	if err := ask(at(t, d, "acme.example.org"), "2027-06-01"); err != nil {
		t.Errorf("a change in the one that was put in use: %v", err)
	}
}
