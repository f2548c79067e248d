// SPDX-License-Identifier: Apache-2.0

package store

import (
	"cmp"
	"slices"
	"sync"

	"verlof/errs"
	"verlof/internal/order"
	"verlof/people"
)

// LookOnly has every change through this DB refused with an error, from whatever page or
// program it comes. The database itself, and others who have it open, are not concerned.
func (db *DB) LookOnly(e *errs.Error) { db.lookOnly.Store(e) }

// lookers are people who look at a past state, as they are today: they may not have been
// there at that time, and what they may is decided by their roles of today. They are in
// memory alone.
type lookers struct {
	mu      sync.Mutex
	list    []people.Person
	changes int64
}

// Looks has somebody be one of the customer's people as they are given, whatever the database
// says of them.
func (db *DB) Looks(p people.Person) {
	l := &db.lookers
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.list, func(o people.Person) bool { return o.ID == p.ID })
	if i >= 0 && samePerson(&l.list[i], &p) {
		return
	}
	l.changes++
	l.list = slices.Clone(l.list)
	if i >= 0 {
		l.list[i] = p
		return
	}
	l.list = append(l.list, p)
}

func samePerson(a, b *people.Person) bool {
	return a.Roles == b.Roles && a.Active == b.Active && a.GivenName == b.GivenName && a.FamilyName == b.FamilyName &&
		a.Email == b.Email && a.Language == b.Language && slices.Equal(a.Custom, b.Custom)
}

// find returns somebody who looks.
func (l *lookers) find(id people.ID) (people.Person, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.list {
		if l.list[i].ID == id {
			return l.list[i], true
		}
	}
	return people.Person{}, false
}

// among returns everybody, by name, with those who look in their places.
func (l *lookers) among(all []people.Person) []people.Person {
	l.mu.Lock()
	list := l.list
	l.mu.Unlock()
	for _, p := range list {
		if i := slices.IndexFunc(all, func(o people.Person) bool { return o.ID == p.ID }); i >= 0 {
			all[i] = p
		} else {
			all = append(all, p)
		}
	}
	if len(list) > 0 {
		order.By(all, func(a, b people.Person) int {
			return cmp.Or(cmp.Compare(a.SortName(), b.SortName()), cmp.Compare(a.ID, b.ID))
		})
	}
	return all
}

// seen returns how often the list changed, as part of a revision.
func (l *lookers) seen() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changes << 40
}
