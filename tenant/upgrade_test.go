// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/errs"
	"verlof/store"
	"verlof/store/migration"
	"verlof/store/storetest"
	"verlof/tenant"
)

// release has the program be one that knows more steps, until the test ends.
func release(t *testing.T, more map[string]string) {
	t.Helper()
	t.Cleanup(func() { migration.Tenant = known })
	migration.Tenant = known
	migration.Tenant = storetest.Later(more)
}

// known are the steps of this release.
var known = migration.Tenant

// good is what a later release brings; bad cannot be done where there are people.
var (
	good = map[string]string{"9001_good.sql": "CREATE TABLE later (id TEXT PRIMARY KEY NOT NULL);\nINSERT INTO later (id) SELECT id FROM person;\n"}
	bad  = map[string]string{"9001_good.sql": good["9001_good.sql"], "9002_bad.sql": "INSERT INTO later (id) SELECT 'same' FROM person;\n"}
)

// days returns how many requests a customer has, looked at by whoever may open it.
func days(t *testing.T, d *tenant.Directory, slug string) (n int, err error) {
	t.Helper()
	c, release, err := d.ByHost(ctx, slug+".example.org")
	if err != nil {
		return 0, err
	}
	defer release()
	list, err := c.Leave.Mine(ctx, storetest.Worker(0), storetest.Worker(0))
	return len(list), err
}

// upgrading opens customers as the release before made them, each with a request.
func upgrading(t *testing.T, setting string, o tenant.Options, slugs ...string) *tenant.Directory {
	t.Helper()
	o.Place = mustPlace(t, setting)
	o.Place.Bound(4)
	d := directory(t, setting, o, slugs...)
	for _, slug := range slugs {
		c, release, err := d.BySlug(ctx, slug)
		if err != nil {
			t.Fatal(err)
		}
		submit(t, c, "2027-06-01")
		release()
	}
	return d
}

func mustPlace(t *testing.T, setting string) *store.Place {
	t.Helper()
	p, err := store.ParsePlace(setting)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestUpgrade brings a customer up to date when somebody comes to its site, with a snapshot before it, and puts it back.
func TestUpgrade(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		d := upgrading(t, setting, tenant.Options{}, "acme")
		before := migration.Tenant.Version
		release(t, good)
		other := reopen(t, setting, tenant.Options{Place: d.Place, RootKey: d.RootKey, OnMigrated: func(_ string, m tenant.Migration, err error) {
			if err != nil || !m.Good() || m.Bytes == 0 || m.Saved == 0 {
				t.Errorf("%+v, %v", m, err)
			}
		}}) // the process after the update
		c, done, err := other.ByHost(ctx, "acme.example.org")
		if err != nil {
			t.Fatal(err)
		}
		submit(t, c, "2027-06-08")
		done()
		if n, err := days(t, d, "acme"); n != 2 || err != nil {
			t.Errorf("the process of the release before sees %d requests, %v", n, err)
		}
		b, err := other.MayGoBack(ctx, "acme")
		if err != nil || b.From != before || b.Lost["leave.request.asked"] == 0 {
			t.Fatalf("going back: %+v, %v", b, err)
		}
		now, err := other.GoBack(ctx, "acme", b, tenant.Why{By: "anna"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := days(t, other, "acme"); !errs.Is(err, errs.Unavailable) || errs.As(err).Public != "store.error.newer" {
			t.Errorf("put back, and this release: %v, want Unavailable", err)
		}
		if all, err := other.Migrations(ctx); err != nil || !all[0].Back || len(all[0].Steps) != 1 || all[0].Database != now {
			t.Errorf("put back: %+v, %v", all, err)
		}
		if run, err := other.BringUp(ctx, "acme", "anna"); err != nil || run == nil || run.By != "anna" {
			t.Errorf("asked for: %+v, %v", run, err)
		}
		if n, err := days(t, other, "acme"); n != 1 || err != nil {
			t.Errorf("%d requests, %v: want the one from before", n, err)
		}
	})
}

// TestUpgrade_fails has one customer's migration fail: it stays whole on its schema, and the others are served.
func TestUpgrade_fails(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		slugs := []string{"acme", "birch"}
		if !strings.HasPrefix(setting, "sqlite:") {
			slugs = slugs[:1] // making databases takes long there
		}
		d := upgrading(t, setting, tenant.Options{}, slugs...)
		before := migration.Tenant.Version
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		calls := 0
		release(t, bad)
		d = reopen(t, setting, tenant.Options{Place: d.Place, RootKey: d.RootKey, OnMigrated: func(string, tenant.Migration, error) { calls++ }})
		for range 2 {
			_, err := days(t, d, "acme")
			if e := errs.As(err); !errs.Is(err, errs.Unavailable) || e.Public != "store.error.newer" || !strings.Contains(e.Hint, "verlof migrate acme") {
				t.Errorf("a migration that fails: %v", err)
			}
		}
		if calls != 1 {
			t.Errorf("tried %d times, want once", calls)
		}
		all, err := d.Migrations(ctx)
		if err != nil || all[0].SchemaVersion != before || all[0].Last == nil || !strings.Contains(all[0].Last.Problem, "nothing was done") || all[0].Last.Snapshot != "" {
			t.Errorf("%+v, %v", all, err)
		}
		if left := snapshots(t, setting); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
		release(t, good)
		d = reopen(t, setting, tenant.Options{Place: d.Place, RootKey: d.RootKey})
		for _, slug := range slugs {
			if n, err := days(t, d, slug); n != 1 || err != nil {
				t.Errorf("%s after the step was mended: %d requests, %v", slug, n, err)
			}
		}
	})
}

