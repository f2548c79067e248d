// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"errors"
	"fmt"
	"testing"

	"verlof/calendar"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestReadMeanwhile: an update that reads everybody, all teams and all locations while some come
// is not hurt by who comes between two of its statements.
func TestReadMeanwhile(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 1, 25)
		from := calendar.MustParse("2026-01-01")
		come := make(chan error, 1)
		go func() {
			var failed error
			for i := 0; i < 60 && failed == nil; i++ {
				id := fmt.Sprintf("n%d", i)
				place := people.Location{ID: id, Name: id, Region: "NL", TimeZone: "Europe/Amsterdam", Sets: []string{id}}
				p := people.Person{ID: people.ID(id), GivenName: id, FamilyName: id, Active: true}
				failed = db.Update(t.Context(), func(tx *store.Tx) error {
					return errors.Join(tx.SavePerson(p), tx.SaveEmployment(people.Employment{ID: id, Person: p.ID, From: from}),
						tx.SaveHolidaySet(people.HolidaySet{ID: id, Name: id}), tx.SaveLocation(place),
						tx.SaveTeam(people.Team{ID: id, Name: id, Members: []people.ID{p.ID}, Managers: []people.ID{storetest.Boss}}))
				})
			}
			come <- failed
		}()
		for {
			err := db.Update(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Records()
				if err == nil {
					_, err = tx.Teams()
				}
				if err == nil {
					_, err = tx.Locations()
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			select {
			case err := <-come:
				if err != nil {
					t.Error(err)
				}
				return
			default:
			}
		}
	})
}
