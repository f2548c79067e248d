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
	ctx := t.Context()
	y := newYard(t)
	d := y.open()
	n := tenant.New{Slug: "small", Name: "Small", Hosts: []string{"small.localhost"}, Language: "en", Accent: "#0b6e6e"}
	row, err := Sample(ctx, d, n, 5, 1, calendar.DateOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	r := y.drill(d)
	if r.Problem != "" || r.People != 5 || r.Balances < 5 || !r.Compared {
		t.Errorf("a sound one: %+v", r)
	}
	rounds := &Drills{Tenants: d, Copies: y.copies, Every: time.Hour, Ahead: 15 * time.Minute, Each: func(name string, r store.Drill, err error) {
		if err != nil || r.Problem != "" {
			t.Errorf("drill %s: %v, %+v", name, err, r)
		}
	}}
	keep := func() (Keeping, error) {
		return Keep(ctx, d, time.Hour, func(id, _ string) bool { return y.copies.Log(id) != nil })
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
	y.damage(row, `{"Amount":`, `{"Amount"#`)
	d = y.open()
	defer d.Close()
	if r = y.drill(d); !strings.Contains(r.Problem, "compute balances") {
		t.Errorf("a rule that cannot be read: %+v", r)
	}
}

// yard is a folder of customers with a depot beside it.
type yard struct {
	t      *testing.T
	dir    string
	place  *store.Place
	copies *backup.Copies
}

func newYard(t *testing.T) *yard {
	t.Helper()
	y := &yard{t: t, dir: t.TempDir()}
	at, err := backup.ParseDepot("folder:" + t.TempDir())
	if err == nil {
		y.place, err = store.ParsePlace("sqlite:" + y.dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	y.copies = &backup.Copies{Depot: at, Now: time.Now}
	return y
}

func (y *yard) open() *tenant.Directory {
	y.t.Helper()
	d, err := tenant.Open(y.t.Context(), tenant.Options{Place: y.place, RootKey: seal.File{Path: filepath.Join(y.dir, "root.key"), Make: true}, Now: time.Now,
		Hasher: identity.NewHasher(cheap, 2, time.Second), Plain: true, OnOpen: Carry(y.copies)})
	if err != nil {
		y.t.Fatal(err)
	}
	return d
}

// drill has the copies of the customer "small" drilled.
func (y *yard) drill(d *tenant.Directory) (result store.Drill) {
	y.t.Helper()
	ctx := y.t.Context()
	row, err := d.Show(ctx, "small")
	if err == nil {
		err = with(ctx, d, "small", func(c *tenant.Tenant) (err error) {
			result, err = Drill(ctx, d, y.copies.Log(row.ID), row.ID, c.DB())
			return err
		})
	}
	if err != nil {
		y.t.Fatal(err)
	}
	return result
}

// damage writes new in place of old in a customer's file.
func (y *yard) damage(row store.TenantRow, old, new string) {
	y.t.Helper()
	path, err := y.place.File(row.Database)
	if err != nil {
		y.t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		y.t.Fatal(err)
	}
	damaged := bytes.ReplaceAll(text, []byte(old), []byte(new))
	if bytes.Equal(text, damaged) {
		y.t.Fatal("nothing to damage")
	}
	if err := os.WriteFile(path, damaged, 0o600); err != nil {
		y.t.Fatal(err)
	}
}
