// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestCustomRoles: roles are kept as they were saved, by name, and no two have one name; who
// holds one holds it after reading again; each change is one of the revision.
func TestCustomRoles(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 0, 25)
		hr := people.Role{ID: "2", Name: "HR", About: "of two teams", Rights: people.Set(people.DecideLeave, people.KeepBalances), Teams: []string{"sales", "support"}}
		all := people.Role{ID: "1", Name: "Readers", Rights: people.Set(people.SeeReports), Everybody: true}
		before := revision(t, db)
		update(t, db, func(tx *store.Tx) error {
			if err := tx.SaveCustomRole(all); err != nil {
				return err
			}
			if err := tx.SaveCustomRole(hr); err != nil {
				return err
			}
			return tx.SavePerson(people.Person{ID: "zoe", FamilyName: "Zoe", Active: true, Roles: people.Payroll | people.Auditor, Custom: []string{"1", "2"}})
		})
		if revision(t, db) == before {
			t.Error("a role was saved and nobody reads again")
		}
		hr.About, hr.Everybody, hr.Teams = "of everybody", true, nil
		update(t, db, func(tx *store.Tx) error { return tx.SaveCustomRole(hr) })
		read(t, db, func(tx *store.Tx) error {
			roles, err := tx.CustomRoles()
			if diff := cmp.Diff([]people.Role{hr, all}, roles); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			p, err := tx.Person("zoe")
			if p.Roles != people.Payroll|people.Auditor || !cmp.Equal(p.Custom, []string{"1", "2"}) {
				t.Errorf("holds %+v", p)
			}
			return err
		})
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			return tx.SaveCustomRole(people.Role{ID: "3", Name: "HR", Rights: people.Set(people.SeeAway), Everybody: true})
		})
		if e := errs.As(err); e == nil || e.Kind != errs.Conflict || e.Field != "name" {
			t.Error("the same name twice:", err)
		}
		update(t, db, func(tx *store.Tx) error { return tx.DeleteCustomRole("1") })
		read(t, db, func(tx *store.Tx) error {
			roles, err := tx.CustomRoles()
			if diff := cmp.Diff([]people.Role{hr}, roles); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}

func read(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.View(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func revision(t *testing.T, db *store.DB) (n int64) {
	t.Helper()
	read(t, db, func(tx *store.Tx) (err error) { n, err = tx.Revision(); return err })
	return n
}
