// SPDX-License-Identifier: Apache-2.0

package tenant_test

import (
	"strings"
	"testing"

	"verlof/internal/pgtest"
	"verlof/store"
	"verlof/tenant"
)

// TestBroughtOver: a customer of PostgreSQL that was made before customers had roles of their
// own gets them when it is opened, and stays as it was.
func TestBroughtOver(t *testing.T) {
	setting := pgtest.URL(t)
	d := directory(t, setting, tenant.Options{}, "acme")
	c, release, err := d.BySlug(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	r := submit(t, c, "2027-06-01")
	release()
	info, err := d.Show(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	dsn, err := d.Place.DSN(info.Database)
	if err != nil {
		t.Fatal(err)
	}
	_, name, _ := strings.Cut(info.Database, ":")
	for _, statement := range []string{`ALTER DATABASE "%" OWNER TO CURRENT_USER`, `REASSIGN OWNED BY "%_owner" TO CURRENT_USER`,
		`DROP OWNED BY "%_owner"`, `DROP OWNED BY "%_web"`, `DROP ROLE "%_owner", "%_web"`} {
		pgtest.Ask(t, dsn, strings.ReplaceAll(statement, "%", name))
	}
	again := reopen(t, setting, tenant.Options{RootKey: d.RootKey})
	c, release, err = again.BySlug(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := c.Leave.Detail(ctx, "admin", r.ID); err != nil {
		t.Errorf("what was there: %v", err)
	}
	if got := pgtest.Ask(t, dsn, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"); got != name+"_owner" {
		t.Errorf("the database belongs to %q", got)
	}
}

// TestClusters: customers are spread over the servers there are, may be placed on one, and
// move from one to another; the registry keeps names.
func TestClusters(t *testing.T) {
	place, err := store.ParsePlace(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := place.AddCluster("east", pgtest.URL(t)); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"east", "home", "Not one", ""} {
		if err := place.AddCluster(bad, "postgres://db/verlof"); err == nil {
			t.Errorf("a cluster called %q", bad)
		}
	}
	d := reopen(t, "", tenant.Options{Place: place})
	create := func(slug, cluster string) string {
		t.Helper()
		row, err := d.Create(ctx, tenant.New{Slug: slug, Name: slug, Hosts: []string{slug + ".example.org"}, Language: "en", Cluster: cluster})
		if err != nil {
			t.Fatal(err)
		}
		return d.Place.ClusterOf(row.Database)
	}
	for _, c := range [][3]string{{"acme", "east", "east"}, {"birch", "", "home"}, {"cedar", "", "home"}} {
		if got := create(c[0], c[1]); got != c[2] {
			t.Errorf("%s is on %s, want %s", c[0], got, c[2])
		}
		if c[0] == "birch" {
			if _, err := d.Move(ctx, "acme", "cluster:home", patient, tenant.Why{}); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Move(ctx, "birch", "cluster:east", patient, tenant.Why{}); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Move(ctx, "acme", "cluster:east", patient, tenant.Why{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	info, err := d.Show(ctx, "birch")
	if err != nil || !strings.HasPrefix(info.Database, "cluster:east/") {
		t.Errorf("the registry keeps %q, %v", info.Database, err)
	}
	if _, err := d.Create(ctx, tenant.New{Slug: "x", Name: "x", Hosts: []string{"x.example.org"}, Language: "en", Cluster: "west"}); err == nil {
		t.Error("made on a cluster that is not there")
	}
	c, release, err := d.BySlug(ctx, "birch")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := c.People.Settings(ctx); err != nil {
		t.Error(err)
	}
}