// snapshots returns the folders of snapshots in a place of files.
func snapshots(t *testing.T, setting string) (found []string) {
	t.Helper()
	dir, ok := strings.CutPrefix(setting, "sqlite:")
	if !ok {
		return nil
	}
	found, err := filepath.Glob(filepath.Join(dir, "tenants", "*", "before", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestUpgrade_policy brings only those up to date whom the policy names, and serves those that this program can work with.
func TestUpgrade_policy(t *testing.T) {
	later := map[string]string{"9001_index.sql": "-- later: faster with it\nCREATE INDEX later ON person (id, email);\n"}
	setting := "sqlite:" + t.TempDir()
	d := upgrading(t, setting, tenant.Options{}, "acme", "birch")
	if err := d.SetCanary(ctx, "birch", true, tenant.Why{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		policy tenant.Policy
		steps  map[string]string
		acme   errs.Kind // 0: served
		behind []string
	}{
		{"never_needed", tenant.MigrateNever, good, errs.Unavailable, []string{"acme", "birch"}},
		{"never_later", tenant.MigrateNever, later, 0, []string{"acme", "birch"}},
		{"canary_needed", tenant.MigrateCanary, good, errs.Unavailable, []string{"acme"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			release(t, c.steps)
			d := reopen(t, setting, tenant.Options{RootKey: d.RootKey, Policy: c.policy})
			_, err := days(t, d, "acme")
			if c.acme == 0 && err != nil || c.acme != 0 && !errs.Is(err, c.acme) {
				t.Errorf("acme: %v", err)
			}
			_, _ = days(t, d, "birch") // a canary where that counts
			all, err := d.Migrations(ctx)
			var behind []string
			for _, b := range all {
				if len(b.Steps) > 0 {
					behind = append(behind, b.Slug)
				}
			}
			if err != nil || !slices.Equal(behind, c.behind) {
				t.Errorf("behind: %v, %v; want %v", behind, err, c.behind)
			}
		})
	}
}

// TestUpgrade_finds has the rehearsal find what a step did that no engine minds.
func TestUpgrade_finds(t *testing.T) {
	setting := "sqlite:" + t.TempDir()
	d := upgrading(t, setting, tenant.Options{}, "acme")
	for name, step := range map[string]string{
		"rows":       "DELETE FROM leave_request;\n",
		"statements": "ALTER TABLE leave_request DROP COLUMN note;\n",
	} {
		t.Run(name, func(t *testing.T) {
			release(t, map[string]string{"9001_bad.sql": step})
			d := reopen(t, setting, tenant.Options{RootKey: d.RootKey})
			if _, err := d.BringUp(ctx, "acme", "anna"); err == nil || !strings.Contains(err.Error(), "tried out") {
				t.Errorf("brought up to date: %v", err)
			}
		})
	}
	if n, err := days(t, d, "acme"); n != 1 || err != nil {
		t.Errorf("%d requests, %v", n, err)
	}
}

// TestUpgrade_cutShort goes on after some steps with the snapshot from before them, and takes it away when it is old.
func TestUpgrade_cutShort(t *testing.T) {
	setting := "sqlite:" + t.TempDir()
	now := time.Now()
	d := upgrading(t, setting, tenant.Options{}, "acme")
	before := migration.Tenant.Version
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	release(t, good)
	d = reopen(t, setting, tenant.Options{RootKey: d.RootKey, Now: func() time.Time { return now }})
	run, err := d.BringUp(ctx, "acme", "anna")
	if err != nil || run.From != before {
		t.Fatalf("%+v, %v", run, err)
	}
	if n, err := d.ForgetSnapshots(ctx); n != 0 || err != nil {
		t.Errorf("%d snapshots taken away at once, %v", n, err)
	}
	now = now.Add(15 * 24 * time.Hour)
	if n, err := d.ForgetSnapshots(ctx); n != 1 || err != nil || len(snapshots(t, setting)) != 0 {
		t.Errorf("%d snapshots taken away, %v; left: %v", n, err, snapshots(t, setting))
	}
	if _, err := d.MayGoBack(ctx, "acme"); !errs.Is(err, errs.NotFound) {
		t.Errorf("going back without a snapshot: %v", err)
	}
	if _, err := os.Stat(filepath.Join(strings.TrimPrefix(setting, "sqlite:"), "tenants")); errors.Is(err, os.ErrNotExist) {
		t.Error("the customers' folder went with them")
	}
}

// TestUpgrade_held keeps what an operator puts on record of a customer while it is brought up to date after it was put back.
func TestUpgrade_held(t *testing.T) {
	setting := "sqlite:" + t.TempDir()
	d := upgrading(t, setting, tenant.Options{}, "acme")
	release(t, good)
	var then func()
	now := func() time.Time {
		if f := then; f != nil {
			then = nil
			f()
		}
		return time.Now()
	}
	other := reopen(t, setting, tenant.Options{Place: d.Place, RootKey: d.RootKey, Now: now})
	if _, err := days(t, other, "acme"); err != nil {
		t.Fatal(err)
	}
	b, err := other.MayGoBack(ctx, "acme")
	if err == nil {
		_, err = other.GoBack(ctx, "acme", b, tenant.Why{By: "anna"})
	}
	if err != nil {
		t.Fatal(err)
	}
	then = func() {
		if err := d.Preserve(ctx, "acme", time.Time{}, tenant.Why{By: "anna", Reason: "case 12"}); err != nil {
			t.Error(err)
		}
	}
	if _, err := other.BringUp(ctx, "acme", "anna"); err != nil || then != nil {
		t.Fatalf("brought up to date: %v", err)
	}
	info, err := d.Show(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	if terms, err := tenant.TermsOf(info.TenantRow); err != nil || terms.Legal == nil {
		t.Errorf("the legal hold is gone: %+v, %v", terms, err)
	}
	if all, err := d.Migrations(ctx); err != nil || all[0].Back {
		t.Errorf("it is still one that was put back: %+v, %v", all, err)
	}
}
