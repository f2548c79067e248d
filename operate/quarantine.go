// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/internal/id"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/tenant"
)

// Quarantined is a sealed copy of a customer's database, taken for an investigation.
type Quarantined struct {
	Name   string    // the moment at which it was taken
	At     time.Time // likewise
	Bytes  int64
	SHA256 string // of the sealed file; empty where it was not read
}

const (
	quarantineForm = "20060102-150405"
	sealedEnd      = ".sealed"
)

// Quarantine puts a copy of a customer's database aside as it is at this moment, sealed with the customer's
// keys and bound to its name, so that it can be investigated whatever becomes of the one in use. It opens
// only for who is granted that. On PostgreSQL, too, it is a sealed file in the folder of the installation.
func Quarantine(ctx context.Context, d *tenant.Directory, slug string, w tenant.Why) (q Quarantined, err error) {
	if strings.TrimSpace(w.Reason) == "" {
		return q, errs.Operator("say why with --reason", "a copy is put in quarantine for a reason")
	}
	row, key, err := d.CopyKey(ctx, slug)
	if err != nil {
		return q, err
	}
	q.At = d.Now().UTC().Truncate(time.Second)
	q.Name = q.At.Format(quarantineForm)
	dir, err := quarantine(d, row)
	if err != nil {
		return q, err
	}
	plain, err := disk.PassingFolder(dir, ".plain-")
	if err != nil {
		return q, err
	}
	defer plain.Done()
	file := filepath.Join(plain.Path, "data.db")
	err = with(ctx, d, slug, func(t *tenant.Tenant) error { return t.CopyToFile(ctx, file) })
	if err == nil {
		q.Bytes, q.SHA256, err = sealAside(key, row.ID, q.Name, file, dir)
	}
	if err != nil {
		return q, fmt.Errorf("put %s in quarantine: %w", slug, err)
	}
	return q, d.Note(ctx, slug, "quarantined", q.Name+", SHA-256 "+q.SHA256, w)
}

// quarantine returns the folder of a customer's sealed copies, which is made.
func quarantine(d *tenant.Directory, row store.TenantRow) (string, error) {
	own, err := ownFolder(d, row.ID)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(own, "quarantine")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	return dir, errors.Join(disk.SyncFolder(own), disk.SyncFolder(filepath.Dir(own)), disk.SyncFolder(filepath.Dir(filepath.Dir(own))))
}

// ownFolder returns the folder of a customer in that of the installation. It reports Invalid where
// there is none.
func ownFolder(d *tenant.Directory, id string) (string, error) {
	folder := cmp.Or(d.Place.Folder(), d.Folder)
	if folder == "" || id == "" {
		return "", errs.Operator("name a folder with --data", "the installation has no folder")
	}
	return filepath.Join(folder, "tenants", id), nil
}

// sealedName is what a sealed copy is bound to.
func sealedName(customer, name string) string { return "quarantine/" + customer + "/" + name }

// sealAside seals a file into a folder, whole or not at all.
func sealAside(key seal.Wrapper, customer, name, file, dir string) (size int64, sum string, err error) {
	src, err := os.Open(file)
	if err != nil {
		return 0, "", err
	}
	defer src.Close()
	dst, err := os.OpenFile(file+sealedEnd, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, "", err
	}
	digest := sha256.New()
	w, err := seal.NewWriter(key, sealedName(customer, name), io.MultiWriter(dst, digest))
	if err == nil {
		size, err = io.Copy(w, src)
		err = errors.Join(err, w.Close())
	}
	if err = errors.Join(err, dst.Sync(), dst.Close()); err != nil {
		return 0, "", err
	}
	if err := os.Link(file+sealedEnd, filepath.Join(dir, name+sealedEnd)); err != nil {
		return 0, "", err
	}
	return size, hex.EncodeToString(digest.Sum(nil)), disk.SyncFolder(dir)
}

// Quarantines lists the sealed copies of a customer, the newest first.
func Quarantines(ctx context.Context, d *tenant.Directory, slug string) (all []Quarantined, err error) {
	info, err := d.Show(ctx, slug)
	if err != nil {
		return nil, err
	}
	dir, err := quarantine(d, info.TenantRow)
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"+sealedEnd))
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), sealedEnd)
		at, wrong := time.Parse(quarantineForm, name)
		f, gone := os.Stat(path)
		if wrong == nil && gone == nil {
			all = append(all, Quarantined{Name: name, At: at, Bytes: f.Size()})
		}
	}
	slices.Reverse(all)
	return all, err
}

// NewGrant is that somebody may look at a sealed copy.
type NewGrant struct {
	Slug  string
	Copy  string // its name; empty: the newest
	To    string // who, as the record is to call them
	Until time.Time
	Host  func(label string) string // names a host below the base domain
}

// longGrant bounds how long somebody may look.
const longGrant = 31 * 24 * time.Hour

