// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/leave"
	"verlof/store"
	"verlof/store/storetest"
	"verlof/tenant"
)

// ask asks for a day of leave and returns what became of it.
func ask(c *tenant.Tenant, day string) error {
	d := calendar.MustParse(day)
	_, err := c.Leave.Submit(ctx, storetest.Worker(0), leave.Ask{Person: storetest.Worker(0), Type: storetest.Holiday, Span: leave.Span{From: d, To: d}})
	return err
}

// at returns a customer as a request finds it.
func at(t *testing.T, d *tenant.Directory, host string) *tenant.Tenant {
	t.Helper()
	c, release, err := d.ByHost(ctx, host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return c
}

// TestFreeze: what another process froze is refused here with the reason, even to a request
// that came before; looking goes on; thawing ends it.
func TestFreeze(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		server := directory(t, setting, tenant.Options{}, "acme")
		console := reopen(t, setting, tenant.Options{RootKey: server.RootKey})
		before := at(t, server, "acme.example.org")
		until := time.Now().Add(time.Hour)
		if err := console.Freeze(ctx, "acme", tenant.Hold{Reason: "We check.", Until: until}, tenant.Why{By: "op"}); err != nil {
			t.Fatal(err)
		}
		if err := ask(before, "2027-06-01"); !errs.Is(err, errs.Unavailable) {
			t.Errorf("a request that was under way: %v, want unavailable", err)
		}
		now := at(t, server, "acme.example.org")
		if now.Hold == nil || now.Hold.Reason != "We check." || !now.Hold.Until.Equal(until) {
			t.Errorf("hold %+v", now.Hold)
		}
		if err := ask(now, "2027-06-01"); !errs.Is(err, errs.Unavailable) || errs.As(err).Public != "tenant.error.held.until" {
			t.Errorf("asked while frozen: %v, want unavailable with its reason", err)
		}
		if mine, err := now.Leave.Mine(ctx, storetest.Worker(0), storetest.Worker(0)); err != nil || len(mine) != 0 {
			t.Errorf("looked while frozen: %d requests, %v", len(mine), err)
		}
		if err := console.Thaw(ctx, "acme", tenant.Why{By: "op"}); err != nil {
			t.Fatal(err)
		}
		if c := at(t, server, "acme.example.org"); c.Hold != nil || ask(c, "2027-06-01") != nil {
			t.Error("nothing can be changed after thawing")
		}
		acts, err := server.Log(ctx, "acme")
		if err != nil || len(acts) != 2 || acts[0].Kind != "frozen" || acts[0].Reason != "We check." || acts[1].Kind != "thawed" {
			t.Errorf("on record: %+v, %v", acts, err)
		}
	})
}

