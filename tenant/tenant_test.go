// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity/identitytest"
	"verlof/internal/seal"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
	"verlof/tenant"
)

var ctx = context.Background()

// directory opens a directory in a place, with customers named by their slugs at
// SLUG.example.org, each with two workers.
func directory(t *testing.T, setting string, o tenant.Options, slugs ...string) *tenant.Directory {
	t.Helper()
	d := reopen(t, setting, o)
	for _, slug := range slugs {
		if _, err := d.Create(ctx, tenant.New{Slug: slug, Name: slug, Hosts: []string{slug + ".example.org"}, Language: "en"}); err != nil {
			t.Fatal(err)
		}
		c, release, err := d.BySlug(ctx, slug)
		if err != nil {
			t.Fatal(err)
		}
		storetest.Customer(t, c.DB(), 2, 25)
		release()
	}
	return d
}

func reopen(t *testing.T, setting string, o tenant.Options) *tenant.Directory {
	t.Helper()
	if o.Place == nil {
		place, err := store.ParsePlace(setting)
		if err != nil {
			t.Fatal(err)
		}
		o.Place = place
		o.Place.Bound(1) // whatever holds one connection and waits for another hangs here
	}
	dir, isFile := strings.CutPrefix(setting, "sqlite:")
	if !isFile {
		dir = t.TempDir()
	}
	if o.RootKey == nil {
		o.RootKey = seal.File{Path: filepath.Join(dir, "root.key"), Make: true}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Hasher = identitytest.Hasher()
	d, err := tenant.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func submit(t *testing.T, c *tenant.Tenant, day string) leave.Request {
	t.Helper()
	d := calendar.MustParse(day)
	r, err := c.Leave.Submit(ctx, storetest.Worker(0), leave.Ask{Person: storetest.Worker(0), Type: storetest.Holiday, Span: leave.Span{From: d, To: d}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestApart: what one customer writes is in its own database and not to be had
// through the other's host name, even with the same ids.
func TestApart(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		d := directory(t, setting, tenant.Options{}, "acme", "birch")
		acme, releaseA, err := d.ByHost(ctx, "ACME.example.org.:8080")
		if err != nil {
			t.Fatal(err)
		}
		defer releaseA()
		birch, releaseB, err := d.ByHost(ctx, "birch.example.org")
		if err != nil {
			t.Fatal(err)
		}
		defer releaseB()
		if acme.ID == birch.ID || acme.DB() == birch.DB() {
			t.Fatal("two customers are one")
		}
		r := submit(t, acme, "2027-06-01")
		if _, err := birch.Leave.Detail(ctx, storetest.Admin, r.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("the other customer's administrator: %v", err)
		}
		if mine, err := birch.Leave.Mine(ctx, storetest.Admin, storetest.Worker(0)); err != nil || len(mine) != 0 {
			t.Errorf("a person with the same id has %d requests, %v", len(mine), err)
		}
	})
}

// TestUnknownHost: a name that leads nowhere names nothing, and the answer is the
// same whatever the name.
func TestUnknownHost(t *testing.T) {
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{}, "acme")
	var said []string
	for _, host := range []string{"", "example.org", "acme.example.org.evil.example", "birch.example.org", "acme", "[::1]:80", strings.Repeat("a", 300)} {
		_, _, err := d.ByHost(ctx, host)
		if !errs.Is(err, errs.NotFound) {
			t.Fatalf("%q: %v", host, err)
		}
		said = append(said, err.Error())
	}
	for _, s := range said {
		if s != said[0] {
			t.Errorf("%q differs from %q", s, said[0])
		}
	}
}

// TestForeignDatabase: a database file in the wrong customer's folder is refused.
func TestForeignDatabase(t *testing.T) {
	dir := t.TempDir()
	d := directory(t, "sqlite:"+dir, tenant.Options{}, "acme", "birch")
	a, err := d.Show(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.Show(ctx, "birch")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	file := func(i tenant.Info) string { return filepath.Join(dir, strings.TrimPrefix(i.Database, "sqlite:")) }
	data, err := os.ReadFile(file(a))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file(b), data, 0o600); err != nil {
		t.Fatal(err)
	}
	again := reopen(t, "sqlite:"+dir, tenant.Options{})
	if _, _, err := again.ByHost(ctx, "birch.example.org"); err == nil || !strings.Contains(err.Error(), a.ID) {
		t.Errorf("served another customer's database: %v", err)
	}
	if _, release, err := again.ByHost(ctx, "acme.example.org"); err != nil {
		t.Errorf("the other customer: %v", err)
	} else {
		release()
	}
}

// TestBound: no more customers stay open than allowed, those in use stay, and one
// that was closed opens again with its data.
func TestBound(t *testing.T) {
	slugs := []string{"a", "b", "c", "d", "e", "f"}
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{MaxOpen: 2}, slugs...)
	held, release, err := d.ByHost(ctx, "a.example.org")
	if err != nil {
		t.Fatal(err)
	}
	r := submit(t, held, "2027-06-01")
	for range 3 {
		for _, s := range slugs[1:] {
			c, done, err := d.ByHost(ctx, s+".example.org")
			if err != nil {
				t.Fatal(err)
			}
			if c.Slug != s {
				t.Fatalf("asked for %s, got %s", s, c.Slug)
			}
			done()
		}
	}
	if got := d.Stats(); got.Open > 3 || got.Used != 1 {
		t.Errorf("%+v: want at most two unused and one in use", got)
	}
	if _, err := held.Leave.Detail(ctx, storetest.Worker(0), r.ID); err != nil {
		t.Errorf("the one in use was closed: %v", err)
	}
	release()
	release() // a second time does no harm
	for _, s := range slugs[1:] {
		_, done, err := d.ByHost(ctx, s+".example.org")
		if err != nil {
			t.Fatal(err)
		}
		done()
	}
	again, done, err := d.ByHost(ctx, "a.example.org")
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if again == held {
		t.Error("the customer was never closed")
	}
	if _, err := again.Leave.Detail(ctx, storetest.Worker(0), r.ID); err != nil {
		t.Errorf("after closing and opening: %v", err)
	}
}

// TestBound_slow: a customer whose database takes long to close, since a copy of it is being
// made, keeps nobody else waiting.
func TestBound_slow(t *testing.T) {
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{MaxOpen: 1}, "a", "b", "c")
	slow, release, err := d.ByHost(ctx, "a.example.org")
	if err != nil {
		t.Fatal(err)
	}
	begun, end := make(chan bool), make(chan bool)
	defer close(end)
	go func() {
		_ = slow.DB().Frozen(ctx, func() error {
			close(begun)
			<-end
			return nil
		})
	}()
	<-begun
	release()
	others := make(chan error)
	go func() {
		var failed error
		for _, slug := range []string{"b", "c", "b"} {
			_, release, err := d.ByHost(ctx, slug+".example.org")
			if err == nil {
				release()
			}
			failed = errors.Join(failed, err)
		}
		others <- failed
	}()
	select {
	case err := <-others:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("others wait for it")
	}
}

