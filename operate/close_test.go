// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/backup"
	"verlof/errs"
	"verlof/internal/disk"
	"verlof/store"
	"verlof/tenant"
)

// leaver is an installation of which acme leaves, with copies at two depots.
type leaver struct {
	*neighbours
	copies *backup.Copies
	away   string
}

func newLeaver(t *testing.T) *leaver {
	t.Helper()
	l := &leaver{neighbours: newNeighbours(t), away: t.TempDir()}
	offsite := must(backup.ParseDepot("folder:" + l.away))
	l.copies = &backup.Copies{Depot: l.at, Wholes: []backup.Depot{l.at, offsite}, Held: l.Held, Now: l.Now}
	l.OnOpen = Carry(l.copies)
	l.OnOpen(tenant.RegistryID, l.RegistryKey, l.Registry())
	for _, slug := range []string{"acme", "birch"} {
		l.evict(slug)
		err := with(t.Context(), l.Directory, slug, func(*tenant.Tenant) error {
			log := l.copies.Log(map[string]string{"acme": l.acme.ID, "birch": l.birch.ID}[slug])
			return errors.Join(log.Upkeep(t.Context(), true), log.TakeWholes(t.Context()))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	registry := l.copies.Log(tenant.RegistryID)
	if err := errors.Join(registry.Upkeep(t.Context(), true), registry.TakeWholes(t.Context())); err != nil {
		t.Fatal(err)
	}
	return l
}

// evict has a customer be opened anew.
func (l *leaver) evict(slug string) {
	w := tenant.Why{By: "op", Reason: "test"}
	if err := errors.Join(l.Suspend(l.t.Context(), slug, w), l.Resume(l.t.Context(), slug, w)); err != nil {
		l.t.Fatal(err)
	}
}

// past opens a past state of a customer and returns its host name. It stays open until release.
func (l *leaver) past(t *testing.T, slug string) (host string, release func()) {
	t.Helper()
	host = "past.localhost"
	info := must(l.Show(t.Context(), slug))
	n := tenant.NewPast{Database: info.Database, Host: host, Kind: tenant.KindRestored, State: l.Now(), For: time.Hour}
	if _, err := l.OpenPast(t.Context(), slug, n, destroys); err != nil {
		t.Fatal(err)
	}
	_, release, err := l.PastByHost(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	return host, release
}

// everything copies what there is of the installation: what somebody may have taken before.
func (l *leaver) everything() string {
	l.t.Helper()
	to := l.t.TempDir()
	for name, from := range map[string]string{"data": l.dir, "second": l.second, "away": l.away} {
		if err := os.CopyFS(filepath.Join(to, name), os.DirFS(from)); err != nil {
			l.t.Fatal(err)
		}
	}
	return to
}

// holding returns the files below folders of whose path one thing is a part, or of whose
// content another.
func holding(t *testing.T, part, content string, folders ...string) (found []string) {
	t.Helper()
	for _, dir := range folders {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			if strings.Contains(path, part) || bytes.Contains(must(os.ReadFile(path)), []byte(content)) {
				found = append(found, path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

var destroys = tenant.Why{By: "op", Reason: "the contract ended"}

// TestDestroy closes a customer and destroys it: no file of the installation or its depots has its keys or
// anything that they sealed, no copy of the registry has its keys, and what somebody took away before
// opens no more once the root key was replaced. The neighbour notices nothing.
func TestDestroy(t *testing.T) {
	l := newLeaver(t)
	ctx := t.Context()
	if err := l.BeginClose(ctx, "acme", l.Now().AddDate(0, 0, 30), false, destroys); err != nil {
		t.Fatal(err)
	}
	past, release := l.past(t, "acme")
	defer release()
	taken := l.everything()
	row := must(l.Show(ctx, "acme"))
	cert, signed, err := Destroy(ctx, l.Directory, l.copies, "acme", Destruction{Now: true}, destroys)
	if err != nil {
		t.Fatal(err)
	}
	if len(cert.Keys) != 1 || len(cert.Copies) != 2 || cert.Copies[0].Objects == 0 || cert.Copies[1].Objects == 0 || len(cert.Registry) != 2 || cert.Registry[0].Objects == 0 {
		t.Errorf("the certificate says %+v", cert)
	}
	verified(t, l, signed)
	if found := holding(t, "no such path", row.Keys, taken); len(found) == 0 {
		t.Fatal("the test shows nothing: the keys were in no file before either")
	}
	if found := holding(t, "/"+l.acme.ID+"/", row.Keys, l.dir, l.second, l.away); found != nil {
		t.Errorf("left behind: %v", found)
	}
	if _, _, err := l.PastByHost(ctx, past); !errs.Is(err, errs.NotFound) {
		t.Errorf("a past state that is open still: %v", err)
	}
	l.unreadable(t)
	away := l.copies.Places()[1]
	if err := away.Put(ctx, l.acme.ID+"/log/late", strings.NewReader("put by a process that was killed then")); err != nil {
		t.Fatal(err)
	}
	if n, err := ForgetEnded(ctx, l.Directory, l.copies); n != 1 || err != nil {
		t.Errorf("%d objects of customers that were destroyed are found, %v; want 1", n, err)
	}
	if again, _, err := Destroy(ctx, l.Directory, l.copies, "acme", Destruction{}, destroys); err != nil || again.Keys[0] != cert.Keys[0] {
		t.Errorf("run again: %v, %v", again.Keys, err)
	}
	l.stolen(t, taken, false)
	if _, err := l.RotateRoot(ctx, destroys); err != nil {
		t.Fatal(err)
	}
	if _, err := l.PruneRoot(ctx, must(l.RootState(ctx)).Newest, destroys); err != nil {
		t.Fatal(err)
	}
	l.stolen(t, taken, true)
	stand(t, open(t, l.Directory, "birch"), "2026-12-31")
}

// unreadable demands that nobody opens the customer any more, and that every registry that the depots have has no
// keys of it.
func (l *leaver) unreadable(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	if _, _, err := l.CopyKey(ctx, "acme"); !errs.Is(err, errs.NotFound) {
		t.Errorf("its keys: %v", err)
	}
	if _, _, err := l.ByHost(ctx, "acme.localhost"); !errs.Is(err, errs.NotFound) {
		t.Errorf("its host name: %v", err)
	}
	for _, at := range l.copies.Places() {
		for i, restore := range []func(context backup.Kept, path string) error{
			func(k backup.Kept, path string) error { _, err := k.RestoreNewest(ctx, path); return err },
			func(k backup.Kept, path string) error {
				_, err := k.RestoreWhole(ctx, time.Unix(1<<40, 0), path)
				return err
			},
		} {
			dir := t.TempDir()
			if err := restore(backup.Kept{At: at, ID: tenant.RegistryID, Sealer: l.RegistryKey()}, filepath.Join(dir, "registry.db")); err != nil {
				t.Errorf("%s, %d: %v", at, i, err)
				continue
			}
			r := must(must(store.ParsePlace("sqlite:" + dir)).Registry(ctx))
			if row, err := r.Tenant(ctx, l.acme.ID); err != nil || row.Keys != "" || row.State != store.StateClosed {
				t.Errorf("in a copy of the registry at %s it is %s, with keys %q, %v", at, row.State, row.Keys, err)
			}
			_ = r.Close()
		}
		_, err := backup.Kept{At: at, ID: tenant.RegistryID, Sealer: l.RegistryKey()}.Restore(ctx, l.Now().Add(-time.Hour), filepath.Join(t.TempDir(), "registry.db"))
		if err == nil {
			t.Error("an earlier registry can be had back")
		}
	}
}

// stolen opens what somebody took away before with the root key as it is now. That works until
// the root key was replaced, or the test shows nothing.
func (l *leaver) stolen(t *testing.T, taken string, closed bool) {
	t.Helper()
	ctx := t.Context()
	root := must(l.RootKey.Root(func() (bool, error) { return true, nil }))
	r := must(must(store.ParsePlace("sqlite:" + filepath.Join(taken, "data"))).Registry(ctx))
	defer r.Close()
	row := must(r.Tenant(ctx, l.acme.ID))
	keys, err := root.Keys(row.ID, row.Keys)
	if closed {
		if err == nil {
			t.Error("an older registry opens the keys although the root key was replaced")
		}
		keys = must(root.Keys(row.ID, must(root.NewKeys(row.ID))))
	} else if err != nil {
		t.Fatalf("the test shows nothing: %v", err)
	}
	for _, place := range []string{"second", "away"} {
		at := must(backup.ParseDepot("folder:" + filepath.Join(taken, place)))
		_, err := backup.Kept{At: at, ID: row.ID, Sealer: keys}.RestoreNewest(ctx, filepath.Join(t.TempDir(), "data.db"))
		if (err != nil) != closed {
			t.Errorf("%s: a copy restored with %v", place, err)
		}
		_, err = backup.Kept{At: at, ID: tenant.RegistryID, Sealer: root}.RestoreNewest(ctx, filepath.Join(t.TempDir(), "registry.db"))
		if (err != nil) != closed {
			t.Errorf("%s: a copy of the registry restored with %v", place, err)
		}
	}
}

// verified checks the signature of a certificate with what it carries, as anybody can.
func verified(t *testing.T, l *leaver, signed string) {
	t.Helper()
	parts := strings.Split(signed, ".")
	var head struct {
		Alg string   `json:"alg"`
		X5C [][]byte `json:"x5c"`
	}
	if err := json.Unmarshal(must(base64.RawURLEncoding.DecodeString(parts[0])), &head); err != nil || head.Alg != "ES256" {
		t.Fatalf("%+v, %v", head, err)
	}
	leaf := must(x509.ParseCertificate(head.X5C[0]))
	authority := must(l.Authority(t.Context()))
	if !bytes.Contains(authority.Certificates(), []byte(base64.StdEncoding.EncodeToString(leaf.Raw)[:60])) {
		t.Error("it is not the issuing certificate that signed")
	}
	sum, sig := sha256.Sum256([]byte(parts[0]+"."+parts[1])), must(base64.RawURLEncoding.DecodeString(parts[2]))
	if !ecdsa.Verify(leaf.PublicKey.(*ecdsa.PublicKey), sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		t.Error("the signature does not hold")
	}
	kept := must(l.Certificate(t.Context(), "acme"))
	if c := must(ReadCertificate(kept)); kept != signed || c.Slug != "acme" || c.Closing.Reason != destroys.Reason {
		t.Errorf("kept: %+v", c)
	}
}

// TestDestroy_leftByTheKilled: what a killed process left beside the registry is a whole one, with the keys of who was destroyed since. It
// goes; what somebody works on stays, and the certificate names it.
func TestDestroy_leftByTheKilled(t *testing.T) {
	l := newLeaver(t)
	ctx := t.Context()
	if err := l.BeginClose(ctx, "acme", l.Now().AddDate(0, 0, 30), false, destroys); err != nil {
		t.Fatal(err)
	}
	row := must(l.Show(ctx, "acme"))
	left := filepath.Join(l.Place.Folder(), ".whole-1")
	at := must(disk.PassingFolder(l.Place.Folder(), ".whole-"))
	defer at.Done()
	if err := errors.Join(os.Mkdir(left, 0o700), l.Registry().CopyTo(ctx, filepath.Join(left, "data.db"))); err != nil {
		t.Fatal(err)
	}
	if found := holding(t, "no such path", row.Keys, left); len(found) != 1 {
		t.Fatalf("the test shows nothing: the keys are in %q", found)
	}
	cert, _, err := Destroy(ctx, l.Directory, l.copies, "acme", Destruction{Now: true}, destroys)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what the killed process left: %v", err)
	}
	if !slices.Equal(cert.Passing, []string{at.Path}) || !strings.Contains(strings.Join(cert.Beyond, "\n"), at.Path) {
		t.Errorf("what somebody works on: %q, %q", cert.Passing, cert.Beyond)
	}
}

// TestDestroy_cutShort: whose destruction was cut short is named, with what ends it, until it is run again.
func TestDestroy_cutShort(t *testing.T) {
	l := newLeaver(t)
	ctx := t.Context()
	half := func(want ...string) {
		t.Helper()
		if got, err := l.HalfDestroyed(ctx); err != nil || !slices.Equal(got, want) {
			t.Errorf("cut short: %q, %v; want %q", got, err, want)
		}
	}
	if err := l.BeginClose(ctx, "acme", l.Now().AddDate(0, 0, 30), false, destroys); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Certificate(ctx, "acme"); !errs.Is(err, errs.NotFound) {
		t.Errorf("before it: %v", err)
	}
	half()
	if _, err := l.End(ctx, "acme", true, false, destroys); err != nil { // and then it is killed
		t.Fatal(err)
	}
	if _, err := l.Certificate(ctx, "acme"); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.As(err).Hint, "verlof tenant destroy acme --confirm acme") {
		t.Errorf("cut short: %v", err)
	}
	half("acme")
	if _, _, err := Destroy(ctx, l.Directory, l.copies, "acme", Destruction{}, destroys); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Certificate(ctx, "acme"); err != nil {
		t.Errorf("run again: %v", err)
	}
	half()
}

// TestDestroy_refused: nothing is destroyed that is not being closed, whose time is not over, or
// that somebody must keep; and what must be kept grows as old as it gets.
func TestDestroy_refused(t *testing.T) {
	l := newLeaver(t)
	ctx := t.Context()
	refused := func(when string, now bool) {
		t.Helper()
		if _, _, err := Destroy(ctx, l.Directory, l.copies, "acme", Destruction{Now: now}, destroys); !errs.Is(err, errs.Conflict) || errs.As(err).Hint == "" {
			t.Errorf("%s: %v", when, err)
		}
	}
	refused("not being closed", true)
	if err := l.BeginClose(ctx, "acme", l.Now().AddDate(0, 0, 30), false, tenant.Why{By: "op"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("closed without a reason: %v", err)
	}
	if n, err := Announce(ctx, l.Directory, "acme", l.Now()); err != nil || n == 0 {
		t.Errorf("%d were written to, %v", n, err)
	}
	if err := l.BeginClose(ctx, "acme", l.Now().AddDate(0, 0, 30), false, destroys); err != nil {
		t.Fatal(err)
	}
	if err := l.Thaw(ctx, "acme", destroys); !errs.Is(err, errs.Conflict) {
		t.Errorf("thawed while it is being closed: %v", err)
	}
	refused("before the time", false)
	if err := l.Preserve(ctx, "acme", time.Time{}, destroys); err != nil {
		t.Fatal(err)
	}
	refused("under a legal hold", true)
	if err := l.Preserve(ctx, "acme", l.Now().Add(-time.Hour), destroys); !errs.Is(err, errs.Invalid) {
		t.Errorf("a hold that ended before it began: %v, want invalid", err)
	}
	if err := errors.Join(l.Release(ctx, "acme", destroys), l.Preserve(ctx, "acme", l.Now().Add(time.Hour), destroys)); err != nil {
		t.Fatal(err)
	}
	now := l.Now
	l.Now = func() time.Time { return now().Add(2 * time.Hour) }
	if l.Held(l.acme.ID) || l.Held(tenant.RegistryID) {
		t.Error("a hold that has ended holds")
	}
	l.Now = now
	if err := l.Reopen(ctx, "acme", destroys); err != nil {
		t.Fatal(err)
	}
	refused("reopened", true)
	if err := l.Reopen(ctx, "acme", destroys); !errs.Is(err, errs.Conflict) {
		t.Errorf("reopened twice: %v", err)
	}
	l.grows(t)
}

// grows lets a year pass: what is on hold stays, and the neighbour's goes.
func (l *leaver) grows(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	if err := l.Preserve(ctx, "acme", time.Time{}, destroys); err != nil {
		t.Fatal(err)
	}
	before := l.Now()
	for n := range 2 {
		l.copies.Now = func() time.Time { return before.AddDate(1+n, 0, 0) }
		for _, row := range []store.TenantRow{l.acme, l.birch} {
			err := with(ctx, l.Directory, row.Slug, func(c *tenant.Tenant) error {
				err := c.DB().Update(ctx, func(tx *store.Tx) error { return tx.SetMeta("test", time.Now().String()) })
				log := l.copies.Log(row.ID)
				return errors.Join(err, log.Upkeep(ctx, true), log.TakeWholes(ctx))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for slug, want := range map[string]bool{"acme": true, "birch": false} {
		row, key, err := l.CopyKey(ctx, slug)
		if err != nil {
			t.Fatal(err)
		}
		h, err := backup.Kept{At: l.at, ID: row.ID, Sealer: key}.Holdings(ctx)
		if old := h.Oldest.Before(before.Add(24 * time.Hour)); err != nil || old != want {
			t.Errorf("%s: the oldest moment is %v, %v", slug, h.Oldest, err)
		}
	}
}

// TestDestroy_lost destroys a customer whose database nobody has any more, once the operator says that it
// is lost, and not before.
func TestDestroy_lost(t *testing.T) {
	l := newLeaver(t)
	ctx := t.Context()
	where := must(l.Show(ctx, "acme")).Database
	path := must(l.Place.File(where))
	l.evict("acme")
	gone := os.RemoveAll(filepath.Dir(path))
	for until := time.Now().Add(10 * time.Second); gone != nil && time.Now().Before(until); gone = os.RemoveAll(filepath.Dir(path)) {
		time.Sleep(10 * time.Millisecond) // it is being closed on the side, and its files come and go
	}
	if gone != nil {
		t.Fatal(gone)
	}
	if err := os.WriteFile(filepath.Dir(path), []byte("a disk that is not one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := l.BeginClose(ctx, "acme", l.Now(), false, destroys); err == nil || !strings.Contains(errs.As(err).Hint, "--lost") {
		t.Errorf("closed without its database: %v", err)
	}
	if _, _, err := Destroy(ctx, l.Directory, l.copies, "acme", Destruction{Now: true}, destroys); err == nil || !strings.Contains(errs.As(err).Hint, "--lost") {
		t.Errorf("destroyed without its database: %v", err)
	}
	cert, _, err := Destroy(ctx, l.Directory, l.copies, "acme", Destruction{Now: true, Lost: true, Beside: []string{filepath.Join(l.dir, "no disk")}}, destroys)
	if err != nil || !cert.Lost || len(cert.Missed) != 1 || !strings.Contains(cert.Beyond[0], "no disk") {
		t.Fatalf("%+v, %v", cert, err)
	}
	l.unreadable(t)
	if found := holding(t, "/"+l.acme.ID+"/", "no such content", l.dir, l.second, l.away); found != nil {
		t.Errorf("left behind: %v", found)
	}
}
