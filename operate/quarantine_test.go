// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"verlof/errs"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
)

// TestQuarantine: a copy is put aside sealed; it opens for a grant alone, which ends, and each
// look is on record. Another customer's copy, and one that was changed, do not open.
func TestQuarantine(t *testing.T) {
	n := newNeighbours(t)
	ctx, why := t.Context(), tenant.Why{By: "op", Reason: "case 118"}
	if _, err := Quarantine(ctx, n.Directory, "acme", tenant.Why{By: "op"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	q, err := Quarantine(ctx, n.Directory, "acme", why)
	if err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(n.dir, "tenants", n.acme.ID, "quarantine", q.Name+".sealed")
	text := must(os.ReadFile(mine))
	if bytes.Contains(text, []byte("SQLite")) || int64(len(text)) < q.Bytes {
		t.Error("the copy is not sealed, or not whole")
	}
	now := n.Now()
	n.Directory.Now = func() time.Time { return now }
	g := NewGrant{Slug: "acme", To: "M. Jansen", Until: now.Add(time.Hour), Host: localhost}
	n.refused(t, g, why)
	o, err := Grant(ctx, n.Directory, g, why)
	if err != nil {
		t.Fatal(err)
	}
	n.looks(t, o)
	now = now.Add(2 * time.Hour)
	if _, _, err := n.PastByHost(ctx, o.Past.Host); !errs.Is(err, errs.NotFound) {
		t.Errorf("after its end: %v", err)
	}
	if err := EndGrants(ctx, n.Directory, "acme"); err != nil {
		t.Fatal(err)
	}
	g.Until = now.Add(time.Hour)
	if _, err := Grant(ctx, n.Directory, g, why); err != nil {
		t.Fatal(err)
	}
	if ended, err := Revoke(ctx, n.Directory, "acme", why); err != nil || ended != 1 {
		t.Errorf("%d grants were revoked, %v", ended, err)
	}
	if left := must(filepath.Glob(filepath.Join(n.dir, "tenants", n.acme.ID, "restored", "*"))); len(left) > 0 {
		t.Errorf("opened copies are left: %v", left)
	}
	n.swapped(t, g, mine, why)
}

// refused asks for grants that have no end, reason or name.
func (n *neighbours) refused(t *testing.T, g NewGrant, why tenant.Why) {
	t.Helper()
	for name, c := range map[string]struct {
		change func(*NewGrant)
		why    tenant.Why
	}{
		"no name":     {func(g *NewGrant) { g.To = " " }, why},
		"no reason":   {func(*NewGrant) {}, tenant.Why{By: "op"}},
		"no end":      {func(g *NewGrant) { g.Until = time.Time{} }, why},
		"over a year": {func(g *NewGrant) { g.Until = g.Until.AddDate(1, 0, 0) }, why},
		"no copy":     {func(g *NewGrant) { g.Copy = "other" }, why},
		"no copies":   {func(g *NewGrant) { g.Slug = "birch" }, why},
	} {
		g := g
		c.change(&g)
		if o, err := Grant(t.Context(), n.Directory, g, c.why); !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: granted %+v, %v", name, o, err)
		}
	}
}

// looks has somebody look at a copy by the link of a grant, and a system manager not.
func (n *neighbours) looks(t *testing.T, o Viewed) {
	t.Helper()
	ctx := t.Context()
	c, release, err := n.PastByHost(ctx, o.Past.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	link := must(url.Parse(o.Link)).Query().Get("pass")
	session, err := c.Enter(ctx, link)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Enter(ctx, link); !errs.Is(err, errs.NotFound) {
		t.Errorf("the link again: %v", err)
	}
	who, err := c.Looker(ctx, session)
	if err != nil || who.GivenName != "M. Jansen" {
		t.Fatalf("who looks: %+v, %v", who, err)
	}
	if err := c.NoteLook(ctx, who, "/people"); err != nil {
		t.Fatal(err)
	}
	if err := c.People.SaveSettings(ctx, who.ID, people.Settings{Name: "Other", Language: "en"}); err == nil {
		t.Error("something was changed")
	}
	all, err := n.AllLooks(ctx, "acme", 10)
	if err != nil || len(all) != 1 || all[0].Who != "M. Jansen" || all[0].Page != "/people" || all[0].Of.Reason != "M. Jansen: case 118" {
		t.Errorf("on record: %+v, %v", all, err)
	}
	if key, _ := c.Past.Sentence(time.UTC); key != "tenant.quarantine" {
		t.Errorf("above the pages stands %s", key)
	}
	live := open(t, n.Directory, "acme")
	var persons []people.Person
	if err := live.Leave.Store.View(ctx, func(tx leave.Tx) (err error) { persons, err = tx.Persons(); return err }); err != nil {
		t.Fatal(err)
	}
	for _, p := range persons {
		if p.Roles.Has(people.SystemManager) {
			if _, err := live.Compare(ctx, p.ID, o.Past.ID, ""); !errs.Is(err, errs.NotFound) {
				t.Errorf("a system manager compares: %v", err)
			}
			if _, err := live.StepOver(ctx, p.ID, "any", o.Past.ID); !errs.Is(err, errs.NotFound) {
				t.Errorf("a system manager steps over: %v", err)
			}
			return
		}
	}
	t.Error("there is no system manager to try it")
}

// swapped puts a changed copy, one under another name, and one of another customer in place.
func (n *neighbours) swapped(t *testing.T, g NewGrant, mine string, why tenant.Why) {
	t.Helper()
	other := must(Quarantine(t.Context(), n.Directory, "birch", why))
	theirs := must(os.ReadFile(filepath.Join(n.dir, "tenants", n.birch.ID, "quarantine", other.Name+".sealed")))
	good := must(os.ReadFile(mine))
	changed := bytes.Clone(good)
	changed[len(changed)/2] ^= 1
	renamed := filepath.Join(filepath.Dir(mine), "20200101-000000.sealed")
	for name, c := range map[string]struct {
		path string
		text []byte
	}{
		"another customer's": {mine, theirs}, "changed": {mine, changed}, "cut": {mine, good[:len(good)-1]}, "another name": {renamed, good},
	} {
		if err := os.WriteFile(c.path, c.text, 0o600); err != nil {
			t.Fatal(err)
		}
		g.Copy = filepath.Base(c.path[:len(c.path)-len(".sealed")])
		if _, err := Grant(t.Context(), n.Directory, g, why); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