// Grant lets somebody look at a sealed copy, read only, at an address of its own, until a time. The link is good for
// one browser, once. Each page that is looked at is on record. It reports Invalid
// without a name, a reason or an end within a month, and NotFound where there is no such copy.
func Grant(ctx context.Context, d *tenant.Directory, g NewGrant, w tenant.Why) (o Viewed, err error) {
	g.To = strings.TrimSpace(g.To)
	open := g.Until.Sub(d.Now())
	if g.To == "" || strings.TrimSpace(w.Reason) == "" || open <= 0 || open > longGrant {
		return o, errs.Operator("say who with --to, why with --reason, and until when with --until, within a month", "a grant has a name, a reason and an end")
	}
	if err := EndGrants(ctx, d, g.Slug); err != nil {
		return o, err
	}
	all, err := Quarantines(ctx, d, g.Slug)
	if err != nil {
		return o, err
	}
	i := slices.IndexFunc(all, func(q Quarantined) bool { return g.Copy == "" || q.Name == g.Copy })
	if i < 0 {
		return o, &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("%s has no such copy in quarantine", g.Slug), Hint: "make one with: verlof tenant quarantine " + g.Slug}
	}
	name := "grant-" + id.Token()[:8]
	where, err := unsealAside(ctx, d, g.Slug, all[i].Name, name)
	if err != nil {
		return o, fmt.Errorf("open copy %s of %s: %w", all[i].Name, g.Slug, err)
	}
	label := "--case-" + id.Token()[:10]
	label = g.Slug[:min(len(g.Slug), longLabel-len(label))] + label
	w.Reason = g.To + ": " + w.Reason
	n := tenant.NewPast{Database: where, Host: g.Host(label), Kind: tenant.KindQuarantine, State: all[i].At, For: open}
	if o.Past, err = d.OpenPast(ctx, g.Slug, n, w); err != nil {
		return o, errors.Join(err, d.Place.DropDatabase(ctx, where))
	}
	o.Link, err = d.PastLink(ctx, o.Past, g.To)
	return o, err
}

// unsealAside makes a database beside a customer's own of a sealed copy.
func unsealAside(ctx context.Context, d *tenant.Directory, slug, copied, name string) (where string, err error) {
	row, key, err := d.CopyKey(ctx, slug)
	if err != nil {
		return "", err
	}
	dir, err := quarantine(d, row)
	if err != nil {
		return "", err
	}
	src, err := os.Open(filepath.Join(dir, copied+sealedEnd))
	if err != nil {
		return "", err
	}
	defer src.Close()
	r, err := seal.NewReader(key, sealedName(row.ID, copied), src)
	if err != nil {
		return "", damagedCopy(err)
	}
	if d.Place.HasRoles(row.Database) {
		return unsealOnServer(ctx, d, slug, name, dir, r)
	}
	where, path, err := beside(d, row, name)
	if err != nil {
		return "", err
	}
	if err := disk.Create(path, r); errors.Is(err, os.ErrExist) {
		return "", err
	} else if err != nil {
		return "", errors.Join(damagedCopy(err), os.RemoveAll(filepath.Dir(path)))
	}
	return where, nil
}

// unsealOnServer makes a database beside a customer's own on its server, by way of a file in a
// folder, which is gone then.
func unsealOnServer(ctx context.Context, d *tenant.Directory, slug, name, dir string, sealed io.Reader) (where string, err error) {
	plain, err := disk.PassingFolder(dir, ".plain-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, plain.Clear()) }()
	file := filepath.Join(plain.Path, "data.db")
	if err := disk.Create(file, sealed); err != nil {
		return "", damagedCopy(err)
	}
	return d.TakeIn(ctx, slug, name, file)
}

// damagedCopy says that a sealed copy is not what was put aside.
func damagedCopy(err error) error {
	if !seal.Damaged(err) {
		return err
	}
	return &errs.Error{Kind: errs.Invalid, Err: err, Hint: "it was changed, is another customer's, or was given another name; its SHA-256 stands in verlof tenant log"}
}

// EndGrants takes away what grants of a customer that have ended had opened. Those that go on stay.
func EndGrants(ctx context.Context, d *tenant.Directory, slug string) error {
	pasts, err := d.EveryPast(ctx, slug)
	if err != nil {
		return err
	}
	for _, p := range pasts {
		if tenant.Granted(&p) && !p.Ends.After(d.Now()) {
			err = errors.Join(err, d.Place.DropDatabase(ctx, p.Database))
		}
	}
	return err
}

// Revoke ends all grants of a customer at once, and takes away what they had opened. It
// returns how many went on.
func Revoke(ctx context.Context, d *tenant.Directory, slug string, w tenant.Why) (n int, err error) {
	open, err := d.Pasts(ctx, slug)
	if err != nil {
		return 0, err
	}
	for _, p := range open {
		if !tenant.Granted(&p) {
			continue
		}
		if err := d.EndPast(ctx, slug, p.Database, w); err != nil {
			return n, err
		}
		n++
	}
	return n, EndGrants(ctx, d, slug)
}
