// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"verlof/store"
	"verlof/store/migration"
)

// The files of an export beside those of its tables. docs/export.md describes them all.
const (
	exportFormat   = "verlof-export"
	exportVersion  = 1
	manifestFile   = "manifest.json"
	schemaFile     = "schema.json"
	readmeFile     = "README.txt"
	exportedTables = ".jsonl"
)

// Manifest says what an export is of and which files are in it.
type Manifest struct {
	Format   string         `json:"format"`
	Version  int            `json:"version"`
	Schema   int64          `json:"schema"` // number of the newest step of the database
	Made     time.Time      `json:"made"`
	Customer ExportedOf     `json:"customer"`
	Medical  bool           `json:"medical"` // medical notes are in it
	Files    []ExportedFile `json:"files"`
}

// ExportedOf is whose an export is.
type ExportedOf struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// ExportedFile is a file of an export.
type ExportedFile struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Rows returns how many rows are in all files together.
func (m *Manifest) Rows() (n int) {
	for _, f := range m.Files {
		n += f.Rows
	}
	return n
}

// exportedColumn is a column as the schema of an export describes it.
type exportedColumn struct {
	Name    string `json:"name"`
	Type    string `json:"type"` // string or integer
	Null    bool   `json:"null"`
	About   string `json:"about"`
	LeftOut bool   `json:"left_out,omitempty"` // always empty
}

// exportedSchema describes a file of an export.
type exportedSchema struct {
	File    string           `json:"file"`
	About   string           `json:"about"`
	Columns []exportedColumn `json:"columns"`
}

// Export writes everything of the customer to w as a ZIP file that docs/export.md describes,
// all as it is at one moment, and from which CreateFrom makes a customer again. Passwords,
// second factors, tokens and keys are not in it, medical notes only where they are asked for.
func (t *Tenant) Export(ctx context.Context, w io.Writer, medical bool, now time.Time) (Manifest, error) {
	m := Manifest{Format: exportFormat, Version: exportVersion, Schema: migration.Tenant.Version, Made: now.UTC().Truncate(time.Second),
		Customer: ExportedOf{t.ID, t.Slug, t.Name}, Medical: medical}
	e := &exporter{zip: zip.NewWriter(w), manifest: &m}
	err := t.db.Export(ctx, medical, e.begin)
	if err == nil {
		err = e.end()
	}
	if err != nil {
		return m, fmt.Errorf("export customer %s: %w", t.ID, err)
	}
	return m, e.zip.Close()
}

// exporter writes the files of an export, one after the other.
type exporter struct {
	zip      *zip.Writer
	manifest *Manifest
	schema   []exportedSchema
	out      *bufio.Writer // of the file under way; nil: none
	sum      hash.Hash
}

// begin begins the file of a table.
func (e *exporter) begin(table store.ExportTable) (row func([]any) error, err error) {
	e.describe(table)
	if err := e.file(table.Name + exportedTables); err != nil {
		return nil, err
	}
	file := &e.manifest.Files[len(e.manifest.Files)-1]
	return func(values []any) error {
		file.Rows++
		return writeRow(e.out, table.Columns, values)
	}, nil
}

// file ends the file under way and begins another.
func (e *exporter) file(name string) error {
	if err := e.flush(); err != nil {
		return err
	}
	w, err := e.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: e.manifest.Made})
	if err != nil {
		return err
	}
	e.manifest.Files = append(e.manifest.Files, ExportedFile{Name: name})
	e.sum = sha256.New()
	e.out = bufio.NewWriterSize(io.MultiWriter(w, e.sum, (*counter)(&e.manifest.Files[len(e.manifest.Files)-1].Bytes)), 32<<10)
	return nil
}

// flush ends the file under way.
func (e *exporter) flush() error {
	if e.out == nil {
		return nil
	}
	err := e.out.Flush()
	file := &e.manifest.Files[len(e.manifest.Files)-1]
	file.SHA256, e.out = hex.EncodeToString(e.sum.Sum(nil)), nil
	return err
}

// counter counts the bytes that are written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// writeRow writes a row as a JSON object on a line of its own, its columns in their order.
func writeRow(w *bufio.Writer, columns []store.ExportColumn, values []any) error {
	for i, c := range columns {
		sep := ","
		if i == 0 {
			sep = "{"
		}
		value, err := json.Marshal(values[i])
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%q:%s", sep, c.Name, value); err != nil {
			return err
		}
	}
	_, err := w.WriteString("}\n")
	return err
}

// describe adds a table to the schema.
func (e *exporter) describe(table store.ExportTable) {
	s := exportedSchema{File: table.Name + exportedTables, About: table.About}
	for _, c := range table.Columns {
		kind := "string"
		if c.Type == "BIGINT" {
			kind = "integer"
		}
		s.Columns = append(s.Columns, exportedColumn{c.Name, kind, c.Null, c.About, c.Out})
	}
	e.schema = append(e.schema, s)
}

// end writes the files that are of no table, the manifest last.
func (e *exporter) end() error {
	for _, f := range []struct {
		name string
		text func() ([]byte, error)
	}{
		{schemaFile, func() ([]byte, error) { return json.MarshalIndent(e.schema, "", "  ") }},
		{readmeFile, func() ([]byte, error) { return []byte(e.readme()), nil }},
	} {
		text, err := f.text()
		if err == nil {
			err = e.file(f.name)
		}
		if err == nil {
			_, err = e.out.Write(text)
		}
		if err != nil {
			return err
		}
	}
	if err := e.flush(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(e.manifest, "", "  ")
	if err != nil {
		return err
	}
	w, err := e.zip.CreateHeader(&zip.FileHeader{Name: manifestFile, Method: zip.Deflate, Modified: e.manifest.Made})
	if err == nil {
		_, err = w.Write(text)
	}
	return err
}

// readme is for a person who opens the export.
func (e *exporter) readme() string {
	notes := "Medical notes are not in it."
	if e.manifest.Medical {
		notes = "Medical notes are in it, in clear text."
	}
	return strings.Join([]string{
		"Everything that Verlof kept of " + e.manifest.Customer.Name + ", as it was on " + e.manifest.Made.Format(time.RFC1123) + ".",
		"",
		"Each file NAME.jsonl holds one kind of thing, one on each line, as a JSON object (UTF-8).",
		"schema.json says what each file and each value means, manifest.json how many there are, with the SHA-256 of each file.",
		"Days are written 2026-11-26. A name that ends in _us is a moment, in microseconds since 1970-01-01 00:00 UTC.",
		"Passwords, second factors, tokens and keys are not in it. " + notes,
		"",
		"To make a customer of it again: verlof tenant create NAME --import FILE.zip", ""}, "\r\n")
}
