// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestRecords: everybody stands in the order of names whatever the case, and
// everybody's lines in the order of time, in whichever order they were saved.
func TestRecords(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 0, 25)
		on := calendar.MustParse
		update(t, db, func(tx *store.Tx) error {
			for _, p := range []people.Person{{ID: "1", FamilyName: "de Boer", GivenName: "Zoë"}, {ID: "2", FamilyName: "De Boer", GivenName: "Ana"},
				{ID: "3", FamilyName: "Adams"}} {
				if err := tx.SavePerson(p); err != nil {
					return err
				}
			}
			for _, from := range []string{"2025-01-01", "2021-01-01", "2023-01-01"} {
				if err := tx.SaveEmployment(people.Employment{ID: from, Person: "3", From: on(from), To: on(from).AddDays(90)}); err != nil {
					return err
				}
				if err := tx.SaveContract(people.Contract{ID: from, Person: "3", From: on(from), Pattern: "full", Package: "all"}); err != nil {
					return err
				}
			}
			return nil
		})
		var names, lines []string
		err := db.View(context.Background(), func(tx *store.Tx) error {
			all, err := tx.Records()
			for _, r := range all {
				names = append(names, r.Person.Name())
				if r.Person.ID != "3" {
					continue
				}
				for i := range r.Employments {
					lines = append(lines, r.Employments[i].From.String(), r.Contracts[i].From.String())
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"Adams", "Ana De Boer", "Zoë de Boer", "admin Example", "boss Example"}, names); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"2021-01-01", "2021-01-01", "2023-01-01", "2023-01-01", "2025-01-01", "2025-01-01"}, lines); diff != "" {
			t.Error(diff)
		}
	})
}
