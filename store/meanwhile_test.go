// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
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

// TestCloseMeanwhile: leave years that are to be closed while the rules change are not closed by those from before, of which
// nobody can say so afterwards.
func TestCloseMeanwhile(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx := t.Context()
		db := customer(t, setting, 1, 25)
		s := &leave.Service{Store: db.Leave(), Now: func() time.Time { return noon }}
		pick := leave.YearPick{To: calendar.MustParse("2025-12-31")}
		review, err := s.YearReview(ctx, storetest.Admin, pick)
		if err != nil || len(review.Lines) == 0 {
			t.Fatalf("%d lines, %v", len(review.Lines), err)
		}
		var changed sync.WaitGroup
		holds := make(chan struct{}, 1)
		changed.Go(func() {
			err := db.Update(ctx, func(tx *store.Tx) error {
				policies, err := tx.Policies()
				if err != nil {
					return err
				}
				for _, p := range policies {
					p.Terms.Amount = exact.Int(30)
					err = errors.Join(err, tx.LockPerson(storetest.Worker(0)), tx.SavePolicy(p))
				}
				select {
				case holds <- struct{}{}:
					time.Sleep(300 * time.Millisecond) // in which the year is begun to be closed
				default:
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		<-holds
		if _, err := s.CloseYear(ctx, storetest.Admin, pick, review.Mark); !errs.Is(err, errs.Conflict) {
			t.Errorf("closed by the rules from before: %v", err)
		}
		changed.Wait()
	})
}
