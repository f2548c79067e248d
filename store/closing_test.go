// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/store"
	"verlof/store/storetest"
)

var last2025 = leave.YearPick{To: calendar.MustParse("2025-12-31")}

// adjusts writes a line into somebody's balance.
func (b *bureau) adjusts(id string, who int, on string, amount int64) {
	b.Helper()
	update(b.T, b.db, func(tx *store.Tx) error {
		return tx.SaveAdjustment(leave.Adjustment{ID: id, Person: worker(who), Type: storetest.Holiday, Date: calendar.MustParse(on),
			Amount: exact.Int(amount), Reason: "because", By: storetest.Admin, At: 1})
	})
}

// closes reviews and closes leave years.
func (b *bureau) closes(pick leave.YearPick) leave.ClosingAct {
	b.Helper()
	b.now = b.now.Add(time.Minute)
	r, err := b.YearReview(b.Context(), storetest.Admin, pick)
	if err != nil {
		b.Fatal(err)
	}
	act, err := b.CloseYear(b.Context(), storetest.Admin, pick, r.Mark)
	if err != nil {
		b.Fatal(err)
	}
	return act
}

// balance fails unless somebody has so much on a day, in the overview too.
func (b *bureau) balance(who int, on, want string) leave.Statement {
	b.Helper()
	at := calendar.MustParse(on)
	s, err := b.Statement(b.Context(), storetest.Admin, worker(who), storetest.Holiday, at)
	if err != nil || s.Balance.String() != want {
		b.Errorf("on %s %s has %s (%v), want %s", on, worker(who), s.Balance, err, want)
	}
	all, err := b.Overview(b.Context(), storetest.Admin, at, "")
	if err != nil {
		b.Fatal(err)
	}
	for _, x := range all.Lines {
		if x.Person.ID == worker(who) && x.Totals != s.Totals() {
			b.Errorf("on %s the overview has %+v, the statement %+v", on, x.Totals, s.Totals())
		}
	}
	return s
}

// TestCloseYear: an administrator reviews and closes a leave year. Its figures stay, what
// is entered later is corrected in the open one, and opening it again takes that back.
func TestCloseYear(t *testing.T) {
	each(t, func(b *bureau) {
		ctx, admin := b.Context(), storetest.Admin
		waits := leave.Request{ID: "w", Person: worker(1), Type: storetest.Holiday, Span: leave.Span{From: last2025.To, To: last2025.To},
			State: leave.Pending, AskedBy: worker(1), AskedAt: 1}
		update(t, b.db, func(tx *store.Tx) error { return tx.InsertRequest(waits) })

		r, err := b.YearReview(ctx, admin, last2025)
		if err != nil {
			b.Fatal(err)
		}
		if r.Counts[leave.YearReady] != 7 || r.Counts[leave.YearWaits] != 1 || len(r.Loose) != 1 || r.Loose[0].Request.ID != "w" || r.People != 8 {
			b.Errorf("review: %v of %d people, loose %v", r.Counts, r.People, r.Loose)
		}
		_, err = b.YearReview(ctx, worker(0), last2025)
		b.refused(errs.Forbidden, err)
		_, err = b.CloseYear(ctx, worker(0), last2025, r.Mark)
		b.refused(errs.Forbidden, err)
		_, err = b.CloseYear(ctx, admin, leave.YearPick{To: calendar.MustParse("2026-12-31")}, r.Mark)
		b.refused(errs.Conflict, err)
		b.adjusts("a", 0, "2025-05-01", 2)
		_, err = b.CloseYear(ctx, admin, last2025, r.Mark) // the figures are others
		b.refused(errs.Conflict, err)

		act := b.closes(last2025)
		if act.People != 7 || act.Accounts != 7 {
			b.Errorf("%d leave years of %d people closed, want 7 of 7", act.Accounts, act.People)
		}
		b.adjusts("b", 0, "2025-06-02", -3)
		b.adjusts("c", 1, "2025-06-02", -3)
		s := b.balance(0, "2025-12-31", "27")
		if s.Closed == nil || s.Closed.By != admin {
			b.Errorf("closed by %+v", s.Closed)
		}
		b.balance(0, "2025-08-01", "27")
		b.balance(1, "2025-12-31", "21") // what waits counts
		s = b.balance(0, "2026-01-01", "25")
		if !s.Corrected.Equal(exact.Int(-3)) || !s.Carried.Equal(exact.Int(3)) {
			b.Errorf("%s came over, corrected by %s", s.Carried, s.Corrected)
		}

		_, err = b.CloseYear(ctx, admin, last2025, "")
		b.refused(errs.Conflict, err)
		_, err = b.ReopenYear(ctx, admin, last2025, " ")
		b.refused(errs.Invalid, err)
		_, err = b.ReopenYear(ctx, worker(0), last2025, "wrong")
		b.refused(errs.Forbidden, err)
		b.now = b.now.Add(time.Minute)
		one := last2025
		one.Person = worker(0)
		if act, err = b.ReopenYear(ctx, admin, one, "entered too late"); err != nil || act.People != 1 {
			b.Errorf("%+v, %v", act, err)
		}
		b.balance(0, "2025-12-31", "24")
		if s = b.balance(0, "2026-01-01", "25"); !s.Corrected.IsZero() {
			b.Errorf("corrected by %s, though nothing is closed", s.Corrected)
		}
		_, err = b.ReopenYear(ctx, admin, one, "again")
		b.refused(errs.Conflict, err)
		b.closes(one)
		b.balance(0, "2025-12-31", "24")

		all, err := b.Years(ctx, admin)
		if err != nil {
			b.Fatal(err)
		}
		if all[0].State() != leave.YearRuns || all[1].State() != leave.YearWaits || all[1].Counts[leave.YearClosed] != 7 || all[1].Last.Kind != leave.Closes {
			b.Errorf("years: %+v", all[:2])
		}
		if r, err = b.YearReview(ctx, admin, last2025); err != nil || len(r.Acts) != 3 || r.Acts[1].Reason != "entered too late" {
			b.Errorf("on record: %+v, %v", r.Acts, err)
		}
	})
}

