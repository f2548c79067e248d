// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/pgtest"
	"verlof/tenant"
)

// TestQuarantine_server: a customer on a PostgreSQL server is put aside as one in SQLite is, frozen as it is
// at that moment; the copy opens for a grant alone, beside its own on the server. When it is
// destroyed nothing of it is left there: no state that was had back and never used, no opened copy,
// no role.
func TestQuarantine_server(t *testing.T) {
	address := pgtest.URL(t)
	d := directoryIn(t, address, day)
	d.Folder = t.TempDir()
	for _, slug := range []string{"acme", "birch"} {
		if _, err := Create(t.Context(), d, customer(slug)); err != nil {
			t.Fatal(err)
		}
	}
	n := &neighbours{Directory: d, t: t}
	ctx, why := t.Context(), tenant.Why{By: "op", Reason: "case 118"}
	if err := d.Freeze(ctx, "acme", tenant.Hold{Reason: "case 118"}, why); err != nil {
		t.Fatal(err)
	}
	q, err := Quarantine(ctx, d, "acme", why)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Thaw(ctx, "acme", why); err != nil {
		t.Fatal(err)
	}
	row := must(d.Show(ctx, "acme"))
	own := filepath.Join(d.Folder, "tenants", row.ID)
	sealed := filepath.Join(own, "quarantine", q.Name+sealedEnd)
	text := must(os.ReadFile(sealed))
	if bytes.Contains(text, []byte("SQLite")) || int64(len(text)) < q.Bytes || q.Bytes == 0 {
		t.Error("the copy is not sealed, or not whole")
	}
	now := n.Now()
	d.Now = func() time.Time { return now }
	g := NewGrant{Slug: "acme", To: "M. Jansen", Until: now.Add(time.Hour), Host: localhost}
	o, err := Grant(ctx, d, g, why)
	if err != nil {
		t.Fatal(err)
	}
	n.looks(t, o)
	now = now.Add(2 * time.Hour)
	if err := EndGrants(ctx, d, "acme"); err != nil {
		t.Fatal(err)
	}
	const ofAcme = "SELECT count(*) FROM pg_database WHERE datname LIKE '%' || $id || '%'"
	ask := func(query string) string {
		return pgtest.Ask(t, address, strings.ReplaceAll(query, "$id", "'"+row.ID+"'"))
	}
	if got := ask(ofAcme); got != "1" {
		t.Errorf("%s databases when the grant has ended", got)
	}
	g.Until = now.Add(time.Hour)
	changed := bytes.Clone(text)
	changed[len(changed)/2] ^= 1
	if err := os.WriteFile(sealed, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Grant(ctx, d, g, why); !errs.Is(err, errs.Invalid) || ask(ofAcme) != "1" {
		t.Errorf("a changed copy: %v", err)
	}
	if left := must(os.ReadDir(filepath.Dir(sealed))); len(left) != 1 {
		t.Errorf("left in clear text: %v", left)
	}
	if err := os.WriteFile(sealed, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Grant(ctx, d, g, why); err != nil {
		t.Fatal(err)
	}
	if _, err := d.TakeFrom(ctx, "acme", "never_used", "birch"); err != nil {
		t.Fatal(err)
	}
	destroyedOnServer(t, d, ask)
	if _, err := os.Stat(own); err == nil {
		t.Error("its folder is left")
	}
}

// destroyedOnServer destroys acme, with all that is on the server.
func destroyedOnServer(t *testing.T, d *tenant.Directory, ask func(string) string) {
	t.Helper()
	ctx := t.Context()
	const roles = "SELECT count(*) FROM pg_roles WHERE rolname LIKE '%' || $id || '%'"
	if got := ask(roles); got != "2" {
		t.Fatalf("%s roles before", got)
	}
	if err := d.BeginClose(ctx, "acme", d.Now().AddDate(0, 0, 30), false, destroys); err != nil {
		t.Fatal(err)
	}
	cert, _, err := Destroy(ctx, d, nil, "acme", Destruction{Now: true}, destroys)
	if err != nil {
		t.Fatal(err)
	}
	if len(cert.Databases) != 3 {
		t.Errorf("the certificate names %v", cert.Databases)
	}
	if got := ask("SELECT count(*) FROM pg_database WHERE datname LIKE '%' || $id || '%'"); got != "0" {
		t.Errorf("%s databases are left", got)
	}
	if got := ask(roles); got != "0" {
		t.Errorf("%s roles are left", got)
	}
	stand(t, open(t, d, "birch"), "2026-12-31")
}