// TestFreeze_refused: nobody is frozen without a reason, or while out of service.
func TestFreeze_refused(t *testing.T) {
	d := directory(t, "sqlite:"+t.TempDir(), tenant.Options{}, "acme")
	for reason, want := range map[string]errs.Kind{" ": errs.Invalid, strings.Repeat("x", 201): errs.Invalid} {
		if err := d.Freeze(ctx, "acme", tenant.Hold{Reason: reason}, tenant.Why{}); !errs.Is(err, want) {
			t.Errorf("reason of %d bytes: %v, want %v", len(reason), err, want)
		}
	}
	if err := d.Suspend(ctx, "acme", tenant.Why{}); err != nil {
		t.Fatal(err)
	}
	if err := d.Freeze(ctx, "acme", tenant.Hold{Reason: "x"}, tenant.Why{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("frozen while out of service: %v, want conflict", err)
	}
}

// TestRename: new names lead to the customer in a server that has it open, the old ones too
// until they are removed, and a name of somebody else is refused.
func TestRename(t *testing.T) {
	dir := "sqlite:" + t.TempDir()
	server := directory(t, dir, tenant.Options{}, "acme", "birch")
	console := reopen(t, dir, tenant.Options{RootKey: server.RootKey})
	at(t, server, "acme.example.org")
	why := tenant.Why{By: "op", Reason: "merger"}
	info, err := console.Rename(ctx, "acme", tenant.Names{Slug: "bolt", Main: "Bolt.Example.org"}, why)
	if err != nil || strings.Join(info.Hosts, " ") != "bolt.example.org acme.example.org" {
		t.Fatalf("%v, %v", info.Hosts, err)
	}
	for _, host := range []string{"bolt.example.org", "acme.example.org"} {
		if c := at(t, server, host); c.Slug != "bolt" || c.Site != "https://bolt.example.org" || c.At("acme.example.org") {
			t.Errorf("at %s: %s, %s", host, c.Slug, c.Site)
		}
	}
	for name, n := range map[string]tenant.Names{
		"slug": {Slug: "birch"}, "host": {Add: []string{"birch.example.org"}},
	} {
		if _, err := console.Rename(ctx, "bolt", n, why); !errs.Is(err, errs.Conflict) || errs.As(err).Hint == "" || strings.Contains(err.Error(), "bolt") {
			t.Errorf("%s of somebody else: %v, want conflict, and none of its own names", name, err)
		}
	}
	for name, n := range map[string]tenant.Names{
		"no slug": {Slug: "No Slug"}, "no host": {Main: "a b"}, "an address": {Main: "https://bolt.example"},
		"with a port": {Add: []string{"bolt.example:8443"}}, "not its own": {Remove: []string{"birch.example.org"}},
		"the last": {Remove: []string{"bolt.example.org", "acme.example.org"}},
	} {
		if _, err := console.Rename(ctx, "bolt", n, why); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
	if _, err := console.Rename(ctx, "bolt", tenant.Names{Remove: []string{"acme.example.org"}}, why); err != nil {
		t.Fatal(err)
	}
	if _, _, err := server.ByHost(ctx, "acme.example.org"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a name that was removed: %v, want not found", err)
	}
}

// TestFreeze_cutShort: whoever brought a frozen customer up to date was killed after the last step, before the database took no
// changes again; so was whoever froze one, or thawed it, after the registry said so. The next process that opens it does what
// the registry says; one that is being left for another database stays as it is.
func TestFreeze_cutShort(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		d := directory(t, setting, tenant.Options{}, "acme")
		if err := d.Freeze(ctx, "acme", tenant.Hold{Reason: "We check."}, tenant.Why{}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ left, want store.Shut }{{"", store.ShutFrozen}, {store.ShutFrozen, store.ShutFrozen}, {store.ShutMoved, store.ShutMoved}} {
			if err := at(t, d, "acme.example.org").DB().Shut(ctx, c.left); err != nil {
				t.Fatal(err)
			}
			next := reopen(t, setting, tenant.Options{RootKey: d.RootKey})
			var is store.Shut
			err := at(t, next, "acme.example.org").DB().View(ctx, func(tx *store.Tx) (err error) {
				is, err = tx.WhyShut()
				return err
			})
			if err != nil || is != c.want {
				t.Errorf("left %q, it is %q, %v; want %q", c.left, is, err, c.want)
			}
		}
		if err := at(t, d, "acme.example.org").DB().Shut(ctx, ""); err != nil {
			t.Fatal(err)
		}
		next := reopen(t, setting, tenant.Options{RootKey: d.RootKey})
		if err := ask(at(t, next, "acme.example.org"), "2027-06-01"); !errs.Is(err, errs.Unavailable) {
			t.Errorf("asked while frozen: %v, want unavailable", err)
		}
		if err := next.Thaw(ctx, "acme", tenant.Why{}); err != nil {
			t.Fatal(err)
		}
		if err := ask(at(t, next, "acme.example.org"), "2027-06-01"); err != nil {
			t.Errorf("asked after thawing: %v", err)
		}
		if err := at(t, next, "acme.example.org").DB().Shut(ctx, store.ShutFrozen); err != nil { // whoever thawed it came so far
			t.Fatal(err)
		}
		last := reopen(t, setting, tenant.Options{RootKey: d.RootKey})
		if err := ask(at(t, last, "acme.example.org"), "2027-06-02"); err != nil {
			t.Errorf("asked after thawing was cut short: %v", err)
		}
	})
}
