// SPDX-License-Identifier: Apache-2.0

// Package migration owns the numbered steps that make a database what this
// program expects: one set for a customer's database, one for the registry, the
// same text for SQLite and PostgreSQL. Steps go forward only. It refuses what
// would break one of the engines or the promise: a step that the program of the release before
// cannot live with, unless it says since when nothing needs what goes, a step back, a gap or a
// duplicate in the numbers, and a constraint that is checked at COMMIT, because
// updates of several callers share one (its test says so).
//
// A step is of one of three kinds. Most *expand*: they add what this program needs, and what the
// one before does not mind. One that begins a line with "-- later:" this program can do without
// for a while, such as a step that fills in what a step before it made. One that says
// "-- contract: nothing since step N reads ..." takes something away: programs that know less than
// step N are not to run after it.
package migration

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"verlof/internal/order"
)

//go:embed tenant/*.sql registry/*.sql
var files embed.FS

// Set is the steps of one kind of database.
type Set struct {
	Name    string
	Files   fs.FS  // NNNN_what.sql, in goose's form
	Version int64  // the number of the newest step
	Least   int64  // the newest step without which the program of the set cannot work
	Steps   []Step // in their order
}

// Step is one step of a set.
type Step struct {
	Number int64
	Name   string // of its file
	Kind   Kind
	Since  int64 // of one that contracts: the step that a program must know to go on after it
}

// Kind is what a step does to the programs that meet it.
type Kind string

// The kinds.
const (
	Expand   Kind = "expand"   // this program needs it, the one before does not mind it
	Later    Kind = "later"    // this program can do without it for a while
	Contract Kind = "contract" // takes away what older programs need
)

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
	s := Set{Name: name, Files: marking{files}}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		n, ok := number(e.Name())
		text, err := fs.ReadFile(files, e.Name())
		if !ok || err != nil {
			panic("migration without a number: " + name + "/" + e.Name())
		}
		step := Step{Number: n, Name: e.Name()}
		step.Kind, step.Since = kindOf(string(text))
		s.Steps = append(s.Steps, step)
		s.Version = max(s.Version, n)
		if step.Kind == Expand {
			s.Least = max(s.Least, n)
		}
	}
	order.By(s.Steps, func(a, b Step) int { return int(a.Number - b.Number) })
	return s
}

func number(file string) (int64, bool) {
	text, _, _ := strings.Cut(file, "_")
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// What a step says of its kind.
var (
	contract = regexp.MustCompile(`(?m)^-- contract: nothing since step (\d+) reads `)
	later    = regexp.MustCompile(`(?m)^-- later: `)
)

func kindOf(text string) (k Kind, since int64) {
	if m := contract.FindStringSubmatch(text); m != nil {
		since, _ = strconv.ParseInt(m[1], 10, 64) // digits
		return Contract, since
	}
	if later.MatchString(text) {
		return Later, 0
	}
	return Expand, 0
}

// After returns the steps that a database lacks which has seen those up to one.
func (s Set) After(have int64) []Step {
	i := slices.IndexFunc(s.Steps, func(step Step) bool { return step.Number > have })
	if i < 0 {
		return nil
	}
	return s.Steps[i:]
}

// Until returns the set up to a step, for a database that is to be as an older program made
// it.
func (s Set) Until(step int64) Set {
	if step >= s.Version {
		return s
	}
	return Of(s.Name, upTo{s.Files, step})
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
		n, ok := number(e.Name())
		return ok && n > u.last
	}), err
}

// MetaLeast is where a database keeps which step a program must know to work with it: it is
// written by the steps that contract, each in its own transaction. Without it any program may.
const MetaLeast = "schema.least"

// marking has each step that contracts say so in the database.
type marking struct{ fs.FS }

// ReadDir is part of fs.ReadDirFS.
func (m marking) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(m.FS, name) }

// Open is part of fs.FS.
func (m marking) Open(name string) (fs.File, error) {
	f, err := m.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	text, err := fs.ReadFile(m.FS, name)
	kind, since := kindOf(string(text))
	if err != nil || kind != Contract || bytes.Contains(text, []byte(MetaLeast)) {
		return f, err
	}
	text = fmt.Appendf(text, "\nINSERT INTO meta (key, value) VALUES ('%s', '%d')\n"+
		"    ON CONFLICT (key) DO UPDATE SET value = excluded.value\n"+
		"    WHERE CAST(meta.value AS BIGINT) < CAST(excluded.value AS BIGINT);\n", MetaLeast, since)
	return &marked{File: f, Reader: bytes.NewReader(text), size: int64(len(text))}, nil
}

// marked is the file of a step with what is added to it.
type marked struct {
	fs.File
	*bytes.Reader
	size int64
}

// Read is part of fs.File.
func (m *marked) Read(p []byte) (int, error) { return m.Reader.Read(p) }

// Stat is part of fs.File.
func (m *marked) Stat() (fs.FileInfo, error) {
	info, err := m.File.Stat()
	return sized{info, m.size}, err
}

type sized struct {
	fs.FileInfo
	size int64
}

// Size is part of fs.FileInfo.
func (s sized) Size() int64 { return s.size }
