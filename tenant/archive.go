// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/store"
	"verlof/store/migration"
)

// Archive is an export that was read and is as it was made: each file has the digest that
// its manifest says.
type Archive struct {
	Manifest
	zip    *zip.Reader
	schema []exportedSchema
}

// Bounds of an export, so that a file made to fill a disk or memory is refused.
const (
	maxManifest = 4 << 20  // bytes of manifest or schema
	maxExport   = 64 << 30 // bytes of all files, unpacked
	maxRow      = 64 << 20 // bytes of a line
)

func badArchive(format string, args ...any) error {
	return errs.Operator("take a file that verlof tenant export made, as it made it", format, args...)
}

// ReadArchive reads an export to its end. It reports Invalid for what is none, or is not as
// it was made, and Unavailable for one that a newer program made.
func ReadArchive(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, badArchive("not an export: %w", err)
	}
	a := &Archive{zip: z}
	if err := a.json(manifestFile, &a.Manifest); err != nil {
		return nil, err
	}
	switch {
	case a.Format != exportFormat || a.Version != exportVersion:
		return nil, badArchive("not an export that this program reads: %q, version %d", a.Format, a.Version)
	case a.Schema > migration.Tenant.Version:
		return nil, &errs.Error{Kind: errs.Unavailable, Public: "store.error.newer", Hint: "run the release that made the export, or a later one",
			Err: fmt.Errorf("the export has schema %d, this program knows %d", a.Schema, migration.Tenant.Version)}
	case len(z.File) != len(a.Files)+1:
		return nil, badArchive("%d files are in the export, its manifest names %d", len(z.File)-1, len(a.Files))
	}
	total := int64(0)
	for _, f := range a.Files {
		if total += f.Bytes; f.Bytes < 0 || total > maxExport {
			return nil, badArchive("the export is too large")
		}
		if err := a.check(f); err != nil {
			return nil, err
		}
	}
	return a, a.json(schemaFile, &a.schema)
}

// open opens one of the files, of which it hands out no more than so many bytes.
func (a *Archive) open(name string, most int64) (io.ReadCloser, error) {
	i := slices.IndexFunc(a.zip.File, func(f *zip.File) bool { return f.Name == name })
	if i < 0 {
		return nil, badArchive("the export has no file %s", name)
	}
	f, err := a.zip.File[i].Open()
	if err != nil {
		return nil, badArchive("open %s of the export: %w", name, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(f, most), f}, nil
}

func (a *Archive) json(name string, to any) error {
	f, err := a.open(name, maxManifest)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := json.NewDecoder(f).Decode(to); err != nil {
		return badArchive("read %s of the export: %w", name, err)
	}
	return nil
}

// check reads a file to its end and compares it with what the manifest says.
func (a *Archive) check(want ExportedFile) error {
	f, err := a.open(want.Name, want.Bytes+1)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil || n != want.Bytes || hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
		return badArchive("%s of the export is not as it was made", want.Name)
	}
	return nil
}

// tables returns what is to be imported.
func (a *Archive) tables() (tables []store.ImportTable) {
	stays := map[string]bool{}
	for _, t := range store.ExportTables() {
		stays[t.Name] = t.Stays
	}
	for _, s := range a.schema {
		name := strings.TrimSuffix(s.File, exportedTables)
		if stays[name] {
			continue
		}
		t := store.ImportTable{Name: name}
		for _, c := range s.Columns {
			t.Columns = append(t.Columns, c.Name)
		}
		t.Rows = a.rows(s.File, t.Columns)
		tables = append(tables, t)
	}
	return tables
}

// rows reads the rows of a file, their values in the order of the columns.
func (a *Archive) rows(file string, columns []string) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		f, err := a.open(file, maxExport)
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, maxRow)
		for n := 1; lines.Scan(); n++ {
			row, err := readExported(lines.Bytes(), columns)
			if err != nil {
				err = badArchive("line %d of %s: %w", n, file, err)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(nil, badArchive("%s: %w", file, err))
		}
	}
}

// errRow is what is wrong with a line of an export. It quotes nothing of it.
var errRow = errors.New("not a row of these columns")

func readExported(line []byte, columns []string) ([]any, error) {
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if d.Decode(&object) != nil || len(object) != len(columns) {
		return nil, errRow
	}
	row := make([]any, len(columns))
	for i, c := range columns {
		v, ok := object[c]
		if n, is := v.(json.Number); is {
			whole, err := n.Int64()
			if err != nil {
				return nil, errRow
			}
			v = whole
		}
		if row[i] = v; !ok {
			return nil, errRow
		}
	}
	return row, nil
}

// CreateFrom makes a customer of an export, as Create makes a new one. What it is called on
// its pages is as it was, unless a name is given. Nobody has an account in it, and nothing
// leaves it by itself. check, where it is not nil, may refuse it: then nothing was made.
func (d *Directory) CreateFrom(ctx context.Context, n New, a *Archive, check func(*Tenant) error) (store.TenantRow, error) {
	renamed := n.Name != ""
	n.Name = cmp.Or(n.Name, a.Customer.Name)
	return d.create(ctx, n, func(row store.TenantRow) error {
		db, err := d.plainly(ctx, row.ID, row.Database)
		if err != nil {
			return err
		}
		err = d.importInto(ctx, db, row, a, func(tx *store.Tx) error {
			if !renamed {
				return nil
			}
			s, err := tx.Settings()
			if err != nil {
				return err
			}
			s.Name = n.Name
			return tx.SaveSettings(s)
		})
		if err = errors.Join(err, db.Close()); err != nil || check == nil {
			return err
		}
		t, err := d.openAt(ctx, row, n.Hosts)
		if err != nil {
			return err
		}
		return errors.Join(check(t), t.db.Close())
	})
}

// importInto fills a new database with an export: with the tables of the program that made
// it, which are then brought up to date.
func (d *Directory) importInto(ctx context.Context, db *store.DB, row store.TenantRow, a *Archive, after func(*store.Tx) error) error {
	keys, err := d.keys(ctx, row)
	if err != nil {
		return err
	}
	db.SealWith(keys)
	if err := store.Migrate(ctx, db, migration.Tenant.Until(a.Schema)); err != nil {
		return err
	}
	err = db.Import(ctx, a.tables(), func(*store.Tx) error { return nil })
	if err == nil {
		err = store.Migrate(ctx, db, migration.Tenant)
	}
	if err != nil {
		return err
	}
	return db.Update(ctx, func(tx *store.Tx) error { return errors.Join(own(tx, row.ID), after(tx)) })
}
