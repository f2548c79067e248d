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
// everybody's lines in the order of time, in whichever order they were saved. A line without
// a location is of the person's.
func TestRecords(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 0, 25)
		on := calendar.MustParse
		update(t, db, func(tx *store.Tx) error {
			if err := tx.SaveLocation(people.Location{ID: "there", Name: "There", TimeZone: "UTC"}); err != nil {
				return err
			}
			for _, p := range []people.Person{{ID: "1", FamilyName: "de Boer", GivenName: "Zoë"}, {ID: "2", FamilyName: "De Boer", GivenName: "Ana"},
				{ID: "3", FamilyName: "Adams", Location: "here"}} {
				if err := tx.SavePerson(p); err != nil {
					return err
				}
			}
			for _, from := range []string{"2025-01-01", "2021-01-01", "2023-01-01"} {
				if err := tx.SaveEmployment(people.Employment{ID: from, Person: "3", From: on(from), To: on(from).AddDays(90)}); err != nil {
					return err
				}
				line := people.Contract{ID: from, Person: "3", From: on(from), Pattern: "full", Package: "all"}
				if from != "2025-01-01" { // as the program of the release before writes it
					line.Location = "there"
				}
				if err := tx.SaveContract(line); err != nil {
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
					lines = append(lines, r.Employments[i].From.String(), r.Contracts[i].From.String(), r.Contracts[i].Location)
				}
				one, err := tx.Record("3")
				if diff := cmp.Diff(r, one); diff != "" || err != nil {
					t.Error(err, diff)
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
		if diff := cmp.Diff([]string{"2021-01-01", "2021-01-01", "there", "2023-01-01", "2023-01-01", "there", "2025-01-01", "2025-01-01", "here"}, lines); diff != "" {
			t.Error(diff)
		}
	})
}
