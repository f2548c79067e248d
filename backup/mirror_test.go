// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"fmt"
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
