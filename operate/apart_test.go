// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/backup"
	"verlof/errs"
	"verlof/internal/id"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/store/migration"
	"verlof/tenant"
)

// neighbours are two customers of one installation, with copies of both at a depot.
type neighbours struct {
	*tenant.Directory
	t           *testing.T
	dir, second string // data, depot
	at          backup.Depot
	acme, birch store.TenantRow
	registry    *store.Registry
}

func newNeighbours(t *testing.T) *neighbours {
	t.Helper()
	n := &neighbours{t: t, dir: t.TempDir(), second: t.TempDir()}
	var err error
	if n.at, err = backup.ParseDepot("folder:" + n.second); err != nil {
		t.Fatal(err)
	}
	n.Directory = directoryIn(t, "sqlite:"+n.dir, day)
	n.Directory.OnOpen = Carry(&backup.Copies{Depot: n.at, Demand: true, Now: n.Now})
	for slug, row := range map[string]*store.TenantRow{"acme": &n.acme, "birch": &n.birch} {
		*row, err = Sample(t.Context(), n.Directory, tenant.New{Slug: slug, Name: slug, Hosts: []string{slug + ".localhost"}, Language: "en"}, 3, 1, day)
		if err != nil {
			t.Fatal(err)
		}
	}
	if n.registry, err = n.Place.Registry(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.registry.Close() })
	return n
}

// file returns a copy of a customer's database, in a folder of its own, changed.
func (n *neighbours) file(slug string, change func(*store.DB) error) string {
	n.t.Helper()
	file := filepath.Join(n.t.TempDir(), "data.db")
	err := with(n.t.Context(), n.Directory, slug, func(c *tenant.Tenant) error { return c.DB().CopyTo(n.t.Context(), file) })
	if err != nil {
		n.t.Fatal(err)
	}
	if change == nil {
		return file
	}
	db, err := store.Open(n.t.Context(), "sqlite:"+file)
	if err != nil {
		n.t.Fatal(err)
	}
	if err := errors.Join(change(db), db.Close()); err != nil {
		n.t.Fatal(err)
	}
	return file
}

// keys returns the keys of a customer.
func (n *neighbours) keys(slug string) *seal.Keys {
	n.t.Helper()
	_, k, err := n.CopyKey(n.t.Context(), slug)
	if err != nil {
		n.t.Fatal(err)
	}
	return k.(*seal.Keys)
}

// says has a database say that it is acme's; with keys, it has a mark that they sealed.
func (n *neighbours) says(k *seal.Keys) func(*store.DB) error {
	return func(db *store.DB) error {
		return db.Update(n.t.Context(), func(tx *store.Tx) error {
			if err := tx.SetMeta(store.MetaTenant, n.acme.ID); err != nil || k == nil {
				return err
			}
			db.SealWith(k)
			return tx.SetMark(n.acme.ID)
		})
	}
}

// take has acme's database replaced by a file.
func (n *neighbours) take(file string) error {
	where, err := n.TakeIn(n.t.Context(), "acme", "taken", file)
	if err == nil {
		_, err = n.Replace(n.t.Context(), "acme", where, tenant.Why{By: "op"})
	}
	return err
}

// copies has acme's folder at the depot hold what f makes of birch's, for as long as do runs.
func (n *neighbours) copies(do func() error) error {
	mine, other := filepath.Join(n.second, n.acme.ID), filepath.Join(n.second, n.birch.ID)
	aside := filepath.Join(n.t.TempDir(), "aside")
	err := errors.Join(os.Rename(mine, aside), os.CopyFS(mine, os.DirFS(other)))
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(os.RemoveAll(mine), os.Rename(aside, mine)); err != nil {
			n.t.Fatal(err)
		}
	}()
	return do()
}

// withKeysOf has the registry say that acme's keys are birch's, for as long as do runs.
func (n *neighbours) withKeysOf(do func() error) error {
	ctx := n.t.Context()
	if err := n.registry.SetKeys(ctx, n.acme.ID, n.birch.Keys, n.acme.Keys, store.Act{ID: id.New(n.Now()), At: n.Now()}); err != nil {
		n.t.Fatal(err)
	}
	defer func() {
		if err := n.registry.SetKeys(ctx, n.acme.ID, n.acme.Keys, n.birch.Keys, store.Act{ID: id.New(n.Now()), At: n.Now()}); err != nil {
			n.t.Fatal(err)
		}
	}()
	return do()
}

