// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/backup"
	"verlof/calendar"
	"verlof/identity"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/tenant"
)

// TestDrill_recomputes: a rule that can be read no more is damage that pages, keys and the
// database engine say nothing of: only computing balances anew finds it. What is sound is
// computed of everybody.
func TestDrill_recomputes(t *testing.T) {
	ctx, dir, depot := t.Context(), t.TempDir(), t.TempDir()
	place, err := store.ParsePlace("sqlite:" + dir)
	if err != nil {
		t.Fatal(err)
	}
	at, err := backup.ParseDepot("folder:" + depot)
	if err != nil {
		t.Fatal(err)
	}
	copies := &backup.Copies{Depot: at, Now: time.Now}
	open := func() *tenant.Directory {
		d, err := tenant.Open(ctx, tenant.Options{Place: place, RootKey: seal.File{Path: filepath.Join(dir, "root.key"), Make: true}, Now: time.Now,
			Hasher: identity.NewHasher(cheap, 2, time.Second), Plain: true, OnOpen: Carry(copies)})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	drill := func(d *tenant.Directory) (result store.Drill) {
		row, err := d.Show(ctx, "small")
		if err == nil {
			err = with(ctx, d, "small", func(c *tenant.Tenant) (err error) {
				result, err = Drill(ctx, d, copies.Log(row.ID), row.ID, c.DB())
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	d := open()
	n := tenant.New{Slug: "small", Name: "Small", Hosts: []string{"small.localhost"}, Language: "en", Accent: "#0b6e6e"}
	row, err := Sample(ctx, d, n, 5, 1, calendar.DateOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	r := drill(d)
	if r.Problem != "" || r.People != 5 || r.Balances < 5 || !r.Compared {
		t.Errorf("a sound one: %+v", r)
	}
	rounds := &Drills{Tenants: d, Copies: copies, Every: time.Hour, Ahead: 15 * time.Minute, Each: func(name string, r store.Drill, err error) {
		if err != nil || r.Problem != "" {
			t.Errorf("drill %s: %v, %+v", name, err, r)
		}
	}}
	keep := func() (Keeping, error) {
		return Keep(ctx, d, time.Hour, func(id, _ string) bool { return copies.Log(id) != nil })
	}
	if k, err := keep(); err != nil || k.Databases != 2 || k.Late != 1 { // the registry was not drilled yet
		t.Errorf("keeping up: %+v, %v", k, err)
	}
	if err := rounds.Round(ctx); err != nil {
		t.Error(err)
	}
	if k, err := keep(); err != nil || k.Databases != 2 || k.Late != 0 {
		t.Errorf("keeping up after a round: %+v, %v", k, err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	path, err := place.File(row.Database)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.ReplaceAll(text, []byte(`{"Amount":`), []byte(`{"Amount"#`))
	if bytes.Equal(text, damaged) {
		t.Fatal("no rule to damage")
	}
	if err := os.WriteFile(path, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	d = open()
	defer d.Close()
	if r = drill(d); !strings.Contains(r.Problem, "compute balances") {
		t.Errorf("a rule that cannot be read: %+v", r)
	}
}
