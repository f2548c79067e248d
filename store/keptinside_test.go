// SPDX-License-Identifier: Apache-2.0

package store

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"verlof/people"
	"verlof/store/migration"
)

// In every test of this room what is kept is read again whenever it is used, and must be what is read.
func init() {
	whenKept = func(of fact, id people.ID, kept, read any) {
		if !reflect.DeepEqual(kept, read) && (reflect.ValueOf(kept).Len() > 0 || reflect.ValueOf(read).Len() > 0) {
			panic(fmt.Sprintf("table %d of %q: kept %+v, but there is %+v", of, id, kept, read))
		}
	}
}

// Untried returns the statements that change what is kept and that the connection that writes has not run.
func (db *DB) Untried() (names []string) {
	for _, q := range bySet[migration.Tenant.Name] {
		if q.spoils != unkept && db.writers.free[0].prepared[q.id] == nil {
			names = append(names, q.name)
		}
	}
	return names
}

// Kept returns of how many people something is kept, and how many bytes of them.
func (db *DB) Kept() (people, room int) {
	if len(db.writers.free) > 0 && db.writers.free[0].kept != nil {
		for _, e := range db.writers.free[0].kept.people {
			people++
			for of, list := range e.Value.(*keptPerson).lists {
				if n := e.Value.(*keptPerson).room[of]; n != roomOf(list) {
					panic(fmt.Sprintf("%d bytes are counted for %+v", n, list))
				}
				room += roomOf(list)
			}
		}
	}
	return people, room
}

// KeepAtMost bounds how many bytes are kept, of all databases, and returns the bound before.
func KeepAtMost(n int64) int64 { return keptMost.Swap(n) }

// KeptNow returns how many bytes are counted as kept, of all databases.
func KeptNow() int64 { return keptNow.Load() }

var (
	writesTo  = regexp.MustCompile(`(?i)\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+"?(\w+)`)
	readsFrom = regexp.MustCompile(`(?i)\b(?:FROM|JOIN)\s+"?(\w+)`)
)

// TestSpoils: every statement that changes a table of which something is kept is known to, whatever else it does, and what is kept
// is read of its own table alone.
func TestSpoils(t *testing.T) {
	count := 0
	for _, list := range bySet {
		for _, q := range list {
			for _, m := range writesTo.FindAllStringSubmatch(q.text, -1) {
				if of := factOf[m[1]]; of != unkept {
					if count++; q.spoils != of {
						t.Errorf("%s changes %s, of which something is kept, and does not spoil it", q.name, m[1])
					}
				}
			}
		}
	}
	if count < len(factOf) {
		t.Errorf("only %d statements change what is kept", count)
	}
	for of, q := range map[fact]*statement{factRequests: qCountingOf, factSickness: qSickReportsOf, factAdjustments: qAdjustmentsOf,
		factClaims: qClaimsOf, factFixed: qFixedOf, factNotices: qNoticesOf, factRevision: qRevision} {
		tables := readsFrom.FindAllStringSubmatch(q.text, -1)
		if len(tables) != 1 || factOf[tables[0][1]] != of {
			t.Errorf("%s reads %v", q.name, tables)
		}
	}
	if n := slices.Max([]int{len(factOf), int(facts) - 1}); n != len(factOf) || n != int(facts)-1 {
		t.Errorf("%d tables, %d facts", len(factOf), facts-1)
	}
}
