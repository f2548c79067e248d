// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// keeping is a customer whose people's leave is changed in every way there is.
type keeping struct {
	*testing.T
	db, other *store.DB // the same file, as another process has it
	mu        sync.Mutex
	n         int // of things made
	requests  []leave.Request
	claims    []leave.Claim
	reports   []leave.SickReport
	notices   []leave.Notice
}

const keepers = 4

func anybody() people.ID { return storetest.Worker(rand.IntN(keepers)) }

// someDay returns a day of 2026.
func someDay() calendar.Date { return calendar.MustParse("2026-01-05").AddDays(rand.IntN(300)) }

// id returns an id that nothing has.
func (k *keeping) id() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.n++
	return fmt.Sprintf("x%d", k.n)
}

// one returns one of a list, and whether there is any.
func one[T any](k *keeping, list *[]T) (x T, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(*list) > 0 {
		x, ok = (*list)[rand.IntN(len(*list))], true
	}
	return x, ok
}

// made adds to a list what was made.
func made[T any](k *keeping, list *[]T, x T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	*list = append(*list, x)
}

// acts are changes of what is known of people, by what they do. What one makes in an update that is
// undone is not there: the act on it does nothing, or is refused, and that is fine too.
var acts = map[string]func(*keeping, *store.Tx) error{
	"ask": func(k *keeping, tx *store.Tx) error {
		from := someDay()
		r := leave.Request{ID: k.id(), Person: anybody(), Type: storetest.Holiday, Span: leave.Span{From: from, To: from.AddDays(rand.IntN(3))},
			State: []leave.State{leave.Pending, leave.Approved, leave.Refused}[rand.IntN(3)], Note: "away", AskedBy: storetest.Boss, AskedAt: 5,
			Charges: []leave.Charge{{Date: from, Minutes: 480, Days: exact.Int(1)}, {Date: from.AddDays(1), Minutes: 100, Days: exact.New(5, 24)}}}
		if rand.IntN(3) == 0 {
			r.Substitutes = []leave.Substitute{{Person: storetest.Boss, By: storetest.Admin, At: 7}}
		}
		if rand.IntN(4) == 0 {
			r.Span.First = calendar.Portion{Kind: calendar.Morning}
		}
		made(k, &k.requests, r)
		return tx.InsertRequest(r)
	},
	"decide": func(k *keeping, tx *store.Tx) error {
		r, ok := one(k, &k.requests)
		if !ok {
			return nil
		}
		r.State = []leave.State{leave.Pending, leave.Approved, leave.Cancelled, leave.Withdrawn}[rand.IntN(4)]
		r.Corrections = []leave.Correction{{Date: r.From, Minutes: -60, Days: exact.New(-1, 8), Cause: leave.Cause("pattern"), On: r.From}}
		return tx.UpdateRequest(r)
	},
	"adjust": func(k *keeping, tx *store.Tx) error {
		return tx.SaveAdjustment(leave.Adjustment{ID: k.id(), Person: anybody(), Type: storetest.Holiday, Date: someDay(), Amount: exact.New(3, 7), Reason: "so", By: storetest.Admin, At: 1})
	},
	"fix": func(k *keeping, tx *store.Tx) error {
		return tx.SaveFixed(leave.FixedEntitlement{ID: k.id(), Person: anybody(), Type: storetest.Holiday, Year: 2020 + rand.IntN(3), Amount: exact.Int(20), Reason: "so", By: storetest.Admin, At: 1})
	},
	"unfix": func(_ *keeping, tx *store.Tx) error {
		return tx.DeleteFixed(anybody(), storetest.Holiday, 2020+rand.IntN(3))
	},
	"claim": func(k *keeping, tx *store.Tx) error {
		c := leave.Claim{ID: k.id(), Person: anybody(), Kind: leave.ClaimKind("overtime"), Type: storetest.Holiday, Date: someDay(), Minutes: 60, Factor: 150, State: leave.Pending, AskedBy: storetest.Boss, AskedAt: 3}
		made(k, &k.claims, c)
		return tx.SaveClaim(c)
	},
	"settle": func(k *keeping, tx *store.Tx) error {
		c, ok := one(k, &k.claims)
		if !ok {
			return nil
		}
		c.State, c.DecidedBy, c.DecidedAt = leave.Approved, storetest.Boss, 9
		return tx.SaveClaim(c)
	},
	"sick": func(k *keeping, tx *store.Tx) error {
		r := leave.SickReport{Sickness: leave.Sickness{ID: k.id(), Person: anybody(), From: someDay()}, ReportedBy: storetest.Boss, ReportedAt: 3}
		made(k, &k.reports, r)
		return tx.SaveSickReport(r)
	},
	"recover": func(k *keeping, tx *store.Tx) error {
		r, ok := one(k, &k.reports)
		if !ok {
			return nil
		}
		r.To, r.Withdrawn = r.From.AddDays(2), rand.IntN(3) == 0
		r.Recovery = []leave.Recovery{{From: r.From, Percent: 50}}
		return tx.SaveSickReport(r)
	},
	"warn": func(k *keeping, tx *store.Tx) error {
		n := leave.Notice{ID: k.id(), Person: anybody(), Type: storetest.Holiday, Ends: someDay(), Amount: exact.Int(2), Rest: leave.Consequence("lost"), Proof: leave.Proof{By: storetest.Admin, At: 1}}
		made(k, &k.notices, n)
		if err := tx.InsertNotice(n); err != nil {
			return err
		}
		return tx.Enqueue("leave.notice", "leave.notice:"+n.ID, []byte("{}"))
	},
	"read": func(k *keeping, tx *store.Tx) error {
		if n, ok := one(k, &k.notices); ok {
			return tx.MarkRead(n.ID, 9)
		}
		return nil
	},
	"hire": func(k *keeping, tx *store.Tx) error {
		return tx.SavePerson(people.Person{ID: people.ID(k.id()), GivenName: "New", FamilyName: "Example", Location: "here", Active: true})
	},
}