// anew returns an error of opening acme's database in a process that had it not open.
func (n *neighbours) anew() error {
	d, err := tenant.Open(n.t.Context(), tenant.Options{Place: n.Place, RootKey: n.RootKey, Now: n.Now, Hasher: n.Hasher, Plain: true})
	if err != nil {
		n.t.Fatal(err)
	}
	_, release, err := d.BySlug(n.t.Context(), "acme")
	if err == nil {
		release()
	}
	return errors.Join(err, d.Close())
}

func (n *neighbours) restore() error {
	_, err := Restore(n.t.Context(), n.Directory, n.at, Restoring{Slug: "acme", Name: "restored", To: n.Now()}, tenant.Why{By: "op"})
	return err
}

// recover brings acme back from the depot on a machine that has the registry alone.
func (n *neighbours) recover() (err error) {
	aside := filepath.Join(n.t.TempDir(), "aside")
	folder := filepath.Join(n.dir, "tenants", n.acme.ID)
	if err := os.Rename(folder, aside); err != nil {
		n.t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(os.RemoveAll(folder), os.Rename(aside, folder)); err != nil {
			n.t.Fatal(err)
		}
	}()
	return errors.Join(err, Recover(n.t.Context(), n.Directory, n.at, func(r Recovered) {
		if r.Slug == "acme" {
			err = r.Err
		}
	}), err)
}

// TestSwapped puts what is another customer's, or was sealed with other keys, in the place of what a
// restore, a recovery, a move, a replacement and an import take. Each is refused, and the
// customer is what it was.
func TestSwapped(t *testing.T) {
	n := newNeighbours(t)
	ctx := t.Context()
	before := stand(t, open(t, n.Directory, "acme"), "2026-12-31")
	steps := fstest.MapFS{"9999_later.sql": {Data: []byte("-- +goose Up\nCREATE TABLE later (id TEXT);\n")}}
	for _, name := range must(fs.Glob(migration.Tenant.Files, "*.sql")) {
		steps[name] = &fstest.MapFile{Data: must(fs.ReadFile(migration.Tenant.Files, name))}
	}
	good, _ := exported(t, n.Directory, "acme", false)
	other, _ := exported(t, n.Directory, "birch", false)
	for name, do := range map[string]func() error{
		"replace/another_customer":  func() error { return n.take(n.file("birch", nil)) },
		"replace/says_it_is_acme":   func() error { return n.take(n.file("birch", n.says(nil))) },
		"replace/marked_as_acme":    func() error { return n.take(n.file("birch", n.says(n.keys("birch")))) },
		"replace/marked_by_acme":    func() error { return n.take(n.file("birch", n.says(n.keys("acme")))) },
		"replace/sealed_with_other": func() error { return n.take(n.file("acme", n.says(storeKeys(t, n.acme.ID)))) },
		"replace/newer": func() error {
			return n.take(n.file("acme", func(db *store.DB) error { return store.Migrate(ctx, db, migration.Of("later", steps)) }))
		},
		"replace/damaged":          func() error { return n.take(flipped(t, n.file("acme", nil))) },
		"replace/no_database":      func() error { return n.take(filepath.Join(n.second, "no")) },
		"restore/copies_of_other":  func() error { return n.copies(n.restore) },
		"restore/keys_of_other":    func() error { return n.withKeysOf(n.restore) },
		"recover/copies_of_other":  func() error { return n.copies(n.recover) },
		"recover/keys_of_other":    func() error { return n.withKeysOf(n.recover) },
		"open/keys_of_other":       func() error { return n.withKeysOf(n.anew) },
		"open/another_customer":    func() error { return n.inPlace(n.file("birch", nil), n.anew) },
		"open/says_it_is_acme":     func() error { return n.inPlace(n.file("birch", n.says(nil)), n.anew) },
		"open/marked_as_acme":      func() error { return n.inPlace(n.file("birch", n.says(n.keys("birch"))), n.anew) },
		"move/keys_of_other":       func() error { return n.withKeysOf(n.move(t.TempDir(), "")) },
		"move/onto_another":        n.move(t.TempDir(), n.file("birch", nil)),
		"import/file_of_other":     func() error { return n.imported(mixed(t, good, other, "leave_request.jsonl")) },
		"import/manifest_of_other": func() error { return n.imported(mixed(t, good, other, "manifest.json")) },
	} {
		t.Run(name, func(t *testing.T) {
			err := do()
			var damage *backup.Damage
			if e := errs.As(err); err == nil || e.Kind == errs.Internal && !errors.As(err, &damage) {
				t.Errorf("refused with %v", err)
			}
			if info, err := n.Show(ctx, "acme"); err != nil || info.Database != n.acme.Database {
				t.Fatalf("it uses %s, %v", info.Database, err)
			}
			if _, err := os.Stat(filepath.Join(n.dir, "tenants", n.acme.ID, "restored", "taken")); err == nil {
				t.Error("a database was left beside it")
			}
		})
	}
	if diff := cmp.Diff(before, stand(t, open(t, n.Directory, "acme"), "2026-12-31")); diff != "" {
		t.Errorf("balances (-before +after):\n%s", diff)
	}
	if err := n.take(n.file("acme", nil)); err != nil {
		t.Errorf("its own database, sealed with its own keys: %v", err)
	}
	if now, err := n.Undo(ctx, "acme", tenant.Why{By: "op"}); err != nil || now != n.acme.Database {
		t.Errorf("undone: %s, %v", now, err)
	}
}

