// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/errs"
)

// TestMirror: a place further away gives back every moment within the retention, also once the
// depot is lost, and nothing of it is left but the newest where all keys were made anew.
func TestMirror(t *testing.T) {
	ctx, c := t.Context(), newClock()
	at, away := folder{t.TempDir()}, folder{t.TempDir()}
	copies := &Copies{Depot: at, Wholes: []Depot{at, away}, Now: c.Now, Retention: 10 * 24 * time.Hour}
	keys := newKeys(t, newRoot(t), "acme")
	l := openLive(t, filepath.Join(t.TempDir(), "data.db"), copies, "acme", keys)
	defer l.rest()
	kept, moments := Kept{At: away, ID: "acme", Sealer: keys}, map[time.Time]string{}
	write := func(n int) {
		t.Helper()
		for range n {
			c.step(time.Second)
			if err := l.write("INSERT INTO note (text, pad) VALUES (?, x'00')", fmt.Sprint(len(moments))); err != nil {
				t.Fatal(err)
			}
			moments[c.Now()] = content(t, l.path)
		}
	}
	check := func(when string) {
		t.Helper()
		for m, want := range moments {
			if got, _, err := restored(t, kept, m); err != nil || got != want {
				t.Errorf("%s: at %v there is %s, %v; want %s", when, m, got, err, want)
			}
		}
	}
	do := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	do("create", l.write(noteTable))
	write(3)
	do("mirror", copies.Mirror(ctx))
	check("at first")
	c.step(25 * time.Hour)
	write(2)
	do("upkeep", l.log.Upkeep(ctx, false))
	old := c.Now()
	write(1)
	do("mirror", copies.Mirror(ctx))
	check("packed")
	if far, near := names(t, away), names(t, at); far != near {
		t.Errorf("away there is\n%s\nand at the depot\n%s", far, near)
	}
	do("lose the depot", os.RemoveAll(filepath.Join(at.dir, "acme")))
	do("mirror a depot that lost everything", l.log.mirror(ctx))
	check("the depot is lost")
	c.step(time.Second)
	if _, err := l.log.Renew(ctx); err != nil {
		t.Fatal(err)
	}
	if _, _, err := restored(t, kept, old); !errs.Is(err, errs.NotFound) {
		t.Errorf("after all keys were made anew an earlier moment comes back: %v", err)
	}
	if got, _, err := restored(t, kept, c.Now()); err != nil || got != content(t, l.path) {
		t.Errorf("the newest: %s, %v", got, err)
	}
}

// TestMirror_forgets: what the retention has passed goes away there too.
func TestMirror_forgets(t *testing.T) {
	ctx, c := t.Context(), newClock()
	at, away := folder{t.TempDir()}, folder{t.TempDir()}
	copies := &Copies{Depot: at, Wholes: []Depot{away}, Now: c.Now, Retention: 10 * 24 * time.Hour}
	keys := newKeys(t, newRoot(t), "acme")
	l := openLive(t, filepath.Join(t.TempDir(), "data.db"), copies, "acme", keys)
	defer l.rest()
	first := c.Now()
	for day := range 3 {
		if day == 0 {
			_ = l.write(noteTable)
		}
		if err := l.write("INSERT INTO note (text, pad) VALUES ('x', x'00')"); err != nil {
			t.Fatal(err)
		}
		if err := l.log.Upkeep(ctx, true); err != nil {
			t.Fatal(err)
		}
		if err := l.log.mirror(ctx); err != nil {
			t.Fatal(err)
		}
		c.step(8 * 24 * time.Hour)
	}
	if _, _, err := restored(t, Kept{At: away, ID: "acme", Sealer: keys}, first); !errs.Is(err, errs.NotFound) {
		t.Errorf("after 24 days the first of them comes back: %v", err)
	}
	if _, _, err := restored(t, Kept{At: away, ID: "acme", Sealer: keys}, c.Now()); err != nil {
		t.Errorf("the newest: %v", err)
	}
}

// ending is a depot at which a database is destroyed while something is put there.
type ending struct {
	Depot
	end func()
}

func (e *ending) Put(ctx context.Context, name string, body io.ReadSeeker) error {
	e.end()
	return e.Depot.Put(ctx, name, body)
}

