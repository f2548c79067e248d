// SPDX-License-Identifier: Apache-2.0

// Package backup owns the second place of every database: a folder on another disk or a
// bucket of an object store that holds each commit before anybody is told that it is done,
// and from which the state of any moment can be had back. It refuses to hand out anything
// that is not what it was given: every object is sealed with the customer's key and bound
// to the customer and its own name.
//
// What is kept of a database is a row of records. A record has a number, one higher than
// the one before it, and a time. It is either an *image*, all pages of the database, or
// *changes*, the pages that commits since the record before it wrote. Each names the record
// before it, so that one that is missing or of another row is noticed. Changes of a day are
// put together in a *pack* once an image follows them; they stay apart inside it, so that
// every moment within the retention can be reached.
//
// Beside the row there are *wholes*, once a day: files that the engine wrote anew and that
// need nothing else.
//
// Log carries the commits of one database, Copies holds the logs of an installation,
// Restore makes a database file of what is kept.
//
// It knows SQLite's files (https://www.sqlite.org/fileformat2.html, section 4: the
// write-ahead log), and no SQL: cmd plugs in what it needs of a database.
package backup

import (
	"time"

	"verlof/internal/seal"
)

// Registry is the name under which the registry's database is kept, beside the ids of
// customers.
const Registry = "registry"

// Database is what a Log needs of the database that it copies.
type Database interface {
	// File returns the path of the database file.
	File() string
	// Frozen calls fn while no page that is in the file or its log now is overwritten.
	Frozen(fn func() error) error
	// CopyTo writes what the database holds into a new file, row by row.
	CopyTo(path string) error
	// Flush has the log's Committed called, though nothing changed.
	Flush() error
}

// Sealer returns what seals the objects of a database at the moment: keys may be replaced.
type Sealer func() seal.Wrapper

// DefaultRetention is how far back every moment can be reached.
const DefaultRetention = 90 * 24 * time.Hour