// move returns what moves acme to a folder, where there is something already unless file is empty.
func (n *neighbours) move(to, file string) func() error {
	return func() error {
		if file != "" {
			folder := filepath.Join(to, "tenants", n.acme.ID)
			if err := errors.Join(os.MkdirAll(folder, 0o700), os.Rename(file, filepath.Join(folder, "data.db"))); err != nil {
				n.t.Fatal(err)
			}
		}
		d, err := tenant.Open(n.t.Context(), tenant.Options{Place: n.Place, RootKey: n.RootKey, Now: n.Now, Hasher: n.Hasher, Plain: true})
		if err != nil {
			n.t.Fatal(err)
		}
		_, err = d.Move(n.t.Context(), "acme", "sqlite:"+to, 10*time.Second, tenant.Why{By: "op"})
		return errors.Join(err, d.Close())
	}
}

// inPlace has a file lie where acme's database is, for as long as do runs.
func (n *neighbours) inPlace(file string, do func() error) error {
	n.t.Helper()
	folder := filepath.Join(n.dir, "tenants", n.acme.ID)
	aside := filepath.Join(n.t.TempDir(), "aside")
	err := errors.Join(os.Rename(folder, aside), os.Mkdir(folder, 0o700), os.Rename(file, filepath.Join(folder, "data.db")))
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(os.RemoveAll(folder), os.Rename(aside, folder)); err != nil {
			n.t.Fatal(err)
		}
	}()
	return do()
}

func (n *neighbours) imported(file []byte) error {
	_, _, err := Import(n.t.Context(), n.Directory, tenant.New{Slug: "copy", Hosts: []string{"copy.localhost"}}, bytes.NewReader(file), int64(len(file)))
	return err
}

// mixed returns an export in which one file is that of another.
func mixed(t *testing.T, file, other []byte, name string) []byte {
	t.Helper()
	mine, theirs := filesOf(t, file), filesOf(t, other)
	mine[name] = theirs[name]
	return zipped(t, mine)
}

// storeKeys returns keys of a customer that another installation made.
func storeKeys(t *testing.T, customer string) *seal.Keys {
	t.Helper()
	root := must(seal.File{Path: filepath.Join(t.TempDir(), "root.key"), Make: true}.Root(func() (bool, error) { return false, nil }))
	return must(root.Keys(customer, must(root.NewKeys(customer))))
}

// flipped changes bytes in the middle of each page of a file.
func flipped(t *testing.T, file string) string {
	t.Helper()
	b := must(os.ReadFile(file))
	for i := 4096 + 100; i < len(b); i += 4096 {
		b[i] ^= 0xff
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