// TestYearStays: leave that may be taken until a later day than its leave year neither goes over nor
// ends with it, and is told of as what stays, so that the figures add up.
func TestYearStays(t *testing.T) {
	each(t, func(b *bureau) {
		long := leave.Adjustment{ID: "long", Person: worker(0), Type: storetest.Holiday, Date: calendar.MustParse("2026-02-02"), Amount: exact.Int(2),
			Until: calendar.MustParse("2027-10-31"), Reason: "An award", By: storetest.Admin, At: 1}
		update(b.T, b.db, func(tx *store.Tx) error { return tx.SaveAdjustment(long) })
		r, err := b.YearReview(b.Context(), storetest.Admin, leave.YearPick{To: calendar.MustParse("2026-12-31"), Person: worker(0)})
		if err != nil || len(r.Lines) == 0 {
			b.Fatalf("%d lines, %v", len(r.Lines), err)
		}
		x := &r.Lines[0]
		if got := x.Stays(); !got.Equal(exact.Int(2)) || !x.Over.Add(x.Ends).Add(got).Equal(x.Balance) {
			b.Errorf("of %s left %s goes over, %s ends and %s stays, want 2", x.Balance, x.Over, x.Ends, got)
		}
		if sum := r.Sums[0].Stays(); !sum.Equal(exact.Int(2)) {
			b.Errorf("of everybody %s stays", sum)
		}
	})
}

// TestOlderYear: closing a leave year closes what lies before it, and a year before a
// closed one is not opened by itself.
func TestOlderYear(t *testing.T) {
	each(t, func(b *bureau) {
		before := leave.YearPick{To: calendar.MustParse("2024-12-31"), Person: worker(0)}
		b.closes(before)
		b.closes(last2025)
		_, err := b.ReopenYear(b.Context(), storetest.Admin, before, "wrong")
		b.refused(errs.Conflict, err)
		for _, who := range []int{0, 1} {
			if s := b.balance(who, "2023-06-01", "25"); s.Closed == nil {
				b.Errorf("2023 of %s is open", worker(who))
			}
		}
	})
}

// TestClosingsAreKept: a closing is read as it was written, with what it keeps where that
// is wanted.
func TestClosingsAreKept(t *testing.T) {
	each(t, func(b *bureau) {
		b.adjusts("a", 0, "2025-05-01", 2)
		b.closes(last2025)
		err := b.db.View(b.Context(), func(tx *store.Tx) error {
			own, err := tx.Closings(worker(0))
			if err != nil {
				return err
			}
			all, err := tx.AllClosings(last2025.To)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(own, all[worker(0)]); diff != "" || len(all) != 8 {
				b.Errorf("%d people; of one alone and of all:\n%s", len(all), diff)
			}
			bare, err := tx.AllClosings(last2025.To + 1)
			if err != nil {
				return err
			}
			head := own[0]
			head.Kept = nil
			if diff := cmp.Diff([]leave.Closing{head}, bare[worker(0)]); diff != "" || len(own[0].Kept.Lines) == 0 {
				b.Errorf("%d lines; (-want +got):\n%s", len(own[0].Kept.Lines), diff)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	})
}
