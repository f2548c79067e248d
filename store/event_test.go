// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/events"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// told returns the types, things and authors of the events after a number, and the last number.
func told(t *testing.T, db *store.DB, after int64) (list []string, last int64) {
	t.Helper()
	err := db.Events().Update(context.Background(), func(tx events.Tx) error {
		_, err := tx.NumberEvents(1000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	last = after
	err = db.Events().View(context.Background(), func(tx events.Tx) error {
		all, err := tx.EventsAfter(after, time.Unix(1, 0), 1000)
		list = nil
		for _, e := range all {
			list, last = append(list, fmt.Sprintf("%s %s %s by %s", e.Type, e.Thing, e.Person, e.By)), e.Number
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, last
}

// TestEvents: a change tells its event with who did it, once in a transaction; what was
// undone tells nothing; what a thing was decides what is told of it.
func TestEvents(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := storetest.Tenant(t, setting)
		_, last := told(t, db, 0)
		ann := people.Person{ID: "ann", GivenName: "Ann", FamilyName: "Arbor", Active: true}
		team := people.Team{ID: "team", Name: "Team"}
		save := func(steps ...func(tx leave.Tx) error) error {
			ctx := people.Acting(context.Background(), "boss")
			return db.Leave().Update(ctx, func(tx leave.Tx) error {
				for _, f := range steps {
					if err := f(tx); err != nil {
						return err
					}
				}
				return nil
			})
		}
		person := func(tx leave.Tx) error { return tx.SavePerson(ann) }
		cases := []struct {
			name  string
			steps []func(leave.Tx) error
			want  []string
		}{
			{"added", []func(leave.Tx) error{person, person}, []string{"person.added ann ann by boss"}},
			{"changed", []func(leave.Tx) error{person}, []string{"person.changed ann ann by boss"}},
			{"roles", []func(leave.Tx) error{func(tx leave.Tx) error { ann.Roles = people.Administrator; return tx.SavePerson(ann) }},
				[]string{"person.roles_changed ann ann by boss"}},
			{"undone", []func(leave.Tx) error{person, func(leave.Tx) error { return errors.New("no") }}, nil},
			{"several", []func(leave.Tx) error{func(tx leave.Tx) error { team.Members = []people.ID{"ann"}; return tx.SaveTeam(team) },
				func(tx leave.Tx) error {
					return tx.SaveEmployment(people.Employment{ID: "e", Person: "ann", From: 20000})
				}},
				[]string{"team.added team  by boss", "person.employment.added e ann by boss"}},
			{"removed", []func(leave.Tx) error{func(tx leave.Tx) error { return tx.DeleteTeam("team") }, func(tx leave.Tx) error { return tx.DeleteEmployment("e") }},
				[]string{"team.removed team  by boss", "person.employment.removed e ann by boss"}},
			{"nothing there", []func(leave.Tx) error{func(tx leave.Tx) error { return tx.DeleteTeam("team") }}, nil},
			{"settings", []func(leave.Tx) error{func(tx leave.Tx) error {
				return tx.SaveSettings(people.Settings{Name: "Acme", Language: "en", Accent: "#0f766e"})
			}},
				[]string{"settings.changed   by boss"}},
		}
		for _, c := range cases {
			if err := save(c.steps...); err != nil && c.want != nil {
				t.Fatal(c.name, err)
			}
			var got []string
			got, last = told(t, db, last)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(c.name, diff)
			}
		}
	})
}

// TestEventsInOrder: whoever reads events while many write hears of each change once,
// and never of one with a smaller number than one they have heard of.
func TestEventsInOrder(t *testing.T) {
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		db := storetest.Tenant(t, setting)
		const writers, each = 6, 10
		var work sync.WaitGroup
		for w := range writers {
			work.Go(func() {
				for i := range each {
					err := db.Leave().Update(context.Background(), func(tx leave.Tx) error {
						return tx.SavePackage(leave.Package{ID: fmt.Sprint(w, "-", i), Name: fmt.Sprint(w, "-", i)})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { work.Wait(); close(done) }()
		seen, last := map[string]int{}, int64(0)
		for more := true; more; {
			select {
			case <-done:
				more = false
			default:
			}
			var list []string
			list, last = told(t, db, last)
			for _, e := range list {
				seen[e]++
			}
		}
		if len(seen) != writers*each {
			t.Errorf("%d changes were heard of, want %d", len(seen), writers*each)
		}
		for e, n := range seen {
			if n != 1 {
				t.Errorf("%s was heard %d times", e, n)
			}
		}
	})
}

// TestEventsForgotten: what is older than asked for goes, and only once it has a number.
func TestEventsForgotten(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := storetest.Tenant(t, setting)
		ctx := context.Background()
		save := func(id string) {
			if err := db.Leave().Update(ctx, func(tx leave.Tx) error { return tx.SavePackage(leave.Package{ID: id, Name: id}) }); err != nil {
				t.Fatal(err)
			}
		}
		forget := func(before time.Time) {
			if err := db.Events().Update(ctx, func(tx events.Tx) error { return tx.ForgetEvents(before, 10) }); err != nil {
				t.Fatal(err)
			}
		}
		save("a")
		told(t, db, 0)
		save("b")
		forget(time.Now().Add(time.Hour))
		list, _ := told(t, db, 0)
		if diff := cmp.Diff([]string{"package.added b  by "}, list); diff != "" {
			t.Error(diff)
		}
	})
}

// TestEventsTidied: where nobody asks for events, those that are older than they are kept for go too, a day
// later at most, and none that is not, or under a legal hold.
func TestEventsTidied(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := storetest.Tenant(t, setting)
		ctx := context.Background()
		for _, id := range []string{"a", "b"} {
			if err := db.Leave().Update(ctx, func(tx leave.Tx) error { return tx.SavePackage(leave.Package{ID: id, Name: id}) }); err != nil {
				t.Fatal(err)
			}
		}
		held := true
		later := func(after time.Duration) {
			s := &events.Service{Store: db.Events(), Held: func() bool { return held }, Now: func() time.Time { return time.Now().Add(after) }}
			if waiting, err := s.Dispatch(ctx); err != nil || len(waiting) > 0 {
				t.Fatalf("dispatch: %v, %v", waiting, err)
			}
		}
		has := func() (found bool) {
			err := db.Events().View(ctx, func(tx events.Tx) (err error) {
				found, err = tx.HasEvents(time.Now().Add(time.Hour))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		if later(events.Kept + 400*24*time.Hour); !has() {
			t.Error("they are gone under a legal hold")
		}
		held = false
		if later(events.Kept + time.Hour); !has() {
			t.Error("they are gone within the day")
		}
		if later(events.Kept + 25*time.Hour); has() {
			t.Error("they are there after 91 days")
		}
	})
}