var errUndo = errors.New("undo")

// update makes some changes in one transaction, reading before, between and after; one in four is undone.
func (k *keeping) update(db *store.DB) {
	err := db.Update(k.Context(), func(tx *store.Tx) error {
		for range 1 + rand.IntN(3) {
			if err := readAll(tx, rand.IntN(2) == 0); err != nil {
				return err
			}
			for _, act := range acts { // a map begins anywhere
				if err := act(k, tx); err != nil {
					return err
				}
				break
			}
		}
		if err := readAll(tx, true); err != nil {
			return err
		}
		if rand.IntN(4) == 0 {
			return errUndo
		}
		return nil
	})
	if err != nil && !errors.Is(err, errUndo) {
		k.Logf("update: %v", err) // on what an update that was undone would have made
	}
}

// readAll reads what is known of everybody, or of somebody: where it is kept the test reads it again and compares.
func readAll(tx *store.Tx, everybody bool) error {
	for i := range keepers {
		if id := storetest.Worker(i); everybody || rand.IntN(2) == 0 {
			_, err1 := tx.CountingRequests(id)
			_, err2 := tx.SicknessOf(id)
			_, err3 := tx.Adjustments(id)
			_, err4 := tx.Claims(id)
			_, err5 := tx.Fixed(id)
			_, err6 := tx.Notices(id)
			_, err7 := tx.Revision()
			if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
				return err
			}
		}
	}
	return nil
}

// mail has one notice be delivered, or come to nothing.
func (k *keeping) mail(delivered bool) {
	due, err := k.db.Outbox().Claim(k.Context(), time.Now().Add(time.Hour), time.Now().Add(2*time.Hour), 1)
	if err != nil || len(due) == 0 {
		k.Fatalf("no mail: %v", err)
	}
	if delivered {
		err = k.db.Outbox().End(k.Context(), due[0].ID, time.Now())
	} else {
		err = k.db.Outbox().GiveUp(k.Context(), due[0].ID, "no", time.Now())
	}
	if err != nil {
		k.Fatal(err)
	}
}

// TestKept: whatever is changed, by this process or by another, one after the other or at once, kept or undone, what is kept of people is what a
// reader finds; every statement that changes such a table has been tried.
func TestKept(t *testing.T) {
	db := customer(t, "sqlite:"+t.TempDir(), keepers, 25)
	other, err := store.Open(t.Context(), "sqlite:"+db.File())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	k := &keeping{T: t, db: db, other: other}
	for round := range 30 {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { k.update(db) })
		}
		all.Wait()
		if round%4 == 0 {
			k.update(other)
		}
		k.update(db)
	}
	for _, delivered := range []bool{true, false} {
		err := db.Update(t.Context(), func(tx *store.Tx) error { return acts["warn"](k, tx) })
		if err != nil {
			t.Fatal(err)
		}
		k.mail(delivered)
		k.update(db)
	}
	if never := db.Untried(); len(never) > 0 {
		t.Errorf("nobody has tried whether %v spoil what is kept", never)
	}
	err = db.Update(t.Context(), func(tx *store.Tx) error { return readAll(tx, true) })
	if err != nil {
		t.Fatal(err)
	}
	persons, room := db.Kept()
	if persons < keepers || room == 0 || store.KeptNow() < int64(room) {
		t.Errorf("%d bytes of %d people are kept, of %d", room, persons, store.KeptNow())
	}
	defer store.KeepAtMost(store.KeepAtMost(1))
	err = db.Update(t.Context(), func(tx *store.Tx) error { // what is read anew has no room
		return errors.Join(acts["adjust"](k, tx), readAll(tx, true))
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := db.Kept(); n > 1 {
		t.Errorf("what is known of %d people is kept beyond the bound", n)
	}
	if err := errors.Join(other.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	if store.KeptNow() != 0 {
		t.Errorf("%d bytes are kept of customers that are closed", store.KeptNow())
	}
}
