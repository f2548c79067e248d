// SPDX-License-Identifier: Apache-2.0

package store

import (
	lists "container/list"
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"verlof/leave"
	"verlof/people"
)

// fact is a table of which a connection that writes keeps in memory what it read.
type fact int

const (
	unkept fact = iota // any other table
	factRequests
	factSickness
	factAdjustments
	factClaims
	factFixed
	factNotices
	factRevision // nobody's in particular
	facts
)

// factOf are those tables. Every statement that changes one of them spoils what is kept of the person whose row it is
// (Tx.by), or of everybody where it does not say whose.
var factOf = map[string]fact{"leave_request": factRequests, "sickness": factSickness, "adjustment": factAdjustments, "claim": factClaims,
	"fixed_entitlement": factFixed, "notice": factNotices, "revision": factRevision}

// tableOf returns the table that a statement changes; empty: none.
func tableOf(text string) string {
	verb, rest, _ := strings.Cut(text, " ")
	switch verb {
	case "INSERT", "DELETE":
		_, rest, _ = strings.Cut(rest, " ") // INTO, FROM
	case "UPDATE":
	default:
		return ""
	}
	if end := strings.IndexAny(rest, " \t\n("); end >= 0 {
		return rest[:end]
	}
	return rest
}

// kept is what the connection that writes to a SQLite file read of people's leave, as the next update would read it
// again. There is one such connection in a process, so every change made here passes by, and spoils what it changes
// before anybody reads again; a change that is undone spoils it once more. That others changed the file SQLite counts,
// and is asked with each transaction. So what is kept is never older than the transaction in which it is used.
//
// It is bounded, and gone with the connection, which a database that nobody uses lets go of.
type kept struct {
	version int64 // SQLite's count of commits by others, for which all of this is true
	people  map[people.ID]*lists.Element
	recent  lists.List // of *keptPerson: who was asked for last comes first
}

// keptPerson is what is kept of one person: slices of rows, as a method returned them.
type keptPerson struct {
	id    people.ID
	lists [facts]any
	room  [facts]int // that each takes
}

// keptMost is how many bytes this process keeps, of all customers, and keptNow how many it does. Tests want less.
var keptMost, keptNow atomic.Int64

func init() { keptMost.Store(48 << 20) }

// roomOf returns about how many bytes rows take.
func roomOf(rows any) (n int) {
	switch rows := rows.(type) {
	case []leave.Request:
		for i := range rows {
			r := &rows[i]
			n += 700 + 40*len(r.Charges) + 100*len(r.Corrections)
			for _, s := range r.Substitutes {
				n += 150 + len(s.Note)
			}
		}
	case []leave.Claim:
		for i := range rows {
			n += 500 + len(rows[i].Note) + len(rows[i].Reason)
		}
	case []leave.Adjustment:
		for i := range rows {
			n += 300 + len(rows[i].Reason)
		}
	case []leave.FixedEntitlement:
		for i := range rows {
			n += 300 + len(rows[i].Reason)
		}
	case []leave.Sickness:
		for i := range rows {
			n += 200 + 20*len(rows[i].Recovery)
		}
	case []leave.Notice:
		n = 300 * len(rows)
	}
	return n
}

// spoiled is what a statement changed: whose rows of a table. Nobody's stands for everybody's.
type spoiled struct {
	of fact
	id people.ID
}

// whenKept is called by tests with what is kept of a person and what is read instead.
var whenKept func(of fact, id people.ID, kept, read any)

// known returns what read reads of a person, or what it did when this connection used it last and nothing has changed
// since. Whoever gets it changes nothing in it.
func known[T any](tx *Tx, of fact, id people.ID, read func() ([]T, error)) ([]T, error) {
	if rows, there := keptOf[T](tx, of, id); there {
		if whenKept != nil {
			fresh, err := read()
			if err != nil {
				return nil, err
			}
			whenKept(of, id, rows, fresh)
		}
		return slices.Clip(rows), nil
	}
	rows, err := read()
	if err == nil {
		nowKept(tx, of, id, rows)
	}
	return slices.Clip(rows), err
}

// keptOf returns what is kept of a person, if it is.
func keptOf[T any](tx *Tx, of fact, id people.ID) (rows []T, there bool) {
	if tx.err != nil || tx.keeps() == nil {
		return nil, false
	}
	e := tx.c.kept.people[id]
	if e == nil {
		return nil, false
	}
	tx.c.kept.recent.MoveToFront(e)
	rows, there = e.Value.(*keptPerson).lists[of].([]T)
	return rows, there
}

// nowKept keeps what was read of a person.
func nowKept[T any](tx *Tx, of fact, id people.ID, rows []T) {
	k := tx.keeps()
	if k == nil {
		return
	}
	k.spoil(spoiled{of, id})
	e := k.people[id]
	if e == nil {
		e = k.recent.PushFront(&keptPerson{id: id})
		k.people[id] = e
	}
	p := e.Value.(*keptPerson)
	p.lists[of], p.room[of] = rows, roomOf(rows)
	keptNow.Add(int64(p.room[of]))
	for keptNow.Load() > keptMost.Load() && k.recent.Len() > 0 {
		k.drop(k.recent.Back())
	}
}

// keeps returns what the connection keeps; nil on one that keeps nothing.
func (tx *Tx) keeps() *kept {
	if !tx.writes || !tx.c.d.embedded {
		return nil
	}
	if tx.c.kept == nil {
		version, err := tx.c.changesByOthers()
		if err != nil {
			return nil
		}
		tx.c.kept = &kept{version: version, people: map[people.ID]*lists.Element{}}
	}
	return tx.c.kept
}

// recall forgets what is kept if others changed the file since. It is called when a transaction has begun.
func (c *conn) recall() {
	if c.kept == nil {
		return
	}
	version, err := c.changesByOthers()
	if err != nil || version != c.kept.version {
		c.kept.clear()
		c.kept = nil
	}
}

// changesByOthers returns a number that changes when others commit.
func (c *conn) changesByOthers() (version int64, err error) {
	rows, err := c.query(context.Background(), dataVersion)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	if rows.Next() {
		err = rows.Scan(&version)
	}
	if err == nil {
		err = rows.Err()
	}
	return version, err
}

// spoil forgets what a statement of this transaction changed, now and once more if it is undone.
func (tx *Tx) spoil(s spoiled) {
	if tx.c.d.embedded {
		tx.spoils = append(tx.spoils, s)
		tx.c.kept.spoil(s)
	}
}

// undone forgets what was read of what a transaction changed, which is as it was before.
func (tx *Tx) undone() {
	for _, s := range tx.spoils {
		tx.c.kept.spoil(s)
	}
}

func (k *kept) spoil(s spoiled) {
	if k == nil {
		return
	}
	if s.id == "" && s.of != factRevision {
		k.clear()
		return
	}
	if e := k.people[s.id]; e != nil {
		p := e.Value.(*keptPerson)
		keptNow.Add(-int64(p.room[s.of]))
		p.lists[s.of], p.room[s.of] = nil, 0
	}
}

func (k *kept) drop(e *lists.Element) {
	p := e.Value.(*keptPerson)
	for _, n := range p.room {
		keptNow.Add(-int64(n))
	}
	delete(k.people, p.id)
	k.recent.Remove(e)
}

// clear forgets everything.
func (k *kept) clear() {
	if k == nil {
		return
	}
	for k.recent.Len() > 0 {
		k.drop(k.recent.Back())
	}
}
