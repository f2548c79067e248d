// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/internal/pgtest"
	"verlof/store"
	"verlof/tenant"
)

// TestProcesses: who serves says so; who was killed is told of for a day, who ended is not.
func TestProcesses(t *testing.T) {
	for _, setting := range []string{"sqlite:" + t.TempDir(), pgtest.URL(t)} {
		begun := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
		now := begun
		d := reopen(t, setting, tenant.Options{Now: func() time.Time { return now }})
		present := func(id, machine string) {
			t.Helper()
			if err := d.Present(ctx, store.Process{ID: id, Machine: machine, Version: "v1", Since: begun}); err != nil {
				t.Fatal(err)
			}
		}
		want := func(want ...string) {
			t.Helper()
			var got []string
			list, err := d.Processes(ctx)
			for _, p := range list {
				got = append(got, strings.TrimSpace(fmt.Sprintln(p.ID, p.Machine, p.Version, p.Seen.Format("15:04"), p.Serving)))
			}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("processes: %v\n%s", err, diff)
			}
		}
		present("2", "west")
		present("1", "east")
		now = now.Add(2 * time.Minute)
		present("3", "east")
		present("2", "west")
		want("1 east v1 08:00 true", "3 east v1 08:02 true", "2 west v1 08:02 true")
		if err := d.Absent(ctx, "3"); err != nil {
			t.Fatal(err)
		}
		now = now.Add(2 * time.Minute)
		want("1 east v1 08:00 false", "2 west v1 08:02 true")
		now = now.Add(24 * time.Hour)
		present("2", "west")
		want("2 west v1 08:04 true")
	}
}

// TestSingles: a second process on the same machine goes with it, and what keeps a server's log does not take its place.
func TestSingles(t *testing.T) {
	server := pgtest.NewOwn(t)
	server.Ask(t, "postgres", "CREATE ROLE verlof LOGIN CREATEDB CREATEROLE")
	server.Ask(t, "postgres", "CREATE DATABASE verlof OWNER verlof")
	now := time.Now()
	d := reopen(t, server.URL("verlof", "verlof"), tenant.Options{Now: func() time.Time { return now }})
	present := func(id, machine string) {
		t.Helper()
		if err := d.Present(ctx, store.Process{ID: id, Machine: machine, Since: now}); err != nil {
			t.Fatal(err)
		}
	}
	want := func(want tenant.Singles, n int64) {
		t.Helper()
		var got tenant.Singles
		var err error
		for range 200 { // who follows a log is not there at once
			if got, err = d.Singles(ctx); err != nil || cmp.Equal(want, got) {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" || got.Count() != n {
			t.Errorf("once alone: %v, %d\n%s", err, got.Count(), diff)
		}
	}
	present("1", "east")
	present("2", "east")
	want(tenant.Singles{Machines: true, Clusters: []string{"home"}}, 2)
	present("3", "west")
	server.Follow(t, "pg_receivewal")
	want(tenant.Singles{Clusters: []string{"home"}}, 1)
	stop := server.Follow(t, "second")
	want(tenant.Singles{}, 0)
	stop()
	want(tenant.Singles{Clusters: []string{"home"}}, 1)
	now = now.Add(time.Hour)
	present("1", "east")
	want(tenant.Singles{Machines: true, Clusters: []string{"home"}}, 2)
}
