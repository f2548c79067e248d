// SPDX-License-Identifier: Apache-2.0

// Package migration owns the numbered steps that make a database what this
// program expects: one set for a customer's database, one for the registry, the
// same text for SQLite and PostgreSQL. Steps go forward only. It refuses what
// would break one of the engines or the promise: a step that the program of the release before
// cannot live with, unless it says since when nothing needs what goes, a step back, a gap or a
// duplicate in the numbers, and a constraint that is checked at COMMIT, because
// updates of several callers share one (its test says so).
package migration

import (
	"embed"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

//go:embed tenant/*.sql registry/*.sql
var files embed.FS

// Set is the steps of one kind of database.
type Set struct {
	Name    string
	Files   fs.FS // NNNN_what.sql, in goose's form
	Version int64 // the number of the newest step
}

// The two kinds of database.
var (
	Tenant   = set("tenant")
	Registry = set("registry")
)

func set(name string) Set {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err)
	}
	return Of(name, sub)
}

// Of returns the set of the steps in files. It panics at a file without a
// number: that is a mistake in the program.
func Of(name string, files fs.FS) Set {
	s := Set{Name: name, Files: files}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			panic("migration without a number: " + name + "/" + e.Name())
		}
		s.Version = max(s.Version, n)
	}
	return s
}

// Until returns the set up to a step, for a database that is to be as an older program made
// it.
func (s Set) Until(step int64) Set {
	if step >= s.Version {
		return s
	}
	return Set{Name: s.Name, Files: upTo{s.Files, step}, Version: step}
}

// upTo shows the steps of a set up to one.
type upTo struct {
	fs.FS
	last int64
}

// ReadDir lists them.
func (u upTo) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(u.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		number, _, _ := strings.Cut(e.Name(), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		return err == nil && n > u.last
	}), err
}
