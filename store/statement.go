// SPDX-License-Identifier: Apache-2.0

package store

import "verlof/store/migration"

// statement is one SQL text for both engines, with $1 placeholders. Each one
// is a package-level variable made by query or registryQuery, so that a test
// can prepare all of them on both engines.
type statement struct {
	id     int // its place in a connection's list of prepared statements
	name   string
	text   string
	tale   *tale // the event of a change; nil: none
	spoils fact  // what it changes of what a connection keeps
}

var (
	statements int // how many there are
	names      = map[string]bool{}
	bySet      = map[string][]*statement{}
)

// query registers a statement of a customer's database. The name appears in
// errors: "aggregate.verb".
func query(name, text string) *statement { return register(migration.Tenant.Name, name, text) }

// registryQuery registers a statement of the registry.
func registryQuery(name, text string) *statement {
	return register(migration.Registry.Name, name, text)
}

// control registers a statement that only one engine needs to understand.
func control(text string) *statement { return register("", text, text) }

// register is not inlined: the compiler would copy it to the place of each of six hundred statements, which takes a fifth
// longer for the whole room.
//
//go:noinline
func register(set, name, text string) *statement {
	if names[set+"/"+name] {
		panic("two statements called " + name)
	}
	names[set+"/"+name] = true
	q := &statement{id: statements, name: name, text: text, spoils: factOf[tableOf(text)]}
	statements++
	bySet[set] = append(bySet[set], q)
	return q
}

// rowLock is a statement that makes other updates of the same row wait until
// this one ends. On SQLite it is never sent: an update is alone there.
type rowLock struct{ *statement }

// lockRow returns the lock for the rows of a table whose key is the column id.
func lockRow(table string) rowLock {
	return rowLock{control("SELECT id FROM " + table + " WHERE id = $1 FOR UPDATE")}
}