// TestTogether: many who come at once open a customer once, and none meets it
// half open or closed.
func TestTogether(t *testing.T) {
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{MaxOpen: 1}, "a", "b", "c")
	var wait sync.WaitGroup
	for i := range 60 {
		wait.Go(func() {
			slug := string(rune('a' + i%3))
			for range 20 {
				c, release, err := d.ByHost(ctx, slug+".example.org")
				if err != nil {
					t.Error(err)
					return
				}
				s, err := c.People.Settings(ctx)
				if err != nil || c.Slug != slug || s.Name != "Acme" {
					t.Errorf("%s: %q, %v", slug, s.Name, err)
				}
				release()
			}
		})
	}
	wait.Wait()
	if got := d.Stats(); got.Used != 0 || got.Open > 1 {
		t.Errorf("%+v after all have left", got)
	}
}

// TestLife: create, suspend, resume, and what each refuses.
func TestLife(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		d := directory(t, setting, tenant.Options{}, "acme")
		bad := map[string]tenant.New{
			"slug":         {Slug: "Acme!", Name: "x", Hosts: []string{"x.example.org"}},
			"no_name":      {Slug: "x", Name: " ", Hosts: []string{"x.example.org"}},
			"no_host":      {Slug: "x", Name: "x"},
			"host":         {Slug: "x", Name: "x", Hosts: []string{"X_.example.org"}},
			"taken_slug":   {Slug: "acme", Name: "x", Hosts: []string{"x.example.org"}},
			"taken_host":   {Slug: "x", Name: "x", Hosts: []string{"acme.example.org"}},
			"path_in_slug": {Slug: "../x", Name: "x", Hosts: []string{"x.example.org"}},
			"furnish": {Slug: "x", Name: "x", Hosts: []string{"x.example.org"}, Furnish: func(leave.Tx) error {
				return errs.Operator("see to it", "what it is to begin with cannot be written")
			}},
			"too_long_slug": {Slug: strings.Repeat("x", 64), Name: "x", Hosts: []string{"x.example.org"}},
		}
		for name, n := range bad {
			if _, err := d.Create(ctx, n); !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) || errs.As(err).Hint == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		rows, err := d.List(ctx)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d customers, %v", len(rows), err)
		}
		if err := d.Suspend(ctx, "acme", tenant.Why{}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.ByHost(ctx, "acme.example.org"); !errs.Is(err, errs.Unavailable) {
			t.Errorf("suspended: %v", err)
		}
		if err := d.Resume(ctx, "acme", tenant.Why{}); err != nil {
			t.Fatal(err)
		}
		c, release, err := d.ByHost(ctx, "acme.example.org")
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		if _, err := c.Leave.Rules(ctx); err != nil {
			t.Error(err)
		}
		if err := d.Suspend(ctx, "nobody", tenant.Why{}); !errs.Is(err, errs.NotFound) || errs.As(err).Hint == "" {
			t.Errorf("unknown customer: %v", err)
		}
	})
}

