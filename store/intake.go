// SPDX-License-Identifier: Apache-2.0

package store

import (
	"slices"

	"verlof/leave"
	"verlof/people"
)

// LockPersons is LockPerson for each of ids, in one order whatever theirs is.
func (tx *Tx) LockPersons(ids []people.ID) error {
	return forEach(slices.Sorted(slices.Values(ids)), tx.LockPerson)
}

// SavePersons is SavePerson for each.
func (tx *Tx) SavePersons(list []people.Person) error { return forEach(list, tx.SavePerson) }

// SaveEmployments is SaveEmployment for each.
func (tx *Tx) SaveEmployments(list []people.Employment) error {
	return forEach(list, tx.SaveEmployment)
}

// SaveContracts is SaveContract for each.
func (tx *Tx) SaveContracts(list []people.Contract) error { return forEach(list, tx.SaveContract) }

// InsertRequests is InsertRequest for each.
func (tx *Tx) InsertRequests(list []leave.Request) error { return forEach(list, tx.InsertRequest) }

// forEach runs f until one fails.
func forEach[T any](list []T, f func(T) error) error {
	for _, v := range list {
		if err := f(v); err != nil {
			return err
		}
	}
	return nil
}