// TestMirror_destroyed destroys a database while it is put further away: what was under way then does
// not stay there, and what a process that was killed left is found.
func TestMirror_destroyed(t *testing.T) {
	ctx, c := t.Context(), newClock()
	at, ended := folder{t.TempDir()}, false
	away := &ending{Depot: folder{t.TempDir()}}
	copies := &Copies{Depot: at, Wholes: []Depot{at, away}, Now: c.Now, Ended: func(id string) bool { return ended && id == "acme" }}
	l := openLive(t, filepath.Join(t.TempDir(), "data.db"), copies, "acme", newKeys(t, newRoot(t), "acme"))
	defer l.rest()
	if err := errors.Join(l.write(noteTable), l.write("INSERT INTO note (text, pad) VALUES ('x', x'00')")); err != nil {
		t.Fatal(err)
	}
	away.end = func() {
		ended = true
		for _, place := range copies.Places() {
			if _, err := Forget(ctx, place, "acme"); err != nil {
				t.Error(err)
			}
		}
	}
	for n, put := range []func() error{ // then there is nothing at the depot to mirror any more
		func() error { return l.log.mirror(ctx) },
		func() error { return l.log.TakeWhole(ctx, away) },
	} {
		ended = false
		if err := put(); err != nil {
			t.Errorf("put %d: %v", n+1, err)
		}
		if list, err := away.List(ctx, "acme"); err != nil || len(list) > 0 || !ended {
			t.Errorf("put %d: %v is there again, %v", n+1, list, err)
		}
	}
	if err := errors.Join(at.Put(ctx, "acme/log/late", strings.NewReader("x")), at.Put(ctx, "birch/log/kept", strings.NewReader("x"))); err != nil {
		t.Fatal(err)
	}
	if n, err := copies.ForgetEnded(ctx, "acme"); n != 1 || err != nil {
		t.Errorf("%d objects were found, %v; want 1", n, err)
	}
	if list, err := at.List(ctx, "birch"); err != nil || len(list) != 1 {
		t.Errorf("of another customer: %v, %v", list, err)
	}
}

// TestAway: how the third place stands is known: since when changes wait, and that it fails.
func TestAway(t *testing.T) {
	ctx, c := t.Context(), newClock()
	away := &refusing{Depot: folder{t.TempDir()}}
	copies := &Copies{Depot: folder{t.TempDir()}, Wholes: []Depot{away}, Now: c.Now}
	l := openLive(t, filepath.Join(t.TempDir(), "data.db"), copies, "acme", newKeys(t, newRoot(t), "acme"))
	defer l.rest()
	began := c.Now()
	stands := func(when string, at, behind time.Time, late int, failing bool) {
		t.Helper()
		a := l.log.Away()
		n, since, bad := copies.StandingAway(time.Hour)
		if !a.At.Equal(at) || !a.Behind.Equal(behind) || !since.Equal(behind) || n != late || bad != failing || (a.Err != nil) != failing {
			t.Errorf("%s: %+v, %d late since %v, failing %v", when, a, n, since, bad)
		}
	}
	if err := l.write(noteTable); err != nil {
		t.Fatal(err)
	}
	stands("nothing was put there yet", time.Time{}, began, 0, false)
	c.step(2 * time.Hour)
	stands("for two hours", time.Time{}, began, 1, false)
	if err := copies.Mirror(ctx); err != nil {
		t.Fatal(err)
	}
	put := c.Now()
	stands("all is there", put, time.Time{}, 0, false)
	c.step(time.Minute)
	if err := copies.Mirror(ctx); err != nil {
		t.Fatal(err)
	}
	put = put.Add(time.Minute)
	stands("nothing changed", put, time.Time{}, 0, false)
	away.refuses = true
	c.step(time.Minute)
	if err := l.write("INSERT INTO note (text, pad) VALUES ('x', x'00')"); err != nil {
		t.Fatal(err)
	}
	if err := copies.Mirror(ctx); err == nil {
		t.Error("what was refused is put")
	}
	stands("it fails", put, put, 0, true)
	c.step(2 * time.Hour)
	stands("it fails for long", put, put, 1, true)
	away.refuses = false
	if err := copies.Mirror(ctx); err != nil {
		t.Fatal(err)
	}
	stands("it is well again", c.Now(), time.Time{}, 0, false)
}

// refusing is a depot that may take nothing.
type refusing struct {
	Depot
	refuses bool
}

func (r *refusing) Put(ctx context.Context, name string, body io.ReadSeeker) error {
	if r.refuses {
		return errors.New("refused")
	}
	return r.Depot.Put(ctx, name, body)
}

// names lists the row that a depot keeps.
func names(t *testing.T, at Depot) string {
	t.Helper()
	list, err := at.List(t.Context(), rowFolder("acme"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, o := range list {
		out = append(out, o.Name)
	}
	return strings.Join(out, "\n")
}