// TestRootKey: an installation opens with the root key that sealed its customers' keys, and with
// no other; a lost one is never replaced. A customer from before there were keys gets some.
func TestRootKey(t *testing.T) {
	dir := t.TempDir()
	d := directory(t, "sqlite:"+dir, tenant.Options{}, "acme")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "root.key")
	key, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	place, err := store.ParsePlace("sqlite:" + dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tenant.Open(ctx, tenant.Options{Place: place, Now: time.Now, RootKey: seal.File{Path: path, Make: true}})
	if !errs.Is(err, errs.Unavailable) || errs.As(err).Hint == "" {
		t.Errorf("opened without the root key: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a lost root key was replaced")
	}
	other := "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
	if err := os.WriteFile(path, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = tenant.Open(ctx, tenant.Options{Place: place, Now: time.Now, RootKey: seal.File{Path: path}})
	if !errs.Is(err, errs.Unavailable) || errs.As(err).Hint == "" {
		t.Errorf("opened with another root key: %v", err)
	}
	if err := os.WriteFile(path, key, 0o600); err != nil {
		t.Fatal(err)
	}
	registry, err := place.Registry(ctx)
	if err != nil {
		t.Fatal(err)
	}
	old, err := registry.TenantBySlug(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	old.ID, old.Slug, old.Keys = "old", "old", ""
	old.Database, err = place.CreateDatabase(ctx, old.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := registry.CreateTenant(ctx, old, "old.example.org"); err != nil {
		t.Fatal(err)
	}
	again := reopen(t, "sqlite:"+dir, tenant.Options{})
	if _, release, err := again.BySlug(ctx, "acme"); err != nil {
		t.Errorf("opened with its own root key: %v", err)
	} else {
		release()
	}
	_, _, _ = again.BySlug(ctx, "old") // it is nobody's database, but by then it has keys
	if old, err = registry.Tenant(ctx, "old"); err != nil || old.Keys == "" {
		t.Errorf("a customer from before has keys %q: %v", old.Keys, err)
	}
	if err := registry.Close(); err != nil {
		t.Error(err)
	}
}

// TestSweep: an outbox in which something waits is woken when the service starts.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	d := directory(t, "sqlite:"+dir, tenant.Options{}, "acme", "birch")
	c, release, err := d.BySlug(ctx, "birch")
	if err != nil {
		t.Fatal(err)
	}
	submit(t, c, "2027-06-01")
	id := c.ID
	release()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	var woken []string
	again := reopen(t, "sqlite:"+dir, tenant.Options{OnOutbox: func(id string) { woken = append(woken, id) }})
	var swept []string
	if err := again.Sweep(ctx, func(slug string, err error) { swept = append(swept, fmt.Sprint(slug, " ", err)) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"acme <nil>", "birch <nil>"}, swept); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{id}, woken); diff != "" {
		t.Error(diff)
	}
}

// TestSignal: a commit that leaves something to send wakes the worker, a refusal
// does not.
func TestSignal(t *testing.T) {
	var woken atomic.Int32
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{OnOutbox: func(string) { woken.Add(1) }}, "acme")
	c, release, err := d.ByHost(ctx, "acme.example.org")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	before := woken.Load()
	submit(t, c, "2027-06-01")
	if woken.Load() != before+1 {
		t.Errorf("woken %d times by one request", woken.Load()-before)
	}
	day := calendar.MustParse("2027-06-01")
	_, err = c.Leave.Submit(ctx, storetest.Worker(0), leave.Ask{Person: people.ID("worker0"), Type: storetest.Holiday, Span: leave.Span{From: day, To: day}})
	if !errs.Is(err, errs.Conflict) || woken.Load() != before+1 {
		t.Errorf("%v; woken %d times", err, woken.Load()-before)
	}
}

// TestKeepUse keeps who was there last, to the hour, and of whom an operator works for nothing: after the loss of everything those
// that people use come back first.
func TestKeepUse(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{Now: func() time.Time { return now }}, "acme", "birch", "cedar")
	visit := func(slug string) {
		t.Helper()
		_, release, err := d.ByHost(ctx, slug+".example.org")
		if err == nil {
			release()
			err = d.KeepUse(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	order := func() (slugs string) {
		err := d.Each(ctx, func(row store.TenantRow) error { slugs += row.Slug + " "; return nil })
		if err != nil {
			t.Fatal(err)
		}
		return slugs
	}
	if got := order(); got != "acme birch cedar " {
		t.Errorf("nobody was there: %s", got)
	}
	visit("birch")
	now = now.Add(time.Minute)
	visit("cedar")
	now = now.Add(time.Minute)
	visit("birch") // within the hour
	if got := order(); got != "cedar birch acme " {
		t.Errorf("by last use: %s", got)
	}
	now = now.Add(time.Hour)
	visit("birch")
	if got := order(); got != "birch cedar acme " {
		t.Errorf("an hour later: %s", got)
	}
}
